// Where Mbed TLS gets its random numbers from: the kernel's generator, and nowhere else. One of its
// own would be seeded from the same place, be 2 kB larger, and could be copied by a fork.

#include <errno.h>
#include <psa/crypto.h>
#include <sys/random.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>

// Called by name from Mbed TLS (MBEDTLS_PSA_CRYPTO_EXTERNAL_RNG). Blocks only on a kernel that has
// not gathered enough since it started.
extern "C" psa_status_t mbedtls_psa_external_get_random(
    mbedtls_psa_external_random_context_t* /*context*/, std::uint8_t* output, std::size_t size,
    std::size_t* written) {
  *written = 0;
  while (*written < size) {
    const ssize_t got = ::getrandom(output + *written, size - *written, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return PSA_ERROR_INSUFFICIENT_ENTROPY;
    *written += static_cast<std::size_t>(got);
  }
  return PSA_SUCCESS;
}
