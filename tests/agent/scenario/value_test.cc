#include "agent/scenario/value.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

std::string many(std::size_t count, std::string_view piece) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

TEST(Value, Check_WhatWhatsAppTakes_Passes) {
  for (const std::string_view value : {"Maria",
                                       "a",
                                       "0",
                                       "Zoë — 😀",
                                       "محمد",
                                       "שלום",
                                       "日本語",
                                       "a    b",
                                       "\"quoted\" \\ /",
                                       "order #12345",
                                       "{{1}}",
                                       "__",
                                       "____",
                                       "a\xc2\xa0"
                                       "b",
                                       "\xef\xbf\xbf",
                                       "\xef\xbf\xbd",
                                       "👩\xe2\x80\x8d👩\xe2\x80\x8d👧",
                                       "\xe2\x80\x8f"
                                       "שלום",
                                       " Maria ",
                                       "<b>&amp;</b>",
                                       "%0a",
                                       "null"}) {
    EXPECT_EQ(unpacked(to_text(check_value(value))), "") << value;
  }
}

TEST(Value, Check_EachRule_IsNamed) {
  const struct {
    std::string_view value;
    Rule rule;
  } rows[] = {
      {"", Rule::blank},
      {" ", Rule::blank},
      {"     ", Rule::blank},
      {"\xc2\xa0", Rule::blank},
      {"\xe3\x80\x80", Rule::blank},
      {"\xe2\x80\x8b", Rule::blank},
      {"\xef\xbb\xbf", Rule::blank},
      {"\xe2\xa0\x80", Rule::blank},
      {"\xc2\xad \xe2\x81\xa0", Rule::blank},
      {"a\nb", Rule::line_break},
      {"a\rb", Rule::line_break},
      {"a\vb", Rule::line_break},
      {"a\fb", Rule::line_break},
      {"\n", Rule::line_break},
      {"a\xc2\x85"
       "b",
       Rule::line_break},
      {"a\xe2\x80\xa8"
       "b",
       Rule::line_break},
      {"a\xe2\x80\xa9"
       "b",
       Rule::line_break},
      {"a\tb", Rule::tab},
      {std::string_view("a\0b", 3), Rule::control_character},
      {"\x1b[31m", Rule::control_character},
      {"a\x7f", Rule::control_character},
      {"a\xc2\x80", Rule::control_character},
      {"a\xc2\x9f", Rule::control_character},
      {"a     b", Rule::many_spaces},
      {"a\xc2\xa0 \xc2\xa0 \xc2\xa0 b", Rule::many_spaces},
      {"a     ", Rule::many_spaces},
      {"___", Rule::placeholder},
      {" ___ ", Rule::placeholder},
      {"a\x80", Rule::not_utf8},
      {"\xed\xa0\x80", Rule::not_utf8},
      {"\xc0\xaf", Rule::not_utf8},
      {"\xf4\x90\x80\x80", Rule::not_utf8},
      {"caf\xe9", Rule::not_utf8},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(unpacked(to_text(check_value(row.value))), unpacked(to_text(row.rule)))
        << testing::PrintToString(std::string(row.value));
  }
}

TEST(Value, Check_Length_CountsCharactersNotBytes) {
  EXPECT_EQ(check_value(many(1024, "a")), Rule::none);
  EXPECT_EQ(check_value(many(1025, "a")), Rule::too_long);
  EXPECT_EQ(check_value(many(1024, "😀")), Rule::none);
  EXPECT_EQ(check_value(many(1025, "😀")), Rule::too_long);
}

class Together : public testing::Test {
 protected:
  Status check(std::string_view scenario, std::initializer_list<std::string> list) {
    Values values;
    for (const std::string& value : list) EXPECT_EQ(values.add(value), Status::ok);
    return check_values(*find_scenario(*settings_, scenario), values, why_);
  }
  std::string sentence() const {
    TextBuffer<256> out;
    put_sentence(out, why_);
    return std::string(out.written());
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  FieldRefusal why_;
};

TEST_F(Together, CheckValues_ARefusal_NamesFieldAndRule) {
  EXPECT_EQ(check("next-step", {"Maria", "loan", "a\nb"}), Status::invalid);
  EXPECT_EQ(sentence(), "nextStep: must not contain a line break");
  EXPECT_EQ(check("next-step", {"Maria", " ", "b"}), Status::invalid);
  EXPECT_EQ(sentence(), "process: must not be blank");
  EXPECT_EQ(check("next-step", {"Maria", "loan", "b"}), Status::ok);
}

TEST_F(Together, CheckValues_RenderedText_EndsAt1024CharactersExactly) {
  for (const KnownScenario& scenario : kKnownScenarios) {
    // 15 characters of the text are the variables themselves; 2 other values of one character.
    std::size_t fixed = 0;
    for (const char c : std::string_view(scenario.text)) {
      fixed += (static_cast<unsigned char>(c) >> 6) != 2;
    }
    const std::size_t room = 1024 - (fixed - 15) - 2;
    EXPECT_EQ(check(scenario.id, {"a", "b", many(room, "ö")}), Status::ok) << scenario.id;
    EXPECT_EQ(check(scenario.id, {"a", "b", many(room + 1, "ö")}), Status::invalid) << scenario.id;
    EXPECT_EQ(why_.rule, Rule::rendered_too_long);
    EXPECT_EQ(why_.field, scenario.fields[2]);
  }
}

TEST_F(Together, CheckValues_TextNotKnown_ValuesAloneMustFit) {
  define_scenario(*settings_, "own", {"one", "two"});
  EXPECT_EQ(check("own", {many(512, "a"), many(512, "😀")}), Status::ok);
  EXPECT_EQ(check("own", {many(512, "a"), many(513, "😀")}), Status::invalid);
  EXPECT_EQ(sentence(), "two: makes the whole text longer than 1024 characters");
}

TEST_F(Together, CheckValues_ConfiguredText_IsWhatCounts) {
  define_scenario(*settings_, "own", {"one"}, "{{1}}{{1}}");
  EXPECT_EQ(check("own", {many(512, "a")}), Status::ok);
  EXPECT_EQ(check("own", {many(513, "a")}), Status::invalid);
}

TEST(Language, IsLanguage_MetasCodes_PassAndOthersDoNot) {
  for (const char* code : {"en", "pt_BR", "zh_CN", "fil", "en_US", "zh-Hans"}) {
    EXPECT_TRUE(is_language(code)) << code;
  }
  for (const char* code : {"", "e", "EN", "english", "en_", "_US", "en__US", "en US", "en\n",
                           "en\"", "en_USUSU", "en_U", "pt_BR_aa_bb_cc_dd"}) {
    EXPECT_FALSE(is_language(code)) << code;
  }
}

}  // namespace
}  // namespace fieldpost
