// A JSON text as a tree. cJSON builds it, in an arena and only after the strict check; no other
// folder knows that it does.
//
//   JsonFault fault;
//   const Result<JsonView> root = parse_json(body, arena, fault);
//   if (root.ok() && root.value().member("sent").boolean() == true) …
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "agent/base/status.h"
#include "agent/json/arena.h"
#include "agent/json/check.h"

struct cJSON;

namespace fieldpost {

// One value of a tree, or the absence of one: a look-up that finds nothing gives an absent view,
// and every question to that is answered with nothing. Valid until its arena is reset.
class JsonView {
 public:
  constexpr JsonView() = default;
  constexpr explicit JsonView(const cJSON* node) : node_(node) {}

  constexpr bool exists() const { return node_ != nullptr; }
  bool is_null() const;
  bool is_string() const;
  bool is_number() const;
  bool is_bool() const;
  bool is_array() const;
  bool is_object() const;

  // The member of that name, letter case included; absent if there is none or this is no object.
  JsonView member(std::string_view name) const;
  JsonView member(const char* name) const;

  std::optional<std::string_view> string() const;  // as UTF-8, escapes resolved
  std::optional<bool> boolean() const;
  // A number without a fraction between -2^53 and 2^53, where a double is exact (RFC 8259, 6).
  // 1.0 and 1e3 are such numbers.
  std::optional<std::int64_t> integer() const;

  std::string_view name() const;  // of a member of an object; else ""
  std::size_t size() const;       // children of an array or object; else 0

  // The children of an array or object in the order of the text: for (const JsonView one : view).
  class Iterator {
   public:
    explicit Iterator(const cJSON* node) : node_(node) {}
    JsonView operator*() const { return JsonView(node_); }
    Iterator& operator++();
    friend bool operator==(Iterator, Iterator) = default;

   private:
    const cJSON* node_;
  };
  Iterator begin() const;
  Iterator end() const { return Iterator(nullptr); }

 private:
  const cJSON* node_ = nullptr;
};

// What a string says; "" where there is none.
std::string_view text_of(JsonView value);

// Checks `text`, forgets what was in `arena` and builds the tree there. Strings are copied: the
// text need not outlive the tree.
//   invalid: not strict JSON; `fault` says why.   full: the arena is too small for the tree.
Result<JsonView> parse_json(std::string_view text, JsonArena& arena, JsonFault& fault);

}  // namespace fieldpost
