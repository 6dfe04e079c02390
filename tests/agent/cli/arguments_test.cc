#include "agent/cli/arguments.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fieldpost {
namespace {

constexpr const char* kOptions = "[--json] --to PHONE [--wait[=30s]]";

std::string read(Arguments& arguments, const std::vector<const char*>& words, bool others = false) {
  TextBuffer<512> why;
  const Syntax syntax{kOptions, 0, 1, "a scenario", others};
  const Status status = arguments.read(words, syntax, why);
  EXPECT_EQ(status == Status::ok, why.size() == 0) << why.written();
  return std::string(why.written());
}

TEST(Arguments, Options_InEitherForm) {
  Arguments arguments;
  EXPECT_EQ(read(arguments, {"next-step", "--to", "1", "--json", "--wait=5s"}), "");
  EXPECT_EQ(arguments.value_of("--to"), "1");
  EXPECT_TRUE(arguments.has("--json"));
  EXPECT_EQ(arguments.value_of("--wait"), "5s");
  ASSERT_EQ(arguments.operands().size(), 1u);
  EXPECT_EQ(arguments.operands()[0], "next-step");

  EXPECT_EQ(read(arguments, {"--to=--1", "--wait", "next-step"}), "");
  EXPECT_EQ(arguments.value_of("--to"), "--1");
  EXPECT_TRUE(arguments.has("--wait"));
  EXPECT_EQ(arguments.value_of("--wait"), "");
  EXPECT_FALSE(arguments.has("--json"));
}

TEST(Arguments, OtherOptions_AreKeptWithTheirValues) {
  Arguments arguments;
  EXPECT_EQ(read(arguments, {"--next-step", "-5 days", "--process="}, true), "");
  ASSERT_EQ(arguments.options().size(), 2u);
  EXPECT_EQ(arguments.options()[0].value, "-5 days");
  EXPECT_FALSE(arguments.options()[0].known);
  EXPECT_EQ(arguments.options()[1].value, "");
}

TEST(Arguments, DoubleDash_EndsTheOptions) {
  Arguments arguments;
  EXPECT_EQ(read(arguments, {"--json", "--", "--to"}), "");
  EXPECT_EQ(arguments.operands()[0], "--to");
}

TEST(Arguments, Wrong_SaysHowWithoutValues) {
  Arguments arguments;
  const std::string long_word(kArgumentBytesMax + 1, 'x');
  const std::vector<const char*> many(kArgumentsMax + 1, "x");
  const struct {
    std::vector<const char*> words;
    const char* why;
  } cases[] = {
      {{"--token=secret"}, "unknown option --token"},
      {{"-j"}, "unknown option -j"},
      {{"--to"}, "--to needs a value"},
      {{"--to", "--json"}, "write --to=VALUE for a value that starts with --"},
      {{"--to", "1", "--to=2"}, "--to is given twice"},
      {{"--json", "--json"}, "--json is given twice"},
      {{"--json=secret"}, "--json takes no value"},
      {{"a", "b"}, "b is one word too many"},
      {{"a", "\x1b[2J"}, "?[2J is one word too many"},
      {{"caf\xe9"}, "argument 1 is not UTF-8"},
      {{"--to", "caf\xe9"}, "--to is not UTF-8"},
      {{"--to", long_word.c_str()}, "--to is too long"},
      {many, "too many arguments: at most 64"},
  };
  for (const auto& one : cases) EXPECT_EQ(read(arguments, one.words), one.why);
  EXPECT_EQ(read(arguments, {long_word.c_str()}), std::string(48, 'x') + "… is too long");
  EXPECT_EQ(read(arguments, {"--", "a", "b"}, true), "b is one word too many");
  EXPECT_EQ(read(arguments, {"-"}), "");
}

TEST(Arguments, OperandMissing_UnlessHelpIsWanted) {
  Arguments arguments;
  TextBuffer<512> why;
  const Syntax syntax{"", 1, 1, "an id"};
  EXPECT_EQ(arguments.read({}, syntax, why), Status::invalid);
  EXPECT_EQ(why.written(), "an id is missing");
  const std::vector<const char*> help = {"--help"};
  EXPECT_EQ(arguments.read(help, syntax, why), Status::ok);
}

}  // namespace
}  // namespace fieldpost
