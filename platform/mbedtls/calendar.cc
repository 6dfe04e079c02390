// What day it is, for the validity of certificates.

#include <mbedtls/platform_util.h>

#include <cstdint>

#include "agent/base/time.h"

// Called by name from Mbed TLS (MBEDTLS_PLATFORM_GMTIME_R_ALT). libc's own also knows leap seconds
// and zones, and would be the second calendar in the program.
extern "C" tm* mbedtls_platform_gmtime_r(const mbedtls_time_t* when, tm* out) {
  if (*when < 0) return nullptr;
  const auto s = static_cast<std::uint64_t>(*when);
  const fieldpost::Calendar date = fieldpost::calendar({s});
  *out = {};
  out->tm_year = static_cast<int>(date.year) - 1900;
  out->tm_mon = static_cast<int>(date.month) - 1;
  out->tm_mday = static_cast<int>(date.day);
  out->tm_hour = static_cast<int>(s / 3600 % 24);
  out->tm_min = static_cast<int>(s / 60 % 60);
  out->tm_sec = static_cast<int>(s % 60);
  return out;
}
