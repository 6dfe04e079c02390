// Rows for tables of keys, checked against the members that they name when they are compiled.
#pragma once

#include <cstddef>
#include <type_traits>

#include "agent/settings/key.h"
#include "agent/settings/settings.h"

namespace fieldpost::rows {

// A member of an owner: its offset together with its type, against which the functions below check
// what a row says. Only a macro can name a member for both.
template <typename Member>
struct KeyMember {
  std::uint16_t at;
};
#define KEY_MEMBER(Owner, member) \
  KeyMember<decltype(Owner::member)> { offsetof(Owner, member) }

consteval Key required(Key key) {
  key.required = true;
  return key;
}

template <std::size_t N>
consteval Key text(const char* name, KeyMember<FixedText<N>> to, TextForm form,
                   Absent absent = Absent::never) {
  return {.name = name, .kind = ValueKind::text, .at = to.at, .text = {N, form, absent, 0, 0}};
}

template <std::size_t Count, std::size_t N>
consteval Key list(const char* name, KeyMember<TextList<Count, N>> to, TextForm form,
                   std::uint8_t count_min, ValueKind kind = ValueKind::list) {
  static_assert(Count <= UINT8_MAX);
  return {
      .name = name, .kind = kind, .at = to.at, .text = {N, form, Absent::never, count_min, Count}};
}

consteval Key whole(const char* name, KeyMember<std::uint32_t> to, std::uint16_t min,
                    std::uint32_t max) {
  return {.name = name, .kind = ValueKind::whole, .at = to.at, .range = {max, min}};
}

consteval Key wait(const char* name, KeyMember<Duration> to, Duration min, Duration max,
                   ValueKind kind = ValueKind::wait) {
  const std::uint64_t from = min.ms / kWaitUnitMs, until = max.ms / kWaitUnitMs;
  if (from > UINT16_MAX || until > UINT32_MAX || from * kWaitUnitMs != min.ms) __builtin_trap();
  return {.name = name,
          .kind = kind,
          .at = to.at,
          .range = {static_cast<std::uint32_t>(until), static_cast<std::uint16_t>(from)}};
}

template <typename Enum>
consteval Key word(const char* name, KeyMember<Enum> to, WordSet words) {
  static_assert(std::is_enum_v<Enum> && sizeof(Enum) == 1);
  return {.name = name, .kind = ValueKind::word, .at = to.at, .words = words};
}

// Where the type of the member tells the kind.
consteval ValueKind kind_of(KeyMember<bool>) { return ValueKind::flag; }
consteval ValueKind kind_of(KeyMember<std::uint8_t>) { return ValueKind::percent; }
consteval ValueKind kind_of(KeyMember<std::uint16_t>) { return ValueKind::minute; }
consteval ValueKind kind_of(KeyMember<std::uint32_t>) { return ValueKind::write_unit; }
consteval ValueKind kind_of(KeyMember<std::uint64_t>) { return ValueKind::queue_size; }
consteval ValueKind kind_of(KeyMember<QuietHours>) { return ValueKind::quiet_hours; }
consteval ValueKind kind_of(KeyMember<PhoneSettings>) { return ValueKind::national_digits; }
consteval ValueKind kind_of(KeyMember<AllowanceList>) { return ValueKind::allow; }
consteval ValueKind kind_of(KeyMember<Allowance>) { return ValueKind::rights; }
consteval ValueKind kind_of(KeyMember<TemplateSettings>) { return ValueKind::template_text; }

template <typename Member>
consteval Key own(const char* name, KeyMember<Member> to) {
  return {.name = name, .kind = kind_of(to), .at = to.at, .text = {}};
}

consteval Key apps(const char* name, KeyMember<AllowanceList> to) {
  Key key = own(name, to);
  key.kind = ValueKind::apps;
  return key;
}

}  // namespace fieldpost::rows
