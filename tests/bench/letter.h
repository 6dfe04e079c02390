// The message that everything here is measured with: 200 bytes of text, and what belongs to it.
#pragma once

#include <cstdint>
#include <string>

#include "agent/message/message.h"

namespace fieldpost::bench {

inline constexpr std::size_t kTextBytes = 200;

// All that it says follows from its number.
Message letter(std::uint64_t number);
std::string letter_text(std::uint64_t number);

// What is wrong with one that was read back, or nothing.
std::string check_letter(const Message& message, std::uint64_t number);

// What the API answers, with a message id as long as WhatsApp's are.
Standing accepted(const Stamp& at);

}  // namespace fieldpost::bench
