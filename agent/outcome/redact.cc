#include "agent/outcome/redact.h"

#include "agent/base/log.h"
#include "agent/base/utf8.h"
#include "config/limits.h"

namespace fieldpost {
namespace {

constexpr std::string_view kHidden = "•••";
constexpr std::size_t kLookedAtBytes = 2048;  // of what the peer said; the rest is not shown
constexpr std::size_t kSecretBytesMin = 20;
constexpr std::size_t kPhoneDigitsMin = 7;  // WhatsApp's codes have six

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_small(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_word(char c) { return is_digit(c) || is_small(c) || is_capital(c); }
constexpr bool may_be_of_a_secret(char c) {
  return is_word(c) || c == '_' || c == '-' || c == '+' || c == '=';
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

bool starts_with_word(std::string_view text, std::string_view small_letters) {
  if (text.size() < small_letters.size()) return false;
  for (std::size_t i = 0; i < small_letters.size(); ++i) {
    const char c = is_capital(text[i]) ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != small_letters[i]) return false;
  }
  return true;
}

std::size_t word_end(std::string_view text) {  // where the next space is
  const std::size_t at = text.find(' ');
  return at == std::string_view::npos ? text.size() : at;
}

// The quotation mark that closes the one `text` starts with; empty: it starts with none.
std::string_view closing_quote(std::string_view text) {
  for (const char* quote : {"\"", "'", "`"}) {
    if (text.starts_with(quote)) return quote;
  }
  if (text.starts_with("“") || text.starts_with("„")) return "”";
  if (text.starts_with("‘")) return "’";
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
    if (is_word(before_) || !starts_with_word(rest_, kBearer)) return false;
    pass(kBearer.size());
    if (!rest_.empty()) hide(word_end(rest_));
    return true;
  }

  // After the word: either a value at once ("token=…", "token: …"), or the next thing in quotes.
  bool token_word() {
    constexpr std::string_view kToken = "token";
    if (!starts_with_word(rest_, kToken)) return false;
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
    if (!after_token_ || close.empty() || (close == "'" && is_word(before_))) return false;
    const std::size_t open_bytes = first_character(rest_).bytes;
    const std::size_t end = rest_.find(close, open_bytes);
    // `{"token":"…"}`: this quotation mark closes the word itself.
    const std::string_view following = rest_.substr(open_bytes);
    if (following.starts_with(':')) {
      pass(open_bytes);
      return true;
    }
    pass(open_bytes);
    if (end == std::string_view::npos) {
      if (!rest_.empty()) hide(rest_.size());
    } else {
      if (end > open_bytes) hide(end - open_bytes);
      pass(close.size());
    }
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
