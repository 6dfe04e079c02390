#include "platform/libcoap/coap_settings.h"

#include <algorithm>

#include "agent/base/letters.h"
#include "agent/json/locate.h"
#include "agent/settings/address.h"
#include "agent/settings/comments.h"
#include "agent/settings/key_row.h"
#include "agent/settings/near.h"
#include "agent/settings/value.h"
#include "platform/linux/uplink/address.h"

namespace fieldpost {
namespace {

constexpr const char* kDevices = "devices";
constexpr std::string_view kDefaultSocket = "/run/fieldpost/fieldpost.sock";

using rows::KeyMember;

constexpr std::array kRootKeys = {
    rows::text("listen", KEY_MEMBER(CoapSettings, listen), TextForm::any, Absent::off),
    rows::text("loopback", KEY_MEMBER(CoapSettings, loopback), TextForm::loopback_port,
               Absent::off),
    rows::text("socket", KEY_MEMBER(CoapSettings, socket), TextForm::socket_path),
};
constexpr std::array kDeviceKeys = {
    rows::required(rows::text("identity", KEY_MEMBER(CoapDevice, identity), TextForm::name)),
    rows::required(rows::text("key", KEY_MEMBER(CoapDevice, key_digits), TextForm::any)),
    rows::list("scenarios", KEY_MEMBER(CoapDevice, scenarios), TextForm::name, 1),
    rows::own("share", KEY_MEMBER(CoapDevice, share_percent)),
};

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  c = small(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool read_key_digits(CoapDevice& device) {
  const std::string_view digits = device.key_digits.view();
  if (digits.size() % 2 != 0 || digits.size() < 2 * limits::coap_key_bytes_min) return false;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = digit_value(digits[i]), low = digit_value(digits[i + 1]);
    if (high < 0 || low < 0) return false;
    device.key[i / 2] = static_cast<std::uint8_t>(16 * high + low);
  }
  device.key_bytes = digits.size() / 2;
  return true;
}

class CoapReader {
 public:
  CoapReader(CoapSettings& to, Settings& all) : to_(to), all_(all) {}

  bool read_root(JsonView root) {
    if (!root.is_object()) return refuse("A configuration must be an object: { … }"_packed);
    for (const JsonView one : root) {
      reading_.path.push(one.name());
      if (!read_member(one)) return false;
      reading_.path.pop();
    }
    return check_listen() && check_together();
  }

  Reading& reading() { return reading_; }

 private:
  bool refuse(PackedText why) { return reading_.refuse(why); }

  bool read_member(JsonView one) {
    if (one.name() == kDevices) return read_devices(one);
    NearestWord near(one.name());
    near.offer(kDevices);
    for (const Key& key : kRootKeys) {
      if (one.name() == key.name) return read_value(key, one, &to_, all_, reading_);
      near.offer(key.name);
    }
    reading_.words.put("unknown key"_packed);
    near.put(reading_.words);
    return false;
  }

  bool read_devices(JsonView list) {
    if (!list.is_array()) return refuse("must be a list of devices: [ … ]"_packed);
    for (const JsonView one : list) {
      if (to_.device_count == to_.devices.size())
        return refuse("too many devices: 64 at most"_packed);
      static_assert(limits::coap_devices_max == 64, "the words above name the number");
      reading_.path.push_index(to_.device_count);
      CoapDevice& device = to_.devices[to_.device_count];
      device = {};
      if (!one.is_object()) return refuse("must be an object: { … }"_packed);
      if (!read_object(one, kDeviceKeys, &device, all_, reading_)) return false;
      if (!check_device(device)) return false;
      reading_.path.pop();
      ++to_.device_count;
    }
    return true;
  }

  bool check_device(CoapDevice& device) {
    if (to_.find(device.identity.view()) != nullptr) {
      reading_.path.push("identity");
      return refuse("there is another device of that identity"_packed);
    }
    if (read_key_digits(device)) return true;
    reading_.path.push("key");
    return refuse("must be 16 to 32 bytes in hexadecimal; openssl rand -hex 16 makes one"_packed);
    static_assert(limits::coap_key_bytes_min == 16 && limits::coap_key_bytes_max == 32);
  }

  bool check_listen() {
    if (to_.listen.empty()) return true;
    const auto place = read_host_port(to_.listen.view());
    Address address;
    if (place && place->port != 0 && read_address(place->host, address) && !is_multicast(address)) {
      return true;
    }
    reading_.path.push("listen");
    return refuse(
        "must be an address of this machine with a port, such as \"192.0.2.7:5684\" or "
        "\"[::]:5684\", or \"off\""_packed);
  }

  static bool is_multicast(const Address& address) {
    return address.is_v6 ? address.bytes[0] == 0xff : (address.bytes[0] & 0xf0) == 0xe0;
  }

  bool check_together() {
    if (to_.listen.empty() && to_.loopback.empty()) {
      return refuse("neither \"listen\" nor \"loopback\" says where to listen"_packed);
    }
    if (to_.listen.empty() || to_.device_count > 0) return true;
    reading_.path.push(kDevices);
    return refuse("DTLS is for devices with keys, and there is none"_packed);
  }

  CoapSettings& to_;
  Settings& all_;
  Reading reading_;
};

// The line of what `steps` lead to, or of the next thing above it that is there.
std::size_t line_at(std::string_view text, std::span<const std::string_view> steps) {
  auto at = locate_json(text, steps);
  while (!at) {
    steps = steps.first(steps.size() - 1);
    at = locate_json(text, steps);
  }
  return line_of(text, *at);
}

}  // namespace

bool CoapDevice::may_send(std::string_view scenario) const {
  const auto end = scenarios.items.begin() + scenarios.count;
  return scenarios.count == 0 || std::any_of(scenarios.items.begin(), end,
                                             [&](const auto& one) { return one == scenario; });
}

const CoapDevice* CoapSettings::find(std::string_view identity) const {
  for (std::size_t i = 0; i < device_count; ++i) {
    if (devices[i].identity == identity) return &devices[i];
  }
  return nullptr;
}

Status read_coap_settings(std::string_view file, std::span<char> text, std::span<std::byte> arena,
                          CoapSettings& to, TextWriter& why) {
  static Settings no_templates;  // what readers of a template's values fill beside them
  static_cast<void>(to.socket.assign(kDefaultSocket));
  const std::string_view whole(text.data(), text.size());
  why.put(file).put(':');
  JsonArena tree(arena);
  JsonFault fault;
  if (const auto open = blank_comments(text)) {
    why.put_number(line_of(whole, *open)).put(": ").put("comment without an end"_packed);
    return Status::invalid;
  }
  const Result<JsonView> root = parse_json(whole, tree, fault);
  if (root.status() == Status::full) {
    why.put("1: ").put("holds too many values to be a configuration"_packed);
    return Status::invalid;
  }
  if (!root.ok()) {
    why.put_number(line_of(whole, fault.at)).put(": ").put("Not valid JSON: "_packed);
    why.put(fault.reason);
    return Status::invalid;
  }
  CoapReader reader(to, no_templates);
  if (reader.read_root(root.value())) {
    why.clear();
    return Status::ok;
  }
  const Reading& reading = reader.reading();
  why.put_number(line_at(whole, reading.path.steps())).put(": ");
  if (!reading.path.steps().empty()) {
    reading.path.put(why);
    why.put(": ");
  }
  why.put(reading.words.written());
  return Status::invalid;
}

}  // namespace fieldpost
