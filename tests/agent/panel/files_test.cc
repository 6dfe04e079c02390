#include "agent/panel/files.h"

#include <gtest/gtest.h>

namespace fieldpost {
namespace {

TEST(PanelFiles, Find_EveryFileOfThePage_IsThereCompressedAndFitsOneAnswer) {
  if (find_panel_file("/") == nullptr) GTEST_SKIP() << "built without the panel";
  std::size_t sum = 0;
  for (const char* const path : {"/", "/panel.css", "/panel.js", "/texts.json"}) {
    const PanelFile* const file = find_panel_file(path);
    ASSERT_NE(file, nullptr) << path;
    ASSERT_GT(file->gzip.size(), 100u) << path;
    EXPECT_EQ(file->gzip[0], 0x1f) << path;  // RFC 1952, 2.3.1
    EXPECT_EQ(file->gzip[1], 0x8b) << path;
    EXPECT_LE(file->gzip.size(), limits::local_answer_bytes_max) << path;
    sum += file->gzip.size();
  }
  EXPECT_LE(sum, 40u * 1024);
}

TEST(PanelFiles, Find_KioskAndPanel_AreTheSamePage) {
  if (find_panel_file("/") == nullptr) GTEST_SKIP() << "built without the panel";
  ASSERT_NE(find_panel_file("/kiosk"), nullptr);
  EXPECT_EQ(find_panel_file("/kiosk")->gzip.data(), find_panel_file("/")->gzip.data());
}

TEST(PanelFiles, Find_AnyOtherPath_IsNothing) {
  for (const char* const path : {"", "/index.html", "/panel", "/panel.js/", "/../panel.js"}) {
    EXPECT_EQ(find_panel_file(path), nullptr) << path;
  }
}

}  // namespace
}  // namespace fieldpost
