#include "agent/panel/plain.h"

#include "agent/base/log.h"
#include "agent/base/time.h"
#include "agent/cli/words.h"
#include "agent/panel/files.h"

namespace fieldpost {
namespace {

// What others wrote, as text and never as a tag.
void put_html(TextWriter& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'') {
      out.put("&#").put_number(byte).put(';');
    } else {
      out.put(byte < 0x20 || byte == 0x7f ? '?' : c);
    }
  }
}

// "; there is no network", or nothing.
void put_reason(TextWriter& out, Reason reason) {
  if (reason != Reason::none) out.put("; ").put(words_of(reason));
}

void put_time_if_any(TextWriter& out, PackedText before, UnixTime time) {
  if (time.s == 0) return;
  TextBuffer<32> text;
  put_time(text, time);
  put_readable_time(out.put(before), text.written());
}

// What the panel says in its bar, in the same words.
void put_condition(TextWriter& out, const StatusReport& status) {
  out.put(status.store_failed ? "The store cannot be written"_packed
          : status.paused     ? "Sending is paused"_packed
          : status.configuration_rejected || status.channel != Reason::none
              ? "Sending is stopped"_packed
          : !status.network_known ? "Ready"_packed
          : status.network_up     ? "Online"_packed
                                  : "Offline"_packed);
}

void put_why(TextWriter& out, const StatusReport& status) {
  const Reason why = status.channel != Reason::none               ? status.channel
                     : status.configuration_rejected              ? Reason::configuration_rejected
                     : status.network_known && !status.network_up ? status.network
                                                                  : Reason::none;
  if (why == Reason::none) return;
  out.put("<p>Why: "_packed).put(words_of(why));
  // The report has one detail, of the channel or of the network.
  if (why != Reason::configuration_rejected && !status.detail.empty()) {
    put_html(out.put(": "), status.detail.view());
  }
  out.put("</p>\n");
}

std::uint64_t waiting(const StatusReport& status) {
  std::uint64_t sum = 0;
  for (const State one : {State::queued, State::sending, State::uncertain}) {
    sum += status.counts[static_cast<std::size_t>(one)];
  }
  return sum;
}

}  // namespace

bool has_plain() { return find_panel_file("/") != nullptr; }

void put_plain_head(TextWriter& out, const StatusReport& status, std::optional<State> only) {
  if (!has_plain()) return;  // so that nothing of it is linked
  out.put(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"_packed);
  put_condition(out, status);
  out.put(
      " – Fieldpost</title>\n<link rel=\"icon\" href=\"data:,\">\n"
      "<link rel=\"stylesheet\" href=\"/panel.css\"></head>\n<body><main><section><h1>"_packed);
  put_condition(out, status);
  out.put("</h1>\n"_packed);
  put_why(out, status);
  out.put("<p>").put_number(waiting(status)).put(" waiting"_packed);
  if (status.oldest != 0) {
    out.put(", the oldest message "_packed).put_number(status.oldest);
    if (status.oldest_age.ms >= 1000) {  // else nobody knows
      put_readable_seconds(out.put(" for "), status.oldest_age.ms / 1000);
    }
    put_reason(out, status.oldest_waits_for);
  }
  out.put(".</p>\n");
  if (status.next_attempt_in.ms != kNever.ms) {
    put_readable_seconds(out.put("<p>Next try in "_packed),
                         (status.next_attempt_in.ms + 999) / 1000);
    out.put(".</p>\n");
  }
  out.put("</section>\n<section><h2>By state</h2>\n<ul>\n"_packed);
  for (std::size_t i = 0; i < kStates; ++i) {
    if (status.counts[i] == 0) continue;
    const State state = static_cast<State>(i);
    out.put("<li><a class=\"button calm\" href=\"/plain?state="_packed).put(to_text(state));
    out.put("\">").put_number(status.counts[i]).put(' ').put(to_text(state)).put(": ");
    out.put(words_of(state)).put("</a></li>\n"_packed);
  }
  out.put(
      "</ul>\n<p><a class=\"button calm\" href=\"/plain\">All that have not ended, as they are "
      "now</a></p></section>\n<section><h2>"_packed);
  if (only) {
    out.put("Messages that are "_packed).put(to_text(*only));
  } else {
    out.put("Messages that have not ended"_packed);
  }
  out.put("</h2>\n<ul>\n"_packed);
}

void put_plain_rows(TextWriter& out, std::span<const Row> rows) {
  if (!has_plain()) return;
  for (const Row& row : rows) {
    out.put("<li class=\"card\"><p><strong>Message "_packed)
        .put_number(row.id)
        .put("</strong>: "_packed);
    out.put(words_of(row.state));
    put_reason(out, row.reason);
    if (!row.detail.empty()) put_html(out.put(": "), row.detail.view());
    put_time_if_any(out, "; next try "_packed, row.next_attempt);
    put_html(out.put(".<br>"), row.scenario.view());
    put_masked_phone(out.put(" to "), row.to.view());
    put_time_if_any(out, ", taken "_packed, row.created);
    if (!row.operator_name.empty()) put_html(out.put(", by "), row.operator_name.view());
    out.put(".</p></li>\n"_packed);
  }
}

void put_plain_end(TextWriter& out, bool any) {
  if (!has_plain()) return;
  if (!any) out.put("<li>None.</li>\n"_packed);
  out.put("</ul></section>\n</main></body></html>\n"_packed);
}

}  // namespace fieldpost
