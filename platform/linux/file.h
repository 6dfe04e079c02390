// Files, whole: opened, read, replaced. Nothing here waits for a peer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "agent/base/status.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// An open file that closes itself.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& from) noexcept : fd_(std::exchange(from.fd_, -1)) {}
  Fd& operator=(Fd&& from) noexcept {
    reset(std::exchange(from.fd_, -1));
    return *this;
  }
  ~Fd() { reset(); }

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// A path as the kernel wants it, with a zero behind it.
class CPath {
 public:
  explicit CPath(std::string_view path, std::string_view suffix = {});
  // False: too long, or with a zero inside; c_str() then names nothing.
  bool sound() const { return sound_; }
  const char* c_str() const { return bytes_.data(); }

 private:
  std::array<char, limits::file_path_bytes_max + 32> bytes_{};
  bool sound_ = false;
};

// "/a/b/c" → "/a/b"; "c" → "."
std::string_view folder_of(std::string_view path);

// Raw flash: nothing can be made there, nor kept beside it.
inline bool is_flash_device(std::string_view path) { return path.starts_with("/dev/mtd"); }

// open(2) with O_CLOEXEC. Not open: errno says why.
Fd open_file(std::string_view path, int flags);

// All of an open file, from its start.
//   full: longer than `room`.   io: it cannot be read; errno says why.
Result<std::size_t> read_file(int fd, std::span<char> room);

// The same by path. Special files are refused, so that nobody can make us wait.
//   not_found: there is none.   io: errno says why.
Result<std::size_t> read_file(std::string_view path, std::span<char> room);

//   io: some of it may be written; errno says why.
Status write_all(int fd, std::string_view bytes);

// Puts `pieces`, one after the other, in the place of the file at `path`: after a power cut there
// is the old content or the new, whole.
//   io: the old file is untouched, or the new one is not durable yet; errno says why: EEXIST where
//   `only_new` found one.
Status replace_file(std::string_view path, std::span<const std::string_view> pieces,
                    unsigned int mode, bool only_new = false);

// Makes the names in a folder durable.
Status sync_folder(std::string_view folder);

// Makes `folder` and what is missing above it. True: it stands, or stood already.
bool make_folders(std::string_view folder, unsigned int mode);

}  // namespace fieldpost
