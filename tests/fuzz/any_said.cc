// What 1MSG says in an answer's body:
//
//   at  bytes
//    0    1    what was asked (Purpose), modulo how many there are; +128 = a content type is given
//    1    2    the HTTP status, modulo 1000, little-endian
//    3    n    the body
#include <iterator>
#include <vector>

#include "agent/outcome/read_answer.h"
#include "agent/tracking/hook_info.h"
#include "platform/linux/frames.h"
#include "tests/fuzz/control.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

// Random enough to be a secret, and nothing a fuzzer comes upon: the corpus has it.
constexpr std::string_view kToken = "tok-7Qm2Zr9Lw4Xk8Pv1";
constexpr std::string_view kHistory =
    "1794990000\n1795000000\n12025550123@c.us\nMaria\nhome delivery";

std::string_view wanted_for(Purpose purpose) {
  switch (purpose) {
    case Purpose::send_template:
    case Purpose::channel_status: return "";
    case Purpose::history: return kHistory;
    case Purpose::templates: return "next_step\nen\nNS\n3\n0";
    case Purpose::hook_info: return "wamid.1";
  }
  return "";
}

}  // namespace

std::string wrong_with_said(std::string_view input) {
  if (input.size() < 3) return "";
  static std::vector<std::byte> room(limits::json_arena_bytes);
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(input[i]); };
  RawAnswer raw;
  raw.purpose = static_cast<Purpose>((at(0) & 127) % 5);
  raw.http = static_cast<std::uint16_t>((at(1) | at(2) << 8) % 1000);
  raw.content_type = (at(0) & 128) != 0 ? "application/json" : "";
  raw.body = input.substr(3);
  raw.wanted = wanted_for(raw.purpose);
  raw.token = kToken;
  JsonArena arena{room};
  Answer answer;
  (raw.purpose == Purpose::hook_info ? read_hook_info : read_answer)(raw, arena, answer);

  if (!well_formed(answer)) return "the keeper would not take it";
  if (answer.http != raw.http) return "another status than the line has";
  for (const std::string_view text : {answer.detail.view(), answer.message_id.view()}) {
    if (text.find(kToken) != text.npos) return "the token is shown";
    if (has_control(text)) return "a control character in the words";
  }
  if (answer.sent && !answer.parsed) return "sent, by an answer that cannot be relied on";
  return "";
}

}  // namespace fieldpost::fuzz
