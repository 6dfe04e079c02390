#include "agent/settings/reader.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/agent/json/texts.h"
#include "tests/fakes/tests_folder.h"

namespace fieldpost {
namespace {

static_assert(std::is_trivially_copyable_v<Settings>, "goes to other processes in a frame");

constexpr std::string_view kApi =
    R"("api": {"base_url": "https://api.1msg.io", "channel": "VID182868781", "token_file": "/t"})";
constexpr std::string_view kQueue = R"("queue": {"path": "/q"})";

struct File {
  std::string name, text;
};

class Configuration {
 public:
  explicit Configuration(const std::vector<File>& files) {
    for (File file : files) {
      status_ = reader_->add(file.name, file.text);
      std::fill(file.text.begin(), file.text.end(), 'x');  // the text may be forgotten
      if (status_ != Status::ok) return;
    }
    status_ = reader_->finish();
  }

  bool ok() const { return status_ == Status::ok; }
  std::string error() const { return std::string(reader_->error()); }
  const Settings& operator*() const { return *settings_; }
  const Settings* operator->() const { return settings_.get(); }
  SettingsReader& reader() { return *reader_; }

  std::string line(std::string_view key, SettingsReader::LineForm form) const {
    const std::string start = form == SettingsReader::LineForm::text
                                  ? std::string(key) + " = "
                                  : "{\"key\":\"" + std::string(key) + "\"";
    static TextBuffer<limits::config_line_bytes_max> line;
    for (std::size_t i = 0; i < reader_->line_count(); ++i) {
      line.clear();
      reader_->put_line(i, form, line);
      EXPECT_TRUE(line.finish().ok());
      if (line.written().starts_with(start)) return std::string(line.written());
    }
    return "no such line";
  }
  std::string text_line(std::string_view key) const {
    return line(key, SettingsReader::LineForm::text);
  }

