// The last words of a program that found a mistake in itself.
#include <unistd.h>

#include <cstdlib>

#include "agent/base/assert.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

void assertion_failed(const char* file, int line) {
  TextBuffer<96> words;
  words.put("fieldpost: internal error: ").put(file).put(':');
  words.put_number(static_cast<std::uint64_t>(line)).put('\n');
  const std::string_view text = words.written();
  // There is nobody left to tell when this fails.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  std::abort();
}

}  // namespace fieldpost
