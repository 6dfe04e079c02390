// One entry of the list that GET /templates gives, read from whatever shape it has.
#pragma once

#include <cstddef>
#include <string_view>

#include "agent/json/arena.h"
#include "agent/json/tree.h"

namespace fieldpost {

// The views live as long as the tree, and what `beside` holds.
struct TemplateEntry {
  std::string_view name;
  std::string_view name_space;  // may be missing on one entry and stand on its siblings
  std::string_view language;
  std::string_view status;    // in whatever case: "approved"
  std::string_view text;      // of the body, as it was approved; empty: it is not told
  std::size_t variables = 0;  // distinct ones in that text

  bool is_approved() const;
};

// `beside`: room for components that are a text of JSON instead of an array.
TemplateEntry read_template(JsonView one, JsonArena& beside);

}  // namespace fieldpost
