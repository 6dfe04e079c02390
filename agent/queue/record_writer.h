// Writes the records of format.h, each whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "agent/message/message.h"
#include "agent/queue/format.h"
#include "agent/queue/record_reader.h"
#include "agent/queue/remembered.h"

namespace fieldpost {

// Each returns how many bytes the record has at the start of `room`; 0 when there is no room for
// it, and then what `room` holds means nothing.
std::size_t write_store(std::span<std::byte> room, const StoreFacts& facts);
std::size_t write_message(std::span<std::byte> room, MessageId id, const Stamp& created,
                          const Message& message);
std::size_t write_standing(std::span<std::byte> room, MessageId id, const Stamp& changed,
                           const Standing& standing);
std::size_t write_ended(std::span<std::byte> room, const Stamp& changed, const Standing& standing,
                        const Message& message);
// Of the body of an ended record, or of a history.
std::size_t write_history(std::span<std::byte> room, std::span<const std::byte> ended);
std::size_t write_skipped(std::span<std::byte> room, const Skipped& skipped);
std::size_t write_key(std::span<std::byte> room, const Known& known);
std::size_t write_setting(std::span<std::byte> room, std::uint16_t which, std::uint64_t value);
std::size_t write_blocked(std::span<std::byte> room, std::uint64_t number_hash, bool on);
std::size_t write_mark(std::span<std::byte> room);

}  // namespace fieldpost
