#include "platform/linux/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "platform/linux/error_words.h"
#include "platform/linux/uplink/tokens.h"

namespace fieldpost {
namespace {

Status refuse(TextWriter& why, const char* key, std::string_view path, PackedText words) {
  put_trouble(why, key, path, words);
  return Status::invalid;
}

void put_octal(TextWriter& out, unsigned int mode) {
  for (unsigned int shift = 12; shift > 0; shift -= 3) {
    out.put(static_cast<char>('0' + ((mode >> (shift - 3)) & 7)));
  }
}

struct Rule {
  const char* key;
  unsigned int forbidden;  // bits of a mode
  PackedText others_may;
  const char* right_mode;
};

Status open_by(const Rule& rule, std::string_view path, Fd& file, TextWriter& why) {
  struct stat about {};
  file = open_file(path, O_RDONLY | O_NONBLOCK);
  if (!file.is_open() || ::fstat(file.get(), &about) != 0) {
    return refuse(why, rule.key, path, error_words(errno));
  }
  if (!S_ISREG(about.st_mode)) return refuse(why, rule.key, path, "it is not a file"_packed);
  if (about.st_size == 0) return refuse(why, rule.key, path, "it is empty"_packed);
  if ((about.st_mode & rule.forbidden) == 0) return Status::ok;
  const Status refused = refuse(why, rule.key, path, rule.others_may);
  why.put(" (mode ");
  put_octal(why, about.st_mode);
  why.put("); run: chmod "_packed).put(rule.right_mode).put(' ').put(path);
  return refused;
}

struct Word {
  const char* key;
  std::size_t bytes_min;
  std::size_t bytes_max;
};

Status open_word(const Word& word, std::string_view path, Fd& file, TextWriter& why) {
  TRY(open_secret_file(word.key, path, file, why));
  Tokens in_it;
  if (in_it.add(file.get()) == Status::ok && in_it.current().size() >= word.bytes_min &&
      in_it.current().size() <= word.bytes_max) {
    return Status::ok;
  }
  const Status refused =
      refuse(why, word.key, path, "it must hold one word of characters: "_packed);
  why.put_number(word.bytes_min).put('-').put_number(word.bytes_max);
  return refused;
}

}  // namespace

Status open_secret_file(const char* key, std::string_view path, Fd& file, TextWriter& why) {
  return open_by({key, S_IRWXG | S_IRWXO, "others may read it"_packed, "600"}, path, file, why);
}

Status open_token_file(std::string_view path, Fd& file, TextWriter& why) {
  return open_secret_file("api.token_file", path, file, why);
}

Status open_root_file(std::string_view path, Fd& file, TextWriter& why) {
  return open_by({"api.ca_file", S_IWGRP | S_IWOTH, "others may write it"_packed, "644"}, path,
                 file, why);
}

Status open_login_file(std::string_view path, Fd& file, TextWriter& why) {
  return path.empty() ? Status::ok : open_secret_file("api.proxy_login_file", path, file, why);
}

Status open_path_file(std::string_view path, Fd& file, TextWriter& why) {
  return open_word(
      {"intake.webhook_path_file", limits::webhook_path_bytes_min, limits::token_bytes_max}, path,
      file, why);
}

Status open_pin_file(std::string_view path, Fd& file, TextWriter& why) {
  return open_word({"intake.panel_pin_file", limits::pin_bytes_min, limits::pin_bytes_max}, path,
                   file, why);
}

std::uint64_t mark_of_tokens(const Settings& settings) {
  const auto& paths = settings.api.token_files;
  std::uint64_t mark = 0;
  for (std::size_t i = 0; i <= paths.count; ++i) {
    const FilePath& path = i < paths.count ? paths.items[i] : settings.api.proxy_login_file;
    struct stat about {};
    if (::stat(CPath(path.view()).c_str(), &about) != 0) continue;
    // Size and mode, too: what is made, written and shut to others within one tick has one time.
    for (const std::uint64_t part :
         {static_cast<std::uint64_t>(about.st_ino), static_cast<std::uint64_t>(about.st_size),
          static_cast<std::uint64_t>(about.st_mode),
          static_cast<std::uint64_t>(about.st_ctim.tv_sec),
          static_cast<std::uint64_t>(about.st_ctim.tv_nsec)}) {
      mark = mark * 1'000'003 + part;
    }
  }
  return mark;
}

Status open_credentials(const ApiSettings& api, Credentials& out, TextWriter& why) {
  const auto& paths = api.token_files;
  for (std::size_t i = 0; i < paths.count; ++i) {
    TRY(open_token_file(paths.items[i].view(), out.tokens[i], why));
  }
  out.token_count = paths.count;
  TRY(open_login_file(api.proxy_login_file.view(), out.proxy_login, why));
  return open_root_file(api.ca_file.view(), out.roots, why);
}

}  // namespace fieldpost
