// Version 1, pinned: the bytes of a small history, and what a recovery makes of them.
//
// A golden image is made once, by this test, and never edited after the version is frozen. Where
// none is there yet, or FIELDPOST_WRITE_GOLDEN is set, it is written and the test fails once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/agent/queue/store.h"

#include "tests/fakes/tests_folder.h"

namespace fieldpost {
namespace {

const std::filesystem::path kFolder = in_tests_folder("agent/queue/golden");

// All but blank lines of 32 bytes: "00010020: 9d3c…".
std::string hex(std::span<const std::byte> bytes, std::byte blank) {
  static constexpr char kDigits[] = "0123456789abcdef";
  constexpr std::size_t kLine = 32;
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += kLine) {
    const auto line = bytes.subspan(at, kLine);
    if (std::all_of(line.begin(), line.end(), [blank](std::byte b) { return b == blank; }))
      continue;
    for (int shift = 28; shift >= 0; shift -= 4) out += kDigits[at >> shift & 15];
    out += ": ";
    for (const std::byte byte : line) {
      out += kDigits[static_cast<unsigned>(byte) >> 4];
      out += kDigits[static_cast<unsigned>(byte) & 15];
    }
    out += '\n';
  }
  return out;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every kind of record that this version writes, but for those of erasing.
void write_history(Store& store) {
  const MessageId first = store.take_one(1);
  store.clock.advance(2_s);
  const MessageId second = store.take_one(2, 4090);
  Standing sending;
  sending.state = State::sending;
  sending.attempts = 1;
  ASSERT_EQ(store.queue->record(first, sending), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.clock.advance(300_ms);
  Standing done = ended(State::accepted);
  done.attempts = 1;
  done.accepted_at = store.clock.stamp();
  ASSERT_EQ(done.message_id.assign("wamid.HBgL"), Status::ok);
  Standing held;
  held.state = State::held;
  held.reason = Reason::template_unknown;
  held.code = -132001;
  ASSERT_EQ(held.detail.assign("no such template"), Status::ok);
  ASSERT_EQ(store.queue->record(first, done), Status::ok);
  ASSERT_EQ(store.queue->record(second, held), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.take_one(3);
  // Power goes while the fourth is being written; the next commit names what was cut.
  const std::uint32_t place = store.queue->find(3)->message_at / 4096 * 4096 + 4096;
  store.take_one(4);
  store.flash.rot(place + 100);
  store.clock.reboot();
  store.restart();
  store.take_one(5);
  ASSERT_EQ(store.queue->set_paused(true), Status::ok);
  ASSERT_EQ(store.queue->set_blocked("12025550199", true), Status::ok);
  ASSERT_EQ(store.queue->set_blocked("12025550198", true), Status::ok);
  ASSERT_EQ(store.queue->set_blocked("12025550198", false), Status::ok);
  ASSERT_EQ(store.queue->mark(), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
}

void check_golden(const char* name, std::span<const std::byte> image, std::byte blank) {
  const std::string now = hex(image, blank);
  const auto path = kFolder / name;
  if (std::getenv("FIELDPOST_WRITE_GOLDEN") != nullptr || !std::filesystem::exists(path)) {
    std::ofstream(path) << now;
    FAIL() << "written: " << path << "; look at it before it is committed";
  }
  EXPECT_EQ(now, text_of(path));
}

void check_history(Store& store) {
  EXPECT_EQ(store.report.torn_units, 0u);
  EXPECT_EQ(store.report.corrupt_units, 0u);
  ASSERT_EQ(store.queue->live().size(), 3u);
  EXPECT_EQ(store.queue->live()[0].id, 2u);
  EXPECT_EQ(store.queue->live()[0].state, State::held);
  EXPECT_EQ(store.queue->live()[0].reason, Reason::template_unknown);
  EXPECT_EQ(store.queue->live()[2].id, 4u);
  EXPECT_TRUE(store.queue->paused());
  EXPECT_TRUE(store.queue->is_blocked("12025550199"));
  EXPECT_EQ(store.queue->blocked_count(), 1u);
  EXPECT_EQ(store.queue->same_as(Store::message(1, 50)).state, State::accepted);
  Message message;
  Standing standing;
  ASSERT_EQ(store.queue->read(2, message, standing), Status::ok);
  EXPECT_EQ(message.values[1].size(), 4090u);
  EXPECT_EQ(standing.code, -132001);
  std::uint64_t cursor = 0;
  ASSERT_EQ(store.queue->next_ended(cursor, message, standing), Status::ok);
  EXPECT_EQ(message.id, 1u);
  EXPECT_EQ(standing.message_id, "wamid.HBgL");
}

// The region that a golden file stands for.
FakeFlash region_of(const char* name, FlashGeometry geometry) {
  FakeFlash flash(geometry);
  std::istringstream lines(text_of(kFolder / name));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t at = std::stoul(line.substr(0, 8), nullptr, 16);
    for (std::size_t i = 0; i < 32; ++i) {
      flash.bytes()[at + i] =
          static_cast<std::byte>(std::stoul(line.substr(10 + 2 * i, 2), nullptr, 16));
    }
  }
  flash.settle();
  return flash;
}

TEST(Queue, GoldenV1_File_IsWhatIsWrittenAndIsUnderstood) {
  Store store;
  write_history(store);
  check_golden("v1-file.hex", store.flash.bytes(), std::byte{0});
  Store read(region_of("v1-file.hex", FakeFlash::file()));
  check_history(read);
}

TEST(Queue, GoldenV1_Erased_IsWhatIsWrittenAndIsUnderstood) {
  Store store;
  write_history(store);
  ASSERT_TRUE(store.queue->begin_erasing("120255501", {}));  // nobody's: all is written anew
  while (store.queue->erase_some() == Status::ok) {
  }
  check_golden("v1-erased.hex", store.flash.bytes(), std::byte{0});
  Store read(region_of("v1-erased.hex", FakeFlash::file()));
  check_history(read);
}

TEST(Queue, GoldenV1_Nor_IsWhatIsWrittenAndIsUnderstood) {
  Store store(FakeFlash::nor());
  const MessageId first = store.take_one(1);
  ASSERT_EQ(store.queue->record(first, ended(State::dropped)), Status::ok);
  ASSERT_EQ(store.queue->commit(), Status::ok);
  store.take_one(2);
  check_golden("v1-nor.hex", store.flash.bytes(), std::byte{0xff});
  Store read(region_of("v1-nor.hex", FakeFlash::nor()));
  EXPECT_EQ(read.queue->live().size(), 1u);
  EXPECT_EQ(read.queue->ended_counts()[static_cast<std::size_t>(State::dropped)], 1u);
}

}  // namespace
}  // namespace fieldpost
