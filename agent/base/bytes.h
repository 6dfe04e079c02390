// Integers in bytes, little-endian, whatever the machine: bytes are stored and loaded, never cast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace fieldpost {

template <typename Integer>
constexpr void store_le(std::span<std::byte, sizeof(Integer)> to, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    to[i] = static_cast<std::byte>(value >> (8 * i));
  }
}

template <typename Integer>
constexpr Integer load_le(std::span<const std::byte, sizeof(Integer)> from) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    value = static_cast<Integer>(value | (static_cast<Integer>(from[i]) << (8 * i)));
  }
  return value;
}

}  // namespace fieldpost
