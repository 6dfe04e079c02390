#include "platform/linux/uplink/resolver.h"

#include <gtest/gtest.h>

#include <set>

#include "agent/base/text_writer.h"
#include "tests/platform/linux/uplink/fake_name_server.h"
#include "tests/platform/linux/uplink/real_clock.h"

namespace fieldpost {
namespace {

using Outcome = Resolver::Outcome;
constexpr const char* kHost = "api.example.com";
const RealClock kClock;

struct Found {
  Outcome outcome;
  std::set<std::string> addresses;
};

std::set<std::string> texts(const AddressList& list) {
  std::set<std::string> out;
  for (std::uint32_t i = 0; i < list.count; ++i) {
    TextBuffer<64> text;
    put_address(text, list.items[i]);
    out.emplace(text.written());
  }
  return out;
}

Found look_up(std::string_view host, std::uint16_t port,
              const std::vector<const char*>& servers = {"127.0.0.1"}, Duration wait = 5_s) {
  RealEntropy entropy;
  Resolver resolver(kClock, entropy, port);
  resolver.set_name_servers(name_servers(servers));
  AddressList list;
  const Outcome outcome = resolver.look_up(host, kClock.in(wait), list);
  return {outcome, texts(list)};
}

TEST(Resolver, LookUp_BothKinds_AreFoundSideBySide) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    if (q.type() == 1) {
      return {dns_answer(q, {a_record("API.Example.com", "192.0.2.1"), a_record(kHost, "192.0.2.2"),
                             a_record("other.example.com", "192.0.2.66")})};
    }
    return {dns_answer(q, {aaaa_record(kHost, "2001:db8::1")})};
  });
  const Found found = look_up(kHost, server.port());
  EXPECT_EQ(found.outcome, Outcome::found);
  EXPECT_EQ(found.addresses, (std::set<std::string>{"192.0.2.1", "192.0.2.2", "2001:db8::1"}));
  EXPECT_EQ(server.asked(), 2);
  EXPECT_EQ(look_up("api.example.com.", server.port()).addresses.size(), 3u);
}

TEST(Resolver, LookUp_Aliases_AreFollowedWithinTheAnswer) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    if (q.type() == 28) return {dns_answer(q, {alias(kHost, "a.cdn.net")})};
    return {dns_answer(q, {a_record("b.cdn.net", "192.0.2.7"), alias("a.cdn.net", "b.cdn.net"),
                           alias(kHost, "a.cdn.net")})};
  });
  const Found found = look_up(kHost, server.port());
  EXPECT_EQ(found.outcome, Outcome::found);
  EXPECT_EQ(found.addresses, (std::set<std::string>{"192.0.2.7"}));
}

TEST(Resolver, LookUp_AliasLoop_EndsWithoutAnAddress) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    return {dns_answer(q, {alias(kHost, "b.net"), alias("b.net", kHost)})};
  });
  EXPECT_EQ(look_up(kHost, server.port()).outcome, Outcome::no_answer);
}

TEST(Resolver, LookUp_NoSuchNameOrNoAddress_IsSaidAtOnce) {
  FakeNameServer nothing([](const Question& q, bool) -> std::vector<Wire> {
    return {dns_answer(q, {}, q.type() == 1 ? 0x8183 : 0x8180)};
  });
  EXPECT_EQ(look_up(kHost, nothing.port()).outcome, Outcome::no_such_name);
}

TEST(Resolver, LookUp_OneKindNeverAnswered_GoesOnWithTheOther) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    if (q.type() == 28) return {};
    return {dns_answer(q, {a_record(kHost, "192.0.2.1")})};
  });
  EXPECT_EQ(look_up(kHost, server.port()).addresses, (std::set<std::string>{"192.0.2.1"}));
}

TEST(Resolver, LookUp_NoSuchNameForOneKindOnly_TakesTheOther) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    if (q.type() == 28) return {dns_answer(q, {}, 0x8183)};
    return {dns_answer(q, {a_record(kHost, "192.0.2.1")})};
  });
  EXPECT_EQ(look_up(kHost, server.port()).outcome, Outcome::found);
}

TEST(Resolver, LookUp_HostileDatagrams_AreLeftAloneUntilTheRealAnswer) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    const std::vector<Record> evil = {a_record(kHost, "203.0.113.66")};
    Question other = q;
    other.bytes[0] = static_cast<char>(other.bytes[0] ^ 1);  // another id
    Question elsewhere = q;
    elsewhere.bytes.replace(12, elsewhere.bytes.size() - 16, wire_name("bad.example.com"));
    Wire endless = dns_answer(q, evil);
    endless.replace(endless.size() - 16 - 15, 2, "\xc0\x1f");  // a name that points at itself
    Wire no_question = dns_answer(q, evil);
    no_question[5] = 0;
    Wire many = dns_answer(q, {});
    many[6] = many[7] = '\xff';  // 65,535 records that are not there
    std::vector<Wire> out = {dns_answer(other, evil),
                             dns_answer(elsewhere, evil),
                             "",
                             "x",
                             dns_answer(q, evil, 0x0180),
                             no_question,
                             Wire(512, '\xff'),
                             many};
    const Wire whole = dns_answer(q, evil);
    for (std::size_t cut = 0; cut < 40; ++cut) out.push_back(whole.substr(0, cut));
    if (q.type() == 1) out.push_back(dns_answer(q, {a_record(kHost, "192.0.2.1")}));
    if (q.type() == 28) out.push_back(dns_answer(q, {}));
    return out;
  });
  const Found found = look_up(kHost, server.port());
  EXPECT_EQ(found.outcome, Outcome::found);
  EXPECT_EQ(found.addresses, (std::set<std::string>{"192.0.2.1"}));
}

