#include "agent/intake/refusal.h"

#include "agent/base/word_list.h"
#include "agent/json/write.h"

namespace fieldpost {

namespace {

constexpr WordList kErrorWords(
    "invalid\n"
    "unknown_scenario\n"
    "unknown_ref\n"
    "not_configured\n"
    "too_long\n"
    "too_large\n"
    "queue_full\n"
    "storage\n"
    "busy\n"
    "too_many\n"
    "denied\n"
    "unauthorized\n"
    "unsupported\n"
    "blocked\n"
    "conflict\n"
    "not_found\n"
    "wrong_state\n"
    "refused\n");
static_assert(kErrorWords.size() == kErrorWordCount);

}  // namespace

std::string_view to_text(ErrorWord word) { return kErrorWords[static_cast<std::size_t>(word)]; }

std::optional<ErrorWord> error_named(std::string_view name) {
  const std::optional<std::size_t> number = kErrorWords.find(name);
  if (!number) return std::nullopt;
  return static_cast<ErrorWord>(*number);
}

void put_refusal_members(TextWriter& out, ErrorWord error, std::string_view field,
                         std::string_view message) {
  out.put(R"({"ok":false)");
  put_json_text(out, "error", to_text(error));
  put_json_text_if_any(out, "field", field);
  put_json_text(out, "message", message);
}

void put_refusal(TextWriter& out, const RequestRefusal& refusal) {
  put_refusal_members(out, refusal.error, refusal.field.view(), refusal.message.view());
  out.put('}');
}

std::uint16_t http_status(ErrorWord error, bool for_field) {
  switch (error) {
    case ErrorWord::invalid: return for_field ? 422 : 400;
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
    case ErrorWord::unsupported: return for_field ? 422 : 405;
    case ErrorWord::conflict:
    case ErrorWord::wrong_state:
    case ErrorWord::refused: return 409;
    case ErrorWord::not_found: return 404;
  }
  return 500;
}

}  // namespace fieldpost
