#include "agent/cli/commands.h"
#include "agent/json/write.h"
#include "fieldpost_build.h"

namespace fieldpost {
namespace {

struct Library {
  std::string_view name;
  std::string_view version;
};

constexpr std::array kLibraries = {
    Library{"Mbed TLS", build::kMbedtlsVersion},
    Library{"cJSON", build::kCjsonVersion},
    Library{"llhttp", build::kLlhttpVersion},
};

void put_words(TextWriter& text) {
  text.put("fieldpost ").put(build::kVersion);
  if (!build::kCommit.empty()) text.put(", built from ").put(build::kCommit);
  if (build::kUnixTime != 0) {
    text.put(" of ");
    put_time(text, UnixTime{build::kUnixTime});
  }
  text.put('\n');
  for (const Library& one : kLibraries) text.put(one.name).put(' ').put(one.version).put('\n');
}

void put_object(TextWriter& text) {
  text.put(R"({"version":)");
  put_json_string(text, build::kVersion);
  text.put(R"(,"commit":)");
  put_json_string(text, build::kCommit);
  text.put(R"(,"built_from":)");
  if (build::kUnixTime == 0) {
    text.put("null");
  } else {
    text.put('"');
    put_time(text, UnixTime{build::kUnixTime});
    text.put('"');
  }
  text.put(R"(,"libraries":{)");
  bool first = true;
  for (const Library& one : kLibraries) {
    if (!first) text.put(',');
    first = false;
    put_json_string(text, one.name);
    text.put(':');
    put_json_string(text, one.version);
  }
  text.put("}}\n");
}

}  // namespace

int version_main(Call& call) {
  TextBuffer<1024> text;
  if (call.json) {
    put_object(text);
  } else {
    put_words(text);
  }
  call.shell.out(text.written());
  return kDone;
}

}  // namespace fieldpost
