// The directory: whom a reference stands for. JSON Lines (jsonlines.org), one object a line, which a
// back office writes and puts in its place by a rename:
//
//   {"ref":"visit-881","to":"+1 202 555 0123","customerName":"Maria","service":"home delivery"}
//
// What is called like a field of a scenario, `language` and `opt_in` stand in where a request leaves
// them out; what else an entry has is for people. It is read anew each time, as a stream: it may have
// any length, and nothing of it is kept.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "agent/json/tree.h"
#include "agent/port/directory.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// 1 to limits::ref_bytes_max letters, digits, and what no writer of JSON escapes of the rest: so a
// line that does not have these bytes need not be parsed.
bool is_ref(std::string_view text);

// One line as a tree in `arena`.
//   invalid: it is no entry; `why` gets what is wrong with it.
Status read_entry(Result<std::string_view> line, JsonArena& arena, JsonView& entry,
                  TextWriter& why);

// The one entry with this reference, in `arena`. Else `why` gets the reason.
//   not_found: no line has it, or none that can be read.   invalid: several have it, and who is meant
//   must not be guessed.   timeout, io: as DirectoryFile::each_line().
Status find_entry(DirectoryFile&, std::string_view path, std::string_view ref, JsonArena& arena,
                  JsonView& entry, TextWriter& why);

// Puts the first thing that is wrong with the directory, or nothing.
void check_directory(DirectoryFile&, const Settings&, JsonArena& arena, TextWriter& why);

}  // namespace fieldpost
