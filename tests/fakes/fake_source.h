// A source of requests that keeps every answer.
#pragma once

#include <vector>

#include "agent/port/source.h"

namespace fieldpost {

class FakeSource final : public Source {
 public:
  Status tell(const Told& answer) override {
    if (gone) return Status::io;
    told.push_back(answer);
    return Status::ok;
  }

  bool gone = false;  // nobody hears what it is told
  std::vector<Told> told;
};

}  // namespace fieldpost
