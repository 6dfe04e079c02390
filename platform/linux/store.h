// The queue's region, with the lock that says whose it is.
#pragma once

#include "agent/base/log.h"
#include "agent/base/text_writer.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "agent/queue/queue.h"
#include "agent/settings/settings.h"
#include "platform/linux/file_lock.h"
#include "platform/linux/flash_file.h"

namespace fieldpost {

enum class WhereMissing : std::uint8_t { refuse, create };

class Store {
 public:
  // Takes the lock, then opens the region or, where it is missing, makes it.
  //   timeout: another program holds the lock.   not_found: there is no region, or no folder for it.
  //   full: no space for it.   io: errno says why.   invalid: it cannot be used.
  // With each but ok, `why` says it in a sentence.
  Status open(const QueueSettings&, WhereMissing, Deadline, const Clock&, TextWriter& why);
  void close();

  bool is_open() const { return region_.file.is_open(); }
  int region_fd() const { return region_.file.get(); }
  int lock_fd() const { return lock_.fd(); }
  const FlashGeometry& geometry() const { return region_.geometry; }
  std::string_view path() const { return path_.view(); }

 private:
  FilePath path_;
  FileLock lock_;
  Region region_;
};

// Recovers the queue, in the process that will own it, and logs what was found. Damage that is new is
// copied aside as it was, once: see keep_damaged.h.
//   Status as Queue::open(); `why` then says it in a sentence.
Status open_queue(Queue&, const Store&, Entropy&, const Log&, RecoveryReport& found,
                  TextWriter& why);

}  // namespace fieldpost
