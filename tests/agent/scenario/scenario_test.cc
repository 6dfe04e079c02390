#include "agent/scenario/scenario.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "agent/scenario/preview.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

std::string flag_of(std::string_view field) {
  TextBuffer<80> out;
  put_flag(out, field);
  return std::string(out.written());
}

std::string preview(std::string_view text, std::initializer_list<std::string_view> list) {
  Values values;
  for (const std::string_view value : list) EXPECT_EQ(values.add(value), Status::ok);
  TextBuffer<4096> out;
  render_preview(text, values, out);
  EXPECT_EQ(preview_characters(text, values), [&] {
    std::size_t count = 0;
    for (const char c : out.written()) count += (static_cast<unsigned char>(c) >> 6) != 2;
    return count;
  }());
  return std::string(out.written());
}

TEST(Scenario, Find_TheFive_HaveTheirFieldsInOrder) {
  const auto settings = five_configured();
  const struct {
    const char* id;
    const char* fields[3];
  } rows[] = {{"stage-completed", {"customerName", "stage", "nextStep"}},
              {"next-step", {"customerName", "process", "nextStep"}},
              {"action-succeeded", {"customerName", "action", "nextStep"}},
              {"status-changed", {"customerName", "process", "status"}},
              {"service-changed", {"customerName", "service", "details"}}};
  for (const auto& row : rows) {
    const auto found = find_scenario(*settings, row.id);
    ASSERT_TRUE(found) << row.id;
    ASSERT_EQ(found->fields().size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(found->field_names[i], row.fields[i]);
      EXPECT_EQ(found->position_of(row.fields[i]), i);
      EXPECT_FALSE(unpacked(field_hint(row.fields[i])).empty());
    }
    ASSERT_NE(found->configured, nullptr);
    EXPECT_EQ(found->configured->scenario, row.id);
    EXPECT_FALSE(found->position_of("to"));
  }
}

TEST(Scenario, Find_KnownButNotConfigured_HasNoTemplate) {
  const auto settings = std::make_unique<Settings>();
  const auto found = find_scenario(*settings, "next-step");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->configured, nullptr);
  EXPECT_FALSE(find_scenario(*settings, "no-such"));
  EXPECT_FALSE(find_scenario(*settings, ""));
}

TEST(Scenario, Find_DefinedByTheConfiguration_HasItsOwnFields) {
  const auto settings = five_configured();
  define_scenario(*settings, "tank-empty", {"site", "fillLevel"}, "Tank at {{1}}: {{2}} left.");
  const auto found = find_scenario(*settings, "tank-empty");
  ASSERT_TRUE(found);
  ASSERT_EQ(found->field_count, 2u);
  EXPECT_EQ(found->field_names[1], "fillLevel");
  EXPECT_EQ(found->text, "Tank at {{1}}: {{2}} left.");
  ASSERT_EQ(scenario_count(*settings), 6u);
  EXPECT_EQ(scenario_at(*settings, 0).id, "stage-completed");
  EXPECT_EQ(scenario_at(*settings, 4).id, "service-changed");
  EXPECT_EQ(scenario_at(*settings, 5).id, "tank-empty");
}

TEST(Scenario, Find_OneOfTheFiveWithAConfiguredText_ShowsThatText) {
  const auto settings = five_configured();
  set_text(*settings, settings->templates[1], "Hallo {{1}}: {{2}}, {{3}}");
  EXPECT_EQ(find_scenario(*settings, "next-step")->text, "Hallo {{1}}: {{2}}, {{3}}");
  EXPECT_EQ(find_scenario(*settings, "stage-completed")->text, kKnownScenarios[0].text);
}

TEST(Scenario, Flag_CapitalsBecomeDashes) {
  EXPECT_EQ(flag_of("customerName"), "--customer-name");
  EXPECT_EQ(flag_of("stage"), "--stage");
  EXPECT_EQ(flag_of("nextStep"), "--next-step");
  EXPECT_EQ(flag_of("Site"), "--site");
  EXPECT_EQ(flag_of("order_id"), "--order_id");
  EXPECT_TRUE(is_flag_of("customerName", "--customer-name"));
  EXPECT_FALSE(is_flag_of("customerName", "--customerName"));
  EXPECT_FALSE(is_flag_of("customerName", "customer-name"));
  EXPECT_FALSE(is_flag_of("customerName", "--customer"));
}

TEST(Preview, Render_TheFiveExamples_ReadAsTheVendorShowsThem) {
  EXPECT_EQ(preview(kKnownScenarios[0].text,
                    {"Maria", "document upload", "manager review within 2 business days"}),
            "Hello, Maria! Stage \"document upload\" completed successfully. Moving to the next "
            "step: manager review within 2 business days If you need help — we are here.");
  EXPECT_EQ(preview(kKnownScenarios[1].text,
                    {"Maria", "loan application", "upload documents in your account by June 20"}),
            "Hello, Maria! For your process \"loan application\", the next step is: upload "
            "documents in your account by June 20 If you need help — we are here.");
  EXPECT_EQ(preview(kKnownScenarios[2].text,
                    {"Maria", "subscription payment", "Access activated in your account."}),
            "Hello, Maria! Action \"subscription payment\" completed successfully. Access "
            "activated in your account. Thank you for using our service.");
  EXPECT_EQ(preview(kKnownScenarios[3].text, {"Maria", "order #12345", "Shipped"}),
            "Hello Maria, the status of your order #12345 has been updated to: Shipped. You can "
            "view the full details on our website. Thank you for staying with us — we will notify "
            "you of any further changes.");
  EXPECT_EQ(preview(kKnownScenarios[4].text,
                    {"Maria", "home delivery", "New window: June 25 from 10:00 AM to 12:00 PM."}),
            "Hello, Maria! The status of your home delivery has been updated. New window: June 25 "
            "from 10:00 AM to 12:00 PM. If you need help — we are here.");
}

TEST(Preview, Render_WhatIsNoVariable_StaysAsItIs) {
  EXPECT_EQ(preview("{{1}}{{2}}{{1}}", {"a", "b"}), "aba");
  EXPECT_EQ(preview("{{3}} {{0}} {{}} {{x}} {{1} {1}} {{", {"a", "b"}),
            "{{3}} {{0}} {{}} {{x}} {{1} {1}} {{");
  EXPECT_EQ(preview("{{{1}}}", {"a"}), "{a}");
  EXPECT_EQ(preview("{{001}}", {"a"}), "{{001}}");
}

TEST(Preview, Render_VariablesWithinValues_AreNotReplacedAgain) {
  EXPECT_EQ(preview("{{1}} {{2}}", {"{{2}}", "{{1}}"}), "{{2}} {{1}}");
}

TEST(Preview, Render_NoRoom_ClosesTheWriter) {
  Values values;
  ASSERT_EQ(values.add("0123456789"), Status::ok);
  TextBuffer<8> out;
  render_preview("{{1}}", values, out);
  EXPECT_EQ(out.finish().status(), Status::full);
}

}  // namespace
}  // namespace fieldpost
