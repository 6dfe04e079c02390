// The way to the API's host, through an HTTP proxy where one is configured. That is asked before TLS
// begins, so that it learns the API's name and nothing else of what is sent; whatever it answers is
// never read as an answer of the API.
#include <string.h>

#include "agent/base/assert.h"
#include "agent/composer/head.h"
#include "fieldpost_build.h"
#include "platform/linux/uplink/uplink_process.h"

namespace fieldpost {

// Inlined into its one caller it would take 270 bytes more.
[[gnu::noinline]] bool UplinkProcess::reach(Deadline deadline, Trouble& trouble) {
  trouble = {};  // of the attempt before, which showed a ticket
  const bool by_proxy = settings_.goes_by_proxy();
  const auto next = by_proxy ? read_web_address(settings_.proxy.view()) : address_;
  ASSERT(next.has_value());  // as the reader of the configuration checked
  const bool there =
      dialer_.dial(next->host, next->port, !address_.secure, deadline, socket_, trouble);
  if (!by_proxy) return there;
  TextBuffer<2 * limits::detail_bytes_max> why;
  why.put("the proxy: "_packed);
  if (!there) {
    why.put(trouble.detail.view());
  } else if (open_tunnel(deadline, why)) {
    return true;
  } else {
    trouble.reason = Reason::proxy_failed;
    socket_.close();
  }
  trouble.set(trouble.reason, why.written());
  return false;
}

bool UplinkProcess::open_tunnel(Deadline deadline, TextWriter& why_not) {
  TextWriter out({wire_.data(), kWireBytes});
  bool composed = true;
  {
    Tokens login;  // read anew each time, and gone before a byte of the proxy's is read
    composed =
        (proxy_login_ < 0 || login.add(proxy_login_) == Status::ok) &&
        status_of(compose_tunnel_head(
            {address_.host, address_.port, login.current(), build::kVersion}, out)) == Status::ok;
  }
  if (!composed) {
    why_not.put("api.proxy_login_file must hold name:password, in ASCII without spaces"_packed);
    return false;
  }
  reader_.start(clock_.wall(), http::AnswerReader::Wanted::head);
  // Where that fails there is no answer either, and reading says why.
  (void)plain_.send(out.written(), deadline);
  ::explicit_bzero(wire_.data(), out.size());
  Answer answer;
  if (!read_answer_of(plain_, deadline, answer)) {
    why_not.put(answer.detail.view());
    return false;
  }
  const unsigned http = reader_.status();
  const bool opens = http >= 200 && http <= 299;
  // In TLS the client speaks first: what came along is the proxy's, or of whoever is in its place.
  if (opens && !reader_.bytes_beyond()) return true;
  if (opens) {
    why_not.put("it spoke before the server could"_packed);
  } else if (http != 407 && http != 401) {  // tinyproxy says 401 of a wrong password
    why_not.put("it opens no way to "_packed).put(address_.host);
  } else if (proxy_login_ < 0) {
    why_not.put("it wants a name and a password, from api.proxy_login_file"_packed);
  } else {
    why_not.put("it does not take the name and password in api.proxy_login_file"_packed);
  }
  why_not.put(" (HTTP ").put_number(http).put(')');
  return false;
}

}  // namespace fieldpost
