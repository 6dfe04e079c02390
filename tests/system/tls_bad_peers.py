"""TLS peers that are wrong before the handshake is over: not one byte of the request may leave.

Every peer is sound but for what its row says: the row's name, who it is, the reason, and a piece of
the words for people.
"""

import ssl

from tls_certificates import IN_FUTURE, LEAF, LONG_AGO, SIGNS
from tls_peers import (OLD, Hello, Peer, Rewrite, alert, below, flipped, leaf, many, replaced,
                       resets, says, static_rsa, three)
from tls_records import CERTIFICATE, CERTIFICATE_VERIFY, FINISHED, SERVER_HELLO, SERVER_KEY

def named(san):
    return leaf(san=san, subject="named otherwise")


def pathlen_in_the_middle(c):
    first = c.authority("First", c.root, more=",pathlen:0")
    second = c.authority("Second", first)
    return [c.issue(issuer=second), second, first]


def signed_by_a_leaf(c):
    shop = c.issue("shop.example", san="DNS:shop.example")
    return [c.issue(issuer=shop), shop]


def expired_above(c):
    middle = c.authority("Middle", c.root, dates=LONG_AGO)
    return [c.issue(issuer=middle), middle]


def someone_elses_middle(c):
    one, other = c.authority("One", c.root), c.authority("Other", c.root)
    return [c.issue(issuer=one), other]


def reversed_chain(c):
    ours, *above = three(c)
    return [ours, *above[::-1]]


def crowded(count, key):
    """So many certificates that nobody needs."""
    return lambda c: [c.issue()] + [c.issue("extra", key=key, san="", extensions="")] * count


def namesake(c):
    return [c.issue(issuer=c.authority("Trusted Root", key="p256-other"))]


def portal(c):
    own = c.authority("Hotel Portal CA", key="p256-other")
    return [c.issue("portal.hotel.example", issuer=own, san="DNS:portal.hotel.example")]


def damaged(c):
    return [c.issue().damaged()]


def damaged_above(c):
    middle = c.authority("Middle", c.root)
    return [c.issue(issuer=middle), middle.damaged()]


UNKNOWN, OTHER, WEAK, FAILED = "tls_unknown_issuer", "tls_other_name", "tls_weak", "tls_failed"
FORGED = "forged or changed on the way"
CRITICAL = "1.2.3.4.5=critical,DER:0500"
CONSTRAINTS = "nameConstraints=critical,permitted;DNS:localhost"
CA = "basicConstraints=critical,CA:TRUE"
NUL_IN_NAME = "DER:30:18:82:16:6c:6f:63:61:6c:68:6f:73:74:00:2e:65:76:69:6c:2e:74:65:73:74:2e:61"

