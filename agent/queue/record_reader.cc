#include "agent/queue/record_reader.h"

#include <algorithm>
#include <string_view>

#include "agent/base/bytes.h"
#include "agent/base/crc32c.h"

namespace fieldpost {
namespace {

// Reads fields one after the other; the first that is not there spoils all that follow, so that
// one look at the end is enough.
class Fields {
 public:
  explicit Fields(std::span<const std::byte> bytes) : left_(bytes) {}

  template <typename Integer>
  Integer number() {
    return static_cast<Integer>(number_of(sizeof(Integer)));
  }
  std::span<const std::byte> take(std::size_t count) {
    if (count > left_.size()) {
      spoiled_ = true;
      left_ = {};
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  std::string_view text() {
    const auto bytes = take(number<std::uint16_t>());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  template <std::size_t N>
  void text(FixedText<N>& out) {
    text(AnyFixedText(&out, N));
  }
  void text(const AnyFixedText& out) {
    if (out.assign(text()) != Status::ok) spoiled_ = true;
  }
  Stamp stamp() {
    Stamp stamp;
    stamp.boot = number<std::uint64_t>();
    stamp.at.ms = number<std::uint64_t>();
    stamp.wall.s = number<std::uint64_t>();
    return stamp;
  }
  void spoil() { spoiled_ = true; }
  Status end() const { return spoiled_ ? Status::corrupt : Status::ok; }

 private:
  std::uint64_t number_of(std::size_t count) {
    const auto bytes = take(count);
    std::uint64_t number = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
      number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
    }
    return number;
  }

  std::span<const std::byte> left_;
  bool spoiled_ = false;
};

void take_message(Fields& in, Message& out) {
  out.id = in.number<std::uint64_t>();
  out.created = in.stamp();
  out.ttl.ms = in.number<std::uint64_t>();
  out.not_before.s = in.number<std::uint64_t>();
  out.retry_of = in.number<std::uint64_t>();
  const auto on_uncertain = in.number<std::uint8_t>();
  if (on_uncertain > static_cast<std::uint8_t>(OnUncertain::resend)) in.spoil();
  out.on_uncertain = on_uncertain == 0 ? OnUncertain::hold : OnUncertain::resend;
  const std::size_t values = in.number<std::uint8_t>();
  in.take(2);
  in.text(out.scenario);
  in.text(out.to);
  in.text(out.language);
  in.text(out.key);
  in.text(out.topic);
  in.text(out.operator_name);
  in.text(out.source);
  in.text(out.template_name);
  in.text(out.template_namespace);
  out.values.clear();
  for (std::size_t i = 0; i < values; ++i) {
    if (out.values.add(in.text()) != Status::ok) in.spoil();
  }
}

void take_standing(Fields& in, Standing& out) {
  in.take(8);  // the id
  const auto state = static_cast<State>(in.number<std::uint8_t>());
  const auto reason = static_cast<Reason>(in.number<std::uint8_t>());
  if (!well_formed(state) || !well_formed(reason)) in.spoil();
  out.state = state;
  out.reason = reason;
  out.ended = false;
  out.attempts = in.number<std::uint16_t>();
  out.code = static_cast<std::int32_t>(in.number<std::uint32_t>());
  out.changed = in.stamp();
  out.accepted_at = in.stamp();
  out.delivered_at = in.stamp();
  in.text(out.message_id);
  in.text(out.detail);
}

}  // namespace

Status RecordReader::next(RecordView& record) {
  const auto left = records_.subspan(at_);
  if (left.empty()) return Status::not_found;
  if (left.size() < kRecordBodyAt) return Status::corrupt;
  const std::size_t body_bytes = load_le<std::uint16_t>(left.subspan<kRecordBytesAt, 2>());
  if (body_bytes > left.size() - kRecordBodyAt) return Status::corrupt;
  const auto body = left.subspan(kRecordBodyAt, body_bytes);
  if (sums_ == Sums::check && crc32c(body, crc32c(left.first(kRecordCrcAt))) !=
                                  load_le<std::uint32_t>(left.subspan<kRecordCrcAt, 4>())) {
    return Status::corrupt;
  }
  record.kind = static_cast<RecordKind>(left[kRecordKindAt]);
  record.body = body;
  record.whole = left.first(kRecordBodyAt + body_bytes);
  record.at = at_;
  at_ += record.whole.size();
  return Status::ok;
}

Status read_store(std::span<const std::byte> body, StoreFacts& out) {
  Fields in(body);
  const auto id = in.take(kStoreIdBytes);
  if (id.size() == kStoreIdBytes) std::copy(id.begin(), id.end(), out.id.begin());
  out.compatible_flags = in.number<std::uint32_t>();
  out.incompatible_flags = in.number<std::uint32_t>();
  out.segment_bytes = in.number<std::uint32_t>();
  out.segments = in.number<std::uint32_t>();
  out.write_unit = in.number<std::uint32_t>();
  out.erase_first = in.number<std::uint8_t>() != 0;
  in.take(3);
  out.next_id = in.number<std::uint64_t>();
  return in.end();
}

Status read_message(std::span<const std::byte> body, Message& out) {
  Fields in(body);
  take_message(in, out);
  return in.end();
}

Status read_standing(std::span<const std::byte> body, Standing& out) {
  Fields in(body);
  take_standing(in, out);
  return in.end();
}

Status read_ended(std::span<const std::byte> body, Message& out, Standing& standing) {
  Fields in(body);
  take_standing(in, standing);
  standing.ended = true;
  take_message(in, out);
  return in.end();
}

Status read_skipped(std::span<const std::byte> body, Skipped& out) {
  Fields in(body);
  const auto cause = in.number<std::uint8_t>();
  if (cause != static_cast<std::uint8_t>(SkipCause::torn) &&
      cause != static_cast<std::uint8_t>(SkipCause::corrupt)) {
    in.spoil();
  }
  out.cause = static_cast<SkipCause>(cause);
  in.take(3);
  out.segment = in.number<std::uint32_t>();
  out.lap = in.number<std::uint32_t>();
  out.offset = in.number<std::uint32_t>();
  out.bytes = in.number<std::uint32_t>();
  // One that ended before it begins would send a walk of the log back, for ever.
  if (out.bytes > UINT32_MAX - out.offset) in.spoil();
  in.take(4);
  out.first_number = in.number<std::uint64_t>();
  out.numbers = in.number<std::uint64_t>();
  return in.end();
}

Status read_setting(std::span<const std::byte> body, std::uint16_t& which, std::uint64_t& value) {
  Fields in(body);
  which = in.number<std::uint16_t>();
  value = in.number<std::uint64_t>();
  return in.end();
}

Status read_blocked(std::span<const std::byte> body, std::uint64_t& number_hash, bool& on) {
  Fields in(body);
  number_hash = in.number<std::uint64_t>();
  on = in.number<std::uint8_t>() != 0;
  return in.end();
}

Status read_key(std::span<const std::byte> body, Known& out) {
  Fields in(body);
  out.name = in.number<std::uint64_t>();
  out.content = in.number<std::uint64_t>();
  out.id = in.number<std::uint64_t>();
  out.state = static_cast<State>(in.number<std::uint8_t>());
  if (!well_formed(out.state)) in.spoil();
  return in.end();
}

MessageId id_of(const RecordView& record) {
  const std::size_t at = record.kind == RecordKind::key ? kKeyIdAt : 0;
  if (record.body.size() < at + 8) return 0;
  return load_le<std::uint64_t>(record.body.subspan(at).first<8>());
}

}  // namespace fieldpost
