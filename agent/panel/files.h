// The files of the panel as they are served: compressed when the program was built.
#pragma once

#include <span>
#include <string_view>

#include "config/limits.h"

namespace fieldpost {

struct PanelFile {
  std::string_view path;  // "/panel.css"
  std::string_view type;
  std::span<const unsigned char> gzip;  // at most limits::local_answer_bytes_max
};

// nullptr: no file is served there, or this program was built without the panel.
const PanelFile* find_panel_file(std::string_view path);

}  // namespace fieldpost
