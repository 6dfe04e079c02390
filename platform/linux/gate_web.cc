// What only the loopback port has: the fence, the panel, and what browsers must know.
#include "agent/base/letters.h"
#include "agent/panel/plain.h"
#include "platform/linux/gate_connection.h"
#include "platform/mbedtls/sha256.h"

namespace fieldpost {
namespace {

constexpr std::string_view kPanel = "panel";  // the source, and whose tries are counted
constexpr std::string_view kEndSession = "/v1/session/end";
constexpr PackedText kTooManyPins = "too many PINs: wait a minute"_packed;

std::string_view path_of(const LocalRequest& request) {
  return request.path.substr(0, request.path.find('?'));
}

}  // namespace

// True: it may go on to the desk, and caller_ is who asks. Else it is answered.
bool GateConnection::passes_fence(const LocalRequest& request, GateRoom& room) {
  const IntakeSettings& intake = room.settings_.intake;
  WebRequest asked;
  asked.method = request.method;
  asked.options = reader_.is_options();
  asked.path = request.path;
  asked.host = reader_.host();
  asked.content_type = request.content_type;
  asked.origin = reader_.web().origin.view();
  asked.fetch_site = reader_.web().fetch_site.view();
  asked.asks_method = reader_.web().asks_method;
  source_.clear();
  caller_ = {};
  const Passage passage = look_at(asked, intake.http.view(), intake.origins);
  reader_origin_ = passage.reader;
  if (passage.http != 0) {
    answer_at_once(passage.http, passage.words, room);
    return false;
  }
  const bool may_be_panel =
      room.panel_ != nullptr && room.panel_->is_on() && passage.reader.empty();
  if (may_be_panel && answers_for_panel(request, room)) return false;
  if (!passage.needs_token) return true;
  constexpr std::string_view kBearer = "bearer ";  // RFC 9110, 11.1: its case says nothing
  const std::string_view proof = reader_.web().authorization.view();
  const bool bears = starts_with_letters(proof, kBearer);
  if (may_be_panel) {
    PanelSession* const session =
        bears ? room.panel_->find(proof.substr(kBearer.size()), room.clock_.now()) : nullptr;
    if (session != nullptr || (!bears && room.panel_->is_open())) {
      if (session != nullptr && request.method == Method::post && request.path == kEndSession) {
        *session = {};
        answer_at_once(204, {}, room);
        return false;
      }
      caller_.source = source_.put(kPanel).written();
      if (session != nullptr) caller_.operator_name = session->operator_name.view();
      return true;
    }
    if (!bears && request.method == Method::get && path_of(request) == kPlainPath) {
      return shows_pin(proof, room);
    }
  }
  if (bears) {
    TextBuffer<64> sum;
    put_sha256(sum, proof.substr(kBearer.size()));
    caller_.may = find_app_by(intake.apps, sum.written());
  }
  if (caller_.may != nullptr) {
    caller_.source = source_.put("app:").put(caller_.may->name.view()).written();
    return true;
  }
  if (bears && !room.rates_.take("", kRateOfWrongTokens, room.clock_.now())) {
    answer_at_once(429, "too many wrong tokens: wait a second"_packed, room);
  } else {
    answer_at_once(401, "who asks here needs its token: Authorization: Bearer TOKEN"_packed, room);
  }
  return false;
}

// For the page without a script, which has nowhere to keep a session: the PIN comes with each request,
// as the password of anybody (RFC 7617). Nothing else takes it, and where a browser goes on sending it
// by itself the fence has seen that no other site made it do so.
bool GateConnection::shows_pin(std::string_view proof, GateRoom& room) {
  constexpr std::string_view kBasic = "basic ";
  if (!starts_with_letters(proof, kBasic)) {
    answer_at_once(401, "sign in with any name and the panel's PIN"_packed, room, Kind::plain);
  } else if (!room.rates_.take(kPanel, kRateOfPins, room.clock_.now())) {
    answer_at_once(429, kTooManyPins, room);
  } else if (!room.panel_->has_pin(proof.substr(kBasic.size()))) {
    answer_at_once(401, "this PIN is not right"_packed, room, Kind::plain);
  } else {
    room.rates_.give_back(kPanel, kRateOfPins);
    caller_.source = source_.put(kPanel).written();
    return true;
  }
  return false;
}

// The page, what it is for, and opening a session need no token. False: the request is none of these.
bool GateConnection::answers_for_panel(const LocalRequest& request, GateRoom& room) {
  const std::string_view path = path_of(request);
  const bool reads = request.method == Method::get;
  const PanelFile* const file = reads ? find_panel_file(path) : nullptr;
  http::AnswerHead head;
  room.piece_.clear();
  if (file != nullptr) {
    head.content_type = file->type;
    room.piece_.put(
        std::string_view(reinterpret_cast<const char*>(file->gzip.data()), file->gzip.size()));
  } else if (reads && path == "/v1/panel") {
    room.panel_->describe(room.piece_);
  } else if (!reads && path == "/v1/session") {
    const Instant now = room.clock_.now();
    if (!room.rates_.take(kPanel, kRateOfPins, now)) {
      head.status = 429;
      head.retry_after_s = static_cast<std::uint32_t>(kRateOfPins.each.ms / 1000);
      put_error(room.piece_, ErrorWord::too_many, kTooManyPins);
    } else {
      head.status = room.panel_->open_session(request.body, now, room.arena_, room.piece_);
    }
  } else {
    return false;
  }
  answer_whole(head, file != nullptr ? Kind::page : Kind::api, room);
  return true;
}

// What a browser must know of every answer at the port: to take it for nothing else than it is, to
// show it in no frame, to keep it nowhere; and which page may read it.
void GateConnection::put_head(http::AnswerHead& head, std::string_view allow, Kind kind) {
  constexpr PackedWords kForBrowsers =
      "X-Content-Type-Options: nosniff\n"
      "Cross-Origin-Resource-Policy: same-origin\n"
      "Cross-Origin-Opener-Policy: same-origin\n"
      "Referrer-Policy: no-referrer\n"
      "Vary: Origin\n"_packed_words;
  constexpr PackedWords kForPreflights =
      "Access-Control-Allow-Methods: GET, POST\n"
      "Access-Control-Allow-Headers: authorization, content-type\n"
      "Access-Control-Max-Age: 600\n"
      "Access-Control-Allow-Private-Network: true\n"_packed_words;
  TextBuffer<896> extra;
  const auto put_lines = [&](const PackedWords& lines, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) extra.put(lines[i]).put("\r\n");
  };
  if (!allow.empty()) extra.put("Allow: ").put(allow).put("\r\n");
  if (web_) {
    put_lines(kForBrowsers, kForBrowsers.size());
    extra.put("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"_packed);
    if (kind == Kind::page) {
      extra
          .put(
              "; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
              "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"_packed)
          .put("\r\nContent-Encoding: gzip");
    } else if (kind == Kind::plain) {
      extra.put("; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"_packed);
    }
    extra.put("\r\n");
  }
  if (web_ && head.status == 401) {
    extra.put("WWW-Authenticate: ")
        .put(kind == Kind::plain ? "Basic realm=\"Fieldpost\", charset=\"UTF-8\""_packed
                                 : "Bearer"_packed)
        .put("\r\n");
  }
  if (!reader_origin_.empty()) {
    extra.put("Access-Control-Allow-Origin: ").put(reader_origin_).put("\r\n");
    // Of the last one only where it was asked.
    if (head.status == 204)
      put_lines(kForPreflights, kForPreflights.size() - !reader_.web().asks_network);
  }
  head.extra = extra.written();
  http::put_answer_head(out_, head);
}

}  // namespace fieldpost
