#include "agent/tracking/hook.h"

#include <iterator>

#include "agent/base/number.h"
#include "agent/base/word_list.h"
#include "agent/tracking/order.h"

namespace fieldpost {
namespace {

constexpr WordList kWords(
    "accepted\nqueued\npending\nsent\ndelivered\nread\nviewed\nplayed\nfailed\nundelivered\n");
constexpr State kMeanings[] = {State::queued,    State::queued, State::queued, State::sent,
                               State::delivered, State::read,   State::read,   State::read,
                               State::failed,    State::failed};
static_assert(kWords.size() == std::size(kMeanings));

// A string of digits, or a number; 0: neither.
UnixTime time_of(JsonView value) {
  std::uint64_t s = 0;
  std::string_view digits = text_of(value);
  if (take_number(digits, s)) return {digits.empty() ? s : 0};
  const std::int64_t number = value.integer().value_or(0);
  return {number > 0 ? static_cast<std::uint64_t>(number) : 0};
}

// `errors` as a list of objects, or `error` as one of them or in words.
void add_failure(JsonView hook, Said& said) {
  for (const JsonView error : hook.member("errors")) said.add_error(error);
  said.add_error(hook.member("error"));
  said.look_for_code();
}

}  // namespace

void add_hook(JsonView hook, Answer& answer, Said& said) {
  const auto word = hook.member("status").string();
  if (!word) return;
  const auto number = kWords.find(*word);
  if (!number) {
    if (answer.news == State::queued) said.forget(), said.add(*word);
    return;
  }
  const State told = kMeanings[*number];
  const UnixTime when = time_of(hook.member("timestamp"));
  // The first that says so.
  if (delivery_rank(told) >= delivery_rank(State::delivered) && when.s != 0 &&
      (answer.time.s == 0 || when < answer.time)) {
    answer.time = when;
  }
  if (delivery_rank(told) <= delivery_rank(answer.news)) return;
  answer.news = told;
  said.forget();
  if (told == State::failed) add_failure(hook, said);
  answer.code = said.code();
}

}  // namespace fieldpost
