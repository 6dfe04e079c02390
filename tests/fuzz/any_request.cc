// What a local program says, as HTTP, and for whom it says it. The first byte says in how long pieces
// the rest comes; +128 = it comes to the loopback port.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "agent/base/letters.h"
#include "agent/desk/fence.h"
#include "agent/desk/relay.h"
#include "agent/http/request_reader.h"
#include "platform/linux/gate_panel.h"
#include "platform/mbedtls/sha256.h"
#include "tests/fakes/fake_entropy.h"
#include "tests/fakes/unpacked.h"
#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

using http::RequestReader;
using State = RequestReader::State;

constexpr std::string_view kPlace = "127.0.0.1:8040", kPage = "https://kiosk.example";
// Nothing a fuzzer comes upon: the corpus has them.
constexpr std::string_view kToken = "abc", kPin = "4711";
constexpr std::string_view kTokenSum =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

const Settings& with_a_port() {
  static const auto settings = [] {
    auto made = std::make_unique<Settings>();
    made->intake.origins.count = made->intake.apps.count = 1;
    MUST(made->intake.origins.items[0].assign(kPage));
    MUST(made->intake.apps.items[0].token_sha256.assign(kTokenSum));
    return made;
  }();
  return *settings;
}

// As a relay, at the socket.
std::string wrong_with_claim(std::string_view claim) {
  Caller caller{"uid:1000"};
  if (!speak_for(caller, claim)) return claim.empty() ? "who claims nothing is refused" : "";
  if (claim.empty()) return caller.is_relayed ? "a relay without a claim" : "";
  if (!caller.is_relayed || !caller.source.starts_with(kRelayed)) return "a claim to be no device";
  if (caller.source.size() > limits::source_bytes_max) return "a name beyond its room";
  return caller.share_percent < 1 || caller.share_percent > 100 ? "a share that is none" : "";
}

// As a browser, at the port: what the fence and the panel make of it (gate_web.cc).
std::string wrong_with_web(const RequestReader& reader) {
  static FakeEntropy entropy;
  static const Fd pin_file = memory_file(kPin);
  static std::vector<std::byte> room(limits::json_arena_bytes);
  const IntakeSettings& intake = with_a_port().intake;
  const auto panel = std::make_unique<GatePanel>(with_a_port(), pin_file.get(), entropy);

  WebRequest asked;
  asked.method = reader.method();
  asked.options = reader.is_options();
  asked.path = reader.path();
  asked.host = reader.host();
  asked.content_type = reader.content_type();
  asked.origin = reader.web().origin.view();
  asked.fetch_site = reader.web().fetch_site.view();
  asked.asks_method = reader.web().asks_method;
  const Passage passage = look_at(asked, kPlace, intake.origins);
  if (!passage.reader.empty() && passage.reader != kPage) return "another page may read it";
  if (passage.http > 204) return unpacked(passage.words).empty() ? "refused without words" : "";
  if (asked.host != kPlace && asked.host != "localhost:8040") return "a host that is not ours";
  if (!passage.needs_token && asked.path != "/healthz") return "nobody asks for its token";

  const std::string_view proof = reader.web().authorization.view();
  constexpr std::size_t kBearer = 7, kBasic = 6;  // letters, with the space behind
  TextBuffer<64> sum;
  put_sha256(sum, proof.substr(std::min(kBearer, proof.size())));
  const bool is_app = find_app_by(intake.apps, sum.written()) != nullptr;
  if (is_app != (proof.size() > kBearer && proof.substr(kBearer) == kToken)) return "another app";
  const bool has_pin = panel->has_pin(proof.substr(std::min(kBasic, proof.size())));
  if (has_pin && proof.size() <= kPin.size()) return "a PIN that was not said";
  JsonArena arena{room};
  TextBuffer<limits::local_answer_bytes_max> answer;
  const std::uint16_t http = panel->open_session(reader.body(), {}, arena, answer);
  if (answer.overflowed()) return "an answer beyond its room";
  const bool opened = panel->find("ffffffffffffffffffffffffffffffff", {}) != nullptr;
  return opened != (http == 200) ? "a session without its answer, or the reverse" : "";
}

// One request, or why there is none, with all that is kept of it.
std::string described(RequestReader& reader) {
  if (reader.state() == State::more) return reader.idle() ? "idle" : "more";
  // For which of its faults is up to where its pieces end.
  if (reader.state() == State::refused) {
    return unpacked(reader.refusal_words()).empty() ? "!refused without words" : "refused";
  }
  std::string text = reader.is_options() ? "O" : reader.method() == Method::get ? "G" : "P";
  for (const std::string_view one :
       {reader.path(), reader.body(), reader.host(), reader.content_type(), reader.claim(),
        reader.web().origin.view(), reader.web().authorization.view(),
        reader.web().fetch_site.view()}) {
    text += "\n" + std::string(one);
  }
  return text + (reader.keep_alive() ? "\nkept" : "\nends") + (reader.takes_chunks() ? "1" : "0");
}

// All requests that stand in `bytes`, one after the other; what is wrong with one begins with "!".
std::vector<std::string> read(RequestReader& reader, std::string_view bytes, std::size_t piece,
                              bool web) {
  std::vector<std::string> found;
  reader.start();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::span<char> room = reader.room();
    if (room.empty()) return {"!no room for what is missing"};
    const std::size_t length = std::min({piece, room.size(), bytes.size() - at});
    std::memcpy(room.data(), bytes.data() + at, length);
    at += length;
    reader.received(length);
    reader.take_continue();
    while (reader.state() != State::more) {
      found.push_back(described(reader));
      if (reader.state() == State::complete) {
        const std::string wrong = web ? wrong_with_web(reader) : wrong_with_claim(reader.claim());
        if (!wrong.empty()) return {"!" + wrong};
      }
      if (reader.state() == State::refused || !reader.keep_alive()) return found;
      reader.next();
    }
  }
  found.push_back(described(reader));
  return found;
}

}  // namespace

std::string wrong_with_request(std::string_view input) {
  if (input.empty()) return "";
  const auto chosen = static_cast<unsigned char>(input[0]);
  const auto whole = std::make_unique<RequestReader>();
  const auto pieces = std::make_unique<RequestReader>();
  const bool web = (chosen & 128) != 0;
  if (web) {
    whole->serve_web();
    pieces->serve_web();
  }
  const std::vector<std::string> at_once = read(*whole, input.substr(1), input.size(), web);
  const std::vector<std::string> slowly = read(*pieces, input.substr(1), 1 + (chosen & 63), web);
  if (at_once != slowly) return "in pieces it is another request";
  for (const std::string& one : at_once) {
    if (one.starts_with('!')) return one.substr(1);
  }
  return "";
}

}  // namespace fieldpost::fuzz
