// Calls as the kernel has them. libc's also know, on 32-bit machines, how dozens of requests changed
// when times got 64 bits; ours carry none.
#pragma once

#include <cstdint>

namespace fieldpost {

// ioctl(2), getsockopt(2), setsockopt(2): 0, or -1 with errno.
long control(int fd, unsigned long request, void* argument);
long get_option(int fd, int level, int name, void* value, std::uint32_t bytes);
long set_option(int fd, int level, int name, const void* value, std::uint32_t bytes);

bool is_terminal(int fd);

// Reads and writes on it answer EAGAIN where they would wait. fcntl(2) would do, at the price of libc's
// knowledge of every lock that it can set.
void set_nonblocking(int fd);

// The kernel's number of a network interface, 0 if there is none of this name (netdevice(7)).
std::uint32_t interface_index(const char* name);

}  // namespace fieldpost
