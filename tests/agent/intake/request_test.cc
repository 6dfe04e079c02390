#include "agent/intake/request.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/composer/composer.h"
#include "tests/agent/json/texts.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_directory.h"

namespace fieldpost {
namespace {

class Intake : public ::testing::Test {
 protected:
  Status read(std::string_view body) {
    return read_request(body, *settings_, directory_, arena_, message_, why_);
  }
  // What comes of it: "" or error, field and sentence.
  std::string answer(std::string_view body) {
    if (read(body) == Status::ok) return "";
    return std::string(to_text(why_.error)) + " [" + std::string(why_.field.view()) + "] " +
           std::string(why_.message.view());
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  std::vector<std::byte> room_ = std::vector<std::byte>(limits::json_arena_bytes);
  JsonArena arena_{room_};
  FakeDirectory directory_;
  Message message_;
  RequestRefusal why_;
};

constexpr std::string_view kGood =
    R"({"scenario":"service-changed","to":"+1 (202) 555-0123","fields":{"details":"New window.",)"
    R"("customerName":"Maria","service":"home delivery"},"language":"pt_BR","operator":"anna",)"
    R"("key":"visit-881-3","topic":"visit-881"})";

TEST_F(Intake, Read_AGoodRequest_BindsTheMessageToItsTemplate) {
  settings_->templates[4].ttl = 8_h;
  settings_->templates[4].on_uncertain = OnUncertain::resend;
  ASSERT_EQ(answer(kGood), "");
  EXPECT_EQ(message_.scenario, "service-changed");
  EXPECT_EQ(message_.to, "12025550123");
  EXPECT_EQ(message_.template_name, "service_changed");
  EXPECT_EQ(message_.template_namespace, "NS");
  EXPECT_EQ(message_.language, "pt_BR");
  EXPECT_EQ(message_.operator_name, "anna");
  EXPECT_EQ(message_.key, "visit-881-3");
  EXPECT_EQ(message_.topic, "visit-881");
  EXPECT_EQ(message_.ttl, 8_h);
  EXPECT_EQ(message_.on_uncertain, OnUncertain::resend);
  ASSERT_EQ(message_.values.count(), 3u);
  EXPECT_EQ(message_.values[0], "Maria");
  EXPECT_EQ(message_.values[1], "home delivery");
  EXPECT_EQ(message_.values[2], "New window.");
  EXPECT_EQ(message_.id, 0u);
}

TEST_F(Intake, Read_WithoutLanguage_TakesTheTemplates) {
  ASSERT_EQ(answer(R"({"scenario":"next-step","to":"12025550123","fields":)"
                   R"({"customerName":"M","process":"p","nextStep":"n"}})"),
            "");
  EXPECT_EQ(message_.language, "en");
  EXPECT_TRUE(message_.operator_name.empty());
}

TEST_F(Intake, Read_AScenarioOfTheConfiguration_TakesItsOwnFields) {
  define_scenario(*settings_, "tank-empty", {"site", "fillLevel"});
  ASSERT_EQ(answer(R"({"scenario":"tank-empty","to":"12025550123","fields":)"
                   R"({"fillLevel":"5 %","site":"Yard 3"}})"),
            "");
  EXPECT_EQ(message_.values[0], "Yard 3");
  EXPECT_EQ(message_.values[1], "5 %");
}

TEST_F(Intake, Read_ASecondRequest_KeepsNothingOfTheFirst) {
  ASSERT_EQ(answer(kGood), "");
  ASSERT_NE(answer("{}"), "");
  ASSERT_EQ(answer(R"({"scenario":"next-step","to":"12025550123","fields":)"
                   R"({"customerName":"M","process":"p","nextStep":"n"}})"),
            "");
  EXPECT_EQ(message_.values.count(), 3u);
  EXPECT_TRUE(message_.operator_name.empty());
  EXPECT_TRUE(why_.message.empty());
}

// A request with one part exchanged for what is wrong.
std::string with(std::string_view scenario, std::string_view to, std::string_view fields,
                 std::string_view more = "") {
  std::string body = "{";
  const auto add = [&body](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (body.size() > 1) body += ",";
    body += "\"" + std::string(name) + "\":" + std::string(value);
  };
  add("scenario", scenario);
  add("to", to);
  add("fields", fields);
  if (!more.empty()) body += (body.size() > 1 ? "," : "") + std::string(more);
  return body + "}";
}

TEST_F(Intake, Read_EachWrongRequest_NamesErrorFieldAndRule) {
  const std::string next = R"("next-step")", to = R"("12025550123")",
                    fields = R"({"customerName":"M","process":"p","nextStep":"n"})";
  ASSERT_EQ(answer(with(next, to, fields)), "");
  const auto value = [](std::string_view text) {
    return R"({"customerName":"M","process":"p","nextStep":")" + std::string(text) + "\"}";
  };
  const std::string unsupported = ": is not supported by this version";
  const struct {
    std::string body;
    std::string answer;
  } rows[] = {
      {"", "invalid [] not valid JSON"},
      {"{", "invalid [] not valid JSON"},
      {"\n\n{\"to\" 1}", "invalid [] not valid JSON, line 3, byte 8: "},
      {"[]", "invalid [] the request must be a JSON object"},
      {"\"x\"", "invalid [] the request must be a JSON object"},
      {"null", "invalid [] the request must be a JSON object"},
      {"{}", "invalid [scenario] scenario: is missing"},
      {with("", to, fields), "invalid [scenario] scenario: is missing"},
      {with("7", to, fields), "invalid [scenario] scenario: must be a string"},
      {with("null", to, fields), "invalid [scenario] scenario: must be a string"},
      {with(R"("next-stp")", to, fields),
       "unknown_scenario [scenario] scenario: next-stp is not known; did you mean next-step?"},
      {with(R"("")", to, fields), "unknown_scenario [scenario] scenario:  is not known"},
      {with(R"("NEXT\u001b[31m")", to, fields),
       "unknown_scenario [scenario] scenario: NEXT?[31m is not known"},
      {with(next, "", fields), "invalid [to] to: is missing"},
      {with(next, "12025550123", fields), "invalid [to] to: must be a string"},
      {with(next, R"("")", fields), "invalid [to] to: has no digits"},
      {with(next, R"("12025550123 ext. 5")", fields), "invalid [to] to: must not contain letters"},
      {with(next, R"("0171 1234567")", fields),
       "invalid [to] to: starts with 0: write the country code first, e.g. 49171…"},
      {with(next, to, ""), "invalid [fields] fields: is missing"},
      {with(next, to, "[]"), "invalid [fields] fields: must be an object"},
      {with(next, to, R"("x")"), "invalid [fields] fields: must be an object"},
      {with(next, to, R"({"customerName":"M","process":"p"})"),
       "invalid [nextStep] nextStep: is missing"},
      {with(next, to, R"({"customerName":"M","process":"p","nextStpe":"n"})"),
       "invalid [nextStpe] nextStpe: is not a field of next-step; did you mean nextStep?"},
      {with(next, to, R"({"customerName":"M","process":"p","nextStep":"n","stage":"s"})"),
       "invalid [stage] stage: is not a field of next-step; there is customerName, process, "
       "nextStep"},
      {with(next, to, R"({"customerName":7,"process":"p","nextStep":"n"})"),
       "invalid [customerName] customerName: must be a string"},
      {with(next, to, R"({"customerName":null,"process":"p","nextStep":"n"})"),
       "invalid [customerName] customerName: must be a string"},
      {with(next, to, value("")), "invalid [nextStep] nextStep: must not be blank"},
      {with(next, to, value("a\\nb")),
       "invalid [nextStep] nextStep: must not contain a line break"},
      {with(next, to, value("a\\tb")), "invalid [nextStep] nextStep: must not contain a tab"},
      {with(next, to, value("a\\u0007b")),
       "invalid [nextStep] nextStep: must not contain control characters"},
      {with(next, to, value("a     b")),
       "invalid [nextStep] nextStep: must not contain more than four spaces in a row"},
      {with(next, to, value("___")), "invalid [nextStep] nextStep: is still the placeholder ___"},
      {with(next, to, value(std::string(1025, 'a'))),
       "too_long [nextStep] nextStep: must have at most 1024 characters"},
      {with(next, to, value(std::string(1000, 'a'))),
       "too_long [nextStep] nextStep: makes the whole text longer than 1024 characters"},
      {with(next, to, value(std::string(17000, 'a'))),
       "too_large [] the request has more than 16 KiB"},
      {with(next, to, fields, R"("key":7)"), "invalid [key] key: must be a string"},
      {with(next, to, fields, R"("key":"")"), "invalid [key] key: must not be blank"},
      {with(next, to, fields, R"("key":")" + std::string(65, 'k') + "\""),
       "too_long [key] key: must have at most 64 bytes"},
      {with(next, to, fields, R"("topic":"a\nb")"),
       "invalid [topic] topic: must not contain a line break"},
      {with(next, to, fields, R"("topic":")" + std::string(65, 't') + "\""),
       "too_long [topic] topic: must have at most 64 bytes"},
      {with(next, to, fields, R"("ttl":"8 h")"), "invalid [ttl] ttl: must be a time from"},
      {with(next, to, fields, R"("ttl":"59s")"), "invalid [ttl] ttl: must be a time from"},
      {with(next, to, fields, R"("ttl":8)"), "invalid [ttl] ttl: must be a string"},
      {with(next, to, fields, R"("not_before":"10m")"),
       "invalid [not_before] not_before: must be a time such as"},
      {with(next, to, fields, R"("not_before":"2026-02-29T10:00:00Z")"),
       "invalid [not_before] not_before: must be a time such as"},
      {with(next, to, fields, R"("not_before":"1970-01-01T10:00:00Z")"),
       "invalid [not_before] not_before: must be a time such as"},
      {with(next, to, fields, R"("opt_in":"yes")"),
       "invalid [opt_in] opt_in: must be true or false"},
      {with(next, "", fields, R"("ref":"x")"),
       "not_configured [ref] ref: there is no intake.directory in the configuration"},
      {with(next, to, fields, R"("key":null)"), "invalid [key] key: must be a string"},
      {with(next, to, fields, R"("lang":"en")"),
       "invalid [lang] lang: is not known here; there is scenario, to, ref, fields, language, "
       "ttl, "},
      {with(next, to, fields, R"("langauge":"en")"),
       "invalid [langauge] langauge: is not known here; did you mean language?"},
      {with(next, to, fields, R"("process":"p")"),
       "invalid [process] process: belongs into \"fields\""},
      {with(next, to, fields, R"("To":"1")"), "invalid [To] To: is not known here"},
      {with(next, to, fields, R"("language":"english")"),
       "invalid [language] language: must be a template's language code"},
      {with(next, to, fields, R"("language":7)"),
       "invalid [language] language: must be a template's language code"},
      {with(next, to, fields, R"("operator":"")"),
       "invalid [operator] operator: must not be blank"},
      {with(next, to, fields, R"("operator":[])"), "invalid [operator] operator: must be a string"},
      {with(next, to, fields, R"("operator":"a\nb")"),
       "invalid [operator] operator: must not contain a line break"},
      {with(next, to, fields, "\"operator\":\"" + std::string(65, 'a') + "\""),
       "too_long [operator] operator: must have at most 64 bytes"},
      {with(next, to, fields, "\"" + std::string(2000, 'a') + "\":1"),
       "invalid [" + std::string(29, 'a') + "…] " + std::string(29, 'a') + "…: is not known here"},
      {with(next, to, fields, R"("a\u0000b":1)"), "invalid [] not valid JSON"},
      {with(next, to, fields, R"("to":"12025550124")"), "invalid [] not valid JSON"},
      {with(next, to, fields) + "x", "invalid [] not valid JSON"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(answer(row.body).substr(0, row.answer.size()), row.answer) << row.body.substr(0, 200);
  }
}

TEST_F(Intake, Read_KnownButNotConfigured_SaysWhichKeyIsMissing) {
  settings_ = std::make_unique<Settings>();
  EXPECT_EQ(answer(kGood),
            "not_configured [scenario] scenario: service-changed has no template in the "
            "configuration: templates.service-changed is missing");
}

TEST_F(Intake, Read_TtlAndNotBefore_AreBoundAsTheyWereSaid) {
  const auto read = [this](const char* member) {
    std::string body(kGood);
    answer(body.insert(body.size() - 1, member));
    return message_;
  };
  EXPECT_EQ(read("").ttl, 72_h) << "the scenario's";
  EXPECT_EQ(read(R"(,"ttl":"90m")").ttl, 90_min);
  EXPECT_EQ(read(R"(,"ttl":"none")").ttl, 0_s);
  EXPECT_EQ(read(R"(,"not_before":"+10m")").not_before, UnixTime{600});
  EXPECT_EQ(read(R"(,"not_before":"2026-11-21T09:12:00+02:00")").not_before,
            UnixTime{1'795'245'120});
}

TEST_F(Intake, Read_AScenarioThatRequiresOptIn_IsNotSentWithoutIt) {
  const auto with_opt_in = [](std::string_view value) {
    std::string body(kGood);
    return body.insert(body.size() - 1, R"(,"opt_in":)" + std::string(value));
  };
  EXPECT_EQ(answer(with_opt_in("true")), "");
  EXPECT_EQ(answer(with_opt_in("false")), "") << "where nobody asks for it";
  settings_->templates[4].require_opt_in = true;
  EXPECT_EQ(answer(with_opt_in("true")), "");
  for (const std::string& body : {std::string(kGood), with_opt_in("false")}) {
    EXPECT_EQ(
        answer(body),
        "invalid [opt_in] opt_in: must be true: this scenario is sent only to who has agreed");
  }
}

TEST_F(Intake, Read_MorePartsThanTheArenaHolds_IsTooLarge) {
  std::string body = "[0";
  while (body.size() < 16000) body += ",0";
  EXPECT_EQ(answer(body + "]"), "too_large [] the request has too many parts");
}

TEST_F(Intake, Read_TextsThatMustFail_AreRefused) {
  for (const auto& [name, text] : testing::kMustFail) {
    EXPECT_EQ(read(text), Status::invalid) << name;
    if (text.size() > limits::local_body_bytes_max) continue;
    EXPECT_EQ(why_.error, ErrorWord::invalid) << name;
    EXPECT_TRUE(why_.message.view().starts_with("not valid JSON")) << name;
  }
}

TEST_F(Intake, Read_TextsThatMustParse_AreRefusedForWhatTheySayOnly) {
  for (const auto& [name, text] : testing::kMustParse) {
    const bool taken = read(text) == Status::ok;
    EXPECT_EQ(taken, name == "a request") << name;
    EXPECT_FALSE(why_.message.view().starts_with("not valid JSON"))
        << name << ": " << why_.message.view();
  }
}

TEST_F(Intake, Read_AnyCutOrFlippedRequest_IsTakenOrRefusedWithASentence) {
  for (std::size_t cut = 0; cut < kGood.size(); ++cut) {
    EXPECT_EQ(read(kGood.substr(0, cut)), Status::invalid);
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped(kGood);
      flipped[cut] = static_cast<char>(flipped[cut] ^ (1 << bit));
      const bool taken = read(flipped) == Status::ok;
      EXPECT_EQ(taken, why_.message.empty());
      if (taken) {
        EXPECT_TRUE(message_.well_formed());
      }
    }
  }
}

TEST_F(Intake, ARequestTaken_BecomesTheVendorsRequest) {
  ASSERT_EQ(answer(kGood), "");
  TextBuffer<limits::request_body_bytes_max> out;
  const auto body = compose_body(message_, out);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body.value(),
            R"({"phone":"12025550123","template":"service_changed","namespace":"NS",)"
            R"("language":{"policy":"deterministic","code":"pt_BR"},)"
            R"("params":[{"type":"body","parameters":[{"type":"text","text":"Maria"},)"
            R"({"type":"text","text":"home delivery"},{"type":"text","text":"New window."}]}]})");
}

class ByReference : public Intake {
 protected:
  ByReference() {
    MUST(settings_->intake.directory.assign("/var/lib/office/visits"));
    directory_.lines = {
        R"({"ref":"visit-8810","to":"4915112345678","customerName":"Jonas"})",
        R"({"ref":"visit-881","to":"+1 202 555 0123","customerName":"Maria","service":"home delivery",)"
        R"("language":"pt_BR","at":{"street":"Elm St"},"opt_in":true})",
        "",
    };
  }
  static constexpr std::string_view kByRef =
      R"({"scenario":"service-changed","ref":"visit-881","fields":{"details":"New window."}})";
};

TEST_F(ByReference, Read_TakesFromTheDirectoryWhatTheRequestLeavesOut) {
  settings_->templates[4].require_opt_in = true;
  ASSERT_EQ(answer(kByRef), "");
  EXPECT_EQ(message_.to, "12025550123");
  EXPECT_EQ(message_.language, "pt_BR");
  ASSERT_EQ(message_.values.count(), 3u);
  EXPECT_EQ(message_.values[0], "Maria");
  EXPECT_EQ(message_.values[1], "home delivery");
  EXPECT_EQ(message_.values[2], "New window.");
  // What it says itself counts.
  ASSERT_EQ(answer(R"({"scenario":"service-changed","ref":"visit-881","language":"en","fields":)"
                   R"({"details":"d","customerName":"Ms Lee"}})"),
            "");
  EXPECT_EQ(message_.language, "en");
  EXPECT_EQ(message_.values[0], "Ms Lee");
  // Nothing is kept between two.
  directory_.lines[1] =
      R"({"ref":"visit-881","to":"12025550199","customerName":"M","service":"s"})";
  EXPECT_NE(answer(kByRef), "");
  settings_->templates[4].require_opt_in = false;
  ASSERT_EQ(answer(kByRef), "");
  EXPECT_EQ(message_.to, "12025550199");
  EXPECT_EQ(message_.language, "en");
}

TEST_F(ByReference, Read_AllOfItFromTheDirectory_NeedsNoFields) {
  directory_.lines = {
      R"({"ref":"v","to":"12025550123","customerName":"M","service":"s","details":"d"})"};
  EXPECT_EQ(answer(R"({"scenario":"service-changed","ref":"v"})"), "");
  EXPECT_EQ(answer(R"({"scenario":"next-step","ref":"v"})"),
            "invalid [process] process: is missing");
  EXPECT_EQ(answer(R"({"scenario":"next-step","ref":"v","fields":[]})"),
            "invalid [fields] fields: must be an object");
}

TEST_F(ByReference, Read_WhoIsMeantIsNeverGuessed) {
  const auto of = [](std::string_view ref, std::string_view more = "") {
    return R"({"scenario":"service-changed","fields":{"details":"d"},"ref":)" + std::string(ref) +
           std::string(more) + "}";
  };
  EXPECT_EQ(answer(of(R"("visit-88")")),
            "unknown_ref [ref] ref: visit-88: is not in the directory");
  EXPECT_EQ(answer(of(R"("Visit-881")")),
            "unknown_ref [ref] ref: Visit-881: is not in the directory");
  EXPECT_EQ(answer(of(R"("visit-881")", R"(,"to":"12025550123")")),
            R"(invalid [ref] ref: goes without "to": the number is the directory's to say)");
  for (const char* const ref : {R"("")", R"("a b")", R"("a\"b")", R"("é")"}) {
    EXPECT_EQ(answer(of(ref)).substr(0, 32), "invalid [ref] ref: must have 1 t") << ref;
  }
  EXPECT_EQ(answer(of("881")), "invalid [ref] ref: must be a string");
  EXPECT_EQ(answer(of('"' + std::string(65, 'v') + '"')).substr(0, 23), "invalid [ref] ref: must");

  directory_.lines.push_back(R"({"to":"12025550199","ref":"visit-881"})");
  EXPECT_EQ(answer(kByRef),
            "unknown_ref [ref] ref: visit-881: the directory has it twice, in lines 2 and 4");
  directory_.lines = {R"({"ref":"visit-881","to":"0171 555"})"};
  EXPECT_EQ(answer(kByRef).substr(0, 60),
            R"(invalid [ref] ref: visit-881: its "to" in the directory star)");
  directory_.lines = {R"({"ref":"visit-881","customerName":"Maria"})"};
  EXPECT_EQ(answer(kByRef),
            R"(invalid [ref] ref: visit-881: its "to" in the directory has no digits)");
}

TEST_F(ByReference, Read_ALineThatCannotBeReadIsNamedWhereItMayBeTheOne) {
  directory_.lines = {"{}", R"({"ref":"visit-881",)", R"({"ref":"visit-882"})"};
  EXPECT_EQ(answer(kByRef),
            "unknown_ref [ref] ref: visit-881: is not in the directory, of which line 2 cannot be "
            "read");
  directory_.lines = {std::string(limits::directory_line_bytes_max + 1, ' ')};
  EXPECT_EQ(answer(kByRef),
            "unknown_ref [ref] ref: visit-881: is not in the directory, of which line 1 cannot be "
            "read");
  // Others' faults are no reason to refuse this one.
  directory_.lines = {"nonsense",
                      R"({"ref":"visit-881","to":"12025550123","customerName":"M",)"
                      R"("service":"s"})",
                      "more nonsense"};
  EXPECT_EQ(answer(kByRef), "");
}

TEST_F(ByReference, Read_WithoutADirectory_SaysWhy) {
  directory_.trouble = Status::not_found;
  EXPECT_EQ(answer(kByRef),
            "unknown_ref [ref] ref: visit-881: there is no directory at intake.directory yet");
  directory_.trouble = Status::io;
  EXPECT_EQ(answer(kByRef), "unknown_ref [ref] ref: visit-881: the directory cannot be read");
  directory_.trouble = Status::timeout;
  EXPECT_EQ(answer(kByRef), "busy [ref] ref: visit-881: the directory takes too long to read");
  // A request that names its number does not read it.
  directory_.times_read = 0;
  EXPECT_EQ(answer(kGood), "");
  EXPECT_EQ(directory_.times_read, 0);
}

}  // namespace
}  // namespace fieldpost
