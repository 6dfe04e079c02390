#include "platform/libcoap/agent_call.h"

#include <errno.h>
#include <sys/socket.h>

#include <array>

#include "agent/http/put_request.h"
#include "platform/linux/local_socket.h"

namespace fieldpost {
namespace {

// Somewhat longer than the gate waits for the keeper.
constexpr Duration kAnswerWithin = 12_s;

}  // namespace

AgentCall::State AgentCall::end(State state) {
  socket_.reset();
  return state_ = state;
}

AgentCall::State AgentCall::start(std::string_view socket, Method method, std::string_view path,
                                  std::string_view body, std::string_view source) {
  ASSERT(state_ != State::under_way);
  sent_ = 0;
  out_.clear();
  http::put_local_request(out_, method, path, "application/json", body.size(), source);
  out_.put(body);
  ASSERT(!out_.overflowed());
  const Status connected = connect_to(socket, socket_);
  error_ = errno;
  if (connected == Status::timeout) return end(State::busy);
  if (connected != Status::ok) return end(State::away);
  deadline_ = Deadline{clock_.now() + kAnswerWithin};
  reader_.start(std::nullopt);
  state_ = State::under_way;
  return go_on();
}

AgentCall::State AgentCall::go_on() {
  if (state_ != State::under_way) return state_;
  while (writes()) {
    const std::string_view rest = out_.written().substr(sent_);
    const ssize_t sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN) {
      sent_ = out_.size();  // there may be an answer all the same: why the rest is not wanted
      break;
    }
    if (sent < 0) break;
    sent_ += static_cast<std::size_t>(sent);
  }
  std::array<char, 2048> room;
  for (;;) {
    const ssize_t got = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    const auto state =
        got > 0 ? reader_.feed({room.data(), static_cast<std::size_t>(got)}) : reader_.end();
    if (state == http::AnswerReader::State::complete) return end(State::answered);
    if (got <= 0 || state == http::AnswerReader::State::refused) return end(State::broken);
  }
  return deadline_.passed(clock_.now()) ? end(State::broken) : state_;
}

}  // namespace fieldpost
