#include "agent/scenario/phone.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "tests/fakes/unpacked.h"

namespace fieldpost {
namespace {

struct Case {
  std::string_view written;
  std::string_view digits;  // empty: refused
  Rule rule = Rule::none;
};

void run(const PhoneSettings& settings, std::initializer_list<Case> cases) {
  for (const Case& one : cases) {
    PhoneDigits digits;
    EXPECT_EQ(unpacked(to_text(read_phone(one.written, settings, digits))),
              unpacked(to_text(one.rule)))
        << one.written;
    EXPECT_EQ(digits.view(), one.digits) << one.written;
  }
}

PhoneSettings national(std::string_view country, std::string_view prefix,
                       std::initializer_list<std::uint8_t> lengths) {
  PhoneSettings settings;
  EXPECT_EQ(settings.country_code.assign(country), Status::ok);
  EXPECT_EQ(settings.national_prefix.assign(prefix), Status::ok);
  for (const std::uint8_t length : lengths) {
    settings.national_digits[settings.national_digits_count++] = length;
  }
  return settings;
}

TEST(Phone, Read_International_GivesDigitsOrARefusalInWords) {
  run({}, {
              {"12025550123", "12025550123"},
              {"+12025550123", "12025550123"},
              {"+1 (202) 555-0123", "12025550123"},
              {"1.202.555.0123", "12025550123"},
              {"1-202-555-0123", "12025550123"},
              {" 1 202 555 0123 ", "12025550123"},
              {"(+1) 202 5550123", "12025550123"},
              {"+ 1 202 555 0123", "12025550123"},
              {"(1)(202)(5550123)", "12025550123"},
              {"120255", "120255"},
              {"120255501231234", "120255501231234"},
              {"1 (20) 25550123", "12025550123"},
              {"+1 (00) 5550123", "1005550123"},

              {"", "", Rule::phone_empty},
              {"   ", "", Rule::phone_empty},
              {"+", "", Rule::phone_empty},
              {"()-.", "", Rule::phone_empty},
              {"12025", "", Rule::phone_short},
              {"+1", "", Rule::phone_short},
              {"1202555012312345", "", Rule::phone_long},
              {"12025550123 12025550124", "", Rule::phone_long},
              {"1202555012312025550123120255501231202555012312025550123", "", Rule::phone_long},
              {"02025550123", "", Rule::phone_zero},
              {"0171 1234567", "", Rule::phone_zero},
              {"+0 202 555 0123", "", Rule::phone_zero},
              {"0", "", Rule::phone_zero},
              {"0012025550123", "", Rule::phone_two_zeros},
              {"00 1 202 555 0123", "", Rule::phone_two_zeros},
              {"+49 (0)171 1234567", "", Rule::phone_trunk_zero},
              {"+49 ( 0 ) 171 1234567", "", Rule::phone_trunk_zero},
              {"(0)2025550123", "", Rule::phone_trunk_zero},
              {"12025550123 ext. 5", "", Rule::phone_letter},
              {"12025550123x5", "", Rule::phone_letter},
              {"1-800-FIELDPO", "", Rule::phone_letter},
              {"l2025550123", "", Rule::phone_letter},
              {"tel:+12025550123", "", Rule::phone_letter},
              {"12025550123@c.us", "", Rule::phone_character},
              {"1202555+0123", "", Rule::phone_plus},
              {"++12025550123", "", Rule::phone_plus},
              {"12025550123+", "", Rule::phone_plus},
              {"12025550123;5", "", Rule::phone_character},
              {"12025550123,,5", "", Rule::phone_character},
              {"12025550123#5", "", Rule::phone_character},
              {"*31#12025550123", "", Rule::phone_character},
              {"030/5550123", "", Rule::phone_character},
              {"1202555\t0123", "", Rule::phone_character},
              {"12025550123\n", "", Rule::phone_character},
              {"\xc2\xa0"
               "12025550123",
               "", Rule::phone_character},
              {"１２０２５５５０１２３", "", Rule::phone_character},
              {"٠١٢٣٤٥٦٧٨٩", "", Rule::phone_character},
              {"📞12025550123", "", Rule::phone_character},
              {"1️⃣2025550123", "", Rule::phone_character},
              {std::string_view("12025550123\0", 12), "", Rule::phone_character},
              {"\xff\xfe", "", Rule::phone_character},
              {"-12025550123", "12025550123"},
          });
}

TEST(Phone, Read_NationalWithoutPrefix_GetsTheCountryCode) {
  run(national("1", "", {10}), {
                                   {"(202) 555-0123", "12025550123"},
                                   {"2025550123", "12025550123"},
                                   {"12025550123", "12025550123"},
                                   {"+12025550123", "12025550123"},
                                   {"+2025550123", "2025550123"},
                                   {"5550123", "5550123"},
                                   {"0202555012", "", Rule::phone_zero},
                                   {"202555012x", "", Rule::phone_letter},
                               });
}

TEST(Phone, Read_NationalWithPrefix_LosesThePrefix) {
  run(national("49", "0", {10, 11}), {
                                         {"0171 1234567", "491711234567"},
                                         {"(0171) 1234567", "491711234567"},
                                         {"0171 12345678", "4917112345678"},
                                         {"1711234567", "1711234567"},
                                         {"0171 123456", "", Rule::phone_zero},
                                         {"0049 171 1234567", "", Rule::phone_two_zeros},
                                         {"00171 123456", "", Rule::phone_two_zeros},
                                         {"+49 (0) 171 1234567", "", Rule::phone_trunk_zero},
                                         {"+0171 1234567", "", Rule::phone_zero},
                                     });
}

TEST(Phone, Read_NationalButNoLengthsConfigured_StaysInternational) {
  run(national("1", "", {}), {{"2025550123", "2025550123"}});
  run(national("", "0", {10}), {{"02025550123", "", Rule::phone_zero}});
}

TEST(Phone, Read_NationalThatBecomesTooLong_IsRefused) {
  run(national("999", "", {15}), {{"202555012312345", "", Rule::phone_long}});
}

TEST(Phone, Refusal_LeadingZero_SaysWhatToWrite) {
  FieldRefusal refusal;
  ASSERT_EQ(refusal.field.assign("to"), Status::ok);
  refusal.rule = Rule::phone_zero;
  TextBuffer<256> out;
  put_sentence(out, refusal);
  EXPECT_EQ(out.written(), "to: starts with 0: write the country code first, e.g. 49171…");
}

}  // namespace
}  // namespace fieldpost
