#include "agent/desk/row.h"

#include "agent/base/log.h"
#include "agent/base/time.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

// Words of a peer may hold control characters: they would grow sixfold, and steer a terminal.
void put_text(TextWriter& out, std::string_view text) {
  std::size_t from = 0;
  out.put('"');
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool end = i == text.size();
    const auto byte = end ? 0 : static_cast<unsigned char>(text[i]);
    if (!end && byte >= 0x20 && byte != 0x7f && byte != '"' && byte != '\\') continue;
    out.put(text.substr(from, i - from));
    from = i + 1;
    if (end) break;
    if (byte == '"' || byte == '\\') {
      out.put('\\').put(text[i]);
    } else {
      out.put('?');
    }
  }
  out.put('"');
}

TextWriter& name_it(TextWriter& out, std::string_view name) {
  return out.put(R"(,")").put(name).put(R"(":)");
}

void put_time_or_null(TextWriter& out, UnixTime time) {
  if (time.s == 0) {
    out.put("null");
    return;
  }
  out.put('"');
  put_time(out, time);
  out.put('"');
}

void put_text_or_null(TextWriter& out, std::string_view text) {
  if (text.empty()) {
    out.put("null");
  } else {
    put_text(out, text);
  }
}

void put_text_if_any(TextWriter& out, std::string_view name, std::string_view text) {
  if (!text.empty()) put_text(name_it(out, name), text);
}

void put_time_if_any(TextWriter& out, std::string_view name, UnixTime time) {
  if (time.s != 0) put_time_or_null(name_it(out, name), time);
}

void put_bool(TextWriter& out, bool yes) { out.put(yes ? "true" : "false"); }

std::string_view network_word(const StatusReport& status) {
  if (!status.network_known) return "unknown";
  return status.network_up ? "online" : "offline";
}

}  // namespace

void put_row(TextWriter& out, const Row& row, bool reveal) {
  out.put(R"({"id":)").put_number(row.id);
  put_text(name_it(out, "scenario"), row.scenario.view());
  name_it(out, "to").put('"');
  if (reveal) {
    out.put(row.to.view());
  } else {
    put_masked_phone(out, row.to.view());
  }
  out.put('"');
  name_it(out, "state").put('"').put(to_text(row.state)).put('"');
  name_it(out, "attempts").put_number(row.attempts);
  put_time_or_null(name_it(out, "created"), row.created);
  put_time_or_null(name_it(out, "next_attempt"), row.next_attempt);
  put_text_or_null(name_it(out, "message_id"), row.message_id.view());
  put_text_or_null(name_it(out, "reason"), to_text(row.reason));
  put_text_if_any(out, "detail", row.detail.view());
  put_text_if_any(out, "key", row.key.view());
  put_text_if_any(out, "topic", row.topic.view());
  put_time_if_any(out, "expires", row.expires);
  put_time_if_any(out, "accepted_at", row.accepted_at);
  put_time_if_any(out, "delivered_at", row.delivered_at);
  put_text_if_any(out, "operator", row.operator_name.view());
  if (row.retry_of != 0) name_it(out, "retry_of").put_number(row.retry_of);
  out.put("}\n");
}

void put_status(TextWriter& out, const StatusReport& status) {
  out.put(R"({"counts":{)");
  for (std::size_t i = 0; i < kStates; ++i) {
    if (i > 0) out.put(',');
    out.put('"').put(to_text(static_cast<State>(i))).put(R"(":)").put_number(status.counts[i]);
  }
  out.put('}');

  // The report has one detail: the channel's where that is held, for nothing is tried then.
  const bool held = status.channel != Reason::none;
  name_it(out, "channel")
      .put(held ? R"({"state":"held","reason":)" : R"({"state":"open","reason":)");
  put_text_or_null(out, to_text(status.channel));
  if (held) put_text_if_any(out, "detail", status.detail.view());
  out.put('}');
  name_it(out, "network").put(R"({"state":")").put(network_word(status)).put(R"(","reason":)");
  put_text_or_null(out, to_text(status.network));
  if (!held) put_text_if_any(out, "detail", status.detail.view());
  out.put('}');

  put_time_or_null(name_it(out, "next_attempt"), status.next_attempt);
  name_it(out, "next_attempt_in_s");
  if (status.next_attempt_in.ms == kNever.ms) {
    out.put("null");
  } else {
    out.put_number((status.next_attempt_in.ms + 999) / 1000);
  }
  name_it(out, "oldest");
  if (status.oldest == 0) {
    out.put("null");
  } else {
    out.put(R"({"id":)").put_number(status.oldest);
    put_time_or_null(name_it(out, "created"), status.oldest_created);
    name_it(out, "age_s").put_number(status.oldest_age.ms / 1000);
    out.put('}');
  }
  name_it(out, "store").put(R"({"size":)").put_number(status.store_bytes);
  name_it(out, "used").put_number(status.store_used_bytes);
  name_it(out, "messages").put_number(status.live);
  name_it(out, "messages_max").put_number(status.live_max);
  name_it(out, "bytes_written").put_number(status.bytes_written);
  name_it(out, "syncs").put_number(status.syncs);
  name_it(out, "torn").put_number(status.torn_units);
  name_it(out, "corrupt").put_number(status.corrupt_units);
  put_bool(name_it(out, "failed"), status.store_failed);
  put_bool(name_it(out, "volatile"), status.store_volatile);
  out.put('}');
  put_bool(name_it(out, "configuration_rejected"), status.configuration_rejected);
  out.put("}\n");
}

}  // namespace fieldpost