BAD = {
    # dates
    "expired": Peer(leaf(dates=LONG_AGO), "tls_expired", "of localhost expired on 2020-02-01"),
    "expired, in TLS 1.2": Peer(leaf(dates=LONG_AGO), "tls_expired", "2020-02-01",
                                versions=(OLD,)),
    "an expired intermediate": Peer(expired_above, "tls_expired", "of Middle expired on"),
    "an expired root": Peer(lambda c: [c.issue(issuer=c.old_root)], "tls_expired",
                            "of Old Root expired on"),
    "not yet valid": Peer(leaf(dates=IN_FUTURE), "tls_not_yet_valid", "not valid before 2090-01-01"),
    # names
    "another name": Peer(named("DNS:a.example,DNS:b.example"), OTHER,
                         "is for a.example, b.example, not for localhost"),
    "a hundred other names": Peer(named(many(100)), OTHER, "host0.example, host1.example, not"),
    "only a common name": Peer(leaf(san=""), OTHER, "names no host"),
    "only an address of mail": Peer(named("email:root@localhost"), OTHER, "names no host"),
    "a NUL within the name": Peer(named(NUL_IN_NAME), OTHER, "localhost?.evil.test.a"),
    "a wildcard over two labels": Peer(named("DNS:*.localhost"), OTHER, "not for a.b.localhost",
                                       host="a.b.localhost"),
    "a wildcard for the bare domain": Peer(named("DNS:*.api.localhost"), OTHER,
                                           "for *.api.localhost", host="api.localhost"),
    "a part of a label as wildcard": Peer(named("DNS:a*.localhost"), OTHER, "for a*.localhost",
                                          host="api.localhost"),
    "a wildcard inside": Peer(named("DNS:a.*.localhost"), OTHER, "for a.*.localhost",
                              host="a.b.localhost"),
    "two wildcards": Peer(named("DNS:*.*.localhost"), OTHER, "for *.*.localhost",
                          host="a.b.localhost"),
    "a lone wildcard": Peer(named("DNS:*"), OTHER, "is for *, not"),
    "an end of the name": Peer(named("DNS:localhost"), OTHER, "not for api.localhost",
                               host="api.localhost"),
    "another address": Peer(named("IP:127.0.0.2"), OTHER, "not for 127.0.0.1", host="127.0.0.1"),
    "an address written as a name": Peer(named("DNS:127.0.0.1"), OTHER, "not for 127.0.0.1",
                                         host="127.0.0.1"),
    "a wildcard for addresses": Peer(named("DNS:*.0.0.1"), OTHER, "is for *.0.0.1, not",
                                     host="127.0.0.1"),
    "a URI for the name": Peer(named("URI:localhost"), OTHER, "names no host"),
    # issuers
    "self-signed": Peer(leaf(issuer="itself"), UNKNOWN, "issued by localhost"),
    "an unknown root": Peer(lambda c: [c.issue(issuer=c.authority("Stranger"))], UNKNOWN,
                            "issued by Stranger, which is not in the CA file"),
    "an unknown root, in TLS 1.2": Peer(lambda c: [c.issue(issuer=c.authority("Stranger"))],
                                        UNKNOWN, "issued by Stranger", versions=(OLD,)),
    "an unknown root that comes along": Peer(
        lambda c: [c.issue(issuer=(own := c.authority("Stranger"))), own], UNKNOWN,
        "issued by Stranger"),
    "a namesake of a known root": Peer(namesake, UNKNOWN, "issued by Trusted Root"),
    "a portal of its own": Peer(portal, "intercepted", "portal.hotel.example"),
    "a portal of its own, in TLS 1.2": Peer(portal, "intercepted", "portal.hotel.example",
                                            versions=(OLD,)),
    "a missing intermediate": Peer(lambda c: below()(c)[:1], UNKNOWN, "issued by Middle"),
    "another's intermediate": Peer(someone_elses_middle, UNKNOWN, "issued by One"),
    # The library looks only behind a certificate for its issuer (RFC 5246, 7.4.2).
    "intermediates in reverse": Peer(reversed_chain, UNKNOWN, "issued by Second"),
    "more certificates than there is memory for": Peer(crowded(40, "p256"), FAILED,
                                                        "too little memory"),
    "a message larger than any": Peer(crowded(25, "rsa4096"), FAILED, FORGED),
    "a forged signature on it": Peer(damaged, UNKNOWN, "did not sign it"),
    "a forged signature above it": Peer(damaged_above, UNKNOWN, "issued by Trusted Root"),
    "signed by another's leaf": Peer(signed_by_a_leaf, UNKNOWN, "issued by shop.example"),
    "no CA bit": Peer(below(extensions=f"basicConstraints=critical,CA:FALSE\n{SIGNS}"), UNKNOWN,
                      "issued by Middle, which may not"),
    "no basic constraints": Peer(below(extensions=SIGNS), UNKNOWN, "issued by Middle"),
    "an intermediate of version 1": Peer(below(extensions=""), UNKNOWN, "issued by Middle"),
    "an intermediate that may not sign": Peer(
        below(extensions=f"{CA}\nkeyUsage=critical,digitalSignature"), UNKNOWN, "issued by Middle"),
    "a path longer than its root allows": Peer(below(top=lambda c: c.root_of_one), UNKNOWN,
                                               "issued by Root Of One"),
    "a path longer than an intermediate allows": Peer(pathlen_in_the_middle, UNKNOWN,
                                                      "issued by First"),
    # purposes and extensions
    "a key for agreement only": Peer(leaf(extensions="keyUsage=critical,keyAgreement"), FAILED,
                                     "not meant for"),
    "for clients": Peer(leaf(extensions="extendedKeyUsage=clientAuth"), FAILED, "not meant for"),
    "for clients, in TLS 1.2": Peer(leaf(extensions="extendedKeyUsage=clientAuth"), FAILED,
                                    "not meant for", versions=(OLD,)),
    "an intermediate for clients": Peer(
        below(extensions=f"{CA}\n{SIGNS}\nextendedKeyUsage=clientAuth"), FAILED,
        "of Middle is not meant for"),
    "an unknown critical extension": Peer(leaf(extensions=f"{LEAF}\n{CRITICAL}"), FAILED,
                                          "extension"),
    "an unknown critical extension above it": Peer(
        below(extensions=f"{CA}\n{SIGNS}\n{CRITICAL}"), FAILED, "extension"),
    "critical name constraints": Peer(below(extensions=f"{CA}\n{SIGNS}\n{CONSTRAINTS}"), FAILED,
                                      "extension"),
    # what is weak
    "signed with SHA-1": Peer(leaf(digest="sha1"), WEAK, "of localhost is signed with a hash"),
    "an intermediate signed with SHA-1": Peer(below(digest="sha1"), WEAK,
                                              "of Middle is signed with a hash"),
    "signed with MD5": Peer(lambda c: [c.issue(issuer=c.sha1_root, digest="md5")], WEAK,
                            "a kind of"),
    "RSA-1024": Peer(leaf(key="rsa1024"), WEAK, "of localhost has, or was signed with,"),
    "RSA-1024 above it": Peer(below(key="rsa1024"), WEAK, "of localhost has, or was signed with,"),
    "P-224": Peer(leaf(key="p224"), WEAK, "no fit key (alert 40)"),
    "P-224 above it": Peer(below(key="p224"), WEAK, "a kind of key"),
    "secp256k1 above it": Peer(below(key="k256"), WEAK, "a kind of key"),
    "Ed25519": Peer(leaf(key="ed25519"), WEAK, "no fit key (alert 40)"),
    "TLS 1.0": Peer(None, WEAK, "older TLS", versions=(ssl.TLSVersion.TLSv1,)),
    "TLS 1.1": Peer(None, WEAK, "older TLS", versions=(ssl.TLSVersion.TLSv1_1,)),
    "static RSA": Peer(leaf(key="rsa2048"), WEAK, "ECDHE", versions=(OLD,),
                       ciphers="AES128-GCM-SHA256"),
    "CBC": Peer(None, WEAK, "AES-GCM", versions=(OLD,), ciphers="ECDHE-ECDSA-AES128-SHA256"),
    "no elliptic curve": Peer(leaf(key="rsa2048"), WEAK, "ECDHE", versions=(OLD,),
                              ciphers="DHE-RSA-AES128-GCM-SHA256"),
    "no encryption": Peer(None, WEAK, "AES-GCM", versions=(OLD,), ciphers="ECDHE-ECDSA-NULL-SHA"),
    "nobody's key": Peer(None, WEAK, "ECDHE", versions=(OLD,), ciphers="AECDH-AES128-SHA"),
    # the handshake itself, changed on the way
    "a forged signature in TLS 1.2": Peer(
        None, FAILED, FORGED, versions=(OLD,), changes=flipped(SERVER_KEY)),
    "a forged signature of RSA in TLS 1.2": Peer(
        leaf(key="rsa2048"), FAILED, FORGED, versions=(OLD,), changes=flipped(SERVER_KEY)),
    "another's key share in TLS 1.2": Peer(
        None, FAILED, FORGED, versions=(OLD,), changes=flipped(SERVER_KEY, 30)),
    "a signature with SHA-1 in TLS 1.2": Peer(
        None, FAILED, FORGED, versions=(OLD,), changes=replaced(SERVER_KEY, 73, b"\2\3")),
    "a forged signature in TLS 1.3": Peer(None, FAILED, FORGED,
                                          changes=flipped(CERTIFICATE_VERIFY)),
    "a forged signature of RSA in TLS 1.3": Peer(leaf(key="rsa2048"), FAILED, FORGED,
                                                 changes=flipped(CERTIFICATE_VERIFY)),
    "a bad Finished in TLS 1.2": Peer(None, FAILED, FORGED, versions=(OLD,),
                                      changes=flipped(FINISHED)),
    "a bad Finished in TLS 1.3": Peer(None, FAILED, FORGED,
                                      changes=flipped(FINISHED)),
    "a downgrade to TLS 1.2": Peer(None, FAILED, FORGED,
                                   changes=lambda: Hello(b"\0\x2b\0", b"\xfa\xfa\0")),
    "a changed hello in TLS 1.2": Peer(None, FAILED, "refused the TLS handshake", versions=(OLD,),
                                       changes=lambda: Hello(b"\xc0\x30", b"\x1a\x1a")),
    "a changed hello in TLS 1.3": Peer(None, FAILED, FORGED,
                                       changes=lambda: Hello(b"\xc0\x30", b"\x1a\x1a")),
    "another's random in TLS 1.2": Peer(None, FAILED, FORGED, versions=(OLD,),
                                        changes=flipped(SERVER_HELLO, 10)),
    "another's random in TLS 1.3": Peer(None, FAILED, FORGED, changes=flipped(SERVER_HELLO, 10)),
    "a suite that nobody offered": Peer(None, FAILED, FORGED, versions=(OLD,),
                                        changes=lambda: Rewrite(SERVER_HELLO, static_rsa)),
    "a changed certificate in TLS 1.2": Peer(None, UNKNOWN, "did not sign it", versions=(OLD,),
                                             changes=flipped(CERTIFICATE)),
    "no certificate at all": Peer(
        None, FAILED, FORGED, versions=(OLD,),
        changes=lambda: Rewrite(CERTIFICATE, lambda _: b"\x0b\0\0\3\0\0\0")),
    # no TLS, or not for us
    "a portal in clear text": Peer(
        reason=FAILED, words="not TLS", script=says(
            b"HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\r\n")),
    "another protocol": Peer(reason=FAILED, words="not TLS",
                             script=says(b"SSH-2.0-OpenSSH_9.2\r\n")),
    "a record larger than any": Peer(reason=FAILED, words=FORGED,
                                     script=says(b"\x16\3\3\xff\xff" + bytes(70000))),
    "refusal by alert": Peer(reason=FAILED, words="alert 80", script=says(alert(80))),
    "no such host by alert": Peer(reason=FAILED, words="alert 112", script=says(alert(112))),
    "an end within the handshake": Peer(reason="connect_failed", words="ended within",
                                        script=says(b"\x16\3\3\0\x40\2")),
    "a reset within the handshake": Peer(reason="connect_failed", words="ended within",
                                         script=resets),
    "silence within the handshake": Peer(reason="connect_failed", words="in time",
                                         script=says(b"", end=False), patience=2),
}
