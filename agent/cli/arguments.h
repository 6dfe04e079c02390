// What stands behind a command's name, taken apart by its options.
//
// An option is --name, --name VALUE or --name=VALUE; -- ends the options. Everything else is an
// operand. Nothing is guessed: what is unknown, repeated or lacks its value is refused in words.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

// What a command takes.
struct Syntax {
  // Its options as a usage line has them, in brackets or not: --json, --to PHONE, --wait[=30s].
  // --help is one of them anyway.
  const char* options;
  std::uint8_t operands_min = 0;
  std::uint8_t operands_max = 0;
  const char* operand = "";    // what the first one is, for people: "an id"
  bool other_options = false;  // options that are not there are taken too, each with a value
  const char* repeated = "";   // the one option that may be given more than once
};

inline constexpr std::size_t kArgumentsMax = 64;
inline constexpr std::size_t kArgumentBytesMax = 4096 + 64;

class Arguments {
 public:
  struct Given {
    std::string_view name;  // with its dashes, as it was typed
    std::string_view value;
    bool known = false;  // the syntax has it
  };

  // Takes `words` apart; the views point into them.
  //   invalid: they break the syntax; `why` says how, without the values of options.
  Status read(std::span<const char* const> words, const Syntax&, TextWriter& why);

  bool has(const char* option) const { return find(option) != nullptr; }
  // The value of an option; empty if it was not given, or given without one.
  std::string_view value_of(const char* option) const;
  std::span<const std::string_view> operands() const { return {operands_.data(), operand_count_}; }
  std::span<const Given> options() const { return {given_.data(), given_count_}; }

 private:
  Status read_option(std::string_view word, std::span<const char* const> rest, const Syntax&,
                     bool& took_next, TextWriter& why);
  const Given* find(std::string_view option) const;

  std::array<Given, kArgumentsMax> given_{};
  std::size_t given_count_ = 0;
  std::array<std::string_view, kArgumentsMax> operands_{};
  std::size_t operand_count_ = 0;
};

}  // namespace fieldpost
