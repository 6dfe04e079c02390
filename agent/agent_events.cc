// What happened, for those who follow it. Nobody asks again and again: who has heard all is told when
// there is more.
#include "agent/agent.h"

namespace fieldpost {

void Agent::events(std::uint64_t cursor) {
  told_.cursor = cursor == kFromNowOn ? queue_.newest_event() : cursor;
  told_.row_count = 0;
  Status found = Status::ok;
  while (told_.row_count < told_.rows.size()) {
    Stamp when;
    found = queue_.next_event(told_.cursor, looked_at_, its_standing_, when);
    if (found != Status::ok) break;
    add_row({}, nullptr);
    Row& row = told_.rows[told_.row_count - 1];
    row.event = told_.cursor;
    row.changed = wall_time(when, clock_.stamp());
  }
  if (told_.row_count != 0) return;
  told_.gap = found != Status::not_found;
  told_.cursor = queue_.newest_event();
  // Whoever waits for an older one is not called yet.
  if (watched_from_ == 0) watched_from_ = told_.cursor;
}

void Agent::tell_watchers() {
  if (watched_from_ == 0 || watched_from_ == queue_.newest_event()) return;
  if (tell(0, Wish::events, Refusal::none)) watched_from_ = 0;
}

}  // namespace fieldpost
