#include "agent/composer/composer.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fieldpost {
namespace {

Message example() {
  Message message;
  EXPECT_EQ(message.to.assign("12025550123"), Status::ok);
  EXPECT_EQ(message.template_name.assign("status_changed"), Status::ok);
  EXPECT_EQ(message.template_namespace.assign("NS"), Status::ok);
  EXPECT_EQ(message.language.assign("en"), Status::ok);
  for (const char* value : {"Maria", "order #12345", "Shipped"}) {
    EXPECT_EQ(message.values.add(value), Status::ok);
  }
  return message;
}

std::string path_of(std::string_view channel, std::string_view method) {
  RequestPath path;
  return compose_path(channel, method, path) == Status::ok ? std::string(path.view()) : "refused";
}

TEST(Composer, Body_AnExample_IsTheRequestThatTheApiDocuments) {
  TextBuffer<limits::request_body_bytes_max> out;
  const auto body = compose_body(example(), out);
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(body.value(),
            R"({"phone":"12025550123","template":"status_changed","namespace":"NS",)"
            R"("language":{"policy":"deterministic","code":"en"},)"
            R"("params":[{"type":"body","parameters":[{"type":"text","text":"Maria"},)"
            R"({"type":"text","text":"order #12345"},{"type":"text","text":"Shipped"}]}]})");
}

TEST(Composer, Body_NoVariables_HasAnEmptyList) {
  Message message = example();
  message.values.clear();
  TextBuffer<limits::request_body_bytes_max> out;
  const auto body = compose_body(message, out);
  ASSERT_TRUE(body.ok());
  EXPECT_TRUE(body.value().ends_with(R"("params":[{"type":"body","parameters":[]}]})"));
}

TEST(Composer, Body_NoRoom_IsFullAndNotCut) {
  TextBuffer<100> out;
  EXPECT_EQ(compose_body(example(), out).status(), Status::full);
}

TEST(Composer, Request_TheLongestMessage_HasRoom) {
  Message message = example();
  message.values.clear();
  ASSERT_EQ(message.to.assign(std::string(limits::phone_digits_max, '1')), Status::ok);
  ASSERT_EQ(message.template_name.assign(std::string(limits::template_name_bytes_max, 't')),
            Status::ok);
  ASSERT_EQ(message.template_namespace.assign(std::string(limits::namespace_bytes_max, 'n')),
            Status::ok);
  // Quotes double; ten variables bring the most of what stands around them.
  const std::size_t piece = limits::values_bytes_max / limits::fields_max;
  for (std::size_t i = 0; i < limits::fields_max; ++i) {
    ASSERT_EQ(message.values.add(std::string(piece, '"')), Status::ok);
  }
  auto request = std::make_unique<Request>();
  EXPECT_EQ(compose_request(std::string(limits::channel_bytes_max, '/'), message, *request),
            Status::ok);
  EXPECT_EQ(request->method, Method::post);
  EXPECT_EQ(request->purpose, Purpose::send_template);
}

TEST(Composer, Path_Channel_StaysOneSegment) {
  EXPECT_EQ(path_of("VID182868781", "sendTemplate"), "/VID182868781/sendTemplate");
  EXPECT_EQ(path_of("406401", "status"), "/406401/status");
  EXPECT_EQ(path_of("a/../b?c#d", "status"), "/a%2F..%2Fb%3Fc%23d/status");
  EXPECT_EQ(path_of("a b\r\n%", "status"), "/a%20b%0D%0A%25/status");
  EXPECT_EQ(path_of("ä", "status"), "/%C3%A4/status");
  EXPECT_EQ(path_of("a-._~z", "status"), "/a-._~z/status");
  EXPECT_EQ(path_of("", "status"), "refused");
  EXPECT_EQ(path_of(".", "status"), "refused");
  EXPECT_EQ(path_of("..", "status"), "refused");
  EXPECT_EQ(path_of(std::string(limits::path_bytes_max, 'a'), "status"), "refused");
}

}  // namespace
}  // namespace fieldpost
