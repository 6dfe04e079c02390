// Which messages a decision is about.
#include <algorithm>
#include <array>

#include "agent/cli/decide.h"
#include "agent/cli/pattern.h"
#include "agent/scenario/phone.h"

namespace fieldpost {
namespace {

// What is on its way fits; of history, the rest comes with the next call.
constinit std::array<std::uint64_t, limits::queue_messages_max> ids{};

class Selection final : public ReplyLines {
 public:
  using ReplyLines::ReplyLines;

  // kDone, or the exit code of what cannot be understood.
  int read() {
    const Arguments& given = call_.arguments;
    if (given.has("--state")) {
      state_ = state_named(given.value_of("--state"));
      if (!state_)
        return report_usage(call_, "there is no state "_packed, given.value_of("--state"));
    }
    if (given.has("--to")) {
      const Settings* const settings = call_.shell.settings();
      const PhoneSettings unknown;
      if (const Rule rule = read_phone(given.value_of("--to"),
                                       settings != nullptr ? settings->phone : unknown, to_);
          rule != Rule::none) {
        TextBuffer<128> words;
        words.put("--to ").put(to_text(rule));
        return report_usage(call_, words);
      }
    }
    if (!given.has("--older")) return kDone;
    const Result<Duration> older = read_duration(given.value_of("--older"));
    if (!older.ok()) {
      return report_usage(call_, "--older takes a time such as 8h or 30m, not "_packed,
                          given.value_of("--older"));
    }
    const std::uint64_t wall_s = call_.shell.now().wall.s;
    if (wall_s == 0) return report_usage(call_, "--older needs a clock that is set"_packed);
    put_time(before_, UnixTime{wall_s - std::min(wall_s, older.value().ms / 1000)});
    return kDone;
  }

  int collect() {
    LocalRequest request;
    request.path = "/v1/messages?reveal=1";  // --to is compared with whole numbers
    return ask(request, kListWait);
  }
  int show_them() {
    shows_ = true;
    LocalRequest request;
    request.path = "/v1/messages";
    return ask(request, kListWait);
  }
  std::span<const std::uint64_t> chosen() const { return {ids.data(), count_}; }

 private:
  bool wants(JsonView row) override {
    const std::uint64_t id = number_of(row.member("id"));
    if (shows_) return std::ranges::find(chosen(), id) != chosen().end();
    // It was sent again under a newer id, which speaks for itself; that comes later in the list.
    const auto again = std::ranges::find(chosen(), number_of(row.member("retry_of")));
    if (again != chosen().end()) {
      std::copy(again + 1, chosen().end(), ids.begin() + (again - chosen().begin()));
      --count_;
    }
    if (count_ < ids.size() && is_meant(row)) ids[count_++] = id;
    return false;
  }

  bool is_meant(JsonView row) const {
    const auto state = state_named(text_of(row.member("state")));
    if (!state || (state_ ? *state != *state_ : *state > State::held || *state == State::sending)) {
      return false;
    }
    const std::string_view scenario = call_.arguments.value_of("--scenario");
    if (!scenario.empty() && scenario != text_of(row.member("scenario"))) return false;
    if (!to_.empty() && to_.view() != text_of(row.member("to"))) return false;
    // Times of one form: the earlier one stands first in the alphabet, too.
    const std::string_view created = text_of(row.member("created"));
    return before_.size() == 0 || (!created.empty() && created <= before_.written());
  }

  void show(JsonView row) override {
    TextBuffer<512> text;
    put_filled(text, "{id} {state} {to} {scenario}[ {reason}]\n"_packed, row);
    call_.shell.out(text.written());
  }

  std::optional<State> state_;
  PhoneDigits to_;
  TextBuffer<24> before_;
  std::size_t count_ = 0;
  bool shows_ = false;
};

}  // namespace

int decide_main(Call& call, int (*decide)(Call&, std::uint64_t id)) {
  const Arguments& given = call.arguments;
  const bool one = !given.operands().empty();
  bool chooses = false;
  for (const char* const by : {"--state", "--scenario", "--to", "--older"}) {
    chooses = chooses || !given.value_of(by).empty();
  }
  if (one == chooses || (one && given.has("--dry-run"))) {
    return report_usage(call, "say an id, or which by --state, --scenario, --to or --older"_packed);
  }
  if (one) {
    const std::uint64_t id = read_id(call);
    return id == 0 ? int{kUsage} : decide(call, id);
  }
  Selection selection(call);
  int exit = selection.read();
  if (exit == kDone) exit = selection.collect();
  if (exit != kDone) return exit;
  if (selection.chosen().empty() && !call.json) put_out(call.shell, "No messages.\n"_packed);
  if (given.has("--dry-run")) return selection.show_them();
  for (const std::uint64_t id : selection.chosen()) {
    call.about = id;
    exit = std::max(exit, decide(call, id));
  }
  return exit;
}

}  // namespace fieldpost
