#include "agent/json/arena.h"

#include <cstdint>

namespace fieldpost {
namespace {

// What cJSON's node needs. Most of what it takes is short strings, so more would be waste.
constexpr std::size_t kAlignment = alignof(double) > alignof(void*) ? alignof(double)
                                                                    : alignof(void*);

}  // namespace

void* JsonArena::take(std::size_t bytes) {
  const auto next = reinterpret_cast<std::uintptr_t>(room_.data()) + used_;
  const std::size_t padding = (kAlignment - next % kAlignment) % kAlignment;
  const std::size_t left = room_.size() - used_;
  if (left < padding || left - padding < bytes) return nullptr;
  std::byte* const taken = room_.data() + used_ + padding;
  used_ += padding + bytes;
  return taken;
}

}  // namespace fieldpost
