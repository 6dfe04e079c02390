#include "agent/http/put_request.h"

namespace fieldpost::http {

void put_local_request(TextWriter& head, Method method, std::string_view path,
                       std::string_view content_type, std::size_t body_bytes,
                       std::string_view source) {
  head.put(method == Method::post ? "POST " : "GET ").put(path);
  head.put(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
  if (method == Method::post) {
    if (!content_type.empty()) head.put("Content-Type: ").put(content_type).put("\r\n");
    head.put("Content-Length: ").put_number(body_bytes).put("\r\n");
  }
  if (!source.empty()) head.put("Fieldpost-Source: ").put(source).put("\r\n");
  head.put("\r\n");
}

}  // namespace fieldpost::http
