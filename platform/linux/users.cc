#include "platform/linux/users.h"

#include <fcntl.h>

#include <array>
#include <cstdint>

#include "platform/linux/file.h"
#include "platform/linux/line_reader.h"

namespace fieldpost {
namespace {

// A group with very many members does not fit, and is passed over.
constexpr std::size_t kLineBytesMax = 1024;

// The number that is all of the next field (passwd(5), group(5)).
std::optional<std::uint32_t> take_id(std::string_view& line) {
  std::string_view field = take_field(line, ':');
  std::uint32_t id = 0;
  if (!take_number(field, id) || !field.empty()) return std::nullopt;
  return id;
}

}  // namespace

std::optional<UserIds> find_user(std::string_view name, std::string_view passwd) {
  const Fd file = open_file(passwd, O_RDONLY);
  LineReader lines(file.get());
  std::array<char, kLineBytesMax> room;
  for (std::string_view line; lines.next_that_fits(room, line);) {
    if (take_field(line, ':') != name) continue;
    take_field(line, ':');  // the password
    const auto user = take_id(line);
    const auto group = take_id(line);
    if (!user.has_value() || !group.has_value()) break;
    return UserIds{*user, *group};
  }
  return std::nullopt;
}

std::optional<std::uint32_t> find_user_id(std::string_view name) {
  if (const auto user = find_user(name)) return user->user;
  return take_id(name);
}

std::optional<std::uint32_t> find_group_id(std::string_view name, std::string_view path) {
  const Fd file = open_file(path, O_RDONLY);
  LineReader lines(file.get());
  std::array<char, kLineBytesMax> room;
  for (std::string_view line; lines.next_that_fits(room, line);) {
    if (take_field(line, ':') != name) continue;
    take_field(line, ':');  // the password
    return take_id(line);
  }
  return take_id(name);
}

void put_group_name(TextWriter& out, gid_t group, std::string_view path) {
  const Fd file = open_file(path, O_RDONLY);
  LineReader lines(file.get());
  std::array<char, kLineBytesMax> room;
  for (std::string_view line; lines.next_that_fits(room, line);) {
    const std::string_view name = take_field(line, ':');
    take_field(line, ':');  // the password
    if (take_id(line) != group) continue;
    out.put(name);
    return;
  }
  out.put_number(group);
}

}  // namespace fieldpost
