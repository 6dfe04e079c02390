// Texts for people, packed when they are compiled: the program is small, and half of what it says
// to people need not be in it.
//
//   out.put("waits to be sent"_packed);
//
// A byte of a packed text is a character or a pair of two such bytes, from the table in
// packed_pairs.h. A pair only holds characters and pairs from further up in the table.
//
//   0            ends the text
//   1            the next byte is as it is: of a character that is not in ASCII
//   2 to 31      a pair, but '\n', which is itself
//   32 to 127    itself
//   128 to 255   a pair
//
// What is compared or parsed stays plain, and so does what another file of the program takes as
// plain text.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/base/packed_pairs.h"

namespace fieldpost {

class PackedText {
 public:
  constexpr PackedText() = default;  // none
  // REQUIRES: `bytes` were made by pack().
  constexpr explicit PackedText(const char* bytes) : bytes_(bytes) {}

  constexpr explicit operator bool() const { return bytes_ != nullptr; }
  constexpr const char* bytes() const { return bytes_; }

 private:
  const char* bytes_ = nullptr;
};

// Words by number, packed one behind the other.
class PackedWords {
 public:
  constexpr PackedWords(const char* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

  constexpr std::size_t size() const { return size_; }
  // REQUIRES: i < size().
  PackedText operator[](std::size_t i) const { return word_at(bytes_, i); }

 private:
  static PackedText word_at(const char* bytes, std::size_t i);

  const char* bytes_;
  std::size_t size_;
};

namespace packing {

inline constexpr std::size_t kPieceBytesMax = 12;
inline constexpr char kAsItIs = 1;

constexpr bool is_pair(std::uint8_t code) {
  return code >= 0x80 || (code < ' ' && code > kAsItIs && code != '\n');
}
constexpr const PackedPair& pair_of(std::uint8_t code) { return kPackedPairs[code ^ 0x80u]; }

// What each pair comes to, found by its first character.
struct Pieces {
  struct Piece {
    std::array<char, kPieceBytesMax> text{};
    std::uint8_t bytes = 0;
    std::uint8_t next = 0;  // the code of one that begins alike; 0: there is none
  };

  consteval Pieces() {
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const auto code = static_cast<std::uint8_t>(i ^ 0x80u);
      if (!is_pair(code)) continue;
      Piece& piece = pieces[i];
      append(piece, kPackedPairs[i].first, i);
      append(piece, kPackedPairs[i].second, i);
      std::uint8_t& head = heads[static_cast<std::uint8_t>(piece.text[0])];
      piece.next = head;
      head = code;
    }
  }
  consteval void append(Piece& to, std::uint8_t code, std::size_t behind) {
    if (!is_pair(code)) {
      if (code < ' ' || code == 0x7f) __builtin_trap();
      to.text[to.bytes++] = static_cast<char>(code);
      return;
    }
    if ((code ^ 0x80u) >= behind) __builtin_trap();  // would not end
    const Piece& from = pieces[code ^ 0x80u];
    for (std::size_t i = 0; i < from.bytes; ++i) to.text[to.bytes++] = from.text[i];
  }
  constexpr const Piece& operator[](std::uint8_t code) const { return pieces[code ^ 0x80u]; }

  std::array<Piece, kPackedPairs.size()> pieces{};
  std::array<std::uint8_t, 128> heads{};
};
inline constexpr Pieces kPieces;

constexpr bool begins_with(std::string_view text, const Pieces::Piece& piece) {
  if (piece.bytes > text.size()) return false;
  for (std::size_t i = 1; i < piece.bytes; ++i) {
    if (text[i] != piece.text[i]) return false;
  }
  return true;
}

// Packs `text` into as few bytes as the table allows, from its end: `packed` gets them, without an
// end, and must have room for twice the text. Returns their number. A zero byte stays one.
template <std::size_t BytesMax>
constexpr std::size_t pack(std::string_view text, char* packed) {
  std::array<std::uint16_t, BytesMax + 1> costs{};
  std::array<std::uint8_t, BytesMax + 1> codes{};  // 0: the character itself
  for (std::size_t i = text.size(); i-- > 0;) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    if (is_pair(first) && first < 0x80) __builtin_trap();  // no text has such characters
    costs[i] = static_cast<std::uint16_t>(costs[i + 1] + (first < 0x80 ? 1 : 2));
    if (first >= 0x80) continue;
    for (std::uint8_t code = kPieces.heads[first]; code != 0; code = kPieces[code].next) {
      const std::size_t rest = i + kPieces[code].bytes;
      if (rest > text.size() || costs[rest] + 1u >= costs[i]) continue;
      if (!begins_with(text.substr(i), kPieces[code])) continue;
      costs[i] = static_cast<std::uint16_t>(costs[rest] + 1);
      codes[i] = code;
    }
  }
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); i += codes[i] == 0 ? 1 : kPieces[codes[i]].bytes) {
    if (codes[i] == 0 && static_cast<std::uint8_t>(text[i]) >= 0x80) packed[used++] = kAsItIs;
    packed[used++] = codes[i] == 0 ? text[i] : static_cast<char>(codes[i]);
  }
  return used;
}

// A literal, as templates take it.
template <std::size_t N>
struct Literal {
  consteval Literal(const char (&from)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = from[i];
  }
  // Lines become words.
  consteval Literal words() const {
    Literal out = *this;
    for (char& c : out.text) c = c == '\n' ? '\0' : c;
    return out;
  }
  consteval std::size_t lines() const {
    std::size_t count = 0;
    for (const char c : text) count += c == '\n' ? 1 : 0;
    return count;
  }
  char text[N];
};

template <std::size_t N>
struct Room {
  consteval explicit Room(const Literal<N>& from)
      : used(pack<N>({from.text, N - 1}, bytes.data())) {
    // Plain it would be shorter: a text for few readers, or in another script.
    if (used > N - 1) __builtin_trap();
  }
  std::array<char, 2 * N> bytes{};
  std::size_t used;
};

template <Literal kText>
consteval auto packed_bytes() {
  constexpr Room kRoom(kText);
  std::array<char, kRoom.used + 1> out{};
  for (std::size_t i = 0; i < kRoom.used; ++i) out[i] = kRoom.bytes[i];
  return out;
}
template <Literal kText>
inline constexpr auto kBytes = packed_bytes<kText>();

}  // namespace packing

template <packing::Literal kText>
consteval PackedText operator""_packed() {
  return PackedText(packing::kBytes<kText>.data());
}

// Each word ends with '\n', the last one too.
template <packing::Literal kText>
consteval PackedWords operator""_packed_words() {
  return {packing::kBytes<kText.words()>.data(), kText.lines()};
}

}  // namespace fieldpost
