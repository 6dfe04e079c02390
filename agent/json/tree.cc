#include "agent/json/tree.h"

#include <cJSON.h>

#include "agent/json/number.h"

namespace fieldpost {
namespace {

// cJSON's allocator is one per process and is handed no context, so the arena of the parse that
// runs stands here. Outside of a parse there is none, and cJSON gets no memory.
constinit JsonArena* arena_in_use = nullptr;

void* take_from_arena(std::size_t bytes) {
  return arena_in_use == nullptr ? nullptr : arena_in_use->take(bytes);
}

void leave_to_arena(void*) {}

bool has_type(const cJSON* node, int type) {
  return node != nullptr && (node->type & 0xff) == type;
}

}  // namespace

bool JsonView::is_null() const { return has_type(node_, cJSON_NULL); }
bool JsonView::is_string() const { return has_type(node_, cJSON_String); }
bool JsonView::is_number() const { return has_type(node_, cJSON_Number); }
bool JsonView::is_bool() const { return boolean().has_value(); }
bool JsonView::is_array() const { return has_type(node_, cJSON_Array); }
bool JsonView::is_object() const { return has_type(node_, cJSON_Object); }

JsonView JsonView::member(std::string_view name) const {
  if (!is_object()) return JsonView();
  for (const JsonView one : *this) {
    if (one.name() == name) return one;
  }
  return JsonView();
}

JsonView JsonView::member(const char* name) const { return member(std::string_view(name)); }

std::optional<std::string_view> JsonView::string() const {
  if (!is_string()) return std::nullopt;
  return std::string_view(node_->valuestring);  // whole: the check refuses \u0000
}

std::optional<bool> JsonView::boolean() const {
  if (has_type(node_, cJSON_True)) return true;
  if (has_type(node_, cJSON_False)) return false;
  return std::nullopt;
}

std::optional<std::int64_t> JsonView::integer() const {
  if (!is_number()) return std::nullopt;
  // A whole number of at most 2^53, or kNoInteger: our own reader (number.h) gives no others. By
  // halves: for 64 bits at once an FPU of 32 needs a library.
  const double number = node_->valuedouble;
  const double size = number < 0 ? -number : number;
  if (size == kNoInteger) return std::nullopt;
  const auto high = static_cast<std::uint32_t>(size / 4294967296.0);
  const auto low = static_cast<std::uint32_t>(size - static_cast<double>(high) * 4294967296.0);
  const auto whole = static_cast<std::int64_t>(std::uint64_t{high} << 32 | low);
  return number < 0 ? -whole : whole;
}

std::string_view text_of(JsonView value) { return value.string().value_or(std::string_view()); }

std::string_view JsonView::name() const {
  return node_ == nullptr || node_->string == nullptr ? std::string_view() : node_->string;
}

std::size_t JsonView::size() const {
  std::size_t count = 0;
  for (auto it = begin(); it != end(); ++it) ++count;
  return count;
}

JsonView::Iterator JsonView::begin() const {
  return Iterator(is_array() || is_object() ? node_->child : nullptr);
}

JsonView::Iterator& JsonView::Iterator::operator++() {
  node_ = node_->next;
  return *this;
}

Result<JsonView> parse_json(std::string_view text, JsonArena& arena, JsonFault& fault) {
  arena.reset();
  TRY(check_json(text, fault));
  ASSERT(arena_in_use == nullptr);
  cJSON_Hooks hooks{take_from_arena, leave_to_arena};
  cJSON_InitHooks(&hooks);
  arena_in_use = &arena;
  const cJSON* const root = cJSON_ParseWithLength(text.data(), text.size());
  arena_in_use = nullptr;
  // What passed the check is JSON to cJSON too: a test over all texts holds it to that.
  if (root == nullptr) return Status::full;
  return JsonView(root);
}

}  // namespace fieldpost
