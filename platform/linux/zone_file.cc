#include "platform/linux/zone_file.h"

#include <array>

#include "agent/base/text_writer.h"
#include "agent/schedule/zone.h"
#include "platform/linux/file.h"

namespace fieldpost {
namespace {

// The largest in tzdata 2025b has 3.6 KB.
constexpr std::size_t kZoneFileBytesMax = 8 * 1024;

}  // namespace

Status find_zone_rule(QuietHours& quiet) {
  ZoneRule rule;
  if (read_zone_rule(quiet.zone.view(), rule) == Status::ok) {
    return quiet.rule.assign(quiet.zone.view());
  }
  // The form of the key lets no dot through but in a rule.
  if (quiet.zone.view().find('.') != std::string_view::npos) return Status::not_found;
  TextBuffer<128> path;
  path.put("/usr/share/zoneinfo/").put(quiet.zone.view());
  std::array<char, kZoneFileBytesMax> room;
  const Result<std::size_t> got = read_file(path.written(), room);
  return got.ok() ? read_zone_file({room.data(), got.value()}, quiet) : Status::not_found;
}

Status read_zone_file(std::string_view text, QuietHours& quiet) {
  ZoneRule rule;
  if (!text.starts_with("TZif") || !text.ends_with('\n')) return Status::not_found;
  text.remove_suffix(1);
  text.remove_prefix(text.rfind('\n') + 1);  // the footer: 3.3
  if (read_zone_rule(text, rule) != Status::ok) return Status::not_found;
  return quiet.rule.assign(text) == Status::ok ? Status::ok : Status::not_found;
}

}  // namespace fieldpost
