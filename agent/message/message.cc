#include "agent/message/message.h"

#include <cstring>

namespace fieldpost {

Status Values::add(std::string_view value) {
  const std::size_t used = count_ == 0 ? 0 : ends_[count_ - 1];
  if (count_ == limits::fields_max || value.size() > bytes_.size() - used) return Status::full;
  if (!value.empty()) std::memcpy(bytes_.data() + used, value.data(), value.size());
  ends_[count_++] = static_cast<std::uint16_t>(used + value.size());
  return Status::ok;
}

std::string_view Values::operator[](std::size_t i) const {
  ASSERT(i < count_);
  const std::size_t start = i == 0 ? 0 : ends_[i - 1];
  return {bytes_.data() + start, ends_[i] - start};
}

bool Values::well_formed() const {
  if (count_ > limits::fields_max) return false;
  std::size_t before = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (ends_[i] < before || ends_[i] > bytes_.size()) return false;
    before = ends_[i];
  }
  return true;
}

bool Message::well_formed() const {
  return scenario.well_formed() && to.well_formed() && template_name.well_formed() &&
         template_namespace.well_formed() && language.well_formed() && values.well_formed() &&
         key.well_formed() && topic.well_formed() && operator_name.well_formed() &&
         source.well_formed() && on_uncertain <= OnUncertain::resend;
}

bool Standing::well_formed() const {
  return fieldpost::well_formed(state) && fieldpost::well_formed(reason) &&
         message_id.well_formed() && detail.well_formed();
}

}  // namespace fieldpost
