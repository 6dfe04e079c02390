// Memory for a large piece of work, for as long as the work lasts.
//
// A static array that was used once stays resident for ever, in this process and in each one forked
// from it. What is mapped is the kernel's again at the end. This is not a heap: there is one user,
// one size, and a visible lifetime.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace fieldpost {

template <typename T>
class Mapping {
 public:
  // Zeroed memory and nothing constructed in it but T itself.
  Mapping()
      : memory_(::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                       0)) {
    if (is_there()) new (memory_) T;
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (!is_there()) return;
    (*this)->~T();
    ::munmap(memory_, sizeof(T));
  }

  bool is_there() const { return memory_ != MAP_FAILED; }
  T* operator->() const { return static_cast<T*>(memory_); }
  T& operator*() const { return *static_cast<T*>(memory_); }

 private:
  void* memory_;
};

}  // namespace fieldpost
