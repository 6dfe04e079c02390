#include "agent/outcome/read_answer.h"

#include "agent/api/said.h"
#include "agent/base/letters.h"
#include "agent/json/tree.h"
#include "agent/outcome/history.h"
#include "agent/outcome/template_list.h"

namespace fieldpost {
namespace {

constexpr bool is_template_code(std::int32_t code) { return code >= 132000 && code <= 132999; }

// Whether the words are about a template. "Cannot POST /VID1/sendTemplate" is about the address.
bool about_a_template(std::string_view words) {
  constexpr std::string_view kTemplate = "template";
  for (std::size_t at = find_letters(words, kTemplate); at != words.npos;
       at = find_letters(words, kTemplate, at + 1)) {
    const char before = at == 0 ? ' ' : words[at - 1];
    if (!is_letter_or_digit(before) && before != '/') return true;
  }
  return false;
}

// --- Words ---------------------------------------------------------------------------------------

Said what_it_says(JsonView root) {
  Said said;
  const JsonView response = root.member("response");
  said.add_error(root.member("error"));
  said.add_error(response.member("error"));
  said.add_code(root.member("code"));
  said.add_code(root.member("error_code"));
  said.add(root.member("message"));
  said.add(response.member("message"));
  said.add(root.member("description"));
  said.look_for_code();
  return said;
}

// A page's title is often all that tells a portal from a proxy.
std::string_view title_of(std::string_view html) {
  const std::size_t tag = find_letters(html, "<title");
  if (tag == html.npos) return {};
  const std::size_t start = html.find('>', tag);
  if (start == html.npos) return {};
  return html.substr(start + 1, find_letters(html, "</title", start) - start - 1);
}

bool is_html(const RawAnswer& raw) {
  std::string_view start = raw.body;
  while (!start.empty() && (start[0] == ' ' || (start[0] >= '\t' && start[0] <= '\r'))) {
    start.remove_prefix(1);
  }
  return start.starts_with('<') || starts_with_letters(raw.content_type, "text/html");
}

// --- The answer ----------------------------------------------------------------------------------

// jobId: the send waits at the API. null, "" and false are ways of saying that there is none.
bool has_job(JsonView job) {
  if (const auto text = job.string()) return !text->empty();
  return job.exists() && !job.is_null() && job.boolean() != false;
}

// Ids are opaque, but they are shown and put into URLs: bytes that no id has make it none, and so does
// the token, which whoever answers knows.
void keep_id(JsonView id, std::string_view token, Answer& answer) {
  const auto text = id.string();
  if (!text) return;
  for (const char c : *text) {
    if (c <= ' ' || c > '~') return;
  }
  if (!token.empty() && text->find(token) != text->npos) return;
  if (answer.message_id.assign(*text) != Status::ok) answer.message_id.clear();
}

// Whether a 2xx says, in a documented way, that the message was sent or was not. "true" as a
// string, 1 and silence do not.
bool is_decided(JsonView sent, const Said& said, bool job) {
  if (sent.boolean()) return true;
  if (const auto text = sent.string()) return same_letters(*text, "false");
  return (!sent.exists() || sent.is_null()) && (said.error() || job);
}

void read_send(JsonView root, bool success, std::string_view token, Said& said, Answer& answer) {
  const JsonView sent = root.member("sent");
  if (success && sent.boolean() == true) {
    answer.sent = true;
    keep_id(root.member("id"), token, answer);
    said.forget();  // "Sent to …"
    return;
  }
  answer.job_id = has_job(root.member("jobId")) || has_job(root.member("response").member("jobId"));
  if (success) answer.parsed = is_decided(sent, said, answer.job_id);
}

void read_channel(JsonView root, bool success, Said& said, Answer& answer) {
  const JsonView status = root.member("status");
  if (!success) return;
  answer.parsed = status.is_string();
  // The contract calls both "everything is ok"; the canary that follows finds out.
  answer.sent = status.string() == "connected" || status.string() == "connecting";
  if (answer.sent) {
    said.forget();
  } else {
    said.add(status);
  }
}

void read_history(const RawAnswer& raw, JsonView root, Answer& answer) {
  const JsonView entry = find_in_history(root, raw.wanted);
  keep_id(entry.member("id"), raw.token, answer);
  answer.time.s = static_cast<std::uint64_t>(entry.member("time").integer().value_or(0));
  answer.sent = !answer.message_id.empty();  // one without an id could be another message of ours
}

void judge_words(const Said& said, Answer& answer) {
  answer.code = said.code();
  answer.names_template = is_template_code(said.code());
  for (std::size_t i = 0; i < said.size(); ++i) {
    answer.names_template = answer.names_template || about_a_template(said[i]);
  }
}

void read_json(const RawAnswer& raw, JsonView root, JsonArena beside, Said& said, Answer& answer) {
  const bool success = raw.http >= 200 && raw.http <= 299;
  said = what_it_says(root);
  answer.parsed = true;
  switch (raw.purpose) {
    case Purpose::send_template: read_send(root, success, raw.token, said, answer); break;
    case Purpose::channel_status: read_channel(root, success, said, answer); break;
    case Purpose::history: read_history(raw, root, answer); break;
    case Purpose::templates:
      find_in_templates(root, beside, raw.wanted, answer);
      said.forget();
      return;
    case Purpose::hook_info: break;  // tracking reads that
  }
  judge_words(said, answer);
}

}  // namespace

void read_answer(const RawAnswer& raw, JsonArena& arena, Answer& answer) {
  answer.http = raw.http;
  answer.parsed = answer.sent = answer.job_id = answer.names_template = answer.more = false;
  answer.code = 0;
  answer.message_id.clear();

  Said said;
  JsonFault fault;
  const Result<JsonView> root = parse_json(raw.body, arena, fault);
  if (root.ok() && root.value().is_object()) {
    read_json(raw, root.value(), arena.rest(), said, answer);
  } else if (is_html(raw)) {
    said.add("an HTML page");
    said.add(title_of(raw.body));
  } else {
    // Plain words, as a blocked channel answers with 403; or JSON that is none.
    said.add(raw.body);
    if (!root.ok()) said.look_for_code();
    judge_words(said, answer);
  }
  said.keep(raw.token, answer);
}

}  // namespace fieldpost
