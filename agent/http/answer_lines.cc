#include "agent/http/answer_lines.h"

#include <llhttp.h>

#include <cstring>
#include <new>

namespace fieldpost::http {
namespace {

llhttp_t* parser_in(std::array<std::byte, 128>& room) {
  return std::launder(reinterpret_cast<llhttp_t*>(room.data()));
}

}  // namespace

struct AnswerLines::Callbacks {
  static AnswerLines& self(llhttp_t* parser) { return *static_cast<AnswerLines*>(parser->data); }

  static int headers_complete(llhttp_t* parser) {
    // Of another coding llhttp would give the bytes as they come.
    return (parser->flags & F_TRANSFER_ENCODING) != 0 && (parser->flags & F_CHUNKED) == 0 ? -1 : 0;
  }

  static int body(llhttp_t* parser, const char* at, std::size_t bytes) {
    return self(parser).add(parser->status_code, {at, bytes});
  }

  static int message_complete(llhttp_t* parser) {
    AnswerLines& r = self(parser);
    if (parser->status_code < 200) return 0;  // an interim answer; the real one follows
    if (r.used_ != 0) r.sink_.line(parser->status_code, {r.line_.data(), r.used_});
    r.state_ = State::complete;
    return HPE_PAUSED;
  }

  static constexpr llhttp_settings_t table() {
    llhttp_settings_t settings{};
    settings.on_headers_complete = headers_complete;
    settings.on_body = body;
    settings.on_message_complete = message_complete;
    return settings;
  }
  static const llhttp_settings_t kTable;
};
constexpr llhttp_settings_t AnswerLines::Callbacks::kTable = table();

AnswerLines::AnswerLines(LineSink& sink) : sink_(sink) {
  static_assert(sizeof(llhttp_t) <= sizeof(parser_));
  auto* const parser = ::new (parser_.data()) llhttp_t;
  llhttp_init(parser, HTTP_RESPONSE, &Callbacks::kTable);
  parser->data = this;
}

AnswerLines::State AnswerLines::feed(std::string_view bytes) {
  if (llhttp_execute(parser_in(parser_), bytes.data(), bytes.size()) != HPE_OK &&
      state_ == State::more) {
    state_ = State::refused;
  }
  return state_;
}

AnswerLines::State AnswerLines::end() {
  // Completes an answer that has no length.
  if (state_ == State::more) llhttp_finish(parser_in(parser_));
  if (state_ == State::more) state_ = State::refused;
  return state_;
}

// More of the body. 0: go on; or, as llhttp has it, something else.
int AnswerLines::add(std::uint16_t http, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view piece = text.substr(0, end);
    if (piece.size() > line_.size() - used_) return -1;
    std::memcpy(line_.data() + used_, piece.data(), piece.size());
    used_ += piece.size();
    if (end == text.npos) return 0;
    text.remove_prefix(end + 1);
    const bool wants_more = sink_.line(http, {line_.data(), used_});
    used_ = 0;
    if (wants_more) continue;
    state_ = State::complete;
    return -1;
  }
  return 0;
}

}  // namespace fieldpost::http
