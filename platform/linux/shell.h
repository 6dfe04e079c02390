// The shell of the command line on Linux: standard streams, the way to the agent or, where none
// runs, to the queue itself.
#pragma once

#include <string_view>

#include "agent/json/arena.h"
#include "agent/port/entropy.h"
#include "agent/port/shell.h"
#include "platform/linux/configuration.h"
#include "platform/linux/directory_file.h"
#include "platform/linux/line_reader.h"
#include "platform/linux/linux_clock.h"
#include "platform/linux/local_agent.h"
#include "platform/linux/log_sink.h"
#include "platform/linux/mapping.h"
#include "platform/linux/place.h"
#include "platform/linux/store.h"

namespace fieldpost {

class LinuxShell final : public Shell {
 public:
  LinuxShell(const LinuxClock& clock, Entropy& entropy, LinuxLog& sink, Log& log);
  LinuxShell(const LinuxShell&) = delete;
  LinuxShell& operator=(const LinuxShell&) = delete;

  Status ask(const LocalRequest&, Deadline, LineSink&) override;
  bool agent_runs() const override { return agent_runs_; }
  std::string_view trouble() const override { return trouble_.written(); }
  int trouble_exit_code() const override { return trouble_exit_; }

  void out(std::string_view) override;
  // What a command comes to whose output did not get to where it was to go: a backup that is not
  // there must not look like one.
  int exit_code(int of_command);
  void err(std::string_view) override;
  bool out_is_terminal() const override;
  Result<std::string_view> read_line(std::span<char> room) override;
  bool confirm(std::string_view question) override;

  Stamp now() const override { return clock_.stamp(); }
  void sleep(Duration) override;

  void use_configuration(std::string_view path) override { configuration_ = path; }
  void hide(std::string_view word) override;
  std::string_view configuration() const override { return configuration_; }
  bool has_file(std::string_view path) override;
  Status put_file(FileKind, std::string_view path, std::string_view text) override;
  const Settings* settings() override;
  Status print_settings(bool json) override;
  Status check_files(bool json) override;
  Status make_token(TextWriter& token, TextWriter& sha256) override;

  bool find_damaged_copy(TextWriter& path) override;

  int run() override;
  Status drain(LineSink& progress) override;
  Status look_at_store(StoreLook, std::string_view path, LineSink&) override;
  DirectoryFile& directory() override { return directory_; }
  Status exchange(const ApiSettings&, Method, std::string_view path, std::string_view body,
                  ApiReply&) override;

 private:
  // shell.cc
  Status load(const Mapping<Configuration>&, const Configuration::Draft& = {});
  const Settings* settings_or_last_good();
  Status fail(Status status, int exit);
  void put_permission(std::string_view path);

  // shell_ask.cc: the agent's way and the command's own
  Status ask_agent(const LocalRequest&, Deadline, LineSink&, bool& nobody_listens);
  Status open_queue_for(const Settings&, Wish);
  Status answer(const LocalRequest&, const Settings&, LineSink&);
  void release_queue();

  // shell_store.cc
  Status test_place(std::string_view path, struct StoreLines&);
  Status salvage_store(std::string_view path, struct StoreLines&);

  // shell_api.cc
  Status write(int fd, std::string_view text) const;

  // shell_drain.cc
  Status drain_open_store(const Settings&, const struct Credentials&, LineSink& progress);

  const LinuxClock& clock_;
  LinuxDirectory directory_{clock_};
  Entropy& entropy_;
  LinuxLog& sink_;
  Log& log_;
  std::string_view configuration_;
  LineReader input_;
  bool agent_runs_ = false;
  int trouble_exit_ = 0;
  int out_failed_ = 0;      // the error of it
  bool answering_ = false;  // what goes out is of answer(), which can open the queue again
  TextBuffer<limits::log_line_bytes_max> trouble_;
  bool settings_are_good_ = false;
  Place<Settings> settings_;

  // Held while one answer follows the other; given back before anything that takes time.
  Store store_;
  NoUplink no_uplink_;
  Place<LocalAgent> queue_;
  class UplinkProcess* uplink_ = nullptr;  // for exchange(), from the first one on
};

}  // namespace fieldpost
