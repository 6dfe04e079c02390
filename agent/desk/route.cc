#include "agent/desk/route.h"

#include <algorithm>
#include <array>

#include "agent/base/letters.h"
#include "agent/base/number.h"
#include "agent/base/utf8.h"
#include "agent/base/word_list.h"
#include "agent/panel/plain.h"

namespace fieldpost {
namespace {

constexpr std::string_view kMessages = "/v1/messages";

// Takes the part of `rest` before `separator`, and the separator with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

// Reads one request into its route. What is wrong takes the route back to `none`.
class Reading {
 public:
  Reading(Method method, Route& route) : method_(method), route_(route) {}

  void path(std::string_view path) {
    constexpr WordList kPlaces(
        "/v1/status\n/metrics\n/v1/scenarios\n/healthz\n/v1/events\n/v1/directory\n/v1/pause\n"
        "/v1/resume\n/v1/block\n/v1/unblock\n/v1/forget\n");
    constexpr std::array kKinds = {
        Route::Kind::status, Route::Kind::metrics,   Route::Kind::scenarios, Route::Kind::health,
        Route::Kind::events, Route::Kind::directory, Route::Kind::pause,     Route::Kind::resume,
        Route::Kind::block,  Route::Kind::unblock,   Route::Kind::forget};
    constexpr std::size_t kReadOnly = 6;  // the first of them
    static_assert(kPlaces.size() == kKinds.size());
    if (path.starts_with(kMessages)) {
      path.remove_prefix(kMessages.size());
      if (path.empty()) {
        route_.kind = method_ == Method::get ? Route::Kind::list : Route::Kind::take;
        return;
      }
      return path.front() == '/' ? about_one(path.substr(1)) : nothing_here();
    }
    if (path == kPlainPath && has_plain()) return take(Route::Kind::plain, Method::get);
    const std::optional<std::size_t> place = kPlaces.find(path);
    if (!place) return nothing_here();
    return take(kKinds[*place], *place < kReadOnly ? Method::get : Method::post);
  }

  // One `name=value` of the query, or a name alone.
  void parameter(std::string_view parameter) {
    const bool given = parameter.find('=') != std::string_view::npos;
    const std::string_view name = take_until(parameter, '=');
    const PackedText wrong = value(name, parameter, given);
    if (!wrong) return;
    refuse(422, wrong);
    route_.field = name;
  }

 private:
  void refuse(std::uint16_t http, PackedText message) {
    route_.kind = Route::Kind::none;
    route_.http = http;
    route_.message = message;
  }
  void nothing_here() { refuse(404, "there is nothing here; see GET /v1/messages"_packed); }

  void take(Route::Kind kind, Method only_with) {
    route_.kind = kind;
    if (method_ == only_with) return;
    const bool read = only_with == Method::get;
    refuse(405,
           read ? "this can only be read: use GET"_packed : "this does something: use POST"_packed);
    route_.allow = read ? "GET" : "POST";
  }

  // Below /v1/messages/.
  void about_one(std::string_view rest) {
    const bool slash = rest.find('/') != std::string_view::npos;
    route_.id = read_whole_number(take_until(rest, '/')).value_or(0);
    if (route_.id == 0) return refuse(404, "a message's id is a whole number"_packed);
    if (!slash) return take(Route::Kind::show, Method::get);
    if (rest == "retry") return take(Route::Kind::retry, Method::post);
    if (rest == "drop") return take(Route::Kind::drop, Method::post);
    nothing_here();
  }

  // None, or what is wrong with it.
  PackedText value(std::string_view name, std::string_view value, bool given) {
    const bool list = route_.kind == Route::Kind::list;
    if ((list || route_.kind == Route::Kind::plain) && name == "state") {
      route_.state = state_named(value);
      return route_.state ? PackedText()
                          : "must be queued, sending, uncertain, held, accepted, sent, delivered, "
                            "read, failed, expired, superseded or dropped"_packed;
    }
    if (list && name == "limit") {
      route_.limit = read_whole_number(value);
      return route_.limit.value_or(0) != 0 ? PackedText() : "must be a whole number from 1"_packed;
    }
    if (route_.kind == Route::Kind::events && name == "from") {
      route_.from = read_whole_number(value);
      return route_.from ? PackedText() : "must be the number of an event"_packed;
    }
    const bool directory = route_.kind == Route::Kind::directory;
    if (directory && name == "find") {
      route_.find = value;
      return {};
    }
    if ((list || directory || route_.kind == Route::Kind::show) && name == "reveal") {
      return read_switch(value, given, route_.reveal);
    }
    if (route_.kind == Route::Kind::take && name == "dry_run") {
      return read_switch(value, given, route_.dry_run);
    }
    return "is not known here"_packed;
  }

  // A name alone means yes.
  static PackedText read_switch(std::string_view value, bool given, bool& on) {
    constexpr WordList kWords("0\nfalse\n1\ntrue\n");
    const std::optional<std::size_t> word = kWords.find(given ? value : "1");
    on = word.value_or(0) >= 2;
    return word ? PackedText() : "must be 0 or 1"_packed;
  }

  Method method_;
  Route& route_;
};

}  // namespace

void read_route(const LocalRequest& request, Route& route) {
  route = Route{};
  Reading reading(request.method, route);
  std::string_view query = request.path;
  reading.path(take_until(query, '?'));
  while (route.kind != Route::Kind::none && !query.empty()) {
    reading.parameter(take_until(query, '&'));
  }
}

bool put_decoded(TextWriter& out, std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out.put(value[i] == '+' ? ' ' : value[i]);
      continue;
    }
    if (value.size() - i < 3) return false;
    const std::size_t high = kDigits.find(small(value[i + 1]));
    const std::size_t low = kDigits.find(small(value[i + 2]));
    if (high == kDigits.npos || low == kDigits.npos) return false;
    out.put(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return !out.overflowed() && is_utf8(out.written());
}

std::optional<std::uint64_t> read_whole_number(std::string_view digits) {
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  if (!take_number(digits, number) || !digits.empty()) return std::nullopt;
  return number;
}

}  // namespace fieldpost
