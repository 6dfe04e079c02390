// A folder for programs that can only write files (intake.folder). They write into tmp/ and rename into
// new/, as with a Maildir. What is taken leaves new/ once it is durable, and a file of its name in done/
// holds the answer; what is refused moves to refused/, with the answer beside it in NAME.answer.
//
// A power cut between the taking and the leaving brings the file again: it is known by its key, or, where
// its request has none, by a key made of what a rename does not change, its inode and time.
#pragma once

#include <sys/stat.h>

#include "agent/base/log.h"
#include "platform/linux/folder.h"
#include "platform/linux/gate_connection.h"

namespace fieldpost {

inline constexpr unsigned int kDropFolderMode = 0770;

class DropFolder {
 public:
  // Nothing is opened where the settings name no folder.
  DropFolder(const Settings& settings, const Log& log);
  DropFolder(const DropFolder&) = delete;
  DropFolder& operator=(const DropFolder&) = delete;

  // Readable when something has come; -1: there is no folder, or nothing is looked at now.
  int fd() const { return asking_ ? -1 : watch_.get(); }
  Instant deadline() const { return asking_ ? late_at_ : look_at_; }
  void on_events(bool has_come, GateRoom& room);
  // The keeper has answered. False: not what was asked here.
  bool on_told(const Told& told, GateRoom& room);
  bool is_busy() const { return asking_; }

 private:
  enum class Next : std::uint8_t { go_on, asking, wait };

  void open(GateRoom& room);
  void look(GateRoom& room);
  Next take(std::string_view name, GateRoom& room);
  Next ask(const struct stat& found, std::string_view body, GateRoom& room);
  Next end(GateRoom& room);
  Next refuse(ErrorWord error, PackedText words, GateRoom& room);
  Next move(const char* folder, bool keeps_request, GateRoom& room);
  Next stop_at(const char* what, GateRoom& room);

  std::string_view path_;
  const Log& log_;
  Fd watch_;
  Fd folder_;
  bool asking_ = false;
  std::uint32_t tag_ = 0;
  Instant late_at_ = kNever;
  Instant look_at_;                 // even when nothing is seen to come
  std::uint32_t last_owner_ = ~0u;  // of the file that was looked at last
  FileName name_;                   // of the file that is being taken
  DeskCall call_;
};

}  // namespace fieldpost
