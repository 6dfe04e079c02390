#include "agent/desk/rates.h"

#include <algorithm>

#include "agent/base/assert.h"

namespace fieldpost {

bool Rates::take(std::string_view source, const Rate& rate, Instant now) {
  // Of those that are not there the one that has waited longest makes room: it has the most to gain.
  Slot* slot = &slots_[0];
  for (Slot& one : slots_) {
    if (one.source == source) {
      slot = &one;
      break;
    }
    if (one.full_at < slot->full_at) slot = &one;
  }
  if (!(slot->source == source)) {
    MUST(slot->source.assign(source));
    slot->full_at = now;
  }
  const Instant full_at = std::max(slot->full_at, now) + rate.each;
  if (full_at - now > Duration{rate.each.ms * rate.at_once}) return false;
  slot->full_at = full_at;
  return true;
}

void Rates::give_back(std::string_view source, const Rate& rate) {
  for (Slot& one : slots_) {
    if (one.source == source) one.full_at.ms -= rate.each.ms;
  }
}

}  // namespace fieldpost
