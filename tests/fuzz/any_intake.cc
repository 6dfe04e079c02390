// What a local request asks for, from its path to its answer:
//
//   at  bytes
//    0    1    +1 = GET, else POST; +2 = by an app, whose rights the next five bits say; +128 = the
//              rest below is the directory, and the body asks for its visit-881; `check` looks at it
//    1    n    the path, to the first line end; then the body
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

#include "agent/desk/desk.h"
#include "agent/directory/entry.h"
#include "agent/json/check.h"
#include "agent/settings/reader.h"
#include "platform/linux/frames.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_keeper.h"
#include "tests/fuzz/control.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

constexpr std::string_view kByReference =
    R"({"scenario":"visit","ref":"visit-881","fields":{"at":"09:30"}})";
constexpr std::string_view kConfiguration = R"({
  "api": {"base_url": "https://api.1msg.io", "channel": "VID182868781", "token_file": "/t"},
  "queue": {"path": "/q"},
  "templates": {
    "next-step": {"name": "next_step", "namespace": "NS", "language": "en"},
    "visit": {"name": "visit", "namespace": "NS", "language": "en", "require_opt_in": true,
              "fields": ["customerName", "at"], "text": "{{1}}: {{2}}"}},
  "intake": {"directory": "/d"},
  "phone": {"country_code": "1", "national_prefix": "1", "national_digits": [10]}})";

const Settings& configured() {
  static const auto settings = std::make_unique<Settings>();
  static const bool read = [] {
    std::vector<std::byte> arena(limits::config_arena_bytes);
    std::string text(kConfiguration);
    SettingsReader reader(*settings, arena);
    return reader.add("a", text) == Status::ok && reader.finish() == Status::ok;
  }();
  if (!read) std::abort();
  return *settings;
}

FakeKeeper keeper_with_messages() {
  FakeKeeper keeper;
  keeper.add(1, State::delivered);
  keeper.add(2, State::held, Reason::maybe_sent);
  keeper.add(3, State::queued, Reason::network_down);
  keeper.happens(1, 1, State::delivered);
  return keeper;
}

std::string wrong_with_check(FakeDirectory& directory, JsonArena& arena) {
  TextBuffer<256> why;
  check_directory(directory, configured(), arena, why);
  if (why.overflowed()) return "the words about the directory are beyond their room";
  return has_control(why.written()) ? "a control character in the words" : "";
}

std::string wrong_with_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return "an answer without its last line end";
    JsonFault fault;
    if (check_json(text.substr(0, end), fault) != Status::ok) return "an answer that is no JSON";
    text.remove_prefix(end + 1);
  }
  return "";
}

}  // namespace

std::string wrong_with_intake(std::string_view input) {
  if (input.empty()) return "";
  const auto how = static_cast<unsigned char>(input[0]);
  input.remove_prefix(1);
  const std::size_t line = std::min(input.find('\n'), input.size());
  // As the reader of requests hands it on.
  if (line == 0 || line > limits::path_bytes_max || input[0] != '/') return "";
  if (!std::ranges::all_of(input.substr(0, line), [](char c) { return c > ' ' && c < 127; }))
    return "";
  LocalRequest request;
  request.method = (how & 1) != 0 ? Method::get : Method::post;
  request.path = input.substr(0, line);
  request.body = line < input.size() ? input.substr(line + 1) : "";
  Allowance app;
  app.send = (how & 4) != 0;
  app.read_own = (how & 8) != 0;
  app.read_all = (how & 16) != 0;
  app.decide = (how & 32) != 0;
  app.reveal = (how & 64) != 0;
  const bool by_app = (how & 2) != 0;
  const Caller caller{"app:a", by_app ? &app : nullptr};

  static std::vector<std::byte> room(limits::json_arena_bytes);
  FakeDirectory directory;
  directory.lines = {R"({"ref":"visit-881","to":"12025550123","customerName":"Maria"})", "broken"};
  if ((how & 128) != 0) {
    std::istringstream lines{std::string(request.body)};
    directory.lines.clear();
    for (std::string one; std::getline(lines, one);) directory.lines.push_back(one);
    request.body = kByReference;
    JsonArena arena{room};
    if (std::string wrong = wrong_with_check(directory, arena); !wrong.empty()) return wrong;
  }
  FakeKeeper keeper = keeper_with_messages();
  JsonArena arena{room};
  const auto ask = std::make_unique<Ask>();
  DeskCall call;
  std::vector<char> piece(limits::local_answer_bytes_max);
  std::string answer;
  TextWriter first(piece);
  DeskStep step = call.begin(request, configured(), directory, caller, arena, *ask, first);
  answer += first.written();
  for (int steps = 0; step != DeskStep::done && step != DeskStep::wait; ++steps) {
    if (steps > 100) return "an answer without an end";
    if (step == DeskStep::ask && !well_formed(*ask)) return "the keeper would not take it";
    TextWriter out(piece);
    step = step == DeskStep::more ? call.more(configured(), out)
                                  : call.told(keeper.answer(*ask), *ask, out);
    if (out.overflowed()) return "a piece beyond its room";
    answer += out.written();
  }
  if (call.head().http < 200 || call.head().http > 599) return "no status";
  // Who asks for a preview of a number has it already.
  const bool knows = request.method == Method::post || request.path.find("5550123") != input.npos;
  if (by_app && !app.reveal && !knows && answer.find("12025550123") != answer.npos) {
    return "a whole number for who may not see one";
  }
  return call.head().content_type == "application/json" ? wrong_with_lines(answer) : "";
}

}  // namespace fieldpost::fuzz
