#include "platform/mbedtls/heap.h"

#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "agent/base/assert.h"
#include "config/limits.h"

namespace fieldpost::tls_heap {
namespace {

// Blocks lie back to back and fill the buffer; each begins with this.
struct Block {
  std::uint32_t bytes;         // with this header; a multiple of kGrain
  std::uint32_t before_bytes;  // of the block before it, 0 for the first
  std::uint32_t used;          // kUsed or kFree: anything else is an overrun
  std::uint32_t spare;
};
constexpr std::uint32_t kGrain = sizeof(Block);
constexpr std::uint32_t kUsed = 0x5f1e1d5eu;
constexpr std::uint32_t kFree = 0xf4eef4eeu;
static_assert(kGrain == 16 && limits::tls_heap_bytes % kGrain == 0);

alignas(kGrain) constinit std::array<std::byte, limits::tls_heap_bytes> heap{};
// Every block before this place is in use. The library asks for memory tens of thousands of times in
// a handshake: looking through the long-lived blocks each time was a twelfth of its instructions.
constinit std::size_t first_free = 0;
constinit std::size_t in_use = 0;
constinit std::size_t peak = 0;
constinit std::size_t bound = limits::tls_heap_bytes;
constinit bool any_refused = false;

Block* at(std::size_t offset) { return reinterpret_cast<Block*>(heap.data() + offset); }
std::size_t offset_of(const Block* block) {
  return static_cast<std::size_t>(reinterpret_cast<const std::byte*>(block) - heap.data());
}
Block* after(Block* block) {
  const std::size_t next = offset_of(block) + block->bytes;
  return next == heap.size() ? nullptr : at(next);
}

void* refuse() {
  any_refused = true;
  return nullptr;
}

void* take(std::size_t count, std::size_t size) {
  if (size != 0 && count > heap.size() / size) return refuse();
  const std::size_t payload = count * size;
  if (payload == 0) return nullptr;
  if (payload > heap.size()) return refuse();
  const auto wanted =
      static_cast<std::uint32_t>((payload + sizeof(Block) + kGrain - 1) / kGrain * kGrain);
  if (in_use + wanted > bound) return refuse();
  bool none_before = true;
  // A full heap, which has no block there, was refused above.
  for (Block* block = at(first_free); block != nullptr; block = after(block)) {
    ASSERT(block->used == kFree || block->used == kUsed);
    if (block->used == kUsed) continue;
    if (block->bytes < wanted) {
      none_before = false;
      continue;
    }
    if (block->bytes > wanted) {
      Block* rest = at(offset_of(block) + wanted);
      *rest = {block->bytes - wanted, wanted, kFree, 0};
      block->bytes = wanted;
      if (Block* next = after(rest)) next->before_bytes = rest->bytes;
    }
    block->used = kUsed;
    if (none_before) first_free = offset_of(block) + block->bytes;
    in_use += block->bytes;
    if (in_use > peak) peak = in_use;
    void* memory = block + 1;
    std::memset(memory, 0, block->bytes - sizeof(Block));
    return memory;
  }
  return refuse();
}

// `block` swallows the free one after it.
void join(Block* block) {
  Block* next = after(block);
  if (next == nullptr || next->used != kFree) return;
  block->bytes += next->bytes;
  if (Block* beyond = after(block)) beyond->before_bytes = block->bytes;
}

void give_back(void* memory) {
  if (memory == nullptr) return;
  Block* block = static_cast<Block*>(memory) - 1;
  ASSERT(offset_of(block) < heap.size() && block->used == kUsed);
  mbedtls_platform_zeroize(memory, block->bytes - sizeof(Block));  // keys and tokens were in it
  block->used = kFree;
  in_use -= block->bytes;
  join(block);
  if (offset_of(block) < first_free) first_free = offset_of(block);
  if (block->before_bytes == 0) return;
  Block* before = at(offset_of(block) - block->before_bytes);
  if (before->used == kFree) join(before);
}

}  // namespace

void start() {
  // Once: what has been taken since is in use.
  if (at(0)->bytes != 0) return;
  *at(0) = {static_cast<std::uint32_t>(heap.size()), 0, kFree, 0};
  mbedtls_platform_set_calloc_free(take, give_back);
}

bool refused() { return any_refused; }
void forget_refusals() { any_refused = false; }
std::size_t used_bytes() { return in_use; }
std::size_t peak_bytes() { return peak; }
void limit_for_test(std::size_t bytes) { bound = bytes; }

}  // namespace fieldpost::tls_heap
