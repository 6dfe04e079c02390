// What llhttp.c carries for callers that are not here; the build includes this file before it
// (toolchains/dependencies.cmake).
#ifndef FIELDPOST_TOOLCHAINS_LLHTTP_TRIMMED_H
#define FIELDPOST_TOOLCHAINS_LLHTTP_TRIMMED_H

#include "llhttp.h"

// A sentence for each way to be malformed, 217 of them, for whoever calls llhttp_get_error_reason().
// agent/http has words of its own for what a device can be told. An assignment becomes one of no
// reason, and a constant that nobody looks at: 4 kB less.
#define reason \
  reason = 0;  \
  static const char* const unread

// The callbacks that nobody sets, with what is to be done when they fail. A callback that agent/http
// is to set must go from this list: its tests would not see it called.
static inline int llhttp__on_nothing(llhttp__internal_t* state, const unsigned char* from,
                                     const unsigned char* to) {
  (void) state;
  (void) from;
  (void) to;
  return 0;
}
#define llhttp__on_message_begin llhttp__on_nothing
#define llhttp__on_url_complete llhttp__on_nothing
#define llhttp__on_status llhttp__on_nothing
#define llhttp__on_status_complete llhttp__on_nothing
#define llhttp__on_method llhttp__on_nothing
#define llhttp__on_method_complete llhttp__on_nothing
#define llhttp__on_version llhttp__on_nothing
#define llhttp__on_version_complete llhttp__on_nothing
#define llhttp__on_header_field_complete llhttp__on_nothing
#define llhttp__on_chunk_header llhttp__on_nothing
#define llhttp__on_chunk_extension_name llhttp__on_nothing
#define llhttp__on_chunk_extension_name_complete llhttp__on_nothing
#define llhttp__on_chunk_extension_value llhttp__on_nothing
#define llhttp__on_chunk_extension_value_complete llhttp__on_nothing
#define llhttp__on_chunk_complete llhttp__on_nothing
#define llhttp__on_reset llhttp__on_nothing

#endif  // FIELDPOST_TOOLCHAINS_LLHTTP_TRIMMED_H
