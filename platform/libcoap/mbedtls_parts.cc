// What Mbed TLS, as it is configured here, leaves to us.
#include <errno.h>
#include <sys/random.h>

#include <cstddef>
#include <cstdint>

// Random numbers come from the kernel: Mbed TLS's own source would open a file through stdio. The name
// is the one that it calls with MBEDTLS_ENTROPY_HARDWARE_ALT.
extern "C" int mbedtls_hardware_poll(void* /*none*/, unsigned char* out, std::size_t bytes,
                                     std::size_t* got) {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t some = ::getrandom(out + done, bytes - done, 0);
    if (some < 0 && errno != EINTR) return -1;
    if (some > 0) done += static_cast<std::size_t>(some);
  }
  if (got != nullptr) *got = bytes;  // libcoap, which takes from here too, does not ask
  return 0;
}

// Its server names this wherever certificates are known, and has it only where a key exchange uses
// them; there is none that would.
extern "C" int mbedtls_ssl_check_cert_usage(const void* /*certificate*/, const void* /*suite*/,
                                            int /*endpoint*/, int /*version*/,
                                            std::uint32_t* /*flags*/) {
  return -1;
}
