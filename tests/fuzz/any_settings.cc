// A configuration file, or several: a form feed begins the next one. What is taken is shown by
// `check --print`, line by line.
#include <algorithm>
#include <memory>
#include <vector>

#include "agent/json/check.h"
#include "agent/settings/reader.h"
#include "tests/fuzz/control.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

std::string wrong_with_words(std::string_view error, std::size_t lines) {
  if (!error.starts_with("a:")) return "an error without its file";
  const std::size_t line =
      static_cast<std::size_t>(std::atol(std::string(error.substr(2)).c_str()));
  if (line > lines) return "an error beyond the last line";
  return has_control(error) ? "a control character in the words" : "";
}

}  // namespace

std::string wrong_with_settings(std::string_view input) {
  static std::vector<std::byte> arena(limits::config_arena_bytes);
  const auto settings = std::make_unique<Settings>();
  const auto reader = std::make_unique<SettingsReader>(*settings, arena);
  std::string text(input);
  const auto lines = 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  Status read = Status::ok;
  for (std::span<char> rest(text); read == Status::ok;) {
    const auto end = std::ranges::find(rest, '\f');
    read = reader->add("a", {rest.begin(), end});
    if (end == rest.end()) break;
    rest = {end + 1, rest.end()};
  }
  if (read != Status::ok || reader->finish() != Status::ok) {
    return wrong_with_words(reader->error(), lines);
  }
  if (!reader->error().empty()) return "an error, and yet it was taken";
  if (settings->template_count > settings->templates.size())
    return "more templates than there is room for";
  std::vector<char> room(limits::config_line_bytes_max);
  for (std::size_t i = 0; i < reader->line_count(); ++i) {
    for (const auto form : {SettingsReader::LineForm::text, SettingsReader::LineForm::json}) {
      TextWriter out(room);
      reader->put_line(i, form, out);
      JsonFault fault;
      if (out.overflowed()) return "a line beyond its room";
      if (form == SettingsReader::LineForm::json &&
          check_json(out.written(), fault) != Status::ok) {
        return "a line that is no JSON";
      }
    }
  }
  return "";
}

}  // namespace fieldpost::fuzz
