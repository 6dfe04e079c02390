#include "agent/queue/sends.h"

namespace fieldpost {

void Sends::add(std::uint32_t recipient, Moment at) {
  std::uint32_t& chain = chains_[recipient % kChains];
  place(++last_) = {recipient, at, chain};
  chain = last_;
}

Moment Sends::newest(std::uint32_t recipient, std::uint32_t count) const {
  std::uint32_t number = chains_[recipient % kChains];
  while (number != 0 && last_ - number < sends_.size()) {
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
