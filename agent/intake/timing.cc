#include "agent/intake/timing.h"

#include "agent/message/message.h"

namespace fieldpost {

Status read_ttl(std::string_view text, Duration& ttl) {
  ttl = {};
  if (text == "none") return Status::ok;
  const Result<Duration> read = read_duration(text);
  if (!read.ok() || read.value() < 1_min) return Status::invalid;
  ttl = read.value();
  return Status::ok;
}

Status read_not_before(std::string_view text, UnixTime& not_before) {
  if (text.starts_with('+')) {
    const Result<Duration> wait = read_duration(text.substr(1));
    if (wait.ok()) not_before = {wait.value().ms / 1000};
    return wait.status();
  }
  const Result<UnixTime> time = read_time(text);
  if (!time.ok() || time.value().s <= kNotBeforeWaitMax) return Status::invalid;
  not_before = time.value();
  return Status::ok;
}

}  // namespace fieldpost
