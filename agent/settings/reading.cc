#include "agent/settings/reading.h"

#include "agent/base/assert.h"
#include "agent/base/utf8.h"

namespace fieldpost {
namespace {

constexpr std::size_t kNameBytesMax = 48;

void put_clean(TextWriter& out, std::string_view name) {
  const std::string_view shown = cut_to(name, kNameBytesMax);
  for (std::string_view rest = shown; !rest.empty();) {
    const Character c = first_character(rest);
    out.put(is_control(c.code) ? std::string_view("?") : rest.substr(0, c.bytes));
    rest.remove_prefix(c.bytes);
  }
  if (shown.size() < name.size()) out.put("…");
}

}  // namespace

void KeyPath::push(std::string_view name) {
  ASSERT(size_ < kStepsMax);
  is_index_[size_] = false;
  steps_[size_++] = name;
}

void KeyPath::push_index(std::size_t i) {
  ASSERT(size_ < kStepsMax);
  TextWriter digits(digits_[size_]);
  digits.put_number(i);
  ASSERT(!digits.overflowed());  // a file of 64 KiB has fewer than 100,000 elements
  is_index_[size_] = true;
  steps_[size_++] = digits.written();
}

void KeyPath::pop() {
  ASSERT(size_ > 0);
  --size_;
}

void KeyPath::put(TextWriter& out) const {
  for (std::size_t i = 0; i < size_; ++i) {
    if (is_index_[i]) {
      out.put('[').put(steps_[i]).put(']');
    } else {
      if (i > 0) out.put('.');
      put_clean(out, steps_[i]);
    }
  }
}

bool Reading::refuse(PackedText why) {
  words.put(why);
  return false;
}

}  // namespace fieldpost
