// cJSON, llhttp and Mbed TLS name these in functions that nothing calls, which the linker finds out
// only after it has taken in libc's, and with them its streams and what closes them at the end.
// toolchains/check-static sees that no call is left.

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace {

[[noreturn]] void stop() {
  static constexpr std::string_view kWhy = "fieldpost: printf and scanf are not linked\n";
  // Nobody is left to tell if this cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kWhy.data(), kWhy.size());
  std::abort();
}

}  // namespace

extern "C" {

[[noreturn]] int fprintf(void* /*stream*/, const char* /*format*/, ...) { stop(); }
[[noreturn]] int sprintf(char* /*to*/, const char* /*format*/, ...) { stop(); }
[[noreturn]] int snprintf(char* /*to*/, std::size_t /*size*/, const char* /*format*/, ...) {
  stop();
}
[[noreturn]] int sscanf(const char* /*from*/, const char* /*format*/, ...) { stop(); }
}
