// Who is on the other end of a Unix socket, and which entry of intake.allow speaks of it.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "agent/base/log.h"
#include "agent/desk/desk.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// The numbers of the users and groups that intake.allow names, in its order. Looked up before the
// gate is one. A name that nobody has matches nobody.
inline constexpr std::uint32_t kNobody = ~0U;  // chown(2) means none by it, too
using AllowedIds = std::array<std::uint32_t, limits::allowances_max>;
AllowedIds find_allowed(const IntakeSettings& intake, const Log& log);

// Puts its name ("uid:1000") into `name`, and says what it may do by the first entry that fits.
// Without intake.allow the socket's mode has decided; root and the agent's own user may do
// everything.
Caller caller_at(int fd, const IntakeSettings& intake, const AllowedIds& ids, TextWriter& name);
// The same for who is known otherwise.
Caller caller_who(std::uint32_t user, std::span<const std::uint32_t> groups,
                  const IntakeSettings& intake, const AllowedIds& ids, TextWriter& name);

}  // namespace fieldpost
