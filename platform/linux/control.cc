#include "platform/linux/control.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "agent/base/assert.h"
#include "platform/linux/file.h"

namespace fieldpost {

long control(int fd, unsigned long request, void* argument) {
  return ::syscall(SYS_ioctl, fd, request, argument);
}

long get_option(int fd, int level, int name, void* value, std::uint32_t bytes) {
  return ::syscall(SYS_getsockopt, fd, level, name, value, &bytes);
}

long set_option(int fd, int level, int name, const void* value, std::uint32_t bytes) {
  return ::syscall(SYS_setsockopt, fd, level, name, value, bytes);
}

bool is_terminal(int fd) {
  winsize size;
  return control(fd, TIOCGWINSZ, &size) == 0;
}

void set_nonblocking(int fd) {
  int on = 1;
  ASSERT(control(fd, FIONBIO, &on) == 0);
}

std::uint32_t interface_index(const char* name) {
  ifreq asked{};
  const std::size_t length = std::strlen(name);
  if (length >= sizeof asked.ifr_name) return 0;
  const Fd any(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::memcpy(asked.ifr_name, name, length);
  if (control(any.get(), SIOCGIFINDEX, &asked) != 0) return 0;
  return static_cast<std::uint32_t>(asked.ifr_ifindex);
}

}  // namespace fieldpost
