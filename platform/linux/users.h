// Users and groups by name, as /etc/passwd and /etc/group have them. libc's own look-up may load
// libraries and allocate; a device's service user is a local one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

struct UserIds {
  uid_t user;
  gid_t group;
};

// The user whose rights the processes take on when root starts the agent.
inline constexpr std::string_view kServiceUser = "fieldpost";
// The uplink's, where there is such a user. It has no file to open or to leave behind; so not even
// the keeper and the gate could reach the token in its memory.
inline constexpr std::string_view kUplinkUser = "fieldpost-uplink";

// As intake.allow names them: one that has no name can be given by its number.
std::optional<std::uint32_t> find_user_id(std::string_view name);
std::optional<std::uint32_t> find_group_id(std::string_view name,
                                           std::string_view file = "/etc/group");

std::optional<UserIds> find_user(std::string_view name, std::string_view passwd = "/etc/passwd");

// "fieldpost", or "1001" for one without a name.
void put_group_name(TextWriter& out, gid_t group, std::string_view file = "/etc/group");

}  // namespace fieldpost
