// Bad configurations, and the one line that each of them gets.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "agent/settings/reader.h"

namespace fieldpost {
namespace {

struct Bad {
  std::string_view more;   // from line 3 on
  std::string_view error;  // after "/etc/fieldpost/fieldpost.json:"
};

std::string error_of(std::string text) {
  static std::array<std::byte, limits::config_arena_bytes> room;
  const auto settings = std::make_unique<Settings>();
  const auto reader = std::make_unique<SettingsReader>(*settings, room);
  if (reader->add("/etc/fieldpost/fieldpost.json", text) == Status::ok) {
    EXPECT_EQ(reader->finish(), Status::invalid) << text;
  }
  return std::string(reader->error());
}

std::string with_required(std::string_view more) {
  return R"({"api": {"base_url": "https://api.1msg.io", "channel": "c", "token_file": "/t"},
"queue": {"path": "/q"},
)" + std::string(more) +
         "\n}";
}

constexpr Bad kBad[] = {
    // Unknown keys
    {R"("quee": {})", "3: quee: unknown key; did you mean queue?"},
    {R"("template": {})", "3: template: unknown key; did you mean templates?"},
    {R"("Sandbox": "auto")", "3: Sandbox: unknown key; did you mean sandbox?"},
    {R"("zzz": 1)", "3: zzz: unknown key"},
    {"\"retry\": {\n\"frist\": \"2s\"}", "4: retry.frist: unknown key; did you mean first?"},
    {R"("retry": {"timeout": "2s"})", "3: retry.timeout: unknown key"},
    {R"("log": {"Level": "info"})", "3: log.Level: unknown key; did you mean level?"},
    {R"("": 1)", "3: : unknown key"},
    {"\"a\\nb\": 1", "3: a?b: unknown key"},
    {R"("templates": {"next-step": {"name": "n", "namspace": "x"}})",
     "3: templates.next-step.namspace: unknown key; did you mean namespace?"},
    {R"("pace": {"quiet": {"from": "22:00", "until": "07:00", "zone": "UTC"}})",
     "3: pace.quiet.until: unknown key"},
    {R"("intake": {"allow": [{"user": "a"}, {"groups": "b"}]})",
     "3: intake.allow[1].groups: unknown key; did you mean group?"},
    // Gaps
    {"\"templates\": {\"next-step\": {\n\"name\": \"n\",\n\"namespace\": \"___\"}}",
     "5: templates.next-step.namespace: Missing configuration value: "
     "templates.next-step.namespace"},
    {"\"templates\": {\"next-step\": {\n\"name\": \"n\",\n\"namespace\": \" \"}}",
     "5: templates.next-step.namespace: Missing configuration value: "
     "templates.next-step.namespace"},
    {"\"templates\": {\n\"next-step\": {\n\"name\": \"n\", \"namespace\": \"x\"}}",
     "4: templates.next-step.language: Missing configuration value: templates.next-step.language"},
    {R"("templates": {"next-step": {}})",
     "3: templates.next-step.name: Missing configuration value: templates.next-step.name"},
    {R"("device": {"name": "___"})", "3: device.name: Missing configuration value: device.name"},
    {"\"intake\": {\"allow\": [{\"user\": \"a\"},\n{\"user\": \"___\"}]}",
     "4: intake.allow[1].user: Missing configuration value: intake.allow[1].user"},
    // Wrong types
    {R"("retry": [])", "3: retry: must be an object: { … }"},
    {R"("templates": [])", "3: templates: must be an object with a member for each scenario"},
    {R"("templates": {"next-step": "n"})", "3: templates.next-step: must be an object: { … }"},
    {R"("device": {"name": 7})", "3: device.name: must be a text in quotes"},
    {R"("device": {"name": null})", "3: device.name: must be a text in quotes"},
    {R"("intake": {"panel_open": "true"})", "3: intake.panel_open: must be true or false"},
    {R"("pace": {"per_second": "10"})",
     "3: pace.per_second: must be a whole number from 1 to 1000"},
    {R"("pace": {"per_second": 1.5})", "3: pace.per_second: must be a whole number from 1 to 1000"},
    {R"("pace": {"quiet": "22-7"})",
     R"(3: pace.quiet: must be {"from": "22:00", "to": "07:00", "zone": "…"} or "none")"},
    {R"("intake": {"allow": {"user": "a"}})", "3: intake.allow: must be a list of objects"},
    {R"("intake": {"allow": ["a"]})",
     R"(3: intake.allow[0]: must be an object with "user" or "group")"},
    // Out of range
    {R"("pace": {"per_second": 0})", "3: pace.per_second: must be a whole number from 1 to 1000"},
    {R"("pace": {"per_second": -1})", "3: pace.per_second: must be a whole number from 1 to 1000"},
    {R"("intake": {"keys": 5000})", "3: intake.keys: must be a whole number from 0 to 1024"},
    {R"("retry": {"first": "10"})", R"(3: retry.first: must be a time from "100ms" to "1h")"},
    {R"("retry": {"first": 10})", R"(3: retry.first: must be a time from "100ms" to "1h")"},
    {R"("retry": {"first": "2h"})", R"(3: retry.first: must be a time from "100ms" to "1h")"},
    {R"("retry": {"first": "none"})", R"(3: retry.first: must be a time from "100ms" to "1h")"},
    {R"("retry": {"spread": "10 m"})",
     R"(3: retry.spread: must be a time from "0s" to "1d", or "none")"},
    {"\"retry\": {\"first\": \"1m\",\n\"max\": \"10s\"}",
     "4: retry.max: must not be shorter than retry.first"},
    {R"("log": {"level": "verbose"})",
     R"(3: log.level: must be "error", "warning", "notice", "info" or "debug")"},
    {R"("sandbox": true)", R"(3: sandbox: must be "auto", "required" or "off")"},
    {R"("tracking": {"until": "sent"})",
     R"(3: tracking.until: must be "accepted", "delivered" or "read")"},
    {R"("pace": {"quiet": {"from": "24:00", "to": "07:00", "zone": "UTC"}})",
     R"(3: pace.quiet.from: must be a time of day such as "22:00")"},
    {R"("pace": {"quiet": {"from": "22:00", "to": "22:00", "zone": "UTC"}})",
     "3: pace.quiet: must not start when it ends"},
    {R"("pace": {"quiet": {"from": "22:00", "to": "07:00"}})",
     "3: pace.quiet.zone: must be a text in quotes"},
    {R"("pace": {"quiet": {"from": "22:00", "to": "07:00", "zone": "/etc/localtime"}})",
     R"(3: pace.quiet.zone: must be a time zone such as "Europe/Berlin" or "+02:00")"},
    // Scenarios
    {R"("templates": {"next_step": {"name": "n", "namespace": "x", "language": "en"}})",
     R"(3: templates.next_step: unknown scenario; one of your own needs "fields"; did you mean next-step?)"},
    {R"("templates": {"visit day": {}})",
     "3: templates.visit day: the name of a scenario must be letters, digits, - and _ only, at "
     "most "
     "32 of them"},
    {R"("templates": {"next-step": {"fields": ["a"]}})",
     "3: templates.next-step.fields: must not be set: this scenario has its fields already"},
    {R"("templates": {"visit": {"fields": []}})",
     "3: templates.visit.fields: must have from 1 to 10 entries"},
    {R"("templates": {"visit": {"fields": ["a", "ttl"]}})",
     "3: templates.visit.fields[1]: is reserved: to, key, topic, ttl, language, ref have a "
     "meaning"},
    {R"("templates": {"visit": {"fields": ["a", "b", "a"]}})",
     "3: templates.visit.fields[2]: is in the list twice"},
    {R"("templates": {"visit": {"fields": ["customer name"]}})",
     "3: templates.visit.fields[0]: must be letters, digits, - and _ only, at most 32 of them"},
    {R"("templates": {"next-step": {"language": "English"}})",
     R"(3: templates.next-step.language: must be a language such as "en" or "pt_BR")"},
    {R"("templates": {"next-step": {"on_uncertain": "retry"}})",
     R"(3: templates.next-step.on_uncertain: must be "hold" or "resend")"},
    {R"("templates": {"next-step": {"ttl": "30s"}})",
     R"(3: templates.next-step.ttl: must be a time from "1m" to "3650d", or "none")"},
    // Addresses and paths
    {R"("intake": {"http": "0.0.0.0:8040"})",
     R"(3: intake.http: must be a loopback address with a port, such as "127.0.0.1:8040", or "off")"},
    {R"("intake": {"http": "127.0.0.1"})",
     R"(3: intake.http: must be a loopback address with a port, such as "127.0.0.1:8040", or "off")"},
    {R"("intake": {"folder": "in"})", "3: intake.folder: must be a path that starts with /"},
    {R"("intake": {"webhook": "192.0.2.1:8089", "webhook_path_file": "/p"})",
     R"(3: intake.webhook: must be a loopback address with a port, such as "127.0.0.1:8040", or "off")"},
    {R"("intake": {"webhook": "127.0.0.1:8089"})",
     "3: intake.webhook: needs intake.webhook_path_file"},
    // Rights
    {R"("intake": {"allow": [{}]})", R"(3: intake.allow[0]: must have either "user" or "group")"},
    {R"("intake": {"allow": [{"user": "a", "group": "b"}]})",
     R"(3: intake.allow[0]: must have either "user" or "group")"},
    {R"("intake": {"allow": [{"user": "a", "rights": ["send", "root"]}]})",
     R"(3: intake.allow[0].rights[1]: must be "send", "read_own", "read_all", "decide", "reveal" or "relay")"},
    {R"("intake": {"allow": [{"user": "a", "share": "0%"}]})",
     R"(3: intake.allow[0].share: must be a share from "1%" to "100%")"},
    {R"("intake": {"origins": ["https://kiosk.example/"]})",
     "3: intake.origins[0]: must be an origin as browsers write it, such as "
     "https://kiosk.example"},
    {R"("intake": {"apps": [{"user": "a"}]})",
     "3: intake.apps[0].user: unknown key"},
    {R"("intake": {"apps": [{"name": "Kiosk"}]})",
     "3: intake.apps[0].name: must be small letters, digits and - only"},
    {R"("intake": {"apps": [{"name": "a", "token_sha256": "secret"}]})",
     "3: intake.apps[0].token_sha256: must be a SHA-256 in 64 hexadecimal digits, as app add "
     "writes it"},
    {R"("intake": {"allow": [{"user": "a", "scenarios": ["visit"]}]})",
     "3: intake.allow[0].scenarios[0]: there is no such scenario"},
    // Numbers
    {R"("phone": {"country_code": "+1"})",
     "3: phone.country_code: must be a country code of 1 to 3 digits, without + or zeros in front"},
    {R"("phone": {"national_digits": [10]})", "3: phone.national_digits: needs phone.country_code"},
    {R"("phone": {"country_code": "1", "national_digits": [16]})",
     "3: phone.national_digits[0]: must be a whole number from 1 to 15"},
};
static_assert(std::size(kBad) >= 40);

TEST(BadConfiguration, GetsOneLineWithFileLineAndKey) {
  for (const Bad& one : kBad) {
    EXPECT_EQ(error_of(with_required(one.more)),
              "/etc/fieldpost/fieldpost.json:" + std::string(one.error));
  }
}

TEST(BadConfiguration, MissingRequiredKeys_AreNamedWithTheirSection) {
  const std::string file = "/etc/fieldpost/fieldpost.json:";
  EXPECT_EQ(error_of("{}"), file + "1: api.base_url: Missing configuration value: api.base_url");
  EXPECT_EQ(error_of("{\n\"api\": {\"base_url\": \"https://a.b\"}}"),
            file + "2: api.channel: Missing configuration value: api.channel");
  EXPECT_EQ(error_of("{\n\"api\": {\"base_url\": \"https://a.b\", \"channel\": \"\"}}"),
            file + "2: api.channel: Missing configuration value: api.channel");
  EXPECT_EQ(error_of("{\n\"api\": {\"base_url\": \"https://a.b\", \"channel\": \"c\"}}"),
            file + "2: api.token_file: Missing configuration value: api.token_file");
  EXPECT_EQ(error_of(R"({"api": {"base_url": "https://a.b", "channel": "c", "token_file": "/t"},
"queue": {"size": "8MiB"}})"),
            file + "2: queue.path: Missing configuration value: queue.path");
  EXPECT_EQ(error_of(R"({"api": {"token_file": ["/t",
"___"]}})"),
            file + "2: api.token_file[1]: Missing configuration value: api.token_file[1]");
}

