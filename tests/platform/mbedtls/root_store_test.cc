#include "platform/mbedtls/root_store.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <mbedtls/platform.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "platform/mbedtls/der.h"
#include "platform/mbedtls/heap.h"

namespace fieldpost {
namespace {

int file_of(const std::string& text) {
  const int fd = ::memfd_create("roots", MFD_CLOEXEC);
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return fd;
}

TEST(RootStore, Open_FilesWithoutACertificate_AreNotFound) {
  auto roots = std::make_unique<RootStore>();
  for (const char* text :
       {"", "hello\n", "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"}) {
    const int fd = file_of(text);
    EXPECT_EQ(roots->open(fd), Status::not_found) << text;
    ::close(fd);
  }
  EXPECT_EQ(roots->open(-1), Status::io);
}

TEST(RootStore, FindIssuers_EveryRootOfTheUsualBundle_IsFoundByItsName) {
  const int fd = ::open("/etc/ssl/certs/ca-certificates.crt", O_RDONLY | O_CLOEXEC);
  if (fd < 0) GTEST_SKIP() << "no bundle on this machine";
  tls_heap::start();
  const std::size_t before = tls_heap::used_bytes();
  auto roots = std::make_unique<RootStore>();
  ASSERT_EQ(roots->open(fd), Status::ok);
  EXPECT_GT(roots->count(), 50u);

  std::string text;
  char room[4096];
  for (ssize_t got = 0; (got = ::read(fd, room, sizeof room)) > 0;) {
    text.append(room, static_cast<std::size_t>(got));
  }
  const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  std::size_t at = 0, count = 0;
  while ((at = text.find(begin, at)) != std::string::npos) {
    const std::size_t to = text.find(end, at) + end.size();
    const std::string pem = text.substr(at, to - at) + "\n";
    at = to;
    ++count;
    mbedtls_x509_crt one;
    mbedtls_x509_crt_init(&one);
    ASSERT_EQ(mbedtls_x509_crt_parse(&one, reinterpret_cast<const unsigned char*>(pem.c_str()),
                                     pem.size() + 1),
              0);
    mbedtls_x509_crt* found = nullptr;
    ASSERT_EQ(roots->find_issuers(one, found), Status::ok);
    bool among_them = false;
    for (const mbedtls_x509_crt* each = found; each != nullptr; each = each->next) {
      among_them = among_them || (each->raw.len == one.raw.len &&
                                  std::memcmp(each->raw.p, one.raw.p, one.raw.len) == 0);
    }
    EXPECT_TRUE(among_them);
    mbedtls_x509_crt_free(found);
    mbedtls_free(found);
    mbedtls_x509_crt_free(&one);
  }
  EXPECT_EQ(roots->count(), count);
  EXPECT_EQ(tls_heap::used_bytes(), before);
  ::close(fd);
}

TEST(Der, Take_AnyCutOrLength_StaysWithinTheBytes) {
  const std::array<unsigned char, 6> sound = {0x30, 0x04, 0x02, 0x02, 0x01, 0x00};
  for (std::size_t size = 0; size < sound.size(); ++size) {
    der::Bytes cut(sound.data(), size);
    EXPECT_FALSE(der::take(cut).has_value()) << size;
  }
  for (const int length : {0x80, 0x81, 0x82, 0x83, 0x84, 0xff, 0x05}) {
    std::array<unsigned char, 6> bad = sound;
    bad[1] = static_cast<unsigned char>(length);
    bad[2] = 0xff;
    der::Bytes in(bad);
    EXPECT_FALSE(der::take(in).has_value()) << length;
  }
}

TEST(Der, NameHash_CaseAndKindOfString_MakeNoDifference) {
  // SEQUENCE { SET { SEQUENCE { 2.5.4.3, string } } }
  const auto name = [](unsigned char tag, const char(&text)[4]) {
    return std::array<unsigned char, 16>{0x30,
                                         14,
                                         0x31,
                                         12,
                                         0x30,
                                         10,
                                         0x06,
                                         3,
                                         0x55,
                                         0x04,
                                         0x03,
                                         tag,
                                         3,
                                         static_cast<unsigned char>(text[0]),
                                         static_cast<unsigned char>(text[1]),
                                         static_cast<unsigned char>(text[2])};
  };
  EXPECT_EQ(der::name_hash(name(0x0c, "Abc")), der::name_hash(name(0x13, "aBC")));
  EXPECT_NE(der::name_hash(name(0x0c, "Abc")), der::name_hash(name(0x0c, "Abd")));
}

}  // namespace
}  // namespace fieldpost
