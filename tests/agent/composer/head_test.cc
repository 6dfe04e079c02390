#include "agent/composer/head.h"

#include <gtest/gtest.h>

#include <string>

#include "config/limits.h"

namespace fieldpost {
namespace {

RequestHead send() {
  RequestHead head;
  head.host = "api.1msg.io";
  head.path = "/VID182868781/sendTemplate";
  head.token = "secret-token";
  head.body_bytes = 321;
  head.version = "0.1.0";
  return head;
}

std::string composed(const RequestHead& head) {
  TextBuffer<limits::request_head_bytes_max> out;
  const auto written = compose_head(head, out);
  return written.ok() ? std::string(written.value()) : "refused";
}

TEST(Head, Compose_Send_IsTheHeadThatTheApiDocuments) {
  EXPECT_EQ(composed(send()),
            "POST /VID182868781/sendTemplate HTTP/1.1\r\n"
            "Host: api.1msg.io\r\n"
            "Authorization: Bearer secret-token\r\n"
            "Content-Type: application/json\r\n"
            "Content-Length: 321\r\n"
            "User-Agent: fieldpost/0.1.0\r\n\r\n");
}

TEST(Head, Compose_Get_HasNoBodyHeaders) {
  RequestHead head = send();
  head.method = Method::get;
  head.path = "/VID182868781/status";
  head.body_bytes = 0;
  EXPECT_EQ(composed(head),
            "GET /VID182868781/status HTTP/1.1\r\n"
            "Host: api.1msg.io\r\n"
            "Authorization: Bearer secret-token\r\n"
            "User-Agent: fieldpost/0.1.0\r\n\r\n");
}

TEST(Head, Compose_PortAndBasePath_StandWhereTheyBelong) {
  RequestHead head = send();
  head.host = "127.0.0.1";
  head.port = 8443;
  head.base_path = "/gateway/v1";
  EXPECT_TRUE(composed(head).starts_with(
      "POST /gateway/v1/VID182868781/sendTemplate HTTP/1.1\r\nHost: 127.0.0.1:8443\r\n"));
  head.host = "::1";
  EXPECT_NE(composed(head).find("\r\nHost: [::1]:8443\r\n"), std::string::npos);
  head.host = "[::1]";
  EXPECT_NE(composed(head).find("\r\nHost: [::1]:8443\r\n"), std::string::npos);
}

TEST(Head, Compose_AnyByteThatCouldSplitTheHead_IsRefusedInEveryPart) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool visible = byte > ' ' && byte <= '~';
    if (visible) continue;
    const std::string bad = std::string("/a") + static_cast<char>(byte) + "b";
    for (std::string_view RequestHead::*part :
         {&RequestHead::host, &RequestHead::base_path, &RequestHead::path, &RequestHead::token,
          &RequestHead::version}) {
      RequestHead head = send();
      head.*part = part == &RequestHead::host ? std::string_view(bad).substr(1) : bad;
      TextBuffer<limits::request_head_bytes_max> out;
      EXPECT_EQ(compose_head(head, out).status(), Status::invalid) << byte;
      EXPECT_EQ(out.size(), 0u) << byte;
    }
  }
}

TEST(Head, Compose_WhatIsMissing_IsRefused) {
  for (std::string_view RequestHead::*part :
       {&RequestHead::host, &RequestHead::path, &RequestHead::token}) {
    RequestHead head = send();
    head.*part = "";
    EXPECT_EQ(composed(head), "refused");
  }
  RequestHead head = send();
  head.path = "VID1/sendTemplate";
  EXPECT_EQ(composed(head), "refused");
  head = send();
  head.host = "api.1msg.io/x";
  EXPECT_EQ(composed(head), "refused");
  head.host = "user@api.1msg.io";
  EXPECT_EQ(composed(head), "refused");
}

TEST(Head, Compose_TheLongestParts_FitTheHeadsRoom) {
  const std::string host(limits::host_bytes_max, 'h');
  const std::string token(limits::token_bytes_max, 't');
  const std::string path = "/" + std::string(limits::channel_bytes_max * 3, 'p') + "/sendTemplate";
  const std::string base = "/" + std::string(limits::url_bytes_max, 'b');
  RequestHead head = send();
  head.host = host;
  head.token = token;
  head.path = path;
  head.base_path = base;
  head.port = 65535;
  head.body_bytes = limits::request_body_bytes_max;
  EXPECT_NE(composed(head), "refused");

  TextBuffer<64> small;
  EXPECT_EQ(compose_head(send(), small).status(), Status::full);
}

std::string composed(const TunnelHead& head) {
  TextBuffer<limits::request_head_bytes_max> out;
  const auto written = compose_tunnel_head(head, out);
  return written.ok() ? std::string(written.value()) : "refused";
}

TEST(TunnelHead, Compose_WithAndWithoutLogin_IsWhatTheRfcsAskFor) {
  EXPECT_EQ(composed(TunnelHead{"api.1msg.io", 443, "", "0.1.0"}),
            "CONNECT api.1msg.io:443 HTTP/1.1\r\n"
            "Host: api.1msg.io:443\r\n"
            "User-Agent: fieldpost/0.1.0\r\n\r\n");
  // The example of RFC 7617, 2.
  EXPECT_EQ(composed(TunnelHead{"::1", 8443, "Aladdin:open sesame", "0.1.0"}),
            "CONNECT [::1]:8443 HTTP/1.1\r\n"
            "Host: [::1]:8443\r\n"
            "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"
            "User-Agent: fieldpost/0.1.0\r\n\r\n");
}

TEST(TunnelHead, Compose_WhatCannotBeMeant_IsRefused) {
  for (const std::string_view host : {"", "api.1msg.io\r\nX: y", "a b", "user@host", "host/x"}) {
    EXPECT_EQ(composed(TunnelHead{host, 443, "", "0.1.0"}), "refused") << host;
  }
  EXPECT_EQ(composed(TunnelHead{"api.1msg.io", 443, "no-colon", "0.1.0"}), "refused");
}

TEST(TunnelHead, Compose_TheLongestParts_FitTheHeadsRoom) {
  const std::string host(limits::host_bytes_max, 'h');
  const std::string login = "n:" + std::string(limits::token_bytes_max - 2, 'p');
  EXPECT_NE(composed(TunnelHead{host, 65535, login, "0.1.0"}), "refused");
}

}  // namespace
}  // namespace fieldpost
