#include "agent/cli/cli.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

const std::vector<const char*> kGood = {
    "send",      "next-step",        "--to",        "12025550123", "--customer-name", "Maria",
    "--process", "loan application", "--next-step", "Sign here."};
constexpr const char* kGoodLine =
    R"({"scenario":"next-step","to":"12025550123","fields":)"
    R"({"customerName":"Maria","process":"loan","nextStep":"Sign here."}})";

class Cli : public testing::Test {
 protected:
  int run(const std::vector<const char*>& words) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    std::vector<const char*> arguments = {"fieldpost"};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return cli_main(arguments, shell_);
  }
  int send(const std::vector<const char*>& more) {
    std::vector<const char*> words = kGood;
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  bool said(const std::string& words) const {
    return shell_.err_text.find(words) != std::string::npos;
  }
  bool shown(const std::string& words) const {
    return shell_.out_text.find(words) != std::string::npos;
  }
  void fits_80_columns() const {
    std::string_view rest = shell_.out_text;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      EXPECT_LE(count_characters(rest.substr(0, end)), 80u) << rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
};

// --- Usage ---------------------------------------------------------------------------------------

TEST_F(Cli, BadArguments_Exit64InWordsAndAskNobody) {
  const std::string long_value(5'000, 'x');
  const std::string long_path(300, 'x');
  const std::vector<std::vector<const char*>> cases = {
      {},
      {""},
      {"sned"},
      {"Send"},
      {"pause", "now"},
      {"watch", "17"},
      {"watch", "--from"},
      {"watch", "--from", "-1"},
      {"watch", "--from", "now"},
      {"why"},
      {"why", "x"},
      {"retry", "--dry-run"},
      {"drop", "1", "--state", "held"},
      {"drop", "1", "--dry-run"},
      {"drop", "--state", "happy"},
      {"drop", "--older", "soon"},
      {"drop", "--to", "nobody"},
      {"\xff"},
      {"--json"},
      {"-x", "list"},
      {"-c"},
      {"-c", ""},
      {"-c", "a", "-c", "b", "list"},
      {"-c", "a"},
      {"-c", long_path.c_str(), "list"},
      {"-c", "\xff", "list"},
      {"run", "now"},
      {"run", "--json"},
      {"list", "all"},
      {"list", "--state"},
      {"list", "--state", "lost"},
      {"list", "--state=held&reveal=1"},
      {"list", "--limit", "0"},
      {"list", "--limit", "-3"},
      {"list", "--limit", "1e3"},
      {"list", "--limit", "18446744073709551616"},
      {"list", "--json", "--json"},
      {"list", "--reveal=yes"},
      {"show"},
      {"show", "x"},
      {"show", "0"},
      {"show", "017"},
      {"show", "17", "18"},
      {"show", "17/retry"},
      {"retry"},
      {"retry", "-17"},
      {"drop"},
      {"drop", "17", "--yes"},
      {"drop", "all"},
      {"status", "now"},
      {"flush", "--wait"},
      {"check", "--verbose"},
      {"scenarios", "next-step"},
      {"version", "--long"},
      {"help", "sned"},
      {"help", "send", "list"},
      {"send"},
      {"send", "next-step"},
      {"send", "--to", "12025550123"},
      {"send", "next-step", "status-changed", "--to", "12025550123"},
      {"send", "next-step", "--to"},
      {"send", "next-step", "--to", "--json"},
      {"send", "next-step", "--to", "1", "--to", "2"},
      {"send", "next-step", "--to", "1", "--colour", "red"},
      {"send", "next-step", "--to", "1", "--customerName", "Maria"},
      {"send", "next-step", "--to", "1", "--customer-name", "caf\xe9"},
      {"send", "next-step", "--to", "1", "--customer-name", long_value.c_str()},
      {"send", "next-step", "--to", "1", "--wait=soon"},
      {"send", "next-step", "--to", "1", "--wait=-5s"},
      {"send", "next-step", "--to", "1", "--wait", "--dry-run"},
      {"send", "next-step", "--stdin"},
      {"send", "--stdin", "--to", "12025550123"},
      {"send", "--stdin", "--wait"},
      {"send", "--stdin=file"},
  };
  EXPECT_GE(cases.size(), 30u);
  for (const auto& words : cases) {
    EXPECT_EQ(run(words), kUsage) << (words.empty() ? "nothing" : words.back());
    EXPECT_EQ(shell_.err_text.substr(0, 9), "fieldpost");
    EXPECT_NE(shell_.err_text.find_first_of(';'), std::string::npos) << shell_.err_text;
    EXPECT_EQ(shell_.err_text.back(), '\n');
    EXPECT_TRUE(is_utf8(shell_.err_text));
    EXPECT_EQ(shell_.out_text, "");
  }
  EXPECT_TRUE(shell_.requests.empty());
  EXPECT_EQ(shell_.runs, 0);
}

TEST_F(Cli, UnknownCommand_PointsToHelp) {
  EXPECT_EQ(run({"sned"}), kUsage);
  EXPECT_EQ(shell_.err_text, "fieldpost: unknown command sned; see fieldpost help\n");
}

TEST_F(Cli, UnknownOption_IsNamedWithoutItsValue) {
  EXPECT_EQ(run({"status", "--token=s3cret"}), kUsage);
  EXPECT_EQ(shell_.err_text,
            "fieldpost status: unknown option --token; see fieldpost help status\n");
}

TEST_F(Cli, Configuration_IsHandedOn) {
  EXPECT_EQ(run({"-c", "/tmp/f.json", "version"}), kDone);
  EXPECT_EQ(shell_.configuration_path, "/tmp/f.json");
}

TEST_F(Cli, Help_OfAllAndOfEach_Fits80Columns) {
  EXPECT_EQ(run({"help"}), kDone);
  fits_80_columns();
  const std::string all = shell_.out_text;
  for (const std::span<const Command> rows : all_commands()) {
    for (const Command& one : rows) {
      const std::string name(one.name);
      EXPECT_NE(all.find("\n  " + name + " "), std::string::npos) << name;
      EXPECT_EQ(run({"help", name.c_str()}), kDone);
      fits_80_columns();
      const std::string help = shell_.out_text;
      EXPECT_EQ(help.substr(0, 17 + name.size()), "Usage: fieldpost " + name);
      EXPECT_EQ(run({name.c_str(), "--help"}), kDone);
      EXPECT_EQ(shell_.out_text, help);
    }
  }
  EXPECT_EQ(run({"--help"}), kDone);
  EXPECT_EQ(shell_.out_text, all);
  EXPECT_TRUE(shell_.requests.empty());
  EXPECT_EQ(shell_.runs, 0);
}

// --- send ----------------------------------------------------------------------------------------

TEST_F(Cli, Send_Good_PrintsTheIdAlone) {
  EXPECT_EQ(send({"--operator", "kiosk 4"}), kDone);
  EXPECT_EQ(shell_.out_text, "17\n");
  EXPECT_TRUE(said("Queued; it goes out"));
  ASSERT_EQ(shell_.keeper.asks.size(), 1u);
  const Message& message = shell_.keeper.asks[0].message;
  EXPECT_EQ(message.to.view(), "12025550123");
  EXPECT_EQ(message.values[2], "Sign here.");
  EXPECT_EQ(message.operator_name.view(), "kiosk 4");
}

TEST_F(Cli, Send_NumberAndTexts_AreHiddenOnceTheyAreRead) {
  EXPECT_EQ(run(kGood), kDone);
  for (std::size_t i = 2; i + 1 < kGood.size(); i += 2) {
    EXPECT_EQ(std::ranges::count(shell_.hidden, kGood[i + 1]), 1) << kGood[i];
  }
}

TEST_F(Cli, Send_WithoutAgent_SaysWhatToDo) {
  shell_.agent_running = false;
  EXPECT_EQ(send({}), kDone);
  EXPECT_EQ(shell_.out_text, "17\n");
  EXPECT_EQ(shell_.err_text, "Queued; no agent is running: start it, or run fieldpost flush\n");
}

TEST_F(Cli, Send_Json_PrintsTheAnswer) {
  EXPECT_EQ(send({"--json"}), kDone);
  EXPECT_EQ(shell_.out_text, "{\"ok\":true,\"id\":17,\"state\":\"queued\"}\n");
  EXPECT_EQ(shell_.err_text, "");
}

TEST_F(Cli, Send_Duplicate_SaysSo) {
  shell_.keeper.duplicate = true;
  EXPECT_EQ(send({}), kDone);
  EXPECT_EQ(shell_.out_text, "17\n");
  EXPECT_TRUE(said("taken before"));
}

TEST_F(Cli, Send_QuotesInValues_ArriveAsTyped) {
  EXPECT_EQ(run({"send", "status-changed", "--to=+1 (202) 555-0123", "--customer-name",
                 "O\"Neil \\ Zoë 🙂", "--process=order #12345", "--status", "Shipped"}),
            kDone);
  EXPECT_EQ(shell_.keeper.asks[0].message.values[0], "O\"Neil \\ Zoë 🙂");
}

TEST_F(Cli, Send_WhatAsksForOptIn_NamesTheOptionAndTakesIt) {
  for (std::size_t i = 0; i < settings_->template_count; ++i) {
    settings_->templates[i].require_opt_in = true;
  }
  EXPECT_EQ(send({}), kBadField);
  EXPECT_TRUE(said("--opt-in: must be true"));
  EXPECT_TRUE(shell_.keeper.asks.empty());
  EXPECT_EQ(send({"--opt-in"}), kDone);
}

TEST_F(Cli, Send_Refused_ExitsByTheError) {
  const struct {
    std::vector<const char*> words;
    int exit;
    const char* said;
  } cases[] = {
      {{"send", "nope", "--to", "12025550123"}, kBadField, "nope is not known"},
      {{"send", "next-step", "--to", "012345678"}, kBadField, "--to: "},
      {{"send", "next-step", "--to", "12025550123"}, kBadField, "--customer-name: is missing"},
      {{"send", "next-step", "--to", "12025550123", "--key", ""}, kBadField, "--key: "},
      {{"send", "next-step", "--to", "12025550123", "--topic", " "}, kBadField, "--topic: "},
      {{"send", "next-step", "--to", "12025550123", "--ttl", "8"}, kBadField, "--ttl: "},
      {{"send", "next-step", "--to", "12025550123", "--not-before", "1m"},
       kBadField,
       "--not-before: "},
      {{"send", "next-step", "--ref", "k"}, kConfiguration, "--ref: "},
      {{"send", "next-step", "--to", "12025550123", "--language", "english"},
       kBadField,
       "--language: "},
      {{"send", "next-step", "--to", "12025550123", "--customer-name", " "},
       kBadField,
       "--customer-name: "},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(run(one.words), one.exit);
    EXPECT_TRUE(said(one.said)) << shell_.err_text;
    EXPECT_EQ(shell_.out_text, "");
  }
  EXPECT_TRUE(shell_.keeper.asks.empty());
}

TEST_F(Cli, Send_RefusedWithJson_PrintsTheObjectToo) {
  EXPECT_EQ(run({"send", "next-step", "--to", "12025550123", "--json"}), kBadField);
  EXPECT_EQ(shell_.out_text.substr(0, 54),
            R"({"ok":false,"error":"invalid","field":"customerName",)"
            "\"");
  EXPECT_TRUE(said("--customer-name: is missing"));
}

TEST_F(Cli, Send_RefusedByTheKeeper_ExitsByTheError) {
  const std::pair<Refusal, int> cases[] = {{Refusal::queue_full, kQueueFull},
                                           {Refusal::storage, kFlashError},
                                           {Refusal::busy, kNotReachable}};
  for (const auto& [refusal, exit] : cases) {
    shell_.keeper.refuse[Wish::take] = refusal;
    EXPECT_EQ(send({}), exit);
    EXPECT_EQ(shell_.out_text, "");
    EXPECT_NE(shell_.err_text, "");
  }
}

TEST_F(Cli, Send_NotConfigured_Is78) {
  settings_->template_count = 0;
  EXPECT_EQ(send({}), kConfiguration);
  EXPECT_TRUE(said("templates.next-step is missing")) << shell_.err_text;
}

TEST_F(Cli, Send_WhereOnlyTheAgentMayReadTheConfiguration_StillWorks) {
  define_scenario(*settings_, "visit", {"arrivalTime"}, "");
  shell_.known_settings = nullptr;
  shell_.hidden_settings = settings_.get();
  EXPECT_EQ(send({}), kDone);
  EXPECT_EQ(run({"send", "visit", "--to", "12025550123", "--arrival-time", "10"}), kDone);
  EXPECT_EQ(shell_.keeper.asks[1].message.values[0], "10");
}

TEST_F(Cli, Send_DryRun_ShowsNumberAndTextAndQueuesNothing) {
  std::vector<const char*> words = kGood;
  words[3] = "+1 (202) 555-0123";
  words.push_back("--dry-run");
  EXPECT_EQ(run(words), kDone);
  EXPECT_TRUE(shown("To        12025550123\n"));
  EXPECT_TRUE(
      shown("Hello, Maria! For your process \"loan application\", the next step is: "
            "Sign here."));
  EXPECT_TRUE(shown("Nothing was queued.\n"));
  EXPECT_TRUE(shown("(approximate: fieldpost templates --save keeps"));
  EXPECT_TRUE(shell_.requests.empty());
  set_text(*settings_, settings_->templates[1], "{{1}}, {{2}}: {{3}}");
  EXPECT_EQ(send({"--dry-run"}), kDone);
  EXPECT_TRUE(shown("Maria, loan application: Sign here."));
  EXPECT_FALSE(shown("approximate")) << "this is the approved text";
  EXPECT_EQ(send({"--dry-run", "--json"}), kDone);
  EXPECT_TRUE(shown(R"("dry_run":true)"));
  EXPECT_EQ(run({"send", "next-step", "--to", "0123", "--dry-run"}), kBadField);
  shell_.known_settings = nullptr;
  shell_.trouble_words = "fieldpost.json:3: api.channel: is missing";
  shell_.trouble_exit = kConfiguration;
  EXPECT_EQ(send({"--dry-run"}), kConfiguration);
  EXPECT_TRUE(said("api.channel"));
}

TEST_F(Cli, Send_Wait_ExitsByWhatBecomesOfIt) {
  const std::pair<State, int> cases[] = {
      {State::accepted, kDone},      {State::delivered, kDone},  {State::held, kRefused},
      {State::failed, kRefused},     {State::dropped, kRefused}, {State::expired, kRefused},
      {State::superseded, kRefused}, {State::read, kDone},       {State::sent, kDone},
  };
  for (const auto& [state, exit] : cases) {
    shell_.keeper.rows.clear();
    int looks = 0;
    shell_.while_asleep = [&, state = state] {
      if (++looks == 3) shell_.keeper.rows.back().state = state;
    };
    EXPECT_EQ(send({"--wait"}), exit) << to_text(state);
    EXPECT_EQ(looks, 3);
    EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 1);
  }
}

TEST_F(Cli, Send_WaitAccepted_PromisesNoMoreThanIsKnown) {
  shell_.while_asleep = [&] { shell_.keeper.rows.back().state = State::accepted; };
  EXPECT_EQ(send({"--wait=10s"}), kDone);
  EXPECT_TRUE(said("accepted: 1MSG has it, not yet on the phone\n")) << shell_.err_text;
}

TEST_F(Cli, Send_WaitHeld_GivesReasonAndDetail) {
  shell_.while_asleep = [&] {
    Row& row = shell_.keeper.rows.back();
    row.state = State::held;
    row.reason = Reason::refused_unspecified;
    MUST(row.detail.assign("No balance"));
  };
  EXPECT_EQ(send({"--wait=10s"}), kRefused);
  EXPECT_TRUE(
      said("held: stopped until a person decides; 1MSG refused it and did not say why "
           "(No balance)"))
      << shell_.err_text;
  EXPECT_EQ(send({"--wait=10s", "--json"}), kRefused);
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 2);
  EXPECT_TRUE(shown(R"("state":"held")"));
}

