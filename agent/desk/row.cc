#include "agent/desk/row.h"

#include "agent/base/log.h"
#include "agent/base/word_list.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

// Words of a peer may hold control characters: they would grow sixfold, and steer a terminal.
void put_text(TextWriter& out, std::string_view text) {
  out.put('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == '"' || byte == '\\') out.put('\\');
    out.put(byte < 0x20 || byte == 0x7f ? '?' : c);
  }
  out.put('"');
}

void put_text_or_null(TextWriter& out, const char* name, std::string_view text) {
  put_json_name(out, name);
  if (text.empty()) {
    out.put("null");
  } else {
    put_text(out, text);
  }
}

void put_text_if_any(TextWriter& out, const char* name, std::string_view text) {
  if (!text.empty()) put_text_or_null(out, name, text);
}

// {"state":…,"reason":…,"detail":…}
void put_condition(TextWriter& out, const char* name, const char* state, Reason reason,
                   std::string_view detail) {
  put_json_name(out, name).put('{');
  put_text_or_null(out, "state", state);
  put_text_or_null(out, "reason", to_text(reason));
  put_text_if_any(out, "detail", detail);
  out.put('}');
}

// A code asks for what is to be done about it, "send it again" too: never about what the customer
// may have, or what goes by itself. Of what was not delivered 0 says that no code was told.
bool asks_for_advice(const Row& row) {
  const bool refused =
      row.state == State::failed || (row.state == State::held && row.reason != Reason::maybe_sent &&
                                     row.reason != Reason::pending_job);
  return refused && (row.code != 0 || row.reason == Reason::undelivered);
}

void put_who(TextWriter& out, const Row& row, bool reveal) {
  put_json_number(out, "id", row.id);
  put_json_name(out, "scenario");
  put_text(out, row.scenario.view());
  put_json_name(out, "to").put('"');
  if (reveal) {
    out.put(row.to.view());
  } else {
    put_masked_phone(out, row.to.view());
  }
  out.put('"');
  put_text_or_null(out, "state", to_text(row.state));
}

void put_what(TextWriter& out, const Row& row) {
  put_text_or_null(out, "message_id", row.message_id.view());
  put_text_or_null(out, "reason", to_text(row.reason));
  put_text_if_any(out, "detail", row.detail.view());
  if (asks_for_advice(row)) {
    put_json_number(out, "code", static_cast<std::uint64_t>(row.code));
  }
  put_text_if_any(out, "key", row.key.view());
  put_text_if_any(out, "topic", row.topic.view());
}

}  // namespace

void put_event(TextWriter& out, const Row& row) {
  out.put('{');
  if (row.event != 0) put_json_number(out, "event", row.event);
  put_who(out, row, false);
  put_what(out, row);
  put_json_time(out, "time", row.changed);
  out.put("}\n");
}

void put_row(TextWriter& out, const Row& row, bool reveal) {
  out.put('{');
  put_who(out, row, reveal);
  put_json_number(out, "attempts", row.attempts);
  put_json_time(out, "created", row.created);
  put_json_time(out, "next_attempt", row.next_attempt);
  put_what(out, row);
  put_json_time_if_any(out, "expires", row.expires);
  put_json_time_if_any(out, "accepted_at", row.accepted_at);
  put_json_time_if_any(out, "delivered_at", row.delivered_at);
  put_text_if_any(out, "operator", row.operator_name.view());
  if (row.retry_of != 0) put_json_number(out, "retry_of", row.retry_of);
  out.put("}\n");
}

std::string_view to_text(Sandbox sandbox) {
  constexpr WordList kNames("off\nno_seccomp\nno_landlock\nfull\n");
  static_assert(kNames.size() == kSandboxes);
  return kNames[static_cast<std::size_t>(sandbox)];
}

void put_status(TextWriter& out, const StatusReport& status) {
  out.put(R"({"counts":{)");
  for (std::size_t i = 0; i < kStates; ++i) {
    put_json_comma(out).put('"').put(to_text(static_cast<State>(i))).put("\":");
    out.put_number(status.counts[i]);
  }
  out.put('}');

  // The report has one detail: the channel's where that is held, for nothing is tried then.
  const bool held = status.channel != Reason::none;
  const std::string_view detail = status.detail.view();
  put_condition(out, "channel", held ? "held" : "open", status.channel, held ? detail : "");
  put_condition(out, "network",
                !status.network_known ? "unknown"
                : status.network_up   ? "online"
                                      : "offline",
                status.network, held ? "" : detail);

  put_json_time(out, "next_attempt", status.next_attempt);
  if (status.next_attempt_in.ms == kNever.ms) {
    put_json_name(out, "next_attempt_in_s").put("null");
  } else {
    put_json_number(out, "next_attempt_in_s", (status.next_attempt_in.ms + 999) / 1000);
  }
  put_json_name(out, "oldest");
  if (status.oldest == 0) {
    out.put("null");
  } else {
    out.put('{');
    put_json_number(out, "id", status.oldest);
    put_json_time(out, "created", status.oldest_created);
    put_json_number(out, "age_s", status.oldest_age.ms / 1000);
    put_text_or_null(out, "reason", to_text(status.oldest_waits_for));
    out.put('}');
  }
  put_json_name(out, "store").put('{');
  put_json_number(out, "size", status.store_bytes);
  put_json_number(out, "used", status.store_used_bytes);
  put_json_number(out, "room", status.store_room_bytes);
  put_json_number(out, "messages", status.live);
  put_json_number(out, "messages_max", status.live_max);
  put_json_number(out, "bytes_written", status.bytes_written);
  put_json_number(out, "syncs", status.syncs);
  put_json_number(out, "torn", status.torn_units);
  put_json_number(out, "corrupt", status.corrupt_units);
  put_json_bool(out, "failed", status.store_failed);
  put_json_bool(out, "volatile", status.store_volatile);
  put_json_name(out, "wear").put('{');
  put_json_number(out, "least", status.begun_least);
  put_json_number(out, "most", status.begun_most);
  out.put("}}");
  put_json_bool(out, "configuration_rejected", status.configuration_rejected);
  put_json_bool(out, "paused", status.paused);
  put_json_number(out, "blocked", status.blocked);
  put_json_bool(out, "running", status.running);
  put_json_bool(out, "tracking_off", status.tracking_off);
  put_json_text(out, "sandbox", to_text(status.sandbox));
  out.put("}\n");
}

}  // namespace fieldpost
