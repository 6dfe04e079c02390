#include "platform/linux/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "platform/linux/error_words.h"

namespace fieldpost {
namespace {

Status refuse(TextWriter& why, std::string_view key, std::string_view path,
              std::string_view words) {
  why.put(key).put(": ").put(path).put(": ").put(words);
  return Status::invalid;
}

Status open_regular(std::string_view key, std::string_view path, Fd& file, struct stat& about,
                    TextWriter& why) {
  const CPath name(path);
  if (!name.sound()) return refuse(why, key, path, "the path is too long");
  file.reset(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open() || ::fstat(file.get(), &about) != 0) {
    return refuse(why, key, path, error_words(errno));
  }
  if (!S_ISREG(about.st_mode)) return refuse(why, key, path, "it is not a file");
  if (about.st_size == 0) return refuse(why, key, path, "it is empty");
  return Status::ok;
}

void put_octal(TextWriter& out, unsigned int mode) {
  for (unsigned int shift = 12; shift > 0; shift -= 3) {
    out.put(static_cast<char>('0' + ((mode >> (shift - 3)) & 7)));
  }
}

}  // namespace

Status open_token_file(std::string_view path, Fd& file, TextWriter& why) {
  struct stat about {};
  TRY(open_regular("api.token_file", path, file, about, why));
  if ((about.st_mode & (S_IRWXG | S_IRWXO)) == 0) return Status::ok;
  why.put("api.token_file: ").put(path).put(": others may read it (mode ");
  put_octal(why, about.st_mode);
  why.put("); run: chmod 600 ").put(path);
  return Status::invalid;
}

Status open_root_file(std::string_view path, Fd& file, TextWriter& why) {
  struct stat about {};
  TRY(open_regular("api.ca_file", path, file, about, why));
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) == 0) return Status::ok;
  why.put("api.ca_file: ").put(path).put(": others may write it (mode ");
  put_octal(why, about.st_mode);
  why.put("); run: chmod 644 ").put(path);
  return Status::invalid;
}

Status open_credentials(const Settings& settings, Credentials& out, TextWriter& why) {
  const auto& paths = settings.api.token_files;
  for (std::size_t i = 0; i < paths.count; ++i) {
    TRY(open_token_file(paths.items[i].view(), out.tokens[i], why));
  }
  out.token_count = paths.count;
  return open_root_file(settings.api.ca_file.view(), out.roots, why);
}

}  // namespace fieldpost
