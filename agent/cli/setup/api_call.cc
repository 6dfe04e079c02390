#include "agent/cli/setup/api_call.h"

#include "agent/cli/local.h"
#include "agent/cli/words.h"

namespace fieldpost {
namespace {

// In the order of Reason.
constexpr PackedWords kAdvice =
    "\n"
    "check the cable or the modem, and the name servers in /etc/resolv.conf\n"
    "check the host in api.base_url or api.proxy, and the name servers in /etc/resolv.conf\n"
    "check host and port in api.base_url or api.proxy, and what a firewall lets through\n"
    "is the clock right? then the server's certificate has to be renewed\n"
    "set the clock; if it is right, ask 1MSG about the certificate\n"
    "check the host in api.base_url; a portal or a proxy may answer in its place\n"
    "bring api.ca_file up to date; where a proxy opens TLS, add its root\n"
    "a proxy or an old server answers: it has to offer TLS 1.2 or newer\n"
    "check host and port in api.base_url; a proxy may stand in between\n"
    "log in to the network's portal, or use another network\n"
    "set the clock, or let a time server (NTP) do it\n"
    "\n"
    "try again in a minute\n"
    "try again later; if it stays so, check api.base_url\n"
    "put this channel's token into the file that api.token_file names\n"
    "ask 1MSG about this channel; a trial may be over\n"
    "check api.base_url (live or sandbox) and api.channel\n"_packed_words;
static_assert(kAdvice.size() == static_cast<std::size_t>(Reason::wrong_address) + 1);

Reason fault_of_http(std::uint16_t http) {
  switch (http) {
    case 401: return Reason::token_refused;
    case 403: return Reason::channel_blocked;
    case 404: return Reason::wrong_address;
    case 408: return Reason::api_trouble;
    case 429: return Reason::rate_limited;
    default: break;
  }
  return http >= 400 && http <= 499 ? Reason::refused_unspecified : Reason::api_trouble;
}

}  // namespace

PackedText advice_about(Reason fault) {
  if (fault == Reason::proxy_failed) {
    return "check api.proxy and api.proxy_login_file, and ask who runs the proxy"_packed;
  }
  return fault <= Reason::wrong_address ? kAdvice[static_cast<std::size_t>(fault)] : kAdvice[0];
}

int ApiCall::exit_code() const {
  switch (fault_) {
    case Reason::token_refused:
    case Reason::wrong_address: return kConfiguration;
    case Reason::configuration_rejected: return reply_.denied ? kNotAllowed : kConfiguration;
    case Reason::channel_blocked:
    case Reason::refused_unspecified: return kRefused;
    default: return kNotReachable;
  }
}

PackedText ApiCall::advice() const {
  if (fault_ == Reason::refused_unspecified) return "ask 1MSG, with these words"_packed;
  if (fault_ != Reason::configuration_rejected) return advice_about(fault_);
  return reply_.denied
             ? "run this as root, or as the agent's own user"_packed
             : "write there what belongs there (mode 600), or install ca-certificates"_packed;
}

bool ApiCall::ask(Method how, std::string_view method, std::string_view body) {
  TextBuffer<limits::path_bytes_max> path;
  path.put('/').put(api_.channel.view()).put('/').put(method);
  ASSERT(!path.overflowed());
  object_ = {};
  const Status came = call_.shell.exchange(api_, how, path.written(), body, reply_);
  too_large_ = came == Status::full;
  fault_ = reply_.answer.broken;
  if (came != Status::ok) return false;
  const std::uint16_t http = reply_.answer.http;
  Reply read;
  read.text = reply_.body;
  const bool sound = read_reply(call_, read) == Status::ok;
  object_ = read.object;
  fault_ = http >= 200 && http <= 299 && sound ? Reason::none : fault_of_http(http);
  return fault_ == Reason::none;
}

bool ApiCall::post(std::string_view method, std::string_view body) {
  if (!ask(Method::post, method, body)) return false;
  const JsonView error = object_.member("error");
  if (error.exists() && !error.is_null()) fault_ = Reason::refused_unspecified;
  return fault_ == Reason::none;
}

void ApiCall::put_fault(TextWriter& out) const {
  const std::string_view detail = reply_.answer.detail.view();
  const std::uint16_t http = reply_.answer.http;
  if (fault_ == Reason::configuration_rejected) {
    out.put(detail);
    return;
  }
  out.put(fault_ == Reason::refused_unspecified ? "1MSG refused it"_packed
          : fault_ == Reason::api_trouble       ? "1MSG gave no answer that can be used"_packed
                                                : words_of(fault_));
  if (http == 0 && detail.empty()) return;
  out.put(" (");
  if (http != 0) out.put("HTTP ").put_number(http).put(detail.empty() ? "" : ": ");
  out.put(detail).put(')');
}

int ApiCall::report() const {
  TextBuffer<1024> words;
  put_fault(words);
  words.put("; ").put(advice());
  return report_fault(call_, exit_code(), words.written(), to_text(fault_));
}

}  // namespace fieldpost
