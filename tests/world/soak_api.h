// 1MSG on a bad day: it answers and breaks in every way that is documented, and keeps what its
// customers got. Of a third of the phones its history has the texts, of a third only the times, of the
// rest it has none.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "tests/world/device.h"

namespace fieldpost::world {

class SoakApi final : public Network {
 public:
  explicit SoakApi(World& world) : world_(world) {}

  bool connects(Duration& after) override;
  Reply serve(const Request&) override;

  // Of a hundred sends, so many go wrong in one of the ways.
  void set_trouble(std::uint32_t percent) { trouble_percent_ = percent; }
  void set_network(bool up) { network_up_ = up; }
  // Called with each send, before it is answered.
  std::function<void()> on_send = [] {};

  // What customers got, by the text that makes each message unlike all others.
  const std::map<std::string, std::uint32_t, std::less<>>& received() const { return received_; }
  std::uint64_t requests() const { return requests_; }
  // How often each way was met.
  const std::map<std::string, std::uint64_t>& met() const { return met_; }

 private:
  struct Entry {
    std::uint64_t id, time_s;
    std::string text;
  };

  Reply serve_send(const Request&);
  Reply serve_history(const Request&) const;
  Reply serve_hook_info(const Request&);
  std::uint64_t deliver(const Request&);  // the message's id

  World& world_;
  std::uint32_t trouble_percent_ = 0;
  bool network_up_ = true;
  std::uint64_t requests_ = 0, ids_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> received_;
  std::map<std::string, std::uint64_t> met_;
  std::map<std::string, std::deque<Entry>, std::less<>> history_;  // by phone
};

}  // namespace fieldpost::world