TEST_F(Cli, Send_WaitOver_Is75AndLasts) {
  const Instant began = shell_.time;
  EXPECT_EQ(send({"--wait=5s"}), kStillQueued);
  EXPECT_EQ((shell_.time - began).ms, 5'000u);
  EXPECT_TRUE(said("queued: waits to be sent"));
  shell_.while_asleep = [&] { shell_.keeper.rows.back().state = State::uncertain; };
  EXPECT_EQ(send({"--wait=5s"}), kStillQueued);
  EXPECT_TRUE(said("uncertain: may have been sent"));
}

TEST_F(Cli, Send_WaitWithoutAgent_DrainsAndDoesNotWait) {
  shell_.agent_running = false;
  const Instant began = shell_.time;
  shell_.drain_result = Status::full;
  EXPECT_EQ(send({"--wait"}), kStillQueued);
  EXPECT_TRUE(said("queued: waits to be sent"));
  shell_.drain_result = Status::invalid;
  shell_.trouble_words = "api.token_file: no such file";
  shell_.trouble_exit = kConfiguration;
  EXPECT_EQ(send({"--wait"}), kConfiguration);
  EXPECT_TRUE(said("api.token_file: no such file"));
  EXPECT_EQ(shell_.time, began);
}

TEST_F(Cli, Send_AgentGoneWhileWaiting_IsNoVerdict) {
  shell_.trouble_words = "the agent does not answer";
  int looks = 0;
  shell_.while_asleep = [&] {
    ++looks;
    shell_.ask_fails = looks < 4 ? Status::io : Status::ok;
    if (looks == 6) shell_.keeper.rows.back().state = State::accepted;
  };
  EXPECT_EQ(send({"--wait"}), kDone);
  shell_.while_asleep = [&] { shell_.ask_fails = Status::io; };
  EXPECT_EQ(send({"--wait=3s"}), kNotReachable);
  EXPECT_EQ(shell_.out_text, "18\n");
}

TEST_F(Cli, SendStdin_AnswersEachLineAndExitsWithTheWorst) {
  shell_.input = {kGoodLine, "", "  ", "{", kGoodLine, R"({"scenario":"nope"})"};
  EXPECT_EQ(run({"send", "--stdin"}), kBadField);
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 4);
  EXPECT_EQ(shell_.out_text.substr(0, 39), "{\"ok\":true,\"id\":17,\"state\":\"queued\"}\n{\"");
  EXPECT_TRUE(shown(R"("id":18)"));
  EXPECT_TRUE(said("fieldpost send: line 4: "));
  EXPECT_TRUE(said("fieldpost send: line 6: "));
}

