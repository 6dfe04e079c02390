#include "tests/agent/queue/next_program.h"

#include "tests/agent/queue/store.h"

namespace next_program {

Region run(const std::vector<std::byte>& bytes, int takes, bool upgrades) {
  static_assert(fieldpost::kFormatVersion == 2);
  fieldpost::FakeFlash device;
  device.bytes() = bytes;
  device.settle();
  fieldpost::Store store(device);
  if (upgrades) EXPECT_EQ(store.queue->upgrade(), fieldpost::Status::ok);
  for (int i = 0; i < takes; ++i) store.take_one(i);
  return {true, store.queue->version(), store.queue->live().size(), store.flash.bytes()};
}

}  // namespace next_program
