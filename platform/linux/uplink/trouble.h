// Why there is no connection: the reason, and the failed step in words.
#pragma once

#include <string_view>

#include "agent/base/fixed_text.h"
#include "agent/base/packed_text.h"
#include "agent/base/text_writer.h"
#include "agent/base/utf8.h"
#include "agent/message/state.h"
#include "config/limits.h"

namespace fieldpost {

struct Trouble {
  Reason reason = Reason::none;
  FixedText<limits::detail_bytes_max> detail;

  void set(Reason why, std::string_view words) {
    reason = why;
    if (detail.assign(cut_to(words, limits::detail_bytes_max)) != Status::ok) detail.clear();
  }
  void set(Reason why, PackedText words) {
    TextBuffer<limits::detail_bytes_max> plain;
    set(why, plain.put(words).written());
  }
};

}  // namespace fieldpost
