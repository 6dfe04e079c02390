// An HTTP answer: its first byte says in how long pieces the rest comes, and with its highest bit that
// only the head is wanted.
#include <algorithm>
#include <memory>

#include "agent/http/answer_reader.h"
#include "tests/fakes/unpacked.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

using http::AnswerReader;
using State = AnswerReader::State;
constexpr UnixTime kNow{1'795'000'000};

// How many bytes it took, up to a whole piece.
std::size_t read(AnswerReader& reader, AnswerReader::Wanted wanted, std::string_view bytes,
                 std::size_t piece) {
  reader.start(kNow, wanted);
  std::size_t at = 0;
  while (reader.state() == State::more && at < bytes.size()) {
    const std::size_t length = std::min(piece, bytes.size() - at);
    reader.feed(bytes.substr(at, length));
    at += length;
  }
  if (reader.state() == State::more) reader.end();
  return at;
}

}  // namespace

std::string wrong_with_answer(std::string_view input) {
  if (input.empty()) return "";
  static const auto whole = std::make_unique<AnswerReader>();
  static const auto pieces = std::make_unique<AnswerReader>();
  const std::string_view bytes = input.substr(1);
  const auto first = static_cast<unsigned char>(input[0]);
  const auto wanted = first < 128 ? AnswerReader::Wanted::all : AnswerReader::Wanted::head;
  read(*whole, wanted, bytes, bytes.size() + 1);
  const std::size_t taken = read(*pieces, wanted, bytes, 1 + first % 64);

  if (whole->state() == State::more) return "neither an answer nor none after the end";
  if ((whole->fault() == http::AnswerFault::none) != (whole->state() == State::complete)) {
    return "a fault and an answer, or neither";
  }
  if (whole->state() != pieces->state()) return "in pieces it is another answer";
  if (whole->state() == State::refused) {
    return unpacked(to_text(whole->fault())).empty() ? "a refusal without words" : "";
  }
  if (whole->status() < 200 || whole->status() > 999) return "an interim status as the last one";
  if (whole->body().size() > limits::answer_body_bytes_max) return "a body beyond its bound";
  if (wanted == AnswerReader::Wanted::head && !whole->body().empty()) return "a body of a head";
  if (taken < bytes.size() && whole->may_reuse()) return "reused, though more came than was asked";
  if (whole->status() != pieces->status() || whole->body() != pieces->body() ||
      whole->content_type() != pieces->content_type() ||
      whole->retry_after_s() != pieces->retry_after_s() ||
      whole->keep_alive_timeout_s() != pieces->keep_alive_timeout_s()) {
    return "in pieces it says something else";
  }
  return "";
}

}  // namespace fieldpost::fuzz
