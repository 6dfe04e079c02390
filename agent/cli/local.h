// How a command talks to the local API, and what it makes of a refusal.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/base/time.h"
#include "agent/cli/command.h"
#include "agent/json/tree.h"

namespace fieldpost {

// How long a command waits for an answer; a list may be long.
inline constexpr Duration kAnswerWait = 10_s;
inline constexpr Duration kListWait = 60_s;

// An answer of one object. The text and the tree live in the call's room until the next request.
struct Reply {
  std::uint16_t http = 0;
  std::string_view text;  // as it came
  JsonView object;

  bool ok() const { return http >= 200 && http <= 299; }
};

// Puts a request whose answer is one object.
//   io: nobody answered, or nothing sensible; shell.trouble() has the words if there are any.
Status ask_local(Call& call, const LocalRequest& request, Reply& reply,
                 Duration wait = kAnswerWait);
// Reads reply.text into reply.object.
//   io: it is no JSON object.
Status read_reply(Call& call, Reply& reply);
Deadline within(const Shell& shell, Duration wait);

// Shows the answer of a request that was granted: with --json as it is, else by the pattern (see
// agent/cli/pattern.h). Returns kDone.
int show_reply(Call& call, const Reply& reply, PackedText pattern);
// A command that is one question: asks, and shows the answer or says why there is none. Returns
// the exit code.
int ask_and_show(Call& call, const LocalRequest& request, PackedText pattern);
// A text of the program's own, onto out() or err().
void put_out(Shell& shell, PackedText text);
void put_err(Shell& shell, PackedText text);
// One object of an answer, as it is.
void put_object(Call& call, std::string_view object);

// An answer of many objects, shown as they come: with --json as they are.
class ReplyLines : public LineSink {
 public:
  explicit ReplyLines(Call& call) : call_(call) {}

  // Asks, and says why there is no answer or no more of it. Returns the exit code.
  int ask(const LocalRequest& request, Duration wait);
  bool line(std::uint16_t http, std::string_view line) override;

 protected:
  ~ReplyLines() = default;
  int finish(Status asked);
  virtual bool wants(JsonView) { return true; }  // else it is passed over
  virtual void show(JsonView object) = 0;        // to a person

  Call& call_;

 private:
  bool unreadable_ = false;
  int exit_ = kDone;
};

// One message on one line of at most 80 columns, with the time that its member `when` has.
void put_table_line(Call& call, JsonView row, const char* when);

// A JSON value, or nothing where it is missing.
std::uint64_t number_of(JsonView value);
bool is_true(JsonView value);

// What a refused request comes to. `error` is the word of the local API.
int exit_code_of(std::string_view error);

// Says on standard error why nothing could be asked; with --json as an object on out, too. Returns
// the exit code.
int report_trouble(Call& call);
// The same for what the command itself found, with the word for it where it has one.
int report_fault(Call& call, int exit, std::string_view words, std::string_view reason = {});
int report_fault(Call& call, int exit, PackedText words);
// The same for an answer that is a refusal. `option` names the field as it is typed; empty: as the
// answer names it.
int report_refusal(Call& call, const Reply& reply, std::string_view option = {});
// "fieldpost send: …; see fieldpost help send"
int report_usage(Call& call, PackedText fault, std::string_view shown = {});
int report_usage(Call& call, const TextWriter& fault);

// "list", "add X" or "remove X", as commands that keep a list are typed.
struct ListChange {
  enum class Kind : std::uint8_t { none, add, remove };
  Kind kind = Kind::none;
  std::string_view of;  // what is to be added or removed; empty: to list
};
// Nothing after saying what is wrong; `form` says what each of the three takes.
std::optional<ListChange> read_list_change(Call& call, PackedText form);

// The path of a file in the folder of the configuration: "/token".
void put_beside_configuration(TextWriter& out, const Shell& shell, const char* name);

// A request about one message: "/v1/messages/17/retry".
struct MessageRequest : LocalRequest {
  MessageRequest(std::uint64_t id, const char* rest);
  MessageRequest(const MessageRequest&) = delete;
  MessageRequest& operator=(const MessageRequest&) = delete;

 private:
  TextBuffer<64> path_;
};

// The operand as an id, or 0 after saying that it is none.
std::uint64_t read_id(Call& call);

}  // namespace fieldpost
