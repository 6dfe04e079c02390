// A command's own exchange with the API: the agent's uplink, in this very process.
#include <errno.h>

#include "platform/linux/credentials.h"
#include "platform/linux/resolver_file.h"
#include "platform/linux/shell.h"
#include "platform/linux/uplink_child.h"

namespace fieldpost {

Status LinuxShell::exchange(const ApiSettings& api, Method method, std::string_view path,
                            std::string_view body, ApiReply& reply) {
  static Place<Credentials> files;  // the roots are read from their file with each handshake
  reply = ApiReply{};
  if (uplink_ == nullptr) {
    TextBuffer<limits::log_line_bytes_max> why;
    errno = 0;
    if (open_credentials(api, files.make(), why) == Status::ok) {
      const ResolverFile resolver;
      uplink_ = start_uplink(
          {api, {}, *files, resolver.servers(), std::nullopt, clock_, entropy_, sink_, log_});
    }
    if (uplink_ == nullptr) {
      reply.denied = errno == EACCES;
      if (why.size() == 0) why.put("no entropy, or no memory for TLS"_packed);
      Trouble trouble;
      trouble.set(Reason::configuration_rejected, why.written());
      reply.answer.broken = trouble.reason;
      reply.answer.detail = trouble.detail;
      return Status::io;
    }
  }
  static Place<Request> room;
  Request& request = room.make();
  request.method = method;
  request.purpose = Purpose::channel_status;
  const bool fits =
      request.path.assign(path) == Status::ok && request.body.assign(body) == Status::ok;
  ASSERT(fits);
  Status how = Status::io;
  // Each 401 leads to the next of several tokens, after the last to the first again.
  for (std::size_t i = 0; i < files->token_count; ++i) {
    how = uplink_->exchange(request, reply.answer);
    if (reply.answer.http != 401) break;
  }
  if (how == Status::ok) reply.body = uplink_->answer_body();
  reply.certificate_until = uplink_->certificate_until();
  return how;
}

// Wherever the token stood in what the API said, it does not get out.
Status LinuxShell::write(int fd, std::string_view text) const {
  const std::string_view token = uplink_ == nullptr ? std::string_view() : uplink_->token();
  for (std::size_t at; !token.empty() && (at = text.find(token)) != text.npos;) {
    TRY(write_all(fd, text.substr(0, at)));
    TRY(write_all(fd, "•••"));
    text.remove_prefix(at + token.size());
  }
  return write_all(fd, text);
}

}  // namespace fieldpost
