#include "agent/cli/commands.h"
#include "agent/json/write.h"
#include "fieldpost_build.h"

namespace fieldpost {
namespace {

struct Library {
  const char* name;
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
  text.put('{');
  put_json_text(text, "version", build::kVersion);
  put_json_text(text, "commit", build::kCommit);
  put_json_name(text, "built_from");
  if (build::kUnixTime == 0) {
    text.put("null");
  } else {
    text.put('"');
    put_time(text, UnixTime{build::kUnixTime});
    text.put('"');
  }
  put_json_name(text, "libraries").put('{');
  for (const Library& one : kLibraries) put_json_text(text, one.name, one.version);
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
