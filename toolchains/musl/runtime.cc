// What a static program lacks without libstdc++ and without a dynamic loader.

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The linker's name for where the program begins.
extern "C" [[gnu::visibility("hidden")]] const ElfW(Ehdr) __ehdr_start;

namespace {

[[noreturn]] void stop(std::string_view why) {
  // Nobody is left to tell if this cannot be written.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, why.data(), why.size());
  std::abort();
}

// Makes what was relocated read-only. That is the dynamic loader's work, which nobody does in a
// program that relocates itself: musl's start code leaves it writable.
[[gnu::constructor(101)]] void protect_relocated() {
  const auto base = reinterpret_cast<std::uintptr_t>(&__ehdr_start);
  const auto* segment = reinterpret_cast<const ElfW(Phdr)*>(base + __ehdr_start.e_phoff);
  const auto page_mask = ~(static_cast<std::uintptr_t>(::getauxval(AT_PAGESZ)) - 1);
  for (unsigned i = 0; i < __ehdr_start.e_phnum; ++i) {
    if (segment[i].p_type != PT_GNU_RELRO) continue;
    // A page that also holds data that changes stays writable, hence both ends are rounded down.
    const std::uintptr_t from = (base + segment[i].p_vaddr) & page_mask;
    const std::uintptr_t to = (base + segment[i].p_vaddr + segment[i].p_memsz) & page_mask;
    if (to > from && ::mprotect(reinterpret_cast<void*>(from), to - from, PROT_READ) != 0) {
      stop("fieldpost: relocated data cannot be protected\n");
    }
  }
}

}  // namespace

// The few symbols that compilers and libstdc++'s headers call and that libstdc++ would define. Each
// means that the program is wrong: it stops.

extern "C" {

[[noreturn]] void __cxa_pure_virtual() { stop("fieldpost: pure virtual function called\n"); }
[[noreturn]] void __cxa_deleted_virtual() { stop("fieldpost: deleted virtual function called\n"); }

// libc looks for the kernel's clock that needs no system call. Ours is asked some times a second: the
// search is half a kilobyte for nothing.
void* __vdsosym(const char* /*version*/, const char* /*name*/) { return nullptr; }

#if defined(__arm__)
// libgcc's division carries unwind records that name these; nothing here unwinds.
void __aeabi_unwind_cpp_pr0() {}
void __aeabi_unwind_cpp_pr1() {}
void __aeabi_unwind_cpp_pr2() {}

// Division where the processor has none (Run-time ABI for the Arm Architecture, 5.1.2): quotient and
// remainder come back in two registers, as one number of 64 bits does. libgcc's unroll the loop, for
// 1.2 kB that nothing here would notice.
std::uint64_t __aeabi_uidivmod(std::uint32_t number, std::uint32_t by) {
  std::uint32_t quotient = 0, rest = 0;
  for (int bit = 31; by != 0 && bit >= 0; --bit) {
    const bool carry = (rest >> 31) != 0;
    rest = rest << 1 | (number >> bit & 1);
    quotient <<= 1;
    if (carry || rest >= by) {
      rest -= by;
      quotient |= 1;
    }
  }
  return static_cast<std::uint64_t>(rest) << 32 | quotient;
}
std::uint32_t __aeabi_uidiv(std::uint32_t number, std::uint32_t by) {
  return static_cast<std::uint32_t>(__aeabi_uidivmod(number, by));
}
std::uint64_t __aeabi_idivmod(std::int32_t number, std::int32_t by) {
  const auto size = [](std::int32_t n) {
    return n < 0 ? 0U - static_cast<std::uint32_t>(n) : static_cast<std::uint32_t>(n);
  };
  const std::uint64_t both = __aeabi_uidivmod(size(number), size(by));
  auto quotient = static_cast<std::uint32_t>(both), rest = static_cast<std::uint32_t>(both >> 32);
  if ((number < 0) != (by < 0)) quotient = 0U - quotient;
  if (number < 0) rest = 0U - rest;
  return static_cast<std::uint64_t>(rest) << 32 | quotient;
}
std::int32_t __aeabi_idiv(std::int32_t number, std::int32_t by) {
  return static_cast<std::int32_t>(__aeabi_idivmod(number, by));
}
#endif
}

// What checked access throws where exceptions are on: string_view::substr past the end, and so on.
namespace std {

[[gnu::noreturn]] void __throw_out_of_range_fmt(const char* /*format*/, ...) {
  stop("fieldpost: index out of range\n");
}
[[gnu::noreturn]] void __throw_out_of_range(const char* /*what*/) {
  stop("fieldpost: index out of range\n");
}
[[gnu::noreturn]] void __throw_length_error(const char* /*what*/) {
  stop("fieldpost: length out of range\n");
}

}  // namespace std
