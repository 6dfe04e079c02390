#include "platform/linux/configuration.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

std::string usual(const TestFolder& folder, std::string_view channel = "VID1") {
  return R"({
  "api": {"base_url": "https://api.1msg.io", "channel": ")" +
         std::string(channel) + R"(",
          "token_file": "/etc/fieldpost/token", "ca_file": "/etc/ca.crt"},
  "templates": {"next-step": {"name": "next_step", "namespace": "NS", "language": "en"}},
  "queue": {"path": ")" +
         (folder / "queue") + R"("},
  "intake": {"socket": "/run/fieldpost/fieldpost.sock"}
})";
}

class ConfigurationTest : public testing::Test {
 protected:
  Status load() {
    file_ = std::make_unique<Configuration>();
    return file_->load(main_);
  }
  Status load_copy() {
    file_ = std::make_unique<Configuration>();
    return file_->load_copy(copy_, main_);
  }
  TestFolder folder_;
  std::string main_ = folder_ / "fieldpost.json";
  std::string copy_ = folder_ / "queue.config";
  std::unique_ptr<Configuration> file_;
};

TEST_F(ConfigurationTest, Load_ExtraFiles_AreMergedByName) {
  folder_.write("fieldpost.json", usual(folder_));
  folder_.write("conf.d/20.json", R"({"queue": {"messages_max": 20}})");
  folder_.write("conf.d/10.json", R"({"queue": {"messages_max": 10}, "retry": {"first": "3s"}})");
  folder_.write("conf.d/.hidden.json", "not JSON");
  folder_.write("conf.d/notes.txt", "not JSON");
  ASSERT_EQ(load(), Status::ok) << file_->error();
  EXPECT_EQ(file_->settings().queue.messages_max, 20u);
  EXPECT_EQ(file_->settings().retry.first, 3_s);
}

TEST_F(ConfigurationTest, Load_BadExtraFile_IsNamed) {
  folder_.write("fieldpost.json", usual(folder_));
  const std::string extra = folder_.write("conf.d/10.json", "{\n\"qeue\": {}}");
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_TRUE(file_->error().starts_with(extra + ":2: ")) << file_->error();
}

TEST_F(ConfigurationTest, Load_MissingOrTooLarge_SaysSo) {
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_NE(file_->error().find("there is no such file"), std::string_view::npos);
  folder_.write("fieldpost.json", std::string(limits::config_file_bytes_max + 1, ' '));
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_NE(file_->error().find("larger than 64 KiB"), std::string_view::npos);
}

TEST_F(ConfigurationTest, QuietZone_IsHandedOnAsItsRule) {
  const auto rule_of = [this](const char* zone) {
    folder_.write("fieldpost.json", usual(folder_));
    folder_.write(
        "conf.d/quiet.json",
        std::string(R"({"pace":{"quiet":{"from":"22:00","to":"07:00","zone":")") + zone + "\"}}}");
    return load() == Status::ok ? file_->settings().pace.quiet.rule.view() : file_->error();
  };
  EXPECT_EQ(rule_of("+02:00"), "+02:00");
  EXPECT_EQ(rule_of("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"),
            "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
  if (std::filesystem::exists("/usr/share/zoneinfo/Europe/Berlin")) {
    EXPECT_EQ(rule_of("Europe/Berlin"), "CET-1CEST,M3.5.0,M10.5.0/3");
  }
  for (const char* zone : {"Europe/Atlantis", "Europe", "tzdata.zi", "../etc/passwd"}) {
    EXPECT_NE(rule_of(zone).find("pace.quiet.zone: this system knows no such zone"),
              std::string_view::npos)
        << zone;
  }
}

TEST_F(ConfigurationTest, Copy_OfSeveralFiles_GivesTheSameSettings) {
  folder_.write("fieldpost.json", "// a comment\n" + usual(folder_));
  folder_.write("conf.d/10.json", R"({"queue": {"messages_max": 10}})");
  ASSERT_EQ(load(), Status::ok) << file_->error();
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  folder_.write("fieldpost.json", "{");
  ASSERT_EQ(load_copy(), Status::ok) << file_->error();
  EXPECT_EQ(file_->settings().queue.messages_max, 10u);
  EXPECT_EQ(file_->settings().api.channel.view(), "VID1");
}

TEST_F(ConfigurationTest, KeepCopy_NothingChanged_WritesNothing) {
  folder_.write("fieldpost.json", usual(folder_));
  ASSERT_EQ(load(), Status::ok);
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  const auto before = std::filesystem::last_write_time(copy_) - std::chrono::hours(1);
  std::filesystem::last_write_time(copy_, before);
  ASSERT_EQ(load(), Status::ok);
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  EXPECT_EQ(std::filesystem::last_write_time(copy_), before);
  folder_.write("fieldpost.json", usual(folder_, "VID2"));
  ASSERT_EQ(load(), Status::ok);
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  EXPECT_NE(std::filesystem::last_write_time(copy_), before);
}

TEST_F(ConfigurationTest, Copy_AnyByteDamagedOrMissing_IsNotUsed) {
  folder_.write("fieldpost.json", usual(folder_));
  ASSERT_EQ(load(), Status::ok);
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  const std::string good = folder_.read("queue.config");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x01);
    folder_.write("queue.config", bad);
    EXPECT_NE(load_copy(), Status::ok) << i;
    folder_.write("queue.config", good.substr(0, i));
    EXPECT_NE(load_copy(), Status::ok) << i;
  }
}

TEST_F(ConfigurationTest, Copy_OfAnotherConfiguration_IsNotFound) {
  folder_.write("fieldpost.json", usual(folder_));
  ASSERT_EQ(load(), Status::ok);
  ASSERT_EQ(file_->keep_copy(copy_), Status::ok);
  main_ = folder_ / "other.json";
  EXPECT_EQ(load_copy(), Status::not_found);
}

TEST_F(ConfigurationTest, GuessQueuePath_BrokenFile_FindsItInTheText) {
  folder_.write("fieldpost.json", R"({"api": {"path": 1}, "queue" : { "path" : "/data/q" , oops)");
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_EQ(file_->guess_queue_path(), "/data/q");
  folder_.write("fieldpost.json", R"({"queue": {"path": "relative"}})");
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_EQ(file_->guess_queue_path(), "");
  folder_.write("fieldpost.json", R"({"queue": {"path)");
  ASSERT_EQ(load(), Status::invalid);
  EXPECT_EQ(file_->guess_queue_path(), "");
}

}  // namespace
}  // namespace fieldpost
