// A scenario whose template was refused waits as a whole: the list of templates is asked for on a
// slow schedule, then one message tries. The other scenarios flow.
#include "agent/agent.h"
#include "agent/composer/composer.h"

namespace fieldpost {

// Of the message under way: the event, where the verdict blames its template.
Event Agent::whose_template(const Verdict& verdict, Instant now) {
  const std::uint32_t scenario = text_hash(message_.scenario.view());
  if (verdict.event == Event::accept) {
    if (ScenarioHold* const hold = holds_.find(scenario)) hold->accepted();
  }
  if (!is_of_template(verdict.reason)) return verdict.event;
  ScenarioHold* const hold = holds_.add(scenario);
  if (hold == nullptr || hold->is_its_own_fault(message_.id)) return Event::hold;
  hold->why = verdict.reason;
  hold->culprit = message_.id;
  hold->wait(settings_.retry.max, now, dice());
  return verdict.event;
}

bool Agent::begin_template_check(Pass pass, Instant now) {
  if (pass == Pass::closed) return false;
  for (const Live& one : queue_.live()) {
    ScenarioHold* const hold = holds_.find(one.scenario);
    if (one.state != State::queued || hold == nullptr || !hold->is_due(now)) continue;
    Status readable = queue_.read(one.id, message_, standing_);
    if (readable == Status::ok) {
      readable =
          compose_template_check(settings_.api.channel.view(), message_, hold->offset, request_);
    }
    if (readable == Status::ok) {
      exchange_.stage = Stage::begun;
      return true;
    }
    hold->try_again(now);
  }
  return false;
}

// What the list does not tell, one message finds out.
void Agent::settle_template_check(const Answer& answer, Instant now) {
  ScenarioHold* const hold = holds_.find(text_hash(message_.scenario.view()));
  if (hold == nullptr || answer.reached != Reached::all_of_it) return;
  if (answer.parsed && !answer.sent && answer.names_template) {
    hold->wait(settings_.retry.max, now, dice());
  } else if (answer.parsed && !answer.sent && answer.more && hold->offset < limits::templates_max) {
    hold->offset += limits::templates_per_page;
  } else {
    hold->try_again(now);
  }
}

}  // namespace fieldpost
