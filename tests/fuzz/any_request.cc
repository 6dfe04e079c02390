// What a local program says, as HTTP. The first byte says in how long pieces the rest comes; +128 = it
// comes to the loopback port.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "agent/http/request_reader.h"
#include "tests/fakes/unpacked.h"
#include "tests/fuzz/targets.h"

namespace fieldpost::fuzz {
namespace {

using http::RequestReader;
using State = RequestReader::State;

// One request, or why there is none, with all that is kept of it.
std::string described(RequestReader& reader) {
  if (reader.state() == State::more) return reader.idle() ? "idle" : "more";
  // For which of its faults is up to where its pieces end.
  if (reader.state() == State::refused) {
    return unpacked(reader.refusal_words()).empty() ? "refused without words" : "refused";
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

// All requests that stand in `bytes`, one after the other.
std::vector<std::string> read(RequestReader& reader, std::string_view bytes, std::size_t piece) {
  std::vector<std::string> found;
  reader.start();
  for (std::size_t at = 0; at < bytes.size();) {
    const std::span<char> room = reader.room();
    if (room.empty()) return {"no room for what is missing"};
    const std::size_t length = std::min({piece, room.size(), bytes.size() - at});
    std::memcpy(room.data(), bytes.data() + at, length);
    at += length;
    reader.received(length);
    reader.take_continue();
    while (reader.state() != State::more) {
      found.push_back(described(reader));
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
  if ((chosen & 128) != 0) {
    whole->serve_web();
    pieces->serve_web();
  }
  const std::vector<std::string> at_once = read(*whole, input.substr(1), input.size());
  const std::vector<std::string> slowly = read(*pieces, input.substr(1), 1 + (chosen & 63));
  if (at_once != slowly) return "in pieces it is another request";
  for (const std::string& one : at_once) {
    if (one.ends_with("without words") || one.starts_with("no room")) return one;
  }
  return "";
}

}  // namespace fieldpost::fuzz
