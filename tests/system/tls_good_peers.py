"""TLS peers that are unusual and sound: the message has to arrive."""

from tls_certificates import LEAF
from tls_peers import NEW, OLD, Fault, Peer, SmallRecords, below, leaf, many, three
from tls_records import (APPLICATION, CHANGE_CIPHER, HANDSHAKE, HELLO_REQUEST, SERVER_KEY, messages,
                         record)
from tls_relay import Changes

HOST = "DNS:localhost"
PSS = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32")


def extras(c):
    """A leaf of the root, and four certificates that nobody needs."""
    return [c.issue(), c.authority("Stranger"), c.issue("else"), c.authority("Middle", c.root), c.root]


def with_root(c):
    return below()(c) + [c.root]


def upside_down(c):
    first = c.authority("First", c.root)
    second = c.authority("Second", first)
    return [c.issue(issuer=second), c.root, second, first]


def crossed(c):
    """A new root's certificate by one that is known, and the same root by itself."""
    new = c.authority("New Root", key="p256-new")
    bridge = c.authority("New Root", c.root, key="p256-new")
    return [c.issue(issuer=new), bridge]


def five_of_4096(c):
    chain = [c.root_4096]
    for name in ("First", "Second", "Third", "Fourth"):
        chain.insert(0, c.authority(name, chain[0], key="rsa4096"))
    return [c.issue(issuer=chain[0], key="rsa4096"), *chain[:-1]]


def between(talk, answer, piece):
    first = talk.seal.seal(APPLICATION, answer[:-20])
    return [first, piece(talk), talk.seal.seal(APPLICATION, answer[-20:])]


def asks_again(talk, answer):
    return between(talk, answer,
                   lambda talk: talk.seal.seal(HANDSHAKE, bytes([HELLO_REQUEST, 0, 0, 0])))


def changes_cipher(talk, answer):
    return between(talk, answer, lambda _: record(CHANGE_CIPHER, b"\1"))


class OnlyPss(Changes):
    """Fails where the server does not sign with RSA-PSS."""

    def clear(self, kind, payload):
        for one, whole in messages(payload):
            if one == SERVER_KEY:
                assert whole[73:75] == b"\x08\x04", whole[73:75].hex()
        return super().clear(kind, payload)


class Drip(Changes):
    """Each record comes byte by byte."""

    def clear(self, kind, payload):
        for whole in super().clear(kind, payload):
            for at in range(len(whole)):
                yield whole[at:at + 1]

GOOD = {
    "RSA-2048": Peer(leaf(key="rsa2048")),
    "RSA-2048, in TLS 1.2": Peer(leaf(key="rsa2048"), versions=(OLD,)),
    "RSA-4096": Peer(leaf(key="rsa4096")),
    "RSA-4096, in TLS 1.2": Peer(leaf(key="rsa4096"), versions=(OLD,)),
    "P-256, in TLS 1.2 only": Peer(versions=(OLD,)),
    "P-256, in TLS 1.3 only": Peer(versions=(NEW,)),
    "P-384": Peer(leaf(key="p384")),
    "P-384, in TLS 1.2": Peer(leaf(key="p384"), versions=(OLD,)),
    "a key agreed on P-384": Peer(group="secp384r1"),
    "a key agreed on P-384, in TLS 1.2": Peer(group="secp384r1", versions=(OLD,)),
    "AES-256, in TLS 1.2": Peer(versions=(OLD,), ciphers="ECDHE-ECDSA-AES256-GCM-SHA384"),
    "TLS 1.2 with RSA-PSS": Peer(leaf(key="rsa2048"), versions=(OLD,), changes=OnlyPss),
    "certificates signed with RSA-PSS": Peer(
        lambda c: [c.issue(issuer=c.root_2048, key="rsa2048", options=PSS)]),
    "signed with SHA-384": Peer(leaf(digest="sha384")),
    "signed with SHA-512": Peer(lambda c: [c.issue(issuer=c.root_2048, digest="sha512")]),
    "one intermediate": Peer(below()),
    "three intermediates": Peer(three),
    "five certificates of RSA-4096": Peer(five_of_4096),
    "five certificates of RSA-4096, in TLS 1.2": Peer(five_of_4096, versions=(OLD,)),
    "a root that comes along": Peer(with_root),
    "a root that signed itself with SHA-1": Peer(lambda c: [c.issue(issuer=c.sha1_root)]),
    "certificates that nobody needs": Peer(extras),
    "a root in the middle of its chain": Peer(upside_down),
    "cross-signed by a known root": Peer(crossed),
    "a hundred names": Peer(leaf(san=f"{many(99)},{HOST}")),
    "a wildcard": Peer(leaf(san="DNS:*.localhost"), host="api.localhost"),
    "a name in capitals": Peer(leaf(san="DNS:LocalHost"), host="LOCALHOST"),
    "an address": Peer(leaf(san="IP:127.0.0.1"), host="127.0.0.1"),
    "an address among names": Peer(leaf(san=f"{HOST},IP:127.0.0.2,IP:127.0.0.1"), host="127.0.0.1"),
    "another common name": Peer(leaf(subject="something else")),
    "good until 9999": Peer(leaf(dates=("20200101000000Z", "99991231235959Z"))),
    "no purpose given": Peer(leaf(extensions="basicConstraints=CA:FALSE")),
    "for servers and clients": Peer(leaf(
        extensions="keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth")),
    "an unknown extension": Peer(leaf(extensions=f"{LEAF}\n1.2.3.4.5=DER:0500")),
    "small records, in TLS 1.2": Peer(versions=(OLD,), changes=SmallRecords),
    "small records, in TLS 1.3": Peer(versions=(NEW,), changes=SmallRecords),
    "bytes one by one": Peer(versions=(OLD,), changes=Drip),
    "renegotiation asked for and not insisted on": Peer(
        versions=(OLD,), ciphers="ECDHE-ECDSA-AES128-GCM-SHA256", changes=lambda: Fault(asks_again)),
    # RFC 8446, 5, would have us stop there. Who may put it in can only stop us, too.
    "a change of cipher in mid-answer, in TLS 1.3": Peer(
        versions=(NEW,), changes=lambda: Fault(changes_cipher)),
}
