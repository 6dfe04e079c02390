#include "agent/desk/metrics.h"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

#include "config/limits.h"

namespace fieldpost {
namespace {

struct Scrape {
  explicit Scrape(const StatusReport& status) {
    put_metrics(text, status);
    // The text format: help, then the type, then the samples of each metric, and never again.
    std::istringstream lines{std::string(text.written())};
    std::string about;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string first, second, name, type;
      words >> first >> second >> name >> type;
      if (line.starts_with("# HELP ")) {
        about = name;
        EXPECT_FALSE(type.empty()) << "no help: " << line;
        EXPECT_TRUE(types.emplace(about, "").second) << about << " comes twice";
      } else if (line.starts_with("# TYPE ")) {
        EXPECT_EQ(name, about);
        EXPECT_TRUE(types[about].empty()) << line;
        types[about] = type;
      } else {
        EXPECT_EQ(first.substr(0, first.find('{')), about);
        EXPECT_FALSE(types[about].empty()) << line;
        EXPECT_TRUE(name.empty() && second.find_first_not_of("0123456789") == std::string::npos)
            << line;
        EXPECT_TRUE(values.emplace(first, std::stoull(second)).second) << line;
      }
    }
  }
  std::uint64_t value(const std::string& name) const {
    const auto found = values.find("fieldpost_" + name);
    EXPECT_NE(found, values.end()) << name;
    return found == values.end() ? 0 : found->second;
  }

  TextBuffer<limits::local_answer_bytes_max> text;
  std::map<std::string, std::string> types;
  std::map<std::string, std::uint64_t> values;
};

TEST(Metrics, EachFigure_IsOfTheStatus) {
  StatusReport status;
  status.counts[static_cast<std::size_t>(State::queued)] = 3;
  status.counts[static_cast<std::size_t>(State::held)] = 1;
  status.oldest_age = Duration{90'500};
  status.network_up = true;
  status.running = true;
  status.store_bytes = 8 << 20;
  status.store_used_bytes = 4242;
  status.store_room_bytes = 4343;
  status.live = 4;
  status.live_max = 4096;
  status.bytes_written = 1'000'000'000'000;
  status.syncs = 77;
  status.begun_least = 5;
  status.begun_most = 6;
  status.torn_units = 2;
  status.corrupt_units = 1;
  status.store_failed = true;
  const Scrape now(status);
  EXPECT_EQ(now.value("messages{state=\"queued\"}"), 3u);
  EXPECT_EQ(now.value("messages{state=\"held\"}"), 1u);
  EXPECT_EQ(now.value("messages{state=\"read\"}"), 0u);
  EXPECT_EQ(now.value("oldest_age_seconds"), 90u);
  EXPECT_EQ(now.value("network_up"), 1u);
  EXPECT_EQ(now.value("agent_running"), 1u);
  EXPECT_EQ(now.value("channel_open"), 1u);
  EXPECT_EQ(now.value("store_size_bytes"), 8u << 20);
  EXPECT_EQ(now.value("store_used_bytes"), 4242u);
  EXPECT_EQ(now.value("store_room_bytes"), 4343u);
  EXPECT_EQ(now.value("store_messages"), 4u);
  EXPECT_EQ(now.value("store_messages_max"), 4096u);
  EXPECT_EQ(now.value("store_written_bytes_total"), 1'000'000'000'000u);
  EXPECT_EQ(now.value("store_syncs_total"), 77u);
  EXPECT_EQ(now.value("store_wear_least"), 5u);
  EXPECT_EQ(now.value("store_wear_most"), 6u);
  EXPECT_EQ(now.value("store_torn_units"), 2u);
  EXPECT_EQ(now.value("store_corrupt_units"), 1u);
  EXPECT_EQ(now.value("store_failed"), 1u);
  EXPECT_EQ(now.value("store_volatile"), 0u);
  EXPECT_EQ(now.value("paused"), 0u);
  EXPECT_EQ(now.value("configuration_rejected"), 0u);
}

TEST(Metrics, Counters_AreThoseThatOnlyGrow) {
  const Scrape now(StatusReport{});
  for (const auto& [name, type] : now.types) {
    EXPECT_EQ(type, name.ends_with("_total") ? "counter" : "gauge") << name;
  }
}

TEST(Metrics, AllAtTheirLongest_FitIntoOneAnswer) {
  StatusReport status;
  status.counts.fill(UINT32_MAX);
  status.oldest_age = Duration{UINT64_MAX};
  status.store_bytes = status.store_used_bytes = status.bytes_written = status.syncs = UINT64_MAX;
  EXPECT_FALSE(Scrape(status).text.overflowed());
}

}  // namespace
}  // namespace fieldpost
