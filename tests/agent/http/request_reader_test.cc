#include "agent/http/request_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/fakes/unpacked.h"

namespace fieldpost::http {
namespace {

using State = RequestReader::State;

// Puts bytes in as a connection would; what is left when the reader stops is returned.
std::string_view give(RequestReader& reader, std::string_view bytes, std::size_t at_most = 99999) {
  while (!bytes.empty() && reader.state() == State::more) {
    const std::span<char> room = reader.room();
    const std::size_t n = std::min({bytes.size(), room.size(), at_most});
    bytes.copy(room.data(), n);
    bytes.remove_prefix(n);
    reader.received(n);
  }
  return bytes;
}

struct Good {
  const char* what;
  std::string wire;
  Method method;
  const char* path;
  std::string body;
  const char* type;
  bool keep_alive;
};

std::vector<Good> good_requests() {
  return {
      {"GET", "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n", Method::get, "/v1/status", "",
       "", true},
      {"query", "GET /v1/messages?state=held&limit=5 HTTP/1.1\r\nHost:\r\n\r\n", Method::get,
       "/v1/messages?state=held&limit=5", "", "", true},
      {"POST",
       "POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
       "Content-Length: 7\r\n\r\n{\"a\":1}",
       Method::post, "/v1/messages", "{\"a\":1}", "application/json", true},
      {"chunked",
       "POST /v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
       "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
       Method::post, "/v1/messages", "{\"a\":1}", "", true},
      {"POST without a body", "POST /v1/pause HTTP/1.1\r\nHost: x\r\n\r\n", Method::post,
       "/v1/pause", "", "", true},
      {"close", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Method::get, "/", "", "",
       false},
      {"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", Method::get, "/", "", "", false},
      {"absolute form", "GET http://localhost/v1/status?x HTTP/1.1\r\nHost: localhost\r\n\r\n",
       Method::get, "/v1/status?x", "", "", true},
      {"an offer of h2c",
       "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
       "HTTP2-Settings: AAM\r\nContent-Length: 2\r\n\r\nhi",
       Method::post, "/", "hi", "", true},
      {"an offer of a websocket",
       "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
       Method::get, "/", "", "", true},
      {"blank lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", Method::get, "/", "", "",
       true},
  };
}

void expect_good(const Good& good, const RequestReader& reader) {
  ASSERT_EQ(reader.state(), State::complete) << unpacked(reader.refusal_words());
  EXPECT_EQ(reader.method(), good.method);
  EXPECT_EQ(reader.path(), good.path);
  EXPECT_EQ(reader.body(), good.body);
  EXPECT_EQ(reader.content_type(), good.type);
  EXPECT_EQ(reader.keep_alive(), good.keep_alive);
}

TEST(RequestReader, Received_GoodRequestCutAnywhere_GivesTheSame) {
  for (const Good& good : good_requests()) {
    for (std::size_t cut = 0; cut <= good.wire.size(); ++cut) {
      SCOPED_TRACE(std::string(good.what) + " cut at " + std::to_string(cut));
      RequestReader reader;
      give(reader, std::string_view(good.wire).substr(0, cut));
      if (cut < good.wire.size()) {
        EXPECT_EQ(reader.state(), State::more);
      }
      EXPECT_EQ(reader.idle(), cut == 0);
      give(reader, std::string_view(good.wire).substr(cut));
      expect_good(good, reader);
    }
  }
}

TEST(RequestReader, Next_PipelinedRequests_AreReadOneByOne) {
  std::string wire;
  std::vector<Good> expected;
  for (const Good& good : good_requests()) {
    if (!good.keep_alive) continue;
    wire += good.wire;
    expected.push_back(good);
  }
  for (const std::size_t at_most : {1u, 7u, 100u, 99999u}) {
    RequestReader reader;
    std::string_view rest = give(reader, wire, at_most);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      SCOPED_TRACE(expected[i].what);
      expect_good(expected[i], reader);
      reader.next();
      rest = give(reader, rest, at_most);
    }
    EXPECT_TRUE(reader.idle());
  }
}

TEST(RequestReader, TakeContinue_IsAskedForOnce) {
  RequestReader reader;
  give(reader, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n");
  EXPECT_FALSE(reader.take_continue());
  give(reader, "\r\n");
  EXPECT_TRUE(reader.take_continue());
  EXPECT_FALSE(reader.take_continue());
  give(reader, "hi");
  EXPECT_EQ(reader.body(), "hi");
}

TEST(RequestReader, TakeContinue_BodyAlreadyHereOrOldClient_IsNotAskedFor) {
  RequestReader reader;
  give(reader, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_FALSE(reader.take_continue());
  reader.start();
  give(reader, "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_FALSE(reader.take_continue());
}

TEST(RequestReader, Received_Nonsense_IsRefusedWithItsStatus) {
  struct Bad {
    const char* wire;
    std::uint16_t status;
  };
  const Bad table[] = {
      {"hello\r\n\r\n", 405},
      {"\x16\x03\x01\x02", 400},
      {"GET\r\n\r\n", 405},
      {"GET /\r\n\r\n", 505},
      {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"GET / HTTP/0.9\r\n\r\n", 505},
      {"GET / HTTP/1.9\r\n\r\n", 505},
      {"GET / FTP/1.1\r\n\r\n", 400},
      {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", 405},
      {"DELETE /v1/messages/1 HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"get / HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400},
      {"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET v1 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: x\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
       400},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\nG", 400},
      {"POST / HTTP/1.1\r\nHost: x\r\nExpect: a miracle\r\n\r\n", 417},
      {"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n\r\n", 415},
  };
  for (const Bad& bad : table) {
    for (const std::size_t at_most : {1u, 99999u}) {
      SCOPED_TRACE(bad.wire);
      RequestReader reader;
      give(reader, bad.wire, at_most);
      EXPECT_EQ(reader.state(), State::refused);
      EXPECT_EQ(reader.refusal(), bad.status) << unpacked(reader.refusal_words());
      EXPECT_TRUE(reader.refusal_words());
      EXPECT_FALSE(reader.keep_alive());
    }
  }
}

TEST(RequestReader, Received_HeadTargetAndBodyAtTheirBounds_FitAndOneMoreByteDoesNot) {
  for (const std::size_t beyond : {0u, 1u}) {
    SCOPED_TRACE(beyond);
    std::string head = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
    head.append(limits::local_head_bytes_max + beyond - head.size() - 4, 'a');
    RequestReader reader;
    give(reader, head + "\r\n\r\n");
    EXPECT_EQ(reader.refusal(), beyond == 0 ? 0 : 431);

    reader.start();
    give(reader, "GET /" + std::string(limits::path_bytes_max - 1 + beyond, 'a') +
                     " HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(reader.refusal(), beyond == 0 ? 0 : 414);

    reader.start();
    const std::string body(limits::local_body_bytes_max + beyond, 'b');
    give(reader, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                     std::string(beyond == 0 ? "4000" : "4001") + "\r\n" + body + "\r\n0\r\n\r\n");
    EXPECT_EQ(reader.refusal(), beyond == 0 ? 0 : 413);
    if (beyond == 0) {
      EXPECT_EQ(reader.body(), body);
    }
  }
}

TEST(RequestReader, Received_NulInTheHead_IsRefused) {
  RequestReader reader;
  give(reader, std::string_view("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 28));
  EXPECT_EQ(reader.refusal(), 400);
}

constexpr std::string_view kFromAPage =
    "OPTIONS /v1/messages HTTP/1.1\r\nHost: x\r\nOrigin: https://kiosk.example\r\n"
    "Sec-Fetch-Site: cross-site\r\nAccess-Control-Request-Method: POST\r\n"
    "Access-Control-Request-Private-Network: true\r\nAuthorization: Bearer abc\r\n\r\n";

TEST(RequestReader, ServeWeb_KeepsWhatBrowsersSayAndKnowsOptions) {
  RequestReader reader;
  reader.serve_web();
  give(reader, kFromAPage);
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_TRUE(reader.is_options());
  EXPECT_EQ(reader.web().origin, "https://kiosk.example");
  EXPECT_EQ(reader.web().fetch_site, "cross-site");
  EXPECT_TRUE(reader.web().asks_method);
  EXPECT_TRUE(reader.web().asks_network);
  EXPECT_EQ(reader.web().authorization, "Bearer abc");
  reader.next();
  give(reader, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_FALSE(reader.is_options());
  EXPECT_TRUE(reader.web().origin.empty()) << "of the request before";
}

TEST(RequestReader, WhomARelaySpeaksFor_IsKnownWhereNoBrowserReaches) {
  for (const bool web : {false, true}) {
    RequestReader reader;
    if (web) reader.serve_web();
    give(reader, "GET / HTTP/1.1\r\nHost: x\r\nFieldpost-Source: coap:a 20\r\n\r\n");
    ASSERT_EQ(reader.state(), State::complete);
    EXPECT_EQ(reader.claim(), web ? "" : "coap:a 20");
    reader.next();
    give(reader, "GET / HTTP/1.1\r\nHost: x\r\nOrigin: coap:b\r\n\r\n");
    EXPECT_EQ(reader.claim(), "");
  }
  RequestReader twice;
  give(twice,
       "GET / HTTP/1.1\r\nHost: x\r\nFieldpost-Source: coap:a\r\n"
       "Fieldpost-Source: coap:b\r\n\r\n");
  EXPECT_EQ(twice.refusal(), 400);
}

TEST(RequestReader, ServeWeb_WhoAsksSaidTwiceOrTooLong_IsRefused) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\nOrigin: https://a.example\r\n";
  for (const std::string& more :
       {std::string("Origin: https://b.example\r\n\r\n"),
        "Authorization: Bearer " + std::string(limits::origin_bytes_max, 'a') + "\r\n\r\n",
        "Sec-Fetch-Site: " + std::string(1000, 'a') + "\r\n\r\n"}) {
    RequestReader reader;
    reader.serve_web();
    give(reader, head + more);
    EXPECT_EQ(reader.refusal(), 400) << more;
  }
}

TEST(RequestReader, WhereNoBrowserReaches_OptionsIsNotKnown) {
  RequestReader reader;
  give(reader, kFromAPage);
  EXPECT_EQ(reader.refusal(), 405);
}

}  // namespace
}  // namespace fieldpost::http
