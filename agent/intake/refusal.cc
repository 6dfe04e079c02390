#include "agent/intake/refusal.h"

#include "agent/json/write.h"

namespace fieldpost {

std::string_view to_text(ErrorWord word) {
  switch (word) {
    case ErrorWord::invalid: return "invalid";
    case ErrorWord::unknown_scenario: return "unknown_scenario";
    case ErrorWord::unknown_ref: return "unknown_ref";
    case ErrorWord::not_configured: return "not_configured";
    case ErrorWord::too_long: return "too_long";
    case ErrorWord::too_large: return "too_large";
    case ErrorWord::queue_full: return "queue_full";
    case ErrorWord::storage: return "storage";
    case ErrorWord::busy: return "busy";
    case ErrorWord::too_many: return "too_many";
    case ErrorWord::denied: return "denied";
    case ErrorWord::unauthorized: return "unauthorized";
    case ErrorWord::unsupported: return "unsupported";
    case ErrorWord::blocked: return "blocked";
    case ErrorWord::conflict: return "conflict";
    case ErrorWord::not_found: return "not_found";
    case ErrorWord::wrong_state: return "wrong_state";
  }
  return "";
}

void put_refusal(TextWriter& out, const RequestRefusal& refusal) {
  out.put(R"({"ok":false,"error":)");
  put_json_string(out, to_text(refusal.error));
  if (!refusal.field.empty()) {
    out.put(R"(,"field":)");
    put_json_string(out, refusal.field.view());
  }
  out.put(R"(,"message":)");
  put_json_string(out, refusal.message.view());
  out.put('}');
}

std::uint16_t http_status(const RequestRefusal& refusal) {
  switch (refusal.error) {
    case ErrorWord::invalid: return refusal.field.empty() ? 400 : 422;
    case ErrorWord::unknown_scenario:
    case ErrorWord::unknown_ref:
    case ErrorWord::not_configured:
    case ErrorWord::too_long: return 422;
    case ErrorWord::too_large: return 413;
    case ErrorWord::queue_full:
    case ErrorWord::busy: return 503;
    case ErrorWord::storage: return 507;
    case ErrorWord::too_many: return 429;
    case ErrorWord::denied:
    case ErrorWord::blocked: return 403;
    case ErrorWord::unauthorized: return 401;
    // Without a field it is the method; a wrong content type (415) is the gate's to say.
    case ErrorWord::unsupported: return refusal.field.empty() ? 405 : 422;
    case ErrorWord::conflict:
    case ErrorWord::wrong_state: return 409;
    case ErrorWord::not_found: return 404;
  }
  return 500;
}

}  // namespace fieldpost
