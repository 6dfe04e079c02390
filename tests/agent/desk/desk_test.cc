#include "agent/desk/desk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "agent/desk/row.h"
#include "agent/panel/plain.h"
#include "tests/agent/scenario/settings_for_tests.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_keeper.h"

namespace fieldpost {
namespace {

constexpr std::string_view kGood =
    R"({"scenario":"next-step","to":"+1 202 555-0123","operator":"kiosk 4","fields":)"
    R"({"customerName":"Maria","process":"loan application","nextStep":"Sign here."}})";

class Desk : public testing::Test {
 protected:
  // The whole answer to a request. Fails on pieces that do not fit.
  std::string answer(Method method, const std::string& path, std::string_view body = "",
                     std::string_view type = "application/json") {
    // The request is gone when the answer is written: the call must have kept nothing of it.
    auto spoken_path = std::make_unique<std::string>(path);
    auto spoken_body = std::make_unique<std::string>(body);
    std::string text;
    pieces_ = 0;
    DeskStep step = piece(text, [&](TextWriter& out) {
      LocalRequest request;
      request.method = method;
      request.path = *spoken_path;
      request.body = *spoken_body;
      request.content_type = type;
      return call_.begin(request, *settings_, directory_,
                         {"user", may_, stranger_, relayed_, share_}, arena_, ask_, out);
    });
    spoken_path.reset();
    spoken_body.reset();
    while (step != DeskStep::done && step != DeskStep::wait) {
      step = piece(text, [&](TextWriter& out) {
        if (step == DeskStep::more) return call_.more(*settings_, out);
        if (silent_) return call_.give_up(Refusal::busy, out);
        return call_.told(keeper_.answer(ask_), ask_, out);
      });
    }
    last_ = step;
    return text;
  }
  std::string get(const std::string& path) { return answer(Method::get, path); }
  std::string post(const std::string& path, std::string_view body = "") {
    return answer(Method::post, path, body);
  }
  std::uint16_t http() const { return call_.head().http; }

  DeskCall call_;
  FakeKeeper keeper_;
  FakeDirectory directory_;
  std::unique_ptr<Settings> settings_ = five_configured();
  const Allowance* may_ = nullptr;
  bool stranger_ = false;
  bool relayed_ = false;
  std::uint8_t share_ = 100;
  bool silent_ = false;
  int pieces_ = 0;
  DeskStep last_ = DeskStep::done;

 private:
  template <typename Step>
  DeskStep piece(std::string& text, Step step) {
    std::vector<char> room(limits::local_answer_bytes_max);
    TextWriter out(room);
    const DeskStep next = step(out);
    EXPECT_FALSE(out.overflowed());
    text += out.written();
    ++pieces_;
    return next;
  }

