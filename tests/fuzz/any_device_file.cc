// What files of the device hold that others write: the first byte says which it is, modulo how many
// there are (kReaders).
#include <algorithm>
#include <array>
#include <iterator>

#include "agent/schedule/zone.h"
#include "platform/linux/line_reader.h"
#include "platform/linux/resolver_file.h"
#include "platform/linux/uplink/tokens.h"
#include "platform/linux/zone_file.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

constexpr std::uint64_t kSomeTime = 1'795'000'000, kHour = 3600, kDay = 24 * kHour;

// A rule, or a file of tzdata; and what becomes of quiet hours by it, through a year.
std::string wrong_with_zone(std::string_view text) {
  QuietHours quiet;
  ZoneRule rule;
  const bool is_rule =
      read_zone_rule(text, rule) == Status::ok && quiet.rule.assign(text) == Status::ok;
  if (!is_rule && read_zone_file(text, quiet) != Status::ok) return "";
  if (read_zone_rule(quiet.rule.view(), rule) != Status::ok) return "taken, and yet no rule";
  quiet.on = true;
  quiet.from_minute = 21 * 60;
  quiet.to_minute = 8 * 60;
  for (std::uint64_t now = kSomeTime; now < kSomeTime + 366 * kDay; now += 37 * kHour) {
    const std::int64_t offset = offset_of(rule, {now});
    if (std::abs(offset) > static_cast<std::int64_t>(25 * kHour))
      return "farther than a day from UTC";
    const UnixTime end = quiet_until(quiet, {now});
    if (end.s != 0 && (end.s <= now || end.s > now + 3 * kDay)) return "quiet hours without an end";
  }
  return "";
}

// /etc/resolv.conf, as DHCP clients write it.
std::string wrong_with_name_servers(std::string_view text) {
  const NameServers list = read_name_servers(text);
  if (list.count > list.servers.size()) return "more name servers than there is room for";
  for (const Address& one : std::span(list.servers).first(list.count)) {
    TextBuffer<64> out;
    put_address(out, one);
    Address again;
    const bool read = read_address(out.written(), again);
    again.scope = one.scope;
    if (!read || !(again == one)) return "an address that is another one when written out";
  }
  return well_formed(list) ? "" : "the uplink would not take it";
}

// A token, a PIN, the path of callbacks.
std::string wrong_with_secret(std::string_view text) {
  const Fd file = memory_file(text);
  Tokens tokens;
  const Status read = tokens.add(file.get());
  const std::string_view token = tokens.current();
  if ((read == Status::ok) == token.empty()) return "taken, and nothing there; or not";
  if (token.size() > limits::token_bytes_max) return "a token beyond its room";
  const bool sound = std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
  return sound && text.find(token) != text.npos ? "" : "a token that cannot stand in a header";
}

// The directory, what is piped into `send --stdin`: line by line, in a room that not all of them fit.
std::string wrong_with_lines(std::string_view text) {
  const Fd file = memory_file(text);
  if (::lseek(file.get(), 0, SEEK_SET) != 0) std::abort();
  LineReader lines(file.get());
  std::array<char, 100> room;
  while (!text.empty()) {
    const std::string_view wanted = take_field(text, '\n');
    const Result<std::string_view> line = lines.next(room);
    if (line.status() == Status::invalid ? wanted.size() <= room.size()
                                         : !line.ok() || line.value() != wanted) {
      return "another line than there is";
    }
  }
  return lines.next(room).status() == Status::not_found ? "" : "a line behind the last one";
}

using WrongWith = std::string (*)(std::string_view text);
constexpr std::array<WrongWith, 4> kReaders{wrong_with_zone, wrong_with_name_servers,
                                            wrong_with_secret, wrong_with_lines};

}  // namespace

std::string wrong_with_device_file(std::string_view input) {
  if (input.empty()) return "";
  const std::size_t which = static_cast<unsigned char>(input[0]) % kReaders.size();
  return kReaders[which](input.substr(1));
}

}  // namespace fieldpost::fuzz
