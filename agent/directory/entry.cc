#include "agent/directory/entry.h"

#include <algorithm>

#include "agent/base/letters.h"
#include "agent/scenario/phone.h"

namespace fieldpost {
namespace {

class Finder final : public LineVisitor {
 public:
  Finder(std::string_view ref, JsonArena& arena) : ref_(ref), arena_(arena) {}

  bool line(Result<std::string_view> line) override {
    ++number_;
    if (line.ok() && line.value().find(ref_) == std::string_view::npos) return true;
    // What was found stays where it is.
    JsonArena beside = arena_.rest();
    JsonView entry;
    TextBuffer<96> why;
    if (read_entry(line, found_ == 0 ? arena_ : beside, entry, why) != Status::ok) {
      if (unread_ == 0) unread_ = number_;
    } else if (text_of(entry.member("ref")) == ref_) {
      (found_ == 0 ? found_ : again_) = number_;
      if (found_ == number_) entry_ = entry;
    }
    return again_ == 0;
  }

  Status end(JsonView& entry, TextWriter& why) const {
    entry = entry_;
    if (again_ != 0) {
      why.put("the directory has it twice, in lines "_packed).put_number(found_);
      why.put(" and ").put_number(again_);
      return Status::invalid;
    }
    if (found_ != 0) return Status::ok;
    why.put("is not in the directory"_packed);
    if (unread_ != 0)
      why.put(", of which line "_packed).put_number(unread_).put(" cannot be read"_packed);
    return Status::not_found;
  }

 private:
  std::string_view ref_;
  JsonArena& arena_;
  JsonView entry_;
  std::uint32_t number_ = 0, found_ = 0, again_ = 0, unread_ = 0;
};

class Checker final : public LineVisitor {
 public:
  Checker(const Settings& settings, JsonArena& arena, TextWriter& why)
      : settings_(settings), arena_(arena), why_(why) {}

  bool line(Result<std::string_view> line) override {
    ++number_;
    if (line.ok() && line.value().empty()) return true;
    TextBuffer<128> fault;
    JsonView entry;
    if (read_entry(line, arena_, entry, fault) == Status::ok) {
      PhoneDigits digits;
      const Rule rule = read_phone(text_of(entry.member("to")), settings_.phone, digits);
      if (rule == Rule::none) return true;
      fault.put("to: ").put(to_text(rule));
    }
    why_.put("line ").put_number(number_).put(": ").put(fault.written());
    return false;
  }

 private:
  const Settings& settings_;
  JsonArena& arena_;
  TextWriter& why_;
  std::uint32_t number_ = 0;
};

Status put_trouble(Status status, TextWriter& why) {
  if (status == Status::not_found) why.put("there is no directory at intake.directory yet"_packed);
  if (status == Status::timeout) why.put("the directory takes too long to read"_packed);
  if (status == Status::io) why.put("the directory cannot be read"_packed);
  return status;
}

}  // namespace

bool is_ref(std::string_view text) {
  constexpr std::string_view kBetween = "._:#-";
  return !text.empty() && text.size() <= limits::ref_bytes_max &&
         std::ranges::all_of(text, [&](char c) {
           return is_letter_or_digit(c) || kBetween.find(c) != std::string_view::npos;
         });
}

Status read_entry(Result<std::string_view> line, JsonArena& arena, JsonView& entry,
                  TextWriter& why) {
  static_assert(limits::directory_line_bytes_max == 4 * 1024);
  if (!line.ok()) {
    why.put("longer than 4 KiB"_packed);
    return Status::invalid;
  }
  JsonFault fault;
  const Result<JsonView> root = parse_json(line.value(), arena, fault);
  if (!root.ok()) {
    why.put("not valid JSON"_packed);
    if (root.status() == Status::invalid) {
      why.put(", byte ").put_number(fault.at).put(": ").put(fault.reason);
    }
    return Status::invalid;
  }
  entry = root.value();
  if (is_ref(text_of(entry.member("ref")))) return Status::ok;
  why.put("no object with a \"ref\" of 1 to 64 letters, digits and . _ : # -"_packed);
  return Status::invalid;
}

Status find_entry(DirectoryFile& file, std::string_view path, std::string_view ref,
                  JsonArena& arena, JsonView& entry, TextWriter& why) {
  Finder finder(ref, arena);
  const Status read = file.each_line(path, finder);
  return read == Status::ok ? finder.end(entry, why) : put_trouble(read, why);
}

void check_directory(DirectoryFile& file, const Settings& settings, JsonArena& arena,
                     TextWriter& why) {
  Checker checker(settings, arena, why);
  (void)put_trouble(file.each_line(settings.intake.directory.view(), checker), why);
}

}  // namespace fieldpost
