// A short text that carries its own room, so that structs of them can be copied and framed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "agent/base/status.h"

namespace fieldpost {

// A FixedText of any size, which is borrowed, for code that serves them all.
class AnyFixedText {
 public:
  // REQUIRES: `text` is a FixedText<bytes_max>.
  AnyFixedText(void* text, std::size_t bytes_max)
      : size_(static_cast<std::uint16_t*>(text)), bytes_max_(bytes_max) {}

  Status assign(std::string_view text) const;  // as FixedText::assign()
  static std::string_view view(const void* text) {
    const auto* size = static_cast<const std::uint16_t*>(text);
    return {reinterpret_cast<const char*>(size + 1), *size};
  }

 private:
  std::uint16_t* size_;
  std::size_t bytes_max_;
};

template <std::size_t N>
class FixedText {
  static_assert(N <= UINT16_MAX);

 public:
  static constexpr std::size_t kBytesMax = N;

  // Takes all of `text` or nothing of it.
  //   invalid: longer than N bytes; the text is as it was.
  Status assign(std::string_view text) { return AnyFixedText(this, N).assign(text); }
  void clear() { size_ = 0; }

  std::string_view view() const { return {bytes_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // False for a size that no assign() can make: a frame from another process may hold one.
  bool well_formed() const { return size_ <= N; }

  friend bool operator==(const FixedText& a, std::string_view b) { return a.view() == b; }

 private:
  std::uint16_t size_ = 0;
  std::array<char, N> bytes_{};
};
static_assert(std::is_standard_layout_v<FixedText<6>> && sizeof(FixedText<6>) == 2 + 6);

}  // namespace fieldpost
