#include "agent/api/advice.h"

#include "agent/api/code.h"

namespace fieldpost {
namespace {

constexpr PackedWords kAdvice =
    "check that the customer has agreed to get messages and that the template is approved; then "
    "send it again, or reach the customer another way\n"
    "WhatsApp had trouble: a later try may go through\n"
    "too much at once: a later try may go through\n"
    "the customer got many such messages of late: try again in a day\n"
    "the WhatsApp account is blocked, limited or not paid for: look at it at 1MSG and Meta\n"
    "the token or the rights of the WhatsApp account are wrong: look at them at 1MSG\n"
    "it cannot come to this number: check it, and that the customer has agreed to get messages; or "
    "reach them another way\n"
    "the customer has opted out: send nothing before they ask for it\n"
    "the template does not exist in this language: check its name, language and approval\n"
    "the message does not fit the template: check the number and the form of its values\n"
    "the template is paused or rejected: look at its quality at 1MSG\n"_packed_words;
static_assert(kAdvice.size() == static_cast<std::size_t>(CodeClass::template_paused) + 1);

}  // namespace

PackedText advice_for(std::int32_t code) {
  return kAdvice[static_cast<std::size_t>(class_of(code))];
}

}  // namespace fieldpost
