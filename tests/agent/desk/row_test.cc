#include "agent/desk/row.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/agent/desk/lines.h"

namespace fieldpost {
namespace {

std::string row_text(const Row& row, bool reveal = false) {
  TextBuffer<kRowBytesMax> out;
  put_row(out, row, reveal);
  EXPECT_FALSE(out.overflowed());
  EXPECT_TRUE(is_object(out.written())) << out.written();
  return std::string(out.written());
}

TEST(Row, NothingKnown_IsNullAndNotLeftOut) {
  Row row;
  row.id = 17;
  EXPECT_EQ(row_text(row),
            R"({"id":17,"scenario":"","to":"•••","state":"queued","attempts":0,"created":null,)"
            "\"next_attempt\":null,\"message_id\":null,\"reason\":null}\n");
}

TEST(Row, EverythingKnown_HasTheNamesOfTheContract) {
  Row row;
  row.id = 17;
  MUST(row.scenario.assign("next-step"));
  MUST(row.to.assign("12025550123"));
  MUST(row.message_id.assign("wamid.A+/="));
  MUST(row.detail.assign("Say \"please\""));
  MUST(row.key.assign("k"));
  MUST(row.topic.assign("t"));
  MUST(row.operator_name.assign("Zoë"));
  row.state = State::held;
  row.reason = Reason::maybe_sent;
  row.attempts = 3;
  row.retry_of = 9;
  row.created = row.accepted_at = row.delivered_at = row.expires = row.next_attempt =
      UnixTime{1'795'000'000};
  EXPECT_EQ(row_text(row, true),
            R"({"id":17,"scenario":"next-step","to":"12025550123","state":"held","attempts":3,)"
            R"("created":"2026-11-18T11:06:40Z","next_attempt":"2026-11-18T11:06:40Z",)"
            R"("message_id":"wamid.A+/=","reason":"maybe_sent","detail":"Say \"please\"",)"
            R"("key":"k","topic":"t","expires":"2026-11-18T11:06:40Z",)"
            R"("accepted_at":"2026-11-18T11:06:40Z","delivered_at":"2026-11-18T11:06:40Z",)"
            "\"operator\":\"Zoë\",\"retry_of\":9}\n");
}

TEST(Row, HostileWords_NeitherOverflowNorSteerATerminal) {
  for (const char c : {'"', '\\', '\x1b', '\n', '\x7f', 'x'}) {
    Row row;
    row.id = row.retry_of = ~MessageId{0};
    row.attempts = 0xffff;
    row.reason = Reason::configuration_rejected;
    row.created = row.accepted_at = row.delivered_at = row.expires = row.next_attempt =
        UnixTime{1'795'000'000};
    MUST(row.to.assign("123456789012345"));
    fill(row.scenario, c);
    fill(row.message_id, c);
    fill(row.detail, c);
    fill(row.key, c);
    fill(row.topic, c);
    fill(row.operator_name, c);
    const std::string text = row_text(row);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\n'), text.size() - 1);
  }
}

TEST(StatusLine, Fresh_HasEveryNameOfTheContract) {
  StatusReport status;
  status.next_attempt_in = Duration{kNever.ms};
  TextBuffer<4096> out;
  put_status(out, status);
  EXPECT_EQ(
      out.written(),
      R"({"counts":{"queued":0,"sending":0,"uncertain":0,"held":0,"accepted":0,"sent":0,)"
      R"("delivered":0,"read":0,"failed":0,"expired":0,"superseded":0,"dropped":0},)"
      R"("channel":{"state":"open","reason":null},"network":{"state":"unknown","reason":null},)"
      R"("next_attempt":null,"next_attempt_in_s":null,"oldest":null,"store":{"size":0,"used":0,"room":0,)"
      R"("messages":0,"messages_max":0,"bytes_written":0,"syncs":0,"torn":0,"corrupt":0,)"
      R"("failed":false,"volatile":false,"wear":{"least":0,"most":0}},)"
      R"("configuration_rejected":false,"paused":false,"blocked":0,"running":false,)"
      "\"tracking_off\":false,\"sandbox\":\"off\"}\n");
}

TEST(StatusLine, Trouble_StandsWhereItBelongs) {
  StatusReport status;
  status.network_known = true;
  status.network = Reason::tls_expired;
  MUST(status.detail.assign("notAfter 2026-01-01"));
  status.oldest = 4;
  status.oldest_age = 65_s;
  status.oldest_waits_for = Reason::template_unknown;
  status.next_attempt_in = 1500_ms;
  TextBuffer<4096> out;
  put_status(out, status);
  EXPECT_TRUE(is_object(out.written()));
  const std::string text(out.written());
  EXPECT_NE(text.find(R"("network":{"state":"offline","reason":"tls_expired",)"
                      R"("detail":"notAfter 2026-01-01"})"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("oldest":{"id":4,"created":null,"age_s":65,"reason":"template_unknown"})"),
            std::string::npos);
  EXPECT_NE(text.find(R"("next_attempt_in_s":2)"), std::string::npos);

  status.channel = Reason::token_refused;
  status.network = Reason::none;
  status.network_up = true;
  out.clear();
  put_status(out, status);
  EXPECT_NE(out.written().find(R"("channel":{"state":"held","reason":"token_refused","detail":)"),
            std::string_view::npos);
  EXPECT_NE(out.written().find(R"("network":{"state":"online","reason":null})"),
            std::string_view::npos);
}

}  // namespace
}  // namespace fieldpost
