#include "agent/composer/composer.h"

#include "agent/base/letters.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

// RFC 3986, 2.3: everything else is encoded.
constexpr bool is_unreserved(char c) {
  return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

constexpr char hex_digit(unsigned value) { return "0123456789ABCDEF"[value & 15u]; }

void put_percent_encoded(TextWriter& out, std::string_view text) {
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.put(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.put('%').put(hex_digit(byte >> 4)).put(hex_digit(byte));
    }
  }
}

}  // namespace

Result<std::string_view> compose_body(const Message& message, TextWriter& out) {
  out.put(R"({"phone":)");
  put_json_string(out, message.to.view());
  out.put(R"(,"template":)");
  put_json_string(out, message.template_name.view());
  out.put(R"(,"namespace":)");
  put_json_string(out, message.template_namespace.view());
  out.put(R"(,"language":{"policy":"deterministic","code":)");
  put_json_string(out, message.language.view());
  out.put(R"(},"params":[{"type":"body","parameters":[)");
  for (std::size_t i = 0; i < message.values.count(); ++i) {
    out.put(i == 0 ? R"({"type":"text","text":)" : R"(,{"type":"text","text":)");
    put_json_string(out, message.values[i]);
    out.put('}');
  }
  out.put("]}]}");
  return out.finish();
}

Status compose_path(std::string_view channel, std::string_view method, RequestPath& path) {
  // "." and ".." are taken out of a path on the way (RFC 3986, 5.2.4).
  if (channel.empty() || channel == "." || channel == "..") return Status::invalid;
  TextBuffer<limits::path_bytes_max> text;
  text.put('/');
  put_percent_encoded(text, channel);
  text.put('/').put(method);
  return text.overflowed() ? Status::invalid : path.assign(text.written());
}

Status compose_look_up(std::string_view channel, const Wanted& wanted, Request& request) {
  request.method = Method::get;
  request.purpose = Purpose::history;
  TextBuffer<limits::phone_digits_max + 64> method;
  method.put("messages?chatId=").put(wanted.phone).put("%40c.us&last=true&limit=");
  method.put_number(limits::history_entries_max);
  TRY(compose_path(channel, method.written(), request.path));
  TextBuffer<limits::values_bytes_max + 256> body;
  body.put_number(wanted.from.s).put('\n').put_number(wanted.until.s).put('\n');
  body.put(wanted.phone).put("@c.us\n");
  for (std::size_t i = 0; i < wanted.values->count(); ++i) {
    body.put((*wanted.values)[i]).put('\n');  // which no value holds
  }
  return body.overflowed() ? Status::invalid : request.body.assign(body.written());
}

Status compose_template_check(std::string_view channel, const Message& message, std::size_t offset,
                              Request& request) {
  request.method = Method::get;
  request.purpose = Purpose::templates;
  TextBuffer<64> method;
  method.put("templates?limit=").put_number(limits::templates_per_page);
  method.put("&offset=").put_number(offset);
  TRY(compose_path(channel, method.written(), request.path));
  TextBuffer<limits::template_name_bytes_max + limits::namespace_bytes_max + 64> body;
  body.put(message.template_name.view()).put('\n').put(message.language.view()).put('\n');
  body.put(message.template_namespace.view()).put('\n').put_number(message.values.count());
  body.put('\n').put_number(offset);
  return body.overflowed() ? Status::invalid : request.body.assign(body.written());
}

Status compose_question(std::string_view channel, std::string_view message_id, Request& request) {
  request.method = Method::get;
  request.purpose = Purpose::hook_info;
  TextBuffer<limits::path_bytes_max> method;
  method.put("hookInfo?messageId=");
  put_percent_encoded(method, message_id);
  TRY(compose_path(channel, method.written(), request.path));
  return method.overflowed() ? Status::invalid : request.body.assign(message_id);
}

Status compose_request(std::string_view channel, const Message& message, Request& request) {
  request.method = Method::post;
  request.purpose = Purpose::send_template;
  TRY(compose_path(channel, "sendTemplate", request.path));
  TextBuffer<limits::request_body_bytes_max> body;
  const auto written = compose_body(message, body);
  return written.ok() ? request.body.assign(written.value()) : Status::invalid;
}

}  // namespace fieldpost