 private:
  std::vector<std::byte> room_ = std::vector<std::byte>(limits::config_arena_bytes);
  std::unique_ptr<Settings> settings_ = std::make_unique<Settings>();
  std::unique_ptr<SettingsReader> reader_ = std::make_unique<SettingsReader>(*settings_, room_);
  Status status_ = Status::ok;
};

Configuration read(const std::string& text) { return Configuration({{"/f.json", text}}); }

// The keys that must be there, and `more` from its own line 3 on.
std::string with(std::string_view more) {
  return "{" + std::string(kApi) + ",\n" + std::string(kQueue) + ",\n" + std::string(more) + "}";
}

TEST(Settings, SmallestConfiguration_HasEveryDefaultOfTheDesign) {
  Configuration c = read("{" + std::string(kApi) + "," + std::string(kQueue) + "}");
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c->api.ca_file, "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(c->api.connect_timeout, 10_s);
  EXPECT_EQ(c->api.answer_timeout, 30_s);
  EXPECT_EQ(c->api.pins.count, 0);
  EXPECT_TRUE(c->api.proxy.empty());
  EXPECT_EQ(c->template_count, 0);
  EXPECT_EQ(c->queue.size_bytes, 8u << 20);
  EXPECT_EQ(c->queue.messages_max, 4096u);
  EXPECT_EQ(c->queue.held_share_percent, 50);
  EXPECT_FALSE(c->queue.is_volatile);
  EXPECT_EQ(c->retry.first, 2_s);
  EXPECT_EQ(c->retry.max, 1_h);
  EXPECT_EQ(c->retry.spread, 10_min);
  EXPECT_EQ(c->pace.per_recipient, 6_s);
  EXPECT_EQ(c->pace.per_recipient_per_day, 20u);
  EXPECT_EQ(c->pace.per_second, 10u);
  EXPECT_FALSE(c->pace.quiet.on);
  EXPECT_EQ(c->uncertain.patience, 10_min);
  EXPECT_EQ(c->uncertain.held_for, 720_h);
  EXPECT_EQ(c->tracking.until, TrackUntil::delivered);
  EXPECT_EQ(c->tracking.during, 24_h);
  EXPECT_EQ(c->intake.socket, "/run/fieldpost/fieldpost.sock");
  EXPECT_EQ(c->intake.same_within, 60_s);
  EXPECT_EQ(c->intake.keys, 1024u);
  EXPECT_TRUE(c->intake.http.empty());
  EXPECT_EQ(c->personal_for, 720_h);
  EXPECT_EQ(c->log_level, LogLevel::info);
  EXPECT_EQ(c->sandbox, SandboxSetting::automatic);
}

constexpr std::string_view kEverything = R"({
  "api": {"base_url": "https://sandbox.1msg.io/", "channel": "406401",
          "token_file": ["/run/credentials/fieldpost/token", "/etc/fieldpost/token"],
          "ca_file": "/ca.pem", "pins": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
          "proxy": "http://proxy.example:3128", "proxy_login_file": "/login", "interface": "wwan0",
          "connect_timeout": "5s", "answer_timeout": "1m"},
  "templates": {
    "next-step": {"name": "n", "namespace": "ns", "language": "pt_BR", "ttl": "none",
                  "on_uncertain": "resend", "require_opt_in": true, "text": "Hi {{1}}"},
    "visit": {"name": "v", "namespace": "ns", "language": "en", "ttl": "8h",
              "fields": ["customerName", "visit_day"], "text": "Hello\n{{1}}, {{2}}"}
  },
  "queue": {"path": "/dev/mtd3", "size": "16MiB", "messages_max": 100, "write_unit": "4KiB",
            "volatile": true, "held_share": "25%"},
  "retry": {"first": "500ms", "max": "2h", "spread": "none"},
  "pace": {"per_recipient": "none", "per_recipient_per_day": 5, "per_second": 80,
           "quiet": {"from": "21:30", "to": "07:05", "zone": "Europe/Berlin"}},
  "uncertain": {"patience": "5m", "held_for": "7d"},
  "tracking": {"until": "read", "for": "2d"},
  "intake": {"socket": "/run/s", "same_within": "none", "keys": 0, "http": "127.0.0.1:8040",
             "origins": ["https://kiosk.example", "http://127.0.0.1:9000"],
             "allow": [{"group": "kiosk", "rights": ["send"], "scenarios": ["visit"], "share": "10%"},
                       {"user": "maria", "rights": ["read_all", "decide", "reveal", "relay"]},
                       {"user": "root"}],
             "apps": [{"name": "page-2", "share": "20%", "scenarios": ["visit"], "token_sha256":
                       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}],
             "folder": "/in", "directory": "/d.json", "panel_pin_file": "/pin", "panel_open": true,
             "webhook": "127.0.0.1:8089", "webhook_path_file": "/hook"},
  "phone": {"country_code": "49", "national_prefix": "0", "national_digits": [10, 11]},
  "device": {"name": "kiosk 7"}, "history": {"personal_for": "1d"},
  "log": {"target": "syslog", "level": "debug", "heartbeat": "1h"}, "sandbox": "required"
})";

