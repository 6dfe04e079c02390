#include "agent/base/secret.h"

#include <cstddef>

namespace fieldpost {

bool is_secret(std::string_view guess, std::string_view secret) {
  std::size_t differs = guess.size() ^ secret.size();
  for (std::size_t i = 0; i < secret.size(); ++i) {
    const char c = i < guess.size() ? guess[i] : '\0';
    differs |= static_cast<unsigned char>(c ^ secret[i]);
  }
  return differs == 0;
}

}  // namespace fieldpost
