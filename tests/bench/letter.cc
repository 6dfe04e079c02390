#include "tests/bench/letter.h"

#include "agent/base/assert.h"

namespace fieldpost::bench {
namespace {

std::string key_of(std::uint64_t number) { return "visit-" + std::to_string(number); }

}  // namespace

std::string letter_text(std::uint64_t number) {
  std::string text = "The delivery of your order " + std::to_string(number) + " has moved. ";
  text.resize(kTextBytes, static_cast<char>('a' + number % 26));
  return text;
}

Message letter(std::uint64_t number) {
  Message m;
  MUST(m.scenario.assign("service-changed"));
  MUST(m.to.assign("120255501" + std::to_string(10 + number % 90)));
  MUST(m.template_name.assign("service_changed"));
  MUST(m.template_namespace.assign("7d1c2c1e_0b5f_4a7e_9d4a_5f2b8c1d3e4f"));
  MUST(m.language.assign("en"));
  MUST(m.key.assign(key_of(number)));
  MUST(m.source.assign("kiosk"));
  MUST(m.values.add(letter_text(number)));
  m.ttl = 8_h;
  return m;
}

std::string check_letter(const Message& message, std::uint64_t number) {
  if (message.key == key_of(number) && message.values.count() == 1 &&
      message.values[0] == letter_text(number)) {
    return {};
  }
  return "letter " + std::to_string(number) + " reads back as another";
}

Standing accepted(const Stamp& at) {
  Standing standing;
  standing.state = State::accepted;
  standing.ended = true;
  standing.attempts = 1;
  standing.accepted_at = at;
  MUST(standing.message_id.assign("wamid.HBgLMTIwMjU1NTAxMjMVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA"));
  return standing;
}

}  // namespace fieldpost::bench
