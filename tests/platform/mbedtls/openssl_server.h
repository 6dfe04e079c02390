// Certificates of every kind a server may come with, made once with the openssl command, and
// OpenSSL's own server to show them.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/fakes/tests_folder.h"

namespace fieldpost {

// The folder with NAME.key, NAME.pem and NAME.chain, made on the first call; gone at exit.
class CertificateFolder {
 public:
  CertificateFolder() {
    char made[] = "/tmp/fieldpost-certificates-XXXXXX";
    at_ = ::mkdtemp(made);
    run("sh '" + in_tests_folder("platform/mbedtls/make_certificates") + "' " + at_ + " >" + at_ +
        "/log 2>&1");
  }
  ~CertificateFolder() { run("rm -r " + at_); }
  const std::string& path() const { return at_; }

 private:
  static void run(const std::string& command) {
    if (std::system(command.c_str()) != 0) std::abort();
  }
  std::string at_;
};
inline const std::string& certificates() {
  static const CertificateFolder folder;
  return folder.path();
}

// `openssl s_server` on a free port of loopback. Certificate "": something that is not TLS.
class OpensslServer {
 public:
  explicit OpensslServer(const std::string& certificate, std::vector<std::string> options = {}) {
    const std::string base = certificates() + "/" + certificate;
    std::vector<std::string> arguments = {"openssl", "s_server",    "-accept", "127.0.0.1:0",
                                          "-cert",   base + ".pem", "-key",    base + ".key"};
    if (::access((base + ".chain").c_str(), R_OK) == 0) {
      arguments.insert(arguments.end(), {"-cert_chain", base + ".chain"});
    }
    arguments.insert(arguments.end(), options.begin(), options.end());
    start(arguments);
  }
  ~OpensslServer() { stop(); }
  OpensslServer(const OpensslServer&) = delete;
  OpensslServer& operator=(const OpensslServer&) = delete;

  std::uint16_t port() const { return port_; }

  void say(const std::string& text) {
    if (::write(to_, text.data(), text.size()) < 0) std::abort();
  }
  // Reads what the server prints until `text` comes up (again, after the last one found): what
  // clients sent, for one.
  bool prints(const std::string& text) {
    std::size_t found = 0;
    while ((found = output_.find(text, seen_)) == std::string::npos) {
      if (!read_more(5000)) return false;
    }
    seen_ = found + text.size();
    return true;
  }
  // All that has been read of what it printed.
  const std::string& so_far() const { return output_; }
  // Ends the server; all that it ever printed.
  std::string stop() {
    if (pid_ > 0) {
      // Nothing is lost: what it wrote is in the pipe.
      ::kill(pid_, SIGTERM);
      while (read_more(5000)) {
      }
      ::waitpid(pid_, nullptr, 0);
      ::close(to_);
      ::close(from_);
      pid_ = -1;
    }
    return output_;
  }

 private:
  void start(const std::vector<std::string>& arguments) {
    ::signal(SIGPIPE, SIG_IGN);
    std::vector<char*> argv;
    for (const std::string& one : arguments) argv.push_back(const_cast<char*>(one.c_str()));
    argv.push_back(nullptr);
    int in[2], out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) std::abort();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::dup2(out[1], 2);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
    const std::string mark = "ACCEPT 127.0.0.1:";
    if (!prints(mark)) return;
    while (output_.find('\n', output_.find(mark)) == std::string::npos && read_more(5000)) {
    }
    port_ =
        static_cast<std::uint16_t>(std::atoi(output_.c_str() + output_.find(mark) + mark.size()));
  }

  bool read_more(int wait_ms) {
    pollfd watched{from_, POLLIN, 0};
    if (::poll(&watched, 1, wait_ms) <= 0) return false;
    char room[4096];
    const ssize_t got = ::read(from_, room, sizeof room);
    if (got > 0) output_.append(room, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = -1;
  int to_ = -1, from_ = -1;
  std::uint16_t port_ = 0;
  std::string output_;
  std::size_t seen_ = 0;  // of output_, by prints()
};

}  // namespace fieldpost
