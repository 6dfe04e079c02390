// The status as metrics, for Prometheus and what reads its text format (version 0.0.4): one scrape.
// No label holds a recipient or a text.
#pragma once

#include "agent/base/text_writer.h"
#include "agent/port/source.h"

namespace fieldpost {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

// At most limits::local_answer_bytes_max.
void put_metrics(TextWriter& out, const StatusReport& status);

}  // namespace fieldpost
