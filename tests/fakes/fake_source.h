// A source of requests that keeps every answer.
#pragma once

#include <vector>

#include "agent/port/source.h"

namespace fieldpost {

class FakeSource final : public Source {
 public:
  Status tell(const Told& answer) override {
    told.push_back(answer);
    return Status::ok;
  }

  std::vector<Told> told;
};

}  // namespace fieldpost
