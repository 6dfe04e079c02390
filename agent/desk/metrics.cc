#include "agent/desk/metrics.h"

#include <array>

#include "agent/base/packed_text.h"
#include "agent/message/state.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::string_view kPrefix = "fieldpost_";

// A name and its help. What ends in _total only grows while the agent runs.
constexpr PackedWords kMetrics =
    "oldest_age_seconds For how long the oldest message that waits has done so; 0 if none does.\n"
    "agent_running Whether an agent looks after the queue.\n"
    "network_up Whether the last try got through to 1MSG.\n"
    "channel_open Whether the channel takes messages.\n"
    "paused Whether a person has paused sending.\n"
    "configuration_rejected Whether a wrong configuration keeps everything waiting.\n"
    "store_size_bytes The queue's region on flash.\n"
    "store_used_bytes What the messages on their way take of it.\n"
    "store_room_bytes How much they may take: then the queue is full.\n"
    "store_messages Messages on their way.\n"
    "store_messages_max How many may be on their way.\n"
    "store_written_bytes_total Bytes written to the region.\n"
    "store_syncs_total Syncs of the region.\n"
    "store_wear_least How often the least worn segment has been begun, for life.\n"
    "store_wear_most How often the most worn segment has been begun, for life.\n"
    "store_torn_units Units that power loss had cut, at the last start.\n"
    "store_corrupt_units Units that could not be read.\n"
    "store_failed Whether the flash gave an error: nothing is taken or sent.\n"
    "store_volatile Whether the region is in memory.\n"_packed_words;

void put_about(TextWriter& out, std::string_view name_and_help) {
  const std::string_view name = name_and_help.substr(0, name_and_help.find(' '));
  out.put("# HELP ").put(kPrefix).put(name_and_help).put("\n# TYPE ").put(kPrefix).put(name);
  out.put(name.ends_with("_total") ? " counter\n" : " gauge\n").put(kPrefix).put(name);
}

}  // namespace

void put_metrics(TextWriter& out, const StatusReport& status) {
  const std::array values = std::to_array<std::uint64_t>({
      status.oldest_age.ms / 1000,
      status.running,
      status.network_up,
      status.channel == Reason::none,
      status.paused,
      status.configuration_rejected,
      status.store_bytes,
      status.store_used_bytes,
      status.store_room_bytes,
      status.live,
      status.live_max,
      status.bytes_written,
      status.syncs,
      status.begun_least,
      status.begun_most,
      status.torn_units,
      status.corrupt_units,
      status.store_failed,
      status.store_volatile,
  });
  static_assert(values.size() == kMetrics.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    TextBuffer<128> words;
    words.put(kMetrics[i]);
    ASSERT(!words.overflowed());
    put_about(out, words.written());
    out.put(' ').put_number(values[i]).put('\n');
  }
  put_about(out, "messages By state; those that ended for as long as the log holds them.");
  for (std::size_t i = 0; i < kStates; ++i) {
    if (i != 0) out.put(kPrefix).put("messages");
    out.put("{state=\"").put(to_text(static_cast<State>(i))).put("\"} ");
    out.put_number(status.counts[i]).put('\n');
  }
}

}  // namespace fieldpost
