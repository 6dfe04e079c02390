#include "agent/http/answer_reader.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/fakes/unpacked.h"

namespace fieldpost::http {
namespace {

using State = AnswerReader::State;

struct Good {
  const char* what;
  std::string wire;
  bool ends;  // the connection ends after it
  std::uint16_t status;
  std::string body;
  bool reuse;
};

std::vector<Good> good_answers() {
  return {
      {"a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, 200, "hello", true},
      {"no body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, 200, "", true},
      {"no reason phrase", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", false, 200, "hi", true},
      {"chunks",
       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
       "world\r\n0\r\n\r\n",
       false, 200, "hello world", true},
      {"chunks with extensions and trailers",
       "HTTP/1.1 429 Slow\r\ntransfer-encoding: Chunked\r\n\r\n1;a=b\r\nx\r\n0\r\n"
       "Retry-After: 9\r\nX-Sum: 1\r\n\r\n",
       false, 429, "x", true},
      {"until the end", "HTTP/1.1 200 OK\r\n\r\nhello", true, 200, "hello", false},
      {"until the end, empty", "HTTP/1.1 500 No\r\n\r\n", true, 500, "", false},
      {"close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", false, 200,
       "hi", false},
      {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, 200, "hi", false},
      {"HTTP/1.0 that stays",
       "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", false, 200, "hi",
       true},
      {"100 first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nhi",
       false, 201, "hi", true},
      {"two interim ones",
       "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Wait\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
       false, 200, "hi", true},
      {"204", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, "", true},
      {"304 with a length", "HTTP/1.1 304 Same\r\nContent-Length: 99999\r\n\r\n", false, 304, "",
       true},
      {"a redirect", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n",
       false, 302, "", true},
      {"extra headers",
       "HTTP/1.1 200 OK\r\nX-A:\r\nX-A-very-long-name-that-nobody-looks-for: y\r\nDate: \t x \r\n"
       "Set-Cookie: \xc3\xa4\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi",
       false, 200, "hi", true},
  };
}

void expect_good(const Good& good, AnswerReader& reader) {
  if (good.ends) {
    EXPECT_EQ(reader.state(), State::more);
    reader.end();
  }
  ASSERT_EQ(reader.state(), State::complete) << unpacked(to_text(reader.fault()));
  EXPECT_EQ(reader.status(), good.status);
  EXPECT_EQ(reader.body(), good.body);
  EXPECT_EQ(reader.may_reuse(), good.reuse);
}

TEST(AnswerReader, Feed_GoodAnswerCutAnywhere_GivesTheSame) {
  for (const Good& good : good_answers()) {
    for (std::size_t cut = 0; cut <= good.wire.size(); ++cut) {
      SCOPED_TRACE(std::string(good.what) + " cut at " + std::to_string(cut));
      AnswerReader reader;
      reader.feed(std::string_view(good.wire).substr(0, cut));
      if (cut < good.wire.size() && !good.ends) {
        EXPECT_EQ(reader.state(), State::more);
      }
      reader.feed(std::string_view(good.wire).substr(cut));
      expect_good(good, reader);
    }
  }
}

TEST(AnswerReader, Feed_ByteByByteOnOneReader_GivesTheSame) {
  AnswerReader reader;
  for (const Good& good : good_answers()) {
    SCOPED_TRACE(good.what);
    reader.start(std::nullopt);
    for (const char c : good.wire) reader.feed(std::string_view(&c, 1));
    expect_good(good, reader);
  }
}

TEST(AnswerReader, End_BeforeTheAnswerIsWhole_IsCutShort) {
  for (const Good& good : good_answers()) {
    if (good.ends) continue;
    for (std::size_t cut = 0; cut < good.wire.size(); ++cut) {
      SCOPED_TRACE(std::string(good.what) + " cut at " + std::to_string(cut));
      AnswerReader reader;
      reader.feed(std::string_view(good.wire).substr(0, cut));
      EXPECT_EQ(reader.end(), State::refused);
      EXPECT_EQ(reader.fault(), cut == 0 ? AnswerFault::no_answer : AnswerFault::cut_short);
    }
  }
}

TEST(AnswerReader, Feed_BytesBeyondTheAnswer_ForbidReuse) {
  for (const Good& good : good_answers()) {
    if (good.ends) continue;
    for (const bool at_once : {true, false}) {
      SCOPED_TRACE(good.what);
      AnswerReader reader;
      if (at_once) {
        reader.feed(good.wire + "H");
      } else {
        reader.feed(good.wire);
        reader.feed("H");
      }
      ASSERT_EQ(reader.state(), State::complete) << unpacked(to_text(reader.fault()));
      EXPECT_EQ(reader.body(), good.body);
      EXPECT_FALSE(reader.may_reuse());
    }
  }
}

struct Bad {
  const char* wire;
  AnswerFault fault;
};

TEST(AnswerReader, Feed_Nonsense_IsRefusedWithItsFault) {
  const Bad table[] = {
      {"<html>", AnswerFault::not_http},
      {"\r\n\r\n<html>", AnswerFault::not_http},
      {"ICY 200 OK\r\n\r\n", AnswerFault::not_http},
      {"HTTP/2.0 200 OK\r\n\r\n", AnswerFault::not_http},
      {"HTTP/0.9 200 OK\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.2 200 OK\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.1 99 Low\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.1 2000 High\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.1 600 High\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.1 abc OK\r\n\r\n", AnswerFault::not_http},
      {"HTTP/1.1 -200 OK\r\n\r\n", AnswerFault::not_http},
      {"\x16\x03\x01\x02", AnswerFault::not_http},
      {"HTTP/1.1 200 OK\nContent-Length: 0\n\n", AnswerFault::not_http},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\n\r\n", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nA: b\rContent-Length: 0\r\n\r\n", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nhi", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nA: \x01\r\n\r\n", AnswerFault::bad_head},
      {"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", AnswerFault::folded_line},
      {"HTTP/1.1 200 OK\r\nA: b\r\n\tc\r\n\r\n", AnswerFault::folded_line},
      {"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", AnswerFault::folded_line},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
       AnswerFault::two_lengths},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
       AnswerFault::two_lengths},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       AnswerFault::two_lengths},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
       AnswerFault::two_lengths},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nhi", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nhi", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: 2 2\r\n\r\nhi", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", AnswerFault::bad_length},
      {"HTTP/1.1 200 OK\r\nContent-Length: 16385\r\n\r\n", AnswerFault::body_too_large},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n",
       AnswerFault::bad_coding},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", AnswerFault::bad_chunk},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", AnswerFault::bad_chunk},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", AnswerFault::bad_chunk},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", AnswerFault::bad_chunk},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n",
       AnswerFault::bad_chunk},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n", AnswerFault::bad_chunk},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
       AnswerFault::upgraded},
      {"HTTP/1.1 100 Continue\r\nContent-Length: 3\r\n\r\nabc", AnswerFault::bad_head},
  };
  for (const Bad& bad : table) {
    for (const bool at_once : {true, false}) {
      SCOPED_TRACE(bad.wire);
      AnswerReader reader;
      if (at_once) {
        reader.feed(bad.wire);
      } else {
        for (const char* c = bad.wire; *c != 0; ++c) reader.feed(std::string_view(c, 1));
      }
      EXPECT_EQ(reader.state(), State::refused);
      EXPECT_EQ(unpacked(to_text(reader.fault())), unpacked(to_text(bad.fault)));
      EXPECT_FALSE(reader.may_reuse());
      EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), State::refused);
    }
  }
}

