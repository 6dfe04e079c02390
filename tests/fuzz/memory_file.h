// A file that a target reads, in memory alone.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "platform/linux/file.h"

namespace fieldpost::fuzz {

inline Fd memory_file(std::string_view text) {
  Fd file(::memfd_create("file", MFD_CLOEXEC));
  if (!file.is_open() ||
      ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    std::abort();
  }
  return file;
}

}  // namespace fieldpost::fuzz
