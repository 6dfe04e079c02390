// why, pause and resume, and decisions about many.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/cli/cli.h"
#include "agent/cli/words.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_shell.h"

namespace fieldpost {
namespace {

constexpr UnixTime kNow{1'795'000'001};  // as the fake shell has it

class Decisions : public testing::Test {
 protected:
  int run(std::vector<const char*> words) {
    shell_.out_text.clear();
    shell_.err_text.clear();
    words.insert(words.begin(), "fieldpost");
    return cli_main(words, shell_);
  }
  Row& add(MessageId id, State state, Reason reason = Reason::none) {
    return shell_.keeper.add(id, state, reason);
  }
  State state_of(MessageId id) { return shell_.keeper.find(id)->state; }

  std::unique_ptr<Settings> settings_ = five_configured();
  FakeShell shell_{settings_.get()};
};

TEST_F(Decisions, WhyAndShow_SayWhatToDoAboutACode) {
  add(17, State::failed, Reason::undelivered).code = 131049;
  EXPECT_EQ(run({"why", "17"}), 0);
  EXPECT_NE(
      shell_.out_text.find("WhatsApp could not deliver it; code 131049; the customer got many"),
      std::string::npos)
      << shell_.out_text;
  EXPECT_EQ(run({"show", "17"}), 0);
  EXPECT_NE(shell_.out_text.find("\nCode          131049\nWhat to do    the customer got many"),
            std::string::npos)
      << shell_.out_text;
}

TEST_F(Decisions, WhyAndShow_SayWhatToCheckWhereNoCodeWasTold) {
  add(17, State::failed, Reason::undelivered);
  EXPECT_EQ(run({"why", "17"}), 0);
  EXPECT_NE(shell_.out_text.find("could not deliver it; check that the customer has agreed"),
            std::string::npos)
      << shell_.out_text;
  EXPECT_EQ(run({"show", "17"}), 0);
  EXPECT_EQ(shell_.out_text.find("\nCode"), std::string::npos);
  EXPECT_NE(shell_.out_text.find("\nWhat to do    check that"), std::string::npos);
}

// "Send it again" about what the customer may have would make two of one.
TEST_F(Decisions, WhyAndShow_AdviseNothingAboutACodeOfThePast) {
  const struct {
    State state;
    Reason reason;
  } cases[] = {
      {State::queued, Reason::none},       {State::queued, Reason::backoff},
      {State::sending, Reason::none},      {State::uncertain, Reason::maybe_sent},
      {State::held, Reason::maybe_sent},   {State::held, Reason::pending_job},
      {State::accepted, Reason::none},     {State::delivered, Reason::none},
      {State::expired, Reason::ttl},       {State::superseded, Reason::newer_topic},
      {State::dropped, Reason::by_person},
  };
  for (const std::int32_t code : {131000, 131049}) {
    for (const auto& one : cases) {
      shell_.keeper.rows.clear();
      add(17, one.state, one.reason).code = code;
      EXPECT_EQ(run({"why", "17"}), kDone);
      EXPECT_EQ(shell_.out_text.find("code"), std::string::npos) << shell_.out_text;
      EXPECT_EQ(shell_.out_text.find("again"), std::string::npos) << shell_.out_text;
      EXPECT_EQ(run({"show", "17"}), kDone);
      EXPECT_EQ(shell_.out_text.find("What to do"), std::string::npos) << shell_.out_text;
    }
  }
  shell_.keeper.rows.clear();
  add(17, State::held, Reason::template_unknown).code = 132001;
  EXPECT_EQ(run({"why", "17"}), kDone);
  EXPECT_NE(shell_.out_text.find("code 132001; the template does not exist"), std::string::npos)
      << shell_.out_text;
}

TEST_F(Decisions, Why_SaysOneTrueSentenceForEveryCase) {
  const std::string waits = "Message 17 is queued: waits to be sent";
  const std::string held = "Message 17 is held: stopped until a person decides";
  const std::string maybe = "Message 17 is uncertain: may have been sent: nobody can say yet";
  const std::string next = "; next try 2026-11-18 08:58:20 UTC";
  const std::string unless_agreed =
      "; if it stays so, check that the customer has agreed to get messages and that the template "
      "is "
      "approved.\n";
  const std::string one = "; 1 waits for the same cause.\n";
  const struct {
    State state;
    Reason reason;
    bool planned;  // a next try
    std::string sentence;
  } cases[] = {
      {State::queued, Reason::none, false, waits + ".\n"},
      {State::queued, Reason::none, true, waits + next + ".\n"},
      {State::queued, Reason::network_down, true, waits + "; there is no network" + next + one},
      {State::queued, Reason::name_not_found, true,
       waits + "; the server's name was not found" + next + one},
      {State::queued, Reason::connect_failed, true,
       waits + "; the server could not be reached" + next + one},
      {State::queued, Reason::tls_expired, true,
       waits + "; the server's certificate has expired" + next + one},
      {State::queued, Reason::tls_not_yet_valid, true,
       waits + "; the server's certificate is not valid yet; is the clock right?" + next + one},
      {State::queued, Reason::tls_other_name, true,
       waits + "; the server's certificate is for another name" + next + one},
      {State::queued, Reason::tls_unknown_issuer, true,
       waits + "; the server's certificate is from an unknown issuer" + next + one},
      {State::queued, Reason::tls_weak, true,
       waits + "; the server offers only weak encryption" + next + one},
      {State::queued, Reason::tls_failed, true,
       waits + "; the encrypted connection failed" + next + one},
      {State::queued, Reason::intercepted, true,
       waits + "; something between here and the server answers in its place" + next + one},
      {State::queued, Reason::clock_not_set, false,
       waits + "; the clock is not set, so certificates cannot be judged" + one},
      {State::queued, Reason::backoff, true, waits + "; it waits before the next try" + next + one},
      {State::queued, Reason::rate_limited, true,
       waits + "; 1MSG asked to send more slowly" + next + one},
      {State::queued, Reason::api_trouble, true,
       waits + "; 1MSG has trouble: sending goes on when it answers again" + next + one},
      {State::queued, Reason::token_refused, true, waits + "; 1MSG refuses the token" + next + one},
      {State::queued, Reason::channel_blocked, true,
       waits + "; the channel is blocked" + next + one},
      {State::queued, Reason::wrong_address, true,
       waits + "; the base URL or the channel is wrong" + next + one},
      {State::queued, Reason::template_unknown, true,
       waits + "; 1MSG does not know the template" + next + one},
      {State::queued, Reason::template_mismatch, true,
       waits + "; the template has other variables" + next + one},
      {State::queued, Reason::template_paused, true,
       waits + "; the template is paused" + next + one},
      {State::queued, Reason::daily_cap, true,
       waits + "; the customer has had enough for today" + next + one},
      {State::queued, Reason::quiet_hours, true, waits + "; it is quiet time" + next + one},
      {State::queued, Reason::not_before, true, waits + "; it is to be sent later" + next + one},
      {State::queued, Reason::recipient_order, true,
       waits + "; an earlier message to the same phone goes first" + next + one},
      {State::queued, Reason::paused, false, waits + "; sending is paused" + one},
      {State::queued, Reason::storage, false, waits + "; the store cannot be written" + one},
      {State::queued, Reason::configuration_rejected, false,
       waits + "; the configuration is wrong: the last good one is used" + one},
      {State::sending, Reason::none, false, "Message 17 is sending: is being sent.\n"},
      {State::uncertain, Reason::maybe_sent, false,
       maybe + "; it may already have been sent" + one},
      {State::uncertain, Reason::pending_job, false,
       maybe + "; 1MSG has it in a queue of its own" + one},
      {State::held, Reason::maybe_sent, false, held + "; it may already have been sent" + one},
      {State::held, Reason::refused_unspecified, false,
       held + "; 1MSG refused it and did not say why" + one},
      {State::accepted, Reason::none, false,
       "Message 17 is accepted: 1MSG has it, not yet on the phone" + unless_agreed},
      {State::sent, Reason::none, false,
       "Message 17 is sent: WhatsApp has it, not yet on the phone" + unless_agreed},
      {State::delivered, Reason::none, false, "Message 17 is delivered: on the phone.\n"},
      {State::failed, Reason::recipient_unreachable, false,
       "Message 17 is failed: will not arrive; this phone cannot be reached on WhatsApp.\n"},
      {State::failed, Reason::opted_out, false,
       "Message 17 is failed: will not arrive; the customer does not want messages.\n"},
      {State::failed, Reason::undelivered, false,
       "Message 17 is failed: will not arrive; WhatsApp could not deliver it; check that the "
       "customer has agreed to get messages and that the template is approved; then send it again, "
       "or reach the customer another way.\n"},
      {State::expired, Reason::ttl, false,
       "Message 17 is expired: not sent in time; it was not sent in time.\n"},
      {State::superseded, Reason::newer_topic, false,
       "Message 17 is superseded: replaced by a newer message; a newer message on the same matter "
       "took its place.\n"},
      {State::dropped, Reason::by_person, false,
       "Message 17 is dropped: given up: it will not be sent; a person decided so.\n"},
  };
  static_assert(std::size(cases) >= 25);
  for (const auto& one_case : cases) {
    shell_.keeper.rows.clear();
    add(17, one_case.state, one_case.reason).next_attempt =
        UnixTime{one_case.planned ? UnixTime{1'794'992'300} : UnixTime{}};
    EXPECT_EQ(run({"why", "17"}), kDone);
    EXPECT_EQ(shell_.out_text, one_case.sentence);
  }
}

TEST_F(Decisions, Why_CountsThoseThatWaitForTheSameCause) {
  add(1, State::accepted);
  add(2, State::queued, Reason::token_refused);
  add(3, State::queued, Reason::backoff);
  add(4, State::held, Reason::token_refused);
  for (MessageId id = 5; id < 12; ++id) add(id, State::queued, Reason::token_refused);
  EXPECT_EQ(run({"why", "2"}), kDone);
  EXPECT_TRUE(shell_.out_text.ends_with("; 8 wait for the same cause.\n")) << shell_.out_text;
  EXPECT_EQ(run({"why", "2", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text,
            R"({"id":2,"state":"queued","reason":"token_refused","message":"Message 2 is queued: )"
            R"(waits to be sent; 1MSG refuses the token; 8 wait for the same cause.",)"
            R"("next_attempt":null,"same_cause":8})"
            "\n");
  EXPECT_EQ(run({"why", "1", "--json"}), kDone);
  EXPECT_TRUE(shell_.out_text.find(R"("reason":null)") != std::string::npos);
  EXPECT_TRUE(shell_.out_text.find(R"("same_cause":0})") != std::string::npos);
  EXPECT_EQ(run({"why", "99"}), kNoSuchId);
}

TEST_F(Decisions, Block_AndUnblock_SayTheNumberAsItWillBeUsed) {
  EXPECT_EQ(run({"block", "+1 (202) 555-0123"}), kDone);
  EXPECT_EQ(shell_.out_text,
            "12025550123 gets no more messages; 2 that waited will not be sent.\n");
  EXPECT_EQ(shell_.keeper.asks.back().message.to, "12025550123");
  shell_.out_text.clear();
  EXPECT_EQ(run({"unblock", "12025550123", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text,
            "{\"ok\":true,\"to\":\"12025550123\",\"blocked\":false,\"dropped\":0}\n");
}

TEST_F(Decisions, Forget_SaysWhatItDid_AndWhatIsLeftToDoByHand) {
  EXPECT_EQ(run({"forget", "12025550123"}), kDone);
  EXPECT_EQ(shell_.out_text,
            "What was stored about 12025550123 is erased; 2 that waited will not be sent.\n");
  EXPECT_EQ(shell_.err_text, "");
  shell_.damaged_copy = "/var/lib/fieldpost/queue.damaged";
  EXPECT_EQ(run({"forget", "12025550123", "--json"}), kDone);
  EXPECT_NE(shell_.out_text.find("{\"ok\":true,\"to\":\"12025550123\",\"dropped\":2}\n"),
            std::string::npos);
  EXPECT_EQ(shell_.err_text,
            "/var/lib/fieldpost/queue.damaged is a copy of the queue from when it was damaged: "
            "delete it, too\n");
}

TEST_F(Decisions, Block_OfWhatIsNoNumber_IsRefusedInWords_AndAsksNobody) {
  EXPECT_EQ(run({"block", "0301234567"}), kBadField);
  EXPECT_NE(shell_.err_text.find("to: starts with 0"), std::string::npos) << shell_.err_text;
  EXPECT_EQ(run({"block"}), kUsage);
  EXPECT_TRUE(shell_.keeper.asks.empty());
}

TEST_F(Decisions, ABlockedNumber_ExitsAsRefused) {
  shell_.keeper.refuse[Wish::take] = Refusal::blocked;
  EXPECT_EQ(run({"send", "next-step", "--to", "12025550123", "--customer-name", "Maria",
                 "--process", "loan", "--next-step", "wait"}),
            kRefused);
  EXPECT_NE(shell_.err_text.find("fieldpost unblock"), std::string::npos) << shell_.err_text;
}

TEST_F(Decisions, PauseAndResume_SaySo) {
  EXPECT_EQ(run({"pause"}), kDone);
  EXPECT_TRUE(shell_.keeper.status.paused);
  EXPECT_TRUE(shell_.out_text.find("fieldpost resume") != std::string::npos);
  EXPECT_EQ(run({"status"}), kDone);
  EXPECT_TRUE(shell_.out_text.find("Paused        nothing is sent") != std::string::npos);
  EXPECT_EQ(run({"resume", "--json"}), kDone);
  EXPECT_EQ(shell_.out_text, "{\"ok\":true,\"paused\":false}\n");
  EXPECT_FALSE(shell_.keeper.status.paused);
  EXPECT_EQ(run({"resume"}), kDone);
  EXPECT_EQ(shell_.out_text, "Sending goes on.\n");
}

TEST_F(Decisions, Drop_ByEachSelector_MeansWhatHasNotEnded) {
  const auto fill = [this] {
    shell_.keeper.rows.clear();
    add(1, State::failed);
    add(2, State::queued);
    MUST(add(3, State::held, Reason::template_unknown).to.assign("12025550124"));
    MUST(add(4, State::uncertain, Reason::maybe_sent).scenario.assign("status-changed"));
    add(5, State::queued).created = UnixTime{kNow.s - 8 * 3600};
    add(6, State::queued).created = UnixTime{kNow.s - 8 * 3600 + 1};
    add(7, State::queued).created = UnixTime{};  // nobody knows
    add(8, State::sending);
  };
  const struct {
    std::vector<const char*> by;
    std::vector<MessageId> dropped;
  } cases[] = {
      {{"--state", "held"}, {3}},
      {{"--scenario", "status-changed"}, {4}},
      {{"--to", "+1 (202) 555-0124"}, {3}},
      {{"--older", "8h"}, {5}},
      {{"--scenario", "next-step", "--to", "12025550123"}, {2, 5, 6, 7}},
      {{"--state", "queued", "--older", "1m"}, {5, 6}},
      {{"--to", "12025550199"}, {}},
  };
  for (const auto& one : cases) {
    for (const bool preview : {true, false}) {
      fill();
      std::vector<const char*> words = {"drop"};
      words.insert(words.end(), one.by.begin(), one.by.end());
      if (preview) words.push_back("--dry-run");
      EXPECT_EQ(run(words), kDone) << one.by[1];
      for (const Row& row : shell_.keeper.rows) {
        const bool meant = std::ranges::find(one.dropped, row.id) != one.dropped.end();
        EXPECT_EQ(row.state == State::dropped, meant && !preview) << one.by[1] << ' ' << row.id;
        const std::string line = (preview ? "" : "\n") + std::to_string(row.id) + " ";
        EXPECT_EQ(
            ("\n" + shell_.out_text).find("\n" + std::to_string(row.id) + " ") != std::string::npos,
            meant)
            << one.by[1] << ' ' << line;
      }
      if (one.dropped.empty()) {
        EXPECT_EQ(shell_.out_text, "No messages.\n");
      }
    }
  }
}

TEST_F(Decisions, DryRun_MasksNumbers) {
  add(2, State::queued, Reason::backoff);
  EXPECT_EQ(run({"retry", "--to", "12025550123", "--dry-run"}), kDone);
  EXPECT_EQ(shell_.out_text, "2 queued 1202•••0123 next-step backoff\n");
  EXPECT_EQ(run({"retry", "--to", "12025550123", "--dry-run", "--json"}), kDone);
  EXPECT_TRUE(shell_.out_text.starts_with(R"({"id":2,)"));
  EXPECT_EQ(shell_.out_text.find("12025550123"), std::string::npos);
}

TEST_F(Decisions, Retry_ByState_AsksForEachThatMayHaveBeenSent) {
  add(1, State::held, Reason::template_unknown);
  add(2, State::held, Reason::maybe_sent);
  add(3, State::held, Reason::refused_unspecified);
  EXPECT_EQ(run({"retry", "--state", "held"}), kBadField);
  EXPECT_EQ(state_of(1), State::queued);
  EXPECT_EQ(state_of(2), State::held);
  EXPECT_EQ(state_of(3), State::queued);
  ASSERT_EQ(shell_.questions.size(), 1u);
  EXPECT_TRUE(shell_.questions[0].starts_with("Message 2: "));
  EXPECT_EQ(run({"retry", "--state", "held", "--yes"}), kDone);
  EXPECT_EQ(state_of(2), State::queued);
}

// To run it again must not send a second time what the first run has sent.
TEST_F(Decisions, Retry_Failed_PassesOverWhatWasRetriedAlready) {
  add(1, State::failed);
  add(2, State::failed);
  EXPECT_EQ(run({"retry", "--state", "failed"}), kDone);
  EXPECT_EQ(shell_.keeper.rows.size(), 4u);
  EXPECT_EQ(run({"retry", "--state", "failed"}), kDone);
  EXPECT_EQ(shell_.out_text, "No messages.\n");
  EXPECT_EQ(shell_.keeper.rows.size(), 4u);
}

TEST_F(Decisions, ARefusal_NamesItsMessage_AndTheRestGoesOn) {
  add(1, State::queued);
  add(2, State::queued);
  shell_.keeper.refuse[Wish::drop] = Refusal::wrong_state;
  EXPECT_EQ(run({"drop", "--state", "queued"}), kBadField);
  EXPECT_TRUE(shell_.err_text.find("fieldpost drop: message 1: ") != std::string::npos);
  EXPECT_TRUE(shell_.err_text.find("fieldpost drop: message 2: ") != std::string::npos);
}

}  // namespace
}  // namespace fieldpost
