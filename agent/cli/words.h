// States and reasons in words for people. They promise no more than is known.
#pragma once

#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/message/state.h"

namespace fieldpost {

PackedText words_of(State state);    // "1MSG has it, not yet on the phone"
PackedText words_of(Reason reason);  // "the name of the server was not found"; "" for none
// By the name of either, as the local API has it; a name from a newer agent stands for itself.
void put_words_of(TextWriter& out, std::string_view name);

// One cell of a table, cut or filled to its width (a code point is a column: names are Latin, "•"
// is one).
void put_cell(TextWriter& out, std::string_view text, std::size_t columns);

// "2026-11-21T09:12:00Z" → "2026-11-21 09:12:00 UTC"; anything else as it is.
void put_readable_time(TextWriter& out, std::string_view time);
// 93 → "1 min", 7300 → "2 h": one unit is enough to decide by.
void put_readable_seconds(TextWriter& out, std::uint64_t seconds);
void put_readable_bytes(TextWriter& out, std::uint64_t bytes);

}  // namespace fieldpost
