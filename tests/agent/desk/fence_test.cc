#include "agent/desk/fence.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

constexpr std::string_view kPlace = "127.0.0.1:8040", kListed = "https://kiosk.example";

OriginList origins() {
  OriginList list;
  MUST(list.items[list.count++].assign(kListed));
  MUST(list.items[list.count++].assign("http://127.0.0.1:9000"));
  return list;
}

struct Case {
  const char* what;
  WebRequest asks;
  std::uint16_t http;
  std::string_view reader = {};
  bool needs_token = true;
};

WebRequest get(std::string_view path = "/v1/status") {
  WebRequest one;
  one.path = path;
  one.host = kPlace;
  return one;
}
WebRequest post(std::string_view type = "application/json") {
  WebRequest one = get("/v1/messages");
  one.method = Method::post;
  one.content_type = type;
  return one;
}
WebRequest from(WebRequest one, std::string_view origin, std::string_view site = "") {
  one.origin = origin;
  one.fetch_site = site;
  return one;
}
WebRequest at(WebRequest one, std::string_view host) {
  one.host = host;
  return one;
}
WebRequest preflight(std::string_view origin, bool asks_method = true) {
  WebRequest one = from(get("/v1/messages"), origin, "cross-site");
  one.options = true;
  one.asks_method = asks_method;
  return one;
}

TEST(Fence, EachKindOfRequest_PassesOrIsRefused) {
  const Case kCases[] = {
      {"a local program", get(), 0},
      {"a local program's POST", post(), 0},
      {"localhost", at(get(), "localhost:8040"), 0},
      {"healthz", get("/healthz"), 0, {}, false},
      {"healthz with more behind it", get("/healthz?x"), 0},
      {"a POST to healthz",
       [] {
         auto one = post();
         one.path = "/healthz";
         return one;
       }(),
       0},

      {"a rebound name", at(get(), "evil.example:8040"), 403},
      {"a rebound name on healthz", at(get("/healthz"), "evil.example:8040"), 403},
      {"another port", at(get(), "127.0.0.1:80"), 403},
      {"no port", at(get(), "127.0.0.1"), 403},
      {"another loopback address", at(get(), "127.0.0.2:8040"), 403},
      {"the other family", at(get(), "[::1]:8040"), 403},
      {"a name that begins with ours", at(get(), "127.0.0.1:8040.evil.example"), 403},
      {"localhost below another name", at(get(), "localhost.evil.example:8040"), 403},
      {"no host", at(get(), ""), 403},

      {"an own page", from(post(), "http://127.0.0.1:8040", "same-origin"), 0},
      {"an own page by another of our names", from(post(), "http://localhost:8040"), 403},
      {"an own page by TLS, which we do not speak", from(post(), "https://127.0.0.1:8040"), 403},
      {"typed into the address bar", from(get(), "", "none"), 0},
      {"a listed page", from(post(), kListed, "cross-site"), 0, kListed},
      {"a listed page on another port", from(post(), "http://127.0.0.1:9000", "same-site"), 0,
       "http://127.0.0.1:9000"},
      {"a page on another port", from(post(), "http://127.0.0.1:9001", "same-site"), 403},
      {"any page", from(post(), "https://evil.example", "cross-site"), 403},
      {"the listed name without TLS", from(post(), "http://kiosk.example", "cross-site"), 403},
      {"the listed name with a port", from(post(), "https://kiosk.example:8443"), 403},
      {"a sandboxed frame or a file", from(post(), "null", "cross-site"), 403},
      {"an image of any page", from(get(), "", "cross-site"), 403},
      {"an image of a page on another port", from(get("/healthz"), "", "same-site"), 403},
      {"a word that nobody knows", from(get(), "", "perhaps"), 403},

      {"a form", post("application/x-www-form-urlencoded"), 415},
      {"a no-cors POST", post("text/plain"), 415},
      {"a POST of no type", post(""), 415},
      {"a form of a listed page", from(post("text/plain"), kListed), 415, kListed},
      {"a token in the URL", get("/v1/messages?token=abc"), 400},
      {"an access token in the URL", get("/v1/messages?limit=1&access_token=abc"), 400},

      {"a preflight of a listed page", preflight(kListed), 204, kListed},
      {"a preflight of any page", preflight("https://evil.example"), 403},
      {"a preflight by a rebound name", at(preflight(kListed), "evil.example:8040"), 403},
      {"OPTIONS without an origin", preflight(""), 403},
      {"OPTIONS that is no preflight", preflight(kListed, false), 405},
  };
  const OriginList list = origins();
  for (const Case& one : kCases) {
    const Passage passage = look_at(one.asks, kPlace, list);
    EXPECT_EQ(passage.http, one.http) << one.what;
    EXPECT_EQ(passage.reader, one.reader) << one.what;
    if (one.http == 0) {
      EXPECT_EQ(passage.needs_token, one.needs_token) << one.what;
    }
    EXPECT_EQ(static_cast<bool>(passage.words), one.http >= 400) << one.what;
  }
}

TEST(Fence, BoundToIpv6_KnowsItByThatAndByLocalhost) {
  const OriginList none;
  EXPECT_EQ(look_at(at(get(), "[::1]:8040"), "[::1]:8040", none).http, 0);
  EXPECT_EQ(look_at(at(get(), "localhost:8040"), "[::1]:8040", none).http, 0);
  EXPECT_EQ(look_at(at(get(), "127.0.0.1:8040"), "[::1]:8040", none).http, 403);
}

TEST(Fence, Port80_IsKnownWithAndWithoutItsNumber) {
  const OriginList none;
  for (const char* host : {"127.0.0.1", "127.0.0.1:80", "localhost", "localhost:80"}) {
    EXPECT_EQ(look_at(at(get(), host), "127.0.0.1:80", none).http, 0) << host;
  }
  for (const char* host : {"", "127.0.0", "127.0.0.1:8040", "127.0.0.1.evil.example"}) {
    EXPECT_EQ(look_at(at(get(), host), "127.0.0.1:80", none).http, 403) << host;
  }
}

TEST(Fence, WithoutAList_NoPageMayAsk) {
  const OriginList none;
  EXPECT_EQ(look_at(from(post(), kListed), kPlace, none).http, 403);
  EXPECT_EQ(look_at(preflight(kListed), kPlace, none).http, 403);
}

TEST(FindAppBy, TheSumOfItsToken_AndNoOther) {
  AllowanceList apps;
  const std::string a(64, 'a'), b(64, 'b');
  for (const std::string& sum : {a, b}) {
    MUST(apps.items[apps.count++].token_sha256.assign(sum));
  }
  EXPECT_EQ(find_app_by(apps, a), &apps.items[0]);
  EXPECT_EQ(find_app_by(apps, b), &apps.items[1]);
  for (std::size_t at = 0; at < 64; ++at) {
    std::string nearly = a;
    nearly[at] = 'c';
    EXPECT_EQ(find_app_by(apps, nearly), nullptr) << at;
  }
  EXPECT_EQ(find_app_by(apps, a.substr(1)), nullptr);
  EXPECT_EQ(find_app_by(apps, ""), nullptr);
  EXPECT_EQ(find_app_by(AllowanceList{}, a), nullptr);
}

}  // namespace
}  // namespace fieldpost
