// ioctl(2) as the kernel has it. libc's also knows, on 32-bit machines, how dozens of requests changed
// when times got 64 bits; ours carry none.
#pragma once

#include <cstdint>

namespace fieldpost {

// 0, or -1 with errno.
long control(int fd, unsigned long request, void* argument);

bool is_terminal(int fd);

// Reads and writes on it answer EAGAIN where they would wait. fcntl(2) would do, at the price of libc's
// knowledge of every lock that it can set.
void set_nonblocking(int fd);

// The kernel's number of a network interface, 0 if there is none of this name (netdevice(7)).
std::uint32_t interface_index(const char* name);

}  // namespace fieldpost
