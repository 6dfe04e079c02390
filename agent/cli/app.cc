// app: which programs may use the loopback port, and what each of them may do. The configuration
// keeps the sum of an app's token, never the token: that is shown once.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/words.h"
#include "agent/json/write.h"
#include "agent/settings/shaped_value.h"

namespace fieldpost {
namespace {

// Where apps are kept: read after the configuration beside which it lies.
constexpr const char* kAppsFile = "/conf.d/apps.json";

using AppsFile = TextBuffer<8 * 1024>;

// All but `without`; their list is left open.
void put_others(AppsFile& file, const Settings& settings, const Allowance* without) {
  file.put("{\"intake\": {\"apps\": [");
  const AllowanceList& apps = settings.intake.apps;
  for (std::size_t i = 0; i < apps.count; ++i) {
    if (&apps.items[i] != without) put_app(apps.items[i], settings, put_json_comma(file).put('\n'));
  }
}

// What a configuration may not have is refused when it is read with this in it.
int put_file(Call& call, AppsFile& file) {
  file.put("\n]}}\n");
  if (file.overflowed()) {
    return report_fault(call, kConfiguration, "what the apps may do is too long"_packed);
  }
  TextBuffer<2 * limits::file_path_bytes_max> path;
  put_beside_configuration(path, call.shell, kAppsFile);
  if (call.shell.put_file(FileKind::part_of_it, path.written(), file.written()) != Status::ok) {
    return report_trouble(call);
  }
  put_err(call.shell, "A running agent reads that on SIGHUP.\n"_packed);
  return kDone;
}

int add(Call& call, const Settings& settings, std::string_view name) {
  struct Right {
    const char* option;
    const char* right;
  };
  constexpr Right kMore[] = {
      {"--read-all", "read_all"}, {"--decide", "decide"}, {"--reveal", "reveal"}};
  const Arguments& given = call.arguments;
  if (settings.intake.apps.find(name) != nullptr) {
    return report_usage(call, "there is an app of this name, remove it first: "_packed, name);
  }
  TextBuffer<64> token, sum;
  if (call.shell.make_token(token, sum) != Status::ok) return report_trouble(call);
  AppsFile file;
  put_others(file, settings, nullptr);
  put_json_comma(file).put("\n{");
  put_json_text(file, "name", name);
  put_json_text(file, "token_sha256", sum.written());
  file.put(R"(,"rights":["send","read_own")");
  for (const Right& one : kMore) {
    if (given.has(one.option)) file.put(",\"").put(one.right).put('"');
  }
  file.put(']');
  const char* before = ",\"scenarios\":[";
  for (const Arguments::Given& one : given.options()) {
    if (one.name != "--scenario") continue;
    put_json_string(file.put(before), one.value);
    before = ",";
  }
  if (given.has("--scenario")) file.put(']');
  put_json_text_if_any(file, "share", given.value_of("--share"));
  file.put('}');
  if (const int exit = put_file(call, file); exit != kDone) return exit;
  TextBuffer<128> text;
  if (call.json) {
    text.put('{');
    put_json_text(text, "name", name);
    put_json_text(text, "token", token.written());
    text.put('}');
  } else {
    text.put(token.written());
  }
  call.shell.out(text.put('\n').written());
  put_err(call.shell, "The token is shown this once: only its SHA-256 is kept.\n"_packed);
  return kDone;
}

int list(Call& call, const Settings& settings) {
  for (std::size_t i = 0; i < settings.intake.apps.count; ++i) {
    const Allowance& one = settings.intake.apps.items[i];
    TextBuffer<1024> object, line;
    put_app(one, settings, object);
    if (call.json) {
      put_object(call, object.written());
      continue;
    }
    // The same without its sum and punctuation.
    put_cell(line, one.name.view(), limits::app_name_bytes_max);
    std::string_view rest = object.written();
    rest = rest.substr(0, rest.find(",\"name\""));
    for (const char c : rest) {
      if (c == ',' || c == ':') line.put(' ');
      if (std::string_view("[]{}\",:").find(c) == std::string_view::npos) line.put(c);
    }
    call.shell.out(line.put('\n').written());
  }
  return kDone;
}

}  // namespace

int app_main(Call& call) {
  const auto change = read_list_change(call, "add and remove take a name, list takes none"_packed);
  if (!change.has_value()) return kUsage;
  const Settings* const settings = call.shell.settings();
  if (settings == nullptr) return report_trouble(call);
  if (change->kind == ListChange::Kind::none) return list(call, *settings);
  if (change->kind == ListChange::Kind::add) return add(call, *settings, change->of);
  const Allowance* const one = settings->intake.apps.find(change->of);
  if (one == nullptr) return report_fault(call, kNoSuchId, "there is no app of this name"_packed);
  AppsFile file;
  put_others(file, *settings, one);
  if (call.json) put_object(call, R"({"ok":true})");
  return put_file(call, file);
}

}  // namespace fieldpost
