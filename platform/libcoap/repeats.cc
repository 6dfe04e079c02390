#include "platform/libcoap/repeats.h"

namespace fieldpost {

CoapAnswer Repeats::Known::answer() const {
  CoapAnswer out;
  out.code = code_;
  out.max_age_s = max_age_s_;
  out.created = created_;
  out.body = body_.view();
  return out;
}

void Repeats::forget(Instant now) {
  while (count_ > 0 && now - at(0).since_ >= kExchangeLifetime) {
    first_ = (first_ + 1) % kMax;
    --count_;
  }
}

Repeats::Known* Repeats::look(const DatagramName& name) {
  // The newest first: of two with one number the older one is of a device that has started anew.
  for (std::size_t i = count_; i-- > 0;) {
    Known& one = at(i);
    if (one.name_.message_id == name.message_id && one.name_.sum == name.sum &&
        one.name_.from == name.from.view()) {
      return &one;
    }
  }
  return nullptr;
}

const Repeats::Known* Repeats::find(const DatagramName& name, Instant now) {
  forget(now);
  return look(name);
}

Status Repeats::add(const DatagramName& name, Instant now) {
  forget(now);
  if (count_ == kMax) return Status::full;
  std::size_t of_device = 0;
  for (std::size_t i = 0; i < count_; ++i) of_device += at(i).name_.device == name.device ? 1 : 0;
  if (of_device >= limits::coap_repeats_per_device_max) return Status::timeout;
  Known& one = table_.make((first_ + count_) % kMax);
  ++count_;
  one.name_ = name;
  one.since_ = now;
  return Status::ok;
}

void Repeats::set_block_1(const DatagramName& name, std::uint32_t option) {
  Known* const one = look(name);
  if (one == nullptr) return;
  one->ends_blocks_ = true;
  one->block_1_ = option;
}

void Repeats::set_answer(const DatagramName& name, const CoapAnswer& answer) {
  Known* const one = look(name);
  if (one == nullptr) return;  // its time is over
  one->code_ = answer.code;
  one->max_age_s_ = answer.max_age_s;
  one->created_ = answer.created;
  if (one->body_.assign(answer.body) != Status::ok) one->body_.clear();
}

std::uint32_t Repeats::wait_s(std::uint16_t device, bool of_all, Instant now) const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (!of_all && at(i).name_.device != device) continue;
    const Duration left = at(i).since_ + kExchangeLifetime - now;
    return static_cast<std::uint32_t>(left.ms / 1000 + 1);
  }
  return 1;
}

}  // namespace fieldpost
