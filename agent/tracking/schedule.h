// When to ask what became of a message. Policy is arithmetic: the caller brings the age and the dice.
//
// News comes soon or late: the message is on a phone within seconds, or the phone is off for hours.
// So each wait is three times as long as the message is old: after 8 s, then half a minute, two
// minutes, eight, half an hour, two hours, and about every four hours; about a dozen questions on
// the first day.
#pragma once

#include <algorithm>
#include <cstdint>

#include "agent/base/time.h"

namespace fieldpost {

// Less than the 10 s for which a quiet connection is kept: the first question needs no new one.
inline constexpr Duration kFirstQuestion = 8_s;
inline constexpr Duration kQuestionsApart = 4_h;

// Up to a quarter less by the dice, 0 to 255: many devices that were switched on together must not
// ask together.
constexpr Duration question_wait(Duration age, std::uint8_t dice) {
  const Duration wait =
      std::clamp(Duration{3 * std::min(age, kQuestionsApart).ms}, kFirstQuestion, kQuestionsApart);
  return Duration{wait.ms - wait.ms / 4 * dice / 255};
}

// How much sooner than its time a question is put that finds the connection open: a third of its
// wait where waits grow, a quarter where they don't.
constexpr Duration question_leeway(Duration age) {
  return Duration{std::min(age, kQuestionsApart).ms / 4};
}

static_assert(question_wait(0_s, 0) == 8_s && question_wait(0_s, 255) == 6_s);
static_assert(question_wait(10_s, 0) == 30_s);
static_assert(question_wait(24_h, 0) == 4_h && question_wait(24_h, 255) == 3_h);
static_assert(question_wait(Duration{UINT64_MAX}, 0) == 4_h);
static_assert(question_leeway(4_min) == 1_min && question_leeway(24_h) == 1_h);

}  // namespace fieldpost