TEST(Settings, EveryKey_IsReadIntoItsPlace) {
  Configuration c = read(std::string(kEverything));
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c->api.base_url, "https://sandbox.1msg.io");  // without the slash
  EXPECT_EQ(c->api.channel, "406401");
  ASSERT_EQ(c->api.token_files.count, 2);
  EXPECT_EQ(c->api.token_files.items[1], "/etc/fieldpost/token");
  EXPECT_EQ(c->api.ca_file, "/ca.pem");
  EXPECT_EQ(c->api.pins.count, 1);
  EXPECT_EQ(c->api.proxy, "http://proxy.example:3128");
  EXPECT_EQ(c->api.proxy_login_file, "/login");
  EXPECT_EQ(c->api.interface, "wwan0");
  EXPECT_EQ(c->api.connect_timeout, 5_s);
  EXPECT_EQ(c->api.answer_timeout, 1_min);

  const TemplateSettings* const next = c->find_template("next-step");
  ASSERT_NE(next, nullptr);
  EXPECT_EQ(next->name, "n");
  EXPECT_EQ(next->name_space, "ns");
  EXPECT_EQ(next->language, "pt_BR");
  EXPECT_EQ(next->ttl, 0_s);
  EXPECT_EQ(next->on_uncertain, OnUncertain::resend);
  EXPECT_TRUE(next->require_opt_in);
  EXPECT_EQ(c->text_of(*next), "Hi {{1}}");
  const TemplateSettings* const visit = c->find_template("visit");
  ASSERT_NE(visit, nullptr);
  ASSERT_EQ(visit->fields.count, 2);
  EXPECT_EQ(visit->fields.items[1], "visit_day");
  EXPECT_EQ(visit->ttl, 8_h);
  EXPECT_EQ(c->text_of(*visit), "Hello\n{{1}}, {{2}}");
  EXPECT_EQ(c->find_template("status-changed"), nullptr);

  EXPECT_EQ(c->queue.path, "/dev/mtd3");
  EXPECT_EQ(c->queue.size_bytes, 16u << 20);
  EXPECT_EQ(c->queue.messages_max, 100u);
  EXPECT_EQ(c->queue.write_unit, 4096u);
  EXPECT_TRUE(c->queue.is_volatile);
  EXPECT_EQ(c->queue.held_share_percent, 25);
  EXPECT_EQ(c->retry.first, 500_ms);
  EXPECT_EQ(c->retry.max, 2_h);
  EXPECT_EQ(c->retry.spread, 0_s);
  EXPECT_EQ(c->pace.per_recipient, 0_s);
  EXPECT_EQ(c->pace.per_recipient_per_day, 5u);
  EXPECT_EQ(c->pace.per_second, 80u);
  EXPECT_TRUE(c->pace.quiet.on);
  EXPECT_EQ(c->pace.quiet.from_minute, 21 * 60 + 30);
  EXPECT_EQ(c->pace.quiet.to_minute, 7 * 60 + 5);
  EXPECT_EQ(c->pace.quiet.zone, "Europe/Berlin");
  EXPECT_EQ(c->uncertain.patience, 5_min);
  EXPECT_EQ(c->uncertain.held_for, 168_h);
  EXPECT_EQ(c->tracking.until, TrackUntil::read);
  EXPECT_EQ(c->tracking.during, 48_h);
  EXPECT_EQ(c->intake.socket, "/run/s");
  EXPECT_EQ(c->intake.same_within, 0_s);
  EXPECT_EQ(c->intake.keys, 0u);
  EXPECT_EQ(c->intake.http, "127.0.0.1:8040");
  EXPECT_EQ(c->intake.folder, "/in");
  EXPECT_EQ(c->intake.directory, "/d.json");
  EXPECT_EQ(c->intake.panel_pin_file, "/pin");
  EXPECT_TRUE(c->intake.panel_open);
  EXPECT_EQ(c->intake.webhook, "127.0.0.1:8089");
  EXPECT_EQ(c->intake.webhook_path_file, "/hook");
  ASSERT_EQ(c->intake.allow.count, 3);
  const Allowance& kiosk = c->intake.allow.items[0];
  EXPECT_EQ(kiosk.group, "kiosk");
  EXPECT_TRUE(kiosk.send);
  EXPECT_FALSE(kiosk.read_own || kiosk.read_all || kiosk.decide || kiosk.reveal || kiosk.relay);
  ASSERT_EQ(kiosk.scenarios.count, 1);
  EXPECT_EQ(kiosk.scenarios.items[0], "visit");
  EXPECT_EQ(kiosk.share_percent, 10);
  const Allowance& maria = c->intake.allow.items[1];
  EXPECT_EQ(maria.user, "maria");
  EXPECT_TRUE(maria.read_all && maria.decide && maria.reveal && maria.relay);
  EXPECT_FALSE(maria.send || maria.read_own);
  ASSERT_EQ(c->intake.origins.count, 2);
  EXPECT_EQ(c->intake.origins.items[1], "http://127.0.0.1:9000");
  ASSERT_EQ(c->intake.apps.count, 1);
  const Allowance& page = c->intake.apps.items[0];
  EXPECT_EQ(page.name, "page-2");
  EXPECT_EQ(page.token_sha256.view().substr(0, 8), "ba7816bf");
  EXPECT_EQ(page.share_percent, 20);
  EXPECT_TRUE(page.send && page.read_own && !page.read_all && page.scenarios.count == 1);
  EXPECT_TRUE(c->intake.allow.items[2].send && c->intake.allow.items[2].read_own);
  EXPECT_EQ(c->phone.country_code, "49");
  EXPECT_EQ(c->phone.national_prefix, "0");
  ASSERT_EQ(c->phone.national_digits_count, 2);
  EXPECT_EQ(c->phone.national_digits[1], 11);
  EXPECT_EQ(c->device_name, "kiosk 7");
  EXPECT_EQ(c->personal_for, 24_h);
  EXPECT_EQ(c->log_target, LogTarget::syslog);
  EXPECT_EQ(c->log_level, LogLevel::debug);
  EXPECT_EQ(c->heartbeat, 1_h);
  EXPECT_EQ(c->sandbox, SandboxSetting::required);
}