// One key of `section`, written as `value`.
std::string error_of_key(std::string_view section, std::string_view key, std::string_view value) {
  return error_of("{\"" + std::string(section) + "\": {\"" + std::string(key) +
                  "\": " + std::string(value) + "}}");
}

TEST(BadConfiguration, BaseUrl_IsHttpsOrLoopback) {
  for (const std::string_view bad :
       {"http://api.1msg.io", "http://127.0.0.1.example.com", "http://128.0.0.1", "http://127.1",
        "http://0127.0.0.1", "http://localhost.example.com", "http://[::2]", "http://10.0.0.1"}) {
    EXPECT_EQ(error_of_key("api", "base_url", "\"" + std::string(bad) + "\""),
              "/etc/fieldpost/fieldpost.json:1: api.base_url: http:// would send the token in the "
              "clear: write https://")
        << bad;
  }
  for (const std::string_view bad :
       {"api.1msg.io", "ftp://api.1msg.io", "https://", "https:///x", "https://user:pw@api.1msg.io",
        "https://api.1msg.io/?token=x", "https://api.1msg.io#x", "https://api.1msg.io:0",
        "https://api.1msg.io:65536", "https://api.1msg.io:", "https://api 1msg.io", "https://[::1",
        "https://.io", "https://a..b", "HTTPS://api.1msg.io", "https://api.1msg.io/ü"}) {
    EXPECT_EQ(error_of_key("api", "base_url", "\"" + std::string(bad) + "\""),
              "/etc/fieldpost/fieldpost.json:1: api.base_url: must be an address such as "
              "https://api.1msg.io")
        << bad;
  }
  for (const std::string_view good :
       {"http://127.0.0.1:8080", "http://127.255.0.9", "http://localhost:1",
        "http://[::1]:8080/v1/", "https://10.0.0.1", "https://api.1msg.io:443",
        "https://a.b/c/d"}) {
    EXPECT_EQ(error_of_key("api", "base_url", "\"" + std::string(good) + "\""),
              "/etc/fieldpost/fieldpost.json:1: api.channel: Missing configuration value: "
              "api.channel")
        << good;
  }
}

