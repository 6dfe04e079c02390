// The channel's templates, one after the other, however many there are: page by page, in the memory
// of one.
#pragma once

#include <array>
#include <cstdint>

#include "agent/api/template_entry.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/api_call.h"
#include "config/limits.h"

namespace fieldpost {

inline constexpr Duration kWalkMax = 5_min;  // a slow network's 30 pages have time

class TemplateWalk {
 public:
  TemplateWalk(Call& call, ApiCall& api)
      : call_(call), api_(api), deadline_(within(call.shell, kWalkMax)) {}

  // The next one, which lives until the one after it. False: there are no more, or failed().
  bool next(TemplateEntry& entry);
  // The API did not give all of them; its fault() says why.
  bool failed() const { return failed_; }

 private:
  bool next_page();
  bool is_new(const TemplateEntry&);

  Call& call_;
  ApiCall& api_;
  const Deadline deadline_;
  JsonView::Iterator at_{nullptr};
  std::size_t limit_ = limits::templates_per_page;
  std::size_t offset_ = 0;
  bool begun_ = false, any_new_ = false, all_at_once_ = false, failed_ = false;
  // `offset` may be ignored, and a list may move on between two pages.
  std::size_t seen_count_ = 0;
  std::array<std::uint32_t, limits::templates_max> seen_;  // sums of those that came
};

}  // namespace fieldpost
