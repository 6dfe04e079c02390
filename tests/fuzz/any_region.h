// Recovery, put before a region of any bytes.
//
// 256 KiB, nearly all of them blank and the rest under checksums, are nothing a fuzzer can search.
// So what it makes is a short description of a region:
//
//   at  bytes
//    0    1    1 = NOR, else a file; +2 = the sums are made right where there is a commit
//   and then pieces, laid over the blank region one after the other:
//    0    2    in which unit (format.h) it begins, modulo how many there are
//    2    2    how many bytes; what the input ends before is left out
//    4    n    the bytes
//
// Integers are little-endian.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "tests/fakes/fake_flash.h"

namespace fieldpost::fuzz {

FakeFlash region_of(std::span<const std::byte> description);

// Recovers, looks at everything, goes on, and recovers again. Returns what is wrong, or nothing:
// reading takes too long; a second recovery finds something else; what was refused was written to;
// the device was used against its rules.
std::string survive(const FakeFlash& region);

}  // namespace fieldpost::fuzz
