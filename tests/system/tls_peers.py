"""What the TLS peers of tls_journeys.py are made of: chains of certificates, what is done to the
records on the way, and scripts in a server's place."""

import socket
import ssl
import struct

from tls_records import ALERT, APPLICATION, HANDSHAKE, messages, record
from tls_relay import Changes

OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class Peer:
    """`chain`: from the leaf up, made with Certificates. `script` stands in the simulator's place."""

    def __init__(self, chain=None, reason=None, words="", *, host="localhost", versions=(OLD, NEW),
                 ciphers="DEFAULT", group="", changes=Changes, script=None,
                 patience=20):
        self.chain = chain or (lambda c: [c.issue()])
        self.reason, self.words, self.host = reason, words, host
        self.versions, self.ciphers, self.group = versions, ciphers, group
        self.changes, self.script, self.patience = changes, script, patience

    def context(self, certificates):
        chain = self.chain(certificates)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # OpenSSL itself would rather not show what is weak.
        context.set_ciphers(self.ciphers + ":@SECLEVEL=0")
        context.minimum_version, context.maximum_version = min(self.versions), max(self.versions)
        context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE  # so that it is AES-128
        if self.group:
            context.set_ecdh_curve(self.group)
        context.load_cert_chain(certificates.chain(chain), chain[0].key)
        return context


# --- what is done on the way ----------------------------------------------------------------------

class Rewrite(Changes):
    """Each handshake message of that type leaves as `change(message)`."""

    opens = True

    def __init__(self, wanted, change):
        self.wanted, self.change = wanted, change

    def _rewritten(self, kind, plain):
        if kind != HANDSHAKE:
            return plain
        return b"".join(self.change(whole) if one == self.wanted else whole
                        for one, whole in messages(plain))

    def clear(self, kind, payload):
        yield record(kind, self._rewritten(kind, payload))

    def sealed(self, talk, kind, plain):
        yield talk.seal.seal(kind, self._rewritten(kind, plain))


def flipped(wanted, at=-1):
    """One bit of each message of that type is turned over."""
    def flip(whole):
        changed = bytearray(whole)
        changed[at] ^= 1
        return bytes(changed)
    return lambda: Rewrite(wanted, flip)


def replaced(wanted, at, value):
    return lambda: Rewrite(wanted, lambda whole: whole[:at] + value + whole[at + len(value):])


def static_rsa(hello):
    """A server hello that chooses TLS_RSA_WITH_AES_128_GCM_SHA256."""
    at = 39 + hello[38]  # behind the session's id
    return hello[:at] + b"\0\x9c" + hello[at + 2:]


class Hello(Changes):
    """In the client's first record the first `old` is `new`."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def hello(self, whole):
        at = whole.index(self.old, 44)
        return whole[:at] + self.new + whole[at + len(self.old):]


class SmallRecords(Changes):
    """No record of the server's has more than so many bytes of a handshake, or of an answer."""

    opens = True
    size = 100

    def _pieces(self, plain):
        return [plain[at:at + self.size] for at in range(0, len(plain), self.size)] or [plain]

    def clear(self, kind, payload):
        return [record(kind, piece) for piece in self._pieces(payload)]

    def sealed(self, talk, kind, plain):
        # An alert must not be cut (RFC 8446, 5.1).
        pieces = self._pieces(plain) if kind != ALERT else [plain]
        return [talk.seal.seal(kind, piece) for piece in pieces]


class Fault(Changes):
    """Where the first answer's first record would leave, `what(talk, answer)` does. Only once: what
    comes later finds a sound server."""

    opens = True

    def __init__(self, what):
        self.what, self.done = what, False

    def sealed(self, talk, kind, plain):
        if self.done or kind != APPLICATION:
            yield talk.seal.seal(kind, plain)
            return
        self.done = True
        yield from self.what(talk, plain)


# --- scripts --------------------------------------------------------------------------------------

def says(data, end=True):
    """Answers the first bytes with these. Without an end it waits for the client to go."""
    def script(client):
        client.recv(65536)
        client.sendall(data)
        if end:
            client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass
    return script


def resets(client):
    client.recv(65536)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def alert(number, level=2):
    return record(ALERT, bytes([level, number]))


# --- chains, from the leaf up ---------------------------------------------------------------------

def below(*, leaf=None, top=None, **made):
    """A leaf under an intermediate that is made so."""
    def chain(c):
        middle = c.authority("Middle", top and top(c) or c.root, **made)
        return [c.issue(issuer=middle, **(leaf or {})), middle]
    return chain


def leaf(**made):
    return lambda c: [c.issue(**made)]


def three(c):
    first = c.authority("First", c.root)
    second = c.authority("Second", first)
    third = c.authority("Third", second)
    return [c.issue(issuer=third), third, second, first]


def many(count):
    return ",".join(f"DNS:host{n}.example" for n in range(count))
