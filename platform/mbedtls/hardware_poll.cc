// Where Mbed TLS gets its entropy from: the kernel, and nowhere else.

#include <mbedtls/entropy.h>
#include <sys/random.h>
#include <sys/types.h>

#include <cstddef>

// Called by name from Mbed TLS (MBEDTLS_ENTROPY_HARDWARE_ALT). Blocks only on a kernel that has not
// gathered enough since it started. Fewer bytes than asked for are no failure: it asks again.
extern "C" int mbedtls_hardware_poll(void* /*state*/, unsigned char* output, std::size_t size,
                                     std::size_t* written) {
  const ssize_t got = ::getrandom(output, size, 0);
  if (got < 0) return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
  *written = static_cast<std::size_t>(got);
  return 0;
}
