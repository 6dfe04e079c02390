// A message and the status of the whole as JSON: the objects of `list --json`, `show --json` and
// `status --json`. Their names are a contract with tools outside.
#pragma once

#include <cstddef>

#include "agent/base/text_writer.h"
#include "agent/port/source.h"
#include "config/limits.h"

namespace fieldpost {

// One object and a line end. Times are RFC 3339 or null; `reason` is null when the message waits
// for nothing. The number is masked unless `reveal`.
void put_row(TextWriter& out, const Row& row, bool reveal);

// The same of an event, or of a present state where `row.event` is 0: fewer members, and when it
// became what it is. The number is masked.
void put_event(TextWriter& out, const Row& row);

// What put_row() takes at most: names, numbers and times, and every text with each byte escaped.
// Control characters, which would take six bytes each, are not passed on.
inline constexpr std::size_t kRowBytesMax =
    640 +
    2 * (limits::scenario_id_bytes_max + limits::key_bytes_max + limits::topic_bytes_max +
         limits::operator_bytes_max + limits::message_id_bytes_max + limits::detail_bytes_max);
static_assert(limits::rows_per_page * kRowBytesMax <= limits::local_answer_bytes_max,
              "a page of rows is one piece of an answer");

std::string_view to_text(Sandbox sandbox);

// One object and a line end.
void put_status(TextWriter& out, const StatusReport& status);

}  // namespace fieldpost
