#include "platform/libcoap/bodies.h"

#include <algorithm>

namespace fieldpost {

Bodies::Body* Bodies::place_for(const Endpoint& from, bool begins, Instant now) {
  Body* free = nullptr;
  for (Body& one : bodies_) {
    if (one.open && now - one.last >= kNextBlock) one.open = false;
    if (one.open && one.from == from.view()) return &one;
    if (!one.open) free = &one;
  }
  if (!begins || free == nullptr) return nullptr;
  free->from = from;
  free->open = true;
  free->used = 0;
  return free;
}

Bodies::Step Bodies::add(const Endpoint& from, const Block& block, std::string_view bytes,
                         Instant now) {
  const std::uint64_t begins = std::uint64_t{block.number} * block.bytes;
  if (begins + bytes.size() > limits::local_body_bytes_max) return Step::too_large;
  const auto at = static_cast<std::size_t>(begins);
  if (block.more && bytes.size() != block.bytes) return Step::malformed;
  Body* const body = place_for(from, block.number == 0, now);
  if (body == nullptr) return block.number == 0 ? Step::no_room : Step::incomplete;
  if (block.number == 0) body->used = 0;
  // The block before this one, whose answer was lost, is here already.
  const std::string_view here(body->bytes.data(), body->used);
  const bool again = at + bytes.size() == body->used && here.substr(at) == bytes && block.more;
  if (at != body->used && !again) return Step::incomplete;
  body->last = now;
  if (!again) {
    std::copy(bytes.begin(), bytes.end(), body->bytes.begin() + static_cast<std::ptrdiff_t>(at));
    body->used += bytes.size();
  }
  if (block.more) return Step::wants_more;
  body->open = false;
  whole_ = body;
  return Step::whole;
}

}  // namespace fieldpost
