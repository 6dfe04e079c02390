// A spool with one file per message, as mailers have: written under another name, synced, renamed,
// and the folder synced. Its state is in its name; accepted, it is removed.
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "tests/bench/letter.h"
#include "tests/bench/peer.h"

namespace fieldpost::bench {
namespace {

std::string content_of(std::uint64_t number) {
  const Message m = letter(number);
  std::string all;
  for (const std::string_view line :
       {m.scenario.view(), m.to.view(), m.template_name.view(), m.template_namespace.view(),
        m.language.view(), m.key.view(), m.source.view(), m.values[0]}) {
    all.append(line).append("\n");
  }
  return all;
}

class SpoolPeer final : public Peer {
 public:
  ~SpoolPeer() override {
    if (folder_ >= 0) ::close(folder_);
  }

  std::uint64_t open(const std::string& folder) override {
    folder_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0) give_up(folder);
    std::uint64_t waiting = 0;
    DIR* names = ::opendir(folder.c_str());
    while (const dirent* one = ::readdir(names)) {
      if (std::strstr(one->d_name, ".queued") == nullptr) continue;
      read(one->d_name);  // who gets it decides what may leave next
      ++waiting;
    }
    ::closedir(names);
    return waiting;
  }

  void take(std::uint64_t number) override {
    const std::string aside = std::to_string(number) + ".new", name = queued(number);
    const std::string all = content_of(number);
    const int file =
        ::openat(folder_, aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ::write(file, all.data(), all.size()) != static_cast<ssize_t>(all.size()) ||
        ::fsync(file) != 0 || ::close(file) != 0) {
      give_up(aside);
    }
    rename(aside, name);
  }

  void start(std::uint64_t number) override {
    if (read(queued(number).c_str()) != content_of(number)) give_up("the spool read another text");
    rename(queued(number), sending(number));
  }

  void accept(std::uint64_t number) override {
    if (::unlinkat(folder_, sending(number).c_str(), 0) != 0) give_up(sending(number));
    changed_ = true;
  }

  void commit() override {
    if (changed_ && ::fsync(folder_) != 0) give_up("the spool's folder");
    changed_ = false;
  }

 private:
  static std::string queued(std::uint64_t number) { return std::to_string(number) + ".queued"; }
  static std::string sending(std::uint64_t number) { return std::to_string(number) + ".sending"; }

  void rename(const std::string& from, const std::string& to) {
    if (::renameat(folder_, from.c_str(), folder_, to.c_str()) != 0) give_up(from);
    changed_ = true;
  }

  std::string read(const char* name) {
    std::string all(1024, '\0');
    const int file = ::openat(folder_, name, O_RDONLY | O_CLOEXEC);
    const ssize_t got = ::read(file, all.data(), all.size());
    if (file < 0 || got < 0) give_up(name);
    ::close(file);
    all.resize(static_cast<std::size_t>(got));
    return all;
  }

  int folder_ = -1;
  bool changed_ = false;
};

}  // namespace

std::unique_ptr<Peer> make_spool() { return std::make_unique<SpoolPeer>(); }

}  // namespace fieldpost::bench
