// Room for up to N objects, none of which exists, and none of whose memory is touched, before it is
// made. In static storage a page that nobody writes is no page: large tables cost what is in them.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace fieldpost {

template <typename T, std::size_t N>
class Untouched {
 public:
  Untouched() {}  // not `= default`: value-initialisation would then zero all of it
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;

  static constexpr std::size_t size() { return N; }

  // REQUIRES: there is no object at `i`.
  template <typename... Arguments>
  T& make(std::size_t i, Arguments&&... arguments) {
    return *new (bytes_ + i * sizeof(T)) T(std::forward<Arguments>(arguments)...);
  }
  // REQUIRES: there is one.
  void end(std::size_t i) { (*this)[i].~T(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }

  // The first `count` of them, for a table that is filled from the front.
  T* data() { return std::launder(reinterpret_cast<T*>(bytes_)); }
  const T* data() const { return std::launder(reinterpret_cast<const T*>(bytes_)); }
  T* begin() { return data(); }
  const T* begin() const { return data(); }

 private:
  alignas(T) std::byte bytes_[N * sizeof(T)];
};

}  // namespace fieldpost
