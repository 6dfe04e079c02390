// Reads the requests of local programs, one after the other on a connection (HTTP/1.1, RFC 9112),
// within fixed buffers. Bytes go where room() says:
//
//   while (reader.state() == more) { n = recv(fd, reader.room()); reader.received(n); }
//   complete → answer it, then next(), which may find the following request already here
//   refused  → answer refusal(), close
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/http/message_reader.h"
#include "agent/port/uplink.h"
#include "config/limits.h"

namespace fieldpost::http {

// What browsers say of who asks, and what proves it.
struct WebHeaders {
  FixedText<limits::origin_bytes_max> origin;
  FixedText<limits::origin_bytes_max> authorization;
  FixedText<16> fetch_site;   // Sec-Fetch-Site
  bool asks_method = false;   // Access-Control-Request-Method is there: a preflight
  bool asks_network = false;  // Access-Control-Request-Private-Network: true
};

class RequestReader final : public MessageReader {
 public:
  RequestReader() : MessageReader(body_, limits::local_head_bytes_max) { start(); }

  // Forgets everything: for a new connection.
  void start();
  // For whom browsers can reach: web() is kept instead of claim(), and OPTIONS known.
  void serve_web() { serves_web_ = true; }

  // Where the next bytes of the connection belong. Never empty while state() is `more`.
  std::span<char> room();
  // That many bytes have been put there.
  State received(std::size_t bytes);
  // The answer is out: on to the next request, whose bytes may be here already.
  // REQUIRES: state() is complete and keep_alive().
  State next();

  // Not one byte of a request has come: the connection is idle and may be closed at any time.
  bool idle() const { return state_ == State::more && !any_byte_; }
  // The client waits for "HTTP/1.1 100 Continue" before it sends the body: true once, then false.
  bool take_continue();

  // When refused: the status to answer with, and why, in a few words. The connection is to be
  // closed after it: where the next request begins is not known.
  std::uint16_t refusal() const { return refusal_; }
  PackedText refusal_words() const { return refusal_words_; }

  // When complete.
  Method method() const { return method_; }
  // The target as sent, with its query: "/v1/messages?limit=5". Starts with a slash.
  std::string_view path() const { return {target_.data(), target_bytes_}; }
  std::string_view body() const { return {body_.data(), body_bytes_}; }
  std::string_view host() const { return {host_.data(), host_bytes_}; }
  // In lower case and without its parameters; empty where none was given.
  std::string_view content_type() const { return {type_.data(), type_bytes_}; }
  bool is_options() const { return is_options_; }  // method() says nothing then
  const WebHeaders& web() const { return web_; }
  // Fieldpost-Source, where browsers cannot reach; empty where none was given.
  std::string_view claim() const { return serves_web_ ? "" : web_.origin.view(); }
  bool keep_alive() const { return keep_alive_; }
  // HTTP/1.0 knows no chunks: an answer without a length ends with the connection.
  bool takes_chunks() const { return minor_version_ != 0; }

 private:
  void start_request();
  State run();
  void refuse(Fault) override;
  void refuse(std::uint16_t status, PackedText words);
  using MessageReader::refused;
  int refused(std::uint16_t status, PackedText words);
  void target(std::string_view piece) override;
  void header() override;
  void header_of_who_asks();
  int head_complete(const llhttp__internal_s&) override;

  std::uint16_t refusal_ = 0;
  PackedText refusal_words_;
  bool serves_web_ = false;
  bool is_options_ = false;
  bool has_host_ = false;
  bool expects_continue_ = false;
  std::uint8_t minor_version_ = 0;
  Method method_ = Method::get;
  std::size_t target_bytes_ = 0;
  std::size_t host_bytes_ = 0;
  std::size_t type_bytes_ = 0;
  std::size_t input_from_ = 0;  // input_[from, to) has come and is not read yet
  std::size_t input_to_ = 0;
  std::array<char, limits::path_bytes_max> target_;
  std::array<char, HeaderLine::kValueBytesMax> host_;
  std::array<char, 48> type_;
  WebHeaders web_;
  std::array<char, 2048> input_;
  std::array<char, limits::local_body_bytes_max> body_;
};

}  // namespace fieldpost::http
