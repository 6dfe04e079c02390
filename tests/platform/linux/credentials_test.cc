#include "platform/linux/credentials.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  std::string token(mode_t mode, std::string_view text = "secret") {
    const std::string path = folder_.write("token", text);
    chmod(path.c_str(), mode);
    return path;
  }
  TestFolder folder_;
  Fd file_;
  TextBuffer<1024> why_;
};

TEST_F(CredentialsTest, TokenForItsOwnerOnly_IsOpened) {
  EXPECT_EQ(open_token_file(token(0600), file_, why_), Status::ok);
  EXPECT_EQ(open_token_file(token(0400), file_, why_), Status::ok);
}

TEST_F(CredentialsTest, TokenForOthers_IsRefusedWithModeAndCure) {
  for (const mode_t mode : {0640, 0604, 0660, 0644, 0620}) {
    why_.clear();
    const std::string path = token(mode);
    EXPECT_EQ(open_token_file(path, file_, why_), Status::invalid);
    const std::string words(why_.written());
    EXPECT_NE(words.find(path), words.npos) << words;
    EXPECT_NE(words.find("chmod 600"), words.npos) << words;
  }
  EXPECT_NE(std::string(why_.written()).find("(mode 0620)"), std::string::npos) << why_.written();
}

TEST_F(CredentialsTest, WhatIsNoToken_IsRefused) {
  EXPECT_EQ(open_token_file(token(0600, ""), file_, why_), Status::invalid);
  EXPECT_EQ(open_token_file(folder_ / "missing", file_, why_), Status::invalid);
  EXPECT_EQ(open_token_file(folder_ / ".", file_, why_), Status::invalid);
  ASSERT_EQ(mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(open_token_file(folder_ / "fifo", file_, why_), Status::invalid);
}

TEST_F(CredentialsTest, RootsThatOthersMayWrite_AreRefused) {
  const std::string path = folder_.write("ca.crt", "-----BEGIN");
  chmod(path.c_str(), 0644);
  EXPECT_EQ(open_root_file(path, file_, why_), Status::ok);
  chmod(path.c_str(), 0664);
  EXPECT_EQ(open_root_file(path, file_, why_), Status::invalid);
}

}  // namespace
}  // namespace fieldpost
