// The files that only the uplink reads: the tokens, the trusted roots, the proxy's login. They are
// opened before anybody gives up a right, and handed on open.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "agent/base/status.h"
#include "agent/base/text_writer.h"
#include "agent/settings/settings.h"
#include "platform/linux/file.h"

namespace fieldpost {

struct Credentials {
  std::array<Fd, 4> tokens;  // in the order of api.token_file
  std::size_t token_count = 0;
  Fd roots;        // api.ca_file
  Fd proxy_login;  // api.proxy_login_file; not open: there is none
};

// A token that others can read is refused. Nothing is read here.
//   invalid: `why` names the file, what is wrong with it and what to do.
Status open_credentials(const ApiSettings&, Credentials&, TextWriter& why);

// Another number where one of them, but for the roots, was written or replaced, or may be read by
// others.
std::uint64_t mark_of_tokens(const Settings&);

// One token file, by the same rules.
Status open_token_file(std::string_view path, Fd& file, TextWriter& why);
Status open_root_file(std::string_view path, Fd& file, TextWriter& why);
// ok, and no file, where `path` is empty.
Status open_login_file(std::string_view path, Fd& file, TextWriter& why);
// Any file that holds a secret; `key` names it.
Status open_secret_file(const char* key, std::string_view path, Fd& file, TextWriter& why);
// Those of the webhook's path, and of the panel's PIN: one word of the right length.
Status open_path_file(std::string_view path, Fd& file, TextWriter& why);
Status open_pin_file(std::string_view path, Fd& file, TextWriter& why);

}  // namespace fieldpost
