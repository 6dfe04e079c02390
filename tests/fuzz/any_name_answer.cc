// What a name server answers: bit 0 of the first byte says to which question, for A or for AAAA. With
// bit 1 the rest is no answer, but a name to ask for.
#include <array>

#include "agent/settings/address.h"
#include "platform/linux/uplink/dns_message.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

// An answer has the question in it: what is asked for must be known again there.
std::string wrong_with_question(std::string_view name, dns::Kind kind) {
  std::array<unsigned char, 512> room;
  const Result<std::size_t> asked = dns::make_query(name, kind, 0x1234, room);
  if (!asked.ok()) return "";
  if (asked.value() > room.size()) return "a question beyond its room";
  const auto place = read_host_port(name);
  if (!place || place->host != name) return "";  // the configuration has no such host
  constexpr unsigned char kIsAnswer = 0x80;
  room[2] |= kIsAnswer;
  AddressList found;
  const auto verdict =
      dns::read_answer(std::span(room).first(asked.value()), name, kind, 0x1234, found);
  return verdict == dns::Verdict::nothing ? "" : "the question is not known again";
}

}  // namespace

std::string wrong_with_name_answer(std::string_view message) {
  if (message.empty()) return "";
  const dns::Kind kind = (message[0] & 1) != 0 ? dns::Kind::aaaa : dns::Kind::a;
  if ((message[0] & 2) != 0) return wrong_with_question(message.substr(1), kind);
  const std::span bytes(reinterpret_cast<const unsigned char*>(message.data()) + 1,
                        message.size() - 1);
  AddressList found;
  Address known;
  known.bytes = {127, 0, 0, 1};
  found.add(known);
  const dns::Verdict verdict = dns::read_answer(bytes, "api.1msg.io", kind, 0x1234, found);
  if (found.count < 1 || found.count > found.items.size())
    return "more addresses than there is room for";
  if (!(found.items[0] == known)) return "an address that was there is lost";
  if ((verdict == dns::Verdict::found) != (found.count > 1))
    return "found, and nothing there; or not";
  for (std::uint32_t i = 1; i < found.count; ++i) {
    if (found.items[i].is_v6 != (kind == dns::Kind::aaaa)) return "an address of the other family";
  }
  return "";
}

}  // namespace fieldpost::fuzz
