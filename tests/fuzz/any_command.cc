// What 1MSG answers to a command that asks it itself:
//
//   at  bytes
//    0    1    which command (kCommands), modulo how many there are
//    1    n    the answers, one after the other, with a form feed between them; what is asked after the
//              last one gets that again. Each begins with a byte that says its status (kStatuses)
#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "agent/base/utf8.h"
#include "agent/cli/cli.h"
#include "agent/json/check.h"
#include "agent/outcome/read_answer.h"
#include "agent/settings/reader.h"
#include "tests/fakes/fake_shell.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

constexpr const char* kHook = "https://kiosk.example/hook";
using Words = std::vector<const char*>;
const std::array<Words, 12> kCommands{{
    {"webhook", "list"},
    {"webhook", "list", "--json"},
    {"webhook", "add", kHook},
    {"webhook", "remove", kHook},
    {"templates"},
    {"templates", "--json"},
    {"templates", "--save"},
    {"templates", "add", "next-step", "--url", "https://kiosk.example/", "--yes"},
    {"check", "--online"},
    {"check", "--online", "--json"},
    {"init", "VID1"},
    {"init", "VID1", "--json"},
}};
constexpr std::array<std::uint16_t, 7> kStatuses{200, 401, 404, 429, 500, 0, 403};  // 0: none comes
constexpr std::size_t kAsksMax = 1000;

constexpr std::string_view kConfigured = R"({
  "api": {"base_url": "https://api.1msg.io", "channel": "VID1", "token_file": "/t"},
  "queue": {"path": "/q"},
  "templates": {
    "next-step": {"name": "next_step", "namespace": "NS", "language": "en"},
    "visit": {"name": "visit", "namespace": "NS", "language": "en", "fields": ["at"], "text": "{{1}}"}}})";

// Empty, or why the text is no configuration.
std::string refusal_of(std::string_view text, Settings& settings) {
  static std::vector<std::byte> arena(limits::config_arena_bytes);
  std::string copy(text);
  const auto reader = std::make_unique<SettingsReader>(settings, arena);
  const bool read = reader->add("a", copy) == Status::ok && reader->finish() == Status::ok;
  return read ? "" : std::string(reader->error());
}

const Settings& configured() {
  static const auto settings = std::make_unique<Settings>();
  static const std::string refusal = refusal_of(kConfigured, *settings);
  if (!refusal.empty()) std::abort();
  return *settings;
}

// One after the other, as the shell of Linux hands them on.
class Answers {
 public:
  explicit Answers(std::string_view all) : rest_(all) {}

  std::string next(Answer& answer) {
    if (!rest_.empty()) {
      now_ = rest_.substr(0, rest_.find('\f'));
      rest_.remove_prefix(std::min(now_.size() + 1, rest_.size()));
    }
    const std::size_t status = now_.empty() ? 0 : static_cast<unsigned char>(now_[0]);
    const std::string body(
        now_.substr(std::min<std::size_t>(1, now_.size()), limits::answer_body_bytes_max + 1));
    RawAnswer raw;
    raw.purpose = Purpose::channel_status;
    raw.http = kStatuses[status % kStatuses.size()];
    raw.body = body;
    if (raw.http == 0) {
      answer.broken = Reason::connect_failed;
      return "";
    }
    static std::vector<std::byte> room(limits::json_arena_bytes);
    JsonArena arena{room};
    read_answer(raw, arena, answer);
    return body;
  }

 private:
  std::string_view rest_, now_;
};

// With those above ASCII, which terminals obey as well.
bool has_control_code(std::string_view text) {
  for (Character c; !text.empty(); text.remove_prefix(c.bytes)) {
    c = first_character(text);
    if (is_control(c.code)) return true;
  }
  return false;
}

// What is JSON is for programs: there only its own rules count.
std::string wrong_with_lines(std::string_view text, bool json) {
  if (!is_utf8(text)) return "bytes that are no text";
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return "a line without its end";
    JsonFault fault;
    if (!json && has_control_code(text.substr(0, end))) {
      return "a control character at the terminal";
    }
    if (json && check_json(text.substr(0, end), fault) != Status::ok)
      return "a line that is no JSON";
    text.remove_prefix(end + 1);
  }
  return "";
}

// What a channel has must not keep the configuration from being read; a gap may be left for a person.
std::string wrong_with_files(const FakeShell& shell) {
  for (const auto& [path, text] : shell.files) {
    JsonFault fault;
    if (check_json(text, fault) != Status::ok) return "a file that is no JSON";
    if (path != shell.configuration_path) continue;
    const std::string refusal = refusal_of(text, *std::make_unique<Settings>());
    if (!refusal.empty() && refusal.find("Missing") == refusal.npos)
      return "a configuration " + refusal;
  }
  return "";
}

}  // namespace

std::string wrong_with_command(std::string_view input) {
  if (input.empty()) return "";
  const Words& words = kCommands[static_cast<unsigned char>(input[0]) % kCommands.size()];
  Words arguments{"fieldpost"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  Answers answers(input.substr(1));
  FakeShell shell(&configured());
  shell.input = {"tok-7Qm2Zr9Lw4Xk8Pv1"};
  bool too_many = false;
  shell.api_says = [&](const std::string&, Answer& answer) {
    too_many = shell.api_requests.size() > kAsksMax;
    if (too_many) answer.http = 0;
    return too_many ? std::string() : answers.next(answer);
  };
  const int exit = cli_main(arguments, shell);
  if (too_many) return "it asks without an end";
  if (exit != kDone && exit != kNotReachable && exit != kRefused && exit != kConfiguration) {
    return "another exit code";
  }
  if (exit != kDone && shell.err_text.empty() && shell.out_text.empty()) return "no words";
  const bool json = std::string_view(words.back()) == "--json";
  std::string wrong = wrong_with_lines(shell.out_text, json);
  if (wrong.empty()) wrong = wrong_with_lines(shell.err_text, false);
  return wrong.empty() ? wrong_with_files(shell) : wrong;
}

}  // namespace fieldpost::fuzz
