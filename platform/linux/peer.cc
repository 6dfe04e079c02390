#include "platform/linux/peer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "platform/linux/control.h"
#include "platform/linux/users.h"

namespace fieldpost {
namespace {

// Whoever is in more groups is known by its first one alone.
constexpr std::size_t kGroupsMax = 128;

#ifdef SO_PEERGROUPS
constexpr int kPeerGroups = SO_PEERGROUPS;
#else
constexpr int kPeerGroups = 59;  // older headers; an older kernel refuses it
#endif

}  // namespace

AllowedIds find_allowed(const IntakeSettings& intake, const Log& log) {
  AllowedIds ids{};
  for (std::size_t i = 0; i < intake.allow.count; ++i) {
    const Allowance& one = intake.allow.items[i];
    const bool is_user = !one.user.empty();
    const std::string_view name = is_user ? one.user.view() : one.group.view();
    ids[i] = (is_user ? find_user_id(name) : find_group_id(name)).value_or(kNobody);
    if (ids[i] != kNobody) continue;
    log.line(LogLevel::error, "unknown_name").key("key", "intake.allow").key("name", name);
  }
  return ids;
}

Caller caller_at(int fd, const IntakeSettings& intake, const AllowedIds& ids, TextWriter& name) {
  ucred peer{};
  if (get_option(fd, SOL_SOCKET, SO_PEERCRED, &peer, sizeof peer) != 0) peer.uid = kNobody;
  std::array<std::uint32_t, kGroupsMax + 1> groups;
  groups.fill(kNobody);
  static_assert(sizeof(gid_t) == sizeof groups[0]);
  // An older kernel says nothing; the first group is known anyway.
  get_option(fd, SOL_SOCKET, kPeerGroups, groups.data(), kGroupsMax * sizeof groups[0]);
  groups.back() = peer.gid;
  return caller_who(peer.uid, groups, intake, ids, name);
}

Caller caller_who(std::uint32_t user, std::span<const std::uint32_t> groups,
                  const IntakeSettings& intake, const AllowedIds& ids, TextWriter& name) {
  name.put("uid:").put_number(user);
  Caller caller{name.written()};
  if (intake.allow.count == 0 || user == 0 || user == ::geteuid()) return caller;
  for (std::size_t i = 0; i < intake.allow.count && caller.may == nullptr; ++i) {
    const bool fits = !intake.allow.items[i].user.empty()
                          ? ids[i] == user
                          : std::ranges::find(groups, ids[i]) != groups.end();
    if (fits && ids[i] != kNobody) caller.may = &intake.allow.items[i];
  }
  caller.is_stranger = caller.may == nullptr;
  return caller;
}

}  // namespace fieldpost
