#include "agent/settings/near.h"

#include <algorithm>
#include <array>

#include "agent/base/packed_text.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

// No key and no scenario is longer, so no longer word can be near one.
constexpr std::size_t kWordBytesMax = limits::scenario_id_bytes_max + 4;

// Levenshtein's distance, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::array<std::size_t, kWordBytesMax + 1> row;
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

void NearestWord::offer(std::string_view word) {
  if (written_.size() > kWordBytesMax || word.size() > kWordBytesMax) return;
  const std::size_t edits = distance(written_, word);
  // Half of a word must be right: every word of three letters is near every other.
  if (edits >= distance_ || 2 * edits > word.size()) return;
  distance_ = edits;
  nearest_ = word;
}

void NearestWord::put(TextWriter& out) const {
  if (!nearest_.empty()) out.put("; did you mean "_packed).put(nearest_).put('?');
}

}  // namespace fieldpost
