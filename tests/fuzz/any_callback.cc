// A callback, read to its end, piece by piece: no piece that the keeper would not take, and as many
// news as were said.
#include <memory>
#include <vector>

#include "agent/tracking/callback.h"
#include "agent/tracking/order.h"
#include "tests/fuzz/control.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

std::string wrong_with(const Answer& one) {
  if (!one.message_id.well_formed() || !one.detail.well_formed()) return "a text beyond its bound";
  if (one.message_id.empty()) return "news of no message";
  if (one.news != State::failed && delivery_rank(one.news) < delivery_rank(State::sent)) {
    return "news that is none";
  }
  if (one.news != State::failed && (one.code != 0 || !one.detail.empty())) {
    return "what is not failed has a failure";
  }
  return has_control(one.detail.view()) ? "a control character in the words" : "";
}

}  // namespace

std::string wrong_with_callback(std::string_view body) {
  static std::vector<std::byte> room(limits::json_arena_bytes);
  const auto news = std::make_unique<News>();
  std::size_t total = 0;
  for (std::size_t read = 0;; read += news->count) {
    JsonArena arena{room};
    const Result<std::size_t> count = read_callback(body, read, arena, *news);
    if (news->count > news->told.size()) return "more than a frame holds";
    if (!count.ok()) return news->count == 0 && read == 0 ? "" : "refused, and yet there is news";
    if (read != 0 && count.value() != total) return "the second look counts otherwise";
    total = count.value();
    for (std::uint32_t i = 0; i < news->count; ++i) {
      if (std::string wrong = wrong_with(news->told[i]); !wrong.empty()) return wrong;
    }
    if (read + news->count > total) return "more news than it said";
    if (news->count == 0) return read == total ? "" : "it ends before its end";
  }
}

}  // namespace fieldpost::fuzz
