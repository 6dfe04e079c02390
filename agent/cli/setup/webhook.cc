// webhook: where the channel sends its events. POST /webhook replaces the whole list, and others use
// it too: what they have put there stays.
#include <algorithm>

#include "agent/base/shown.h"
#include "agent/base/utf8.h"
#include "agent/cli/commands.h"
#include "agent/cli/local.h"
#include "agent/cli/setup/api_call.h"
#include "agent/json/write.h"
#include "agent/settings/address.h"

namespace fieldpost {
namespace {

constexpr std::size_t kDestinationsMax = 5;  // 1MSG grants no more
constexpr std::size_t kUrlBytesMax = 1024;
constexpr std::size_t kStateBytesMax = 64;
constexpr int kTries = 5;

// What stands for itself in JSON, and ends no word.
bool is_plain(std::string_view url) {
  return std::all_of(url.begin(), url.end(),
                     [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
}
bool is_web_url(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

// The URLs of a list, in its order, each once.
class Destinations {
 public:
  // Of `webhookUrl`: a text, several with commas in between, or an array. False: something else.
  bool read(JsonView value) {
    clear();
    if (const auto text = value.string()) return add_each_of(*text);
    bool sound = value.is_array() || value.is_null();
    for (const JsonView one : value) sound = sound && one.is_string() && add(text_of(one));
    return sound;
  }
  // A list that holds `url`, or does not, and else is as `from`.
  bool become(const Destinations& from, std::string_view url, bool with) {
    clear();
    bool fits = true;
    for (const std::string_view one : from) fits = fits && (one == url || add(one));
    return fits && (!with || add(url));
  }

  bool has(std::string_view url) const { return std::find(begin(), end(), url) != end(); }
  bool has_all_of(const Destinations& others) const {
    return std::all_of(others.begin(), others.end(), [&](auto one) { return has(one); });
  }
  std::size_t count() const { return count_; }
  const std::string_view* begin() const { return urls_.data(); }
  const std::string_view* end() const { return urls_.data() + count_; }

 private:
  void clear() {
    text_.clear();
    count_ = 0;
  }
  // What is no URL is not understood, and a list that is not understood is not written.
  bool add(std::string_view url) {
    if (url.empty() || has(url)) return true;
    if (!is_web_url(url) || !is_plain(url) || count_ == urls_.size()) return false;
    text_.put(url);
    urls_[count_++] = text_.written().substr(text_.size() - url.size());
    return !text_.overflowed();
  }
  // A comma may also stand within a URL.
  bool add_each_of(std::string_view text) {
    bool sound = true;
    while (!(text = after_comma(text)).empty()) {
      std::size_t end = 0;
      do {
        end = std::min(text.find(',', end + 1), text.size());
      } while (end < text.size() && !is_web_url(after_comma(text.substr(end))));
      const std::string_view one = text.substr(0, end);
      sound = sound && add(one.substr(0, one.find_last_not_of(", ") + 1));
      text.remove_prefix(end);
    }
    return sound;
  }
  static std::string_view after_comma(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(", "), text.size()));
  }

  std::size_t count_ = 0;
  std::array<std::string_view, kDestinationsMax + 3> urls_;  // 1MSG may grant more one day
  TextBuffer<(kDestinationsMax + 3) * kUrlBytesMax> text_;
};

// https, or http to this device: events hold numbers and texts. Nothing that would end a URL in a
// list of them; what its path means is its owner's.
bool is_destination(std::string_view url) {
  const bool plain = is_plain(url) && url.find_first_of(",#") == url.npos;
  const auto address = read_web_address(url.substr(0, url.find_first_of("/?", url.find("//") + 2)));
  return plain && url.size() < kUrlBytesMax && address &&
         (address->secure || is_loopback(address->host));
}

class Webhook {
 public:
  Webhook(Call& call, const Settings& settings) : call_(call), api_(call, settings.api) {}

  // Sees to it that the list holds `url`, or does not, and shows the list as it is then.
  int run(std::string_view url, bool with) {
    for (int i = 0; i < kTries; ++i) {
      if (!read(now_) || now_.has(url) == with) {
        if (i == 0 && !with && is_web_url(url)) put_err(call_.shell, "It was not there.\n"_packed);
        return end(now_);
      }
      if (!wanted_.become(now_, url, with) || (with && wanted_.count() > kDestinationsMax)) {
        return report_fault(
            call_, kRefused,
            "the channel has 5 destinations already, which is all 1MSG grants"_packed);
      }
      // Somebody may have changed it meanwhile: the shorter the time, the better.
      if (!read(again_)) return exit_;
      if (now_.count() != again_.count() || !now_.has_all_of(again_)) continue;
      const bool written = write();
      const ApiCall wrote = api_;
      // Without an answer that can be used it may be written all the same.
      if (!written && wrote.fault() != Reason::api_trouble) return wrote.report();
      if (!read(now_) || now_.has(url) == with) return end(wanted_);
      if (!written) return wrote.report();
    }
    return report_fault(call_, kRefused,
                        "the list does not stay as it is written: is somebody else at it?"_packed);
  }

 private:
  bool read(Destinations& list) {
    if (!api_.get("webhook")) {
      exit_ = api_.report();
    } else if (const JsonView url = api_.object().member("webhookUrl");
               !url.exists() || !list.read(url)) {
      exit_ =
          report_fault(call_, kRefused,
                       "1MSG's list of destinations is not understood; nothing was changed"_packed);
    }
    return exit_ == kDone;
  }
  bool write() {
    TextBuffer<limits::request_body_bytes_max> body;
    const bool many = wanted_.count() > 1;
    body.put(R"({"webhookUrl":)").put(many ? "[" : "");
    for (const std::string_view one : wanted_) {
      put_json_string(many ? put_json_comma(body) : body, one);
    }
    body.put(wanted_.count() == 0 ? "\"\"}" : many ? "]}" : "}");
    ASSERT(!body.overflowed());
    // `set` in the answer may only mean that it was so before: what is read back counts.
    return api_.post("webhook", body.written());
  }
  // Shows what is there. Some of `expected` may be gone, by another hand than this command's.
  int end(const Destinations& expected) {
    if (exit_ != kDone) return exit_;
    const JsonView states = api_.object().member("webhookStatuses");
    TextBuffer<(kDestinationsMax + 4) * kUrlBytesMax> text;
    for (const std::string_view one : now_) {
      const std::string_view state = cut_to(text_of(states.member(one)), kStateBytesMax);
      text.clear();
      if (call_.json) {
        text.put('{');
        put_json_text(text, "url", one);
        put_json_text_if_any(text, "status", state);
        text.put('}');
      } else {
        put_shown(text, one, kUrlBytesMax);
        if (!state.empty()) put_shown(text.put("  "), state);
      }
      call_.shell.out(text.put('\n').written());
    }
    for (const std::string_view one : expected) {
      if (now_.has(one)) continue;
      text.clear();
      text.put("No longer there, and not taken out by this command: "_packed);
      put_shown(text, one, kUrlBytesMax);
      exit_ = report_fault(call_, kRefused, text.written());
    }
    const JsonView on =
        api_.get("settings") ? api_.object().member("ackNotificationsOn") : JsonView();
    if (on.boolean() == false || on.string() == "false" || on.integer() == 0) {
      put_err(call_.shell,
              "Delivery news comes to none of them while the channel's setting\n"
              "ackNotificationsOn is off: switch it on at 1MSG.\n"_packed);
    }
    return exit_;
  }

  Call& call_;
  ApiCall api_;
  int exit_ = kDone;
  Destinations now_, again_, wanted_;
};

}  // namespace

int webhook_main(Call& call) {
  const auto change = read_list_change(call, "add and remove take a URL, list takes none"_packed);
  if (!change.has_value()) return kUsage;
  const bool adds = change->kind == ListChange::Kind::add;
  if (adds && !is_destination(change->of)) {
    return report_usage(call, "a destination is an https:// URL, not "_packed, change->of);
  }
  const Settings* const settings = call.shell.settings();
  if (settings == nullptr) return report_trouble(call);
  Webhook webhook(call, *settings);
  return webhook.run(change->of, adds);  // to list is to take out what no list holds
}

}  // namespace fieldpost
