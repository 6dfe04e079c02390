#include "platform/linux/uplink_child.h"

#include <unistd.h>

#include <array>

#include "agent/cli/cli.h"
#include "platform/linux/child.h"

namespace fieldpost {
namespace {

std::array<int, 4> token_files(const Credentials& from) {
  std::array<int, 4> files{};
  for (std::size_t i = 0; i < files.size(); ++i) files[i] = from.tokens[i].get();
  return files;
}

}  // namespace

UplinkProcess* start_uplink(const UplinkNeeds& needs) {
  static UplinkProcess uplink(needs.settings, needs.ends, needs.clock, needs.entropy, needs.log);
  uplink.set_name_servers(needs.name_servers);
  const Credentials& files = needs.credentials;
  uplink.set_proxy_login(files.proxy_login.get());
  const auto tokens = token_files(files);
  const Status started =
      uplink.start(std::span(tokens).first(files.token_count), files.roots.get());
  return started == Status::ok ? &uplink : nullptr;
}

void become_uplink(const UplinkNeeds& needs) {
  const Credentials& files = needs.credentials;
  const auto tokens = token_files(files);
  close_all_but(std::array{needs.ends.keeper, needs.ends.supervisor, files.roots.get(),
                           files.proxy_login.get(), tokens[0], tokens[1], tokens[2], tokens[3]});
  needs.sink.set_process("uplink");

  UplinkProcess* const uplink = start_uplink(needs);
  if (uplink == nullptr || !drop_rights(needs.user)) {
    needs.log.line(LogLevel::error, "uplink_not_started");
    ::_exit(kInternal);
  }
  seal_or_end(needs.sandbox, needs.calls, {}, needs.log);
  uplink->run();
  needs.sink.flush();
  ::_exit(kDone);
}

}  // namespace fieldpost
