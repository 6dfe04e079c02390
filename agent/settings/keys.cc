#include "agent/settings/keys.h"

#include "agent/settings/key_row.h"

namespace fieldpost {
namespace {

using namespace rows;

constexpr Duration kDay = 24_h, kYears10{3650 * kDay.ms};

}  // namespace

constexpr std::array<Key, kKeyCount> kKeys{{
#define AT(member) KEY_MEMBER(Settings, member)
    required(text("api.base_url", AT(api.base_url), TextForm::api_url)),
    required(text("api.channel", AT(api.channel), TextForm::channel)),
    required(list("api.token_file", AT(api.token_files), TextForm::absolute_path, 1,
                  ValueKind::list_or_one)),
    text("api.ca_file", AT(api.ca_file), TextForm::absolute_path),
    list("api.pins", AT(api.pins), TextForm::key_pin, 0),
    text("api.proxy", AT(api.proxy), TextForm::proxy_url, Absent::none),
    text("api.proxy_login_file", AT(api.proxy_login_file), TextForm::absolute_path, Absent::none),
    text("api.interface", AT(api.interface), TextForm::interface, Absent::any),
    wait("api.connect_timeout", AT(api.connect_timeout), 100_ms, 10_min),
    wait("api.answer_timeout", AT(api.answer_timeout), 100_ms, 10_min),

    required(text("queue.path", AT(queue.path), TextForm::absolute_path)),
    own("queue.size", AT(queue.size_bytes)),
    whole("queue.messages_max", AT(queue.messages_max), 1, limits::queue_messages_max),
    own("queue.write_unit", AT(queue.write_unit)),
    own("queue.volatile", AT(queue.is_volatile)),
    own("queue.held_share", AT(queue.held_share_percent)),

    wait("retry.first", AT(retry.first), 100_ms, 1_h),
    wait("retry.max", AT(retry.max), 1_s, Duration{7 * kDay.ms}),
    wait("retry.spread", AT(retry.spread), 0_s, kDay, ValueKind::wait_or_none),

    wait("pace.per_recipient", AT(pace.per_recipient), 0_s, kDay, ValueKind::wait_or_none),
    whole("pace.per_recipient_per_day", AT(pace.per_recipient_per_day), 1, 100'000),
    whole("pace.per_second", AT(pace.per_second), 1, 1000),
    own("pace.quiet", AT(pace.quiet)),

    wait("uncertain.patience", AT(uncertain.patience), 0_s, Duration{7 * kDay.ms}),
    wait("uncertain.held_for", AT(uncertain.held_for), 1_h, kYears10),

    word("tracking.until", AT(tracking.until), WordSet::track_until),
    wait("tracking.for", AT(tracking.during), 1_min, Duration{30 * kDay.ms}),

    text("intake.socket", AT(intake.socket), TextForm::socket_path),
    own("intake.allow", AT(intake.allow)),
    apps("intake.apps", AT(intake.apps)),
    wait("intake.same_within", AT(intake.same_within), 0_s, Duration{7 * kDay.ms},
         ValueKind::wait_or_none),
    whole("intake.keys", AT(intake.keys), 0, limits::keys_max),
    text("intake.http", AT(intake.http), TextForm::loopback_port, Absent::off),
    list("intake.origins", AT(intake.origins), TextForm::origin, 0),
    text("intake.folder", AT(intake.folder), TextForm::absolute_path, Absent::off),
    text("intake.directory", AT(intake.directory), TextForm::absolute_path, Absent::none),
    text("intake.panel_pin_file", AT(intake.panel_pin_file), TextForm::absolute_path, Absent::none),
    own("intake.panel_open", AT(intake.panel_open)),
    text("intake.webhook", AT(intake.webhook), TextForm::loopback_port, Absent::off),
    text("intake.webhook_path_file", AT(intake.webhook_path_file), TextForm::absolute_path,
         Absent::none),

    text("phone.country_code", AT(phone.country_code), TextForm::country_code, Absent::empty),
    text("phone.national_prefix", AT(phone.national_prefix), TextForm::digits, Absent::empty),
    own("phone.national_digits", AT(phone)),

    text("device.name", AT(device_name), TextForm::any, Absent::empty),
    wait("history.personal_for", AT(personal_for), 1_h, kYears10, ValueKind::wait_or_none),
    word("log.target", AT(log_target), WordSet::log_target),
    word("log.level", AT(log_level), WordSet::log_level),
    wait("log.heartbeat", AT(heartbeat), 10_s, kDay, ValueKind::wait_or_none),
    word("sandbox", AT(sandbox), WordSet::sandbox),
#undef AT
}};

constexpr std::array<Key, kTemplateKeyCount> kTemplateKeys{{
#define AT(member) KEY_MEMBER(TemplateSettings, member)
    required(text("name", AT(name), TextForm::any)),
    required(text("namespace", AT(name_space), TextForm::any)),
    required(text("language", AT(language), TextForm::language)),
    wait("ttl", AT(ttl), 1_min, kYears10, ValueKind::wait_or_none),
    word("on_uncertain", AT(on_uncertain), WordSet::on_uncertain),
    own("require_opt_in", AT(require_opt_in)),
    list("fields", AT(fields), TextForm::field_name, 1, ValueKind::template_fields),
    own("text", KeyMember<TemplateSettings>{0}),
#undef AT
}};

// A row too few would be a key without a name.
static_assert(kKeys.back().name != nullptr && kTemplateKeys.back().name != nullptr);

}  // namespace fieldpost
