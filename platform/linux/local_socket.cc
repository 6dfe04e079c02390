#include "platform/linux/local_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "agent/base/assert.h"
#include "agent/settings/address.h"
#include "platform/linux/control.h"
#include "platform/linux/error_words.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kSocketMode = 0660;
constexpr mode_t kFolderMode = 0755;  // who may come in is the socket's own business

bool set_address(std::string_view path, sockaddr_un& address) {
  address = {};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  return true;
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Status refuse(TextWriter& why, std::string_view path, PackedText words) {
  put_trouble(why, "intake.socket", path, words);
  return Status::invalid;
}

}  // namespace

Status listen_at(std::string_view path, const std::optional<UserIds>& owner, Fd& listener,
                 TextWriter& why) {
  sockaddr_un address;
  if (!set_address(path, address)) return refuse(why, path, "longer than 107 bytes"_packed);
  if (!make_folders(folder_of(path), kFolderMode)) {
    return refuse(why, folder_of(path), error_words(errno));
  }
  struct stat there {};
  if (::lstat(address.sun_path, &there) == 0) {
    if (!S_ISSOCK(there.st_mode))
      return refuse(why, path, "something else than a socket is there"_packed);
    if (::unlink(address.sun_path) != 0) return refuse(why, path, error_words(errno));
  }
  listener.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener.is_open()) return refuse(why, path, error_words(errno));
  // Nobody but us can connect before its mode is what it shall be.
  const mode_t before = ::umask(0177);
  const int bound = ::bind(listener.get(), generic(address), sizeof address);
  ::umask(before);
  if (bound != 0) return refuse(why, path, error_words(errno));
  if (owner.has_value() && ::chown(address.sun_path, owner->user, owner->group) != 0) {
    return refuse(why, path, error_words(errno));
  }
  if (::chmod(address.sun_path, kSocketMode) != 0 || ::listen(listener.get(), kBacklog) != 0) {
    return refuse(why, path, error_words(errno));
  }
  return Status::ok;
}

void open_to_all(std::string_view path, bool all) {
  // Where it cannot be changed it stays as closed as it was, or the gate refuses who comes in.
  ::chmod(CPath(path).c_str(), all ? 0666 : kSocketMode);
}

Status listen_at_port(const char* key, std::string_view place, Fd& listener, TextWriter& why) {
  const HostPort at = read_host_port(place).value_or(HostPort{});
  Address host;
  sockaddr_storage address;
  const int on = 1;
  ASSERT(read_address(at.host == "localhost" ? "127.0.0.1" : at.host, host) && is_loopback(host));
  const socklen_t bytes = to_sockaddr(host, at.port, address);
  listener.reset(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  // Connections of the agent before us may be in their last minute.
  if (listener.is_open() &&
      set_option(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
      ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), bytes) == 0 &&
      ::listen(listener.get(), kBacklog) == 0) {
    return Status::ok;
  }
  put_trouble(why, key, place, error_words(errno));
  listener.reset();
  return Status::invalid;
}

Status connect_to(std::string_view path, Fd& socket) {
  sockaddr_un address;
  if (!set_address(path, address)) {
    errno = ENAMETOOLONG;
    return Status::io;
  }
  socket.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return Status::io;
  if (::connect(socket.get(), generic(address), sizeof address) == 0) return Status::ok;
  const int why = errno;
  socket.reset();
  errno = why;
  if (why == ENOENT || why == ECONNREFUSED) return Status::not_found;
  return why == EAGAIN ? Status::timeout : Status::io;
}

}  // namespace fieldpost
