// The names in a folder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/status.h"

namespace fieldpost {

using FileName = FixedText<255>;  // NAME_MAX

// Whether a name in `folder` is wanted; `what` is the caller's.
using WantsName = bool (*)(int folder, const char* name, std::uint64_t what);

// The wanted names, or all, that end in `suffix` and don't begin with a dot, sorted by their bytes: in every
// locale the same.
//   not_found: there is no such folder.   full: more than `names` holds, which has the first of them.
//   io: errno says why.
Result<std::size_t> list_folder(std::string_view folder, std::string_view suffix,
                                std::span<FileName> names, WantsName wants = nullptr,
                                std::uint64_t what = 0);

}  // namespace fieldpost
