// What a name server answers: bit 0 of the first byte says to which question, for A or for AAAA.
#include "platform/linux/uplink/dns_message.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {

std::string wrong_with_name_answer(std::string_view message) {
  if (message.empty()) return "";
  const dns::Kind kind = (message[0] & 1) != 0 ? dns::Kind::aaaa : dns::Kind::a;
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