TEST(AnswerReader, Feed_HeadAtItsBound_FitsAndOneMoreByteDoesNot) {
  const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: ";
  for (const std::size_t beyond : {0u, 1u}) {
    std::string wire = start;
    wire.append(limits::answer_head_bytes_max + beyond - start.size() - 4, 'a');
    wire += "\r\n\r\nhi";
    AnswerReader reader;
    reader.feed(wire);
    EXPECT_EQ(reader.state(), beyond == 0 ? State::complete : State::refused);
    if (beyond != 0) {
      EXPECT_EQ(reader.fault(), AnswerFault::head_too_large);
    }
  }
}

TEST(AnswerReader, Feed_InterimAnswersWithoutEnd_AreRefused) {
  AnswerReader reader;
  for (int i = 0; i < 1000 && reader.state() == State::more; ++i) {
    reader.feed("HTTP/1.1 100 Continue\r\n\r\n");
  }
  EXPECT_EQ(reader.fault(), AnswerFault::head_too_large);
}

TEST(AnswerReader, Feed_BodyAtItsBound_FitsAndOneMoreByteDoesNot) {
  for (const std::size_t beyond : {0u, 1u}) {
    const std::string body(limits::answer_body_bytes_max + beyond, 'b');
    const std::string half = body.substr(0, 8000), rest = body.substr(8000);
    char sizes[2][16];
    std::snprintf(sizes[0], sizeof sizes[0], "%zx\r\n", half.size());
    std::snprintf(sizes[1], sizeof sizes[1], "%zx\r\n", rest.size());
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                (sizes[0] + half) + "\r\n" + (sizes[1] + rest) + "\r\n0\r\n\r\n";
    const std::string with_length =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    const std::string without = "HTTP/1.1 200 OK\r\n\r\n" + body;
    for (const std::string& wire : {chunked, with_length, without}) {
      AnswerReader reader;
      reader.feed(wire);
      reader.end();
      EXPECT_EQ(reader.state(), beyond == 0 ? State::complete : State::refused);
      if (beyond != 0) {
        EXPECT_EQ(reader.fault(), AnswerFault::body_too_large);
      }
      if (beyond == 0) {
        EXPECT_EQ(reader.body(), body);
      }
    }
  }
}

