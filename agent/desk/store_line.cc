#include "agent/desk/store_line.h"

#include "agent/json/write.h"

namespace fieldpost {
namespace {

void put_number_if_any(TextWriter& out, const char* name, std::uint64_t number) {
  if (number != 0) put_json_number(out, name, number);
}

// As a request says it: a time, or so long after it was taken.
void put_not_before_if_any(TextWriter& out, UnixTime at) {
  if (at.s == 0 || at.s > kNotBeforeWaitMax) {
    put_json_time_if_any(out, "not_before", at);
  } else {
    put_json_name(out, "not_before").put("\"+").put_number(at.s).put("s\"");
  }
}

}  // namespace

void put_store_report(TextWriter& out, const StoreReport& report) {
  out.put('{');
  put_json_bool(out, "ok", report.ok());
  put_json_name(out, "store").put('"');
  for (const std::byte one : report.id) out.put_hex(std::to_integer<std::uint8_t>(one), 2);
  out.put('"');
  put_json_number(out, "version", report.version);
  put_json_number(out, "size", report.size_bytes);
  put_json_number(out, "segment", report.segment_bytes);
  put_json_number(out, "write_unit", report.write_unit);
  put_json_number(out, "laps", report.laps);
  put_json_number(out, "messages", report.live);
  put_json_number(out, "unreadable", report.unreadable);
  put_json_number(out, "ended", report.ended);
  put_json_number(out, "torn", report.torn_units);
  put_json_number(out, "corrupt", report.corrupt_units);
  put_json_number(out, "lost", report.lost);
  put_json_number(out, "in_doubt", report.in_doubt);
  out.put("}\n");
}

void put_request(TextWriter& out, const Message& message) {
  put_json_text(out, "scenario", message.scenario.view());
  put_json_text(out, "to", message.to.view());
  put_json_text_if_any(out, "template", message.template_name.view());
  put_json_text_if_any(out, "namespace", message.template_namespace.view());
  put_json_text(out, "language", message.language.view());
  if (message.values.count() == 0) return;
  put_json_name(out, "values").put('[');
  for (std::size_t i = 0; i < message.values.count(); ++i) {
    put_json_string(put_json_comma(out), message.values[i]);
  }
  out.put(']');
}

void put_record(TextWriter& out, MessageId id, const Message* message, const Standing* standing,
                std::uint64_t commit) {
  out.put('{');
  put_number_if_any(out, "commit", commit);
  put_json_number(out, "id", id);
  if (message != nullptr) {
    put_request(out, *message);
    put_json_text_if_any(out, "key", message->key.view());
    put_json_text_if_any(out, "topic", message->topic.view());
    put_json_text_if_any(out, "operator", message->operator_name.view());
    put_json_text(out, "source", message->source.view());
    put_json_time_if_any(out, "created", message->created.wall);
    put_number_if_any(out, "retry_of", message->retry_of);
    put_number_if_any(out, "ttl_s", message->ttl.ms / 1000);
    put_not_before_if_any(out, message->not_before);
    if (message->on_uncertain == OnUncertain::resend) put_json_text(out, "on_uncertain", "resend");
  }
  if (standing != nullptr) {
    put_json_text(out, "state", to_text(standing->state));
    put_json_text_if_any(out, "reason", to_text(standing->reason));
    put_json_number(out, "attempts", standing->attempts);
    put_json_text_if_any(out, "message_id", standing->message_id.view());
    put_json_text_if_any(out, "detail", standing->detail.view());
    put_json_time_if_any(out, "changed", standing->changed.wall);
    put_json_time_if_any(out, "accepted_at", standing->accepted_at.wall);
    put_json_time_if_any(out, "delivered_at", standing->delivered_at.wall);
  }
  out.put("}\n");
}

}  // namespace fieldpost
