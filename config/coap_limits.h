// The sizes of fieldpost-coap, a program of its own: libcoap allocates, within these numbers.
#pragma once

#include <cstddef>

#include "config/limits.h"

namespace fieldpost::limits {

inline constexpr std::size_t coap_devices_max = 64;
// Its source is "coap:" and this.
inline constexpr std::size_t coap_identity_bytes_max = source_bytes_max - 5;
inline constexpr std::size_t coap_key_bytes_min = 16;
inline constexpr std::size_t coap_key_bytes_max = 32;
inline constexpr unsigned int coap_sessions_max = 64;  // idle ones; the oldest makes room
inline constexpr unsigned int coap_handshakes_max = 16;
inline constexpr std::size_t coap_requests_max = 8;  // on their way to the agent, or waiting for it
inline constexpr std::size_t coap_bodies_max = 4;    // that come in blocks
inline constexpr std::size_t coap_observers_max = 32;
inline constexpr std::size_t coap_observers_per_device_max = 8;
// Requests that are remembered for EXCHANGE_LIFETIME, with their answers, and how many of them may
// be one device's.
inline constexpr std::size_t coap_repeats_max = 1024;
inline constexpr std::size_t coap_repeats_per_device_max = coap_repeats_max / 4;
inline constexpr std::size_t coap_answer_bytes_max = 192;  // that is remembered

}  // namespace fieldpost::limits
