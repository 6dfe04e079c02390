// llhttp keeps a sentence for each way to be malformed, 217 of them, for one reader: whoever calls
// llhttp_get_error_reason(). Nobody does; agent/http has words of its own for what a device can be
// told. The build includes this file before llhttp.c (toolchains/dependencies.cmake), and 4 kB go.
#ifndef FIELDPOST_TOOLCHAINS_LLHTTP_WITHOUT_REASONS_H
#define FIELDPOST_TOOLCHAINS_LLHTTP_WITHOUT_REASONS_H

#include "llhttp.h"

// `state->reason = "…";` becomes an assignment of no reason and a constant that nobody looks at.
#define reason \
  reason = 0;  \
  static const char* const unread

#endif  // FIELDPOST_TOOLCHAINS_LLHTTP_WITHOUT_REASONS_H
