#include "platform/linux/uplink_child.h"

#include <unistd.h>

#include <array>

#include "agent/cli/cli.h"
#include "platform/linux/child.h"

namespace fieldpost {

void become_uplink(const UplinkNeeds& needs) {
  const Credentials& files = needs.credentials;
  std::array<int, 4> tokens{};
  for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = files.tokens[i].get();
  close_all_but(std::array{needs.ends.keeper, needs.ends.supervisor, files.roots.get(), tokens[0],
                           tokens[1], tokens[2], tokens[3]});
  needs.sink.set_process("uplink");

  static UplinkProcess uplink(needs.settings, needs.ends, needs.clock, needs.entropy, needs.log);
  uplink.set_name_servers(needs.name_servers);
  const auto token_files = std::span<const int>(tokens).first(files.token_count);
  if (uplink.start(token_files, files.roots.get()) != Status::ok || !drop_rights(needs.user)) {
    needs.log.line(LogLevel::error, "uplink_not_started");
    ::_exit(kInternal);
  }
  uplink.run();
  needs.sink.flush();
  ::_exit(kDone);
}

}  // namespace fieldpost
