// /etc/resolv.conf (resolv.conf(5)): which name servers there are, and when they change.
#pragma once

#include <string_view>

#include "platform/linux/file.h"
#include "platform/linux/frames.h"

namespace fieldpost {

inline constexpr std::string_view kResolverPath = "/etc/resolv.conf";

// The `nameserver` lines of `text`, the first three that are addresses.
NameServers read_name_servers(std::string_view text);

class ResolverFile {
 public:
  // Watches the file's folder and, where it is a link, the folder of what it points to: DHCP clients
  // replace it, and an open file would be the old one for ever.
  explicit ResolverFile(std::string_view path = kResolverPath);

  // To wait on: readable after any change in those folders. -1: the kernel cannot tell.
  int fd() const { return watch_.get(); }
  // Another file whose changes fd() is to tell.
  void watch(std::string_view path);
  // Forgets what fd() had to tell, and reads the file. True: the servers are not the same as before.
  bool refresh();
  // None where the file is missing or empty; the local host is asked then, as libc does.
  const NameServers& servers() const { return servers_; }

 private:
  std::string_view path_;
  Fd watch_;
  NameServers servers_;
};

}  // namespace fieldpost
