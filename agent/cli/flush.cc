// flush: drains the queue once where no agent runs.
#include <algorithm>

#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"

namespace fieldpost {
namespace {

// Follows the drain by its status objects; the last one is kept for the end.
class Progress final : public LineSink {
 public:
  explicit Progress(Call& call) : call_(call), shown_(!call.json && call.shell.out_is_terminal()) {}

  bool line(std::uint16_t, std::string_view line) override {
    Reply reply;
    reply.text = line;
    if (line.size() > call_.room.answer.size() || read_reply(call_, reply) != Status::ok) {
      return true;
    }
    std::copy(line.begin(), line.end(), call_.room.answer.begin());
    last_ = {call_.room.answer.data(), line.size()};
    const JsonView counts = reply.object.member("counts");
    left_ = number_of(counts.member("queued")) + number_of(counts.member("sending"));
    doubtful_ = number_of(counts.member("uncertain"));
    const std::uint64_t accepted = number_of(counts.member("accepted"));
    const std::uint64_t refused =
        number_of(counts.member("held")) + number_of(counts.member("failed"));
    if (!any_) accepted_before_ = accepted, refused_before_ = refused;
    accepted_ = accepted > accepted_before_ ? accepted - accepted_before_ : 0;
    refused_ = refused > refused_before_ ? refused - refused_before_ : 0;
    any_ = true;
    if (shown_) {
      TextBuffer<96> text;
      // The second half clears what a longer line left behind.
      text.put('\r').put_number(accepted_).put(" accepted, ").put_number(left_);
      text.put(" to go\x1b[K");
      call_.shell.out(text.written());
    }
    return true;
  }

  // Every end is a line of its own, with the counts of the last object.
  void finish() {
    if (call_.json) return put_object(call_, last_);
    if (shown_ && any_) call_.shell.out("\r\x1b[K");
    TextBuffer<512> text;
    text.put_number(accepted_).put(accepted_ == 1 ? " message" : " messages");
    text.put(" accepted: 1MSG has them, not yet on the phone\n"_packed);
    call_.shell.out(text.written());
    text.clear();
    if (refused_ != 0) text.put_number(refused_).put(" refused: fieldpost list says why\n"_packed);
    if (doubtful_ != 0) {
      text.put_number(doubtful_).put(" may have been sent: nobody can say yet\n"_packed);
    }
    call_.shell.err(text.written());
    if (left_ == 0) return;
    text.clear();
    text.put_number(left_).put(left_ == 1 ? " is left and stays"_packed
                                          : " are left and stay"_packed);
    text.put(" queued");
    // ": the server's name was not found", as the last object has it.
    Reply reply;
    reply.text = last_;
    if (any_ && read_reply(call_, reply) == Status::ok) {
      const bool held = !text_of(reply.object.member("channel").member("reason")).empty();
      put_filled(text,
                 held ? "[: {channel.reason:words}]"_packed : "[: {network.reason:words}]"_packed,
                 reply.object);
      put_filled(text, "[{paused:if}: sending is paused]"_packed, reply.object);
    }
    text.put('\n');
    call_.shell.err(text.written());
  }

  bool any() const { return any_; }
  bool refused() const { return refused_ != 0; }

 private:
  Call& call_;
  bool shown_;
  bool any_ = false;
  std::string_view last_;
  std::uint64_t left_ = 0, doubtful_ = 0;
  std::uint64_t accepted_ = 0, accepted_before_ = 0;
  std::uint64_t refused_ = 0, refused_before_ = 0;  // held or failed
};

}  // namespace

int flush_main(Call& call) {
  Progress progress(call);
  const Status how = call.shell.drain(progress);
  if (how != Status::ok && how != Status::full) return report_trouble(call);
  if (progress.any()) progress.finish();
  if (how == Status::full) return kStillQueued;
  return progress.refused() ? kRefused : kDone;
}

}  // namespace fieldpost
