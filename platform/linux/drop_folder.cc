#include "platform/linux/drop_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

#include "agent/desk/error.h"
#include "platform/linux/error_words.h"
#include "platform/linux/frames.h"

namespace fieldpost {
namespace {

constexpr std::size_t kAtOnce = 8;      // files, before others have their turn
constexpr Duration kLookAnyway = 60_s;  // a watch may have missed something
constexpr Duration kTryAgain = 5_s;     // when the queue is full, or the keeper busy

constexpr const char* kFresh = ".answer";  // what begins with a dot is not ready
constexpr std::size_t kNameBytes = 240;    // of a name with something behind it (NAME_MAX)

bool is_of_another(int folder, const char* name, std::uint64_t owner) {
  struct stat found {};
  return ::fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) == 0 && found.st_uid != owner;
}

constexpr int kReading = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

}  // namespace

DropFolder::DropFolder(const Settings& settings, const Log& log)
    : path_(settings.intake.folder.view()),
      log_(log),
      look_at_(path_.empty() ? kNever : Instant{}) {}

void DropFolder::open(GateRoom& room) {
  for (const char* const one : {"/tmp", "/new", "/done", "/refused"}) {
    TextBuffer<limits::file_path_bytes_max + 16> folder;
    folder.put(path_).put(one);
    if (!make_folders(folder.written(), kDropFolderMode)) return (void)stop_at(one, room);
  }
  folder_ = open_file(path_, O_RDONLY | O_DIRECTORY);
  watch_.reset(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!folder_.is_open() || !watch_.is_open() ||
      ::inotify_add_watch(watch_.get(), CPath(path_, "/new").c_str(),
                          IN_MOVED_TO | IN_CLOSE_WRITE | IN_ONLYDIR) < 0) {
    stop_at("/new", room);
    folder_.reset();
    watch_.reset();
  }
}

void DropFolder::on_events(bool has_come, GateRoom& room) {
  const Instant now = room.clock_.now();
  if (has_come) {
    alignas(inotify_event) std::array<char, 4096> events;
    while (::read(watch_.get(), events.data(), events.size()) > 0) {
    }
    look_at_ = now;
  }
  if (asking_ && now >= late_at_) {
    // It may be done: then its key says so when it is tried again.
    asking_ = false;
    look_at_ = now + kTryAgain;
  }
  if (room.closing_) look_at_ = kNever;
  if (asking_ || now < look_at_) return;
  if (!folder_.is_open()) open(room);
  if (folder_.is_open()) look(room);
}

void DropFolder::look(GateRoom& room) {
  std::array<FileName, kAtOnce> names;
  TextBuffer<limits::file_path_bytes_max + 16> folder;
  folder.put(path_).put("/new");
  // In turns, where several users have files here: whoever fills the folder, with names that come first
  // as well, holds up nobody's but its own.
  Result<std::size_t> count = list_folder(folder.written(), {}, names, &is_of_another, last_owner_);
  const bool is_all = count.ok() && count.value() == 0;
  if (is_all) count = list_folder(folder.written(), {}, names);
  if (!count.ok() && count.status() != Status::full) return (void)stop_at("/new", room);
  look_at_ = room.clock_.now() + (is_all && count.ok() ? kLookAnyway : Duration{0});
  for (std::size_t i = 0; i < (count.ok() ? count.value() : names.size()); ++i) {
    if (take(names[i].view(), room) != Next::go_on) return;
  }
}

