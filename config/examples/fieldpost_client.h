// A client for programs with an event loop, in the style of Qt: it never waits, and calls back. With Qt,
// a QSocketNotifier(client.fd(), QSocketNotifier::Read) is to call readyRead().
//
//   FieldpostClient client("/run/fieldpost/fieldpost.sock");
//   client.answered = [](int status, const std::string& json) { … };
//   client.send(R"({"scenario":"status-changed","key":"order-12345-shipped", … })");
//
// 200 and 202: the message is on flash. 429, 5xx and 0 (the agent starts, or its answer was lost): send the
// same again later; its key makes that safe. Everything else: it is refused for good, in the words of `json`.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>

class FieldpostClient {
 public:
  explicit FieldpostClient(std::string path) : path_(std::move(path)) {}
  FieldpostClient(const FieldpostClient&) = delete;
  ~FieldpostClient() { close(); }

  std::function<void(int status, const std::string& json)> answered;
  int fd() const { return fd_; }  // -1: nothing is under way

  void send(const std::string& json) {
    close();
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    path_.copy(place.sun_path, sizeof place.sun_path - 1);
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const std::string text = "POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
    // A request has at most 16 KiB, which a socket takes at once.
    const bool sent = ::connect(fd_, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0 &&
                      ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == ssize_t(text.size());
    if (!sent) finish(0, "");
  }

  void readyRead() {
    char piece[4096];
    const ssize_t got = ::read(fd_, piece, sizeof piece);
    if (got > 0) return void(answer_.append(piece, size_t(got)));
    if (got < 0 && errno == EAGAIN) return;
    const size_t end = answer_.find("\r\n\r\n");
    const bool whole = end != answer_.npos && answer_.rfind("HTTP/1.1 ", 0) == 0;
    finish(whole ? std::stoi(answer_.substr(9, 3)) : 0, whole ? answer_.substr(end + 4) : "");
  }

 private:
  void close() { if (fd_ >= 0) ::close(fd_); fd_ = -1; answer_.clear(); }
  void finish(int status, const std::string& json) { close(); if (answered) answered(status, json); }

  std::string path_, answer_;
  int fd_ = -1;
};
