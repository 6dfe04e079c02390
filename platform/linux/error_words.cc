#include "platform/linux/error_words.h"

#include <errno.h>

namespace fieldpost {

std::string_view error_words(int number) {
  switch (number) {
    case EPERM: return "not permitted";
    case ENOENT: return "there is no such file";
    case EIO: return "the device failed";
    case ENOMEM: return "no memory left";
    case EACCES: return "no permission";
    case EBUSY: return "in use";
    case EEXIST: return "it exists already";
    case ENODEV: return "there is no such device";
    case ENOTDIR: return "a part of the path is not a folder";
    case EISDIR: return "it is a folder";
    case EINVAL: return "the system does not support it";
    case EMFILE:
    case ENFILE: return "too many open files";
    case EFBIG: return "the file would be too large";
    case ENOSPC: return "no space left";
    case EDQUOT: return "the disk quota is used up";
    case EROFS: return "the file system is read-only";
    case ELOOP: return "too many links";
    case ENAMETOOLONG: return "the path is too long";
    case EADDRINUSE: return "the address is in use";
    case ECONNREFUSED: return "nobody listens";
    case ETIMEDOUT: return "no answer in time";
    default: return "the system refused";
  }
}

void put_trouble(TextWriter& why, const char* key, std::string_view path, std::string_view words) {
  why.put(key).put(": ").put(path).put(": ").put(words);
}

}  // namespace fieldpost
