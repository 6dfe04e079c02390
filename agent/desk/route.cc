#include "agent/desk/route.h"

#include <charconv>

namespace fieldpost {
namespace {

constexpr std::string_view kMessages = "/v1/messages";

// Takes the part of `rest` before `separator`, and the separator with it.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

Route refuse(std::uint16_t http, std::string_view message, std::string_view field = {}) {
  Route route;
  route.http = http;
  route.message = message;
  route.field = field;
  return route;
}

Route nothing_here() { return refuse(404, "there is nothing here; see GET /v1/messages"); }

Route only_with(Method method) {
  Route route = refuse(405, method == Method::get ? "this can only be read: use GET"
                                                  : "this does something: use POST");
  route.allow = method == Method::get ? "GET" : "POST";
  return route;
}

// "1" or "true", and their opposites; a name alone means yes.
std::optional<bool> read_switch(std::string_view value, bool given) {
  if (!given || value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  return std::nullopt;
}

// One `name=value` of the query; false if it means nothing to this route.
bool read_parameter(std::string_view parameter, Route& route, std::string_view& message) {
  const std::size_t equals = parameter.find('=');
  const bool given = equals != std::string_view::npos;
  const std::string_view name = parameter.substr(0, equals);
  const std::string_view value = given ? parameter.substr(equals + 1) : std::string_view{};
  const bool list = route.kind == Route::Kind::list;
  if (list && name == "state") {
    route.state = state_named(value);
    message =
        "must be queued, sending, uncertain, held, accepted, sent, delivered, read, failed, "
        "expired, superseded or dropped";
    return route.state.has_value();
  }
  if (list && name == "limit") {
    route.limit = read_whole_number(value);
    message = "must be a whole number from 1";
    return route.limit.value_or(0) != 0;
  }
  bool* const wanted = (list || route.kind == Route::Kind::show) && name == "reveal" ? &route.reveal
                       : route.kind == Route::Kind::take && name == "dry_run" ? &route.dry_run
                                                                              : nullptr;
  message = "is not known here";
  if (wanted == nullptr) return false;
  message = "must be 0 or 1";
  const std::optional<bool> yes = read_switch(value, given);
  *wanted = yes.value_or(false);
  return yes.has_value();
}

// Below /v1/messages/.
Route about_one(std::string_view rest, Method method) {
  const bool slash = rest.find('/') != std::string_view::npos;
  const std::optional<std::uint64_t> id = read_whole_number(take_until(rest, '/'));
  if (!id.has_value() || *id == 0) return refuse(404, "a message's id is a whole number");
  Route route;
  route.id = *id;
  if (!slash) {
    if (method != Method::get) return only_with(Method::get);
    route.kind = Route::Kind::show;
    return route;
  }
  if (rest != "retry" && rest != "drop") return nothing_here();
  if (method != Method::post) return only_with(Method::post);
  route.kind = rest == "retry" ? Route::Kind::retry : Route::Kind::drop;
  return route;
}

Route read_path(std::string_view path, Method method) {
  Route route;
  if (path == kMessages) {
    route.kind = method == Method::get ? Route::Kind::list : Route::Kind::take;
    return route;
  }
  if (path.starts_with(kMessages) && path.substr(kMessages.size()).starts_with('/')) {
    return about_one(path.substr(kMessages.size() + 1), method);
  }
  if (path == "/v1/status") {
    route.kind = Route::Kind::status;
  } else if (path == "/v1/scenarios") {
    route.kind = Route::Kind::scenarios;
  } else if (path == "/healthz") {
    route.kind = Route::Kind::health;
  } else {
    return nothing_here();
  }
  return method == Method::get ? route : only_with(Method::get);
}

}  // namespace

Route read_route(const LocalRequest& request) {
  std::string_view query = request.path;
  Route route = read_path(take_until(query, '?'), request.method);
  while (route.kind != Route::Kind::none && !query.empty()) {
    const std::string_view parameter = take_until(query, '&');
    std::string_view message;
    if (!read_parameter(parameter, route, message)) {
      return refuse(422, message, parameter.substr(0, parameter.find('=')));
    }
  }
  return route;
}

std::optional<std::uint64_t> read_whole_number(std::string_view digits) {
  if (digits.empty() || digits.front() < '0' || digits.front() > '9') return std::nullopt;
  if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

}  // namespace fieldpost
