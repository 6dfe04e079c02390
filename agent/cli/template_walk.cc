#include "agent/cli/template_walk.h"

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
    const auto total = static_cast<std::size_t>(number_of(api_.object().member("total")));
    if (list.size() == 0 || offset_ + list.size() >= total) return false;
    offset_ += list.size();
    if (!any_new_) {
      // The same once more: this channel gives everything from its start, or not at all.
      failed_ = all_at_once_ || total > limits::templates_max;
      all_at_once_ = true;
      limit_ = total;
      offset_ = 0;
    }
    if (failed_) api_.blame(Reason::api_trouble);
    if (failed_ || seen_count_ == seen_.size()) return false;
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
  for (const std::string_view part : {entry.name, entry.name_space, entry.language}) {
    sum = crc32c(std::as_bytes(std::span(part)), sum + 1);
  }
  const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(seen_count_);
  if (seen_count_ == seen_.size() || std::find(seen_.begin(), end, sum) != end) return false;
  seen_[seen_count_++] = sum;
  any_new_ = true;
  return true;
}

}  // namespace fieldpost
