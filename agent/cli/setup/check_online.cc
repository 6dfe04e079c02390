#include "agent/cli/setup/check_online.h"

#include <algorithm>

#include "agent/base/letters.h"
#include "agent/base/shown.h"
#include "agent/base/word_list.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/template_walk.h"
#include "agent/cli/words.h"
#include "agent/json/write.h"
#include "agent/scenario/scenario.h"

namespace fieldpost {
namespace {

// The steps, each of which needs those before it.
enum class Step : std::uint8_t {
  files,
  clock,
  name,
  connection,
  proxy,
  certificate,
  token,
  channel
};
constexpr WordList kSteps("files\nclock\nname\nconnection\nproxy\ncertificate\ntoken\nchannel\n");
static_assert(kSteps.size() == static_cast<std::size_t>(Step::channel) + 1);

Step step_of(Reason fault) {
  switch (fault) {
    case Reason::configuration_rejected: return Step::files;
    case Reason::clock_not_set: return Step::clock;
    case Reason::network_down:
    case Reason::name_not_found: return Step::name;
    case Reason::connect_failed: return Step::connection;
    case Reason::proxy_failed: return Step::proxy;
    case Reason::token_refused: return Step::token;
    default:
      return fault >= Reason::tls_expired && fault <= Reason::intercepted ? Step::certificate
                                                                          : Step::channel;
  }
}

// What is wrong with a template; of several entries the best counts.
enum class Fit : std::uint8_t {
  missing,
  language,
  name_space,
  rejected,
  pending,
  paused,
  variables,
  good
};
constexpr WordList kFitCodes(
    "template_unknown\ntemplate_language\ntemplate_namespace\ntemplate_rejected\n"
    "template_pending\ntemplate_paused\ntemplate_mismatch\n");
constexpr PackedWords kFitWords =
    "the channel has no such template\n"
    "the channel has it in another language: \n"
    "its namespace is \n"
    "WhatsApp rejected it: \n"
    "it is not approved: \n"
    "WhatsApp has stopped it: \n"
    "its variables are not as many as the fields that are sent: \n"_packed_words;
constexpr PackedWords kFitAdvice =
    "fieldpost templates lists what there is, templates add submits it\n"
    "change language in the configuration, or submit it in that one\n"
    "put that into namespace in the configuration\n"
    "read the reason at 1MSG, and submit it in other words\n"
    "wait until WhatsApp has looked at it\n"
    "customers blocked or reported it: 1MSG tells when it may go on\n"
    "send another template, or approve one with the scenario's fields\n"_packed_words;

static_assert(kFitCodes.size() == static_cast<std::size_t>(Fit::good));
static_assert(kFitWords.size() == kFitCodes.size() && kFitAdvice.size() == kFitCodes.size());

struct Finding {
  Fit fit = Fit::missing;
  FixedText<48> seen;  // what it is instead
};

// Whether `entry` is what is sent, and what it is instead.
Fit fit_of(const TemplateEntry& entry, const TemplateSettings& wanted, std::size_t variables,
           TextWriter& seen) {
  if (entry.language != wanted.language.view()) {
    put_shown(seen, entry.language);
    return Fit::language;
  }
  if (!entry.name_space.empty() && entry.name_space != wanted.name_space.view()) {
    put_shown(seen, entry.name_space);
    return Fit::name_space;
  }
  if (!entry.is_approved()) {
    put_shown(seen, entry.status);
    if (!entry.rejected_for.empty()) put_shown(seen.put(' '), entry.rejected_for);
    if (same_letters(entry.status, "rejected")) return Fit::rejected;
    const bool stopped =
        same_letters(entry.status, "paused") || same_letters(entry.status, "disabled");
    return stopped ? Fit::paused : Fit::pending;
  }
  if (entry.takes_more) {
    seen.put("more, in its header or a button"_packed);
  } else {
    seen.put_number(entry.variables);
  }
  return entry.takes(variables) ? Fit::good : Fit::variables;
}

class OnlineCheck {
 public:
  OnlineCheck(Call& call, const Settings& settings)
      : call_(call), settings_(settings), api_(call, settings.api) {}

  int run() {
    if (!api_.get("status")) return stop();
    const JsonView status = api_.object().member("status");
    put_passed(status.is_string() ? Step::channel : Step::token);
    TextBuffer<64> words;
    put_shown(words, text_of(status));
    if (api_.reply().answer.sent) {
      put_line("channel", {}, {}, words.written());
      return look_at_templates();
    }
    if (status.is_string()) {
      put_line("channel", {}, "channel_disconnected", words.written(),
               "connect the channel's phone number at 1MSG"_packed);
    } else {
      put_line("channel", {}, to_text(Reason::api_trouble), "the answer holds no status",
               advice_about(Reason::api_trouble));
    }
    return kNotReachable;
  }

