#include "agent/base/fixed_text.h"

#include <cstring>

namespace fieldpost {

Status AnyFixedText::assign(std::string_view text) const {
  if (text.size() > bytes_max_) return Status::invalid;
  if (!text.empty()) std::memmove(size_ + 1, text.data(), text.size());
  *size_ = static_cast<std::uint16_t>(text.size());
  return Status::ok;
}

}  // namespace fieldpost
