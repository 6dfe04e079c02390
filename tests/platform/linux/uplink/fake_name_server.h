// A name server on loopback in a thread of its own: UDP and TCP on the same port.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "platform/linux/frames.h"

namespace fieldpost {

using Wire = std::string;

inline Wire u16(unsigned value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
}

inline Wire wire_name(const std::string& name) {
  Wire out;
  std::size_t from = 0;
  while (from < name.size()) {
    std::size_t dot = name.find('.', from);
    if (dot == std::string::npos) dot = name.size();
    out += static_cast<char>(dot - from);
    out += name.substr(from, dot - from);
    from = dot + 1;
  }
  return out + '\0';
}

struct Question {
  Wire bytes;  // the whole message
  unsigned id() const {
    return static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]);
  }
  // 1 = A, 28 = AAAA
  unsigned type() const { return static_cast<unsigned char>(bytes[bytes.size() - 3]); }
  Wire section() const { return bytes.substr(12); }
};

struct Record {
  std::string owner;
  unsigned type;
  Wire data;
};

inline Record a_record(const std::string& owner, const char* address) {
  in_addr raw{};
  ::inet_pton(AF_INET, address, &raw);
  return {owner, 1, Wire(reinterpret_cast<const char*>(&raw), 4)};
}
inline Record aaaa_record(const std::string& owner, const char* address) {
  in6_addr raw{};
  ::inet_pton(AF_INET6, address, &raw);
  return {owner, 28, Wire(reinterpret_cast<const char*>(&raw), 16)};
}
inline Record alias(const std::string& owner, const std::string& target) {
  return {owner, 5, wire_name(target)};
}

inline Wire dns_answer(const Question& question, const std::vector<Record>& records,
                       unsigned flags = 0x8180) {
  Wire out = u16(question.id()) + u16(flags) + u16(1) + u16(static_cast<unsigned>(records.size())) +
             u16(0) + u16(0) + question.section();
  for (const Record& record : records) {
    out += wire_name(record.owner) + u16(record.type) + u16(1) + u16(0) + u16(60) +
           u16(static_cast<unsigned>(record.data.size())) + record.data;
  }
  return out;
}

class FakeNameServer {
 public:
  // What to send back, one datagram each; over TCP the first one counts.
  using Script = std::function<std::vector<Wire>(const Question&, bool over_tcp)>;

  explicit FakeNameServer(Script script, std::uint16_t port = 0, const char* address = "127.0.0.1")
      : script_(std::move(script)) {
    sockaddr_in self{};
    self.sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &self.sin_addr);
    for (int attempt = 0; attempt < 20; ++attempt) {
      self.sin_port = htons(port);
      udp_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      tcp_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      socklen_t size = sizeof self;
      const auto* bound = reinterpret_cast<const sockaddr*>(&self);
      if (::bind(udp_, bound, size) == 0 &&
          ::getsockname(udp_, reinterpret_cast<sockaddr*>(&self), &size) == 0 &&
          ::bind(tcp_, bound, size) == 0 && ::listen(tcp_, 4) == 0) {
        break;
      }
      ::close(udp_);
      ::close(tcp_);
      udp_ = tcp_ = -1;
    }
    port_ = ntohs(self.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeNameServer() {
    stop_ = true;
    thread_.join();
    ::close(udp_);
    ::close(tcp_);
  }

  std::uint16_t port() const { return port_; }
  int asked() const { return asked_; }

 private:
  void serve() {
    while (!stop_) {
      pollfd watched[2] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}};
      if (::poll(watched, 2, 10) <= 0) continue;
      char room[2048];
      if (watched[0].revents != 0) {
        sockaddr_storage peer{};
        socklen_t size = sizeof peer;
        const ssize_t got =
            ::recvfrom(udp_, room, sizeof room, 0, reinterpret_cast<sockaddr*>(&peer), &size);
        if (got < 12) continue;
        ++asked_;
        for (const Wire& wire : script_({Wire(room, static_cast<std::size_t>(got))}, false)) {
          ::sendto(udp_, wire.data(), wire.size(), 0, reinterpret_cast<sockaddr*>(&peer), size);
        }
      }
      if (watched[1].revents != 0) {
        const int peer = ::accept(tcp_, nullptr, nullptr);
        const ssize_t got = ::recv(peer, room, sizeof room, 0);
        if (got > 14) {
          const auto answers = script_({Wire(room + 2, static_cast<std::size_t>(got) - 2)}, true);
          for (const Wire& wire : answers) {
            const Wire framed = u16(static_cast<unsigned>(wire.size())) + wire;
            ::send(peer, framed.data(), framed.size(), MSG_NOSIGNAL);
          }
        }
        ::close(peer);
      }
    }
  }

  Script script_;
  int udp_ = -1, tcp_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

inline NameServers name_servers(const std::vector<const char*>& addresses) {
  NameServers list;
  for (const char* text : addresses) {
    ::inet_pton(AF_INET, text, list.servers[list.count++].bytes.data());
  }
  return list;
}

}  // namespace fieldpost
