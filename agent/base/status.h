// What a step can come to, and how it is passed on.
#pragma once

#include <cstdint>
#include <type_traits>

#include "agent/base/assert.h"

namespace fieldpost {

// A closed set: a new one needs a caller that would act differently.
enum class [[nodiscard]] Status : std::uint8_t {
  ok,
  full,       // no room; drain something, then retry
  not_found,
  timeout,    // the deadline passed
  io,         // the device or socket failed
  torn,       // the last record was cut by power loss; safe to drop
  corrupt,    // bytes that were once synced no longer check out
  invalid,    // the input breaks a limit in config/limits.h or a rule of its format
  newer,      // written by a newer program: refuse, never rewrite
};

// A small value or the status that stood in its way. What is large is written into the caller's
// memory instead.
template <typename T>
class [[nodiscard]] Result {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 16);

 public:
  constexpr Result(T value) : value_(value), status_(Status::ok) {}
  constexpr Result(Status why) : value_{}, status_(why) { ASSERT(why != Status::ok); }

  constexpr bool ok() const { return status_ == Status::ok; }
  constexpr Status status() const { return status_; }
  constexpr T value() const {
    ASSERT(ok());
    return value_;
  }

 private:
  T value_;
  Status status_;
};

constexpr Status status_of(Status status) { return status; }
template <typename T>
constexpr Status status_of(const Result<T>& result) {
  return result.status();
}

}  // namespace fieldpost

// For a step that cannot fail here: its bounds were checked when it was compiled or read.
#define MUST(expression) ASSERT(::fieldpost::status_of(expression) == ::fieldpost::Status::ok)

// Leaves the function with the status of `expression` unless that is ok.
#define TRY(expression)                                                        \
  do {                                                                         \
    if (const ::fieldpost::Status try_status_ =                                \
            ::fieldpost::status_of(expression);                                \
        try_status_ != ::fieldpost::Status::ok) {                              \
      return try_status_;                                                      \
    }                                                                          \
  } while (false)
