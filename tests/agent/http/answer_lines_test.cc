#include "agent/http/answer_lines.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace fieldpost::http {
namespace {

class Lines final : public LineSink {
 public:
  bool line(std::uint16_t status, std::string_view line) override {
    http = status;
    lines.emplace_back(line);
    return lines.size() < most;
  }
  std::uint16_t http = 0;
  std::size_t most = 1000;
  std::vector<std::string> lines;
};

using State = AnswerLines::State;

// Fed in pieces of `step` bytes: what comes out must not depend on how it came in.
State feed(LineSink& sink, std::string_view text, std::size_t step) {
  auto reader = std::make_unique<AnswerLines>(sink);
  State state = State::more;
  for (std::size_t at = 0; at < text.size() && state == State::more; at += step) {
    state = reader->feed(text.substr(at, step));
  }
  return state == State::more ? reader->end() : state;
}

TEST(AnswerLines, Feed_AnyPieces_GiveTheSameLines) {
  const std::string_view kLength =
      "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n"
      "{\"ok\":true,\"id\":17}\n{}\n";
  const std::string_view kChunked =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
      "5\r\nab\ncd\r\nA\r\nef\n0123456\r\n1\r\n\n\r\n0\r\n\r\n";
  const std::string_view kUntilClose = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\none\ntwo";
  for (std::size_t step = 1; step < 40; ++step) {
    Lines length, chunked, until_close;
    EXPECT_EQ(feed(length, kLength, step), State::complete);
    EXPECT_EQ(length.http, 202);
    EXPECT_EQ(length.lines, (std::vector<std::string>{"{\"ok\":true,\"id\":17}", "{}"}));
    EXPECT_EQ(feed(chunked, kChunked, step), State::complete);
    EXPECT_EQ(chunked.http, 200);
    EXPECT_EQ(chunked.lines, (std::vector<std::string>{"ab", "cdef", "0123456"}));
    EXPECT_EQ(feed(until_close, kUntilClose, step), State::complete);
    EXPECT_EQ(until_close.lines, (std::vector<std::string>{"one", "two"}));
  }
}

TEST(AnswerLines, Feed_EmptyBody_IsComplete) {
  Lines sink;
  EXPECT_EQ(feed(sink, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 9), State::complete);
  EXPECT_TRUE(sink.lines.empty());
}

TEST(AnswerLines, Feed_SinkHasEnough_Stops) {
  Lines sink;
  sink.most = 1;
  EXPECT_EQ(feed(sink, "HTTP/1.1 200 OK\r\n\r\none\ntwo\n", 100), State::complete);
  EXPECT_EQ(sink.lines.size(), 1u);
}

TEST(AnswerLines, End_CutShort_IsRefused) {
  const std::string_view whole =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab\n\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < whole.size() - 1; ++size) {
    Lines sink;
    EXPECT_EQ(feed(sink, whole.substr(0, size), 7), State::refused) << size;
  }
}

TEST(AnswerLines, Feed_Nonsense_IsRefused) {
  for (const std::string_view text :
       {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    Lines sink;
    EXPECT_EQ(feed(sink, text, 1000), State::refused) << text;
  }
  Lines sink;
  EXPECT_EQ(feed(sink, "HTTP/1.1 200 OK\r\n\r\n" + std::string(20'000, 'a'), 1000), State::refused);
}

}  // namespace
}  // namespace fieldpost::http
