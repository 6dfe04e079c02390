// What a device must provide: one exchange at a time with the API, over verified TLS.
//
//   prepare ─▶ ready ─▶ go ─▶ answered
//          └▶ broken      └▶ broken
//
// `go` after `ready` is what lets the start of a send be durable before its bytes leave. Reports
// come back later, each with the number of its exchange: an old one is recognised and left alone.
#pragma once

#include <cstdint>

#include "agent/base/fixed_text.h"
#include "agent/base/status.h"
#include "agent/base/time.h"
#include "agent/message/state.h"
#include "config/limits.h"

namespace fieldpost {

enum class Method : std::uint8_t { get = 0, post = 1 };

// How the answer is to be read.
enum class Purpose : std::uint8_t {
  send_template = 0,   // POST sendTemplate
  channel_status = 1,  // GET status
  history = 2,         // GET messages: does the history of a chat hold a message of ours?
  templates = 3,       // GET templates: is the template of a message what we send?
  hook_info = 4,       // GET hookInfo: what became of a message that was accepted?
};

struct Request {
  std::uint32_t exchange = 0;
  Method method = Method::post;
  Purpose purpose = Purpose::send_template;
  FixedText<limits::path_bytes_max> path;  // after the base URL: "/VID1/sendTemplate"
  // Of a GET nothing of it is sent: it says what to look for in the answer.
  FixedText<limits::request_body_bytes_max> body;
};

// How far a request got before the exchange ended.
enum class Reached : std::uint8_t {
  nothing = 0,     // no name, no route, no handshake
  part_of_it = 1,  // broken before the kernel had its last byte
  all_of_it = 2,
};

// What came back, read. `http` 0: nothing that is an HTTP answer.
struct Answer {
  Reached reached = Reached::nothing;
  Reason broken = Reason::none;  // why there is no answer; none when there is one
  std::uint16_t http = 0;
  bool parsed = false;          // the body is the JSON object it should be
  bool sent = false;            // `sent` is boolean true; for channel_status: it is well; for
                                // history: the message was found, with `message_id` and `time`;
                                // for templates: it is approved, with as many variables
  bool job_id = false;          // queued at the API: pending, not refused
  bool names_template = false;  // a 404 is about the template, not about the address; for
                                // templates: it stands in the list
  bool more = false;            // for templates: the list goes on
  std::int32_t code = 0;        // WhatsApp's or 1MSG's, 0 = none
  std::uint32_t retry_after_s = 0;
  State news = State::queued;  // for hook_info: what became of the message; queued: no news
  UnixTime time;               // by the API's clock
  FixedText<limits::message_id_bytes_max> message_id;
  FixedText<limits::detail_bytes_max> detail;  // the API's words or the failed check, redacted
};

struct UplinkReport {
  enum class Kind : std::uint8_t { ready = 0, broken = 1, answered = 2 };
  Kind kind = Kind::broken;
  std::uint32_t exchange = 0;
  // The connection is kept, and quiet: the next exchange may `go` without another `prepare`.
  bool kept = false;
  Answer answer;  // for ready: nothing in it
};

class Uplink {
 public:
  // Asks for a connection, handshake done. A report will say `ready` or `broken`.
  //   io: the uplink is gone; no report will come.
  virtual Status prepare(std::uint32_t exchange) = 0;

  // Sends the request on the connection that is ready. A report will say `answered` or `broken`.
  //   io: the uplink is gone. Not one byte of this request has been handed over.
  virtual Status go(const Request&) = 0;

 protected:
  ~Uplink() = default;
};

}  // namespace fieldpost
