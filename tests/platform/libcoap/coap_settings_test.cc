#include "platform/libcoap/coap_settings.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace fieldpost {
namespace {

constexpr const char* kKey = "000102030405060708090a0B0c0D0e0f";

class CoapSettingsTest : public testing::Test {
 protected:
  // What is wrong; "" where nothing is.
  std::string read(std::string text) {
    *settings_ = {};
    std::vector<std::byte> arena(limits::json_arena_bytes);
    TextBuffer<limits::log_line_bytes_max> why;
    const Status status = read_coap_settings("coap.json", text, arena, *settings_, why);
    EXPECT_EQ(status == Status::ok, why.written().empty());
    EXPECT_EQ(why.written().find(kKey), why.written().npos);
    return std::string(why.written());
  }
  std::string device(const std::string& members) {
    return R"({"listen":"[::]:5684","devices":[)" + members + "]}";
  }

  const std::unique_ptr<CoapSettings> settings_ = std::make_unique<CoapSettings>();
};

TEST_F(CoapSettingsTest, AWholeConfigurationIsRead) {
  EXPECT_EQ(read("{ // comment\n"
                 R"("listen":"192.0.2.7:5684","loopback":"127.0.0.1:5683","socket":"/run/x",)"
                 R"("devices":[{"identity":"door-1","key":")" +
                 std::string(kKey) +
                 R"(","scenarios":["next-step"],"share":"20%"},{"identity":"b","key":")" + kKey +
                 R"("}]})"),
            "");
  EXPECT_EQ(settings_->listen.view(), "192.0.2.7:5684");
  EXPECT_EQ(settings_->loopback.view(), "127.0.0.1:5683");
  EXPECT_EQ(settings_->socket.view(), "/run/x");
  ASSERT_EQ(settings_->device_count, 2);
  const CoapDevice* const door = settings_->find("door-1");
  ASSERT_NE(door, nullptr);
  EXPECT_EQ(door->key_bytes, 16u);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(door->key[i], i);
  EXPECT_EQ(door->share_percent, 20);
  EXPECT_EQ(settings_->find("b")->share_percent, 100);
  EXPECT_TRUE(door->may_send("next-step"));
  EXPECT_FALSE(door->may_send("status-changed"));
  EXPECT_TRUE(settings_->find("b")->may_send("status-changed"));
  EXPECT_EQ(settings_->find("door"), nullptr);
}

TEST_F(CoapSettingsTest, WithoutAnythingThereIsTheAgentsUsualSocket) {
  EXPECT_EQ(read(R"({"loopback":"localhost:5683"})"), "");
  EXPECT_EQ(settings_->socket.view(), "/run/fieldpost/fieldpost.sock");
}

TEST_F(CoapSettingsTest, WithoutDtlsOnlyThisMachineIsHeard) {
  EXPECT_NE(read(R"({"loopback":"192.0.2.7:5683"})").find("must be a loopback address"),
            std::string::npos);
  EXPECT_NE(read(R"({"loopback":"0.0.0.0:5683"})").find("must be a loopback address"),
            std::string::npos);
}

TEST_F(CoapSettingsTest, WhatIsWrongHasItsLineAndItsKey) {
  const std::string key = kKey;
  const std::pair<std::string, std::string> cases[] = {
      {"{", "coap.json:1: Not valid JSON: "},
      {"[]", "coap.json:1: A configuration must be an object"},
      {"{}", R"(coap.json:1: neither "listen" nor "loopback")"},
      {"{\n\"lissen\":1}", "coap.json:2: lissen: unknown key; did you mean listen?"},
      {"{\n\"devices\":{}}", "coap.json:2: devices: must be a list of devices"},
      {R"({"listen":"example.com:5684"})", "coap.json:1: listen: must be an address"},
      {R"({"listen":"224.0.1.187:5684"})", "coap.json:1: listen: must be an address"},
      {R"({"listen":"[ff02::fd]:5684"})", "coap.json:1: listen: must be an address"},
      {R"({"listen":"192.0.2.7"})", "coap.json:1: listen: must be an address"},
      {R"({"listen":"192.0.2.7:5684"})", "coap.json:1: devices: DTLS is for devices with keys"},
      {device(R"({"identity":"a"})"), "coap.json:1: devices[0].key: "},
      {device(R"({"identity":"a","key":"0011"})"), "coap.json:1: devices[0].key: must be 16 to 32"},
      {device(R"({"identity":"a","key":"zz0102030405060708090a0b0c0d0e0f"})"),
       "coap.json:1: devices[0].key: must be 16 to 32"},
      {device(R"({"identity":"a b","key":")" + key + R"("})"),
       "coap.json:1: devices[0].identity: "},
      {device(R"({"identity":"a","key":")" + key + R"("},{"identity":"a","key":")" + key + R"("})"),
       "coap.json:1: devices[1].identity: there is another device"},
      {device(R"({"identity":"a","key":")" + key + R"(","role":"x"})"),
       "coap.json:1: devices[0].role: unknown key"},
  };
  for (const auto& [text, words] : cases) {
    EXPECT_EQ(read(text).substr(0, words.size()), words) << text;
  }
}

TEST_F(CoapSettingsTest, ThereIsRoomForSoManyDevicesAndNoMore) {
  std::string list;
  for (std::size_t i = 0; i < limits::coap_devices_max; ++i) {
    list += (i == 0 ? "" : ",") + std::string(R"({"identity":"d)") + std::to_string(i) +
            R"(","key":")" + kKey + R"("})";
  }
  EXPECT_EQ(read(device(list)), "");
  EXPECT_NE(read(device(list + R"(,{"identity":"x","key":")" + kKey + R"("})")).find("too many"),
            std::string::npos);
}

}  // namespace
}  // namespace fieldpost
