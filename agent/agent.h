// The keeper's flow: what was taken goes onto flash, from flash to 1MSG, and what 1MSG said goes
// onto flash again. All stages meet here and nowhere else, so that the flow can be read in one
// place.
//
// Nothing here waits: events come in (`on_…`), `turn()` does what is due, with at most one commit
// for everything that gathered since the last. What an app or the uplink is told, it is told after
// that commit.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "agent/base/log.h"
#include "agent/outcome/channel.h"
#include "agent/outcome/event.h"
#include "agent/outcome/scenario_holds.h"
#include "agent/port/clock.h"
#include "agent/port/entropy.h"
#include "agent/port/source.h"
#include "agent/port/uplink.h"
#include "agent/queue/queue.h"
#include "agent/settings/settings.h"

namespace fieldpost {

// Whether this agent may send at all.
enum class Sending : std::uint8_t {
  on,
  off,                     // a command that only puts into the queue or looks at it
  configuration_rejected,  // runs on the last good copy: takes, but must not send by it
};

class Agent {
 public:
  Agent(const Settings&, Queue&, Uplink&, Source&, const Clock&, Entropy&, const Log&, Sending);

  void on_ask(const Ask&);
  // A callback has come. Its answer is told as that of an ask.
  void on_news(const News&);
  void on_report(const UplinkReport&);
  // The uplink process ended; a new one stands in its place.
  void on_uplink_gone();
  // A route or an address came or went.
  void on_network_change();

  // Does what is due. Returns when to call again at the latest; any event calls for it earlier.
  Instant turn();

  // A person asked for a drain: the backlog does not wait for its random moment.
  // Nobody stays for news.
  void send_now() { channel_.skip_spread(), draining_ = true; }
  // Begins nothing new from here on; over once quiet().
  void stop_sending() { sending_ = Sending::off; }
  // What the platform made of its processes, for whoever asks how it stands.
  void tell_sandbox(Sandbox sandbox) { sandbox_ = sandbox; }
  // No exchange is under way.
  bool quiet() const { return exchange_.stage == Stage::none; }
  // Quiet, and nothing that waits could leave now.
  bool resting() const;
  // When an exchange under way is past every deadline the uplink has, so that the uplink must be
  // hanging; kNever without one.
  Instant overdue_at() const { return quiet() ? kNever : exchange_.overdue; }

 private:
  enum class Stage : std::uint8_t {
    none,
    preparing,  // the uplink connects
    ready,      // it is connected, and waits for our `go`
    begun,      // the start joins the next commit
    out,        // the request is on its way
  };
  struct Exchange {
    Stage stage = Stage::none;
    std::uint32_t number = 0;
    bool on_kept = false;
    Instant overdue = kNever;
    bool network_changed = false;  // since it began
  };
  // What one message waits for, the channel apart: why, and until when. With `until` not ahead it
  // may leave.
  struct Wait {
    Reason why = Reason::none;
    Instant until;
  };
  struct Answering {  // told once the commit is durable
    std::uint32_t tag;
    Wish wish;
    MessageId id;
    State state;
    bool duplicate;
  };

  // --- agent.cc: the road of a message ---
  bool may_send() const;
  const Live* choose(Pass, Instant now) const;
  const Live* next_to_leave(Instant now) const;
  Wait wait_of(const Live&, Instant now) const;
  void begin(Instant now);
  void begin_probe(Instant now);
  Status begin_message(const Live&);
  void hold_unreadable(MessageId, Reason);
  void make_durable();
  void prepare(Instant now);
  Instant wake_at(Instant now) const;
  void end_exchange(bool kept, Instant now);

  // --- agent_freshness.cc: what time does ---
  Instant ends_at(const Live&) const;
  Instant expire(Instant now);
  void end_it(const Live&, State, Reason);
  void keep_held_share();

  // --- agent_pace.cc: how fast ---
  Instant channel_free_at(Instant now);
  Wait wait_of_its_own(const Live&) const;
  void look_for_quiet(const Stamp& now);
  bool only_paced(Instant now) const;

  // --- agent_outcome.cc: what an answer changes ---
  void settle(const Answer&, bool on_kept, Instant now);
  void all_is_well(Instant now);
  void settle_message(const Answer&, Instant now);
  void shut_out(Reason, const Answer&, Instant now);
  Duration backoff_after(const Answer&);
  void settle_probe(const Answer&, Instant now);
  void log_conditions();
  void log_condition(const char* fact, const char* well, const char* ill, Reason,
                     std::string_view detail, Reason& logged);

  // --- agent_reconcile.cc: what may have reached the customer ---
  const Live* due_doubt(Pass, Instant now) const;
  bool begin_look_up(Pass, Instant now);
  void settle_look_up(const Answer&, Instant now);
  bool can_only_be(const Live& doubtful, const Answer& found);
  void accept(const Answer&, const Stamp& at);

