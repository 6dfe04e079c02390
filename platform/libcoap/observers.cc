#include "platform/libcoap/observers.h"

#include <algorithm>

namespace fieldpost {
namespace {

template <typename All, typename Is>
Observer* first(All& all, Is is) {
  const auto one =
      std::ranges::find_if(all, [&](const Observer& o) { return o.session != nullptr && is(o); });
  return one == all.end() ? nullptr : &*one;
}

}  // namespace

Observer* Observers::add(coap_session_t* session, std::string_view token, std::uint16_t device) {
  Observer* place = find(session, token);
  if (place == nullptr) {
    const auto of_device = static_cast<std::size_t>(std::ranges::count_if(
        all_, [&](const Observer& o) { return o.session != nullptr && o.device == device; }));
    const auto free = std::ranges::find(all_, nullptr, &Observer::session);
    if (of_device >= limits::coap_observers_per_device_max || free == all_.end()) return nullptr;
    place = &*free;
  }
  *place = {};
  if (place->token.assign(token) != Status::ok) return nullptr;
  place->session = session;
  place->device = device;
  return place;
}

Observer* Observers::find(const coap_session_t* session, std::string_view token) {
  return first(all_,
               [&](const Observer& o) { return o.session == session && o.token.view() == token; });
}

Observer* Observers::of(const coap_session_t* session) {
  return first(all_, [&](const Observer& o) { return o.session == session; });
}

std::size_t Observers::count() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      all_, [](coap_session_t* session) { return session != nullptr; }, &Observer::session));
}

void Observers::mark(MessageId id) {
  for (Observer& one : all_) one.marked |= one.id == id;
}

void Observers::mark_all() {
  for (Observer& one : all_) one.marked = true;
}

void Observers::mark_quiet(Instant now) {
  for (Observer& one : all_) {
    if (one.session == nullptr || now - one.told < kQuiet) continue;
    one.marked = true;
    one.sum = 0;
  }
}

Observer* Observers::next_marked() {
  return first(all_, [](const Observer& o) { return o.marked; });
}

bool is_last_state(std::string_view state) {
  static constexpr std::array kLast = {State::delivered, State::read,       State::failed,
                                       State::expired,   State::superseded, State::dropped};
  return std::ranges::any_of(kLast, [&](State one) { return to_text(one) == state; });
}

}  // namespace fieldpost