TEST(Settings, EveryKeyOfTheTable_IsSetByTheTestAbove) {
  Configuration c = read(std::string(kEverything));
  for (const auto& key : kKeys) {
    EXPECT_TRUE(c.text_line(key.name).ends_with(')')) << key.name;
    EXPECT_FALSE(c.text_line(key.name).ends_with("(default)")) << key.name;
  }
}

TEST(Settings, LaterFiles_OverrideKeyByKey) {
  Configuration c({
      {"/a.json", with(R"("retry": {"first": "1s", "max": "2h"},
        "templates": {"next-step": {"name": "n", "namespace": "ns", "language": "en"}},
        "intake": {"allow": [{"user": "a"}, {"user": "b"}]})")},
      {"/conf.d/10.json", R"({"retry": {"max": "3h"}, "queue": {"size": "2MiB"},
        "templates": {"next-step": {"language": "de", "ttl": "1h"}},
        "intake": {"allow": [{"user": "c"}]}})"},
      {"/conf.d/20.json", R"({"retry": {"max": "4h"},
        "templates": {"status-changed": {"name": "s", "namespace": "ns", "language": "en"}}})"},
  });
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c->retry.first, 1_s);
  EXPECT_EQ(c->retry.max, 4_h);
  EXPECT_EQ(c->queue.size_bytes, 2u << 20);
  EXPECT_EQ(c->template_count, 2);
  EXPECT_EQ(c->find_template("next-step")->name, "n");
  EXPECT_EQ(c->find_template("next-step")->language, "de");
  EXPECT_EQ(c->find_template("next-step")->ttl, 1_h);
  ASSERT_EQ(c->intake.allow.count, 1);
  EXPECT_EQ(c->intake.allow.items[0].user, "c");
  EXPECT_EQ(c.text_line("retry.first"), R"(retry.first = "1s"  (/a.json:3))");
  EXPECT_EQ(c.text_line("retry.max"), R"(retry.max = "4h"  (/conf.d/20.json:1))");
  EXPECT_EQ(c.text_line("templates.next-step.language"),
            R"(templates.next-step.language = "de"  (/conf.d/10.json:2))");
  EXPECT_EQ(c.text_line("templates.next-step.name"),
            R"(templates.next-step.name = "n"  (/a.json:4))");
}

TEST(Settings, RequiredKeys_MayStandInAnyFile) {
  Configuration c({{"/a.json", "{}"},
                   {"/b.json", "{" + std::string(kApi) + "}"},
                   {"/c.json", "{" + std::string(kQueue) + "}"}});
  EXPECT_TRUE(c.ok()) << c.error();
}

TEST(Settings, TextsOfTemplates_ShareTheirRoomAndCanBeReplaced) {
  const auto visit = [](std::string_view id, const std::string& text) {
    return "\"" + std::string(id) +
           R"(": {"name":"n","namespace":"x","language":"en","fields":["a"],)" + "\"text\":\"" +
           text + "\"}";
  };
  Configuration c(
      {{"/a.json", with(R"("templates": {)" + visit("a", "one") + "," + visit("b", "two") + "}")},
       {"/b.json", R"({"templates": {)" + visit("a", "a longer one") + "}}"}});
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c->text_of(*c->find_template("a")), "a longer one");
  EXPECT_EQ(c->text_of(*c->find_template("b")), "two");

  std::string longest;
  for (int i = 0; i < 1024; ++i) longest += "\xf0\x9f\x99\x82";
  std::string many;
  for (const char* const id : {"a", "b", "c", "d", "e"}) {
    many += (many.empty() ? "" : ",\n") + visit(id, longest);
  }
  Configuration full = read(with(R"("templates": {)" + many + "}"));
  EXPECT_EQ(full.error(),
            "/f.json:7: templates.e.text: leaves no room: the texts of all templates have 16 KiB "
            "together");
}

