#include "agent/outcome/read_answer.h"

#include <array>
#include <limits>

#include "agent/base/letters.h"
#include "agent/base/number.h"
#include "agent/base/text_writer.h"
#include "agent/base/utf8.h"
#include "agent/json/tree.h"
#include "agent/outcome/history.h"
#include "agent/outcome/redact.h"
#include "agent/outcome/template_list.h"

namespace fieldpost {
namespace {

// --- Codes ---------------------------------------------------------------------------------------

std::int32_t code_of(std::string_view digits) {
  std::uint64_t code = 0;
  const bool fits = take_number(digits, code) && digits.empty() && code <= INT32_MAX;
  return fits ? static_cast<std::int32_t>(code) : 0;
}

// A number or a string of digits; 0: neither, or no code.
std::int32_t code_of(JsonView value) {
  if (const auto number = value.integer()) {
    const bool fits = *number > 0 && *number <= std::numeric_limits<std::int32_t>::max();
    return fits ? static_cast<std::int32_t>(*number) : 0;
  }
  const auto text = value.string();
  return text ? code_of(*text) : 0;
}

// Meta puts the code into the words as well: "(#131056) Pair rate limit hit".
std::int32_t code_in(std::string_view words) {
  for (std::size_t at = words.find("(#"); at != words.npos; at = words.find("(#", at + 2)) {
    const std::string_view rest = words.substr(at + 2);
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits])) ++digits;
    if (digits < rest.size() && rest[digits] == ')') {
      if (const std::int32_t code = code_of(rest.substr(0, digits)); code != 0) return code;
    }
  }
  return 0;
}

// Some answers repeat the number of their status where the code should be.
constexpr bool is_http_error(std::int32_t code) { return code >= 400 && code <= 599; }
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

// Everything the answer says, gathered from wherever it says it.
struct Said {
  std::int32_t code = 0;
  bool error = false;  // there is an error, in whatever shape
  std::size_t count = 0;
  std::array<std::string_view, 8> words;

  void add(JsonView value) {
    const auto text = value.string();
    if (!text || text->empty() || count == words.size()) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (words[i] == *text) return;
    }
    words[count++] = *text;
  }
  void add_code(JsonView value) {
    const std::int32_t found = code_of(value);
    if (found != 0 && (code == 0 || is_http_error(code))) code = found;
  }
  // `error` as a string, or as {message, code or error_code, error_user_title, error_user_msg}.
  void add_error(JsonView value) {
    if (const auto text = value.string()) error = error || !text->empty();
    if (value.is_object()) {
      error = true;
      add_code(value.member("code"));
      add_code(value.member("error_code"));
      add(value.member("message"));
      add(value.member("error_user_title"));
      add(value.member("error_user_msg"));
    }
    add(value);
  }
};

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
  for (std::size_t i = 0; i < said.count && (said.code == 0 || is_http_error(said.code)); ++i) {
    if (const std::int32_t code = code_in(said.words[i]); code != 0) said.code = code;
  }
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

class Detail {
 public:
  explicit Detail(std::string_view token) : token_(token) {}

  void add(std::string_view words) {
    if (!words.empty() && text_.size() > 0) text_.put(": ");
    text_.put(words);
  }
  void keep(Answer& answer) const {
    TextBuffer<limits::detail_bytes_max> redacted;
    // Redacted as one text: a secret may lie across two pieces of it.
    put_redacted(redacted, text_.written(), token_);
    if (answer.detail.assign(redacted.written()) != Status::ok) answer.detail.clear();
  }

 private:
  std::string_view token_;
  TextBuffer<limits::answer_body_bytes_max + 64> text_;
};

// jobId: the send waits at the API. null, "" and false are ways of saying that there is none.
bool has_job(JsonView job) {
  if (const auto text = job.string()) return !text->empty();
  return job.exists() && !job.is_null() && job.boolean() != false;
}

// Ids are opaque, but they are shown and put into URLs: bytes that no id has make it none.
void keep_id(JsonView id, Answer& answer) {
  const auto text = id.string();
  if (!text) return;
  for (const char c : *text) {
    if (c <= ' ' || c > '~') return;
  }
  if (answer.message_id.assign(*text) != Status::ok) answer.message_id.clear();
}

// Whether a 2xx says, in a documented way, that the message was sent or was not. "true" as a
// string, 1 and silence do not.
bool is_decided(JsonView sent, const Said& said, bool job) {
  if (sent.boolean()) return true;
  if (const auto text = sent.string()) return same_letters(*text, "false");
  return (!sent.exists() || sent.is_null()) && (said.error || job);
}

void read_send(JsonView root, bool success, Said& said, Answer& answer) {
  const JsonView sent = root.member("sent");
  if (success && sent.boolean() == true) {
    answer.sent = true;
    keep_id(root.member("id"), answer);
    said.count = 0;  // "Sent to …": nothing that anybody has to mend
    said.code = 0;
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
    said.count = 0;
    said.code = 0;
  } else {
    said.add(status);
  }
}

void read_history(JsonView root, std::string_view wanted, Answer& answer) {
  const JsonView entry = find_in_history(root, wanted);
  keep_id(entry.member("id"), answer);
  answer.time.s = static_cast<std::uint64_t>(entry.member("time").integer().value_or(0));
  answer.sent = !answer.message_id.empty();  // one without an id could be another message of ours
}

void read_json(const RawAnswer& raw, JsonView root, Answer& answer, Detail& detail) {
  const bool success = raw.http >= 200 && raw.http <= 299;
  Said said = what_it_says(root);
  answer.parsed = true;
  switch (raw.purpose) {
    case Purpose::send_template: read_send(root, success, said, answer); break;
    case Purpose::channel_status: read_channel(root, success, said, answer); break;
    case Purpose::history: read_history(root, raw.wanted, answer); break;
    case Purpose::templates: find_in_templates(root, raw.wanted, answer); return;
  }
  answer.code = said.code;
  answer.names_template = is_template_code(said.code);
  for (std::size_t i = 0; i < said.count; ++i) {
    answer.names_template = answer.names_template || about_a_template(said.words[i]);
    detail.add(said.words[i]);
  }
}

}  // namespace

void read_answer(const RawAnswer& raw, JsonArena& arena, Answer& answer) {
  answer.http = raw.http;
  answer.parsed = answer.sent = answer.job_id = answer.names_template = answer.more = false;
  answer.code = 0;
  answer.message_id.clear();

  Detail detail(raw.token);
  JsonFault fault;
  const Result<JsonView> root = parse_json(raw.body, arena, fault);
  if (root.ok() && root.value().is_object()) {
    read_json(raw, root.value(), answer, detail);
  } else if (is_html(raw)) {
    detail.add("an HTML page");
    detail.add(title_of(raw.body));
  } else {
    // Plain words, as a blocked channel answers with 403; or JSON that is none.
    answer.code = root.ok() ? 0 : code_in(raw.body);
    answer.names_template = is_template_code(answer.code) || about_a_template(raw.body);
    detail.add(raw.body);
  }
  detail.keep(answer);
}

}  // namespace fieldpost
