// What comes from outside, each put before any bytes: libFuzzer searches (fuzzer.cc), and the unit
// tests replay corpus/ (replay_test.cc).
#pragma once

#include <string>
#include <string_view>

namespace fieldpost::fuzz {

// Each takes an input as its own file says, and returns what is wrong, or nothing.
std::string wrong_with_answer(std::string_view input);          // HTTP that a server answers
std::string wrong_with_said(std::string_view input);            // JSON that 1MSG answers
std::string wrong_with_callback(std::string_view body);         // JSON that 1MSG calls back with
std::string wrong_with_command(std::string_view input);         // JSON that 1MSG answers a command
std::string wrong_with_request(std::string_view input);         // HTTP that a local program says
std::string wrong_with_intake(std::string_view input);          // what such a request asks for
std::string wrong_with_settings(std::string_view text);         // the configuration
std::string wrong_with_frame(std::string_view input);           // what another process says
std::string wrong_with_name_answer(std::string_view message);   // what a name server answers
std::string wrong_with_certificate(std::string_view input);     // a chain, and the file of roots
std::string wrong_with_device_file(std::string_view input);     // zones, name servers …
std::string wrong_with_recovery(std::string_view description);  // what a start finds on flash

struct Target {
  const char* name;  // of its corpus
  std::string (*wrong_with)(std::string_view input);
};

inline constexpr Target kTargets[] = {
    {"answer", wrong_with_answer},
    {"said", wrong_with_said},
    {"callback", wrong_with_callback},
    {"command", wrong_with_command},
    {"request", wrong_with_request},
    {"intake", wrong_with_intake},
    {"settings", wrong_with_settings},
    {"frame", wrong_with_frame},
    {"name_answer", wrong_with_name_answer},
    {"certificate", wrong_with_certificate},
    {"device_file", wrong_with_device_file},
    {"recovery", wrong_with_recovery},
};

}  // namespace fieldpost::fuzz
