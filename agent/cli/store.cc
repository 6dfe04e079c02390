// store: the region on flash itself, for whoever has to know what is on it.
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/pattern.h"

namespace fieldpost {
namespace {

constexpr PackedText kVerified =
    "Store         {store}, format {version}, {size:bytes}, begun anew {laps} times\n"
    "Messages      {messages} on their way, {ended} ended\n"
    "[{torn:if}Torn          {torn} units, cut by power loss: nothing promised was in them\n]"
    "[{corrupt:if}Corrupt       {corrupt} units: damaged, and read around\n]"
    "[{unreadable:if}Unreadable    {unreadable} messages whose text is damaged\n]"
    "[{lost:if}Lost          {lost} messages\n]"
    "[{in_doubt:if}In doubt      {in_doubt} messages that may have been sent: nobody can say\n]"_packed;

constexpr PackedText kUpgraded =
    "Store         written as format {version}, before as {from}\n"_packed;

constexpr PackedText kTested =
    "[Promised      up to message {promised}\n]"
    "[Self-test     {rounds} writers killed, {taken} messages promised, {sync_us} us a sync\n]"
    "[{ok:if}Nothing was lost.\n]"
    "[{lost:if}Lost          {lost} messages: this place does not keep what it promises\n]"
    "[{corrupt:if}Corrupt       {corrupt} units: damaged by itself\n]"
    "[Cut off       an earlier self-test here: it can be read up to message {found}; if it had\n"
    "              promised a later one, this place lost that\n]"_packed;

// Objects as they are, but for a report that a person may want to read.
class Findings final : public LineSink {
 public:
  Findings(Call& call, PackedText pattern) : call_(call), pattern_(pattern) {}

  bool line(std::uint16_t, std::string_view line) override {
    if (!pattern_) {
      put_object(call_, line);
      return true;
    }
    Reply reply;
    reply.text = line;
    if (read_reply(call_, reply) != Status::ok) return false;
    good_ = is_true(reply.object.member("ok"));
    show_reply(call_, reply, pattern_);
    return true;
  }
  bool good() const { return good_; }

 private:
  Call& call_;
  PackedText pattern_;
  bool good_ = true;
};

}  // namespace

int store_main(Call& call) {
  struct What {
    const char* name;
    StoreLook look;
    bool takes_path;
    PackedText pattern;
  };
  static constexpr What kWhats[] = {
      {"verify", StoreLook::verify, false, kVerified},
      {"export", StoreLook::export_all, false, {}},
      {"salvage", StoreLook::salvage, true, {}},
      {"upgrade", StoreLook::upgrade, false, kUpgraded},
      {"selftest", StoreLook::self_test, true, kTested},
  };
  const auto operands = call.arguments.operands();
  for (const What& what : kWhats) {
    if (operands[0] != what.name) continue;
    const std::string_view path = operands.size() == 2 ? operands[1] : std::string_view();
    if (!what.takes_path && !path.empty())
      return report_usage(call, "takes no path: "_packed, path);
    if (what.look == StoreLook::self_test && path.empty()) {
      return report_usage(call, "selftest wants a folder or a device"_packed);
    }
    Findings findings(call, what.pattern);
    const Status looked = call.shell.look_at_store(what.look, path, findings);
    if (looked != Status::ok) return report_trouble(call);
    return findings.good() ? kDone : kFlashError;
  }
  return report_usage(call, "there is no store command "_packed, operands[0]);
}

}  // namespace fieldpost
