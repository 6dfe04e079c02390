// The configuration of fieldpost-coap: one file of JSON, which holds the devices' keys and so must
// be closed to all others.
//
//   {
//     "listen": "192.0.2.7:5684",         // DTLS, with the devices' keys; "off"
//     "loopback": "127.0.0.1:5683",       // without DTLS, for programs of this machine; "off"
//     "socket": "/run/fieldpost/fieldpost.sock",
//     "devices": [{"identity": "door-1", "key": "…hexadecimal…", "scenarios": ["next-step"],
//                  "share": "20%"}]
//   }
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/text_writer.h"
#include "agent/settings/settings.h"
#include "config/coap_limits.h"

namespace fieldpost {

struct CoapDevice {
  // The identity that its DTLS client gives. Its messages come from "coap:IDENTITY".
  FixedText<limits::coap_identity_bytes_max> identity;
  FixedText<2 * limits::coap_key_bytes_max> key_digits;
  TextList<limits::scenarios_max, limits::scenario_id_bytes_max> scenarios;  // none = all

  std::uint8_t share_percent = 100;  // of the queue

  std::array<std::uint8_t, limits::coap_key_bytes_max> key{};  // what the digits say
  std::size_t key_bytes = 0;

  bool may_send(std::string_view scenario) const;
};

struct CoapSettings {
  FixedText<64> listen;    // empty = off
  FixedText<64> loopback;  // empty = off
  FilePath socket;
  std::uint16_t device_count = 0;
  std::array<CoapDevice, limits::coap_devices_max> devices;

  // nullptr: none of that identity.
  const CoapDevice* find(std::string_view identity) const;
};

// Reads `text`, in which comments are overwritten with spaces. `arena` holds its tree. What has no
// default must be there.
//   invalid: `why` says FILE:LINE: KEY: what is wrong; `to` is half read. No key is ever in it.
Status read_coap_settings(std::string_view file, std::span<char> text, std::span<std::byte> arena,
                          CoapSettings& to, TextWriter& why);

}  // namespace fieldpost
