// The configuration, read and checked: every key of the file as a value with its default.
// Of fixed size and without pointers, so that it can be handed to another process as it is.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/log.h"
#include "agent/base/time.h"
#include "agent/message/message.h"
#include "config/limits.h"

namespace fieldpost {

using FilePath = FixedText<limits::file_path_bytes_max>;

// A list of short texts in the order in which they were written.
template <std::size_t Count, std::size_t Bytes>
struct TextList {
  std::uint16_t count = 0;
  std::array<FixedText<Bytes>, Count> items{};

  bool holds(std::string_view text) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (items[i].view() == text) return true;
    }
    return false;
  }
};

struct ApiSettings {
  FixedText<limits::url_bytes_max> base_url;  // without a slash at the end
  FixedText<limits::channel_bytes_max> channel;
  TextList<4, limits::file_path_bytes_max> token_files;  // tried in order on 401
  FilePath ca_file;
  TextList<4, 64> pins;  // SHA-256 of the SubjectPublicKeyInfo, base64 (RFC 7469, 2.4)
  FixedText<limits::url_bytes_max> proxy;  // empty = none
  FilePath proxy_login_file;               // empty = none
  FixedText<15> interface;                 // IFNAMSIZ less the end
  Duration connect_timeout = 10_s;
  Duration answer_timeout = 30_s;

  // http:// is for this very device, to which no proxy stands in the way.
  bool goes_by_proxy() const { return !proxy.empty() && base_url.view().starts_with("https"); }
};

struct TemplateSettings {
  FixedText<limits::scenario_id_bytes_max> scenario;
  FixedText<limits::template_name_bytes_max> name;
  FixedText<limits::namespace_bytes_max> name_space;
  FixedText<limits::language_bytes_max> language;
  Duration ttl = 72_h;  // 0 = none
  OnUncertain on_uncertain = OnUncertain::hold;
  bool require_opt_in = false;
  // For scenarios that the configuration defines itself; empty for the five.
  TextList<limits::fields_max, limits::field_name_bytes_max> fields;
  std::uint16_t text_at = 0;  // the approved text, for previews: text_of() finds it
  std::uint16_t text_bytes = 0;
};

struct QueueSettings {
  FilePath path;
  std::uint64_t size_bytes = 8ull << 20;
  std::uint32_t messages_max = limits::queue_messages_max;
  std::uint32_t write_unit = 0;  // 0 = auto
  bool is_volatile = false;
  std::uint8_t held_share_percent = 50;
};

struct RetrySettings {
  Duration first = 2_s;
  Duration max = 1_h;
  Duration spread = 10_min;
};

struct QuietHours {
  bool on = false;
  std::uint16_t from_minute = 0, to_minute = 0;  // of the day, in `zone`
  FixedText<64> zone;                            // "Europe/Berlin", "+02:00", or a rule
  FixedText<64> rule;                            // what it means: agent/schedule/zone.h
};

struct PaceSettings {
  Duration per_recipient = 6_s;
  std::uint32_t per_recipient_per_day = 20;
  std::uint32_t per_second = 10;
  QuietHours quiet;
};

struct UncertainSettings {
  Duration patience = 10_min;
  Duration held_for = Duration{30ull * 86'400'000};
};

enum class TrackUntil : std::uint8_t { accepted = 0, delivered = 1, read = 2 };
struct TrackingSettings {
  TrackUntil until = TrackUntil::delivered;
  Duration during = 24_h;  // `for` in the file
};

struct Allowance {                             // one entry of intake.allow or intake.apps
  FixedText<32> user;                          // either this
  FixedText<32> group;                         // or this
  FixedText<limits::app_name_bytes_max> name;  // or both of these: an app's
  FixedText<64> token_sha256;                  // in hexadecimal
  bool send = true, read_own = true, read_all = false, decide = false, reveal = false;
  bool relay = false;  // it may say for whom it asks (agent/desk/relay.h)
  TextList<limits::allowed_scenarios_max, limits::scenario_id_bytes_max> scenarios;  // none = all
  std::uint8_t share_percent = 100;
};

struct AllowanceList {
  std::uint16_t count = 0;
  std::array<Allowance, limits::allowances_max> items{};

  const Allowance* find(std::string_view name) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (items[i].name.view() == name) return &items[i];
    }
    return nullptr;
  }
};

using OriginList = TextList<4, limits::origin_bytes_max>;

struct IntakeSettings {
  FilePath socket;
  AllowanceList allow;
  AllowanceList apps;
  Duration same_within = 60_s;
  std::uint32_t keys = 1024;
  FixedText<64> http;       // "127.0.0.1:8040"; empty = off
  OriginList origins;       // whose pages may ask there
  FilePath folder;          // empty = off
  FilePath directory;       // empty = none
  FilePath panel_pin_file;  // empty = none
  bool panel_open = false;
  FixedText<64> webhook;       // "127.0.0.1:8089": where callbacks come in; empty = off
  FilePath webhook_path_file;  // with it
};

struct PhoneSettings {
  FixedText<3> country_code;
  FixedText<4> national_prefix;
  std::uint16_t national_digits_count = 0;
  std::array<std::uint8_t, 4> national_digits{};
};

enum class LogTarget : std::uint8_t { automatic = 0, standard_error = 1, syslog = 2 };
enum class SandboxSetting : std::uint8_t { automatic = 0, required = 1, off = 2 };

struct Settings {
  ApiSettings api;
  QueueSettings queue;
  RetrySettings retry;
  PaceSettings pace;
  UncertainSettings uncertain;
  TrackingSettings tracking;
  IntakeSettings intake;
  PhoneSettings phone;
  FixedText<64> device_name;  // empty = the host's name
  Duration personal_for = Duration{30ull * 86'400'000};
  LogTarget log_target = LogTarget::automatic;
  LogLevel log_level = LogLevel::info;
  Duration heartbeat{};  // 0 = none
  SandboxSetting sandbox = SandboxSetting::automatic;
  // What is large comes last, so that 16 bits hold the offset of every single key.
  std::uint16_t template_count = 0;
  std::array<TemplateSettings, limits::scenarios_max> templates{};
  // The texts of all templates, back to back: 4 KiB for each of 32 would mostly be empty.
  std::array<char, limits::template_texts_bytes_max> texts{};

  // nullptr: that scenario is not configured.
  const TemplateSettings* find_template(std::string_view scenario) const;
  std::string_view text_of(const TemplateSettings& one) const {
    return {texts.data() + one.text_at, one.text_bytes};
  }
};

}  // namespace fieldpost
