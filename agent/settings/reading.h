// What is being read, as a path, and what is wrong with it, in words.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "config/limits.h"

namespace fieldpost {

// From the root of a configuration to one value in it: intake.allow[1].rights.
class KeyPath {
 public:
  KeyPath() = default;
  KeyPath(const KeyPath&) = delete;  // index steps point into it
  KeyPath& operator=(const KeyPath&) = delete;

  void push(std::string_view name);  // borrowed
  void push_index(std::size_t i);
  void pop();
  void clear() { size_ = 0; }

  // For locate_json(): an index is its digits.
  std::span<const std::string_view> steps() const { return {steps_.data(), size_}; }
  // For people; a name that could be anything is cut and cleaned.
  void put(TextWriter& out) const;

 private:
  // A value may be nested as deeply as JSON may be before its type is looked at.
  static constexpr std::size_t kStepsMax = limits::json_depth_max + 1;

  std::size_t size_ = 0;
  std::array<std::string_view, kStepsMax> steps_;
  std::array<std::array<char, 5>, kStepsMax> digits_;
  std::array<bool, kStepsMax> is_index_{};
};

// Carried through the readers of single values. One that returns false has left the path at what
// is wrong and put into `words` what it should be.
struct Reading {
  KeyPath path;
  TextBuffer<256> words;

  bool refuse(PackedText why);  // puts the words; false
};

}  // namespace fieldpost
