// report: what support needs to know of a device, to be sent as it is.
#include <algorithm>

#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/json/write.h"

namespace fieldpost {
namespace {

// Who, and what about. WhatsApp's id of a message holds the number, and the words of 1MSG may repeat
// what the message says.
constexpr std::array<std::string_view, 7> kPrivate = {
    "to", "message_id", "detail", "operator", "key", "topic", "source",
};

void put_public(TextWriter& out, JsonView value) {
  if (value.is_object() || value.is_array()) {
    out.put(value.is_array() ? '[' : '{');
    for (const JsonView one : value) {
      if (std::ranges::find(kPrivate, one.name()) != kPrivate.end()) continue;
      put_json_comma(out);
      if (value.is_object()) {
        put_json_string(out, one.name());
        out.put(':');
      }
      put_public(out, one);
    }
    out.put(value.is_array() ? ']' : '}');
  } else if (value.is_string()) {
    put_json_string(out, text_of(value));
  } else if (value.is_bool()) {
    out.put(is_true(value) ? "true" : "false");
  } else if (value.is_number()) {
    out.put_number(number_of(value));
  } else {
    out.put("null");
  }
}

class Public final : public ReplyLines {
 public:
  using ReplyLines::ReplyLines;

 private:
  void show(JsonView object) override {
    TextBuffer<limits::local_answer_bytes_max> text;
    put_public(text, object);
    call_.shell.out(text.put('\n').written());
  }
};

}  // namespace

int report_main(Call& call) {
  // Objects for people, too: it goes to somebody who has tools. The first trouble is the answer; what
  // else can be told still is.
  const bool headings = !call.json;
  int worst = kDone;
  const auto part = [&](PackedText heading, bool json, auto run) {
    if (headings) put_out(call.shell, heading);
    call.json = json;
    const int code = run();
    if (worst == kDone) worst = code;
  };
  // What Public shows is JSON all the same.
  const auto ask = [&](const char* path) {
    LocalRequest request;
    request.path = path;
    return Public(call).ask(request, kListWait);
  };
  part("# version\n"_packed, true, [&] { return version_main(call); });
  part("# configuration and files\n"_packed, true, [&] {
    return call.shell.print_settings(true) == Status::ok ? check_main(call) : report_trouble(call);
  });
  part("# status\n"_packed, false, [&] { return ask("/v1/status"); });
  part("# messages, as far as the queue still has them; without numbers and texts\n"_packed, false,
       [&] { return ask("/v1/messages"); });
  return worst;
}

}  // namespace fieldpost
