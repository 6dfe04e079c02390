// The few symbols that compilers and libstdc++'s headers call and that libstdc++ would define.
// Each of them means that the program is wrong: it stops.

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace {

[[noreturn]] void stop(std::string_view why) {
  // Nobody is left to tell if this cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, why.data(), why.size());
  std::abort();
}

}  // namespace

extern "C" {

[[noreturn]] void __cxa_pure_virtual() { stop("fieldpost: pure virtual function called\n"); }
[[noreturn]] void __cxa_deleted_virtual() { stop("fieldpost: deleted virtual function called\n"); }

#if defined(__arm__)
// libgcc's division carries unwind records that name these; nothing here unwinds.
void __aeabi_unwind_cpp_pr0() {}
void __aeabi_unwind_cpp_pr1() {}
void __aeabi_unwind_cpp_pr2() {}
#endif
}

// What checked access throws where exceptions are on: string_view::substr past the end, and so on.
namespace std {

[[noreturn]] void __throw_out_of_range_fmt(const char* /*format*/, ...) {
  stop("fieldpost: index out of range\n");
}
[[noreturn]] void __throw_out_of_range(const char* /*what*/) {
  stop("fieldpost: index out of range\n");
}
[[noreturn]] void __throw_length_error(const char* /*what*/) {
  stop("fieldpost: length out of range\n");
}

}  // namespace std
