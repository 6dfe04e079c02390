// What a toolchain must be able to do before the agent stands on it: a TLS client set up within a
// static heap, a JSON tree within an arena, an HTTP answer, and text by integer <charconv>.
//
// `toolchain_smoke` prints "ok". With the argument "heap" it asks for heap memory, with "relro" it
// writes to data that is read-only once relocated: both must stop it.

#include <cJSON.h>
#include <llhttp.h>
#include <mbedtls/ssl.h>
#include <psa/crypto.h>
#include <unistd.h>

extern "C" {  // 3.6's header forgets to say so
#include <mbedtls/psa_util.h>
}

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "platform/mbedtls/heap.h"

extern "C" std::uintptr_t __stack_chk_guard;  // musl's

namespace {

alignas(std::max_align_t) constinit std::array<std::byte, 4096> json_arena{};
std::size_t json_arena_used = 0;

void say(std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
}

bool tls_client_starts() {
  fieldpost::tls_heap::start();
  static mbedtls_ssl_config config;
  static mbedtls_ssl_context ssl;
  mbedtls_ssl_config_init(&config);
  mbedtls_ssl_init(&ssl);
  if (psa_crypto_init() != PSA_SUCCESS) return false;
  if (mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                  MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    return false;
  }
  mbedtls_ssl_conf_rng(&config, mbedtls_psa_get_random, MBEDTLS_PSA_RANDOM_STATE);
  if (mbedtls_ssl_setup(&ssl, &config) != 0) return false;
  if (mbedtls_ssl_set_hostname(&ssl, "device.example") != 0) return false;
  const auto send = [](void*, const unsigned char*, std::size_t size) {
    return static_cast<int>(size);
  };
  const auto receive = [](void*, unsigned char*, std::size_t) { return MBEDTLS_ERR_SSL_WANT_READ; };
  mbedtls_ssl_set_bio(&ssl, nullptr, send, receive, nullptr);
  return mbedtls_ssl_handshake(&ssl) == MBEDTLS_ERR_SSL_WANT_READ;
}

bool json_parses() {
  cJSON_Hooks hooks{};
  hooks.malloc_fn = [](std::size_t size) -> void* {
    const std::size_t rounded =
        (size + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (rounded > json_arena.size() - json_arena_used) return nullptr;
    json_arena_used += rounded;
    return json_arena.data() + json_arena_used - rounded;
  };
  hooks.free_fn = [](void*) {};
  cJSON_InitHooks(&hooks);
  const cJSON* tree = cJSON_Parse(R"({"sent":true,"id":"wamid.1","n":[1,-2.5e3]})");
  const cJSON* numbers = cJSON_GetObjectItemCaseSensitive(tree, "n");
  const cJSON* second = cJSON_GetArrayItem(numbers, 1);
  return second != nullptr && cJSON_IsNumber(second) && cJSON_GetNumberValue(second) < -2499.0;
}

bool http_parses() {
  llhttp_settings_t settings;
  llhttp_settings_init(&settings);
  llhttp_t parser;
  llhttp_init(&parser, HTTP_RESPONSE, &settings);
  static constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\n\r\n";
  return llhttp_execute(&parser, kAnswer.data(), kAnswer.size()) == HPE_OK &&
         parser.status_code == 204;
}

bool numbers_print() {
  std::array<char, 24> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), -1234567890123LL);
  const std::string_view printed(text.data(), static_cast<std::size_t>(end - text.data()));
  return error == std::errc() && printed == "-1234567890123";
}

const char* const relocated[] = {"ok\n", "not ok\n"};

int do_wrong(std::string_view what) {
  if (what == "heap") {
    void* volatile memory = std::malloc(16);
    say(memory == nullptr ? "got nothing\n" : "got memory\n");
  }
  if (what == "relro") {
    auto* volatile target = const_cast<const char**>(relocated);
    *target = relocated[1];
    say("wrote to relocated data\n");
  }
  return 1;
}

// That the stack guard is random: nobody else sets it for a program that starts itself.
bool stack_is_guarded() { return __stack_chk_guard != 0; }

// Where the processor cannot divide, toolchains/musl/runtime.cc does.
bool numbers_divide() {
  constexpr std::uint32_t kWhole[] = {0, 1, 2, 7, 10, 999, 0x7fffffff, 0x80000000, 0xfffffffe, ~0U};
  for (const std::uint32_t a : kWhole) {
    for (const std::uint32_t b : kWhole) {
      if (b == 0) continue;
      volatile std::uint32_t over = a, under = b;
      if (over / under * b + over % under != a || over % under >= b) return false;
      const auto n = static_cast<std::int32_t>(a), by = static_cast<std::int32_t>(b);
      if (by == -1) continue;  // of the smallest number that is undefined
      volatile std::int32_t signed_over = n, signed_under = by;
      const std::int64_t quotient = signed_over / signed_under, rest = signed_over % signed_under;
      if (quotient * by + rest != n || (rest != 0 && (rest < 0) != (n < 0))) return false;
      if ((rest < 0 ? -rest : rest) >= (by < 0 ? -std::int64_t{by} : by)) return false;
    }
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) return do_wrong(arguments[1]);
  if (!tls_client_starts()) return say("TLS failed\n"), 2;
  if (!json_parses()) return say("JSON failed\n"), 3;
  if (!http_parses()) return say("HTTP failed\n"), 4;
  if (!numbers_print()) return say("numbers failed\n"), 5;
  if (!stack_is_guarded()) return say("stack guard failed\n"), 6;
  if (!numbers_divide()) return say("division failed\n"), 7;
  const char* const volatile* words = relocated;
  say(words[0]);
  return 0;
}