TEST_F(Cli, SendStdin_Nothing_IsDone) {
  EXPECT_EQ(run({"send", "--stdin"}), kDone);
  EXPECT_EQ(shell_.out_text, "");
}

TEST_F(Cli, SendStdin_TooLongALine_IsAnsweredAndTheRestGoesOn) {
  shell_.input = {std::string(20'000, 'x'),
                  std::string(limits::local_body_bytes_max + 1, ' ') + "x", kGoodLine};
  EXPECT_EQ(run({"send", "--stdin"}), kBadField);
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 3);
  EXPECT_TRUE(shown(R"("error":"too_large")"));
  EXPECT_TRUE(shown(R"("id":17)"));
}

TEST_F(Cli, SendStdin_Unreachable_AnswersEachLineAllTheSame) {
  shell_.input = {kGoodLine, kGoodLine};
  shell_.ask_fails = Status::io;
  shell_.trouble_words = "no right to the socket: join the group fieldpost";
  shell_.trouble_exit = kNotAllowed;
  EXPECT_EQ(run({"send", "--stdin"}), kNotAllowed);
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 2);
  EXPECT_TRUE(shown(R"({"ok":false,"error":"denied","message":"no right)"));
}

TEST_F(Cli, SendStdin_DryRun_QueuesNothing) {
  shell_.input = {kGoodLine};
  EXPECT_EQ(run({"send", "--stdin", "--dry-run"}), kDone);
  EXPECT_TRUE(shown(R"("dry_run":true)"));
  EXPECT_TRUE(shell_.requests.empty());
}

