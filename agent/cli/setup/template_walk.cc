#include "agent/cli/setup/template_walk.h"

#include <algorithm>
#include <span>

#include "agent/base/crc32c.h"
#include "agent/cli/local.h"

namespace fieldpost {

bool TemplateWalk::next(TemplateEntry& entry) {
  do {
    while (at_ != JsonView::Iterator(nullptr)) {
      JsonArena beside = call_.arena.rest();
      entry = read_template(*at_, beside);
      ++at_;
      if (is_new(entry)) return true;
    }
  } while (next_page());
  return false;
}

bool TemplateWalk::next_page() {
  const JsonView list = api_.object().member("templates");
  if (begun_) {
    const JsonView said = api_.object().member("total");
    // Where it is not said, a full page may have more behind it.
    const auto total = static_cast<std::size_t>(
        said.exists() || list.size() < limit_ ? number_of(said) : limits::templates_max);
    offset_ += list.size();
    const bool last = list.size() == 0 || offset_ >= total;
    failed_ = failed_ || (!last && deadline_.passed(call_.shell.now().at));
    if (!last && !any_new_) {
      // The same once more: this channel gives everything from its start, or not at all.
      failed_ = failed_ || all_at_once_ || total > limits::templates_max;
      all_at_once_ = true;
      limit_ = total;
      offset_ = 0;
    }
    if (failed_) api_.blame(Reason::api_trouble);
    if (failed_ || last) return false;
  }
  begun_ = true;
  any_new_ = false;
  TextBuffer<64> method;
  for (;;) {
    method.clear();
    method.put("templates?limit=").put_number(limit_).put("&offset=").put_number(offset_);
    if (api_.get(method.written())) break;
    failed_ = !api_.too_large() || limit_ == 1;
    if (failed_) return false;
    limit_ /= 2;
  }
  const JsonView page = api_.object().member("templates");
  failed_ = !page.is_array();
  if (failed_) api_.blame(Reason::api_trouble);
  at_ = page.begin();
  return !failed_;
}

bool TemplateWalk::is_new(const TemplateEntry& entry) {
  std::uint32_t sum = 0;
  // One that was rejected may stand before the one that took its place.
  for (const std::string_view part : {entry.name, entry.name_space, entry.language, entry.status}) {
    sum = crc32c(std::as_bytes(std::span(part)), sum + 1);
  }
  const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(seen_count_);
  if (std::find(seen_.begin(), end, sum) != end) return false;
  failed_ = seen_count_ == seen_.size();
  if (failed_) return false;
  seen_[seen_count_++] = sum;
  any_new_ = true;
  return true;
}

}  // namespace fieldpost
