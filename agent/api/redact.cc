#include "agent/api/redact.h"

#include <algorithm>

#include "agent/base/letters.h"
#include "agent/base/log.h"
#include "agent/base/utf8.h"
#include "agent/base/word_list.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::string_view kHidden = "•••";
constexpr std::size_t kLookedAtBytes = 2048;  // of what the peer said; the rest is not shown
constexpr std::size_t kSecretBytesMin = 20;
constexpr std::size_t kPhoneDigitsMin = 7;  // WhatsApp's codes have six

constexpr bool may_be_of_a_secret(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '+' || c == '=';
}

// Right-to-left overrides and characters of no width: they would show another text than there is.
constexpr bool misleads(char32_t c) {
  return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

// One line without control characters, so that nothing hides within a word that is looked for.
// What is too long ends with a whole word: a cut secret would no longer be recognised.
void put_one_line(TextWriter& out, std::string_view words) {
  bool space = true;  // at the end of what has been written
  while (!words.empty() && !out.overflowed()) {
    const Character c = first_character(words);
    const std::string_view written = words.substr(0, c.bytes == 0 ? 1 : c.bytes);
    words.remove_prefix(written.size());
    if (c.bytes == 0) {
      out.put('?');
      space = false;
    } else if (is_space(c.code) || (c.code >= '\t' && c.code <= '\r')) {
      if (!space) out.put(' ');
      space = true;
    } else if (!is_control(c.code) && !misleads(c.code)) {
      out.put(written);
      space = false;
    }
  }
}

std::size_t word_end(std::string_view text) {  // where the next space is
  return std::min(text.find(' '), text.size());
}

// The quotation mark that closes the one `text` starts with; empty: it starts with none.
std::string_view closing_quote(std::string_view text) {
  // An opening one and a closing one, of the same number of bytes.
  constexpr WordList kPairs("\"\"\n''\n``\n“”\n„”\n‘’\n");
  for (std::size_t i = 0; i < kPairs.size(); ++i) {
    const std::string_view pair = kPairs[i];
    if (text.starts_with(pair.substr(0, pair.size() / 2))) return pair.substr(pair.size() / 2);
  }
  return {};
}

class Redaction {
 public:
  Redaction(TextWriter& out, std::string_view text, std::string_view token)
      : out_(out), rest_(text), token_(token) {}

  void run() {
    while (!rest_.empty()) {
      if (own_token() || bearer() || token_word() || quoted() || secret() || number()) continue;
      pass(1);
    }
  }

 private:
  void pass(std::size_t bytes) {
    out_.put(rest_.substr(0, bytes));
    skip(bytes);
  }
  void skip(std::size_t bytes) {
    before_ = rest_[bytes - 1];
    rest_.remove_prefix(bytes);
  }
  void hide(std::size_t bytes) {
    out_.put(kHidden);
    skip(bytes);
  }

  bool own_token() {
    if (token_.empty() || !rest_.starts_with(token_)) return false;
    hide(token_.size());
    return true;
  }

  bool bearer() {
    constexpr std::string_view kBearer = "bearer ";
    if (is_letter_or_digit(before_) || !starts_with_letters(rest_, kBearer)) return false;
    pass(kBearer.size());
    if (!rest_.empty()) hide(word_end(rest_));
    return true;
  }

  // After the word: either a value at once ("token=…", "token: …"), or the next thing in quotes.
  bool token_word() {
    constexpr std::string_view kToken = "token";
    if (!starts_with_letters(rest_, kToken)) return false;
    pass(kToken.size());
    after_token_ = true;
    std::size_t at = 0;
    while (at < rest_.size() && (rest_[at] == ' ' || rest_[at] == ':' || rest_[at] == '=')) ++at;
    const bool assigned = rest_.substr(0, at).find_first_of(":=") != std::string_view::npos;
    if (!assigned || at == rest_.size() || !closing_quote(rest_.substr(at)).empty()) return true;
    pass(at);
    hide(word_end(rest_));
    return true;
  }

  bool quoted() {
    const std::string_view close = closing_quote(rest_);
    // Within a word it is an apostrophe.
    if (!after_token_ || close.empty() || (close == "'" && is_letter_or_digit(before_)))
      return false;
    pass(close.size());  // what opens has as many bytes as what closes
    // `{"token":"…"}`: this quotation mark closes the word itself.
    if (rest_.starts_with(':')) return true;
    const std::size_t end = std::min(rest_.find(close), rest_.size());
    if (end > 0) hide(end);
    if (!rest_.empty()) pass(close.size());
    after_token_ = false;
    return true;
  }

  bool secret() {
    if (may_be_of_a_secret(before_)) return false;
    std::size_t size = 0;
    bool digit = false, letter = false, capital = false, underscore = false;
    for (; size < rest_.size() && may_be_of_a_secret(rest_[size]); ++size) {
      const char c = rest_[size];
      digit = digit || is_digit(c);
      capital = capital || is_capital(c);
      letter = letter || is_small(c) || is_capital(c);
      underscore = underscore || c == '_';
    }
    const bool template_name = underscore && !capital;
    if (size < kSecretBytesMin || !digit || !letter || template_name) return false;
    hide(size);
    return true;
  }

  bool number() {
    if (!is_digit(rest_[0])) return false;
    TextBuffer<32> digits;
    std::size_t size = 0;  // up to the last digit
    bool bracket = false;
    for (std::size_t i = 0; i < rest_.size() && i - size <= 2; ++i) {
      const char c = rest_[i];
      if (is_digit(c)) {
        digits.put(c);
        size = i + 1;
      } else if (c == '(') {
        bracket = true;
      } else if (c != ' ' && c != '-' && c != '.' && !(c == ')' && bracket)) {
        break;  // a bracket that opened before the number holds it alone: "(#131056) 12 …"
      }
    }
    if (digits.size() < kPhoneDigitsMin) {
      pass(size);
      return true;
    }
    put_masked_phone(out_, digits.written());
    skip(size);
    return true;
  }

  TextWriter& out_;
  std::string_view rest_;
  std::string_view token_;
  char before_ = ' ';
  bool after_token_ = false;
};

}  // namespace

void put_redacted(TextWriter& out, std::string_view words, std::string_view token) {
  TextBuffer<kLookedAtBytes> line;
  put_one_line(line, words);
  std::string_view text = line.written();
  if (line.overflowed()) text = text.substr(0, text.rfind(' ') == text.npos ? 0 : text.rfind(' '));
  while (text.ends_with(' ')) text.remove_suffix(1);

  // Hiding can lengthen a text: "1234567" gets points. Twice the room holds the worst of it.
  TextBuffer<2 * kLookedAtBytes> redacted;
  Redaction(redacted, text, token).run();
  const bool cut = line.overflowed() || redacted.size() > limits::detail_bytes_max;
  constexpr std::string_view kCut = "…";
  out.put(cut_to(redacted.written(), limits::detail_bytes_max - (cut ? kCut.size() : 0)));
  if (cut) out.put(kCut);
}

}  // namespace fieldpost
