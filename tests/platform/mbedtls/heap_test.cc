#include "platform/mbedtls/heap.h"

#include <gtest/gtest.h>
#include <mbedtls/platform.h>

#include <cstring>
#include <random>
#include <vector>

#include "config/limits.h"

namespace fieldpost {
namespace {

TEST(TlsHeap, Calloc_AnyOrder_GivesZeroedMemoryThatIsNobodyElses) {
  tls_heap::start();
  const std::size_t before = tls_heap::used_bytes();
  std::mt19937 random(1);
  struct Piece {
    unsigned char* at;
    std::size_t size;
    unsigned char mark;
  };
  std::vector<Piece> pieces;
  for (int i = 0; i < 20'000; ++i) {
    if (pieces.size() < 60 && random() % 2 == 0) {
      const std::size_t size = 1 + random() % 1500;
      auto* at = static_cast<unsigned char*>(mbedtls_calloc(1, size));
      if (at == nullptr) continue;
      for (std::size_t b = 0; b < size; ++b) ASSERT_EQ(at[b], 0);
      const auto mark = static_cast<unsigned char>(1 + random() % 255);
      std::memset(at, mark, size);
      pieces.push_back({at, size, mark});
    } else if (!pieces.empty()) {
      const std::size_t which = random() % pieces.size();
      const Piece piece = pieces[which];
      for (std::size_t b = 0; b < piece.size; ++b) ASSERT_EQ(piece.at[b], piece.mark);
      mbedtls_free(piece.at);
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(which));
    }
  }
  for (const Piece& piece : pieces) mbedtls_free(piece.at);
  EXPECT_EQ(tls_heap::used_bytes(), before);
  // Nothing is left in pieces: all the rest can be had at once.
  void* whole = mbedtls_calloc(1, limits::tls_heap_bytes - before - 16);
  EXPECT_NE(whole, nullptr);
  EXPECT_EQ(mbedtls_calloc(1, 1), nullptr);
  tls_heap::forget_refusals();
  mbedtls_free(whole);
  mbedtls_free(mbedtls_calloc(1, 1));
  EXPECT_EQ(tls_heap::used_bytes(), before);
}

TEST(TlsHeap, Calloc_MoreThanThereIs_IsRefusedAndRemembered) {
  tls_heap::start();
  EXPECT_EQ(mbedtls_calloc(1, limits::tls_heap_bytes), nullptr);
  EXPECT_TRUE(tls_heap::refused());
  tls_heap::forget_refusals();
  EXPECT_EQ(mbedtls_calloc(SIZE_MAX / 2, 3), nullptr);
  EXPECT_EQ(mbedtls_calloc(1, SIZE_MAX), nullptr);
  EXPECT_TRUE(tls_heap::refused());
  tls_heap::forget_refusals();
  mbedtls_free(mbedtls_calloc(1, 100));
  mbedtls_free(nullptr);
  EXPECT_FALSE(tls_heap::refused());
}

}  // namespace
}  // namespace fieldpost
