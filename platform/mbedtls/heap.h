// The memory that Mbed TLS works in: one static buffer, first fit, given back memory wiped.
//
// It stands in for the library's own allocator because it remembers refusals: when memory runs out
// in the midst of a signature check, the library only says that the certificate is bad (-0x2700).
#pragma once

#include <cstddef>

namespace fieldpost::tls_heap {

// Hands the buffer to Mbed TLS; a second call changes nothing. Before the first the library has no
// allocator at all.
void start();

// Whether an allocation has been refused since forget_refusals().
bool refused();
void forget_refusals();

std::size_t used_bytes();
std::size_t peak_bytes();  // since start(), block headers included

// Refuses what goes beyond `bytes`, so that a test can see what too little memory looks like.
void limit_for_test(std::size_t bytes);

}  // namespace fieldpost::tls_heap
