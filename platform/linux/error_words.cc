#include "platform/linux/error_words.h"

#include <errno.h>

namespace fieldpost {

PackedText error_words(int number) {
  switch (number) {
    case EPERM: return "not permitted"_packed;
    case ENOENT: return "there is no such file"_packed;
    case EIO: return "the device failed"_packed;
    case ENOMEM: return "no memory left"_packed;
    case EACCES: return "no permission"_packed;
    case EBUSY: return "in use"_packed;
    case EEXIST: return "it exists already"_packed;
    case ENODEV: return "there is no such device"_packed;
    case ENOTDIR: return "a part of the path is not a folder"_packed;
    case EISDIR: return "it is a folder"_packed;
    case EINVAL: return "the system does not support it"_packed;
    case EMFILE:
    case ENFILE: return "too many open files"_packed;
    case EFBIG: return "the file would be too large"_packed;
    case ENOSPC: return "no space left"_packed;
    case EDQUOT: return "the disk quota is used up"_packed;
    case EROFS: return "the file system is read-only"_packed;
    case ELOOP: return "too many links"_packed;
    case ENAMETOOLONG: return "the path is too long"_packed;
    case EADDRNOTAVAIL:
    case ENETDOWN:
    case ENETUNREACH: return "this device has no way there: no address or no route"_packed;
    case EHOSTUNREACH: return "no way leads to it"_packed;
    case ECONNRESET: return "it hung up"_packed;
    case EADDRINUSE: return "the address is in use"_packed;
    case ECONNREFUSED: return "nobody listens"_packed;
    case ETIMEDOUT: return "no answer in time"_packed;
    default: return "the system refused"_packed;
  }
}

void put_trouble(TextWriter& why, const char* key, std::string_view path, PackedText words) {
  why.put(key).put(": ").put(path).put(": ").put(words);
}

}  // namespace fieldpost
