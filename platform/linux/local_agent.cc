#include "platform/linux/local_agent.h"

namespace fieldpost {

Status LocalAgent::tell(const Told& told) {
  told_ = told;
  came_ = true;
  return Status::ok;
}

const Told& LocalAgent::ask(const Ask& ask) {
  came_ = false;
  agent_.on_ask(ask);
  agent_.turn();
  ASSERT(came_);  // every ask is answered by the turn that follows it
  return told_;
}

bool put_lines(std::string_view text, std::uint16_t http, LineSink& sink) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    if (!sink.line(http, line)) return false;
  }
  return true;
}

}  // namespace fieldpost