TEST(BadConfiguration, QueueSize_IsWholeSegmentsInRange) {
  for (const std::string_view bad :
       {R"("960KiB")", R"("65MiB")", R"("8 MiB")", R"("8MB")", "0", "1048577", R"("-8MiB")",
        R"("99999999999999999999MiB")", R"("")", "true", R"("1025KiB")"}) {
    EXPECT_EQ(
        error_of_key("queue", "size", bad),
        R"(/etc/fieldpost/fieldpost.json:1: queue.size: must be a size from "1MiB" to "64MiB", a multiple of "64KiB")")
        << bad;
  }
  for (const std::string_view good : {R"("1MiB")", R"("64MiB")", R"("1088KiB")", "1048576"}) {
    EXPECT_NE(error_of_key("queue", "size", good).find("api.base_url: Missing"), std::string::npos)
        << good;
  }
}

TEST(BadConfiguration, OtherKeysOfApiAndQueue_AreChecked) {
  const struct {
    std::string_view section, key, value, why;
  } cases[] = {
      {"api", "channel", "406401", "must be a text in quotes"},
      {"api", "channel", R"("a/b")", "must be letters, digits, - and _ only"},
      {"api", "channel",
       "\""
       "c123456789c123456789c123456789c123456789c123456789c123456789abcde"
       "\"",
       "must have at most 64 bytes"},
      {"api", "token_file", "7", "must be a text or a list of texts"},
      {"api", "token_file", "[]", "must have from 1 to 4 entries"},
      {"api", "token_file", R"("token")", "must be a path that starts with /"},
      {"api", "ca_file", R"("/etc/")", "must be a path that starts with /"},
      {"api", "proxy", R"("https://p:1")",
       R"(must be an address such as http://proxy.example:3128, or "none")"},
      {"api", "proxy", R"("http://kiosk:s3cret@p:1")",
       "must not hold a password: api.proxy_login_file names the file for it"},
      {"api", "proxy_login_file", R"("login")", "must be a path that starts with /"},
      {"api", "interface", R"("wwan0:1")", R"(must be the name of a network interface, or "any")"},
      {"api", "interface", R"("a-name-that-is-too-long")", "must have at most 15 bytes"},
      {"queue", "write_unit", R"("3KiB")", R"(must be "auto" or a power of two up to "64KiB")"},
      {"queue", "write_unit", R"("128KiB")", R"(must be "auto" or a power of two up to "64KiB")"},
      {"queue", "messages_max", "4097", "must be a whole number from 1 to 4096"},
      {"queue", "held_share", "50", R"(must be a share from "1%" to "100%")"},
      {"queue", "held_share", R"("101%")", R"(must be a share from "1%" to "100%")"},
      {"queue", "volatile", "0", "must be true or false"},
  };
  for (const auto& one : cases) {
    const std::string error = error_of_key(one.section, one.key, one.value);
    EXPECT_EQ(error, "/etc/fieldpost/fieldpost.json:1: " + std::string(one.section) + "." +
                         std::string(one.key) + ": " + std::string(one.why));
  }
  EXPECT_NE(error_of_key("api", "pins", R"(["abc"])").find(": api.pins[0]: must be the SHA-256"),
            std::string::npos);
  EXPECT_NE(error_of_key("intake", "socket", "\"/" + std::string(107, 's') + "\"")
                .find(": intake.socket: must have at most 107 bytes"),
            std::string::npos);
}

TEST(BadConfiguration, OverlongNames_AreCutInTheError) {
  const std::string error = error_of("{\"" + std::string(60'000, 'k') + "\": 1}");
  EXPECT_LT(error.size(), 200u);
  EXPECT_TRUE(error.ends_with("…: unknown key")) << error;
}

}  // namespace
}  // namespace fieldpost
