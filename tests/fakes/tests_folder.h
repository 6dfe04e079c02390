// Where tests/ lies, for what a test reads there.
#pragma once

#include <string>

namespace fieldpost {

std::string in_tests_folder(const std::string& path);

}  // namespace fieldpost
