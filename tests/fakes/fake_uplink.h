// An uplink that remembers what it was asked and reports what a test says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/port/uplink.h"

namespace fieldpost {

class FakeUplink final : public Uplink {
 public:
  struct Sent {
    std::uint32_t exchange;
    Purpose purpose;
    std::string path, body;
  };

  Status prepare(std::uint32_t exchange) override {
    if (gone) return Status::io;
    prepared = exchange;
    ++prepares;
    return Status::ok;
  }
  Status go(const Request& request) override {
    if (gone) return Status::io;
    sent.push_back({request.exchange, request.purpose, std::string(request.path.view()),
                    std::string(request.body.view())});
    return Status::ok;
  }

  bool gone = false;
  std::optional<std::uint32_t> prepared;  // not reported on yet
  std::uint32_t prepares = 0;
  std::vector<Sent> sent;
};

}  // namespace fieldpost
