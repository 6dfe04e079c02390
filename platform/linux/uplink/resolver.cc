#include "platform/linux/uplink/resolver.h"

#include <errno.h>

#include <array>
#include <cstring>
#include <span>

#include "platform/linux/file.h"
#include "platform/linux/poll.h"
#include "platform/linux/uplink/dns_message.h"
#include "platform/linux/uplink/socket.h"

namespace fieldpost {
namespace {

constexpr Duration kNextServerAfter = 1_s;
// How long the second kind of address is waited for once the first is there: some name servers
// never answer AAAA at all.
constexpr Duration kGrace = 300_ms;
constexpr Duration kTcpPatience = 5_s;

constexpr std::size_t kKinds = 2;
constexpr std::array<dns::Kind, kKinds> kBothKinds = {dns::Kind::a, dns::Kind::aaaa};

// A question to one server: its own socket, so that the kernel picks a fresh port and lets only
// that server's answers through.
struct Query {
  Fd socket;
  std::uint16_t id = 0;
  bool dead = false;  // the server cannot be reached or will not say
};

class LookUp {
 public:
  LookUp(std::string_view host, const NameServers& servers, std::uint16_t port,
         std::string_view interface, const Clock& clock, Entropy& entropy, AddressList& found)
      : host_(host),
        servers_(servers),
        port_(port),
        interface_(interface),
        clock_(clock),
        entropy_(entropy),
        found_(found) {}
  LookUp(const LookUp&) = delete;
  LookUp& operator=(const LookUp&) = delete;

  Resolver::Outcome run(Deadline deadline) {
    Instant next_send = clock_.now();
    std::size_t server = 0;
    while (!done()) {
      const Instant now = clock_.now();
      if (deadline.passed(now)) break;
      if (now >= next_send || all_asked_are_dead()) {
        if (all_dead()) break;
        ask(server);
        server = (server + 1) % servers_.count;
        next_send = now + kNextServerAfter;
        continue;
      }
      Instant until = earlier(deadline.at, next_send);
      if (found_.count != 0) {
        grace_ = earlier(grace_, now + kGrace);
        if (now >= grace_) break;
        until = earlier(until, grace_);
      }
      wait_and_read(until, deadline);
    }
    if (found_.count != 0) return Resolver::Outcome::found;
    if (answered_[0] || answered_[1]) return Resolver::Outcome::no_such_name;
    return reached_ ? Resolver::Outcome::no_answer : Resolver::Outcome::no_server;
  }

 private:
  bool done() const { return answered_[0] && answered_[1]; }

  bool all_dead() const {
    for (std::size_t s = 0; s < servers_.count; ++s) {
      for (std::size_t k = 0; k < kKinds; ++k) {
        if (!answered_[k] && !queries_[s][k].dead) return false;
      }
    }
    return true;
  }
  // No open question is under way: there is nothing to wait for before the next server is asked.
  bool all_asked_are_dead() const {
    for (const auto& of_server : queries_) {
      for (std::size_t k = 0; k < kKinds; ++k) {
        if (!answered_[k] && of_server[k].socket.is_open() && !of_server[k].dead) return false;
      }
    }
    return true;
  }

  void ask(std::size_t server) {
    for (std::size_t k = 0; k < kKinds; ++k) {
      Query& query = queries_[server][k];
      if (!answered_[k] && !query.dead && !send(query, server, k)) query.dead = true;
    }
  }

  bool send(Query& query, std::size_t server, std::size_t kind) {
    if (!query.socket.is_open()) {
      sockaddr_storage peer;
      const socklen_t size = to_sockaddr(servers_.servers[server], port_, peer);
      std::array<std::byte, 2> id{};
      if (entropy_.fill(id) != Status::ok) return false;
      std::memcpy(&query.id, id.data(), sizeof query.id);
      query.socket = open_socket(servers_.servers[server], SOCK_DGRAM, interface_);
      if (!query.socket.is_open()) return false;
      if (::connect(query.socket.get(), reinterpret_cast<const sockaddr*>(&peer), size) != 0)
        return false;
    }
    const Result<std::size_t> size = dns::make_query(host_, kBothKinds[kind], query.id, room_);
    if (!size.ok()) return false;
    if (::send(query.socket.get(), room_.data(), size.value(), MSG_NOSIGNAL) < 0)
      return errno == EAGAIN;
    reached_ = true;
    return true;
  }

  void wait_and_read(Instant until, Deadline deadline) {
    std::array<pollfd, limits::name_servers_max * kKinds> waits;
    for (std::size_t i = 0; i < waits.size(); ++i) {
      const Query& query = queries_[i / kKinds][i % kKinds];
      const bool is_open = !answered_[i % kKinds] && !query.dead;
      waits[i] = {is_open ? query.socket.get() : -1, POLLIN, 0};
    }
    wait_for_any(waits, Deadline{until}, clock_);
    for (std::size_t i = 0; i < waits.size(); ++i) {
      if (waits[i].revents != 0) read(i / kKinds, i % kKinds, deadline);
    }
  }

