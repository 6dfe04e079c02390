#include "platform/mbedtls/root_store.h"

#include <errno.h>
#include <mbedtls/base64.h>
#include <mbedtls/platform.h>
#include <unistd.h>

#include <cstring>
#include <span>
#include <string_view>

#include "platform/mbedtls/der.h"

namespace fieldpost {
namespace {

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----";

ssize_t read_at(int fd, void* to, std::size_t bytes, std::uint32_t at) {
  ssize_t got = 0;
  do {
    got = ::pread(fd, to, bytes, static_cast<off_t>(at));
  } while (got < 0 && errno == EINTR);
  return got;
}

// Lines of a file that cannot be mapped and need not fit in memory.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}

  // The next line without its end; longer ones are cut, for no line we look for is long.
  bool next(std::string_view& line, std::uint32_t& starts_at) {
    starts_at = at_;
    std::size_t length = 0;
    for (;;) {
      if (used_ == filled_ && !fill()) {
        line = {line_.data(), length};
        return at_ != starts_at;
      }
      const char c = room_[used_++];
      ++at_;
      if (c == '\n') break;
      if (length < line_.size() && c != '\r') line_[length++] = c;
    }
    line = {line_.data(), length};
    return true;
  }
  bool failed() const { return failed_; }

 private:
  bool fill() {
    const ssize_t got = read_at(fd_, room_.data(), room_.size(), at_);
    failed_ = got < 0;
    used_ = 0;
    filled_ = got > 0 ? static_cast<std::size_t>(got) : 0;
    return got > 0;
  }

  int fd_;
  std::uint32_t at_ = 0;
  std::size_t used_ = 0, filled_ = 0;
  bool failed_ = false;
  std::array<char, 1024> room_{};
  std::array<char, 80> line_{};
};

}  // namespace

Status RootStore::open(int fd) {
  fd_ = fd;
  count_ = 0;
  Lines lines(fd);
  std::string_view line;
  std::uint32_t at = 0, text_at = 0;
  bool inside = false;
  while (lines.next(line, at)) {
    if (line == kBegin) {
      inside = true;
      text_at = at + static_cast<std::uint32_t>(kBegin.size());
    } else if (line == kEnd && inside) {
      inside = false;
      if (count_ == entries_.size()) return Status::full;
      add(text_at, at - text_at);
    }
  }
  if (lines.failed()) return Status::io;
  return count_ == 0 ? Status::not_found : Status::ok;
}

void RootStore::add(std::uint32_t text_at, std::uint32_t text_bytes) {
  Entry entry{0, text_at, text_bytes};
  const Result<std::size_t> size = load(entry);
  if (!size.ok()) return;  // too large or no base64: one bad root does not spoil the others
  const std::optional<der::Bytes> subject =
      der::subject_of(std::span<const unsigned char>(der_).first(size.value()));
  if (!subject) return;
  entry.subject_hash = der::name_hash(*subject);
  entries_[count_++] = entry;
}

Result<std::size_t> RootStore::load(const Entry& entry) {
  if (entry.text_bytes > text_.size()) return Status::full;
  const ssize_t got = read_at(fd_, text_.data(), entry.text_bytes, entry.text_at);
  if (got != static_cast<ssize_t>(entry.text_bytes)) return Status::io;
  // The line end after BEGIN stands in front; base64 itself allows line ends only within.
  std::string_view text(text_.data(), entry.text_bytes);
  while (!text.empty() && (text.front() == '\r' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  std::size_t size = 0;
  if (mbedtls_base64_decode(der_.data(), der_.size(), &size,
                            reinterpret_cast<const unsigned char*>(text.data()),
                            text.size()) != 0) {
    return Status::invalid;
  }
  return size;
}

Status RootStore::find_issuers(const mbedtls_x509_crt& child, mbedtls_x509_crt*& found) {
  found = nullptr;
  const std::uint32_t wanted = der::name_hash({child.issuer_raw.p, child.issuer_raw.len});
  for (const Entry& entry : std::span(entries_).first(count_)) {
    if (entry.subject_hash != wanted) continue;
    const Result<std::size_t> size = load(entry);
    if (!size.ok()) continue;
    if (found == nullptr) {
      found = static_cast<mbedtls_x509_crt*>(mbedtls_calloc(1, sizeof(mbedtls_x509_crt)));
      if (found == nullptr) return Status::full;
      mbedtls_x509_crt_init(found);
    }
    // What cannot be parsed is left out; what there was no memory for is an error of ours.
    const int error = mbedtls_x509_crt_parse_der(found, der_.data(), size.value());
    if (error == MBEDTLS_ERR_X509_ALLOC_FAILED) {
      mbedtls_x509_crt_free(found);
      mbedtls_free(found);
      found = nullptr;
      return Status::full;
    }
  }
  return Status::ok;
}

}  // namespace fieldpost
