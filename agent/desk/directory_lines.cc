#include "agent/desk/directory_lines.h"

#include "agent/base/letters.h"
#include "agent/base/log.h"
#include "agent/json/write.h"
#include "agent/scenario/phone.h"

namespace fieldpost {
namespace {

constexpr std::string_view kMore = "{\"more\":true}\n";
// What an entry may get longer by: the mask's bullets, or the sentence about its number.
constexpr std::size_t kGrowthMax = 192;

class Lines final : public LineVisitor {
 public:
  Lines(TextWriter& out, const PhoneSettings& phone, std::string_view find, bool reveal,
        JsonArena& arena)
      : out_(out), phone_(phone), reveal_(reveal), arena_(arena) {
    for (const char c : find) find_.put(small(c));
  }

  bool line(Result<std::string_view> line) override {
    JsonView entry;
    TextBuffer<96> fault;
    if (read_entry(line, arena_, entry, fault) != Status::ok || !has_it(entry)) return true;
    if (line.value().size() + kGrowthMax + kMore.size() > out_.room_left()) {
      out_.put(kMore);
      return false;
    }
    out_.put('{');
    for (const JsonView one : entry) put_member(one);
    put_number(text_of(entry.member("to")));
    out_.put("}\n");
    return true;
  }

 private:
  bool has_it(JsonView entry) const {
    for (const JsonView one : entry) {
      if ((reveal_ || one.name() != "to") &&
          find_letters(text_of(one), find_.written()) != std::string_view::npos) {
        return true;
      }
    }
    return false;
  }

  void put_member(JsonView one) {
    if (!one.string().has_value() || one.name() == "to") return;
    put_json_string(put_json_comma(out_), one.name());
    out_.put(':');
    put_json_string(out_, text_of(one));
  }

  void put_number(std::string_view written) {
    PhoneDigits digits;
    const Rule rule = read_phone(written, phone_, digits);
    put_json_name(out_, rule == Rule::none ? "to" : "fault").put('"');
    if (rule != Rule::none) {
      out_.put(to_text(rule));
    } else if (reveal_) {
      out_.put(digits.view());
    } else {
      put_masked_phone(out_, digits.view());
    }
    out_.put('"');
  }

  TextWriter& out_;
  const PhoneSettings& phone_;
  TextBuffer<limits::directory_find_bytes_max> find_;
  bool reveal_;
  JsonArena& arena_;
};

}  // namespace

Status put_directory(TextWriter& out, DirectoryFile& file, const Settings& settings,
                     std::string_view find, bool reveal, JsonArena& arena) {
  Lines lines(out, settings.phone, find, reveal, arena);
  return file.each_line(settings.intake.directory.view(), lines);
}

}  // namespace fieldpost
