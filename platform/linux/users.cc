#include "platform/linux/users.h"

#include <fcntl.h>

#include <array>
#include <charconv>
#include <cstdint>

#include "platform/linux/file.h"
#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

// Takes what stands before the next colon off `line` (passwd(5), group(5)).
std::string_view take_field(std::string_view& line) {
  const std::string_view field = line.substr(0, line.find(':'));
  line.remove_prefix(field.size() < line.size() ? field.size() + 1 : line.size());
  return field;
}

std::optional<std::uint32_t> number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// Calls `look` with each line that fits, until it returns true.
template <typename Look>
void each_line(std::string_view path, Look look) {
  const CPath name(path);
  const Fd file(name.sound() ? ::open(name.c_str(), O_RDONLY | O_CLOEXEC) : -1);
  if (!file.is_open()) return;
  LineReader lines(file.get());
  std::array<char, 1024> room;
  for (;;) {
    const Result<std::string_view> line = lines.next(room);
    if (line.status() == Status::invalid) continue;  // a group with very many members
    if (!line.ok() || look(line.value())) return;
  }
}

}  // namespace

std::optional<UserIds> find_user(std::string_view name, std::string_view passwd) {
  std::optional<UserIds> found;
  each_line(passwd, [&](std::string_view line) {
    if (take_field(line) != name) return false;
    take_field(line);  // the password
    const auto user = number(take_field(line));
    const auto group = number(take_field(line));
    if (user.has_value() && group.has_value()) found = UserIds{*user, *group};
    return true;
  });
  return found;
}

void put_group_name(TextWriter& out, gid_t group, std::string_view file) {
  bool found = false;
  each_line(file, [&](std::string_view line) {
    const std::string_view name = take_field(line);
    take_field(line);  // the password
    if (number(take_field(line)) != group) return false;
    out.put(name);
    found = true;
    return true;
  });
  if (!found) out.put_number(group);
}

}  // namespace fieldpost
