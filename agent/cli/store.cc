// store: the region on flash itself, for whoever has to know what is on it.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"

namespace fieldpost {
namespace {

constexpr const char* kVerified =
    "Store         {store}, format {version}, {size:bytes}, begun anew {laps} times\n"
    "Messages      {messages} on their way, {ended} ended\n"
    "[{torn:if}Torn          {torn} units, cut by power loss: nothing promised was in them\n]"
    "[{corrupt:if}Corrupt       {corrupt} units: damaged, and read around\n]"
    "[{unreadable:if}Unreadable    {unreadable} messages whose text is damaged\n]"
    "[{lost:if}Lost          {lost} messages\n]"
    "[{in_doubt:if}In doubt      {in_doubt} messages that may have been sent: nobody can say\n]";

// Objects as they are, but for `verify`, which a person may want to read.
class Findings final : public LineSink {
 public:
  Findings(Call& call, bool in_words) : call_(call), in_words_(in_words) {}

  bool line(std::uint16_t, std::string_view line) override {
    if (!in_words_) {
      put_object(call_, line);
      return true;
    }
    Reply reply;
    reply.text = line;
    if (read_reply(call_, reply) != Status::ok) return false;
    good_ = is_true(reply.object.member("ok"));
    show_reply(call_, reply, kVerified);
    return true;
  }
  bool good() const { return good_; }

 private:
  Call& call_;
  bool in_words_;
  bool good_ = true;
};

}  // namespace

int store_main(Call& call) {
  const auto operands = call.arguments.operands();
  const std::string_view what = operands[0];
  StoreLook look = StoreLook::verify;
  if (what == "export") {
    look = StoreLook::export_all;
  } else if (what == "salvage") {
    look = StoreLook::salvage;
  } else if (what != "verify") {
    return report_usage(call, "there is no store command ", what);
  }
  std::string_view path;
  if (operands.size() == 2) {
    path = operands[1];
    if (look != StoreLook::salvage) return report_usage(call, "only salvage takes a file: ", path);
  }
  Findings findings(call, look == StoreLook::verify);
  if (call.shell.look_at_store(look, path, findings) != Status::ok) return report_trouble(call);
  return findings.good() ? kDone : kFlashError;
}

}  // namespace fieldpost
