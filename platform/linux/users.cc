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

// What follows the name and the password on the line of this name.
class NamedLine {
 public:
  NamedLine(std::string_view name, std::string_view path) {
    const Fd file = open_file(path, O_RDONLY);
    LineReader lines(file.get());
    while (!found_ && lines.next_that_fits(room_, rest_)) {
      found_ = take_field(rest_, ':') == name;
    }
    take_field(rest_, ':');
  }

  bool found() const { return found_; }
  std::optional<std::uint32_t> next_id() { return take_id(rest_); }

 private:
  std::array<char, kLineBytesMax> room_;
  std::string_view rest_;
  bool found_ = false;
};

}  // namespace

std::optional<UserIds> find_user(std::string_view name, std::string_view passwd) {
  NamedLine line(name, passwd);
  if (!line.found()) return std::nullopt;
  const auto user = line.next_id();
  const auto group = line.next_id();
  if (!user.has_value() || !group.has_value()) return std::nullopt;
  return UserIds{*user, *group};
}

std::optional<std::uint32_t> find_user_id(std::string_view name) {
  if (const auto user = find_user(name)) return user->user;
  return take_id(name);
}

std::optional<std::uint32_t> find_group_id(std::string_view name, std::string_view path) {
  NamedLine line(name, path);
  return line.found() ? line.next_id() : take_id(name);
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
