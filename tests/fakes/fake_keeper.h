// The owner of a queue that is a list in memory: it grants every wish, or what a test tells it to
// refuse. For tests of what asks, not of what is asked.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/port/source.h"

namespace fieldpost {

class FakeKeeper {
 public:
  Told answer(const Ask& ask) {
    asks.push_back(ask);
    Told told;
    told.tag = ask.tag;
    told.wish = ask.wish;
    if (const auto refused = refuse.find(ask.wish); refused != refuse.end()) {
      told.refusal = refused->second;
      return told;
    }
    switch (ask.wish) {
      case Wish::take: take(ask, told); break;
      case Wish::rows: page(ask.query, told); break;
      case Wish::retry: retry(ask, told); break;
      case Wish::drop: drop(ask, told); break;
      case Wish::pause: status.paused = true; break;
      case Wish::resume: status.paused = false; break;
      case Wish::block:
      case Wish::forget: told.id = 2; break;
      case Wish::unblock: break;
      case Wish::status: told.status = status; break;
      case Wish::events: follow(ask.query.cursor, told); break;
    }
    return told;
  }

  Row& add(MessageId id, State state, Reason reason = Reason::none) {
    Row row;
    row.id = id;
    row.state = state;
    row.reason = reason;
    MUST(row.scenario.assign("next-step"));
    MUST(row.to.assign("12025550123"));
    row.created = UnixTime{1'795'000'000};
    rows.push_back(row);
    return rows.back();
  }
  void happens(std::uint64_t event, MessageId id, State state) {
    Row row = add(id, state);
    rows.pop_back();
    row.event = event;
    row.changed = UnixTime{1'795'000'000};
    happened.push_back(row);
  }
  Row* find(MessageId id) {
    const auto found = std::ranges::find(rows, id, &Row::id);
    return found == rows.end() ? nullptr : &*found;
  }

  std::vector<Ask> asks;
  std::vector<Row> rows;
  std::vector<Row> happened;
  std::uint64_t forgotten = 0;  // events up to here
  int passed_over = 0;          // so many pages of events hold only what nobody here may see
  std::map<Wish, Refusal> refuse;
  StatusReport status;
  MessageId next_id = 17;
  bool duplicate = false;
  std::size_t per_page = limits::rows_per_page;

 private:
  void take(const Ask& ask, Told& told) {
    told.duplicate = duplicate;
    told.id = next_id;
    if (duplicate) return;
    Row& row = add(next_id++, State::queued);
    row.scenario = ask.message.scenario;
    row.to = ask.message.to;
    row.operator_name = ask.message.operator_name;
  }

  // The cursor is how many rows were looked at.
  void page(const RowQuery& query, Told& told) {
    const std::uint64_t live = query.cursor & kLiveRows;
    std::uint64_t at = query.cursor - live;
    while (at < rows.size() && told.row_count < per_page) {
      const Row& row = rows[at++];
      if (query.only != 0 && row.id != query.only) continue;
      if (query.of_one_state && row.state != query.state) continue;
      if (live != 0 && always_final(row.state)) continue;
      told.rows[told.row_count++] = row;
    }
    told.cursor = live + at;
    told.more = at < rows.size();
  }

  void follow(std::uint64_t cursor, Told& told) {
    const std::uint64_t newest = happened.empty() ? forgotten : happened.back().event;
    told.cursor = cursor == kFromNowOn ? newest : cursor;
    told.gap = told.cursor < forgotten;
    told.more = passed_over > 0;
    if (passed_over > 0) --passed_over;
    if (told.more) return;
    for (const Row& row : happened) {
      if (told.gap || row.event <= told.cursor || told.row_count == per_page) continue;
      told.rows[told.row_count++] = row;
      told.cursor = row.event;
    }
    if (told.row_count == 0) told.cursor = newest;
  }

  void retry(const Ask& ask, Told& told) {
    Row* const row = find(ask.id);
    told.id = ask.id;
    if (row == nullptr) {
      told.refusal = Refusal::not_found;
    } else if ((row->state == State::uncertain || row->reason == Reason::maybe_sent) &&
               !ask.even_if_sent) {
      told.refusal = Refusal::maybe_sent;
    } else if (row->state == State::failed) {
      told.id = next_id++;
      add(told.id, State::queued).retry_of = ask.id;
    } else if (row->state == State::held || row->state == State::uncertain) {
      row->state = State::queued;
    } else {
      told.refusal = Refusal::wrong_state;
    }
  }

  void drop(const Ask& ask, Told& told) {
    Row* const row = find(ask.id);
    told.id = ask.id;
    told.state = State::dropped;
    if (row == nullptr) {
      told.refusal = Refusal::not_found;
    } else if (always_final(row->state)) {
      told.refusal = Refusal::wrong_state;
    } else {
      row->state = State::dropped;
    }
  }
};

}  // namespace fieldpost
