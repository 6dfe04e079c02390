// The effective values as `check --print` shows them.
#include "agent/json/write.h"
#include "agent/settings/reader.h"
#include "agent/settings/value.h"

namespace fieldpost {

std::size_t SettingsReader::line_count() const {
  return kKeys.size() + settings_.template_count * kTemplateKeys.size();
}

void SettingsReader::put_line(std::size_t i, LineForm form, TextWriter& out) const {
  ASSERT(i < line_count());
  const bool json = form == LineForm::json;
  out.put(json ? R"({"key":")" : "");
  const std::string_view between = json ? R"(","value":)" : " = ";
  const Key* key = nullptr;
  const void* owner = &settings_;
  const Origin* origin = nullptr;
  if (i < kKeys.size()) {
    key = &kKeys[i];
    origin = &origins_[i];
  } else {
    const std::size_t at = (i - kKeys.size()) / kTemplateKeys.size();
    const std::size_t row = (i - kKeys.size()) % kTemplateKeys.size();
    key = &kTemplateKeys[row];
    owner = &settings_.templates[at];
    origin = &template_origins_[at][row];
    out.put(kTemplatesSection).put('.').put(settings_.templates[at].scenario.view()).put('.');
  }
  out.put(key->name).put(between);
  put_value(*key, owner, settings_, out);
  TextBuffer<limits::file_path_bytes_max + 16> from;
  put_origin(*origin, from);
  if (json) {
    out.put(R"(,"from":)");
    put_json_string(out, from.written());
    out.put('}');
  } else {
    out.put("  (").put(from.written()).put(')');
  }
}

void SettingsReader::put_origin(const Origin& origin, TextWriter& out) const {
  if (!origin.set) {
    out.put("default");
    return;
  }
  out.put(files_[origin.file - 1].view()).put(':').put_number(origin.line);
}

}  // namespace fieldpost
