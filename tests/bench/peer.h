// What is compared: a store that keeps messages until they have been accepted.
//
// take(), start() and accept() say what happened; commit() returns once all of that would survive
// losing power. Whoever uses it commits where the agent does, so all stores promise the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace fieldpost::bench {

class Peer {
 public:
  virtual ~Peer() = default;

  // Opens what `folder` holds, or makes it; afterwards all that waits is known by its number.
  // Returns how many do.
  virtual std::uint64_t open(const std::string& folder) = 0;

  virtual void take(std::uint64_t number) = 0;
  virtual void start(std::uint64_t number) = 0;  // and reads its text, which is to be sent
  virtual void accept(std::uint64_t number) = 0;
  virtual void commit() = 0;
};

std::unique_ptr<Peer> make_fieldpost();  // the product's queue and flash file
std::unique_ptr<Peer> make_sqlite();
std::unique_ptr<Peer> make_spool();

// For what must not happen on a sound disk.
[[noreturn]] void give_up(const std::string& what);

}  // namespace fieldpost::bench
