#include "agent/cli/arguments.h"

#include <cstring>

#include "agent/base/packed_text.h"
#include "agent/base/shown.h"
#include "agent/base/utf8.h"

namespace fieldpost {
namespace {

enum class Takes : std::uint8_t {
  unknown,      // there is no such option
  nothing,      // --name
  value,        // --name VALUE or --name=VALUE
  maybe_value,  // --name or --name=VALUE
};

Takes what_takes(std::string_view name, const char* options) {
  if (name == "--help") return Takes::nothing;
  if (!name.starts_with("--")) return Takes::unknown;
  for (const char* at = options; (at = std::strchr(at, '-')) != nullptr; ++at) {
    const std::size_t bytes = std::strcspn(at, " []");
    if (name != std::string_view(at, bytes)) continue;
    const char* const next = at + bytes;
    if (next[0] == '[') return Takes::maybe_value;
    return next[0] == ' ' && next[1] >= 'A' && next[1] <= 'Z' ? Takes::value : Takes::nothing;
  }
  return Takes::unknown;
}

// An option's name without its value, which may be anything.
std::string_view name_of(std::string_view word) { return word.substr(0, word.find('=')); }

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

Status refuse(TextWriter& why, std::string_view word, PackedText rule) {
  put_shown(why, word);
  why.put(rule);
  return Status::invalid;
}

}  // namespace

Status Arguments::read(std::span<const char* const> words, const Syntax& syntax, TextWriter& why) {
  given_count_ = 0;
  operand_count_ = 0;
  if (words.size() > kArgumentsMax) {
    why.put("too many arguments: at most "_packed).put_number(kArgumentsMax);
    return Status::invalid;
  }
  bool options_ended = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() > kArgumentBytesMax) {
      return refuse(why, is_option(word) ? name_of(word) : word, " is too long"_packed);
    }
    if (!is_utf8(word)) {
      why.put("argument ").put_number(i + 1).put(" is not UTF-8"_packed);
      return Status::invalid;
    }
    if (!options_ended && word == "--") {
      options_ended = true;
    } else if (!options_ended && is_option(word)) {
      bool took_next = false;
      TRY(read_option(word, words.subspan(i + 1), syntax, took_next, why));
      if (took_next) ++i;
    } else {
      if (operand_count_ == syntax.operands_max)
        return refuse(why, word, " is one word too many"_packed);
      operands_[operand_count_++] = word;
    }
  }
  if (operand_count_ < syntax.operands_min && !has("--help")) {
    why.put(syntax.operand).put(" is missing"_packed);
    return Status::invalid;
  }
  return Status::ok;
}

Status Arguments::read_option(std::string_view word, std::span<const char* const> rest,
                              const Syntax& syntax, bool& took_next, TextWriter& why) {
  const std::string_view name = name_of(word);
  Takes takes = what_takes(name, syntax.options);
  Given given{name, {}, takes != Takes::unknown};
  if (!given.known) {
    if (!syntax.other_options || name.size() < 3 || !name.starts_with("--")) {
      why.put("unknown option "_packed);
      return refuse(why, name, ""_packed);
    }
    takes = Takes::value;
  }
  if (find(name) != nullptr && name != syntax.repeated)
    return refuse(why, name, " is given twice"_packed);
  if (name.size() < word.size()) {
    if (takes == Takes::nothing) return refuse(why, name, " takes no value"_packed);
    given.value = word.substr(name.size() + 1);
  } else if (takes == Takes::value) {
    if (rest.empty()) return refuse(why, name, " needs a value"_packed);
    given.value = rest.front();
    // More likely a forgotten value than one that looks like an option.
    if (given.value.starts_with("--")) {
      why.put("write ");
      return refuse(why, name, "=VALUE for a value that starts with --"_packed);
    }
    if (given.value.size() > kArgumentBytesMax) return refuse(why, name, " is too long"_packed);
    if (!is_utf8(given.value)) return refuse(why, name, " is not UTF-8"_packed);
    took_next = true;
  }
  given_[given_count_++] = given;
  return Status::ok;
}

const Arguments::Given* Arguments::find(std::string_view option) const {
  for (const Given& one : options()) {
    if (one.name == option) return &one;
  }
  return nullptr;
}

std::string_view Arguments::value_of(const char* option) const {
  const Given* const given = find(option);
  return given == nullptr ? std::string_view{} : given->value;
}

}  // namespace fieldpost
