// Both tables of answers in the notes about the API, row by row, from the bytes to the event.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "agent/outcome/event.h"
#include "agent/outcome/read_answer.h"

namespace fieldpost {
namespace {

struct Row {
  const char* name;
  Reached reached;
  std::uint16_t http;  // 0: nothing came back
  std::string_view body;
  Event event;
  Reason reason;
};

constexpr auto kAll = Reached::all_of_it;
constexpr std::string_view kPage = "<html><head><title>502 Bad Gateway</title></head></html>";

const Row kRows[] = {
    // What the API says.
    {"Accepted", kAll, 200,
     R"({"sent":true,"id":"wamid.A=+/","message":"Sent to 1","description":""})", Event::accept,
     Reason::none},
    {"AcceptedWithoutAnId", kAll, 200, R"({"sent":true})", Event::accept, Reason::none},
    {"RefusedWith200", kAll, 200, R"({"sent":false,"message":"no"})", Event::hold,
     Reason::refused_unspecified},
    {"RefusedWith200_SentAsText", kAll, 200, R"({"sent":"false","message":"no"})", Event::hold,
     Reason::refused_unspecified},
    {"RefusedWith200_ErrorAsText", kAll, 200, R"({"sent":false,"error":"no"})", Event::hold,
     Reason::refused_unspecified},
    {"RefusedWith200_ErrorAsObject", kAll, 200,
     R"({"sent":false,"error":{"message":"no","code":131026,"error_user_title":"t"}})",
     Event::give_up, Reason::recipient_unreachable},
    {"RefusedWith200_ErrorCode", kAll, 200, R"({"sent":false,"error":{"error_code":131026}})",
     Event::give_up, Reason::recipient_unreachable},
    {"RefusedWith200_Nested", kAll, 200,
     R"({"sent":false,"response":{"error":{"code":131026,"message":"no"}}})", Event::give_up,
     Reason::recipient_unreachable},
    {"QueuedWithAJobId", kAll, 200, R"({"sent":false,"jobId":"j-1","message":"Queued"})",
     Event::lost, Reason::pending_job},
    {"Http400", kAll, 400, R"({"error":"Bad request"})", Event::hold, Reason::refused_unspecified},
    {"Http400_UnknownTemplate", kAll, 400, R"({"error":"template is not defined"})", Event::defer,
     Reason::template_unknown},
    {"Http404_UnknownTemplate", kAll, 404, R"({"error":"Template next_step not found"})",
     Event::defer, Reason::template_unknown},
    {"Http404_WrongPath", kAll, 404, R"({"error":"Method not found"})", Event::shut_out,
     Reason::wrong_address},
    {"Http404_WrongPathAsAPage", kAll, 404, "<html>404 Not Found</html>", Event::shut_out,
     Reason::wrong_address},
    {"Http422_MissingNamespace", kAll, 422, R"({"error":"namespace is required"})", Event::defer,
     Reason::template_mismatch},
    {"Http422_VariableCount", kAll, 422, R"({"message":"Number of parameters does not match"})",
     Event::defer, Reason::template_mismatch},
    {"Http401_WrongToken", kAll, 401, R"({"error":"Wrong token \"x\" for channel \"VID1\""})",
     Event::shut_out, Reason::token_refused},
    {"Http403", kAll, 403, R"({"error":"Channel is blocked"})", Event::shut_out,
     Reason::channel_blocked},
    {"Http403_PlainText", kAll, 403, "Trial channel: not allowed", Event::shut_out,
     Reason::channel_blocked},
    {"Http429", kAll, 429, R"({"error":"Rate limit exceeded"})", Event::defer,
     Reason::rate_limited},
    {"Http500", kAll, 500, R"({"error":"Internal error"})", Event::lost, Reason::maybe_sent},
    {"Http502_AsAPage", kAll, 502, kPage, Event::lost, Reason::maybe_sent},
    // What follows from how far the request got.
    {"NoName", Reached::nothing, 0, "", Event::defer, Reason::connect_failed},
    {"BrokenBeforeTheRequestWasComplete", Reached::part_of_it, 0, "", Event::defer,
     Reason::connect_failed},
    {"PermanentCode", kAll, 200, R"({"sent":false,"error":{"code":131021}})", Event::give_up,
     Reason::recipient_unreachable},
    {"TemplateCode", kAll, 200, R"({"sent":false,"error":{"code":132000}})", Event::defer,
     Reason::template_mismatch},
    {"TemporaryCode_ThePair", kAll, 200, R"({"sent":false,"error":{"code":131056}})", Event::defer,
     Reason::backoff},
    {"TemporaryCode_TheAccount", kAll, 200, R"({"sent":false,"error":{"code":130429}})",
     Event::defer, Reason::rate_limited},
    {"WordsWithoutACode", kAll, 200, R"({"sent":false,"message":"Something went wrong"})",
     Event::hold, Reason::refused_unspecified},
    {"AccountCode", kAll, 200, R"({"sent":false,"error":{"code":131031}})", Event::shut_out,
     Reason::channel_blocked},
    {"CredentialsCode", kAll, 200, R"({"sent":false,"error":{"code":190}})", Event::shut_out,
     Reason::token_refused},
    {"CompleteAndThenSilence", kAll, 0, "", Event::lost, Reason::maybe_sent},
    {"CompleteAndThenNothingToRead", kAll, 200, "", Event::lost, Reason::maybe_sent},
    {"CompleteAndThenHalfAnAnswer", kAll, 200, R"({"sent":tr)", Event::lost, Reason::maybe_sent},
    {"CompleteAndThenAPortal", kAll, 200, "<html>Welcome</html>", Event::lost, Reason::maybe_sent},
    {"CompleteAndThenElsewhere", kAll, 302, "", Event::lost, Reason::maybe_sent},
    {"CompleteAndThen408", kAll, 408, R"({"error":"Request timeout"})", Event::lost,
     Reason::maybe_sent},
};

class AnswerRows : public testing::TestWithParam<Row> {};

TEST_P(AnswerRows, MeansWhatTheNotesSay) {
  static std::array<std::byte, limits::json_arena_bytes> room;
  JsonArena arena(room);
  const Row& row = GetParam();
  Answer answer;
  answer.reached = row.reached;
  if (row.http != 0) {
    RawAnswer raw;
    raw.http = row.http;
    raw.body = row.body;
    read_answer(raw, arena, answer);
  } else if (row.reached != Reached::all_of_it) {
    answer.broken = Reason::connect_failed;
  }
  const Verdict verdict = verdict_of(answer);
  EXPECT_EQ(verdict.event, row.event);
  EXPECT_EQ(to_text(verdict.reason), to_text(row.reason));
}

INSTANTIATE_TEST_SUITE_P(Rows, AnswerRows, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace fieldpost
