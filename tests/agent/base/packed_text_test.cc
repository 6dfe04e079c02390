#include "agent/base/packed_text.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

// What is packed while the tests run, by the same function.
std::string packed(std::string_view text) {
  std::array<char, 1024> room;
  return {room.data(), packing::pack<512>(text, room.data())};
}

TEST(PackedText, EachPair_IsWhatItStandsFor) {
  int pairs = 0;
  for (int i = 1; i < 256; ++i) {
    const auto code = static_cast<std::uint8_t>(i);
    if (!packing::is_pair(code)) continue;
    ++pairs;
    const auto& piece = packing::kPieces[code];
    const std::string text(piece.text.data(), piece.bytes);
    EXPECT_GE(text.size(), 2u);
    EXPECT_EQ(unpacked(PackedText(std::string(1, static_cast<char>(code)).c_str())), text);
    EXPECT_EQ(packed(text).size(), 1u) << text;
    EXPECT_EQ(unpacked(PackedText(packed(text + text).c_str())), text + text);
  }
  EXPECT_EQ(pairs, 157);
}

TEST(PackedText, AnyText_ComesBack) {
  for (const std::string text :
       {"", "a", "\n", "\n\n  --option   what it does\n", "~`^|\\{}[]",
        "VALUE… “quoted” • → Größe 🙂",
        "a text of some length, as people read them: with words; and 1,234 numbers\n"}) {
    EXPECT_EQ(unpacked(PackedText(packed(text).c_str())), text);
  }
  std::string all;
  for (int i = ' '; i < 0x7f; ++i) all.append({static_cast<char>(i), 'e', static_cast<char>(i)});
  EXPECT_EQ(unpacked(PackedText(packed(all).c_str())), all);
}

TEST(PackedText, Literal_IsShorterThanPlain) {
  constexpr std::string_view kPlain = "the customer does not want messages";
  constexpr PackedText kPacked = "the customer does not want messages"_packed;
  EXPECT_EQ(unpacked(kPacked), kPlain);
  EXPECT_LT(std::string_view(kPacked.bytes()).size(), kPlain.size() * 3 / 4);
}

TEST(PackedText, None_IsNotTheEmptyText) {
  EXPECT_FALSE(PackedText());
  EXPECT_TRUE(""_packed);
  EXPECT_EQ(unpacked(""_packed), "");
}

TEST(PackedText, WithoutRoomForAll_NothingIsWritten) {
  TextBuffer<20> out;
  out.put("before ").put("the customer does not want messages"_packed).put('!');
  EXPECT_EQ(out.written(), "before ");
  EXPECT_TRUE(out.overflowed());
}

TEST(PackedWords, EachWord_ByItsNumber) {
  constexpr PackedWords kWords =
      "\n"
      "first of them\n"
      "1MSG has it, not yet on the phone\n"
      "last…\n"_packed_words;
  static_assert(kWords.size() == 4);
  EXPECT_EQ(unpacked(kWords[0]), "");
  EXPECT_EQ(unpacked(kWords[1]), "first of them");
  EXPECT_EQ(unpacked(kWords[2]), "1MSG has it, not yet on the phone");
  EXPECT_EQ(unpacked(kWords[3]), "last…");
}

}  // namespace
}  // namespace fieldpost