TEST(Settings, Comments_AreIgnoredAndLinesStayTrue) {
  Configuration c = read("// first\n/* second\n third */ {" + std::string(kApi) + ", // x\n" +
                         R"("queue": /* here: */ {"path": "/q//no/*comment*/x", "sise": 1}})");
  EXPECT_EQ(c.error(), "/f.json:4: queue.sise: unknown key; did you mean size?");
  Configuration good =
      read("{" + std::string(kApi) + R"(, "queue": {"path": "/q//a/*b*/c\"//z"}} // end)");
  ASSERT_TRUE(good.ok()) << good.error();
  EXPECT_EQ(good->queue.path, "/q//a/*b*/c\"//z");
}

TEST(Settings, EveryTextThatMustFail_IsRefusedWithItsLine) {
  for (const testing::NamedText& one : testing::kMustFail) {
    Configuration c = read(std::string(one.text));
    EXPECT_FALSE(c.ok()) << one.name;
    EXPECT_TRUE(c.error().starts_with("/f.json:")) << one.name;
    EXPECT_NE(c.error().find(": Not valid JSON: "), std::string::npos)
        << one.name << ": " << c.error();
  }
}

TEST(Settings, EveryTextThatMustParse_IsRefusedForWhatItSaysOnly) {
  for (const testing::NamedText& one : testing::kMustParse) {
    Configuration c = read(std::string(one.text));
    EXPECT_FALSE(c.ok()) << one.name;
    EXPECT_EQ(c.error().find("Not valid JSON"), std::string::npos) << one.name << ": " << c.error();
    EXPECT_EQ(c.error().find('\n'), std::string::npos) << one.name;
  }
}

TEST(Settings, AfterAnError_NothingElseIsRead) {
  Configuration c = read(R"({"apo": {}})");
  const std::string error = c.error();
  std::string good = "{" + std::string(kApi) + "," + std::string(kQueue) + "}";
  EXPECT_EQ(c.reader().add("/g.json", good), Status::invalid);
  EXPECT_EQ(c.reader().finish(), Status::invalid);
  EXPECT_EQ(c.error(), error);
}

TEST(Settings, TooMuch_IsRefusedInWords) {
  std::vector<File> files(limits::config_files_max + 1, {"/f.json", "{}"});
  EXPECT_EQ(Configuration(files).error(), "/f.json:1: too many files: at most 16 are read");
  EXPECT_EQ(read("{}" + std::string(limits::config_file_bytes_max, ' ')).error(),
            "/f.json:1: larger than 64 KiB");
  std::string many = "[0";
  for (int i = 0; i < 20'000; ++i) many += ",0";
  EXPECT_EQ(read(many + "]").error(), "/f.json:1: holds too many values to be a configuration");
  EXPECT_EQ(read("{}\n/* x").error(), "/f.json:2: comment without an end");
  EXPECT_TRUE(Configuration({}).error().starts_with("configuration:1: api.base_url: Missing"));
  std::string templates;
  for (int i = 0; i < 28; ++i) {
    templates += (i == 0 ? "" : ",\n") + ("\"own-" + std::to_string(i)) +
                 R"(": {"name":"n","namespace":"x","language":"en","fields":["a"]})";
  }
  EXPECT_EQ(read(with("\"templates\": {\n" + templates + "}")).error(),
            "/f.json:31: templates.own-27: too many scenarios: there is room for 27 of your own");
}

// Random damage to a sound file: nothing may crash, and whatever is refused is refused in one line
// that names the file.
TEST(Settings, RandomDamage_IsReadOrRefusedInOneLine) {
  std::mt19937 random(20'261'121);
  const auto below = [&random](std::size_t n) { return random() % n; };
  constexpr std::string_view kPieces = "{}[]\",:_/*0.-n\n \x80\xc3";
  std::size_t refused = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text(kEverything);
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      switch (below(3)) {
        case 0: text[at] = kPieces[below(kPieces.size())]; break;
        case 1: text.erase(at, 1 + below(20)); break;
        case 2: text.insert(at, kEverything.substr(below(kEverything.size()), below(30))); break;
      }
    }
    Configuration c = read(text);
    if (c.ok()) continue;
    ++refused;
    EXPECT_TRUE(c.error().starts_with("/f.json:")) << c.error();
    EXPECT_EQ(c.error().find('\n'), std::string::npos) << c.error();
  }
  EXPECT_GT(refused, 1000u);
}