// --- list, show, status --------------------------------------------------------------------------

TEST_F(Cli, List_Table_FitsAndMasks) {
  shell_.keeper.add(17, State::accepted);
  shell_.keeper.add(123456, State::superseded, Reason::configuration_rejected);
  MUST(shell_.keeper.add(1234567, State::held, Reason::recipient_unreachable)
           .scenario.assign("a-scenario-with-a-long-name"));
  EXPECT_EQ(run({"list"}), kDone);
  fits_80_columns();
  EXPECT_EQ(shell_.out_text,
            "ID     STATE      TO          SCENARIO         CREATED UTC REASON\n"
            "17     accepted   1202•••0123 next-step        11-18 11:06\n"
            "123456 superseded 1202•••0123 next-step        11-18 11:06 configuration_reject…\n"
            "1234567 held       1202•••0123 a-scenario-wit… 11-18 11:06 recipient_unreachable\n");
  EXPECT_EQ(run({"list", "--reveal"}), kDone);
  fits_80_columns();
  EXPECT_FALSE(shown("not yet on the phone"));
  shell_.terminal = true;
  EXPECT_EQ(run({"list"}), kDone);
  fits_80_columns();
  EXPECT_TRUE(shown("accepted    1MSG has it, not yet on the phone\n"));
}

