#include "agent/http/put_answer.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/http/answer_reader.h"

namespace fieldpost::http {
namespace {

TEST(PutAnswer, Head_WithALength_IsWhatAReaderUnderstands) {
  TextBuffer<512> out;
  AnswerHead head;
  head.status = 202;
  head.length = 2;
  head.extra = "X-Extra: 1\r\n";
  put_answer_head(out, head);
  EXPECT_EQ(out.finish().value(),
            "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            "Cache-Control: no-store\r\nConnection: keep-alive\r\nX-Extra: 1\r\n\r\n");
  out.put("{}");
  AnswerReader reader;
  EXPECT_EQ(reader.feed(out.finish().value()), AnswerReader::State::complete);
  EXPECT_TRUE(reader.may_reuse());
}

TEST(PutAnswer, Chunks_OfAnySize_ComeBackAsTheyWere) {
  for (const std::size_t size : {0u, 1u, 15u, 16u, 255u, 256u, 4096u}) {
    const std::string piece(size, 'p');
    TextBuffer<8192> out;
    AnswerHead head;
    head.status = 503;
    head.framing = Framing::chunked;
    head.retry_after_s = 3;
    put_answer_head(out, head);
    const std::size_t before = out.size();
    put_chunk(out, piece);
    EXPECT_LE(out.size() - before, size + kChunkFrameBytes);
    put_chunk(out, "end");
    put_last_chunk(out);
    AnswerReader reader;
    ASSERT_EQ(reader.feed(out.finish().value()), AnswerReader::State::complete);
    EXPECT_EQ(reader.body(), piece + "end");
    EXPECT_EQ(reader.retry_after_s(), 3u);
    EXPECT_TRUE(reader.may_reuse());
  }
}

TEST(PutAnswer, Head_WithoutALength_SaysThatTheConnectionEnds) {
  TextBuffer<512> out;
  AnswerHead head;
  head.framing = Framing::until_close;
  put_answer_head(out, head);
  AnswerReader reader;
  reader.feed(out.finish().value());
  reader.feed("text");
  EXPECT_EQ(reader.end(), AnswerReader::State::complete);
  EXPECT_EQ(reader.body(), "text");
  EXPECT_FALSE(reader.may_reuse());
}

}  // namespace
}  // namespace fieldpost::http
