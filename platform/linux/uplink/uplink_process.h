// The uplink process: owns the token and the TLS session, and carries out one exchange at a time.
//
// Plain blocking code under one deadline: a hang costs one child. Once it runs it opens no file; a
// connection that is kept is watched, so that its end is noticed before a request is put on it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "agent/base/log.h"
#include "agent/base/untouched.h"
#include "agent/http/answer_reader.h"
#include "agent/json/arena.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "agent/settings/address.h"
#include "agent/settings/settings.h"
#include "platform/linux/frames.h"
#include "platform/linux/uplink/dialer.h"
#include "platform/linux/uplink/plain_connection.h"
#include "platform/linux/uplink/resolver.h"
#include "platform/linux/uplink/tokens.h"
#include "platform/mbedtls/tls_connection.h"

namespace fieldpost {

// Sockets of frames; -1: there is no such neighbour.
struct UplinkEnds {
  int keeper = -1;      // prepare, go in; report out
  int supervisor = -1;  // name_servers, stop in
};

class UplinkProcess {
 public:
  UplinkProcess(const ApiSettings& settings, const UplinkEnds& ends, const Clock& clock,
                Entropy& entropy, const Log& log);
  UplinkProcess(const UplinkProcess&) = delete;
  UplinkProcess& operator=(const UplinkProcess&) = delete;
  ~UplinkProcess() { close_connection(); }

  // Reads tokens and roots from open files (the latter must stay open) and seeds the random
  // generator: after the fork, before the process gives up its rights. What is wrong with a file
  // ends up in the report of the next exchange, for that is where people look.
  //   io: no entropy, or no TLS.
  Status start(std::span<const int> token_files, int root_file);

  void set_name_servers(const NameServers& servers) { resolver_.set_name_servers(servers); }
  // A file that holds "name:password" for the proxy, and stays open; -1: there is none.
  void set_proxy_login(int file) { proxy_login_ = file; }

  // Until a neighbour is gone or the supervisor says stop.
  void run();

  // One exchange of this process's own, for which nobody has to prepare. Takes at most the
  // configured times for connecting and for an answer.
  //   io: there is no answer; `answer` says why.   full: it has no room here.
  Status exchange(const Request&, Answer& answer);
  // Of the last exchange that came to an answer, until the next one.
  std::string_view answer_body() const { return reader_.body(); }
  // Until when the server's certificate is good; 0 where there is none.
  UnixTime certificate_until() const { return tls_.certificate_until(); }
  // The token in use, for whoever has to keep it out of what is shown.
  std::string_view token() const { return tokens_.current(); }

  // One round: waits for a frame or for the connection to show something, at most until `deadline`.
  // False: it is over.
  bool round(Deadline deadline);

 private:
  bool take_in_keeper();
  bool take_in_supervisor();
  void prepare(std::uint32_t exchange);
  void go(const Request&);

  // A connection that is quiet, a new one where there is none.
  bool be_connected(Answer& answer);
  bool connect(Trouble&);
  // uplink_tunnel.cc: a connected socket, by the proxy where there is one.
  bool reach(Deadline, Trouble&);
  bool open_tunnel(Deadline, TextWriter& why_not);
  // Sends and reads; what came of it is in `report`.
  void carry_out(const Request&, UplinkReport& report);
  bool send_request(const Request&, Deadline, Answer&);
  bool read_answer_of(Connection&, Deadline, Answer&);
  void give_up_on(Answer&, Reason, PackedText words);
  bool never_left() const;

  Connection& connection() { return address_.secure ? static_cast<Connection&>(tls_) : plain_; }
  bool is_usable();
  void keep_for(Duration);
  void close_connection();
  void report(const UplinkReport&);

  const ApiSettings& settings_;
  UplinkEnds ends_;
  const Clock& clock_;
  const Log& log_;
  WebAddress address_;  // views into settings_
  int proxy_login_ = -1;
  Trouble not_ready_;  // what start() found wrong

  Tokens tokens_;
  Resolver resolver_;
  Dialer dialer_;
  RootStore roots_;
  Socket socket_;
  PlainConnection plain_;
  TlsConnection tls_;

  bool open_ = false;
  Instant idle_until_ = kNever;  // after which an open connection is no longer used
  bool kept_ = false;            // the last report said so
  bool prepared_ = false;
  std::uint32_t prepared_exchange_ = 0;

  Inbox<FrameKind::prepare, FrameKind::go> requests_;
  Inbox<FrameKind::name_servers, FrameKind::stop> orders_;
  http::AnswerReader reader_;
  static constexpr std::size_t kWireBytes =
      limits::request_head_bytes_max + limits::request_body_bytes_max;
  Untouched<char, kWireBytes> wire_;
  alignas(16) Untouched<std::byte, limits::json_arena_bytes> arena_room_;
  JsonArena arena_{{arena_room_.data(), limits::json_arena_bytes}};
};

}  // namespace fieldpost
