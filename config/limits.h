// Every size in Fieldpost, with its owner, and the memory they add up to.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fieldpost::limits {

// --- A message ---------------------------------------------------------------------------------

inline constexpr std::size_t phone_digits_min = 6;   // 1MSG's automation node takes 6 to 15
inline constexpr std::size_t phone_digits_max = 15;  // ITU-T E.164, 6.1
inline constexpr std::size_t scenario_id_bytes_max = 32;
inline constexpr std::size_t scenarios_max = 32;  // the five and configured ones together
inline constexpr std::size_t fields_max = 10;     // variables in one template's body
inline constexpr std::size_t field_name_bytes_max = 32;

// A rendered body holds at most 1024 characters (Meta), four bytes each at most (RFC 3629, 3).
// All values of one message stand in the body, so together they are bounded by the same number.
inline constexpr std::size_t text_chars_max = 1024;
inline constexpr std::size_t values_bytes_max = text_chars_max * 4;

inline constexpr std::size_t template_name_bytes_max = 512;  // Meta, "name"
inline constexpr std::size_t namespace_bytes_max = 128;
inline constexpr std::size_t language_bytes_max = 16;  // "en", "pt_BR"
inline constexpr std::size_t key_bytes_max = 64;
inline constexpr std::size_t topic_bytes_max = 64;
inline constexpr std::size_t operator_bytes_max = 64;
inline constexpr std::size_t source_bytes_max = 32;       // the app or user that handed it in
inline constexpr std::size_t ref_bytes_max = 64;          // of an entry of intake.directory
inline constexpr std::size_t directory_line_bytes_max = 4 * 1024;
inline constexpr std::size_t directory_find_bytes_max = 64;
inline constexpr std::size_t message_id_bytes_max = 256;  // "wamid.…", opaque
inline constexpr std::size_t detail_bytes_max = 256;      // the API's words, redacted

// --- The queue ---------------------------------------------------------------------------------

inline constexpr std::size_t queue_messages_max = 4096;  // live at the same time
inline constexpr std::size_t queue_entry_bytes = 56;     // RAM for one of them
// Of either bound of the queue, one part in so many may be messages that are only tracked.
inline constexpr std::uint32_t tracked_share = 4;
inline constexpr std::size_t keys_max = 1024;            // remembered, whatever became of theirs
inline constexpr std::size_t recent_max = 256;           // remembered without a key, the newest
inline constexpr std::size_t known_bytes = 32;           // RAM for one of either
inline constexpr std::size_t blocked_max = 512;          // numbers that get no messages
inline constexpr std::size_t blocked_bytes = 12;         // RAM for one of them
inline constexpr std::size_t sends_known = 512;          // 12 bytes each: queue/sends.h
inline constexpr std::size_t segment_bytes = 64 * 1024;  // on a file; on MTD the erase block
inline constexpr std::size_t segments_min = 16;
inline constexpr std::size_t segments_max = 1024;           // 64 MiB in segments of 64 KiB
inline constexpr std::size_t commit_bytes_max = 16 * 1024;  // one write, one sync

// --- What goes over the network ----------------------------------------------------------------

inline constexpr std::size_t url_bytes_max = 256;   // api.base_url
inline constexpr std::size_t host_bytes_max = 253;  // RFC 1035, 2.3.4, without the root dot
inline constexpr std::size_t channel_bytes_max = 64;
inline constexpr std::size_t token_bytes_max = 512;
inline constexpr std::size_t path_bytes_max = 1024;  // of a request to the API, with its query
inline constexpr std::size_t request_head_bytes_max = 2048;
// JSON.stringify doubles quotes and backslashes; every other character of a value stays as it is.
inline constexpr std::size_t request_body_bytes_max = 2 * values_bytes_max + 2048;
inline constexpr std::size_t answer_head_bytes_max = 8 * 1024;
inline constexpr std::size_t answer_body_bytes_max = 16 * 1024;
// Of a chat's history, asked for in one answer: a text of a thousand letters has room beside its id.
inline constexpr std::size_t history_entries_max = answer_body_bytes_max / 1600;
// Of the list of templates; most take less than a kilobyte.
inline constexpr std::size_t templates_per_page = answer_body_bytes_max / 2048;
inline constexpr std::size_t templates_max = 512;  // looked through: 1MSG grants 250
inline constexpr std::size_t tls_heap_bytes = 62 * 1024;
inline constexpr std::size_t ticket_bytes_max = 1024;  // most take 200 bytes; one is kept
inline constexpr std::size_t ca_roots_max = 512;    // Debian's bundle holds 144
inline constexpr std::size_t name_servers_max = 3;  // resolv.conf(5), MAXNS
inline constexpr std::size_t addresses_max = 8;     // of one host, both families together

// --- What local programs say -------------------------------------------------------------------

