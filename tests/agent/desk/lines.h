// What the tests of the desk's lines share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/base/assert.h"
#include "agent/base/fixed_text.h"
#include "agent/json/tree.h"
#include "config/limits.h"

namespace fieldpost {

inline bool is_object(std::string_view text) {
  std::vector<std::byte> bytes(limits::json_arena_bytes);
  JsonArena arena(bytes);
  JsonFault fault;
  const Result<JsonView> root = parse_json(text, arena, fault);
  return root.ok() && root.value().is_object();
}

// A text that takes all its room with bytes that must be escaped.
template <std::size_t N>
void fill(FixedText<N>& text, char c) {
  MUST(text.assign(std::string(N, c)));
}

}  // namespace fieldpost
