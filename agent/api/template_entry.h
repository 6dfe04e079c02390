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
  bool takes_more = false;    // than those: in a header or a button, where nothing is sent

  std::string_view rejected_for = {};  // in WhatsApp's words, where it was

  bool is_approved() const;
  bool is(std::string_view its_name, std::string_view its_language,
          std::string_view its_name_space) const;
  // Where the list does not tell the text, the message finds out.
  bool takes(std::size_t fields) const {
    return !takes_more && (text.empty() || variables == fields);
  }
};

// `beside`: room for components that are a text of JSON instead of an array.
TemplateEntry read_template(JsonView one, JsonArena& beside);

}  // namespace fieldpost
