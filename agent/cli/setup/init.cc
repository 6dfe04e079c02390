// init: from a token and a channel to a first configuration, by what the channel has.
#include <algorithm>

#include "agent/base/letters.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/template_walk.h"
#include "agent/cli/words.h"
#include "agent/json/write.h"
#include "agent/scenario/scenario.h"
#include "agent/settings/bare_value.h"

namespace fieldpost {
namespace {

constexpr std::size_t kWordLettersMin = 4;  // shorter ones are in every text

// How many of the words of `words` stand in `text`, in percent.
std::size_t share_of_words(std::string_view words, std::string_view text) {
  std::size_t all = 0, found = 0;
  while (!words.empty()) {
    TextBuffer<32> word;
    while (!words.empty() && is_letter_or_digit(words[0])) {
      word.put(small(words[0]));
      words.remove_prefix(1);
    }
    if (!words.empty()) words.remove_prefix(1);
    if (word.size() < kWordLettersMin) continue;
    ++all;
    found += find_letters(text, word.written()) != text.npos ? 1 : 0;
  }
  return all == 0 ? 0 : 100 * found / all;
}

// What a template may be for. Half of either is enough: texts get translated, names shortened.
std::size_t likeness(const KnownScenario& scenario, const TemplateEntry& entry) {
  if (entry.takes_more || entry.variables != scenario.fields.size()) return 0;
  return share_of_words(scenario.id, entry.name) + share_of_words(scenario.text, entry.text);
}
constexpr std::size_t kLikenessMin = 50;

struct Proposal {
  std::size_t likeness = kLikenessMin - 1;
  FixedText<limits::template_name_bytes_max> name;
  FixedText<limits::language_bytes_max> language;
};
using Proposals = std::array<Proposal, kKnownScenarios.size()>;

// Each template is proposed at most once, for the scenario that it is most like.
void propose(const TemplateEntry& entry, Proposals& proposals) {
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    const std::size_t like = likeness(kKnownScenarios[i], entry);
    if (like > most) best = i, most = like;
  }
  Proposal& one = proposals[best];
  std::string_view language = entry.language;
  std::string_view name = entry.name;
  // What the reader of the configuration would refuse is no proposal.
  const bool sound = entry.is_approved() && !check_text(TextForm::language, language) &&
                     !check_text(TextForm::any, name) && name.size() <= one.name.kBytesMax &&
                     language.size() <= one.language.kBytesMax;
  if (most <= one.likeness || !sound) return;
  one.likeness = most;
  const bool fits =
      one.name.assign(name) == Status::ok && one.language.assign(language) == Status::ok;
  ASSERT(fits);
}

// Everything that a first configuration says, gathered, then written.
class Init {
 public:
  explicit Init(Call& call) : call_(call) {}

  int run() {
    Shell& shell = call_.shell;
    if (shell.has_file(shell.configuration())) {
      return report_usage(call_, "this is there already, and stays as it is: "_packed,
                          shell.configuration());
    }
    TextBuffer<limits::file_path_bytes_max> token;
    put_beside_configuration(token, shell, "/token");
    // Beside a configuration of the current folder it would have no path of its own.
    const char* const places_token = call_.arguments.has("--token-file") ? "--token-file" : "-c";
    api_.token_files.count = 1;
    const bool sound =
        take("--base-url", TextForm::api_url, "https://api.1msg.io",
             {&api_.base_url, limits::url_bytes_max}) &&
        take("", TextForm::channel, call_.arguments.operands()[0],
             {&api_.channel, limits::channel_bytes_max}) &&
        take(places_token, TextForm::absolute_path, token.written(),
             {&api_.token_files.items[0], limits::file_path_bytes_max}) &&
        take("--ca-file", TextForm::absolute_path, "/etc/ssl/certs/ca-certificates.crt",
             {&api_.ca_file, limits::file_path_bytes_max}) &&
        take("--proxy", TextForm::proxy_url, {}, {&api_.proxy, limits::url_bytes_max}) &&
        take("--proxy-login-file", TextForm::absolute_path, {},
             {&api_.proxy_login_file, limits::file_path_bytes_max}) &&
        take("--queue", TextForm::absolute_path, "/var/lib/fieldpost/queue",
             {&queue_, limits::file_path_bytes_max});
    if (!sound) return kUsage;
    if (!call_.arguments.has("--token-file") && !shell.has_file(token.written())) {
      if (const int exit = keep_token(token.written()); exit != kDone) return exit;
    }
    ApiCall calls(call_, api_);
    // Says more about a wrong token or channel than an empty list would.
    if (!calls.get("status") || !look(calls)) return calls.report();
    return write();
  }

