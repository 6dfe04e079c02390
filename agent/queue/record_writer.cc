#include "agent/queue/record_writer.h"

#include <cstring>
#include <string_view>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"

namespace fieldpost {
namespace {

class Writer {
 public:
  Writer(std::span<std::byte> room, RecordKind kind) : room_(room) {
    number(static_cast<std::uint8_t>(kind));
    zeros(kRecordBodyAt - 1);
  }

  template <typename Integer>
  Writer& number(Integer value) {
    return number(value, sizeof(Integer));
  }

  Writer& zeros(std::size_t count) {
    if (take(count)) std::memset(room_.data() + used_ - count, 0, count);
    return *this;
  }

  Writer& bytes(std::span<const std::byte> value) {
    if (take(value.size()) && !value.empty()) {
      std::memcpy(room_.data() + used_ - value.size(), value.data(), value.size());
    }
    return *this;
  }

  Writer& text(std::string_view value) {
    number(static_cast<std::uint16_t>(value.size()));
    return bytes(std::as_bytes(std::span(value)));
  }

  Writer& stamp(const Stamp& value) {
    return number(value.boot).number(value.at.ms).number(value.wall.s);
  }

  std::size_t finish() {
    if (overflowed_) return 0;
    store_le<std::uint16_t>(room_.subspan<kRecordBytesAt, 2>(),
                            static_cast<std::uint16_t>(used_ - kRecordBodyAt));
    const std::uint32_t sum = crc32c(room_.first(kRecordCrcAt));
    store_le<std::uint32_t>(room_.subspan<kRecordCrcAt, 4>(),
                            crc32c(room_.subspan(kRecordBodyAt, used_ - kRecordBodyAt), sum));
    return used_;
  }

 private:
  Writer& number(std::uint64_t value, std::size_t count) {
    if (!take(count)) return *this;
    for (std::size_t at = used_ - count; at < used_; ++at, value >>= 8) {
      room_[at] = static_cast<std::byte>(value);
    }
    return *this;
  }

  bool take(std::size_t count) {
    if (overflowed_ || count > room_.size() - used_) {
      overflowed_ = true;
      return false;
    }
    used_ += count;
    return true;
  }

  std::span<std::byte> room_;
  std::size_t used_ = 0;
  bool overflowed_ = false;
};

// What is kept of a message for as long as its history.
void put_message(Writer& out, MessageId id, const Stamp& created, const Message& message,
                 std::size_t values) {
  out.number(id).stamp(created).number(message.ttl.ms).number(message.not_before.s);
  out.number(message.retry_of).number(static_cast<std::uint8_t>(message.on_uncertain));
  out.number(static_cast<std::uint8_t>(values)).zeros(2);
  out.text(message.scenario.view()).text(message.to.view()).text(message.language.view());
  out.text(message.key.view()).text(message.topic.view()).text(message.operator_name.view());
  out.text(message.source.view());
}

void put_standing(Writer& out, MessageId id, const Stamp& changed, const Standing& standing) {
  out.number(id).number(static_cast<std::uint8_t>(standing.state));
  out.number(static_cast<std::uint8_t>(standing.reason)).number(standing.attempts);
  out.number(static_cast<std::uint32_t>(standing.code)).stamp(changed);
  out.stamp(standing.accepted_at).stamp(standing.delivered_at);
  out.text(standing.message_id.view()).text(standing.detail.view());
}

}  // namespace

std::size_t write_store(std::span<std::byte> room, const StoreFacts& facts) {
  Writer out(room, RecordKind::store);
  out.bytes(facts.id).number(facts.compatible_flags).number(facts.incompatible_flags);
  out.number(facts.segment_bytes).number(facts.segments).number(facts.write_unit);
  out.number(static_cast<std::uint8_t>(facts.erase_first)).zeros(3).number(facts.next_id);
  return out.finish();
}

std::size_t write_message(std::span<std::byte> room, MessageId id, const Stamp& created,
                          const Message& message) {
  Writer out(room, RecordKind::message);
  put_message(out, id, created, message, message.values.count());
  out.text(message.template_name.view()).text(message.template_namespace.view());
  for (std::size_t i = 0; i < message.values.count(); ++i) out.text(message.values[i]);
  return out.finish();
}

std::size_t write_standing(std::span<std::byte> room, MessageId id, const Stamp& changed,
                           const Standing& standing) {
  Writer out(room, RecordKind::standing);
  put_standing(out, id, changed, standing);
  return out.finish();
}

std::size_t write_ended(std::span<std::byte> room, const Stamp& changed, const Standing& standing,
                        const Message& message) {
  Writer out(room, RecordKind::ended);
  put_standing(out, message.id, changed, standing);
  put_message(out, message.id, message.created, message, 0);
  out.text({}).text({});
  return out.finish();
}

std::size_t write_history(std::span<std::byte> room, std::span<const std::byte> ended) {
  Writer out(room, RecordKind::history);
  out.bytes(ended);
  return out.finish();
}

std::size_t write_skipped(std::span<std::byte> room, const Skipped& skipped) {
  Writer out(room, RecordKind::skipped);
  out.number(static_cast<std::uint8_t>(skipped.cause)).zeros(3).number(skipped.segment);
  out.number(skipped.lap).number(skipped.offset).number(skipped.bytes).zeros(4);
  out.number(skipped.first_number).number(skipped.numbers);
  return out.finish();
}

std::size_t write_key(std::span<std::byte> room, const Known& known) {
  Writer out(room, RecordKind::key);
  out.number(known.name).number(known.content).number(known.id);
  out.number(static_cast<std::uint8_t>(known.state)).zeros(3);
  return out.finish();
}

std::size_t write_setting(std::span<std::byte> room, std::uint16_t which, std::uint64_t value) {
  Writer out(room, RecordKind::setting);
  out.number(which).number(value);
  return out.finish();
}

std::size_t write_blocked(std::span<std::byte> room, std::uint64_t number_hash, bool on) {
  Writer out(room, RecordKind::blocked);
  out.number(number_hash).number(static_cast<std::uint8_t>(on)).zeros(3);
  return out.finish();
}

std::size_t write_mark(std::span<std::byte> room) {
  Writer out(room, RecordKind::mark);
  return out.finish();
}

}  // namespace fieldpost
