#include "agent/tracking/callback.h"

#include "agent/tracking/hook.h"

namespace fieldpost {
namespace {

struct Reading {
  std::size_t skip;
  News& news;
  std::size_t found = 0;

  void read(JsonView hooks) {
    for (const JsonView hook : hooks) {
      Answer one;
      Said said;
      add_hook(hook, one, said);
      const std::string_view id = text_of(hook.member("id"));
      if (one.news == State::queued || id.empty()) continue;
      if (one.message_id.assign(id) != Status::ok) continue;  // longer than any of ours
      if (found++ < skip || news.count == news.told.size()) continue;
      said.keep({}, one);
      news.told[news.count++] = one;
    }
  }
};

}  // namespace

Result<std::size_t> read_callback(std::string_view body, std::size_t skip, JsonArena& arena,
                                  News& news) {
  news.count = 0;
  JsonFault fault;
  const Result<JsonView> root = parse_json(body, arena, fault);
  if (!root.ok()) return root.status();
  Reading reading{skip, news};
  reading.read(root.value().member("ack"));
  reading.read(root.value().member("hooks"));
  for (const JsonView entry : root.value().member("entry")) {
    for (const JsonView change : entry.member("changes")) {
      reading.read(change.member("value").member("statuses"));
    }
  }
  return reading.found;
}

}  // namespace fieldpost
