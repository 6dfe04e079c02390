"""TLS records, opened and sealed by a test that has the server's secrets (its key log).

Only what the peers in tls_peers.py agree on: AES-128-GCM with SHA-256, in TLS 1.2 and 1.3
(RFC 5246, 6.2.3.3 · RFC 5288 · RFC 8446, 5.2 and 7.1). Slow and not safe against anybody who
measures time; it talks to a client on this very machine.
"""

import hashlib
import hmac
import struct

CHANGE_CIPHER, ALERT, HANDSHAKE, APPLICATION = 20, 21, 22, 23
HELLO_REQUEST, CLIENT_HELLO, SERVER_HELLO, TICKET = 0, 1, 2, 4
CERTIFICATE, SERVER_KEY, CERTIFICATE_VERIFY, FINISHED = 11, 12, 15, 20


def record(kind, payload, version=0x0303):
    return struct.pack(">BHH", kind, version, len(payload)) + payload


def messages(plain):
    """The handshake messages in a record, as (type, whole message)."""
    while plain:
        size = 4 + int.from_bytes(plain[1:4], "big")
        yield plain[0], plain[:size]
        plain = plain[size:]


# --- AES-128 and GCM (FIPS 197 · NIST SP 800-38D) -------------------------------------------------

def _double(byte):
    return (byte << 1) ^ (0x11b if byte & 0x80 else 0)


def _make_sbox():
    box, p, q = [0x63] * 256, 1, 1
    while True:
        p ^= _double(p)
        for shift in (1, 2, 4):
            q ^= q << shift & 0xff
        if q & 0x80:
            q ^= 0x09
        rotated = [(q << n | q >> 8 - n) & 0xff for n in range(5)]
        box[p] = rotated[0] ^ rotated[1] ^ rotated[2] ^ rotated[3] ^ rotated[4] ^ 0x63
        if p == 1:
            return bytes(box)


SBOX = _make_sbox()
TWICE = bytes(_double(n) for n in range(256))


class Gcm:
    def __init__(self, key):
        words = [key[n:n + 4] for n in range(0, 16, 4)]
        constant = 1
        for n in range(4, 44):
            last = words[-1]
            if n % 4 == 0:
                last = bytes(SBOX[last[(i + 1) % 4]] ^ (constant if i == 0 else 0) for i in range(4))
                constant = _double(constant)
            words.append(bytes(a ^ b for a, b in zip(words[-4], last)))
        self._rounds = [b"".join(words[n:n + 4]) for n in range(0, 44, 4)]
        hashed = int.from_bytes(self._block(bytes(16)), "big")
        self._powers = []  # the hash key times x to the n: one row for each bit of a block
        for _ in range(128):
            self._powers.append(hashed)
            hashed = hashed >> 1 ^ (0xe1 << 120 if hashed & 1 else 0)

    def _block(self, block):
        state = bytes(a ^ b for a, b in zip(block, self._rounds[0]))
        for number, key in enumerate(self._rounds[1:], 1):
            moved = bytes(SBOX[state[(n + 4 * (n % 4)) % 16]] for n in range(16))
            if number < 10:
                mixed = []
                for column in range(0, 16, 4):
                    a = moved[column:column + 4]
                    everything = a[0] ^ a[1] ^ a[2] ^ a[3]
                    mixed += [a[n] ^ everything ^ TWICE[a[n] ^ a[(n + 1) % 4]] for n in range(4)]
                moved = mixed
            state = bytes(a ^ b for a, b in zip(moved, key))
        return state

    def _stream(self, nonce, size):
        return b"".join(self._block(nonce + struct.pack(">I", n))
                        for n in range(2, 2 + (size + 15) // 16))[:size]

    def _tag(self, nonce, sealed, extra):
        padded = b"".join(part + bytes(-len(part) % 16) for part in (extra, sealed))
        padded += struct.pack(">QQ", 8 * len(extra), 8 * len(sealed))
        sum_ = 0
        for at in range(0, len(padded), 16):
            block = sum_ ^ int.from_bytes(padded[at:at + 16], "big")
            sum_ = 0
            for power in self._powers:
                if block >> 127:
                    sum_ ^= power
                block = block << 1 & (1 << 128) - 1
        first = int.from_bytes(self._block(nonce + b"\0\0\0\1"), "big")
        return (sum_ ^ first).to_bytes(16, "big")

    def seal(self, nonce, plain, extra):
        sealed = bytes(a ^ b for a, b in zip(plain, self._stream(nonce, len(plain))))
        return sealed + self._tag(nonce, sealed, extra)

    def open(self, nonce, sealed, extra):
        sealed, tag = sealed[:-16], sealed[-16:]
        if self._tag(nonce, sealed, extra) != tag:
            raise ValueError("a record that these keys did not seal")
        return bytes(a ^ b for a, b in zip(sealed, self._stream(nonce, len(sealed))))


# --- the two versions' record protection ----------------------------------------------------------

class Seal13:
    """One direction under one traffic secret. What is opened and what is sealed count apart: a
    relay may add records and leave some out."""

    def __init__(self, secret):
        self._gcm = Gcm(self._expand(secret, b"key", 16))
        self._iv = self._expand(secret, b"iv", 12)
        self._opened = self._sealed = 0

    @staticmethod
    def _expand(secret, label, size):
        label = b"tls13 " + label
        text = struct.pack(">HB", size, len(label)) + label + b"\0\1"
        return hmac.digest(secret, text, hashlib.sha256)[:size]

    def _nonce(self, number):
        return (int.from_bytes(self._iv, "big") ^ number).to_bytes(12, "big")

    def open(self, kind, payload):
        inner = self._gcm.open(self._nonce(self._opened), payload,
                               struct.pack(">BHH", kind, 0x0303, len(payload))).rstrip(b"\0")
        self._opened += 1
        return inner[-1], inner[:-1]

    def seal(self, kind, plain):
        inner = plain + bytes([kind])
        sealed = self._gcm.seal(self._nonce(self._sealed), inner,
                                struct.pack(">BHH", APPLICATION, 0x0303, len(inner) + 16))
        self._sealed += 1
        return record(APPLICATION, sealed)


class Seal12:
    """What the server sends after its ChangeCipherSpec."""

    def __init__(self, master, client_random, server_random):
        seed = b"key expansion" + server_random + client_random
        block, link = b"", seed
        while len(block) < 40:
            link = hmac.digest(master, link, hashlib.sha256)
            block += hmac.digest(master, link + seed, hashlib.sha256)
        self._gcm, self._salt = Gcm(block[16:32]), block[36:40]
        self._opened = self._sealed = 0

    @staticmethod
    def _extra(number, kind, size):
        return struct.pack(">QBHH", number, kind, 0x0303, size)

    def open(self, kind, payload):
        extra = self._extra(self._opened, kind, len(payload) - 24)
        self._opened += 1
        return kind, self._gcm.open(self._salt + payload[:8], payload[8:], extra)

    def seal(self, kind, plain):
        explicit = struct.pack(">Q", self._sealed)
        sealed = self._gcm.seal(self._salt + explicit, plain,
                                self._extra(self._sealed, kind, len(plain)))
        self._sealed += 1
        return record(kind, explicit + sealed)
