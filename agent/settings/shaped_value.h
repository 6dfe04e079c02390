// Values with a shape of their own: what is in them goes into several members.
#pragma once

#include "agent/base/text_writer.h"
#include "agent/json/tree.h"
#include "agent/settings/key.h"
#include "agent/settings/reading.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// {"from": "22:00", "to": "07:00", "zone": "Europe/Berlin"} or "none"
bool read_quiet(JsonView value, QuietHours& to, Settings& all, Reading& reading);
void put_quiet(const QuietHours& from, const Settings& all, TextWriter& out);

// [10, 11]
bool read_national_digits(JsonView value, PhoneSettings& to, Reading& reading);
void put_national_digits(const PhoneSettings& from, TextWriter& out);

// Which local users and groups may do what:
// [{"group": "kiosk", "rights": ["send"], "scenarios": ["next-step"], "share": "50%"}, …]
// and which apps, by the SHA-256 of their tokens; of the same form with "name" and "token_sha256".
// `kind`: allow or apps.
bool read_allowances(JsonView value, ValueKind kind, AllowanceList& to, Settings& all,
                     Reading& reading);
void put_allowances(ValueKind kind, const AllowanceList& from, const Settings& all,
                    TextWriter& out);
void put_app(const Allowance& one, const Settings& all, TextWriter& out);
bool read_rights(JsonView value, Allowance& to, Reading& reading);
void put_rights(const Allowance& from, TextWriter& out);

// Of a template. The five scenarios have their fields; only others can be given some.
bool read_fields(JsonView value, const Key&, TemplateSettings& owner, Reading& reading);
void put_fields(const TemplateSettings& owner, const Settings& all, TextWriter& out);
bool read_template_text(JsonView value, TemplateSettings& owner, Settings& all, Reading& reading);
void put_template_text(const TemplateSettings& owner, const Settings& all, TextWriter& out);

}  // namespace fieldpost
