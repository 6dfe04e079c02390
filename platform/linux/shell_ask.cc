// How a command gets its answer: from the agent at its socket, or from the queue under its lock.
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/cli/cli.h"
#include "agent/desk/desk.h"
#include "agent/http/answer_lines.h"
#include "agent/http/put_request.h"
#include "platform/linux/error_words.h"
#include "platform/linux/local_socket.h"
#include "platform/linux/poll.h"
#include "platform/linux/shell.h"
#include "platform/linux/uplink/socket.h"

namespace fieldpost {
namespace {

constexpr Duration kLookAgain = 50_ms;

Status send_text(int fd, std::string_view text, Deadline deadline, const Clock& clock) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (!wait_for(fd, POLLOUT, deadline, clock)) return Status::timeout;
    } else if (errno != EINTR) {
      return Status::io;
    }
  }
  return Status::ok;
}

}  // namespace

Status LinuxShell::ask(const LocalRequest& request, Deadline deadline, LineSink& sink) {
  const Settings* const settings = settings_or_last_good();
  if (settings == nullptr) return fail(Status::io, kConfiguration);
  // While we hold the lock nobody else can be listening.
  if (queue_.get() != nullptr) return answer(request, *settings, sink);
  for (;;) {
    bool nobody_listens = false;
    const Status asked = ask_agent(request, deadline, sink, nobody_listens);
    if (!nobody_listens) return asked;
    const Status answered = answer(request, *settings, sink);
    // Whoever holds the lock without listening is about to start or to end. An answer of which a part
    // is out is not begun again: the command knows what is left to ask.
    if (answered != Status::timeout || agent_runs_ || deadline.passed(clock_.now())) {
      return answered;
    }
    sleep(kLookAgain);
  }
}

Status LinuxShell::ask_agent(const LocalRequest& request, Deadline deadline, LineSink& sink,
                             bool& nobody_listens) {
  trouble_.clear();
  const std::string_view path = settings_->intake.socket.view();
  Fd socket;
  Status status = connect_to(path, socket);
  while (status == Status::timeout && !deadline.passed(clock_.now())) {
    sleep(kLookAgain);
    status = connect_to(path, socket);
  }
  nobody_listens = status == Status::not_found;
  agent_runs_ = !nobody_listens;
  if (nobody_listens) return status;
  if (status == Status::io && errno == EACCES) {
    put_permission(path);
    return status;
  }
  if (status != Status::ok) {
    const int error = errno;
    trouble_.put(path).put(": ");
    trouble_.put(status == Status::timeout ? "the agent is busy with others"_packed
                                           : error_words(error));
    return fail(status, kNotReachable);
  }

  TextBuffer<limits::path_bytes_max + 256> head;
  http::put_local_request(head, request.method, request.path, request.content_type,
                          request.body.size());
  ASSERT(!head.overflowed());
  status = send_text(socket.get(), head.written(), deadline, clock_);
  if (status == Status::ok) status = send_text(socket.get(), request.body, deadline, clock_);
  // Even who could not say everything may get an answer: why the rest is not wanted.
  http::AnswerLines reader(sink);
  bool began = false;
  std::array<char, 4096> room;
  while (status != Status::timeout) {
    // Who waits without an end must notice that nobody reads what it prints any more.
    const int output = deadline.at == kNever ? STDOUT_FILENO : -1;
    std::array<pollfd, 2> waits{{{socket.get(), POLLIN, 0}, {output, 0, 0}}};
    wait_for_any(waits, deadline, clock_);
    if (waits[1].revents != 0) return Status::ok;
    if (waits[0].revents == 0) {
      if (!deadline.passed(clock_.now())) continue;  // a signal
      status = Status::timeout;
      break;
    }
    const ssize_t got = ::recv(socket.get(), room.data(), room.size(), 0);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    began = began || got > 0;
    const http::AnswerLines::State state =
        got > 0 ? reader.feed({room.data(), static_cast<std::size_t>(got)}) : reader.end();
    if (state == http::AnswerLines::State::complete) return Status::ok;
    if (got > 0 && state == http::AnswerLines::State::more) continue;
    status = Status::io;
    break;
  }
  if (status == Status::io && !began && request.method == Method::get) {
    // It is being restarted. A question changes nothing, so it can be put again.
    nobody_listens = true;
    return Status::not_found;
  }
  if (status == Status::timeout) {
    trouble_.put("the agent did not answer in time"_packed);
  } else {
    trouble_.put("the agent went away before it had answered"_packed);
    if (request.method == Method::post) trouble_.put("; what was asked may have been done"_packed);
  }
  return fail(status, kNotReachable);
}

void LinuxShell::release_queue() {
  queue_.clear();
  store_.close();
}

Status LinuxShell::open_queue_for(const Settings& settings, Wish wish) {
  trouble_.clear();
  const bool makes = wish == Wish::take || wish == Wish::block;
  const std::string_view path = settings.queue.path.view();
  if (makes && !make_folders(folder_of(path), 0750) && errno != EACCES) {
    const int error = errno;
    trouble_.put(folder_of(path)).put(": ").put(error_words(error));
    return fail(Status::io, kFlashError);
  }
  errno = 0;
  const Status opened =
      store_.open(settings.queue, makes ? WhereMissing::create : WhereMissing::refuse,
                  Deadline{clock_.now()}, clock_, trouble_);
  const int error = errno;
  if (opened == Status::io && error == EACCES) {
    put_permission(path);
    return opened;
  }
  if (opened == Status::not_found) {
    trouble_.clear();
    trouble_.put("no agent is running, and there is no queue at "_packed).put(path).put(" yet");
  }
  if (opened != Status::ok) {
    const bool elsewhere = opened == Status::timeout || opened == Status::not_found;
    return fail(opened, elsewhere ? kNotReachable : kFlashError);
  }
  queue_.make(store_, settings, no_uplink_, clock_, entropy_, log_, Sending::off);
  const Status recovered = queue_->open(entropy_, log_, trouble_);
  if (recovered == Status::ok) return Status::ok;
  release_queue();
  return fail(recovered, kFlashError);
}

// The desk, with the queue behind it only if that is asked at all: what is wrong with a request, or
// what scenarios there are, needs none.
Status LinuxShell::answer(const LocalRequest& request, const Settings& settings, LineSink& sink) {
  static std::array<std::byte, limits::json_arena_bytes> arena_bytes;
  static JsonArena arena(arena_bytes);
  static TextBuffer<limits::local_answer_bytes_max> piece;
  static DeskCall call;
  static Ask ask;
  agent_runs_ = false;
  TextBuffer<limits::source_bytes_max> source;
  source.put("uid:").put_number(::geteuid());
  piece.clear();
  DeskStep step = call.begin(request, settings, directory_, {source.written()}, arena, ask, piece);
  for (bool began = false;; began = true) {
    answering_ = true;
    const bool wanted = put_lines(piece.written(), call.head().http, sink);
    answering_ = false;
    if (!wanted || (began && out_failed_ != 0)) return Status::ok;
    piece.clear();
    switch (step) {
      case DeskStep::wait:  // nothing happens while no agent runs
      case DeskStep::done: return Status::ok;
      case DeskStep::more: step = call.more(settings, piece); break;
      case DeskStep::ask:
        if (queue_.get() == nullptr) {
          const Status opened = open_queue_for(settings, ask.wish);
          // It was given back while nobody read: an agent has it now.
          agent_runs_ = began && opened == Status::timeout;
          TRY(opened);
        }
        ask.tag = 1;
        step = call.told(queue_->ask(ask), ask, piece);
        break;
    }
  }
}

}  // namespace fieldpost