inline constexpr std::size_t local_head_bytes_max = 4 * 1024;
inline constexpr std::size_t local_body_bytes_max = 16 * 1024;
inline constexpr std::size_t local_answer_bytes_max = 16 * 1024;  // one piece of an answer
inline constexpr std::size_t local_connections_max = 8;
inline constexpr std::size_t web_connections_max = 5;     // of them, at the loopback port
inline constexpr std::size_t connections_per_source = 3;  // of them; root's have no such bound
inline constexpr std::size_t origin_bytes_max = 96;       // "https://kiosk.example:8443"
inline constexpr std::size_t event_streams_max = 3;       // of them
inline constexpr std::size_t allowances_max = 8;  // entries of intake.allow, and of intake.apps
inline constexpr std::size_t allowed_scenarios_max = 12;                 // in one of them
inline constexpr std::size_t app_name_bytes_max = source_bytes_max - 4;  // behind "app:"
inline constexpr std::size_t rows_per_page = 4;
inline constexpr std::size_t panel_sessions_max = 4;  // of technicians at one device
inline constexpr std::size_t pin_bytes_min = 4;
inline constexpr std::size_t pin_bytes_max = 64;

// --- What 1MSG's callbacks say ------------------------------------------------------------------

// Of one callback; what it tells beyond that follows in further frames.
inline constexpr std::size_t news_at_once = 8;
inline constexpr std::size_t webhook_connections_max = 16;  // a few words each
inline constexpr std::size_t webhook_path_bytes_min = 32;   // without the slash

// --- JSON and the configuration ----------------------------------------------------------------

inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t json_open_keys_max = 512;      // in objects open at the same time
inline constexpr std::size_t json_arena_bytes = 64 * 1024;  // one tree of a request or an answer
inline constexpr std::size_t config_file_bytes_max = 64 * 1024;  // one file
inline constexpr std::size_t config_files_max = 16;              // fieldpost.json and conf.d
inline constexpr std::size_t config_arena_bytes =
    512 * 1024;  // supervisor only, at start and on SIGHUP
inline constexpr std::size_t config_line_bytes_max = 16 * 1024;  // one value with its origin
inline constexpr std::size_t file_path_bytes_max = 255;
inline constexpr std::size_t template_texts_bytes_max = 16 * 1024;  // Settings::texts

// --- Log -----------------------------------------------------------------------------------------

inline constexpr std::size_t log_line_bytes_max = 1024;

// --- The memory they add up to -----------------------------------------------------------------
//
// What each process of a running agent owns besides its stack and a few words of libc's. There is
// no heap. platform/linux/memory_budget.cc holds the objects against these numbers.

// Queue: the index, what is remembered, who is blocked, the pending commit, a window of the log, one
// message.
inline constexpr std::size_t queue_ram_bytes = queue_messages_max * queue_entry_bytes +
                                               (keys_max + recent_max) * known_bytes +
                                               blocked_max * blocked_bytes + segments_max * 4 +
                                               sends_known * 14 + 2 * commit_bytes_max + 13 * 1024;
// Agent: the message under way, one being looked at, the request, an answer with a page of rows, early
// news.
inline constexpr std::size_t agent_ram_bytes = 30 * 1024 + 512;
// Keeper: one frame in, one frame out.
inline constexpr std::size_t keeper_ram_bytes = 6 * 1024;
// UplinkProcess: an answer's head and body, one tree, the request in and out, the roots' index, what
// is kept of a TLS session.
inline constexpr std::size_t uplink_ram_bytes =
    answer_head_bytes_max + answer_body_bytes_max + json_arena_bytes + 38 * 1024;
// Gate: for each connection a request as it comes and a piece of its answer; the panel's sessions;
// the file being taken.
inline constexpr std::size_t gate_ram_bytes =
    local_connections_max *
        (local_head_bytes_max + local_body_bytes_max + local_answer_bytes_max + 4 * 1024) +
    17 * 1024 + 512;
// crc32c's table, in each process that sums.
inline constexpr std::size_t sum_table_bytes = 2 * 1024;
// Supervisor: the settings, and the orders of its children.
inline constexpr std::size_t supervisor_ram_bytes = 64 * 1024;

constexpr std::size_t ram_bytes_total() {
  std::size_t sum = 0;
  sum += 4 * sum_table_bytes;
  sum += supervisor_ram_bytes;
  sum += queue_ram_bytes + agent_ram_bytes + keeper_ram_bytes;  // the keeper
  sum += uplink_ram_bytes + tls_heap_bytes;                     // the uplink
  sum += gate_ram_bytes + json_arena_bytes;                     // the gate
  return sum;
}
// Most of it is touched only as far as it is used: tests/system/test_memory.py measures that.
static_assert(ram_bytes_total() <= 1024 * 1024, "see the memory table in README.md");

}  // namespace fieldpost::limits
