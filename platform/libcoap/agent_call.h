// One request to the agent at its socket, and the answer, without waiting: HTTP/1.1, a connection
// each.
#pragma once

#include <cstdint>
#include <string_view>

#include "agent/base/text_writer.h"
#include "agent/http/answer_reader.h"
#include "agent/port/clock.h"
#include "agent/port/uplink.h"
#include "config/coap_limits.h"
#include "platform/linux/file.h"

namespace fieldpost {

class AgentCall {
 public:
  enum class State : std::uint8_t {
    idle,
    under_way,
    answered,  // answer() has it
    away,      // nobody listens, or may not: nothing was asked
    busy,      // the agent has no place for one more now: nothing was asked
    broken,    // it went away, or took too long, with the request: that may have been done
  };

  explicit AgentCall(const Clock& clock) : clock_(clock) {}
  AgentCall(const AgentCall&) = delete;
  AgentCall& operator=(const AgentCall&) = delete;

  // REQUIRES: state() is not under_way.
  // `source`: for whom, as agent/desk/relay.h has it.
  State start(std::string_view socket, Method method, std::string_view path, std::string_view body,
              std::string_view source);
  // Does what can be done now.
  State go_on();

  State state() const { return state_; }
  int fd() const { return socket_.get(); }
  bool writes() const { return sent_ < out_.size(); }  // else it reads
  Instant deadline() const { return deadline_.at; }
  int error() const { return error_; }  // errno where it is away
  const http::AnswerReader& answer() const { return reader_; }
  void forget() { state_ = State::idle; }

 private:
  State end(State state);

  const Clock& clock_;
  State state_ = State::idle;
  Fd socket_;
  int error_ = 0;
  Deadline deadline_;
  std::size_t sent_ = 0;
  TextBuffer<limits::local_body_bytes_max + 512> out_;
  http::AnswerReader reader_;
};

}  // namespace fieldpost
