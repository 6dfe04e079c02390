"""What a TLS peer can do wrong once it has the request: the answer never comes whole, or is no
answer. Each is a function (talk, answer) of tls_peers.Fault: what leaves in the answer's place."""

from tls_peers import NEW, OLD, Fault, Peer
from tls_records import (ALERT, APPLICATION, CHANGE_CIPHER, HANDSHAKE, HELLO_REQUEST, SERVER_HELLO,
                         TICKET, record)
from tls_relay import End

# RFC 8446, 4: what nobody but a client that knows it expects after a handshake.
KEY_UPDATE, CERTIFICATE_REQUEST = 24, 13


def half(talk, answer):
    """A sound record with the head and some of the body."""
    return talk.seal.seal(APPLICATION, answer[:-20])


def rest(talk, answer):
    yield talk.seal.seal(APPLICATION, answer[-20:])
    raise End("close")


def then(piece):
    """Anybody on the way can put this into a sound answer."""
    def fault(talk, answer):
        yield half(talk, answer)
        yield piece
        yield from rest(talk, answer)
    return fault


def sealed(kind, plain, times=1):
    """Nothing of the answer but these, sealed as they should be."""
    def fault(talk, _):
        for _ in range(times):
            yield talk.seal.seal(kind, plain)
        raise End("close")
    return fault


def sealed_between(kind, plain):
    """The same in two halves, and one of these between them."""
    def fault(talk, answer):
        yield half(talk, answer)
        yield talk.seal.seal(kind, plain)
        yield from rest(talk, answer)
    return fault


def ends(how):
    def fault(talk, answer):
        yield half(talk, answer)
        raise End(how)
    return fault


def nothing(_talk, _answer):
    raise End("close")
    yield


def flipped_seal(talk, answer):
    whole = bytearray(talk.seal.seal(APPLICATION, answer))
    whole[-1] ^= 1
    yield bytes(whole)
    raise End("close")


def twice(talk, answer):
    whole = half(talk, answer)
    yield whole + whole
    yield from rest(talk, answer)


def first_lost(talk, answer):
    half(talk, answer)  # its number is used up
    yield from rest(talk, answer)


def swapped(talk, answer):
    first = half(talk, answer)
    yield talk.seal.seal(APPLICATION, answer[-20:]) + first
    raise End("close")


def cut(size):
    """A sound record of which only so many bytes come."""
    def fault(talk, answer):
        yield talk.seal.seal(APPLICATION, answer)[:size]
        raise End("close")
    return fault


def handshake(kind, body=b""):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
# (name, what the peer does, in which versions)
FAULTS = (
    ("renegotiation is asked for", sealed(HANDSHAKE, handshake(HELLO_REQUEST)), (OLD,)),
    ("renegotiation is asked for again and again",
     sealed(HANDSHAKE, handshake(HELLO_REQUEST), 50), (OLD,)),
    ("a server hello in mid-answer", sealed_between(HANDSHAKE, handshake(SERVER_HELLO, bytes(40))),
     (OLD, NEW)),
    ("a new key", sealed(HANDSHAKE, handshake(KEY_UPDATE, b"\0")), (NEW,)),
    ("a certificate asked for", sealed(HANDSHAKE, handshake(CERTIFICATE_REQUEST, bytes(7))), (NEW,)),
    ("tickets and no answer",
     sealed(HANDSHAKE, handshake(TICKET, bytes(4) + b"\1\2\3\4\1\0\0\4abcd\0\0"), 20), (NEW,)),
    ("a broken ticket", sealed(HANDSHAKE, handshake(TICKET, b"\xff" * 10)), (NEW,)),
    ("an end before the answer", nothing, (OLD, NEW)),
    ("an end without a goodbye in mid-answer", ends("close"), (OLD, NEW)),
    ("a reset in mid-answer", ends("reset"), (OLD, NEW)),
    ("a goodbye in mid-answer", sealed_between(ALERT, b"\1\0"), (OLD, NEW)),
    ("a fatal alert in mid-answer", sealed_between(ALERT, b"\2\x50"), (OLD, NEW)),
    ("a fatal alert and no answer", sealed(ALERT, b"\2\x28"), (OLD, NEW)),
    ("warnings without end", sealed(ALERT, b"\1\x5a", 50), (OLD, NEW)),
    ("an alert of one byte", sealed(ALERT, b"\2"), (OLD, NEW)),
    ("an alert in clear text", then(record(ALERT, b"\2\x50")), (OLD, NEW)),
    ("a record cut in its head", cut(3), (OLD, NEW)),
    ("a record cut in its body", cut(60), (OLD, NEW)),
    ("a record larger than any", then(record(APPLICATION, bytes(18433 + 64))), (OLD, NEW)),
    ("more in a record than may be", sealed(APPLICATION, bytes(16385)), (OLD, NEW)),
    ("a record of no known type", then(record(99, bytes(40))), (OLD, NEW)),
    ("a record of another version", then(record(APPLICATION, bytes(40), 0x0200)), (OLD, NEW)),
    ("a record with nothing in it", then(record(APPLICATION, b"")), (OLD, NEW)),
    ("a record too short for its seal", then(record(APPLICATION, bytes(10))), (OLD, NEW)),
    ("a changed seal", flipped_seal, (OLD, NEW)),
    ("a record that comes twice", twice, (OLD, NEW)),
    ("a record that never comes", first_lost, (OLD, NEW)),
    ("records in another order", swapped, (OLD, NEW)),
    ("empty records and no answer", sealed(APPLICATION, b"", 50), (OLD, NEW)),
    ("a change of cipher in mid-answer", then(record(CHANGE_CIPHER, b"\1")), (OLD,)),
    ("an answer in clear text", then(ANSWER), (OLD, NEW)),
    ("an answer in a record that is not sealed", then(record(APPLICATION, ANSWER)), (OLD, NEW)),
)


def later(what, version):
    """The fault is this peer's for good: what has happened once does not happen again."""
    fault = Fault(what)
    return Peer(versions=(version,), changes=lambda: fault,
                ciphers="ECDHE-ECDSA-AES128-GCM-SHA256")


# Made afresh by each test.
DOUBTFUL = {f"{name}, in TLS {'1.2' if version == OLD else '1.3'}":
            (lambda what=what, version=version: later(what, version))
            for name, what, versions in FAULTS for version in versions}
