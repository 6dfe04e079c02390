// fieldpost-coap: takes messages from devices that speak CoAP, and hands them to the agent.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <utility>

#include "agent/base/log.h"
#include "agent/cli/cli.h"
#include "fieldpost_build.h"
#include "platform/libcoap/coap_settings.h"
#include "platform/libcoap/server.h"
#include "platform/linux/credentials.h"
#include "platform/linux/error_words.h"
#include "platform/linux/linux_clock.h"
#include "platform/linux/log_sink.h"

namespace {

using namespace fieldpost;

constexpr const char* kName = "fieldpost-coap";
constexpr const char* kConfigurationVariable = "FIELDPOST_COAP_CONFIG";
constexpr std::string_view kUsualConfiguration = "/etc/fieldpost/coap.json";

constexpr std::string_view kHelp =
    "fieldpost-coap [-c FILE]    takes messages over CoAP, for the agent at its socket\n"
    "\n"
    "  -c FILE       the configuration, of mode 600; else $FIELDPOST_COAP_CONFIG, else\n"
    "                /etc/fieldpost/coap.json\n"
    "  --check       say what is wrong with it, and exit\n"
    "  --help, --version\n"
    "\n"
    "POST /v1/messages       a request object (application/json)\n"
    "GET  /v1/messages/ID    what became of it; with Observe each change of that\n"
    "GET  /.well-known/core\n"
    "\n"
    "SIGHUP reads the devices again. Exit codes: 0, 64 usage, 69 an address that cannot be had,\n"
    "78 configuration.\n";

void say(int fd, std::string_view text) {
  [[maybe_unused]] const Status written = write_all(fd, text);  // nowhere left to say it
}

struct Arguments {
  std::string_view configuration;
  bool help = false, version = false, check = false;
};

// False: they mean nothing.
bool read_arguments(std::span<const char* const> words, Arguments& out) {
  const char* const named = ::getenv(kConfigurationVariable);
  out.configuration = named != nullptr && *named != '\0' ? named : kUsualConfiguration;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-c" && i + 1 < words.size()) {
      out.configuration = words[++i];
    } else if (word == "--help" || word == "-h") {
      out.help = true;
    } else if (word == "--version") {
      out.version = true;
    } else if (word == "--check") {
      out.check = true;
    } else {
      return false;
    }
  }
  return true;
}

void put_version(TextWriter& text) {
  text.put(kName).put(' ').put(build::kVersion);
  if (!build::kCommit.empty()) text.put(", built from ").put(build::kCommit);
  text.put("\nlibcoap ")
      .put(LIBCOAP_PACKAGE_VERSION)
      .put("\nMbed TLS ")
      .put(build::kMbedtlsVersion);
  text.put("\ncJSON ").put(build::kCjsonVersion).put("\nllhttp ").put(build::kLlhttpVersion);
  text.put('\n');
}

class Configurations {
 public:
  // Reads the file into the half that is not in use, and takes that. What was read before holds on
  // where it is wrong.
  //   invalid: `why` says why.
  Status load(std::string_view path, std::span<std::byte> arena, TextWriter& why) {
    Fd file;
    TRY(open_secret_file("-c", path, file, why));
    const Result<std::size_t> got = read_file(file.get(), text_);
    if (!got.ok()) {
      put_trouble(why, "-c", path,
                  got.status() == Status::full ? "larger than 64 KiB"_packed : error_words(errno));
      static_assert(limits::config_file_bytes_max == 64 * 1024, "the words above name the number");
      return Status::invalid;
    }
    CoapSettings& fresh = halves_[1 - used_];
    fresh = {};
    const Status read =
        read_coap_settings(path, std::span(text_).first(got.value()), arena, fresh, why);
    std::fill(text_.begin(), text_.end(), '\0');  // the keys are in it
    TRY(read);
    used_ = 1 - used_;
    return Status::ok;
  }

  const CoapSettings& settings() const { return halves_[used_]; }

 private:
  std::size_t used_ = 0;
  std::array<CoapSettings, 2> halves_;
  std::array<char, limits::config_file_bytes_max> text_;
};

int open_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) ::sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int run(std::string_view path, Configurations& all, std::span<std::byte> arena, const Clock& clock,
        const Log& log) {
  TextBuffer<limits::log_line_bytes_max> why;
  static CoapServer server(all.settings(), clock, log, arena);
  const Fd signals(open_signals());
  log.line("started").key("version", build::kVersion).key("devices", all.settings().device_count);
  if (server.open(why) != Status::ok) {
    log.line(LogLevel::error, "cannot_listen").key("why", why.written());
    return kNotReachable;
  }
  for (;;) {
    if (!server.round(signals.get())) continue;
    signalfd_siginfo news{};
    if (::read(signals.get(), &news, sizeof news) != sizeof news) continue;
    if (news.ssi_signo != SIGHUP) break;
    why.clear();
    if (all.load(path, arena, why) != Status::ok) {
      log.line(LogLevel::error, "configuration_rejected").key("why", why.written());
      continue;
    }
    server.use(all.settings());
    log.line("reloaded").key("devices", all.settings().device_count);
  }
  log.line("stopped");
  return kDone;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  // Keys, numbers and texts stand in memory: no core file, and no debugger of a neighbour's.
  ::prctl(PR_SET_DUMPABLE, 0);

  Arguments arguments;
  if (!read_arguments({argv, static_cast<std::size_t>(argc)}, arguments)) {
    say(STDERR_FILENO, "fieldpost-coap: unknown argument; --help tells which there are\n");
    return kUsage;
  }
  TextBuffer<512> text;
  if (arguments.help) say(STDOUT_FILENO, kHelp);
  if (arguments.version) {
    put_version(text);
    say(STDOUT_FILENO, text.written());
  }
  if (arguments.help || arguments.version) return kDone;

  static LinuxEntropy entropy;
  static LinuxClock clock(entropy);
  static LinuxLog sink(clock);
  sink.open(LogTarget::automatic, kName);
  static Log log(sink, LogLevel::info);
  static Configurations configurations;
  static std::array<std::byte, limits::json_arena_bytes> arena;
  TextBuffer<limits::log_line_bytes_max> why;
  if (configurations.load(arguments.configuration, arena, why) != Status::ok) {
    say(STDERR_FILENO, "fieldpost-coap: ");
    say(STDERR_FILENO, why.put('\n').written());
    return kConfiguration;
  }
  if (arguments.check) return kDone;
  return run(arguments.configuration, configurations, arena, clock, log);
}
