#include "agent/settings/keys.h"

#include <cstring>

#include "agent/base/utf8.h"
#include "agent/scenario/scenario.h"
#include "agent/settings/allow.h"
#include "agent/settings/value.h"

namespace fieldpost {
namespace {

enum Need : bool { optional = false, required = true };

// A member of one section: key<&Settings::queue, &QueueSettings::path, …>.
template <auto kSection, auto kMember, typename Kind>
constexpr Key<Settings> key(std::string_view name, Need need = optional) {
  return {name, need,
          [](JsonView value, Settings&, Settings& owner, Reading& reading) {
            return Kind::read(value, owner.*kSection.*kMember, reading);
          },
          [](const Settings&, const Settings& owner, TextWriter& out) {
            Kind::put(owner.*kSection.*kMember, out);
          }};
}

// A member of Settings or of TemplateSettings itself.
template <typename Owner, auto kMember, typename Kind>
constexpr Key<Owner> key_of(std::string_view name, Need need = optional) {
  return {
      name, need,
      [](JsonView value, Settings&, Owner& owner, Reading& reading) {
        return Kind::read(value, owner.*kMember, reading);
      },
      [](const Settings&, const Owner& owner, TextWriter& out) { Kind::put(owner.*kMember, out); }};
}
template <auto kMember, typename Kind>
constexpr auto template_key = key_of<TemplateSettings, kMember, Kind>;

template <typename Enum, std::size_t N>
struct Words {
  std::array<std::string_view, N> words;
  std::array<Enum, N> values;
};
constexpr Words<OnUncertain, 2> kOnUncertain{{"hold", "resend"},
                                             {OnUncertain::hold, OnUncertain::resend}};
constexpr Words<TrackUntil, 3> kTrackUntil{
    {"accepted", "delivered", "read"},
    {TrackUntil::accepted, TrackUntil::delivered, TrackUntil::read}};
constexpr Words<LogTarget, 3> kLogTarget{
    {"auto", "stderr", "syslog"},
    {LogTarget::automatic, LogTarget::standard_error, LogTarget::syslog}};
constexpr Words<LogLevel, 5> kLogLevel{
    {"error", "warning", "notice", "info", "debug"},
    {LogLevel::error, LogLevel::warning, LogLevel::notice, LogLevel::info, LogLevel::debug}};
constexpr Words<SandboxSetting, 3> kSandbox{
    {"auto", "required", "off"},
    {SandboxSetting::automatic, SandboxSetting::required, SandboxSetting::off}};

constexpr std::uint64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                        kDay = 24 * kHour, kYears10 = 3650 * kDay;

// The approved text goes into the room that all templates share.
bool read_template_text(JsonView value, Settings& all, TemplateSettings& owner, Reading& reading) {
  const auto text = value.string();
  if (!text) return reading.refuse("must be a text in quotes");
  if (count_characters(*text) > limits::text_chars_max) {
    return reading.refuse("must have at most 1024 characters, which is all WhatsApp takes");
  }
  std::size_t used = 0;
  for (const TemplateSettings& one : all.templates) {
    if (&one == &owner) continue;
    used = std::max<std::size_t>(used, one.text_at + std::size_t{one.text_bytes});
  }
  // A text that a later file replaces may leave a hole; the room is for 16 of the longest.
  if (text->size() > all.texts.size() - used) {
    return reading.refuse("leaves no room: the texts of all templates have 16 KiB together");
  }
  std::memcpy(all.texts.data() + used, text->data(), text->size());
  owner.text_at = static_cast<std::uint16_t>(used);
  owner.text_bytes = static_cast<std::uint16_t>(text->size());
  return true;
}
static_assert(limits::template_texts_bytes_max <= UINT16_MAX);

void put_template_text(const Settings& all, const TemplateSettings& owner, TextWriter& out) {
  const auto scenario = find_scenario(all, owner.scenario.view());
  put_json_string(out, scenario ? scenario->text : all.text_of(owner));
}

// The five have theirs: a person who reads the effective values wants to see them.
void put_fields(const Settings& all, const TemplateSettings& owner, TextWriter& out) {
  const auto scenario = find_scenario(all, owner.scenario.view());
  out.put('[');
  for (std::size_t i = 0; scenario && i < scenario->field_count; ++i) {
    if (i > 0) out.put(',');
    put_json_string(out, scenario->field_names[i]);
  }
  out.put(']');
}

bool read_fields(JsonView value, Settings&, TemplateSettings& owner, Reading& reading) {
  if (find_known_scenario(owner.scenario.view()) != nullptr) {
    return reading.refuse("must not be set: this scenario has its fields already");
  }
  return ListValue<field_name, 1>::read(value, owner.fields, reading);
}

bool read_national_digits(JsonView value, Settings&, Settings& owner, Reading& reading) {
  auto& to = owner.phone.national_digits;
  auto& count = owner.phone.national_digits_count;
  count = 0;
  if (!value.is_array() || value.size() > to.size()) {
    reading.words.put("must be a list of at most ").put_number(to.size()).put(" numbers");
    return false;
  }
  for (const JsonView one : value) {
    reading.path.push_index(count);
    if (!WholeValue<1, limits::phone_digits_max>::read(one, to[count], reading)) return false;
    reading.path.pop();
    ++count;
  }
  return true;
}

void put_national_digits(const Settings&, const Settings& owner, TextWriter& out) {
  out.put('[');
  for (std::size_t i = 0; i < owner.phone.national_digits_count; ++i) {
    if (i > 0) out.put(',');
    out.put_number(owner.phone.national_digits[i]);
  }
  out.put(']');
}

using S = Settings;
using T = TemplateSettings;

}  // namespace

constexpr std::array<Key<Settings>, kKeyCount> kKeys{{
    key<&S::api, &ApiSettings::base_url, TextValue<api_url>>("api.base_url", required),
    key<&S::api, &ApiSettings::channel, TextValue<channel_id>>("api.channel", required),
    key<&S::api, &ApiSettings::token_files, ListValue<absolute_path, 1, true>>("api.token_file",
                                                                               required),
    key<&S::api, &ApiSettings::ca_file, TextValue<absolute_path>>("api.ca_file"),
    key<&S::api, &ApiSettings::pins, ListValue<key_pin, 0>>("api.pins"),
    key<&S::api, &ApiSettings::proxy, TextValue<proxy_url, kNone>>("api.proxy"),
    key<&S::api, &ApiSettings::interface, TextValue<interface_name, kAny>>("api.interface"),
    key<&S::api, &ApiSettings::connect_timeout, WaitValue<100, 10 * kMinute>>(
        "api.connect_timeout"),
    key<&S::api, &ApiSettings::answer_timeout, WaitValue<100, 10 * kMinute>>("api.answer_timeout"),

    key<&S::queue, &QueueSettings::path, TextValue<absolute_path>>("queue.path", required),
    key<&S::queue, &QueueSettings::size_bytes,
        BytesValue<limits::segments_min * limits::segment_bytes,
                   limits::segments_max * limits::segment_bytes, limits::segment_bytes>>(
        "queue.size"),
    key<&S::queue, &QueueSettings::messages_max, WholeValue<1, limits::queue_messages_max>>(
        "queue.messages_max"),
    key<&S::queue, &QueueSettings::write_unit, WriteUnitValue>("queue.write_unit"),
    key<&S::queue, &QueueSettings::is_volatile, FlagValue>("queue.volatile"),
    key<&S::queue, &QueueSettings::held_share_percent, PercentValue>("queue.held_share"),

    key<&S::retry, &RetrySettings::first, WaitValue<100, kHour>>("retry.first"),
    key<&S::retry, &RetrySettings::max, WaitValue<kSecond, 7 * kDay>>("retry.max"),
    key<&S::retry, &RetrySettings::spread, WaitValue<0, kDay, true>>("retry.spread"),

    key<&S::pace, &PaceSettings::per_recipient, WaitValue<0, kDay, true>>("pace.per_recipient"),
    key<&S::pace, &PaceSettings::per_recipient_per_day, WholeValue<1, 100'000>>(
        "pace.per_recipient_per_day"),
    key<&S::pace, &PaceSettings::per_second, WholeValue<1, 1000>>("pace.per_second"),
    key<&S::pace, &PaceSettings::quiet, QuietValue>("pace.quiet"),

    key<&S::uncertain, &UncertainSettings::patience, WaitValue<0, 7 * kDay>>("uncertain.patience"),
    key<&S::uncertain, &UncertainSettings::held_for, WaitValue<kHour, kYears10>>(
        "uncertain.held_for"),

    key<&S::tracking, &TrackingSettings::until, WordValue<kTrackUntil>>("tracking.until"),
    key<&S::tracking, &TrackingSettings::during, WaitValue<kMinute, 30 * kDay>>("tracking.for"),

    key<&S::intake, &IntakeSettings::socket, TextValue<socket_path>>("intake.socket"),
    key_of<S, &S::intake, AllowValue>("intake.allow"),
    key<&S::intake, &IntakeSettings::same_within, WaitValue<0, 7 * kDay, true>>(
        "intake.same_within"),
    key<&S::intake, &IntakeSettings::keys, WholeValue<0, limits::queue_messages_max>>(
        "intake.keys"),
    key<&S::intake, &IntakeSettings::http, TextValue<loopback_port, kOff>>("intake.http"),
    key<&S::intake, &IntakeSettings::folder, TextValue<absolute_path, kOff>>("intake.folder"),
    key<&S::intake, &IntakeSettings::directory, TextValue<absolute_path, kNone>>(
        "intake.directory"),
    key<&S::intake, &IntakeSettings::panel_pin_file, TextValue<absolute_path, kNone>>(
        "intake.panel_pin_file"),
    key<&S::intake, &IntakeSettings::panel_open, FlagValue>("intake.panel_open"),
    key<&S::intake, &IntakeSettings::webhook, SecretPath>("intake.webhook"),

    key<&S::phone, &PhoneSettings::country_code, TextValue<country_code, kEmpty>>(
        "phone.country_code"),
    key<&S::phone, &PhoneSettings::national_prefix, TextValue<some_digits, kEmpty>>(
        "phone.national_prefix"),
    {"phone.national_digits", optional, read_national_digits, put_national_digits},

    key_of<S, &S::device_name, TextValue<any_text, kEmpty>>("device.name"),
    key_of<S, &S::personal_for, WaitValue<kHour, kYears10>>("history.personal_for"),
    key_of<S, &S::log_target, WordValue<kLogTarget>>("log.target"),
    key_of<S, &S::log_level, WordValue<kLogLevel>>("log.level"),
    key_of<S, &S::sandbox, WordValue<kSandbox>>("sandbox"),
}};

constexpr std::array<Key<TemplateSettings>, kTemplateKeyCount> kTemplateKeys{{
    key_of<T, &T::name, TextValue<any_text>>("name", required),
    key_of<T, &T::name_space, TextValue<any_text>>("namespace", required),
    key_of<T, &T::language, TextValue<language_code>>("language", required),
    key_of<T, &T::ttl, WaitValue<kMinute, kYears10, true>>("ttl"),
    key_of<T, &T::on_uncertain, WordValue<kOnUncertain>>("on_uncertain"),
    key_of<T, &T::require_opt_in, FlagValue>("require_opt_in"),
    {"fields", optional, read_fields, put_fields},
    {"text", optional, read_template_text, put_template_text},
}};

// A row too few would be a key without a name.
static_assert(!kKeys.back().name.empty() && !kTemplateKeys.back().name.empty());

}  // namespace fieldpost