  std::vector<std::byte> bytes_ = std::vector<std::byte>(limits::json_arena_bytes);
  JsonArena arena_{bytes_};
  Ask ask_;
};

TEST_F(Desk, Post_GoodRequest_Answers202WithTheIdAndKeepsTheSource) {
  EXPECT_EQ(post("/v1/messages", kGood), "{\"ok\":true,\"id\":17,\"state\":\"queued\"}\n");
  EXPECT_EQ(http(), 202);
  EXPECT_EQ(call_.head().content_type, "application/json");
  ASSERT_EQ(keeper_.asks.size(), 1u);
  EXPECT_EQ(keeper_.asks[0].message.source.view(), "user");
  EXPECT_EQ(keeper_.asks[0].message.to.view(), "12025550123");
}

TEST_F(Desk, Post_SameMessageAgain_Answers200WithDuplicate) {
  keeper_.duplicate = true;
  EXPECT_EQ(post("/v1/messages", kGood),
            "{\"ok\":true,\"id\":17,\"state\":\"queued\",\"duplicate\":true}\n");
  EXPECT_EQ(http(), 200);
}

TEST_F(Desk, Post_DryRun_ShowsTheTextAndAsksNobody) {
  const std::string text = post("/v1/messages?dry_run=1", kGood);
  EXPECT_EQ(http(), 200);
  EXPECT_NE(text.find(R"("dry_run":true,"scenario":"next-step","to":"12025550123")"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find(R"("values":["Maria","loan application","Sign here."])"), std::string::npos);
  EXPECT_NE(text.find(R"("text":"Hello, Maria! For your process \"loan application\")"),
            std::string::npos);
  EXPECT_NE(text.find(R"("approximate":true)"), std::string::npos) << "the channel's may differ";
  EXPECT_TRUE(keeper_.asks.empty());
}

TEST_F(Desk, Post_DryRunOfTheLongestText_FitsOnePiece) {
  define_scenario(*settings_, "plain", {"words"}, "");
  const std::string words(limits::text_chars_max, '"');
  std::string body = R"({"scenario":"plain","to":"12025550123","fields":{"words":")";
  for (std::size_t i = 0; i < words.size(); ++i) body += "\\\"";
  const std::string text = post("/v1/messages?dry_run=1", body + "\"}}");
  EXPECT_EQ(http(), 200) << text;
  EXPECT_EQ(pieces_, 1);
}

TEST_F(Desk, Events_FromNowOn_BeginWithWhereThatIs) {
  keeper_.happens(512, 17, State::queued);
  EXPECT_EQ(get("/v1/events"), "{\"event\":512}\n");
  EXPECT_EQ(last_, DeskStep::wait);
  EXPECT_EQ(call_.head().content_type, "application/x-ndjson");
}

TEST_F(Desk, Events_FromANumber_AreThoseBehindItAndThenTheWordThatThisIsAll) {
  for (std::uint64_t n = 1; n <= 9; ++n) keeper_.happens(256 * n, n, State::sending);
  const std::string text = get("/v1/events?from=512");
  EXPECT_TRUE(text.starts_with(
      R"({"event":768,"id":3,"scenario":"next-step","to":"1202•••0123","state":"sending",)"
      R"("message_id":null,"reason":null,"time":"2026-11-18T11:06:40Z"})"
      "\n{\"event\":1024,"))
      << text;
  EXPECT_TRUE(text.ends_with("\n{\"event\":2304}\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 8);
  EXPECT_EQ(last_, DeskStep::wait);
}

TEST_F(Desk, Events_NoLongerHeld_AreAGapAndThePresentStatesWithoutNumbers) {
  keeper_.forgotten = 1000;
  for (MessageId id = 1; id <= 5; ++id) keeper_.add(id, State::held).event = 0;
  const std::string text = get("/v1/events?from=999");
  EXPECT_TRUE(text.starts_with("{\"gap\":999}\n{\"id\":1,")) << text;
  EXPECT_TRUE(text.ends_with("\n{\"event\":1000}\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 7);
}

// Rights: everybody who is let in may look at the agent; the rest must be said.

TEST_F(Desk, Stranger_IsToldWhatIsMissing_WhateverItAsks) {
  stranger_ = true;
  for (const char* path : {"/healthz", "/v1/status", "/v1/messages", "/nowhere"}) {
    EXPECT_EQ(get(path),
              "{\"ok\":false,\"error\":\"denied\",\"message\":\"user may not come in: no entry of "
              "intake.allow names this user or a group that it is in\"}\n");
    EXPECT_EQ(http(), 403);
  }
  EXPECT_EQ(post("/v1/messages", kGood).find("\"ok\":true"), std::string::npos);
  EXPECT_TRUE(keeper_.asks.empty());
}

struct Needs {
  Method method;
  const char* path;
  bool Allowance::*right;  // nullptr: none
  const char* body = "";
};

TEST_F(Desk, EachRequest_NeedsItsRightAndNoOther) {
  constexpr const char* kNumber = R"({"to":"12025550123"})";
  constexpr Needs kNeeds[] = {
      {Method::post, "/v1/messages", &Allowance::send},
      {Method::post, "/v1/messages?dry_run=1", &Allowance::send},
      {Method::get, "/v1/messages", &Allowance::read_own},
      {Method::get, "/v1/messages/17", &Allowance::read_own},
      {Method::get, "/v1/events", &Allowance::read_own},
      {Method::get, "/v1/messages?reveal=1", &Allowance::reveal},
      {Method::get, "/v1/messages/17?reveal=1", &Allowance::reveal},
      {Method::post, "/v1/messages/17/retry", &Allowance::decide},
      {Method::post, "/v1/messages/17/drop", &Allowance::decide},
      {Method::post, "/v1/pause", &Allowance::decide},
      {Method::post, "/v1/pause", &Allowance::read_all},
      {Method::post, "/v1/resume", &Allowance::read_all},
      {Method::post, "/v1/block", &Allowance::read_all, kNumber},
      {Method::post, "/v1/unblock", &Allowance::read_all, kNumber},
      {Method::post, "/v1/forget", &Allowance::read_all, kNumber},
      {Method::post, "/v1/forget", &Allowance::decide, kNumber},
      {Method::get, "/v1/status", nullptr},
      {Method::get, "/metrics", nullptr},
      {Method::get, "/v1/scenarios", nullptr},
      {Method::get, "/healthz", nullptr},
  };
  Allowance one;
  may_ = &one;
  for (const Needs& needs : kNeeds) {
    keeper_.rows.clear();
    keeper_.add(17, State::held);
    const bool hands_in = needs.right == &Allowance::send;
    const std::string_view body = hands_in ? kGood : needs.body;
    one.send = one.read_own = one.read_all = one.decide = one.reveal = needs.right != nullptr;
    if (needs.right != nullptr) {
      one.*needs.right = false;
      if (needs.right == &Allowance::read_own) one.read_all = false;
      const std::string text = answer(needs.method, needs.path, body);
      EXPECT_NE(text.find(R"("error":"denied")"), std::string::npos) << needs.path << text;
      EXPECT_EQ(http(), 403);
      EXPECT_TRUE(keeper_.asks.empty()) << needs.path;
      one.*needs.right = true;
    }
    const std::string text = answer(needs.method, needs.path, body);
    EXPECT_EQ(text.find(R"("error")"), std::string::npos) << needs.path << text;
    keeper_.asks.clear();
  }
}

TEST_F(Desk, Take_AScenarioThatIsNotItsOwn_IsDenied) {
  Allowance one;
  may_ = &one;
  one.scenarios.count = 1;
  MUST(one.scenarios.items[0].assign("status-changed"));
  EXPECT_NE(post("/v1/messages", kGood).find("user may not send next-step"), std::string::npos);
  EXPECT_EQ(http(), 403);
  EXPECT_TRUE(keeper_.asks.empty());
  MUST(one.scenarios.items[0].assign("next-step"));
  post("/v1/messages", kGood);
  EXPECT_EQ(http(), 202);
}

TEST_F(Desk, WhoMayReadItsOwn_AsksForNothingElseAndWithinItsShare) {
  Allowance one;
  one.decide = true;
  one.share_percent = 20;
  may_ = &one;
  keeper_.add(17, State::failed);
  for (const char* path : {"/v1/messages", "/v1/messages/17", "/v1/events?from=1"}) get(path);
  post("/v1/messages/17/retry");
  post("/v1/messages", kGood);
  ASSERT_GE(keeper_.asks.size(), 5u);
  for (const Ask& ask : keeper_.asks) {
    EXPECT_EQ(ask.query.of_source.view(), "user");
    EXPECT_EQ(ask.share_percent, 20);
  }
  keeper_.asks.clear();
  one.read_all = true;
  one.share_percent = 100;
  get("/v1/messages");
  EXPECT_TRUE(keeper_.asks.at(0).query.of_source.empty());
  EXPECT_EQ(keeper_.asks.at(0).share_percent, 0);
}

TEST_F(Desk, WhomARelaySpeaksFor_AsksForNothingElse_WhateverTheRelayMay) {
  Allowance one;
  one.read_all = true;
  one.share_percent = 30;
  relayed_ = true;
  for (const Allowance* may :
       {static_cast<const Allowance*>(nullptr), static_cast<const Allowance*>(&one)}) {
    may_ = may;
    for (const int share : {20, 100}) {
      share_ = static_cast<std::uint8_t>(share);
      post("/v1/messages", kGood);
      EXPECT_EQ(keeper_.asks.back().query.of_source.view(), "user");
      const int of_relay = may != nullptr ? 30 : 0;
      EXPECT_EQ(keeper_.asks.back().share_percent, share == 20 ? 20 : of_relay);
    }
  }
}

TEST_F(Desk, Events_OthersPassedOver_AreAskedOnFor) {
  keeper_.passed_over = 2;
  keeper_.happens(512, 17, State::queued);
  const std::string text = get("/v1/events?from=1");
  EXPECT_TRUE(text.starts_with("{\"event\":512,\"id\":17,")) << text;
}

TEST_F(Desk, Plain_TellsTheStateAndThenWhatHasNotEnded) {
  if (!has_plain()) GTEST_SKIP() << "built without the panel";
  keeper_.status.paused = true;
  for (MessageId id = 1; id <= 9; ++id) {
    keeper_.add(id, id == 5 ? State::dropped : State::queued, Reason::paused);
  }
  const std::string text = get("/plain");
  EXPECT_EQ(http(), 200);
  EXPECT_EQ(call_.head().content_type, "text/html; charset=utf-8");
  EXPECT_TRUE(call_.is_plain());
  EXPECT_LT(text.find("<h1>Sending is paused</h1>"), text.find("Message 1<")) << text;
  EXPECT_LT(text.find("Message 1<"), text.find("Message 9<")) << text;
  EXPECT_EQ(text.find("Message 5<"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("</html>\n")) << text;
  EXPECT_GT(pieces_, 3);
  ASSERT_GE(keeper_.asks.size(), 2u);
  EXPECT_EQ(keeper_.asks[0].wish, Wish::status);
  EXPECT_EQ(keeper_.asks[1].query.cursor, kLiveRows);
}

TEST_F(Desk, Plain_OfOneState_IsHistoryToo_AndOnlyRead) {
  if (!has_plain()) GTEST_SKIP() << "built without the panel";
  keeper_.add(5, State::dropped);
  keeper_.add(6, State::queued);
  const std::string text = get("/plain?state=dropped");
  EXPECT_NE(text.find("Message 5<"), std::string::npos) << text;
  EXPECT_EQ(text.find("Message 6<"), std::string::npos) << text;
  EXPECT_NE(get("/plain?state=held").find("<li>None.</li>"), std::string::npos);
  (void)get("/plain?state=nonsense");
  EXPECT_EQ(http(), 422);
  (void)get("/plain?reveal=1");
  EXPECT_EQ(http(), 422);
  (void)post("/plain");
  EXPECT_EQ(http(), 405);
  Allowance one;
  one.read_own = false;
  may_ = &one;
  (void)get("/plain");
  EXPECT_EQ(http(), 403);
}

struct Bad {
  Method method;
  const char* path;
  const char* body;
  std::uint16_t http;
  const char* error;
  const char* field;  // "" = none
};

TEST_F(Desk, BadRequest_GetsItsStatusErrorAndField) {
  constexpr auto get = Method::get, post = Method::post;
  const Bad cases[] = {
      {get, "/", "", 404, "not_found", ""},
      {get, "/v1", "", 404, "not_found", ""},
      {get, "/v1/events?from=-1", "", 422, "invalid", "from"},
      {get, "/v1/events?from=", "", 422, "invalid", "from"},
      {post, "/v1/events", "", 405, "unsupported", ""},
      {get, "/v1/messagesx", "", 404, "not_found", ""},
      {get, "/v1/messages/", "", 404, "not_found", ""},
      {get, "/v1/messages/0", "", 404, "not_found", ""},
      {get, "/v1/messages/017", "", 404, "not_found", ""},
      {get, "/v1/messages/-1", "", 404, "not_found", ""},
      {get, "/v1/messages/+1", "", 404, "not_found", ""},
      {get, "/v1/messages/x", "", 404, "not_found", ""},
      {get, "/v1/messages/18446744073709551616", "", 404, "not_found", ""},
      {get, "/v1/messages/5", "", 404, "not_found", ""},
      {get, "/v1/messages/5/", "", 404, "not_found", ""},
      {post, "/v1/messages/5/resend", "", 404, "not_found", ""},
      {post, "/v1/messages/5/retry/now", "", 404, "not_found", ""},
      {post, "/v1/messages/5/retry", "", 404, "not_found", ""},
      {post, "/v1/messages/5/drop", "", 404, "not_found", ""},
      {get, "/metric", "", 404, "not_found", ""},
      {get, "/v1/pause", "", 405, "unsupported", ""},
      {get, "/v1/resume", "", 405, "unsupported", ""},
      {post, "/v1/pause", R"({"for":"1h"})", 422, "invalid", "for"},
      {post, "/v1/messages/5", "", 405, "unsupported", ""},
      {get, "/v1/messages/5/retry", "", 405, "unsupported", ""},
      {get, "/v1/messages/5/drop", "", 405, "unsupported", ""},
      {post, "/v1/status", "", 405, "unsupported", ""},
      {post, "/metrics", "", 405, "unsupported", ""},
      {post, "/v1/scenarios", "", 405, "unsupported", ""},
      {post, "/healthz", "", 405, "unsupported", ""},
      {get, "/v1/messages?state=lost", "", 422, "invalid", "state"},
      {get, "/v1/messages?state", "", 422, "invalid", "state"},
      {get, "/v1/messages?limit=0", "", 422, "invalid", "limit"},
      {get, "/v1/messages?limit=-1", "", 422, "invalid", "limit"},
      {get, "/v1/messages?limit=ten", "", 422, "invalid", "limit"},
      {get, "/v1/messages?to=1", "", 422, "invalid", "to"},
      {get, "/v1/messages?state=held&dry_run=1", "", 422, "invalid", "dry_run"},
      {get, "/v1/messages/5?reveal=perhaps", "", 422, "invalid", "reveal"},
      {get, "/v1/status?x=1", "", 422, "invalid", "x"},
      {get, "/v1/messages?\xff=1", "", 422, "invalid", ""},
      {post, "/v1/messages", "", 400, "invalid", ""},
      {post, "/v1/messages", "{", 400, "invalid", ""},
      {post, "/v1/messages", "[]", 400, "invalid", ""},
      {post, "/v1/messages", R"({"scenario":"nope","to":"12025550123","fields":{}})", 422,
       "unknown_scenario", "scenario"},
      {post, "/v1/messages", R"({"scenario":"next-step","to":"012345678","fields":{}})", 422,
       "invalid", "to"},
      {post, "/v1/messages", R"({"scenario":"next-step","to":"12025550123","ref":"k"})", 422,
       "invalid", "ref"},
      {post, "/v1/messages/5/retry", "[]", 400, "invalid", ""},
      {post, "/v1/messages/5/retry", "{\"even_if_sent\":1}", 422, "invalid", "even_if_sent"},
      {post, "/v1/messages/5/retry", "{\"force\":true}", 422, "invalid", "force"},
      {post, "/v1/messages/5/drop", "{\"even_if_sent\":true}", 422, "invalid", "even_if_sent"},
  };
  for (const Bad& one : cases) {
    const std::string text = answer(one.method, one.path, one.body);
    std::string start = std::string(R"({"ok":false,"error":")") + one.error + '"';
    if (*one.field != 0) start += std::string(R"(,"field":")") + one.field + '"';
    EXPECT_EQ(http(), one.http) << one.path << one.body << text;
    EXPECT_EQ(text.substr(0, start.size()), start) << one.path << one.body;
    EXPECT_NE(text.find(R"("message":")"), std::string::npos) << text;
    EXPECT_EQ(text.back(), '\n');
    EXPECT_EQ(call_.head().content_type, "application/json");
    EXPECT_EQ(call_.head().allow.empty(), one.http != 405);
  }
}

TEST_F(Desk, Post_OtherContentType_Is415) {
  for (const std::string_view type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    const std::string text = answer(Method::post, "/v1/messages", kGood, type);
    EXPECT_EQ(http(), 415);
    EXPECT_EQ(text.substr(0, 34), R"({"ok":false,"error":"unsupported",)");
  }
  EXPECT_TRUE(keeper_.asks.empty());
}

TEST_F(Desk, Post_DecisionWithoutBody_NeedsNoContentType) {
  keeper_.add(5, State::held);
  (void)answer(Method::post, "/v1/messages/5/retry", "", "");
  EXPECT_EQ(http(), 200);
}

TEST_F(Desk, Post_TooLarge_Is413) {
  const std::string body = std::string(kGood) + std::string(limits::local_body_bytes_max, ' ');
  EXPECT_NE(post("/v1/messages", body).find(R"("error":"too_large")"), std::string::npos);
  EXPECT_EQ(http(), 413);
}

TEST_F(Desk, Refusal_OfTheKeeper_GetsItsStatusAndRetryAfter) {
  const struct {
    Refusal refusal;
    std::uint16_t http;
    const char* error;
    bool again;
  } cases[] = {
      {Refusal::queue_full, 503, "queue_full", true},
      {Refusal::busy, 503, "busy", true},
      {Refusal::storage, 507, "storage", false},
      {Refusal::not_found, 404, "not_found", false},
      {Refusal::wrong_state, 409, "wrong_state", false},
      {Refusal::maybe_sent, 409, "wrong_state", false},
      {Refusal::text_gone, 409, "wrong_state", false},
      {Refusal::conflict, 409, "conflict", false},
      {Refusal::too_late, 409, "wrong_state", false},
      {Refusal::blocked, 403, "blocked", false},
      {Refusal::list_full, 507, "storage", false},
  };
  for (const auto& one : cases) {
    keeper_.refuse[Wish::take] = keeper_.refuse[Wish::retry] = keeper_.refuse[Wish::status] =
        keeper_.refuse[Wish::rows] = keeper_.refuse[Wish::drop] = one.refusal;
    const std::string error = std::string(R"("error":")") + one.error + '"';
    for (const std::string& text :
         {post("/v1/messages", kGood), post("/v1/messages/5/retry"), post("/v1/messages/5/drop"),
          get("/v1/status"), get("/v1/messages"), get("/v1/messages/5"), get("/healthz")}) {
      EXPECT_NE(text.find(error), std::string::npos) << text;
    }
    EXPECT_EQ(http(), one.http);
    EXPECT_EQ(call_.head().retry_after_s != 0, one.again);
  }
}

TEST_F(Desk, GiveUp_KeeperSilent_IsBusyWithRetryAfter) {
  silent_ = true;
  EXPECT_NE(post("/v1/messages", kGood).find(R"("error":"busy")"), std::string::npos);
  EXPECT_EQ(http(), 503);
  EXPECT_NE(call_.head().retry_after_s, 0u);
}

TEST_F(Desk, List_ManyPages_GivesEachRowOnceInOrder) {
  for (MessageId id = 1; id <= 11; ++id) keeper_.add(id, State::queued);
  std::string expected;
  for (MessageId id = 1; id <= 11; ++id) {
    expected += "{\"id\":" + std::to_string(id) +
                R"(,"scenario":"next-step","to":"1202•••0123","state":"queued","attempts":0,)"
                R"("created":"2026-11-18T11:06:40Z","next_attempt":null,"message_id":null,)"
                "\"reason\":null}\n";
  }
  EXPECT_EQ(get("/v1/messages"), expected);
  EXPECT_EQ(http(), 200);
  EXPECT_EQ(call_.head().content_type, "application/x-ndjson");
  EXPECT_EQ(keeper_.asks.size(), 3u);
}

TEST_F(Desk, List_StateAndLimit_AreHonouredAcrossPages) {
  for (MessageId id = 1; id <= 20; ++id) {
    keeper_.add(id, id % 2 == 0 ? State::held : State::queued);
  }
  const std::string text = get("/v1/messages?state=held&limit=6&reveal=1");
  EXPECT_EQ(std::ranges::count(text, '\n'), 6);
  EXPECT_EQ(text.find("queued"), std::string::npos);
  EXPECT_NE(text.find(R"({"id":12,)"), std::string::npos);
  EXPECT_EQ(text.find(R"({"id":14,)"), std::string::npos);
  EXPECT_NE(text.find("12025550123"), std::string::npos);
}

TEST_F(Desk, List_EmptyPagesInBetween_GoesOn) {
  for (MessageId id = 1; id <= 9; ++id) keeper_.add(id, id == 9 ? State::held : State::failed);
  keeper_.per_page = 0;
  Told empty;
  empty.wish = Wish::rows;
  empty.more = true;
  empty.cursor = 7;
  Ask ask;
  std::vector<std::byte> bytes(limits::json_arena_bytes);
  JsonArena arena(bytes);
  TextBuffer<64> out;
  DeskCall call;
  LocalRequest request;
  request.path = "/v1/messages?state=held";
  ASSERT_EQ(call.begin(request, *settings_, directory_, {}, arena, ask, out), DeskStep::ask);
  ASSERT_EQ(call.told(empty, ask, out), DeskStep::ask);
  EXPECT_EQ(ask.query.cursor, 7u);
  EXPECT_EQ(ask.query.state, State::held);
  EXPECT_EQ(out.size(), 0u);
}

TEST_F(Desk, List_RefusedHalfWay_EndsWithTheErrorAndKeepsItsHead) {
  Told page;
  page.wish = Wish::rows;
  page.row_count = 1;
  page.rows[0].id = 3;
  page.more = true;
  Told refused;
  refused.refusal = Refusal::busy;
  Ask ask;
  std::vector<std::byte> bytes(limits::json_arena_bytes);
  JsonArena arena(bytes);
  TextBuffer<2048> out;
  DeskCall call;
  LocalRequest request;
  request.path = "/v1/messages";
  ASSERT_EQ(call.begin(request, *settings_, directory_, {}, arena, ask, out), DeskStep::ask);
  ASSERT_EQ(call.told(page, ask, out), DeskStep::ask);
  ASSERT_EQ(call.told(refused, ask, out), DeskStep::done);
  EXPECT_EQ(call.head().http, 200);
  EXPECT_EQ(call.head().content_type, "application/x-ndjson");
  EXPECT_NE(out.written().find("}\n{\"ok\":false,\"error\":\"busy\""), std::string_view::npos);
}

TEST_F(Desk, List_Empty_IsAnEmptyAnswer) {
  EXPECT_EQ(get("/v1/messages"), "");
  EXPECT_EQ(http(), 200);
}

TEST_F(Desk, Show_RevealsTheNumberOnlyWhenAsked) {
  keeper_.add(5, State::queued);
  EXPECT_NE(get("/v1/messages/5").find(R"("to":"1202•••0123")"), std::string::npos);
  EXPECT_NE(get("/v1/messages/5?reveal=0").find(R"("to":"1202•••0123")"), std::string::npos);
  EXPECT_NE(get("/v1/messages/5?reveal=1").find(R"("to":"12025550123")"), std::string::npos);
  EXPECT_EQ(http(), 200);
}

TEST_F(Desk, Retry_MaybeSent_SaysSoUntilAPersonInsists) {
  keeper_.add(5, State::held, Reason::maybe_sent);
  EXPECT_NE(post("/v1/messages/5/retry").find(R"("reason":"maybe_sent")"), std::string::npos);
  EXPECT_EQ(http(), 409);
  EXPECT_EQ(post("/v1/messages/5/retry", R"({"even_if_sent":true})"),
            "{\"ok\":true,\"id\":5,\"state\":\"queued\"}\n");
  EXPECT_EQ(http(), 200);
}

TEST_F(Desk, Retry_OfAFailedOne_NamesTheNewAndTheOld) {
  keeper_.add(5, State::failed);
  EXPECT_EQ(post("/v1/messages/5/retry", "{}"),
            "{\"ok\":true,\"id\":17,\"state\":\"queued\",\"retry_of\":5}\n");
}

TEST_F(Desk, Drop_OnceOnly) {
  keeper_.add(5, State::queued);
  EXPECT_EQ(post("/v1/messages/5/drop"), "{\"ok\":true,\"id\":5,\"state\":\"dropped\"}\n");
  EXPECT_NE(post("/v1/messages/5/drop").find(R"("error":"wrong_state")"), std::string::npos);
  EXPECT_EQ(http(), 409);
}

TEST_F(Desk, PauseAndResume_AreGrantedInTheirWords) {
  EXPECT_EQ(post("/v1/pause", ""), "{\"ok\":true,\"paused\":true}\n");
  EXPECT_NE(get("/v1/status").find(R"("paused":true)"), std::string::npos);
  EXPECT_EQ(post("/v1/resume", "{}"), "{\"ok\":true,\"paused\":false}\n");
  EXPECT_NE(get("/v1/status").find(R"("paused":false)"), std::string::npos);
}

TEST_F(Desk, Health_FollowsTheStore) {
  EXPECT_EQ(get("/healthz"), "{\"ok\":true}\n");
  EXPECT_EQ(http(), 200);
  keeper_.status.store_failed = true;
  EXPECT_NE(get("/healthz").find(R"("error":"storage")"), std::string::npos);
  EXPECT_EQ(http(), 507);
}

TEST_F(Desk, Metrics_AreTextOfTheStatus) {
  keeper_.status.paused = true;
  EXPECT_NE(get("/metrics").find("\nfieldpost_paused 1\n"), std::string::npos);
  EXPECT_EQ(call_.head().content_type, "text/plain; version=0.0.4; charset=utf-8");
  keeper_.refuse[Wish::status] = Refusal::busy;
  EXPECT_NE(get("/metrics").find(R"("error":"busy")"), std::string::npos);
  EXPECT_EQ(call_.head().content_type, "application/json");
}

TEST_F(Desk, Scenarios_OneALine_FieldsWithFlags) {
  const std::string text = get("/v1/scenarios");
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_NE(text.find(R"({"name":"customerName","flag":"--customer-name")"), std::string::npos);
  EXPECT_TRUE(keeper_.asks.empty());
}

TEST_F(Desk, Scenarios_ManyWithLongTexts_ComeInPiecesAndWhole) {
  const std::string text(3'000, '"');
  for (const char* id : {"a", "b", "c", "d", "e"}) define_scenario(*settings_, id, {"words"}, text);
  const std::string lines = get("/v1/scenarios");
  EXPECT_EQ(std::ranges::count(lines, '\n'), 10);
  EXPECT_GT(pieces_, 1);
}

class DeskDirectory : public Desk {
 protected:
  DeskDirectory() {
    MUST(settings_->intake.directory.assign("/var/lib/office/visits"));
    directory_.lines = {
        R"({"ref":"visit-1","to":"+1 202 555 0101","customerName":"María \"M\" Ruiz","floor":3})",
        R"({"ref":"visit-2","to":"0171 1","customerName":"Jonas"})",
        "nonsense",
        R"({"ref":"visit-3","to":"12025550103","customerName":"Ana"})",
    };
  }
};

TEST_F(DeskDirectory, Lists_TextsWithTheNumberMaskedUntilItIsAskedFor) {
  EXPECT_EQ(
      get("/v1/directory"),
      "{\"ref\":\"visit-1\",\"customerName\":\"María \\\"M\\\" Ruiz\",\"to\":\"1202•••0101\"}\n"
      "{\"ref\":\"visit-2\",\"customerName\":\"Jonas\",\"fault\":\"starts with 0: write the "
      "country "
      "code first, e.g. 49171…\"}\n"
      "{\"ref\":\"visit-3\",\"customerName\":\"Ana\",\"to\":\"1202•••0103\"}\n");
  EXPECT_EQ(http(), 200);
  EXPECT_EQ(call_.head().content_type, "application/x-ndjson");
  EXPECT_NE(get("/v1/directory?reveal=1").find(R"("to":"12025550103")"), std::string::npos);
  EXPECT_TRUE(keeper_.asks.empty());
}

TEST_F(DeskDirectory, Find_LooksAtWhatIsShownAndNothingElse) {
  const auto found = [&](const std::string& query) {
    return std::ranges::count(get("/v1/directory?" + query), '\n');
  };
  EXPECT_EQ(found("find=ANA"), 1);
  EXPECT_EQ(found("find=mar%C3%ADa+%22m"), 1);
  EXPECT_EQ(found("find=visit-"), 3);
  EXPECT_EQ(found("find=nobody"), 0);
  EXPECT_EQ(http(), 200);
  // A masked number is not found out digit by digit.
  EXPECT_EQ(found("find=5550103"), 0);
  EXPECT_EQ(found("find=5550103&reveal=1"), 1);
  for (const char* const bad :
       {"%4", "%zz", "%ff", "12345678901234567890123456789012345678901234567890123456789012345"}) {
    get(std::string("/v1/directory?find=") + bad);
    EXPECT_EQ(http(), 422) << bad;
  }
}

TEST_F(DeskDirectory, Lists_AsManyAsFitAndSaysThatThereAreMore) {
  directory_.lines.clear();
  for (int i = 0; i < 1000; ++i) {
    directory_.lines.push_back(R"({"ref":"v)" + std::to_string(i) + R"(","name":"\u0001"})");
  }
  directory_.lines.insert(directory_.lines.begin(),
                          R"({"ref":"long","text":")" + std::string(4'000, 'x') + R"("})");
  const std::string text = get("/v1/directory");
  EXPECT_EQ(pieces_, 1);
  EXPECT_TRUE(text.ends_with("\"}\n{\"more\":true}\n"));
  EXPECT_GT(std::ranges::count(text, '\n'), 100);
  EXPECT_EQ(get("/v1/directory?find=v999"),
            "{\"ref\":\"v999\",\"name\":\"\\u0001\",\"fault\":\"has no digits\"}\n");
}

TEST_F(DeskDirectory, WithoutOne_SaysSo) {
  directory_.trouble = Status::timeout;
  EXPECT_NE(get("/v1/directory").find(R"("error":"busy")"), std::string::npos);
  EXPECT_EQ(http(), 503);
  directory_.trouble = Status::not_found;
  EXPECT_NE(get("/v1/directory").find("intake.directory yet"), std::string::npos);
  EXPECT_EQ(http(), 404);
  settings_->intake.directory = {};
  EXPECT_NE(get("/v1/directory").find("no intake.directory"), std::string::npos);
  EXPECT_EQ(http(), 404);
}

TEST_F(DeskDirectory, IsOnlyForWhoMayReadEverybodys) {
  Allowance app;
  app.send = app.read_own = true;
  may_ = &app;
  get("/v1/directory");
  EXPECT_EQ(http(), 403);
  // To send to one of it needs no right to read it.
  post("/v1/messages", R"({"scenario":"next-step","ref":"visit-3","fields":)"
                       R"({"process":"p","nextStep":"n"}})");
  EXPECT_EQ(http(), 202);
  app.read_all = true;
  get("/v1/directory");
  EXPECT_EQ(http(), 200);
  get("/v1/directory?reveal=1");
  EXPECT_EQ(http(), 403);
}

}  // namespace
}  // namespace fieldpost
