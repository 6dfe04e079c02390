#include "platform/libcoap/agent_events.h"

#include <errno.h>
#include <sys/socket.h>

#include <array>

#include "agent/base/text_writer.h"
#include "agent/desk/relay.h"
#include "agent/http/put_request.h"
#include "agent/json/tree.h"
#include "platform/linux/local_socket.h"

namespace fieldpost {
namespace {

constexpr Duration kAgain = 2_s;

}  // namespace

void AgentEvents::follow(std::string_view socket) {
  if (observers_.count() == 0) return socket_.reset();
  if (socket_.is_open() || clock_.now() < again_) return;
  again_ = clock_.now() + kAgain;
  if (connect_to(socket, socket_) != Status::ok) return;
  TextBuffer<256> request;
  http::put_local_request(request, Method::get, "/v1/events", {}, 0, kRelayed);
  const std::string_view text = request.written();
  // Into an empty socket; a part of it would be no agent's.
  if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(text.size())) {
    return end();
  }
  reader_.make(static_cast<LineSink&>(*this));
}

void AgentEvents::go_on() {
  std::array<char, 2048> room;
  while (socket_.is_open()) {
    const ssize_t got = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0 || reader_->feed({room.data(), static_cast<std::size_t>(got)}) !=
                        http::AnswerLines::State::more) {
      return end();
    }
  }
}

void AgentEvents::end() {
  socket_.reset();
  again_ = clock_.now() + kAgain;
}

// A line without an id says that what comes from now on follows, or that some are gone: whoever asked
// before that may have missed something.
bool AgentEvents::line(std::uint16_t http, std::string_view text) {
  if (http != 200) return false;
  JsonFault fault;
  const Result<JsonView> root = parse_json(text, arena_, fault);
  if (!root.ok()) return false;
  const auto id = root.value().member("id").integer();
  if (id) {
    observers_.mark(static_cast<MessageId>(*id));
  } else {
    observers_.mark_all();
  }
  return true;
}

}  // namespace fieldpost
