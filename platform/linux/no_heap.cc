// There is no heap. In the static programs these take the place of libc's allocator, which is then
// not linked at all: whatever asks for memory at run time stops the program and says so.
//
// Only the static presets compile this file; under a shared libc, and under sanitizers, others in
// the process have a right to allocate.

#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace {

[[noreturn]] void stop() {
  static constexpr std::string_view kWhy = "fieldpost: something asked for heap memory\n";
  // Nobody is left to tell if this cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kWhy.data(), kWhy.size());
  std::abort();
}

}  // namespace

extern "C" {

void* malloc(std::size_t /*size*/) { stop(); }
void* calloc(std::size_t /*count*/, std::size_t /*size*/) { stop(); }
void* realloc(void* /*memory*/, std::size_t /*size*/) { stop(); }
void* reallocarray(void* /*memory*/, std::size_t /*count*/, std::size_t /*size*/) { stop(); }
void* aligned_alloc(std::size_t /*alignment*/, std::size_t /*size*/) { stop(); }
void* memalign(std::size_t /*alignment*/, std::size_t /*size*/) { stop(); }
int posix_memalign(void** /*out*/, std::size_t /*alignment*/, std::size_t /*size*/) { stop(); }

// Nothing was given, so nothing but a null pointer can come back.
void free(void* memory) {
  if (memory != nullptr) stop();
}

// The names by which musl calls its own.
void* __libc_malloc(std::size_t /*size*/) { stop(); }
void* __libc_calloc(std::size_t /*count*/, std::size_t /*size*/) { stop(); }
void* __libc_realloc(void* /*memory*/, std::size_t /*size*/) { stop(); }
void __libc_free(void* memory) { free(memory); }
}
