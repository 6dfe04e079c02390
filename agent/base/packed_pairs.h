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
  {'o', 'r'}, {'a', 'n'}, {0x84, 0x80}, {'n', 'o'}, {'e', 'n'}, {'i', 0x82}, {'i', 'n'}, {'e', 'd'},
  {',', ' '}, {'e', 's'}, {'a', ' '}, {'y', ' '}, {'u', 's'}, {'d', ' '}, {0x8b, 0x83}, {'s', 't'},
  {'a', 't'}, {0x85, ' '}, {'i', 't'}, {'a', 'r'}, {'t', 'o'}, {'a', 'g'}, {':', ' '}, {'f', 'i'},
  {'b', 0x80}, {0x88, ' '}, {'r', 'e'}, {'h', 'a'}, {0x94, 0x83}, {'r', 'o'}, {'m', 0xa4}, {'e', 'l'},
  {'u', 'n'}, {0x8e, ' '}, {'c', 'h'}, {'i', 0x83}, {0x87, 0x87}, {'o', ' '}, {0x8f, ' '}, {'i', 0x86},
  {'e', 0x82}, {0x8e, 'g'}, {0x8b, ' '}, {'o', 'f'}, {'n', 'e'}, {'a', 0x83}, {0x89, ' '}, {0xa6, 0xa0},
  {'q', 'u'}, {'c', 'o'}, {0x91, 's'}, {0x89, 0x95}, {'a', 'd'}, {'e', 'm'}, {'a', 0x82}, {'a', 'm'},
  {0xba, 0x9d}, {0xb3, ' '}, {'e', 'x'}, {'w', 'i'}, {'s', 0x83}, {'a', 'l'}, {'s', 0x8c}, {'c', 0x86},
  {'m', 0xc0}, {0x9c, 0xad}, {'t', 'i'}, {'l', 'e'}, {'c', 't'}, {'a', 's'}, {' ', 0x8d}, {'u', 'p'},
  {'l', 'o'}, {0xa3, 0x82}, {'o', 'l'}, {0xc3, 0x84}, {'o', 'u'}, {';', ' '}, {'e', 'u'}, {']', '['},
  {'t', 'r'}, {'i', 'l'}, {0xb8, 0xd6}, {0x80, 0x8d}, {'v', 0x85}, {'t', 'a'}, {'o', 0xc4}, {0x9c, ' '},
  {0x8c, ' '}, {0x89, 's'}, {0x86, ' '}, {0x84, 0xb5}, {'w', 0x88}, {'p', 't'}, {'p', 'l'}, {'i', 's'},
  {'g', 'u'}, {'-', '-'}, {0xb1, ' '}, {0xaf, ' '}, {0xa7, 'd'}, {0x9a, 0x82}, {0x86, 'g'}, {'e', '.'},
  {0xaa, ' '}, {0x81, 0x87}, {'}', ' '}, {'w', 'h'}, {'b', 'e'}, {0xe1, 'w'}, {0x9b, 'i'}, {0x96, 0xa0},
  {0x8f, 0x90}, {'p', 'a'}, {'m', 'e'}, {'f', 0xa1}, {'d', 'e'}, {'c', 'e'}, {0xb7, 0x92}, {'w', 'r'},
  {0x00, 0x00}, {0x00, 0x00}, {'v', 0x80}, {0xd2, 'd'}, {0xc9, 'l'}, {0xa2, 0xbc}, {0x9f, 0xec}, {0x8a, 's'},
  {0x88, 0x80}, {0x84, 0x8d}, {0x00, 0x00}, {'w', 'n'}, {'s', 'u'}, {'d', 'i'}, {0x8c, 0x83}, {0x84, 0x85},
  {'p', 0xa5}, {'d', 's'}, {'a', 0x93}, {0xff, 0x9a}, {0xd3, ' '}, {0x98, 'e'}, {'k', 'e'}, {'c', 0x89},
  {'c', 0x80}, {0xe8, 'r'}, {0xa3, 0x02}, {0x9f, 0x19}, {0x8c, 0xf6}, {'{', 0x97}, {'u', 'm'}, {'s', 'c'},
}};
// clang-format on

}  // namespace fieldpost
