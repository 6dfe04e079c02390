// The panel for who has no script: the state of the agent and its messages as one page of HTML, which
// can only be read. It is written as it leaves: the state first, then rows as they come.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/port/source.h"
#include "config/limits.h"

namespace fieldpost {

inline constexpr std::string_view kPlainPath = "/plain";

// A program without the panel has none of this.
bool has_plain();

// `only`: the messages of one state; else those that have not ended.
void put_plain_head(TextWriter& out, const StatusReport& status, std::optional<State> only);
void put_plain_rows(TextWriter& out, std::span<const Row> rows);
// `any`: there was a row.
void put_plain_end(TextWriter& out, bool any);

// What a row takes at most: words and numbers, and what others wrote with each byte escaped.
inline constexpr std::size_t kPlainRowBytesMax =
    640 +
    5 * (limits::scenario_id_bytes_max + limits::operator_bytes_max + limits::detail_bytes_max);
static_assert(limits::rows_per_page * kPlainRowBytesMax <= limits::local_answer_bytes_max,
              "a page of rows is one piece of an answer");

}  // namespace fieldpost
