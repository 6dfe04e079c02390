// What a device must provide to a command: its words in and out, the local agent, and the time.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "agent/base/time.h"
#include "agent/port/directory.h"
#include "agent/port/uplink.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// One request of the local API: the same from a command, from the Unix socket and within tests.
struct LocalRequest {
  Method method = Method::get;
  std::string_view path;  // with its query: "/v1/messages?state=held"
  std::string_view body;  // JSON, or empty
  // In lower case, without parameters; empty where none was given.
  std::string_view content_type = "application/json";
};

// Takes an answer as it comes, line by line: JSON objects, one a line, but for /metrics.
class LineSink {
 public:
  // `line` lives until this returns. False: no more lines are wanted.
  virtual bool line(std::uint16_t http, std::string_view line) = 0;

 protected:
  ~LineSink() = default;
};

// What the region itself is asked for.
enum class StoreLook : std::uint8_t {
  verify,      // one object: how it is
  export_all,  // one for each message
  salvage,     // one for each record that checks out, whatever lies around it
  upgrade,     // one object: from now on it is written as the newest version
  self_test,   // one object: what a region of its own at `path` went through
};

enum class FileKind : std::uint8_t {
  configuration,  // the first one, for all to read
  part_of_it,     // within conf.d, in the place of one that may be there
  secret,         // a first one, for its owner alone
};

// What came back from the API to a command.
struct ApiReply {
  // How far the request got, and what the API said of it in words, redacted. It is read as the
  // answer to GET status is: `sent` says that the channel is well.
  Answer answer;
  std::string_view body;       // as it came; until the next exchange
  bool denied = false;         // the token or CA file may not be read by whoever asks
  UnixTime certificate_until;  // when the server's certificate expires; 0: there was none
};

class Shell {
 public:
  // Puts the request to the running agent, or, where none runs, to the queue itself under its
  // lock. Waits at most until `deadline`.
  //   not_found: there is no agent and no queue either (or it is not configured).
  //   io: something is there but does not answer; trouble() has the sentence for a person.
  //   timeout: the deadline passed.
  //   corrupt, newer: the queue's file cannot be used.
  virtual Status ask(const LocalRequest&, Deadline, LineSink&) = 0;
  // Whether the last ask() was answered by a running agent.
  virtual bool agent_runs() const = 0;
  // Why the last call failed, in one sentence, and what to do; and the exit code that says so.
  virtual std::string_view trouble() const = 0;
  virtual int trouble_exit_code() const = 0;

  virtual void out(std::string_view) = 0;
  virtual void err(std::string_view) = 0;
  virtual bool out_is_terminal() const = 0;
  // One line of standard input, without its end.
  //   not_found: there are no more.   invalid: longer than `room`; it has been skipped.
  virtual Result<std::string_view> read_line(std::span<char> room) = 0;
  // Asks a person at the terminal; false without one.
  virtual bool confirm(std::string_view question) = 0;

  virtual Stamp now() const = 0;
  virtual void sleep(Duration) = 0;

  // -c FILE: the configuration to read instead of the default one. Called before anything else
  // that reads it, or not at all. `path` lives as long as the program.
  virtual void use_configuration(std::string_view path) = 0;

  // Takes a word of the command line out of what all users can read of a process. Nobody reads it
  // after that.
  virtual void hide(std::string_view word) = 0;

  // The path of the configuration, which may not be there.
  virtual std::string_view configuration() const = 0;
  virtual bool has_file(std::string_view path) = 0;
  // A whole file, durably; makes its folder.
  //   io: trouble() says why.   invalid: nor could the configuration be used with that part of it:
  //   all is as it was.
  virtual Status put_file(FileKind, std::string_view path, std::string_view text) = 0;

  // The configuration of this call, read and checked; nullptr where it cannot be used: trouble()
  // then names file, line and key.
  virtual const Settings* settings() = 0;
  // Each effective value and where it came from, one a line, onto out().
  virtual Status print_settings(bool json) = 0;
  // Looks at what the configuration names (files, permissions, region, socket). Each finding that
  // is wrong is one line on out().
  //   invalid: at least one finding.
  virtual Status check_files(bool json) = 0;

  // What intake.directory names, for a command that answers itself.
  virtual DirectoryFile& directory() = 0;

  // Puts the path of the copy that was made of a damaged queue. False: there is none.
  virtual bool find_damaged_copy(TextWriter& path) = 0;

  // A token that nobody can guess, of 43 characters, and its SHA-256 in 64 hexadecimal digits.
  //   io: there are no random numbers; trouble() says so.
  virtual Status make_token(TextWriter& token, TextWriter& sha256) = 0;

  // The agent in the foreground, until it is told to stop; the exit code.
  virtual int run() = 0;
  // Drains once without an agent. `progress` gets a status object after each change.
  //   full: messages are left, queued or uncertain.   Others as ask().
  virtual Status drain(LineSink& progress) = 0;
  // Looks at the queue's region, under its lock. A running agent may hold that only for `salvage`,
  // where `path` names another region or is empty, and for `self_test`, whose `path` is a folder or a
  // device.
  //   As ask().
  virtual Status look_at_store(StoreLook, std::string_view path, LineSink&) = 0;

  // One exchange with the API by `api`, over TLS and with the token, as the agent has them, on a
  // connection of this command's own that is kept for the next one. Takes at most the configured
  // times for connecting and for an answer. `path` comes after the base URL: "/VID1/status". `api`
  // is the same each time, and lives until the last one.
  //   io: there is no answer; reply.answer says why: `configuration_rejected` for a token or a CA
  //   file that cannot be used.   full: the answer has no room; ask for less.
  virtual Status exchange(const ApiSettings& api, Method, std::string_view path,
                          std::string_view body, ApiReply& reply) = 0;

 protected:
  ~Shell() = default;
};

}  // namespace fieldpost
