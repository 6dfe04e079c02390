// Our bytes against the vendor's way of making them: vendor_request.mjs, run by Node.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "agent/composer/composer.h"
#include "agent/scenario/phone.h"
#include "agent/scenario/value.h"
#include "tests/fakes/tests_folder.h"

namespace fieldpost {
namespace {

std::string hex_of(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string bytes_of(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return out;
}

bool node_is_there() { return std::system("node --version >/dev/null 2>&1") == 0; }

// The bodies that the vendor's way gives, in order.
std::vector<std::string> vendor_bodies(const std::string& arguments) {
  const std::string script = in_tests_folder("agent/composer/vendor_request.mjs");
  FILE* pipe = popen(("node '" + script + "' " + arguments).c_str(), "r");
  std::string text;
  char room[4096];
  while (const std::size_t n = fread(room, 1, sizeof room, pipe)) text.append(room, n);
  EXPECT_EQ(pclose(pipe), 0) << script;
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    bodies.push_back(bytes_of(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  return bodies;
}

std::string our_body(std::string_view phone, std::string_view name,
                     const std::vector<std::string>& values) {
  Message message;
  EXPECT_EQ(read_phone(phone, {}, message.to), Rule::none);
  EXPECT_EQ(message.template_name.assign(name), Status::ok);
  EXPECT_EQ(message.template_namespace.assign("NS"), Status::ok);
  EXPECT_EQ(message.language.assign("en"), Status::ok);
  for (const std::string& value : values) EXPECT_EQ(message.values.add(value), Status::ok);
  TextBuffer<limits::request_body_bytes_max> out;
  const auto body = compose_body(message, out);
  return body.ok() ? std::string(body.value()) : "refused";
}

#define NEEDS_NODE()                                                                       \
  if (!node_is_there()) {                                                                  \
    GTEST_SKIP() << "NOT COMPARED WITH THE VENDOR'S REQUEST: node is missing; install it " \
                    "(Debian: nodejs) and run again";                                      \
  }                                                                                        \
  static_assert(true)

TEST(Vendor, Body_TheFiveExamples_AreEqualInEveryByte) {
  NEEDS_NODE();
  const std::vector<std::string> theirs = vendor_bodies("examples");
  const struct {
    const char* name;
    std::vector<std::string> values;
  } examples[] = {
      {"stage_completed", {"Maria", "document upload", "manager review within 2 business days"}},
      {"next_step", {"Maria", "loan application", "upload documents in your account by June 20"}},
      {"action_succeeded", {"Maria", "subscription payment", "Access activated in your account."}},
      {"status_changed", {"Maria", "order #12345", "Shipped"}},
      {"service_changed",
       {"Maria", "home delivery", "New window: June 25 from 10:00 AM to 12:00 PM."}},
  };
  ASSERT_EQ(theirs.size(), std::size(examples));
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    EXPECT_EQ(our_body("+1 (202) 555-0123", examples[i].name, examples[i].values), theirs[i]);
  }
}

// Text that was made to break something, and bytes that are no text at all.
const std::vector<std::string>& hostile_texts() {
  using namespace std::string_literals;
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> list = {
        // Quotes, backslashes, and what looks like JSON.
        "\"",
        "\\",
        "\\\"",
        "\"\"\"\"",
        "\\\\\\",
        "a\"b",
        "a\\b",
        "\\n",
        "\\u0041",
        "\\u0000",
        "\\ud800",
        "\"}]}]}",
        "\",\"phone\":\"1\"",
        "{\"a\":1}",
        "[1,2]",
        "null",
        "true",
        "0",
        "-0",
        "1e999",
        "'",
        "`",
        "/",
        "</script>",
        "<!--",
        "&amp;",
        "&#0;",
        "%00",
        "%0d%0a",
        "${x}",
        "{{1}}",
        "{{",
        "}}",
        "__",
        "____",
        "NaN",
        "undefined",
        "; DROP TABLE",
        "$(reboot)",
        "`id`",
        "%s%n",
        // Spaces.
        "a    b",
        "a  b",
        " a",
        "a ",
        "a     b",
        "\u00a0a",
        "\u3000a",
        " ",
        "",
        // Right-to-left, combining, joined.
        "محمد",
        "שלום עולם",
        "\u200fשלום\u200e",
        "\u202eabc",
        "\u202d\u202c!",
        "\u2066a\u2069",
        "e\u0301",
        "Z\u0351\u036b\u0343",
        "नमस्ते",
        "ไทย",
        "한국어",
        "\u1100\u1161",
        "👩‍👩‍👧‍👦",
        "👍🏽",
        "🇩🇪",
        "1️⃣",
        "☺️",
        "ﷺ",
        "ﬁ",
        "İı",
        "ß",
        // Four bytes, and the edges of each length.
        "😀",
        "𝒳𝓎",
        "𠜎",
        "\U0010ffff",
        "\U00010000",
        "\uffff",
        "\ufffe",
        "\ufffd",
        "\ue000",
        "\ud7ff",
        "\u0800",
        "\u07ff",
        "\u0080",
        "\u00a0x",
        "\u007f",
        "\U0001fffe",
        "\ufdd0",
        // What ends lines, and what JavaScript once could not read.
        "a\u2028b",
        "a\u2029b",
        "a\u0085b",
        "a\nb",
        "a\rb",
        "a\r\nb",
        "a\tb",
        "a\vb",
        "a\fb",
        "a\bb",
        // Zero width.
        "\u200b",
        "a\u200bb",
        "\ufeff",
        "\ufeffa",
        "a\u00adb",
        "\u2060",
        "\u3164",
        // Not UTF-8: lone continuation bytes, overlong forms, surrogates, too large, cut.
        "\x80",
        "a\x80z",
        "\xbf\xbf",
        "\xc0\x80",
        "\xc0\xaf",
        "\xc1\xbf",
        "\xe0\x80\xaf",
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xed\xa0\xbd\xed\xb8\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "\xfc\x84\x80\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xff\xfe"
        "a",
        "\xc3",
        "\xe2\x82",
        "\xf0\x9f\x98",
        "caf\xe9",
        "\xc3\x28",
        "\xe2\x28\xa1",
        "\xf0\x28\x8c\xbc",
        // Long.
        std::string(1024, '"'),
        std::string(1025, 'a'),
        std::string(1023, '\\') + "é",
    };
    for (int control = 0; control < 0x20; ++control) {
      list.push_back("a"s + static_cast<char>(control) + "b");
    }
    return list;
  }();
  return texts;
}

TEST(Vendor, Body_HostileTexts_AreEqualInEveryByteOrRefused) {
  NEEDS_NODE();
  ASSERT_GE(hostile_texts().size(), 100u);
  std::string path = testing::TempDir() + "vendor_cases_XXXXXX";
  const int file = mkstemp(path.data());
  ASSERT_GE(file, 0);
  close(file);
  std::ofstream cases(path);
  for (const std::string& text : hostile_texts()) {
    cases << hex_of("12025550123") << ' ' << hex_of("next_step") << ' ' << hex_of("NS") << ' '
          << hex_of("en") << ' ' << hex_of("Maria") << ' ' << hex_of(text) << ' ' << hex_of("x")
          << '\n';
  }
  cases.close();
  const std::vector<std::string> theirs = vendor_bodies("cases < '" + path + "'");
  unlink(path.c_str());

  ASSERT_EQ(theirs.size(), hostile_texts().size());
  std::size_t equal = 0, refused = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    const std::string& text = hostile_texts()[i];
    if (check_value(text) != Rule::none) {
      ++refused;
      continue;
    }
    ++equal;
    EXPECT_EQ(our_body("12025550123", "next_step", {"Maria", text, "x"}), theirs[i])
        << hex_of(text);
  }
  // Neither side of the "or" may swallow the other.
  EXPECT_GE(equal, 70u);
  EXPECT_GE(refused, 60u);
}

}  // namespace
}  // namespace fieldpost
