#include "platform/linux/store.h"

#include <errno.h>

#include "platform/linux/error_words.h"
#include "platform/linux/keep_damaged.h"

namespace fieldpost {
Status Store::open(const QueueSettings& settings, WhereMissing where_missing, Deadline deadline,
                   const Clock& clock, TextWriter& why) {
  path_ = settings.path;
  const std::string_view path = path_.view();
  if (const Status locked = lock_.take(path, deadline, clock); locked != Status::ok) {
    const int error = errno;
    put_trouble(why, "queue.path", path,
                locked == Status::timeout ? "another agent or command is using the queue"_packed
                                          : error_words(error));
    return locked;
  }
  const RegionWish wish{path, settings.size_bytes, settings.write_unit, settings.is_volatile};
  const Status opened = where_missing == WhereMissing::create ? open_region(wish, region_)
                                                              : open_existing_region(wish, region_);
  if (opened == Status::ok) return Status::ok;
  const int error = errno;
  why.put("queue.path "_packed);
  put_trouble(why, path, opened, region_);
  close();
  errno = error;
  return opened;
}

void Store::close() {
  region_ = Region{};
  lock_.release();
}

Status open_queue(Queue& queue, const Store& store, Entropy& entropy, const Log& log,
                  RecoveryReport& report, TextWriter& why) {
  StoreId fresh{};
  if (entropy.fill(fresh) != Status::ok) {
    why.put("the kernel gives no random numbers (getrandom, since Linux 3.17)"_packed);
    return Status::io;
  }
  const Status status = queue.open(fresh, report);
  if (status != Status::ok) {
    put_trouble(why, "queue.path", store.path(), report.trouble);
    return status;
  }
  const bool hurt = report.corrupt_units != 0 || report.lost != 0 || report.in_doubt != 0;
  log.line(hurt ? LogLevel::error : LogLevel::info, report.created ? "store_made" : "store_opened")
      .key("live", report.live)
      .key("uncertain", report.were_sending)
      .key("torn_units", report.torn_units)
      .key("corrupt_units", report.corrupt_units)
      .key("lost", report.lost)
      .key("in_doubt", report.in_doubt);
  if (report.corrupt_units != 0) {
    keep_damaged(store.region_fd(), store.geometry().bytes(), store.path(), log);
  }
  return Status::ok;
}

}  // namespace fieldpost
