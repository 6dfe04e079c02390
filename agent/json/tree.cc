#include "agent/json/tree.h"

#include <cJSON.h>

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
  constexpr double kExactMax = 9'007'199'254'740'992.0;
  if (!is_number()) return std::nullopt;
  const double number = node_->valuedouble;
  if (!(number >= -kExactMax && number <= kExactMax)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(number);
  // Equality is meant: a fraction of any size makes it another number.
  if (static_cast<double>(whole) != number) return std::nullopt;
  return whole;
}

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
