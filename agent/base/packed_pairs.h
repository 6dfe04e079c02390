// Printed by toolchains/packed-pairs. What a byte of a packed text stands for, by its place:
// see packed_text.h.
#pragma once

#include <array>
#include <cstdint>

namespace fieldpost {

struct PackedPair {
  std::uint8_t first, second;
};

// clang-format off
inline constexpr std::array<PackedPair, 160> kPackedPairs = {{
  {'e', ' '}, {' ', ' '}, {'s', ' '}, {'t', ' '}, {'t', 'h'}, {'e', 'r'}, {'o', 'n'}, {0x81, 0x81},
  {'o', 'r'}, {'a', 'n'}, {0x84, 0x80}, {'e', 'n'}, {'n', 'o'}, {'i', 'n'}, {'d', ' '}, {'i', 0x82},
  {',', ' '}, {'e', 's'}, {'a', ' '}, {'s', 't'}, {'y', ' '}, {':', ' '}, {'e', 'd'}, {'s', 0x83},
  {'a', 't'}, {0x8c, 0x83}, {'r', 'e'}, {'a', 'g'}, {'f', 'i'}, {'a', 'r'}, {'i', 't'}, {0x85, ' '},
  {'o', ' '}, {0x88, ' '}, {'e', 'l'}, {'b', 0x80}, {'h', 'a'}, {'-', '-'}, {'r', 'o'}, {'i', 0x86},
  {'m', 'u'}, {0xa8, 0x97}, {'c', 'h'}, {'u', 'n'}, {0x8d, ' '}, {'e', 0x8e}, {0x8d, 'g'}, {'i', 0x83},
  {'f', ' '}, {'n', 'e'}, {0x87, 0x87}, {'t', 'o'}, {'e', 0x82}, {0x8c, ' '}, {0x89, ' '}, {'c', 'o'},
  {'a', 0x83}, {'a', 'l'}, {'q', 'u'}, {0x91, 's'}, {'o', 0xb0}, {'a', 'd'}, {'a', 'm'}, {0xa9, 0xa3},
  {0x89, 0x8e}, {'e', 'm'}, {'s', 0x8b}, {'o', 'u'}, {0xbb, 0x9b}, {'w', 'i'}, {'e', 'x'}, {'a', 0x82},
  {'c', 0x86}, {'p', 'l'}, {'c', 't'}, {'m', 0xc4}, {0xb3, 0xa0}, {'t', 'i'}, {'p', 't'}, {'u', 's'},
  {'l', 'o'}, {0x84, ' '}, {'t', 0xa0}, {'a', 's'}, {0xae, ' '}, {0xa4, 0x82}, {0xa2, 'd'}, {'o', 'l'},
  {';', ' '}, {0x8b, ' '}, {'s', 'u'}, {'o', 0x97}, {'l', 'e'}, {'e', 'u'}, {'e', '.'}, {0xba, 0xdd},
  {0xa7, ' '}, {0x9c, 0xd6}, {0x89, 's'}, {0x86, ' '}, {'}', ' '}, {'v', 0x85}, {'i', 'l'}, {'g', 'u'},
  {'i', 'c'}, {']', '['}, {0x8f, 0x99}, {0x84, 0xb8}, {0x81, 0x87}, {'w', 0x88}, {'t', 'r'}, {'t', 'a'},
  {'i', 's'}, {'b', 'e'}, {0x9d, 'i'}, {'f', 0xa1}, {0xe2, 'w'}, {0xaa, ' '}, {0x9e, 0x82}, {0x86, 'g'},
  {'v', 0x80}, {'d', 'e'}, {'0', '0'}, {0x96, 0x90}, {0x8b, 't'}, {0x80, 0x8f}, {'w', 'h'}, {'p', 'a'},
  {0x00, 0x00}, {0x00, 0x00}, {'m', 'e'}, {0x9a, 0xbd}, {0x99, 0xa3}, {'p', 0xa6}, {0xe1, 'p'}, {0xbf, 0x92},
  {0x88, 0x80}, {'w', 'r'}, {0x00, 0x00}, {'w', 'n'}, {'w', ' '}, {'s', 0x85}, {'k', 'e'}, {0xd7, 'd'},
  {0xcc, 'l'}, {0xbe, 0x80}, {0x8b, 0xf2}, {0x8b, 0x83}, {0x84, 0x8f}, {'s', 'c'}, {'d', 'i'}, {'c', 'e'},
  {0xc5, 0xd1}, {0x84, 0x85}, {'p', ' '}, {'k', ' '}, {'a', 0x94}, {0xc8, 0x9c}, {'u', 'm'}, {'d', 's'},
}};
// clang-format on

}  // namespace fieldpost