  // --- agent_tracking.cc: what became of those that were accepted ---
  static bool is_tracked(const Live& one) {
    return one.state >= State::accepted && !one.ends_in_pending;
  }
  bool is_last_word(State) const;
  // Not before: after a trouble they have a random moment, too; one for all, to share a connection.
  Instant questions_at() const { return std::max(questions_from_, channel_.backlog_at(0)); }
  const Live* due_question(Pass, Instant now, bool connected) const;
  bool begin_question(Pass, Instant now);
  void settle_question(const Answer&, Instant now);
  bool take_news(const Answer&, Standing&);
  void take_early_news();
  Status look_at_sent(std::string_view message_id);
  bool hook_info_missing() const;
  bool look_for_hook_info(const Answer&, Instant now);
  bool gathers_news(Instant now) const;
  void keep_tracked(Instant now);
  void plan_question(const Live&, Instant now);
  bool end_oldest_tracked();
  bool make_room();

  // --- agent_templates.cc: scenarios whose template was refused ---
  bool begin_template_check(Pass, Instant now);
  void settle_template_check(const Answer&, Instant now);
  Event whose_template(const Verdict&, Instant now);

  // --- agent_take.cc: a message handed in ---
  void take(const Ask&);
  bool share_is_full(const Ask&, std::string_view source) const;
  void refuse_take(const Ask&, Status why);
  MessageId next_on_topic(const Message&, MessageId behind);
  bool supersede_older(const Message&, MessageId newer);
  void yield_to_newer();

  // --- agent_consent.cc: who gets no messages, and who is forgotten ---
  void forget(const Ask&);
  Instant erase(Instant now);
  void set_blocked(const Ask&);
  MessageId next_to(std::string_view number, MessageId behind);
  std::uint32_t drop_blocked(std::string_view number);
  void heed_opt_out(const Message&, Standing&);
  static bool is_opt_out(const Standing& standing) {
    return standing.state == State::failed && standing.reason == Reason::opted_out;
  }

  // --- agent_asks.cc: what local requests get ---
  void decide(const Ask&);
  void retry(const Ask&);
  void drop(const Ask&);
  void set_paused(const Ask&);  // agent_pause.cc
  void retry_ended(const Ask&);
  MessageId retried_as(MessageId ended);
  Status look_at_ended(MessageId);
  void look_at(const Live&);
  void rows(const RowQuery&);
  // How much history one page may pass over before it is handed out unfilled: a look at a large
  // store must not hold up a send.
  static constexpr std::size_t kLookedAtMax = 256;
  bool may_see(const RowQuery&) const;
  bool add_row(const RowQuery&, const Live*);
  void events(const RowQuery&);  // agent_events.cc
  void tell_watchers();
  void status();
  void answer_later(const Ask&, MessageId, State, bool duplicate = false);
  void answer_now(const Ask&, Refusal);
  bool tell(std::uint32_t tag, Wish, Refusal);  // false: nobody is there to hear it
  Reason waiting_for(const Live&, Instant now) const;
  Instant next_attempt_at(const Live&, Instant now) const;
  Instant soonest_attempt(Instant now) const;
  UnixTime planned(Instant at);

  // --- agent_heartbeat.cc ---
  Instant beat(Instant now);

  std::uint8_t dice();
  Duration some_of(Duration most) { return Duration{most.ms * dice() / 255}; }
  void record(const Message&, Standing&);
  void log_message(MessageId, const Message&, const Standing&);

  const Settings& settings_;
  Queue& queue_;
  Uplink& uplink_;
  Source& source_;
  const Clock& clock_;
  Entropy& entropy_;
  const Log& log_;
  Sending sending_;
  Sandbox sandbox_ = Sandbox::off;
  Channel channel_;
  ScenarioHolds holds_;
  Exchange exchange_;
  Instant kept_until_;    // until then a kept connection needs no `prepare`
  Instant quiet_until_;   // quiet hours end then
  Instant second_began_;  // pace.per_second counts from here
  Instant beat_at_;       // the next heartbeat; 0 before the first turn
  Stamp planned_from_;    // what is planned is counted from here
  std::uint32_t begun_in_second_ = 0;
  MessageId backlog_ends_at_ = 0;  // the newest id when the last trouble ended
  bool draining_ = false;
  bool store_failure_said_ = false;
  bool only_news_pending_ = false;  // of what the pending commit holds
  bool hook_info_found_ = false;
  std::uint8_t ids_missing_ = 0;
  std::uint8_t questions_failed_ = 0;
  MessageId last_missing_ = 0;
  Instant questions_from_;   // after answers that were none
  Instant more_news_until_;  // a callback goes on
  Instant look_for_old_at_;
  struct {
    std::uint32_t tag;
    std::uint32_t dropped;
  } forgotten_{};            // who is told when it is done
  bool forgetting_ = false;  // and whether somebody waits for that
  Reason logged_channel_ = Reason::none;
  Reason logged_network_ = Reason::none;

  std::array<Answering, limits::local_connections_max> answering_{};
  std::size_t answering_count_ = 0;
  std::uint64_t watched_from_ = 0;  // somebody waits for what comes behind this event; 0 = nobody

  // What is large comes last: what is near the front of an object is reached with less code.
  Message message_;    // the one under way
  Standing standing_;  // its standing
  Message looked_at_;  // one that is being looked at
  Standing its_standing_;
  Request request_;
  Told told_;
  std::array<Answer, 4> early_news_;  // of nobody's messages, came while a request was out
  std::uint32_t early_count_ = 0;
};

}  // namespace fieldpost
