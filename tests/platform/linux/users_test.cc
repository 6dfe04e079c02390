#include "platform/linux/users.h"

#include <gtest/gtest.h>

#include "tests/fakes/test_folder.h"

namespace fieldpost {
namespace {

TEST(FindUser, InTheFile_GivesItsNumbers) {
  const TestFolder folder;
  const std::string path = folder.write("passwd",
                                        "root:x:0:0:root:/root:/bin/sh\n"
                                        "fieldpost2:x:7:7::/:\n"
                                        "fieldpost:x:991:990:Fieldpost:/:/usr/sbin/nologin\n"
                                        "broken:x:abc:1::/:\n");
  const auto user = find_user("fieldpost", path);
  ASSERT_TRUE(user.has_value());
  EXPECT_EQ(user->user, 991u);
  EXPECT_EQ(user->group, 990u);
  EXPECT_FALSE(find_user("nobody-here", path).has_value());
  EXPECT_FALSE(find_user("broken", path).has_value());
  EXPECT_FALSE(find_user("fieldpost", folder / "missing").has_value());
}

TEST(FindGroupId, ByNameOrItsNumber) {
  const TestFolder folder;
  const std::string path = folder.write("group", "kiosks:x:5:a,b\nkiosk:x:990:app\n");
  EXPECT_EQ(find_group_id("kiosk", path), 990u);
  EXPECT_EQ(find_group_id("4100", path), 4100u);
  EXPECT_FALSE(find_group_id("kio", path).has_value());
}

TEST(PutGroupName, KnownAndUnknown_AreNameAndNumber) {
  const TestFolder folder;
  // A line that is longer than any buffer does not hide those after it.
  const std::string path =
      folder.write("group", "many:x:5:" + std::string(5000, 'a') + "\nfieldpost:x:990:app\n");
  TextBuffer<64> known, unknown;
  put_group_name(known, 990, path);
  put_group_name(unknown, 12, path);
  EXPECT_EQ(known.written(), "fieldpost");
  EXPECT_EQ(unknown.written(), "12");
}

}  // namespace
}  // namespace fieldpost
