#include "agent/desk/relay.h"

#include <algorithm>

#include "agent/base/number.h"

namespace fieldpost {

bool speak_for(Caller& caller, std::string_view claim) {
  if (claim.empty()) return true;
  if (caller.is_stranger || (caller.may != nullptr && !caller.may->relay)) return false;
  const std::size_t space = claim.find(' ');
  const std::string_view name = claim.substr(0, space);
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!name.starts_with(kRelayed) || name.size() > limits::source_bytes_max ||
      !std::ranges::all_of(name, is_plain)) {
    return false;
  }
  if (space != claim.npos) {
    std::uint64_t percent = 0;
    claim.remove_prefix(space + 1);
    if (!take_number(claim, percent) || !claim.empty() || percent < 1 || percent > 100)
      return false;
    caller.share_percent = static_cast<std::uint8_t>(percent);
  }
  caller.source = name;
  caller.is_relayed = true;
  return true;
}

}  // namespace fieldpost
