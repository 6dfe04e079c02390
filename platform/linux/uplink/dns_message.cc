#include "platform/linux/uplink/dns_message.h"

#include <arpa/nameser.h>
#include <resolv.h>

#include <array>
#include <cstring>

namespace fieldpost::dns {
namespace {

// Longer chains than this are loops or mischief.
constexpr int kAliasesMax = 8;

using Name = std::array<char, NS_MAXDNAME>;

int type_of(Kind kind) { return kind == Kind::a ? ns_t_a : ns_t_aaaa; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Case means nothing (RFC 4343), and a dot at the end neither.
bool same_name(std::string_view a, std::string_view b) {
  if (a.ends_with('.')) a.remove_suffix(1);
  if (b.ends_with('.')) b.remove_suffix(1);
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// What of `owner` the answer holds: its addresses go into `found`, its alias into `alias`.
bool scan(ns_msg& message, std::string_view owner, Kind kind, AddressList& found, Name& alias) {
  const std::size_t address_bytes = kind == Kind::a ? 4 : 16;
  bool has_alias = false;
  const int records = ns_msg_count(message, ns_s_an);
  for (int i = 0; i < records; ++i) {
    ns_rr record;
    if (ns_parserr(&message, ns_s_an, i, &record) != 0) break;
    if (ns_rr_class(record) != ns_c_in || !same_name(ns_rr_name(record), owner)) continue;
    if (ns_rr_type(record) == type_of(kind) && ns_rr_rdlen(record) == address_bytes) {
      Address address;
      address.is_v6 = kind == Kind::aaaa;
      std::memcpy(address.bytes.data(), ns_rr_rdata(record), address_bytes);
      found.add(address);
    } else if (ns_rr_type(record) == ns_t_cname && !has_alias) {
      has_alias = ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), ns_rr_rdata(record),
                                     alias.data(), alias.size()) >= 0;
    }
  }
  return has_alias;
}

}  // namespace

Result<std::size_t> make_query(std::string_view name, Kind kind, std::uint16_t id,
                               std::span<unsigned char> out) {
  std::array<char, limits::host_bytes_max + 1> terminated{};
  if (name.empty() || name.size() >= terminated.size() ||
      name.find('\0') != std::string_view::npos) {
    return Status::invalid;
  }
  std::memcpy(terminated.data(), name.data(), name.size());
  const int size = ::res_mkquery(ns_o_query, terminated.data(), ns_c_in, type_of(kind), nullptr, 0,
                                 nullptr, out.data(), static_cast<int>(out.size()));
  if (size < NS_HFIXEDSZ) return Status::invalid;
  // libc's own numbers can be guessed; ours come from the kernel.
  out[0] = static_cast<unsigned char>(id >> 8);
  out[1] = static_cast<unsigned char>(id & 0xff);
  return static_cast<std::size_t>(size);
}

Verdict read_answer(std::span<const unsigned char> bytes, std::string_view name, Kind kind,
                    std::uint16_t id, AddressList& found) {
  ns_msg message;
  if (bytes.size() < NS_HFIXEDSZ ||
      ns_initparse(bytes.data(), static_cast<int>(bytes.size()), &message) != 0) {
    // A forged or mangled datagram; the real answer may still come.
    return Verdict::not_ours;
  }
  ns_rr question;
  if (ns_msg_id(message) != id || ns_msg_getflag(message, ns_f_qr) == 0 ||
      ns_msg_getflag(message, ns_f_opcode) != ns_o_query || ns_msg_count(message, ns_s_qd) != 1 ||
      ns_parserr(&message, ns_s_qd, 0, &question) != 0 || ns_rr_type(question) != type_of(kind) ||
      ns_rr_class(question) != ns_c_in || !same_name(ns_rr_name(question), name)) {
    return Verdict::not_ours;
  }
  if (ns_msg_getflag(message, ns_f_tc) != 0) return Verdict::truncated;
  const int code = ns_msg_getflag(message, ns_f_rcode);
  if (code == ns_r_nxdomain) return Verdict::nothing;
  if (code != ns_r_noerror) return Verdict::broken;

  const std::uint32_t before = found.count;
  Name owner{}, alias{};
  std::memcpy(owner.data(), name.data(), name.size());
  for (int i = 0; i <= kAliasesMax; ++i) {
    const bool has_alias = scan(message, owner.data(), kind, found, alias);
    if (found.count != before) return Verdict::found;
    if (!has_alias) return Verdict::nothing;
    owner = alias;
  }
  return Verdict::broken;
}

}  // namespace fieldpost::dns
