// Static room for one object that is made later, and can be made again. No memory is touched before.
#pragma once

#include <cstddef>
#include <new>
#include <utility>

namespace fieldpost {

template <typename T>
class Place {
 public:
  constexpr Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  // An object that stands here at the program's end goes with it, like any memory of the process.
  ~Place() = default;

  template <typename... Arguments>
  T& make(Arguments&&... arguments) {
    clear();
    there_ = new (bytes_) T(std::forward<Arguments>(arguments)...);
    return *there_;
  }
  void clear() {
    if (there_ != nullptr) there_->~T();
    there_ = nullptr;
  }

  T* get() const { return there_; }
  T* operator->() const { return there_; }
  T& operator*() const { return *there_; }

 private:
  T* there_ = nullptr;
  alignas(T) std::byte bytes_[sizeof(T)];
};

}  // namespace fieldpost