std::string file_text(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string example() {
  return file_text(in_tests_folder("../config/examples/fieldpost.json"));
}

TEST(ExampleConfiguration, AsShipped_NamesTheFirstGap) {
  Configuration c = read(example());
  EXPECT_NE(c.error().find(": api.channel: Missing configuration value: api.channel"),
            std::string::npos)
      << c.error();
}

TEST(ExampleConfiguration, WithItsGapsFilled_Reads) {
  std::string text = example();
  ASSERT_FALSE(text.empty());
  for (std::size_t at = 0; (at = text.find("___", at)) != std::string::npos;) {
    text.replace(at, 3, "filled");
  }
  Configuration c = read(text);
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c->template_count, 5);
  EXPECT_EQ(c->find_template("service-changed")->ttl, 8_h);
}

TEST(ExampleConfiguration, ShowsEveryKey) {
  const std::string text = example();
  for (const auto& key : kKeys) {
    EXPECT_NE(text.find('"' + std::string(last_of(key.name)) + '"'), std::string::npos) << key.name;
  }
  for (const auto& key : kTemplateKeys) {
    EXPECT_NE(text.find('"' + std::string(key.name) + '"'), std::string::npos) << key.name;
  }
}

TEST(PrintedSettings, SayWhereEachValueCameFrom) {
  Configuration c = read(with(R"("log": {
    "level": "debug"})"));
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c.text_line("log.level"), R"(log.level = "debug"  (/f.json:4))");
  EXPECT_EQ(c.text_line("log.target"), R"(log.target = "auto"  (default))");
  EXPECT_EQ(c.text_line("api.proxy"), R"(api.proxy = "none"  (default))");
  EXPECT_EQ(c.text_line("queue.size"), R"(queue.size = "8MiB"  (default))");
  EXPECT_EQ(c.text_line("intake.http"), R"(intake.http = "off"  (default))");
  EXPECT_EQ(c.line("log.level", SettingsReader::LineForm::json),
            R"({"key":"log.level","value":"debug","from":"/f.json:4"})");
  EXPECT_EQ(c.line("api.token_file", SettingsReader::LineForm::json),
            R"({"key":"api.token_file","value":["/t"],"from":"/f.json:1"})");
}

TEST(PrintedSettings, KnownScenariosShowTheirFields) {
  Configuration c = read(
      with(R"("templates": {"next-step": {"name": "n", "namespace": "ns", "language": "en"}})"));
  ASSERT_TRUE(c.ok()) << c.error();
  EXPECT_EQ(c.text_line("templates.next-step.fields"),
            R"(templates.next-step.fields = ["customerName","process","nextStep"]  (default))");
  EXPECT_EQ(c.text_line("templates.next-step.ttl"), R"(templates.next-step.ttl = "3d"  (default))");
}

// What is printed must be what would be read: the values of every line, put back into a file, give
// the same lines again.
TEST(PrintedSettings, ReadBackAsTheyWere) {
  Configuration first = read(std::string(kEverything));
  ASSERT_TRUE(first.ok());
  std::string text = "{";
  std::string section;
  const auto value_of = [](const std::string& line, std::size_t key_bytes) {
    const std::size_t end = line.rfind("  (");
    return line.substr(key_bytes + 3, end - key_bytes - 3);
  };
  for (const auto& key : kKeys) {
    if (section_of(key.name) != section || section.empty()) {
      text += section.empty() ? (text.size() > 1 ? "," : "") : "},";
      section = section_of(key.name);
      if (!section.empty()) text += '"' + section + "\":{";
    } else {
      text += ',';
    }
    text += '"' + std::string(last_of(key.name)) +
            "\":" + value_of(first.text_line(key.name), std::strlen(key.name));
  }
  text += R"(,"templates":{"visit":{)";
  for (const auto& key : kTemplateKeys) {
    const std::string name = "templates.visit." + std::string(key.name);
    text += (text.ends_with('{') ? "\"" : ",\"") + std::string(key.name) +
            "\":" + value_of(first.text_line(name), name.size());
  }
  Configuration second = read(text + "}}}");
  ASSERT_TRUE(second.ok()) << second.error() << '\n' << text;
  for (const auto& key : kKeys) {
    EXPECT_EQ(value_of(second.text_line(key.name), std::strlen(key.name)),
              value_of(first.text_line(key.name), std::strlen(key.name)));
  }
}

}  // namespace
}  // namespace fieldpost
