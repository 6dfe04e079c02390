// Whether a folder keeps what is synced to it.
#pragma once

#include <cstdint>
#include <string_view>

namespace fieldpost {

enum class Keeps : std::uint8_t {
  yes,      // or nothing is known against it
  memory,   // tmpfs, ramfs, or an overlay whose upper layer is one: gone at power-off
  network,  // a sync there is a promise of another machine
};

// An overlay is as lasting as its upper layer, so that is looked at in its place.
Keeps what_keeps(std::string_view folder);

// The same of a file system's magic number (statfs(2)).
Keeps what_keeps(std::uint32_t file_system_type);

}  // namespace fieldpost
