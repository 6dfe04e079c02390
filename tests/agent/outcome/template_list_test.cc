#include "agent/outcome/template_list.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>

namespace fieldpost {
namespace {

std::string entry(std::string_view more) {
  return R"({"id":"1","name":"next_step","category":"UTILITY",)" + std::string(more) + "}";
}
const std::string kComponents =
    R"("components":[{"type":"HEADER","format":"TEXT","text":"News"},)"
    R"({"type":"BODY","text":"Hi {{1}}: {{2}}, {{3}}. Bye {{1}}"},{"type":"BUTTONS","buttons":[{"url":"https://x.example/"}]}])";
// More than the body's variables, which are all that is sent.
const std::string kMore[] = {
    R"({"type":"HEADER","format":"TEXT","text":"For {{1}}"})",
    R"({"type":"HEADER","format":"IMAGE"})",
    R"({"type":"BUTTONS","buttons":[{"text":"a"},{"url":"https://x.example/{{1}}"}]})"};
const std::string kGood = R"("namespace":"NS","language":"en","status":"approved",)" + kComponents;

Answer read(const std::string& list, std::string_view wanted = "next_step\nen\nNS\n3\n0") {
  static std::array<std::byte, 1 << 16> room;
  JsonArena arena(room);
  JsonFault fault;
  Answer answer;
  const auto root = parse_json(list, arena, fault);
  EXPECT_TRUE(root.ok()) << list;
  JsonArena beside = arena.rest();
  if (root.ok()) find_in_templates(root.value(), beside, wanted, answer);
  return answer;
}
Answer read_one(const std::string& one) { return read(R"({"total":1,"templates":[)" + one + "]}"); }

TEST(TemplateList, ApprovedWithAsManyVariables_IsGood) {
  const Answer answer = read_one(entry(kGood));
  EXPECT_TRUE(answer.parsed);
  EXPECT_TRUE(answer.names_template);
  EXPECT_TRUE(answer.sent);
  EXPECT_FALSE(answer.more);
}

TEST(TemplateList, EveryDocumentedShape_IsRead) {
  for (const std::string& shape : {
           R"("namespace":"NS","language":"en","status":"APPROVED",)" + kComponents,
           R"("language":"en","status":"approved",)" + kComponents,
           R"("namespace":null,"language":{"code":"en"},"status":"Approved",)" + kComponents,
           std::string(
               R"("language":"en","status":"approved","components":"[{\"type\":\"BODY\"}]")"),
       }) {
    EXPECT_TRUE(read_one(entry(shape)).sent) << shape;
  }
}

TEST(TemplateList, WhatIsThereButNotGood_IsNamed) {
  for (const std::string& bad : {
           R"("language":"en","status":"PAUSED",)" + kComponents,
           R"("language":"en","status":"rejected",)" + kComponents,
           R"("language":"en",)" + kComponents,
           std::string(R"("language":"en","status":"approved",)"
                       R"("components":[{"type":"BODY","text":"Hi {{1}}: {{2}}"}])"),
           std::string(R"("language":"en","status":"approved",)"
                       R"("components":"[{\"type\":\"BODY\",\"text\":\"Hi {{1}}: {{2}}\"}]")"),
       }) {
    EXPECT_TRUE(read_one(entry(bad)).names_template) << bad;
    EXPECT_FALSE(read_one(entry(bad)).sent) << bad;
  }
}

TEST(TemplateList, VariablesOutsideOfTheBody_AreAMismatch) {
  for (const std::string& more : kMore) {
    const std::string bad = R"("language":"en","status":"approved","components":[)" + more +
                            R"(,{"type":"BODY","text":"{{1}} {{2}} {{3}}"}])";
    EXPECT_TRUE(read_one(entry(bad)).names_template) << bad;
    EXPECT_FALSE(read_one(entry(bad)).sent) << bad;
  }
}

TEST(TemplateList, AnotherNameLanguageOrNamespace_IsNotOurs) {
  for (const std::string& other : {
           R"({"name":"next_steps",)" + kGood + "}",
           entry(R"("language":"pt_BR","status":"approved",)" + kComponents),
           entry(R"("namespace":"XX","language":"en","status":"approved",)" + kComponents),
       }) {
    EXPECT_FALSE(read_one(other).names_template) << other;
  }
}

TEST(TemplateList, GoodAmongBadOnes_IsGood) {
  const std::string paused = entry(R"("language":"en","status":"PAUSED",)" + kComponents);
  EXPECT_TRUE(read_one(paused + "," + entry(kGood) + "," + paused).sent);
}

TEST(TemplateList, PageThatIsNotTheLast_SaysSo) {
  const std::string page = R"({"total":9,"templates":[)" + entry(kGood) + "]}";
  EXPECT_TRUE(read(page, "x\nen\nNS\n3\n7").more);
  EXPECT_FALSE(read(page, "x\nen\nNS\n3\n8").more);
  EXPECT_FALSE(read(R"({"total":9,"templates":[]})").more);
}

TEST(TemplateList, WhatIsNoList_IsNotRead) {
  for (const char* none : {R"({})", R"({"templates":{}})", R"({"error":"no"})"}) {
    EXPECT_FALSE(read(none).parsed) << none;
  }
}

}  // namespace
}  // namespace fieldpost
