#include "agent/intake/refusal.h"

#include <gtest/gtest.h>

#include <string>

namespace fieldpost {
namespace {

RequestRefusal refusal(ErrorWord error, std::string_view field, std::string_view message) {
  RequestRefusal made;
  made.error = error;
  EXPECT_EQ(made.field.assign(field), Status::ok);
  EXPECT_EQ(made.message.assign(message), Status::ok);
  return made;
}

std::string json(const RequestRefusal& made) {
  TextBuffer<2048> out;
  put_refusal(out, made);
  return std::string(out.written());
}

TEST(Refusal, Put_AField_IsNamed) {
  EXPECT_EQ(json(refusal(ErrorWord::invalid, "to", "to: has no digits")),
            R"({"ok":false,"error":"invalid","field":"to","message":"to: has no digits"})");
}

TEST(Refusal, Put_NoField_IsLeftOut) {
  EXPECT_EQ(json(refusal(ErrorWord::queue_full, "", "a \"full\" queue")),
            R"({"ok":false,"error":"queue_full","message":"a \"full\" queue"})");
}

TEST(Refusal, HttpStatus_EachErrorWord_IsAsTheLocalApiPromises) {
  const struct {
    ErrorWord word;
    const char* text;
    int for_field;
    int without;
  } rows[] = {
      {ErrorWord::invalid, "invalid", 422, 400},
      {ErrorWord::unknown_scenario, "unknown_scenario", 422, 422},
      {ErrorWord::unknown_ref, "unknown_ref", 422, 422},
      {ErrorWord::not_configured, "not_configured", 422, 422},
      {ErrorWord::too_long, "too_long", 422, 422},
      {ErrorWord::too_large, "too_large", 413, 413},
      {ErrorWord::queue_full, "queue_full", 503, 503},
      {ErrorWord::storage, "storage", 507, 507},
      {ErrorWord::busy, "busy", 503, 503},
      {ErrorWord::too_many, "too_many", 429, 429},
      {ErrorWord::denied, "denied", 403, 403},
      {ErrorWord::unauthorized, "unauthorized", 401, 401},
      {ErrorWord::unsupported, "unsupported", 422, 405},
      {ErrorWord::blocked, "blocked", 403, 403},
      {ErrorWord::conflict, "conflict", 409, 409},
      {ErrorWord::not_found, "not_found", 404, 404},
      {ErrorWord::wrong_state, "wrong_state", 409, 409},
      {ErrorWord::refused, "refused", 409, 409},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_text(row.word), row.text);
    EXPECT_EQ(http_status(row.word, true), row.for_field) << row.text;
    EXPECT_EQ(http_status(row.word, false), row.without) << row.text;
  }
}

}  // namespace
}  // namespace fieldpost
