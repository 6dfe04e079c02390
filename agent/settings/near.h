// "Did you mean": how far a mistyped word is from one that exists.
#pragma once

#include <string_view>

#include "agent/base/text_writer.h"

namespace fieldpost {

// Of the words offered, the one that is near enough to be meant.
class NearestWord {
 public:
  explicit NearestWord(std::string_view written) : written_(written) {}

  void offer(std::string_view word);
  std::string_view word() const { return nearest_; }  // empty: none is near
  void put(TextWriter& out) const;                    // "; did you mean X?", if a word is near

 private:
  std::string_view written_;
  std::string_view nearest_;
  std::size_t distance_ = 4;  // beyond three edits a guess would puzzle more than help
};

}  // namespace fieldpost