TEST(AnswerReader, Feed_TrailersOrExtensionsWithoutEnd_AreRefused) {
  for (const char* endless : {"A: b\r\n", ";"}) {
    AnswerReader reader;
    reader.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    reader.feed(*endless == ';' ? "1" : "0\r\n");
    for (int i = 0; i < 200'000 && reader.state() == State::more; ++i) reader.feed(endless);
    EXPECT_EQ(reader.state(), State::refused);
  }
}

TEST(AnswerReader, Feed_OnlyTheHeadWanted_NoLengthOrCodingCounts) {
  for (const std::string_view lines :
       {"", "Content-Length: 5\r\n", "Content-Length: 999999999\r\n",
        "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip\r\n", "Connection: close\r\n"}) {
    for (const std::string_view behind : {"", "hello"}) {
      SCOPED_TRACE(lines);
      const std::string head = "HTTP/1.0 407 No\r\n" + std::string(lines) + "\r\n";
      AnswerReader reader;
      reader.start(std::nullopt, AnswerReader::Wanted::head);
      EXPECT_EQ(reader.feed(head.substr(0, head.size() - 1)), State::more);
      EXPECT_EQ(reader.feed("\n" + std::string(behind)), State::complete);
      EXPECT_EQ(reader.status(), 407);
      EXPECT_EQ(reader.body(), "");
      EXPECT_EQ(reader.bytes_beyond(), !behind.empty());
    }
  }
  AnswerReader reader;
  reader.start(std::nullopt, AnswerReader::Wanted::head);
  EXPECT_EQ(reader.feed("HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), State::complete);
  EXPECT_EQ(reader.status(), 200);
  // The next one is wanted whole again.
  reader.start(std::nullopt);
  EXPECT_EQ(reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), State::more);
}

TEST(AnswerReader, Feed_RetryAfterAndKeepAlive_AreReadFromTheHeadAlone) {
  AnswerReader reader(UnixTime{784'111'777});
  reader.feed(
      "HTTP/1.1 103 Hints\r\nRetry-After: 1\r\n\r\n"
      "HTTP/1.1 503 Busy\r\nretry-after: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
      "Content-Type: text/html\r\nKEEP-ALIVE: timeout=15\r\nTransfer-Encoding: "
      "chunked\r\n\r\n0\r\nRetry-After: 7\r\n\r\n");
  ASSERT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.retry_after_s(), 60u);
  EXPECT_EQ(reader.keep_alive_timeout_s(), 15u);
  EXPECT_EQ(reader.content_type(), "text/html");

  reader.start(std::nullopt);
  reader.feed("HTTP/1.1 429 Slow\r\nRetry-After: " + std::string(300, '9') +
              "\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(reader.retry_after_s(), std::nullopt);
  EXPECT_EQ(reader.keep_alive_timeout_s(), std::nullopt);
}

}  // namespace
}  // namespace fieldpost::http
