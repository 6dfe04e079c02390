#include "tests/fakes/tests_folder.h"

namespace fieldpost {

// Known to this file alone, so that all others compile to the same in every clone.
std::string in_tests_folder(const std::string& path) { return FIELDPOST_TESTS_FOLDER "/" + path; }

}  // namespace fieldpost
