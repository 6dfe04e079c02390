// A shell without a device: a desk and a fake keeper answer, words are kept, and time passes only
// in sleep().
#pragma once

#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/desk/desk.h"
#include "agent/port/shell.h"
#include "config/limits.h"
#include "tests/fakes/fake_directory.h"
#include "tests/fakes/fake_keeper.h"

namespace fieldpost {

class FakeShell final : public Shell {
 public:
  explicit FakeShell(const Settings* known) : known_settings(known) {}

  Status ask(const LocalRequest& request, Deadline, LineSink& sink) override {
    requests.emplace_back(std::string(request.path) + " " + std::string(request.body));
    if (ask_fails != Status::ok) return ask_fails;
    if (raw_answer.has_value()) {
      (void)sink.line(200, *raw_answer);
      return Status::ok;
    }
    std::vector<std::byte> room(limits::json_arena_bytes);
    JsonArena arena(room);
    std::string answer;
    DeskCall desk;
    const auto ask = std::make_unique<Ask>();
    const auto write = [&](auto step) {
      std::vector<char> piece(limits::local_answer_bytes_max);
      TextWriter out(piece);
      const DeskStep next = step(out);
      if (out.overflowed()) std::abort();
      answer += out.written();
      return next;
    };
    DeskStep step = write([&](TextWriter& out) {
      return desk.begin(request, *agent_settings(), directory_lines, {"fake"}, arena, *ask, out);
    });
    while (step != DeskStep::done && step != DeskStep::wait) {
      step = write([&](TextWriter& out) {
        if (step == DeskStep::more) return desk.more(*agent_settings(), out);
        return desk.told(keeper.answer(*ask), *ask, out);
      });
    }
    http = desk.head().http;
    for (std::size_t from = 0, end; from < answer.size(); from = end + 1) {
      end = answer.find('\n', from);
      if (!sink.line(http, std::string_view(answer).substr(from, end - from))) break;
    }
    return Status::ok;
  }
  DirectoryFile& directory() override { return directory_lines; }
  bool agent_runs() const override { return agent_running; }
  std::string_view trouble() const override { return trouble_words; }
  int trouble_exit_code() const override { return trouble_exit; }

  void out(std::string_view text) override { out_text += text; }
  void err(std::string_view text) override { err_text += text; }
  bool out_is_terminal() const override { return terminal; }
  Result<std::string_view> read_line(std::span<char> room) override {
    if (input.empty()) return Status::not_found;
    line_ = input.front();
    input.pop_front();
    if (line_.size() > room.size()) return Status::invalid;
    std::copy(line_.begin(), line_.end(), room.begin());
    return std::string_view(room.data(), line_.size());
  }
  bool confirm(std::string_view question) override {
    questions.emplace_back(question);
    return agrees;
  }

  Stamp now() const override { return {1, time, UnixTime{1'795'000'000 + time.ms / 1000}}; }
  void sleep(Duration wait) override {
    time = time + wait;
    if (while_asleep) while_asleep();
  }

  void use_configuration(std::string_view path) override { configuration_path = path; }
  void hide(std::string_view word) override { hidden.emplace_back(word); }
  std::string_view configuration() const override { return configuration_path; }
  bool has_file(std::string_view path) override {
    return files.count(std::string(path)) + secrets.count(std::string(path)) != 0;
  }
  Status put_file(FileKind kind, std::string_view path, std::string_view text) override {
    if (put_fails) return Status::io;
    (kind == FileKind::secret ? secrets : files)[std::string(path)] = text;
    return Status::ok;
  }
  const Settings* settings() override { return known_settings; }
  bool find_damaged_copy(TextWriter& path) override {
    path.put(damaged_copy);
    return !damaged_copy.empty();
  }
  Status print_settings(bool json) override {
    out_text += json ? "{\"api.base_url\":\"x\"}\n" : "api.base_url x\n";
    return print_result;
  }
  Status check_files(bool) override {
    if (check_result == Status::invalid) out_text += "token: readable by others\n";
    return check_result;
  }

  Status make_token(TextWriter& token, TextWriter& sha256) override {
    token.put("token-of-43-characters");
    sha256.put(std::string(64, 'a'));
    return put_fails ? Status::io : Status::ok;
  }

  int run() override {
    ++runs;
    return run_exit;
  }
  Status drain(LineSink& progress) override {
    for (const std::string& line : drain_lines) (void)progress.line(200, line);
    return drain_result;
  }

  Status look_at_store(StoreLook look, std::string_view path, LineSink& sink) override {
    looked = look;
    looked_path = path;
    for (const std::string& line : store_lines) (void)sink.line(200, line);
    return store_result;
  }

  Status exchange(const ApiSettings& api, Method method, std::string_view path,
                  std::string_view body, ApiReply& reply) override {
    api_requests.push_back((method == Method::get ? "GET " : "POST ") +
                           std::string(path.substr(api.channel.size() + 2)) +
                           (body.empty() ? "" : " ") + std::string(body));
    reply = ApiReply{};
    reply.certificate_until = certificate_until;
    reply.denied = denied;
    api_answer_ = api_says ? api_says(api_requests.back(), reply.answer) : "";
    if (reply.answer.http == 0) return Status::io;
    if (api_answer_.size() > limits::answer_body_bytes_max) return Status::full;
    reply.answer.reached = Reached::all_of_it;
    reply.body = api_answer_;
    return Status::ok;
  }

  // What the agent reads where this shell may not.
  const Settings* agent_settings() const {
    return known_settings != nullptr ? known_settings : hidden_settings;
  }

  FakeKeeper keeper;
  FakeDirectory directory_lines;
  std::string damaged_copy;
  const Settings* known_settings;
  const Settings* hidden_settings = nullptr;
  Status ask_fails = Status::ok;
  std::optional<std::string> raw_answer;
  bool agent_running = true;
  std::string trouble_words;
  int trouble_exit = 69;
  bool terminal = false, agrees = false;
  std::deque<std::string> input;
  std::function<void()> while_asleep;
  Instant time{1'000};
  Status print_result = Status::ok, check_result = Status::ok, drain_result = Status::ok;
  std::vector<std::string> drain_lines, store_lines;
  Status store_result = Status::ok;
  std::optional<StoreLook> looked;
  std::string looked_path;
  int run_exit = 0;
  // The API: a request such as "GET templates?limit=8" → a body; the answer starts without a status.
  std::function<std::string(const std::string& request, Answer&)> api_says;
  std::vector<std::string> api_requests;
  std::string configuration_path = "/etc/fieldpost/fieldpost.json";
  std::map<std::string, std::string> files, secrets;  // what put_file() kept
  bool put_fails = false;
  bool denied = false;  // the token file
  UnixTime certificate_until;

  std::string out_text, err_text;
  std::vector<std::string> questions, requests, hidden;
  std::uint16_t http = 0;
  int runs = 0;

 private:
  std::string line_, api_answer_;
};

}  // namespace fieldpost
