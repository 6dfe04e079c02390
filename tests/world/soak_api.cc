#include "tests/world/soak_api.h"

#include <array>

namespace fieldpost::world {
namespace {

enum class Got : std::uint8_t { no, yes, perhaps };  // the customer, the message

struct Way {
  const char* name;
  Got got;
  Reply reply;
};

Reply answer(int http, const char* body) { return {.http = http, .body = body}; }
Reply broken(Reached reached, Duration after = 1_s) {
  return {.after = after, .reached = reached, .kept = false};
}

// The two tables of answers that 1MSG's documents make, row by row, and the shapes of each.
const Way kWays[] = {
    {"no id", Got::yes, answer(200, R"({"sent":true,"message":"Sent"})")},
    {"refused, no code", Got::no, answer(200, R"({"sent":false,"message":"no"})")},
    {"refused, as a string", Got::no, answer(200, R"({"sent":"false","error":"no"})")},
    {"refused, nested", Got::no,
     answer(200, R"({"sent":false,"response":{"error":{"code":131026,"message":"no"}}})")},
    {"pair rate", Got::no,
     answer(200, R"({"sent":false,"error":{"code":131056,"message":"slower"}})")},
    {"account rate", Got::no,
     answer(200, R"({"sent":false,"error":{"code":130429,"message":"slower"}})")},
    {"tomorrow", Got::no,
     answer(200, R"({"sent":false,"error":{"code":131049,"message":"wait"}})")},
    {"account locked", Got::no,
     answer(200, R"({"sent":false,"error":{"code":131031,"message":"locked"}})")},
    {"never again", Got::no,
     answer(200, R"({"sent":false,"error":{"error_code":131026,"message":"no"}})")},
    {"opted out", Got::no, answer(200, R"({"sent":false,"error":{"code":131050,"message":"no"}})")},
    {"template paused", Got::no,
     answer(200, R"({"sent":false,"error":{"code":132015,"message":"paused"}})")},
    {"job", Got::perhaps, answer(200, R"({"sent":false,"jobId":"j-1"})")},
    {"bad request", Got::no, answer(400, R"({"error":"bad"})")},
    {"no such template", Got::no, answer(404, R"({"error":"template is not defined"})")},
    {"no such path", Got::no, answer(404, R"({"error":"Not found"})")},
    {"no namespace", Got::no, answer(422, R"({"message":"namespace is missing"})")},
    {"token", Got::no, answer(401, R"({"error":"Wrong token \"a-token\" for channel VID1"})")},
    {"blocked", Got::no, answer(403, "trial is over")},
    {"too many", Got::no, answer(429, R"({"error":"Rate limit exceeded"})")},
    {"away", Got::perhaps, answer(503, R"({"error":"away"})")},
    {"a proxy's page", Got::perhaps, answer(502, "<html>bad gateway</html>")},
    {"moved", Got::perhaps, answer(302, "")},
    {"timed out there", Got::perhaps, answer(408, "")},
    {"not JSON", Got::perhaps, answer(200, "<html>welcome</html>")},
    {"half of it", Got::perhaps, answer(200, R"({"sent":tr)")},
    {"silence", Got::perhaps, broken(Reached::all_of_it, 1_h)},
    {"reset", Got::perhaps, broken(Reached::all_of_it)},
    {"cut in the request", Got::no, broken(Reached::part_of_it)},
    {"closed before it", Got::no, broken(Reached::nothing)},
};

// What stands in `text` between two words.
std::string between(std::string_view text, std::string_view before, std::string_view behind) {
  const std::size_t at = text.find(before) + before.size();
  return std::string(text.substr(at, text.find(behind, at) - at));
}

}  // namespace

bool SoakApi::connects(Duration& after) {
  if (network_up_ && !world_.one_in(50)) return true;
  after = Duration{world_.below(10'000)};
  return false;
}

Reply SoakApi::serve(const Request& request) {
  ++requests_;
  if (request.purpose == Purpose::send_template) on_send();
  if (!network_up_) return broken(Reached::all_of_it, 1_h);
  if (request.purpose == Purpose::send_template) return serve_send(request);
  if (world_.below(100) < trouble_percent_) return answer(503, R"({"error":"away"})");
  if (request.purpose == Purpose::history) return serve_history(request);
  if (request.purpose == Purpose::hook_info) return serve_hook_info(request);
  if (request.purpose == Purpose::templates) {
    return answer(200, R"({"total":1,"templates":[{"name":"next_step","namespace":"NS",)"
                       R"("language":"en","status":"approved",)"
                       R"("components":[{"type":"BODY","text":"On {{1}}."}]}]})");
  }
  return answer(200, R"({"status":"connected"})");
}

Reply SoakApi::serve_send(const Request& request) {
  if (world_.below(100) < trouble_percent_) {
    const Way& way = kWays[world_.below(std::size(kWays))];
    ++met_[way.name];
    const bool got = way.got == Got::yes || (way.got == Got::perhaps && world_.one_in(2));
    if (got) deliver(request);
    return way.reply;
  }
  const std::uint64_t id = deliver(request);
  return {.after = Duration{50 + world_.below(400)},
          .http = 200,
          .body = R"({"sent":true,"id":"wamid.)" + std::to_string(id) + "\"}",
          .kept = !world_.one_in(10)};
}

std::uint64_t SoakApi::deliver(const Request& request) {
  const std::string text = "visit " + between(request.body.view(), "visit ", "\"");
  ++received_[text];
  auto& of_phone = history_[between(request.body.view(), R"("phone":")", "\"")];
  of_phone.push_back({++ids_, kEpoch + world_.now().ms / 1000, text});
  if (of_phone.size() > 5) of_phone.pop_front();
  return ids_;
}

Reply SoakApi::serve_history(const Request& request) const {
  const std::string phone = between(request.path.view(), "chatId=", "%40");
  const unsigned kind = (phone.back() - '0') % 3u;
  if (kind == 2) return answer(404, R"({"error":"history is off"})");
  std::string list;
  if (const auto found = history_.find(phone); found != history_.end()) {
    for (const Entry& one : found->second) {
      list += list.empty() ? "" : ",";
      list += R"({"id":"wamid.)" + std::to_string(one.id) + R"(","self":1,"chatId":")" + phone +
              R"(@c.us","time":)" + std::to_string(one.time_s) + R"(,"body":")" +
              (kind == 0 ? one.text : "") + "\"}";
    }
  }
  return {.http = 200, .body = R"({"messages":[)" + list + "]}"};
}

// Everything that it may say, in no order: who asks again may hear less than before.
Reply SoakApi::serve_hook_info(const Request& request) {
  const std::string id = R"({"id":")" + std::string(request.body.view()) + R"(","status":)";
  const std::string hooks[] = {
      "",
      id + R"("pending"})",
      id + R"("sent","timestamp":"1795000000"})",
      id + R"("sent"},)" + id + R"("delivered","timestamp":1795000001})",
      id + R"("read"},)" + id + R"("delivered"})",
      id + R"("failed","errors":[{"code":131026,"title":"Message undeliverable"}]})",
      id + R"("teleported"},{"id":"wamid.other","status":"failed"})",
  };
  const std::uint64_t which = world_.below(std::size(hooks) + 2);
  ++met_["hookInfo " + std::to_string(which)];
  if (which == std::size(hooks)) return answer(404, R"({"error":"Message not found"})");
  if (which > std::size(hooks)) return answer(200, R"({"hooks":[{"id":)");
  return {.http = 200, .body = R"({"hooks":[)" + hooks[which] + "]}"};
}

}  // namespace fieldpost::world
