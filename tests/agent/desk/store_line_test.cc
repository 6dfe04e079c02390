#include "agent/desk/store_line.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "tests/agent/desk/lines.h"

namespace fieldpost {
namespace {

TEST(StoreLine, Report_NamesWhatMakesItBad) {
  const std::array id{std::byte{0x0a}, std::byte{0xff}};
  StoreReport report;
  report.id = id;
  report.version = 1;
  report.live = 3;
  report.torn_units = 1;
  TextBuffer<512> out;
  put_store_report(out, report);
  EXPECT_EQ(out.written(),
            R"({"ok":true,"store":"0aff","version":1,"size":0,"segment":0,"write_unit":0,)"
            R"("laps":0,"messages":3,"unreadable":0,"ended":0,"torn":1,"corrupt":0,"lost":0,)"
            "\"in_doubt\":0}\n");
  for (std::uint32_t StoreReport::*damage : {&StoreReport::unreadable, &StoreReport::corrupt_units,
                                             &StoreReport::lost, &StoreReport::in_doubt}) {
    StoreReport bad = report;
    bad.*damage = 1;
    EXPECT_FALSE(bad.ok());
  }
}

TEST(StoreLine, Record_WhatWentWithTheFlash_IsLeftOut) {
  const auto message = std::make_unique<Message>();
  MUST(message->scenario.assign("next-step"));
  MUST(message->to.assign("12025550123"));
  MUST(message->language.assign("en"));
  MUST(message->source.assign("uid:1000"));
  Standing standing;
  standing.state = State::delivered;
  standing.attempts = 2;
  TextBuffer<kRecordBytesMax> out;
  put_record(out, 17, message.get(), &standing, 0);
  EXPECT_EQ(out.written(), R"({"id":17,"scenario":"next-step","to":"12025550123","language":"en",)"
                           R"("source":"uid:1000","state":"delivered","attempts":2})"
                           "\n");
  out.clear();
  put_record(out, 17, nullptr, &standing, 9);
  EXPECT_EQ(out.written(), "{\"commit\":9,\"id\":17,\"state\":\"delivered\",\"attempts\":2}\n");
}

TEST(StoreLine, Record_SaysWhatWasAskedForWhereItWas) {
  const auto message = std::make_unique<Message>();
  message->ttl = 72_h;
  message->not_before.s = 600;
  message->on_uncertain = OnUncertain::resend;
  TextBuffer<kRecordBytesMax> out;
  put_record(out, 17, message.get(), nullptr, 0);
  EXPECT_NE(out.written().find(R"("ttl_s":259200,"not_before":"+600s","on_uncertain":"resend"})"),
            std::string_view::npos)
      << out.written();
  out.clear();
  message->not_before.s = 1'795'000'000;
  put_record(out, 17, message.get(), nullptr, 0);
  EXPECT_NE(out.written().find(R"("not_before":"2026-11-18T11:06:40Z")"), std::string_view::npos)
      << out.written();
}

TEST(StoreLine, Record_OfTheGreatestLength_FitsItsRoom) {
  const auto message = std::make_unique<Message>();
  fill(message->scenario, '"');
  fill(message->to, '1');
  fill(message->template_name, '"');
  fill(message->template_namespace, '"');
  fill(message->language, 'e');
  fill(message->key, '"');
  fill(message->topic, '"');
  fill(message->operator_name, '"');
  fill(message->source, '"');
  std::size_t left = limits::values_bytes_max;
  for (std::size_t i = limits::fields_max; i > 0; --i) {
    const std::size_t bytes = left / i;
    MUST(message->values.add(std::string(bytes, '"')));
    left -= bytes;
  }
  message->retry_of = UINT64_MAX;
  message->created.wall.s = message->not_before.s = 1'795'000'000;
  message->ttl.ms = UINT64_MAX;
  message->on_uncertain = OnUncertain::resend;
  Standing standing;
  fill(standing.message_id, '"');
  fill(standing.detail, '\1');
  standing.attempts = UINT16_MAX;
  standing.reason = Reason::by_person;
  standing.changed = standing.accepted_at = standing.delivered_at = message->created;
  TextBuffer<kRecordBytesMax> out;
  put_record(out, UINT64_MAX, message.get(), &standing, UINT64_MAX);
  EXPECT_FALSE(out.overflowed());
  EXPECT_TRUE(is_object(out.written()));
}

}  // namespace
}  // namespace fieldpost