TEST_F(Cli, List_OptionsGoIntoTheQuery) {
  shell_.keeper.add(17, State::held);
  shell_.keeper.add(18, State::queued);
  EXPECT_EQ(run({"list", "--state", "held", "--limit", "5", "--reveal", "--json"}), kDone);
  EXPECT_EQ(shell_.requests.back(), "/v1/messages?state=held&limit=5&reveal=1 ");
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 1);
  EXPECT_TRUE(shown(R"("to":"12025550123","state":"held")"));
}

TEST_F(Cli, List_Empty_SaysSoToPeopleOnly) {
  EXPECT_EQ(run({"list"}), kDone);
  EXPECT_EQ(shell_.out_text, "No messages.\n");
  EXPECT_EQ(run({"list", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text, "");
}

TEST_F(Cli, List_Refused_ExitsByTheError) {
  shell_.keeper.refuse[Wish::rows] = Refusal::busy;
  EXPECT_EQ(run({"list"}), kNotReachable);
  EXPECT_TRUE(said("busy"));
}

TEST_F(Cli, List_RefusedHalfWay_IsNoSuccess) {
  shell_.raw_answer = R"({"ok":false,"error":"storage","message":"the store failed"})";
  EXPECT_EQ(run({"list"}), kFlashError);
  EXPECT_TRUE(said("the store failed"));
}

TEST_F(Cli, Show_Block_SaysStateAndReasonInWords) {
  Row& row = shell_.keeper.add(17, State::held, Reason::maybe_sent);
  row.retry_of = 3;
  EXPECT_EQ(run({"show", "17"}), kDone);
  EXPECT_TRUE(shown("To            1202•••0123\n"));
  EXPECT_TRUE(shown("State         held: stopped until a person decides\n"));
  EXPECT_TRUE(shown("Reason        maybe_sent: it may already have been sent\n"));
  EXPECT_TRUE(shown("Created       2026-11-18 11:06:40 UTC\n"));
  EXPECT_TRUE(shown("Retry of      3\n"));
  EXPECT_FALSE(shown("Next attempt"));
  EXPECT_EQ(run({"show", "17", "--reveal"}), kDone);
  EXPECT_TRUE(shown("To            12025550123\n"));
  EXPECT_EQ(run({"show", "17", "--json"}), kDone);
  EXPECT_TRUE(shown(R"({"id":17,)"));
}

TEST_F(Cli, NoSuchId_Is66) {
  EXPECT_EQ(run({"show", "5"}), kNoSuchId);
  EXPECT_EQ(run({"retry", "5"}), kNoSuchId);
  EXPECT_EQ(run({"drop", "5"}), kNoSuchId);
  EXPECT_TRUE(said("fieldpost drop: no message has this id\n"));
}

TEST_F(Cli, Status_Screen_SaysWhatMatters) {
  StatusReport& status = shell_.keeper.status;
  status.counts[0] = 3;
  status.counts[4] = 5;
  status.network_known = true;
  status.network = Reason::name_not_found;
  MUST(status.detail.assign("api.1msg.io"));
  status.oldest = 4;
  status.oldest_age = 7'300_s;
  status.oldest_waits_for = Reason::template_unknown;
  status.next_attempt_in = 42_s;
  status.live = 3;
  status.live_max = 4096;
  status.store_bytes = 8u << 20;
  status.store_used_bytes = 4'000;
  status.store_room_bytes = 480u << 10;
  status.begun_most = 7;
  status.sandbox = Sandbox::full;
  EXPECT_EQ(run({"status"}), kDone);
  EXPECT_EQ(shell_.out_text,
            "Agent         running\n"
            "Network       offline: the server's name was not found\n"
            "              api.1msg.io\n"
            "Channel       open\n"
            "Messages      3 queued: waits to be sent\n"
            "              5 accepted: 1MSG has it, not yet on the phone\n"
            "Oldest        message 4 waits since 2 h\n"
            "              1MSG does not know the template\n"
            "Next attempt  in 42 s\n"
            "Store         4000 bytes of 480 KiB used, 3 of 4096 messages on their way\n"
            "Wear          7 times round\n");
  status.store_failed = status.store_volatile = status.configuration_rejected = true;
  status.corrupt_units = 2;
  shell_.agent_running = false;
  EXPECT_EQ(run({"status"}), kDone);
  fits_80_columns();
  EXPECT_TRUE(shown("not running"));
  EXPECT_TRUE(shown("FAILED"));
  EXPECT_TRUE(shown("in memory"));
  EXPECT_TRUE(shown("Configuration wrong"));
  EXPECT_EQ(run({"status", "--json"}), kDone);
  EXPECT_TRUE(shown(R"({"counts":{"queued":3,)"));
}

TEST_F(Cli, Metrics_ArePrintedAsTheyCome_OrAsTheStatusWithJson) {
  shell_.keeper.status.syncs = 12;
  EXPECT_EQ(run({"metrics"}), kDone);
  EXPECT_TRUE(shown("\nfieldpost_store_syncs_total 12\n"));
  EXPECT_EQ(run({"metrics", "--json"}), kDone);
  EXPECT_TRUE(shown(R"({"counts":{"queued":0,)"));
  shell_.keeper.refuse[Wish::status] = Refusal::busy;
  EXPECT_EQ(run({"metrics"}), kNotReachable);
  EXPECT_EQ(shell_.out_text, "");
  EXPECT_TRUE(said("fieldpost metrics: the agent is busy"));
  shell_.ask_fails = Status::io;
  shell_.trouble_words = "the agent does not answer";
  EXPECT_EQ(run({"metrics"}), shell_.trouble_exit);
  EXPECT_TRUE(said("the agent does not answer"));
}

TEST_F(Cli, Watch_WithoutAnAgent_TellsWhatHappenedAndThatNothingMoreWill) {
  shell_.agent_running = false;
  for (std::uint64_t n = 1; n <= 6; ++n) shell_.keeper.happens(256 * n, n, State::held);
  EXPECT_EQ(run({"watch", "--from", "512"}), kNotReachable);
  EXPECT_TRUE(shell_.out_text.starts_with("3      held")) << shell_.out_text;
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 4);
  EXPECT_TRUE(said("No agent is running"));
  fits_80_columns();
  EXPECT_EQ(run({"watch", "--json"}), kNotReachable);
  EXPECT_EQ(shell_.out_text, "{\"event\":1536}\n");
}

TEST_F(Cli, Watch_WhatTheLogNoLongerHolds_IsSaidBeforeThePresentStates) {
  shell_.keeper.forgotten = 1000;
  shell_.keeper.add(17, State::held);
  (void)run({"watch", "--from", "999"});
  EXPECT_TRUE(shell_.out_text.starts_with("Some changes are no longer in the log"))
      << shell_.out_text;
  EXPECT_TRUE(shown("\n17     held"));
  fits_80_columns();
}

TEST_F(Cli, Watch_Refused_SaysWhyAndEnds) {
  shell_.keeper.refuse[Wish::events] = Refusal::busy;
  EXPECT_EQ(run({"watch"}), kNotReachable);
  EXPECT_TRUE(said("fieldpost watch: the agent is busy"));
}

TEST_F(Cli, Unreachable_SaysTheShellsWordsAndExitsByThem) {
  shell_.ask_fails = Status::io;
  shell_.trouble_words = "the queue's file is damaged";
  shell_.trouble_exit = kFlashError;
  const std::vector<std::vector<const char*>> all = {
      {"list"}, {"show", "1"}, {"status"}, {"retry", "1"}, {"drop", "1"}, {"scenarios"}, kGood};
  for (const auto& words : all) {
    EXPECT_EQ(run(words), kFlashError);
    EXPECT_TRUE(said("the queue's file is damaged"));
    EXPECT_EQ(shell_.out_text, "");
  }
  EXPECT_EQ(run({"status", "--json"}), kFlashError);
  EXPECT_TRUE(shown(R"({"ok":false,"error":"storage",)"));
}

TEST_F(Cli, AnswerThatIsNoJson_Is70) {
  shell_.raw_answer = "<html>";
  for (const auto& words : std::vector<std::vector<const char*>>{{"list"},
                                                                 {"show", "1"},
                                                                 {"status"},
                                                                 {"retry", "1"},
                                                                 {"drop", "1"},
                                                                 {"scenarios"},
                                                                 kGood}) {
    EXPECT_EQ(run(words), kInternal) << words[0];
    EXPECT_FALSE(said("html"));
  }
}

// --- retry, drop ---------------------------------------------------------------------------------

TEST_F(Cli, Retry_MaybeSent_AsksFirst) {
  shell_.keeper.add(5, State::held, Reason::maybe_sent);
  EXPECT_EQ(run({"retry", "5"}), kBadField);
  ASSERT_EQ(shell_.questions.size(), 1u);
  EXPECT_NE(shell_.questions[0].find("the customer may get it twice"), std::string::npos);
  EXPECT_TRUE(said("--yes"));
  EXPECT_EQ(shell_.keeper.find(5)->state, State::held);
  shell_.agrees = true;
  EXPECT_EQ(run({"retry", "5"}), kDone);
  EXPECT_EQ(shell_.keeper.find(5)->state, State::queued);
}

TEST_F(Cli, Retry_WithYes_NeedsNoTerminal) {
  shell_.keeper.add(5, State::uncertain);
  EXPECT_EQ(run({"retry", "5", "--yes"}), kDone);
  EXPECT_TRUE(shell_.questions.empty());
  EXPECT_EQ(shell_.out_text, "5 queued: waits to be sent\n");
}

TEST_F(Cli, Retry_Held_AsksNothing) {
  shell_.keeper.add(5, State::held, Reason::template_paused);
  EXPECT_EQ(run({"retry", "5", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text, "{\"ok\":true,\"id\":5,\"state\":\"queued\"}\n");
  EXPECT_TRUE(shell_.questions.empty());
}

TEST_F(Cli, Retry_Failed_NamesTheNewOne) {
  shell_.keeper.add(5, State::failed);
  EXPECT_EQ(run({"retry", "5"}), kDone);
  EXPECT_EQ(shell_.out_text, "17 queued: waits to be sent (a new message in place of 5)\n");
}

TEST_F(Cli, WrongState_Is65) {
  shell_.keeper.add(5, State::delivered);
  EXPECT_EQ(run({"retry", "5"}), kBadField);
  EXPECT_EQ(run({"drop", "5"}), kBadField);
  EXPECT_TRUE(said("already ended"));
}

TEST_F(Cli, Drop_Queued_Says) {
  shell_.keeper.add(5, State::queued);
  EXPECT_EQ(run({"drop", "5"}), kDone);
  EXPECT_EQ(shell_.out_text, "5 dropped: given up: it will not be sent\n");
}

// --- the rest ------------------------------------------------------------------------------------

TEST_F(Cli, Flush_Leftovers_Are75WithTheReason) {
  shell_.drain_lines = {
      R"({"counts":{"queued":3,"sending":0,"accepted":10},"channel":{"reason":null},)"
      R"("network":{"reason":null}})",
      R"({"counts":{"queued":1,"sending":0,"accepted":12},"channel":{"reason":null},)"
      R"("network":{"reason":"connect_failed"}})"};
  shell_.drain_result = Status::full;
  EXPECT_EQ(run({"flush"}), kStillQueued);
  EXPECT_EQ(shell_.out_text, "2 messages accepted: 1MSG has them, not yet on the phone\n");
  EXPECT_EQ(shell_.err_text, "1 is left and stays queued: the server could not be reached\n");
  EXPECT_EQ(run({"flush", "--json"}), kStillQueued);
  EXPECT_EQ(shell_.out_text, shell_.drain_lines[1] + "\n");
  shell_.terminal = true;
  EXPECT_EQ(run({"flush"}), kStillQueued);
  EXPECT_TRUE(shown("\r0 accepted, 3 to go"));
  EXPECT_TRUE(shown("\r2 accepted, 1 to go"));
}

TEST_F(Cli, Flush_HeldOrFailedOnTheWay_Are76UnlessSomeAreLeft) {
  shell_.drain_lines = {
      R"({"counts":{"queued":4,"held":1,"failed":2},"channel":{},"network":{}})",
      R"({"counts":{"accepted":2,"held":2,"failed":3},"channel":{},"network":{}})"};
  EXPECT_EQ(run({"flush"}), kRefused);
  EXPECT_TRUE(shown("2 messages accepted"));
  EXPECT_EQ(shell_.err_text, "2 refused: fieldpost list says why\n");
  shell_.drain_lines[1] =
      R"({"counts":{"accepted":2,"held":2,"uncertain":1},"channel":{},"network":{}})";
  shell_.drain_result = Status::full;
  EXPECT_EQ(run({"flush"}), kStillQueued);
  EXPECT_EQ(shell_.err_text, "1 may have been sent: nobody can say yet\n");
  shell_.drain_result = Status::ok;
  shell_.drain_lines.pop_back();
  EXPECT_EQ(run({"flush"}), kDone) << "what was held before is no news";
}

TEST_F(Cli, Store_Verify_SaysHowItIsAndExitsWithIt) {
  shell_.store_lines = {
      R"({"ok":true,"store":"ab","version":1,"size":8388608,"laps":3,"messages":2,"ended":7,)"
      R"("torn":1,"corrupt":0,"unreadable":0,"lost":0,"in_doubt":0})"};
  EXPECT_EQ(run({"store", "verify"}), kDone);
  EXPECT_EQ(shell_.looked, StoreLook::verify);
  EXPECT_EQ(shell_.out_text,
            "Store         ab, format 1, 8192 KiB, begun anew 3 times\n"
            "Messages      2 on their way, 7 ended\n"
            "Torn          1 units, cut by power loss: nothing promised was in them\n");
  shell_.store_lines = {R"({"ok":false,"corrupt":2})"};
  EXPECT_EQ(run({"store", "verify"}), kFlashError);
  EXPECT_TRUE(shown("Corrupt       2 units"));
  EXPECT_EQ(run({"store", "verify", "--json"}), kFlashError);
  EXPECT_EQ(shell_.out_text, shell_.store_lines[0] + "\n");
}

TEST_F(Cli, Store_ExportAndSalvage_PassObjectsOn) {
  shell_.store_lines = {R"({"id":1})", R"({"id":2})"};
  EXPECT_EQ(run({"store", "export"}), kDone);
  EXPECT_EQ(shell_.looked, StoreLook::export_all);
  EXPECT_EQ(shell_.out_text, "{\"id\":1}\n{\"id\":2}\n");
  EXPECT_EQ(run({"store", "salvage", "/tmp/copy"}), kDone);
  EXPECT_EQ(shell_.looked, StoreLook::salvage);
  EXPECT_EQ(shell_.looked_path, "/tmp/copy");
  shell_.store_result = Status::timeout;
  shell_.trouble_words = "another agent or command is using the queue";
  EXPECT_EQ(run({"store", "export"}), kNotReachable);
  EXPECT_TRUE(said("another agent or command"));
}

TEST_F(Cli, Store_Upgrade_SaysFromWhatToWhat) {
  shell_.store_lines = {R"({"ok":true,"from":1,"version":2})"};
  EXPECT_EQ(run({"store", "upgrade"}), kDone);
  EXPECT_EQ(shell_.looked, StoreLook::upgrade);
  EXPECT_EQ(shell_.out_text, "Store         written as format 2, before as 1\n");
}

TEST_F(Cli, Store_Selftest_SaysWhatThePlaceKeeps) {
  shell_.store_lines = {
      R"({"ok":true,"rounds":12,"taken":700,"lost":0,"corrupt":0,"sync_us":850})"};
  EXPECT_EQ(run({"store", "selftest", "/data"}), kDone);
  EXPECT_EQ(shell_.looked, StoreLook::self_test);
  EXPECT_EQ(shell_.looked_path, "/data");
  EXPECT_EQ(shell_.out_text,
            "Self-test     12 writers killed, 700 messages promised, 850 us a sync\n"
            "Nothing was lost.\n");
  shell_.store_lines = {R"({"promised":52})",
                        R"({"ok":true,"rounds":1,"taken":3,"sync_us":9,"found":0})"};
  EXPECT_EQ(run({"store", "selftest", "/data"}), kDone);
  EXPECT_TRUE(shown("Promised      up to message 52\nSelf-test     1 writers killed"));
  EXPECT_TRUE(shown("an earlier self-test here: it can be read up to message 0;"));
  shell_.store_lines = {R"({"ok":false,"lost":3})"};
  EXPECT_EQ(run({"store", "selftest", "/data"}), kFlashError);
  EXPECT_TRUE(shown("Lost          3 messages"));
  EXPECT_EQ(run({"store", "selftest"}), kUsage);
  EXPECT_TRUE(said("selftest wants a folder or a device"));
}

TEST_F(Cli, Store_WhatItDoesNotKnow_IsAUsageError) {
  EXPECT_EQ(run({"store"}), kUsage);
  EXPECT_TRUE(said("what to do is missing"));
  EXPECT_EQ(run({"store", "repair"}), kUsage);
  EXPECT_TRUE(said("there is no store command repair"));
  EXPECT_EQ(run({"store", "verify", "/tmp/copy"}), kUsage);
  EXPECT_TRUE(said("takes no path: /tmp/copy"));
  EXPECT_FALSE(shell_.looked.has_value());
}

TEST_F(Cli, Flush_AllSentOrTrouble) {
  EXPECT_EQ(run({"flush"}), kDone);
  shell_.drain_result = Status::io;
  shell_.trouble_words = "an agent is running: it sends by itself";
  EXPECT_EQ(run({"flush"}), kNotReachable);
  EXPECT_TRUE(said("an agent is running"));
}

TEST_F(Cli, Check_Exits) {
  EXPECT_EQ(run({"check"}), kDone);
  EXPECT_TRUE(shown("are good"));
  EXPECT_EQ(run({"check", "--print", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text, "{\"api.base_url\":\"x\"}\n{\"ok\":true}\n");
  shell_.check_result = Status::invalid;
  EXPECT_EQ(run({"check"}), kConfiguration);
  EXPECT_FALSE(shown("are good"));
  shell_.known_settings = nullptr;
  shell_.trouble_words = "/etc/fieldpost/fieldpost.json:3: api.channel: is missing";
  shell_.trouble_exit = kConfiguration;
  EXPECT_EQ(run({"check"}), kConfiguration);
  EXPECT_TRUE(said("fieldpost check: /etc/fieldpost/fieldpost.json:3: api.channel"));
}

TEST_F(Cli, Scenarios_ListsFieldsAsTheyAreTyped) {
  EXPECT_EQ(run({"scenarios"}), kDone);
  EXPECT_TRUE(shown("next-step  (next step)\n"));
  EXPECT_TRUE(shown("  --customer-name VALUE\n"));
  EXPECT_FALSE(shown("--opt-in"));
  settings_->templates[1].require_opt_in = true;
  EXPECT_EQ(run({"scenarios"}), kDone);
  EXPECT_TRUE(shown("  --opt-in\n      the customer has agreed"));
  fits_80_columns();
  settings_->template_count = 2;
  EXPECT_EQ(run({"scenarios"}), kDone);
  EXPECT_TRUE(shown("not in the configuration"));
  EXPECT_EQ(run({"scenarios", "--json"}), kDone);
  EXPECT_EQ(std::ranges::count(shell_.out_text, '\n'), 5);
}

TEST_F(Cli, Version_NamesTheLibraries) {
  EXPECT_EQ(run({"version"}), kDone);
  EXPECT_TRUE(shown("fieldpost "));
  EXPECT_TRUE(shown("\nMbed TLS "));
  EXPECT_EQ(run({"version", "--json"}), kDone);
  EXPECT_TRUE(shown(R"({"version":")"));
  EXPECT_TRUE(shown(R"("libraries":{"Mbed TLS":)"));
}

TEST_F(Cli, Run_GivesTheShellsExit) {
  shell_.run_exit = kConfiguration;
  EXPECT_EQ(run({"run"}), kConfiguration);
  EXPECT_EQ(shell_.runs, 1);
}

}  // namespace
}  // namespace fieldpost
