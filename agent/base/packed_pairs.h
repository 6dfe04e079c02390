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
  {' ', ' '}, {'e', ' '}, {'s', ' '}, {'t', ' '}, {'t', 'h'}, {'e', 'r'}, {'o', 'n'}, {0x80, 0x80},
  {'o', 'r'}, {'a', 'n'}, {0x84, 0x81}, {'n', 'o'}, {'e', 'n'}, {'i', 0x82}, {'i', 'n'}, {'e', 'd'},
  {',', ' '}, {'e', 's'}, {'a', ' '}, {'y', ' '}, {'u', 's'}, {'d', ' '}, {0x8b, 0x83}, {'a', 't'},
  {'s', 't'}, {'t', 'o'}, {'a', 'g'}, {':', ' '}, {'a', 'r'}, {0x85, ' '}, {'f', 'i'}, {'i', 't'},
  {'b', 0x81}, {'r', 'e'}, {0x88, ' '}, {'h', 'a'}, {0x94, 0x83}, {'m', 0xa4}, {'e', 'l'}, {0x8e, ' '},
  {'u', 'n'}, {'c', 'h'}, {'r', 'o'}, {'o', ' '}, {0x87, 0x87}, {'i', 0x86}, {0x8f, ' '}, {'i', 0x83},
  {0x8e, 'g'}, {'e', 0x82}, {0x8b, ' '}, {'e', 'x'}, {'o', 'f'}, {0x89, ' '}, {'a', 0x83}, {0xa5, 0xa0},
  {0x91, 's'}, {'c', 'o'}, {0x89, 0x95}, {'q', 'u'}, {'e', 'm'}, {0xb8, 0x9a}, {'a', 0x82}, {'w', 'i'},
  {'s', 0x83}, {'a', 'l'}, {'a', 'd'}, {0xb4, ' '}, {'s', 0x8c}, {'c', 0x86}, {'n', 'e'}, {'m', 0xbd},
  {'a', 'm'}, {0x99, 0xab}, {'t', 'i'}, {'l', 'e'}, {'c', 't'}, {'a', 's'}, {' ', 0x8d}, {'p', 't'},
  {'l', 'o'}, {0xa3, 0x82}, {0xbf, 0x84}, {';', ' '}, {'o', 'u'}, {'o', 'l'}, {'t', 'r'}, {'s', 'u'},
  {'i', 'l'}, {']', '['}, {0x81, 0x8d}, {'v', 0x85}, {'t', 'a'}, {'p', 'l'}, {'o', 0xc0}, {'e', 'u'},
  {0x99, ' '}, {0x8c, ' '}, {0x89, 's'}, {0x86, ' '}, {'w', 0x88}, {'g', 'u'}, {'-', '-'}, {0xbb, 0xdf},
  {0xb0, ' '}, {0xad, ' '}, {0xa6, 'd'}, {0x86, 'g'}, {'i', 's'}, {0xa9, ' '}, {0x84, 0xb6}, {0x80, 0x87},
  {'w', 'h'}, {'e', '.'}, {0xe2, 'w'}, {0x9f, 0x82}, {0x9c, 'i'}, {0x8f, 0x90}, {'}', ' '}, {'p', 'a'},
  {'c', 'e'}, {'b', 'e'}, {0xb7, 0x92}, {'v', 0x81}, {'m', 'e'}, {'f', 0xa2}, {0xc9, 'l'}, {0x9e, 0xea},
  {0x00, 0x00}, {0x00, 0x00}, {0x96, 0xa0}, {0x8a, 's'}, {0x84, 0x8d}, {'w', 'r'}, {'w', 'n'}, {'d', 'i'},
  {0x97, 'e'}, {0x8c, 0x83}, {0x00, 0x00}, {0x88, 0x81}, {0x84, 0x85}, {'p', 'p'}, {'d', 's'}, {'d', 'e'},
  {'a', 0x93}, {0xd5, 'd'}, {0xd2, ' '}, {0xaa, 'm'}, {0xa1, 0xc2}, {'k', 'e'}, {0xe5, 'r'}, {0xa3, 0xfb},
  {0x9e, 0x16}, {0x8c, 0xf4}, {'u', 'm'}, {'s', 'c'}, {'k', 0x8b}, {0x05, 0x9f}, {0xc8, 0x81}, {0xc5, 0x18},
}};
// clang-format on

}  // namespace fieldpost
