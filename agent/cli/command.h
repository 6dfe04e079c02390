// A command: one row of the table in commands.h, and one file.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "agent/base/packed_text.h"
#include "agent/cli/arguments.h"
#include "agent/cli/cli.h"
#include "agent/json/arena.h"
#include "agent/port/source.h"
#include "config/limits.h"

namespace fieldpost {

// The buffers of one call.
struct CliRoom {
  alignas(std::max_align_t) std::array<std::byte, limits::json_arena_bytes> json;
  std::array<char, limits::local_body_bytes_max + 2> body;  // a request
  std::array<char, limits::local_answer_bytes_max> answer;  // one object of an answer
  Ask ask;
};

// What a command gets.
struct Call {
  Shell& shell;
  const Arguments& arguments;
  CliRoom& room;
  const char* command;      // its name; "" before it is known
  bool json = false;        // answers are objects on out()
  std::uint64_t line = 0;   // of standard input, for the words on err(); 0 = none
  std::uint64_t about = 0;  // of several messages, the one that is meant; 0 = none
  JsonArena arena{room.json};
};

struct Command {
  const char* name;
  int (*run)(Call&);
  PackedText summary;  // for the list of commands
  const char* usage;   // what stands behind the name
  PackedText details;  // lines for `help NAME`, at most 80 columns
  Syntax syntax;
};

}  // namespace fieldpost
