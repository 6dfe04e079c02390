#include "agent/outcome/event.h"

#include <gtest/gtest.h>

#include "agent/outcome/table.h"

namespace fieldpost {
namespace {

// One row of the answer tables of the API: what came, and what must follow.
struct AnswerRow {
  const char* name;
  Reached reached;
  std::uint16_t http;
  bool parsed, sent, job_id, names_template;
  std::int32_t code;
  Event event;
  Reason reason;
};

constexpr auto kAll = Reached::all_of_it;
const AnswerRow kRows[] = {
    {"ConnectFailed_Defers", Reached::nothing, 0, false, false, false, false, 0, Event::defer,
     Reason::connect_failed},
    {"CutBeforeLastByte_Defers", Reached::part_of_it, 0, false, false, false, false, 0,
     Event::defer, Reason::connect_failed},
    {"Accepted", kAll, 200, true, true, false, false, 0, Event::accept, Reason::none},
    {"Accepted201", kAll, 201, true, true, false, false, 0, Event::accept, Reason::none},
    {"SilenceAfterRequest_IsLost", kAll, 0, false, false, false, false, 0, Event::lost,
     Reason::maybe_sent},
    {"Unparsed200_IsLost", kAll, 200, false, false, false, false, 0, Event::lost,
     Reason::maybe_sent},
    {"JobId_IsLost", kAll, 200, true, false, true, false, 0, Event::lost, Reason::pending_job},
    {"RefusedWithoutCode_IsHeld", kAll, 200, true, false, false, false, 0, Event::hold,
     Reason::refused_unspecified},
    {"RefusedUnknownCode_IsHeld", kAll, 200, true, false, false, false, 131000, Event::hold,
     Reason::refused_unspecified},
    {"PairRate_Defers", kAll, 200, true, false, false, false, 131056, Event::defer,
     Reason::backoff},
    {"ChannelRate_Defers", kAll, 200, true, false, false, false, 130429, Event::defer,
     Reason::rate_limited},
    {"LongWait_Defers", kAll, 200, true, false, false, false, 131049, Event::defer,
     Reason::backoff},
    {"AccountCode_ShutsOut", kAll, 200, true, false, false, false, 131031, Event::shut_out,
     Reason::channel_blocked},
    {"CredentialsCode_ShutsOut", kAll, 200, true, false, false, false, 190, Event::shut_out,
     Reason::token_refused},
    {"CredentialsRange_ShutsOut", kAll, 200, true, false, false, false, 299, Event::shut_out,
     Reason::token_refused},
    {"NeverAgain_GivesUp", kAll, 200, true, false, false, false, 131026, Event::give_up,
     Reason::recipient_unreachable},
    {"OptedOut_GivesUp", kAll, 200, true, false, false, false, 131050, Event::give_up,
     Reason::opted_out},
    {"TemplateMissingCode_WaitsForItsTemplate", kAll, 200, true, false, false, false, 132001,
     Event::defer, Reason::template_unknown},
    {"TemplateParamsCode_WaitsForItsTemplate", kAll, 400, true, false, false, true, 132000,
     Event::defer, Reason::template_mismatch},
    {"TemplatePausedCode_WaitsForItsTemplate", kAll, 200, true, false, false, false, 132015,
     Event::defer, Reason::template_paused},
    {"Http302_IsLost", kAll, 302, false, false, false, false, 0, Event::lost, Reason::maybe_sent},
    {"Http400_IsHeld", kAll, 400, true, false, false, false, 0, Event::hold,
     Reason::refused_unspecified},
    {"Http401_ShutsOut", kAll, 401, true, false, false, false, 0, Event::shut_out,
     Reason::token_refused},
    {"Http403Plain_ShutsOut", kAll, 403, false, false, false, false, 0, Event::shut_out,
     Reason::channel_blocked},
    {"Http404Address_ShutsOut", kAll, 404, true, false, false, false, 0, Event::shut_out,
     Reason::wrong_address},
    {"Http404Template_WaitsForItsTemplate", kAll, 404, true, false, false, true, 0, Event::defer,
     Reason::template_unknown},
    {"Http408_IsLost", kAll, 408, true, false, false, false, 0, Event::lost, Reason::maybe_sent},
    {"Http422_WaitsForItsTemplate", kAll, 422, true, false, false, false, 0, Event::defer,
     Reason::template_mismatch},
    {"Http429_Defers", kAll, 429, true, false, false, false, 0, Event::defer, Reason::rate_limited},
    {"Http500_IsLost", kAll, 500, true, false, false, false, 0, Event::lost, Reason::maybe_sent},
    {"Http503Html_IsLost", kAll, 503, false, false, false, false, 0, Event::lost,
     Reason::maybe_sent},
};

class AnswerTable : public testing::TestWithParam<AnswerRow> {};

TEST_P(AnswerTable, GivesTheDocumentedEvent) {
  const AnswerRow& row = GetParam();
  Answer answer;
  answer.reached = row.reached;
  answer.broken = row.reached == Reached::all_of_it ? Reason::none : Reason::connect_failed;
  answer.http = row.http;
  answer.parsed = row.parsed;
  answer.sent = row.sent;
  answer.job_id = row.job_id;
  answer.names_template = row.names_template;
  answer.code = row.code;
  EXPECT_EQ(verdict_of(answer).event, row.event);
  EXPECT_EQ(verdict_of(answer).reason, row.reason);
}

INSTANTIATE_TEST_SUITE_P(Rows, AnswerTable, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Event, AnyAnswerAfterTheWholeRequest_IsDeferredOnlyWhereTheApiSaysItDidNotTakeIt) {
  for (std::uint16_t http = 0; http < 600; ++http) {
    for (const bool parsed : {false, true}) {
      Answer answer;
      answer.reached = Reached::all_of_it;
      answer.http = http;
      answer.parsed = parsed;
      if (http == 429 || http == 422) continue;
      EXPECT_NE(verdict_of(answer).event, Event::defer) << http;
    }
  }
}

TEST(Table, OnlyQueuedCanBePicked) {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    EXPECT_EQ(next_state(state, Event::pick).has_value(), state == State::queued);
  }
}

TEST(Table, WhatMayHaveReachedTheCustomer_IsQueuedAgainByAPersonOrTheScenariosRuleOnly) {
  for (std::size_t i = 0; i < kEvents; ++i) {
    const auto event = static_cast<Event>(i);
    EXPECT_EQ(next_state(State::uncertain, event) == State::queued, event == Event::retry);
  }
}

TEST(Table, FinalStates_StayWhateverHappens) {
  for (std::size_t i = 0; i < kStates; ++i) {
    const auto state = static_cast<State>(i);
    if (!always_final(state)) continue;
    for (std::size_t k = 0; k < kEvents; ++k) {
      EXPECT_EQ(next_state(state, static_cast<Event>(k)).value_or(state), state);
    }
  }
}

}  // namespace
}  // namespace fieldpost