 private:
  int stop() {
    const Reason fault = api_.fault();
    const Step step = step_of(fault);
    // Whoever refuses, or is no API at all, need not have looked at the token.
    put_passed(std::min(step, Step::token));
    put_fault(kSteps[static_cast<std::size_t>(step)]);
    return api_.exit_code();
  }
  void put_fault(std::string_view check) {
    TextBuffer<512> words;
    api_.put_fault(words);
    put_line(check, {}, to_text(api_.fault()), words.written(), api_.advice());
  }
  // The steps before `end` that have something to pass.
  void put_passed(Step end) {
    const std::uint64_t until = api_.reply().certificate_until.s;
    for (auto step = static_cast<std::size_t>(Step::name); step < static_cast<std::size_t>(end);
         ++step) {
      if (step == static_cast<std::size_t>(Step::proxy) && !settings_.api.goes_by_proxy()) continue;
      TextBuffer<64> words;
      if (step == static_cast<std::size_t>(Step::certificate)) {
        if (until == 0) continue;  // http, to this very device
        words.put("good for ").put_number((until - call_.shell.now().wall.s) / 86'400);
        words.put(" days, until ");
        put_time(words, {until});
      }
      put_line(kSteps[step], {}, {}, words.written());
    }
  }

  int look_at_templates() {
    TemplateWalk walk(call_, api_);
    for (TemplateEntry entry; walk.next(entry);) {
      for (std::size_t i = 0; i < settings_.template_count; ++i) {
        const TemplateSettings& wanted = settings_.templates[i];
        if (entry.name != wanted.name.view()) continue;
        TextBuffer<64> seen;
        const Fit fit = fit_of(entry, wanted, variables_of(wanted), seen);
        if (fit <= findings_[i].fit) continue;
        findings_[i].fit = fit;
        if (findings_[i].seen.assign(seen.written()) != Status::ok) findings_[i].seen.clear();
      }
    }
    if (walk.failed()) {
      put_fault("templates");
      return api_.exit_code();
    }
    int exit = kDone;
    for (std::size_t i = 0; i < settings_.template_count; ++i) {
      const TemplateSettings& wanted = settings_.templates[i];
      const auto fit = static_cast<std::size_t>(findings_[i].fit);
      TextBuffer<limits::template_name_bytes_max + 256> words;
      words.put(wanted.name.view()).put(" (").put(wanted.language.view()).put(')');
      if (findings_[i].fit == Fit::good) {
        put_line("template", wanted.scenario.view(), {}, words.written());
        continue;
      }
      words.put(": ").put(kFitWords[fit]).put(findings_[i].seen.view());
      put_line("template", wanted.scenario.view(), kFitCodes[fit], words.written(),
               kFitAdvice[fit]);
      exit = kConfiguration;
    }
    return exit;
  }
  std::size_t variables_of(const TemplateSettings& one) const {
    const auto scenario = find_scenario(settings_, one.scenario.view());
    return scenario ? scenario->field_count : 0;
  }

  // `code` is empty where all is well.
  void put_line(std::string_view check, std::string_view scenario, std::string_view code,
                std::string_view words, PackedText advice = ""_packed) {
    TextBuffer<2048> line;
    TextBuffer<128> what;
    what.put(advice);
    if (call_.json) {
      line.put('{');
      put_json_text(line, "check", check);
      put_json_text_if_any(line, "scenario", scenario);
      put_json_bool(line, "ok", code.empty());
      put_json_text_if_any(line, "code", code);
      put_json_text_if_any(line, "message", words);
      put_json_text_if_any(line, "advice", what.written());
      line.put('}');
    } else {
      put_cell(line, code.empty() ? "ok" : "WRONG", 7);
      put_cell(line, check, words.empty() ? check.size() : 13);
      line.put(scenario).put(scenario.empty() ? "" : ": ").put(words);
      if (what.size() != 0) line.put("\n                    ").put(what.written());
    }
    call_.shell.out(line.put('\n').written());
  }

  Call& call_;
  const Settings& settings_;
  ApiCall api_;
  std::array<Finding, limits::scenarios_max> findings_;
};

}  // namespace

int check_online(Call& call, const Settings& settings) { return OnlineCheck(call, settings).run(); }

}  // namespace fieldpost
