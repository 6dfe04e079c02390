// A packed text as people read it, for comparing.
#pragma once

#include <string>

#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"

namespace fieldpost {

inline std::string unpacked(PackedText text) {
  TextBuffer<512> out;
  return std::string(out.put(text).written());
}

}  // namespace fieldpost
