#include "agent/queue/sends.h"

#include <utility>

namespace fieldpost {

void Sends::add(std::uint32_t recipient, Moment at) {
  std::uint32_t& chain = chains_[recipient % kChains];
  place(++last_) = {recipient, at, chain};
  chain = last_;
  // A log tells of sends in the order in which they ended: each takes the place of its time.
  Send* newer = &place(last_);
  for (std::uint32_t number = newer->before; is_known(number);) {
    Send& send = place(number);
    number = send.before;
    if (send.recipient != recipient) continue;
    if (send.at.s > newer->at.s) std::swap(send.at, newer->at);
    newer = &send;
  }
}

Moment Sends::newest(std::uint32_t recipient, std::uint32_t count) const {
  std::uint32_t number = chains_[recipient % kChains];
  while (is_known(number)) {
    const Send& send = sends_[number % sends_.size()];
    if (send.recipient == recipient && --count == 0) return send.at;
    number = send.before;
  }
  return {};
}

void Sends::land(const StoreTime& time) {
  for (Send& send : sends_) time.land(send.at);
}

}  // namespace fieldpost