  void read(std::size_t server, std::size_t kind, Deadline deadline) {
    Query& query = queries_[server][kind];
    const ssize_t got = ::recv(query.socket.get(), room_.data(), room_.size(), 0);
    if (got < 0) {
      // Port unreachable and the like: this server runs nowhere.
      if (errno != EAGAIN && errno != EINTR) query.dead = true;
      return;
    }
    std::span<const unsigned char> message(room_.data(), static_cast<std::size_t>(got));
    dns::Verdict verdict = dns::read_answer(message, host_, kBothKinds[kind], query.id, found_);
    if (verdict == dns::Verdict::truncated) {
      const std::size_t size = ask_over_tcp(server, kind, deadline);
      message = std::span<const unsigned char>(room_).first(size);
      verdict = dns::read_answer(message, host_, kBothKinds[kind], query.id, found_);
      // Over TCP there is no other answer to wait for.
      if (verdict == dns::Verdict::not_ours || verdict == dns::Verdict::truncated) {
        verdict = dns::Verdict::broken;
      }
    }
    switch (verdict) {
      case dns::Verdict::not_ours:
      case dns::Verdict::truncated: break;
      case dns::Verdict::broken: query.dead = true; break;
      case dns::Verdict::nothing:
      case dns::Verdict::found: answered_[kind] = true; break;
    }
  }

  // The whole answer in room_; its size, 0 where none came. RFC 7766.
  std::size_t ask_over_tcp(std::size_t server, std::size_t kind, Deadline deadline) {
    deadline.at = earlier(deadline.at, clock_.now() + kTcpPatience);
    Socket socket(clock_);
    if (socket.connect(servers_.servers[server], port_, interface_, deadline) != 0) return 0;
    const Result<std::size_t> size =
        dns::make_query(host_, kBothKinds[kind], queries_[server][kind].id,
                        std::span<unsigned char>(room_).subspan(2));
    if (!size.ok()) return 0;
    room_[0] = static_cast<unsigned char>(size.value() >> 8);
    room_[1] = static_cast<unsigned char>(size.value() & 0xff);
    const std::span<char> bytes(reinterpret_cast<char*>(room_.data()), room_.size());
    if (!transfer(socket, bytes.first(size.value() + 2), true, deadline)) return 0;
    if (!transfer(socket, bytes.first(2), false, deadline)) return 0;
    const std::size_t length = static_cast<std::size_t>(room_[0] << 8 | room_[1]);
    if (length > bytes.size()) return 0;  // more addresses than we would ever try
    return transfer(socket, bytes.first(length), false, deadline) ? length : 0;
  }

  static bool transfer(Socket& socket, std::span<char> bytes, bool out, Deadline deadline) {
    while (!bytes.empty()) {
      const Io io = out ? socket.send_now(bytes) : socket.receive_now(bytes);
      if (io.kind == Io::Kind::moved) {
        bytes = bytes.subspan(io.bytes);
      } else if (io.kind != Io::Kind::timeout ||
                 !(out ? socket.wait_writable(deadline) : socket.wait_readable(deadline))) {
        return false;
      }
    }
    return true;
  }

  std::string_view host_;
  const NameServers& servers_;
  std::uint16_t port_;
  std::string_view interface_;
  const Clock& clock_;
  Entropy& entropy_;
  AddressList& found_;
  std::array<std::array<Query, kKinds>, limits::name_servers_max> queries_{};
  std::array<bool, kKinds> answered_{};
  bool reached_ = false;  // at least one question could be sent off
  Instant grace_ = kNever;
  std::array<unsigned char, 4096> room_{};
};

bool is_localhost(std::string_view host) {
  constexpr std::string_view kName = "localhost";
  if (host.size() < kName.size()) return false;
  const std::string_view end = host.substr(host.size() - kName.size());
  for (std::size_t i = 0; i < kName.size(); ++i) {
    if ((end[i] | 0x20) != kName[i]) return false;
  }
  return host.size() == kName.size() || host[host.size() - kName.size() - 1] == '.';
}

}  // namespace

Resolver::Outcome Resolver::look_up(std::string_view host, Deadline deadline, AddressList& found) {
  found = {};
  if (host.ends_with('.')) host.remove_suffix(1);
  Address address;
  if (read_address(host, address)) {
    found.add(address);
    return Outcome::found;
  }
  if (is_localhost(host)) {
    for (const char* text : {"127.0.0.1", "::1"}) {
      if (read_address(text, address)) found.add(address);
    }
    return Outcome::found;
  }
  std::array<unsigned char, 512> room;
  if (!dns::make_query(host, dns::Kind::a, 0, room).ok()) return Outcome::no_such_name;
  if (servers_.count == 0) return Outcome::no_server;
  return LookUp(host, servers_, port_, interface_, clock_, entropy_, found).run(deadline);
}

}  // namespace fieldpost
