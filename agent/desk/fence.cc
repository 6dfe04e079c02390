#include "agent/desk/fence.h"

#include "agent/base/secret.h"
#include "agent/base/text_writer.h"

namespace fieldpost {
namespace {

constexpr std::string_view kJson = "application/json";

// "127.0.0.1:8040" as it stands in the configuration, or that port of localhost; nobody writes :80.
bool is_ours(std::string_view host, std::string_view place) {
  const std::size_t colon = place.rfind(':');
  std::string_view port = place.substr(colon);
  if (port == ":80" && !host.ends_with(port)) port = {};
  TextBuffer<32> name;
  name.put("localhost").put(port);
  return host == name.written() ||
         (host.starts_with(place.substr(0, colon)) && host.substr(colon) == port);
}

bool has_token(std::string_view path) {
  const std::size_t query = path.find('?');
  return query != path.npos && path.find("token", query) != path.npos;
}

}  // namespace

Passage look_at(const WebRequest& request, std::string_view place, const OriginList& origins) {
  if (!is_ours(request.host, place)) {
    return {403, "the Host of this request is not this agent's"_packed};
  }
  if (has_token(request.path)) {
    return {400, "a token in a URL ends up in logs: send Authorization: Bearer"_packed};
  }
  Passage passage;
  if (origins.holds(request.origin)) passage.reader = request.origin;
  constexpr std::string_view kPlain = "http://";
  const bool own =
      request.origin.starts_with(kPlain) && request.origin.substr(kPlain.size()) == request.host;
  if (!request.origin.empty() && passage.reader.empty() && !own) {
    return {403, "pages of this origin may not ask: it is not in intake.origins"_packed};
  }
  if (!request.fetch_site.empty() && request.fetch_site != "same-origin" &&
      request.fetch_site != "none" && passage.reader.empty()) {
    return {403, "pages of other sites may not ask"_packed};
  }
  if (request.options) {
    if (request.origin.empty() || !request.asks_method) {
      return {405, "OPTIONS is known only as a browser's question before another request"_packed};
    }
    passage.http = 204;
    return passage;
  }
  if (request.method == Method::post && request.content_type != kJson) {
    passage.http = 415;
    passage.words = "a POST needs Content-Type: application/json"_packed;
    return passage;
  }
  passage.needs_token = request.method != Method::get || request.path != "/healthz";
  return passage;
}

const Allowance* find_app_by(const AllowanceList& apps, std::string_view sha256) {
  const Allowance* found = nullptr;
  for (std::size_t i = 0; i < apps.count; ++i) {
    if (is_secret(sha256, apps.items[i].token_sha256.view())) found = &apps.items[i];
  }
  return found;
}

}  // namespace fieldpost
