// Memory for one cJSON tree. Nothing is given back one by one; reset() forgets the whole tree.
#pragma once

#include <cstddef>
#include <span>

namespace fieldpost {

class JsonArena {
 public:
  // `room` is borrowed and must outlive every tree in it.
  explicit JsonArena(std::span<std::byte> room) : room_(room) {}
  JsonArena(const JsonArena&) = delete;
  JsonArena& operator=(const JsonArena&) = delete;

  void* take(std::size_t bytes);  // nullptr when full: cJSON reports a parse failure
  void reset() { used_ = 0; }
  std::size_t used() const { return used_; }
  // What is left of the room, for a tree beside this one.
  JsonArena rest() const { return JsonArena(room_.subspan(used_)); }

 private:
  std::span<std::byte> room_;
  std::size_t used_ = 0;
};

}  // namespace fieldpost
