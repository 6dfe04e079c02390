// How a command talks to the API itself, and what it makes of an answer that is none.
#pragma once

#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/cli/command.h"
#include "agent/json/tree.h"
#include "agent/message/state.h"

namespace fieldpost {

class ApiCall {
 public:
  // `api` is the only one of this program's run, and lives until the last exchange.
  ApiCall(Call& call, const ApiSettings& api) : call_(call), api_(api) {}

  // Asks for a method of the channel: "templates?limit=8". True: it was granted, and object() is
  // what came; the tree lives in the call's room until the next one.
  bool get(std::string_view method) { return ask(Method::get, method, {}); }
  // The same; some refusals come with 200.
  bool post(std::string_view method, std::string_view body);

  JsonView object() const { return object_; }
  const ApiReply& reply() const { return reply_; }
  // The answer was too large: less of it can be asked for.
  bool too_large() const { return too_large_; }
  // An answer that was granted says something else all the same, or nothing that makes sense.
  void blame(Reason fault) { fault_ = fault; }
  // Why it was not granted: `refused_unspecified` for what only its words can say,
  // `configuration_rejected` for a token or CA file that cannot be used.
  Reason fault() const { return fault_; }
  int exit_code() const;
  // "1MSG refuses the token (its words)".
  void put_fault(TextWriter& out) const;
  PackedText advice() const;
  // Says so, and what to do about it. Returns the exit code.
  int report() const;

 private:
  bool ask(Method, std::string_view method, std::string_view body);

  Call& call_;
  const ApiSettings& api_;
  ApiReply reply_;
  JsonView object_;
  Reason fault_ = Reason::none;
  bool too_large_ = false;
};

// What to do about a fault on the way to the API or of the channel; "" where its words say it.
PackedText advice_about(Reason fault);

}  // namespace fieldpost