DropFolder::Next DropFolder::take(std::string_view name, GateRoom& room) {
  MUST(name_.assign(name));
  room.piece_.clear();
  const CPath path("new/", name);
  struct stat found {};
  if (::fstatat(folder_.get(), path.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) {
    last_owner_ = found.st_uid;
  }
  const Fd file(::openat(folder_.get(), path.c_str(), kReading));
  if (!file.is_open()) {
    if (errno == ENOENT) return Next::go_on;
    return errno == ELOOP
               ? refuse(ErrorWord::invalid, "a symbolic link is not followed"_packed, room)
               : refuse(ErrorWord::denied, "the agent may not read it"_packed, room);
  }
  if (::fstat(file.get(), &found) != 0) return stop_at("/new", room);
  if (!S_ISREG(found.st_mode)) {
    return refuse(ErrorWord::invalid, "it is no file of its own"_packed, room);
  }
  if (found.st_nlink != 1) {
    return refuse(ErrorWord::denied,
                  "it has another name elsewhere: somebody may still write it"_packed, room);
  }
  std::array<char, limits::local_body_bytes_max> body;
  const Result<std::size_t> size = read_file(file.get(), body);
  if (size.status() == Status::full) {
    return refuse(ErrorWord::too_large, "the request has more than 16 KiB"_packed, room);
  }
  if (!size.ok()) return refuse(ErrorWord::invalid, "it cannot be read"_packed, room);
  return ask(found, {body.data(), size.value()}, room);
}

DropFolder::Next DropFolder::ask(const struct stat& found, std::string_view body, GateRoom& room) {
  TextBuffer<limits::source_bytes_max> source;
  const IntakeSettings& intake = room.settings_.intake;
  const Caller caller = caller_who(found.st_uid, {}, intake, room.allowed_, source);
  struct stat folder {};
  if (intake.allow.count == 0 && found.st_uid != 0 && found.st_uid != ::geteuid() &&
      (::fstatat(folder_.get(), "new", &folder, 0) != 0 || folder.st_uid != found.st_uid)) {
    return refuse(ErrorWord::denied,
                  "its owner is neither the folder's nor named in intake.allow"_packed, room);
  }
  LocalRequest request;
  request.method = Method::post;
  request.path = "/v1/messages";
  request.body = body;
  const DeskStep step = call_.begin(request, room.settings_, room.directory_, caller, room.arena_,
                                    room.ask_, room.piece_);
  if (step != DeskStep::ask) return end(room);
  if (room.ask_.message.key.empty()) {
    TextBuffer<limits::key_bytes_max> key;
    key.put("file:").put_number(found.st_ino).put('.');
    key.put_number(static_cast<std::uint64_t>(found.st_mtim.tv_sec)).put('.');
    key.put_number(static_cast<std::uint64_t>(found.st_mtim.tv_nsec));
    MUST(room.ask_.message.key.assign(key.written()));
  }
  tag_ = room.ask_.tag = room.next_tag();
  late_at_ = room.clock_.now() + kKeeperWait;
  look_at_ = room.clock_.now() + kTryAgain;
  asking_ = send_frame<FrameKind::ask>(room.keeper_, room.ask_) == Status::ok;
  return asking_ ? Next::asking : Next::wait;
}

bool DropFolder::on_told(const Told& told, GateRoom& room) {
  if (!asking_ || told.tag != tag_) return false;
  asking_ = false;
  room.piece_.clear();
  (void)call_.told(told, room.ask_, room.piece_);
  // Whoever has filled its share must not hold up others' files behind its own.
  const Next next = told.refusal == Refusal::share_full ? move("refused/", true, room) : end(room);
  if (next == Next::go_on) look_at_ = room.clock_.now();
  return true;
}

// What the answer means for the file.
DropFolder::Next DropFolder::end(GateRoom& room) {
  const std::uint16_t http = call_.head().http;
  if (http < 300) return move("done/", false, room);
  // It is as good as before: there is no room, or nobody who could take it now.
  if (http == 429 || http >= 500) {
    look_at_ = room.clock_.now() + kTryAgain;
    return Next::wait;
  }
  return move("refused/", true, room);
}

DropFolder::Next DropFolder::refuse(ErrorWord error, PackedText words, GateRoom& room) {
  room.piece_.clear();
  put_error(room.piece_, error, words);
  return move("refused/", true, room);
}

// The answer first: whoever sees the file in its new place finds it there.
DropFolder::Next DropFolder::move(const char* folder, bool keeps_request, GateRoom& room) {
  const CPath from("new/", name_.view()), kept(folder, name_.view());
  const CPath fresh(folder, kFresh);
  TextBuffer<sizeof(FileName)> name;
  name.put(name_.view().substr(0, kNameBytes)).put(keeps_request ? ".answer" : "");
  const CPath place(folder, name.written());
  const int at = folder_.get();
  Fd file(::openat(at, fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644));
  if (!file.is_open() || write_all(file.get(), room.piece_.written()) != Status::ok ||
      ::renameat(at, fresh.c_str(), at, place.c_str()) != 0) {
    return stop_at(folder, room);
  }
  const int left = keeps_request ? ::renameat(at, from.c_str(), at, kept.c_str())
                                 : ::unlinkat(at, from.c_str(), 0);
  return left == 0 || errno == ENOENT ? Next::go_on : stop_at("new/", room);
}

// Tried again after a while: somebody may have made room, or given the right.
DropFolder::Next DropFolder::stop_at(const char* what, GateRoom& room) {
  TextBuffer<64> why;
  why.put(error_words(errno));
  log_.line(LogLevel::error, "folder").key("at", what).key("why", why.written());
  look_at_ = room.clock_.now() + kLookAnyway;
  return Next::wait;
}

}  // namespace fieldpost
