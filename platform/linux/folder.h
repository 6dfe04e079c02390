// The names in a folder.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/status.h"

namespace fieldpost {

using FileName = FixedText<255>;  // NAME_MAX

// The names that end in `suffix` and don't begin with a dot, sorted by their bytes: in every
// locale the same.
//   not_found: there is no such folder.   full: more than `names` holds, which has the first of them.
//   io: errno says why.
Result<std::size_t> list_folder(std::string_view folder, std::string_view suffix,
                                std::span<FileName> names);

}  // namespace fieldpost