 private:
  // An option, or the usual value, in its place; without either, nothing.
  bool take(const char* option, TextForm form, std::string_view usual, AnyFixedText to) {
    std::string_view text = call_.arguments.value_of(option);
    if (text.empty()) text = usual;
    if (text.data() == nullptr || (usual.data() == nullptr && text == "none")) return true;
    TextBuffer<192> words;
    words.put(*option == '\0' ? "the channel" : option).put(' ');
    if (const PackedText why = check_text(form, text)) {
      words.put(why);
    } else if (to.assign(text) == Status::ok) {
      return true;
    } else {
      words.put("is too long"_packed);
    }
    (void)report_usage(call_, words);
    return false;
  }
  int keep_token(std::string_view path) {
    std::array<char, limits::token_bytes_max + 64> room;
    put_err(call_.shell, "The channel's token, on standard input:\n"_packed);
    const auto line = call_.shell.read_line(room);
    if (!line.ok() || line.value().empty()) {
      return report_usage(call_, "no token came on standard input"_packed);
    }
    return call_.shell.put_file(FileKind::secret, path, line.value()) == Status::ok
               ? int{kDone}
               : report_trouble(call_);
  }
  bool look(ApiCall& calls) {
    TemplateWalk walk(call_, calls);
    for (TemplateEntry entry; walk.next(entry);) {
      // It may stand on some entries only.
      std::string_view name_space = entry.name_space;
      if (!name_space.empty() &&
          (check_text(TextForm::any, name_space) || name_space_.assign(name_space) != Status::ok)) {
        continue;
      }
      propose(entry, proposals_);
    }
    return !walk.failed();
  }
  int write() {
    TextBuffer<limits::request_body_bytes_max> file;
    file.put("{\n\"api\": {");
    put_json_text(file, "base_url", api_.base_url.view());
    put_json_text(file, "channel", api_.channel.view());
    put_json_text(file, "token_file", api_.token_files.items[0].view());
    put_json_text(file, "ca_file", api_.ca_file.view());
    put_json_text_if_any(file, "proxy", api_.proxy.view());
    put_json_text_if_any(file, "proxy_login_file", api_.proxy_login_file.view());
    file.put("},\n\"queue\": {");
    put_json_text(file, "path", queue_.view());
    file.put("},\n\"templates\": {");
    for (std::size_t i = 0; i < proposals_.size(); ++i) {
      const Proposal& one = proposals_[i];
      if (one.name.empty()) continue;
      put_json_name(file, kKnownScenarios[i].id).put('{');
      put_json_text(file, "name", one.name.view());
      put_json_text(file, "namespace", name_space_.empty() ? "___" : name_space_.view());
      put_json_text(file, "language", one.language.view());
      file.put('}');
    }
    file.put("}\n}\n");
    const std::string_view path = call_.shell.configuration();
    ASSERT(!file.overflowed());
    if (call_.shell.put_file(FileKind::configuration, path, file.written()) != Status::ok) {
      return report_trouble(call_);
    }
    return show(path);
  }
  int show(std::string_view path) {
    bool any = false;
    for (std::size_t i = 0; i < proposals_.size(); ++i) {
      const Proposal& one = proposals_[i];
      any = any || !one.name.empty();
      TextBuffer<2 * limits::template_name_bytes_max + 256> line;
      if (call_.json) {
        line.put('{');
        put_json_text(line, "scenario", kKnownScenarios[i].id);
        put_json_text_if_any(line, "name", one.name.view());
        put_json_text_if_any(line, "language", one.language.view());
        line.put('}');
      } else {
        put_cell(line, kKnownScenarios[i].id, 18);
        if (one.name.empty()) {
          line.put("nothing fits: fieldpost templates add "_packed).put(kKnownScenarios[i].id);
        } else {
          line.put(one.name.view()).put(" (").put(one.language.view()).put(')');
        }
      }
      call_.shell.out(line.put('\n').written());
    }
    TextBuffer<limits::file_path_bytes_max + 192> words;
    words.put(path).put(
        " is written; fieldpost check --online looks at it, and fieldpost\n"
        "templates --save keeps the texts for previews.\n"_packed);
    call_.shell.err(words.written());
    // Where no template tells the namespace, a placeholder waits for whoever knows it.
    if (call_.shell.settings() == nullptr) return report_trouble(call_);
    return any ? kDone : kRefused;
  }

  Call& call_;
  ApiSettings api_;
  FilePath queue_;
  FixedText<limits::namespace_bytes_max> name_space_;  // one account has one
  Proposals proposals_;
};

}  // namespace

int init_main(Call& call) { return Init(call).run(); }

}  // namespace fieldpost
