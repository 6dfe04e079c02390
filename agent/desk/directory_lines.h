// Entries of the directory as lines of JSON, for whoever chooses one: the panel's list of visits.
#pragma once

#include <string_view>

#include "agent/directory/entry.h"

namespace fieldpost {

// Puts the texts of each entry in which `find` occurs, in letters of either case, in the order of the
// file and as many as fit; {"more":true} where there are others. The number is masked, and not
// searched, unless `reveal`; where it cannot be used `fault` says why instead. What cannot be
// read is passed over: fieldpost check names it.
//   As DirectoryFile::each_line().
Status put_directory(TextWriter& out, DirectoryFile&, const Settings&, std::string_view find,
                     bool reveal, JsonArena& arena);

}  // namespace fieldpost