TEST(Resolver, LookUp_RecordsOfTheWrongSize_AreLeftOut) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    return {dns_answer(q, {{kHost, q.type(), "abc"},
                           {kHost, q.type(), ""},
                           {kHost, q.type() == 1 ? 28u : 1u, Wire(16, 'x')}})};
  });
  EXPECT_EQ(look_up(kHost, server.port()).outcome, Outcome::no_such_name);
}

TEST(Resolver, LookUp_MoreAddressesThanRoom_KeepsTheFirst) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    std::vector<Record> records;
    for (int i = 1; i < 25; ++i) {
      records.push_back(a_record(kHost, ("192.0.2." + std::to_string(i)).c_str()));
    }
    return {dns_answer(q, q.type() == 1 ? records : std::vector<Record>())};
  });
  EXPECT_EQ(look_up(kHost, server.port()).addresses.size(), limits::addresses_max);
}

TEST(Resolver, LookUp_TruncatedAnswer_IsAskedForOverTcp) {
  FakeNameServer server([](const Question& q, bool over_tcp) -> std::vector<Wire> {
    if (!over_tcp) return {dns_answer(q, {}, 0x8380)};
    if (q.type() == 28) return {dns_answer(q, {})};
    return {dns_answer(q, {a_record(kHost, "192.0.2.9")})};
  });
  EXPECT_EQ(look_up(kHost, server.port()).addresses, (std::set<std::string>{"192.0.2.9"}));
}

TEST(Resolver, LookUp_TruncatedOverTcpToo_IsNoAnswer) {
  FakeNameServer server([](const Question& q, bool) -> std::vector<Wire> {
    return {dns_answer(q, {a_record(kHost, "192.0.2.9")}, 0x8380)};
  });
  EXPECT_EQ(look_up(kHost, server.port()).outcome, Outcome::no_answer);
}

TEST(Resolver, LookUp_FirstServerDownOrUnwilling_AsksTheSecondAtOnce) {
  FakeNameServer good([](const Question& q, bool) -> std::vector<Wire> {
    if (q.type() == 28) return {dns_answer(q, {})};
    return {dns_answer(q, {a_record(kHost, "192.0.2.1")})};
  });
  // Nobody listens at 127.0.0.3; at 127.0.0.2 is one that fails.
  FakeNameServer failing(
      [](const Question& q, bool) -> std::vector<Wire> { return {dns_answer(q, {}, 0x8182)}; },
      good.port(), "127.0.0.2");
  EXPECT_EQ(look_up(kHost, good.port(), {"127.0.0.3", "127.0.0.2", "127.0.0.1"}).outcome,
            Outcome::found);
}

TEST(Resolver, LookUp_AllServersFail_IsNoAnswer) {
  FakeNameServer failing(
      [](const Question& q, bool) -> std::vector<Wire> { return {dns_answer(q, {}, 0x8182)}; });
  EXPECT_EQ(look_up(kHost, failing.port()).outcome, Outcome::no_answer);
}

TEST(Resolver, LookUp_SilentServer_EndsWithTheDeadline) {
  FakeNameServer silent([](const Question&, bool) { return std::vector<Wire>(); });
  EXPECT_EQ(look_up(kHost, silent.port(), {"127.0.0.1"}, 100_ms).outcome, Outcome::no_answer);
}

TEST(Resolver, LookUp_NoServerOrNoRoute_IsNoServer) {
  EXPECT_EQ(look_up(kHost, 53, {}).outcome, Outcome::no_server);
  EXPECT_EQ(look_up(kHost, 53, {"255.255.255.255"}).outcome, Outcome::no_server);
}

TEST(Resolver, LookUp_LocalhostAndWrittenAddresses_AskNobody) {
  EXPECT_EQ(look_up("localhost", 53, {}).addresses, (std::set<std::string>{"127.0.0.1", "::1"}));
  EXPECT_EQ(look_up("A.LocalHost.", 53, {}).addresses.size(), 2u);
  EXPECT_EQ(look_up("192.0.2.1", 53, {}).addresses, (std::set<std::string>{"192.0.2.1"}));
  EXPECT_EQ(look_up("[2001:db8::1]", 53, {}).addresses, (std::set<std::string>{"2001:db8::1"}));
  EXPECT_EQ(look_up("notlocalhost", 53, {}).outcome, Outcome::no_server);
}

TEST(Resolver, LookUp_WhatIsNoName_IsNotAskedFor) {
  for (const std::string& name : {std::string(), std::string("a..b"), std::string(64, 'x') + ".com",
                                  std::string(300, 'x'), std::string("a\0b", 3)}) {
    EXPECT_EQ(look_up(name, 53).outcome, Outcome::no_such_name) << name;
  }
}

}  // namespace
}  // namespace fieldpost
