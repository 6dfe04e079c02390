"""CoAP for the tests: the program fieldpost-coap, and a client that says exactly what it is told.

    FIELDPOST_COAP_PROGRAM   the program; without it these tests are skipped, since it is built and
                             tested by a step of its own (tests/all coap)
"""

import collections
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import time
import unittest

from harness import SLOWER, SystemTest, free_port

PROGRAM = os.environ.get("FIELDPOST_COAP_PROGRAM")

GET, POST, PUT, DELETE = 1, 2, 3, 4
CON, NON, ACK, RST = 0, 1, 2, 3
ETAG, OBSERVE, LOCATION_PATH, URI_PATH, CONTENT_FORMAT = 4, 6, 8, 11, 12
MAX_AGE, URI_QUERY, ACCEPT, BLOCK2, BLOCK1, SIZE1 = 14, 15, 17, 23, 27, 60
JSON = 50


def number(value):
    """An option's number in as few bytes as it needs."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


class Message(collections.namedtuple("Message", "type code mid token options body")):
    """As on the wire (RFC 7252, 3); the code reads 2.01, options are (number, bytes) in order."""

    def encode(self):
        head = bytes([0x40 | self.type << 4 | len(self.token),
                      int(self.code) << 5 | round(self.code * 100) % 100])
        out = head + struct.pack("!H", self.mid) + self.token
        last = 0
        for option, value in sorted(self.options, key=lambda one: one[0]):
            nibbles, more = [], b""
            for n in (option - last, len(value)):
                nibbles.append(n if n < 13 else 13 if n < 269 else 14)
                more += b"" if n < 13 else bytes([n - 13]) if n < 269 else struct.pack("!H", n - 269)
            out += bytes([nibbles[0] << 4 | nibbles[1]]) + more + value
            last = option
        return out + (b"\xff" + self.body if self.body else b"")

    @classmethod
    def decode(cls, data):
        kind, length = data[0] >> 4 & 3, data[0] & 15
        code = (data[1] >> 5) + (data[1] & 31) / 100
        mid = struct.unpack("!H", data[2:4])[0]
        token, at, option, options = data[4:4 + length], 4 + length, 0, []
        while at < len(data) and data[at] != 0xff:
            sizes = [data[at] >> 4, data[at] & 15]
            at += 1
            for i, n in enumerate(sizes):
                if n == 13:
                    sizes[i], at = data[at] + 13, at + 1
                elif n == 14:
                    sizes[i], at = struct.unpack("!H", data[at:at + 2])[0] + 269, at + 2
            option += sizes[0]
            options.append((option, data[at:at + sizes[1]]))
            at += sizes[1]
        return cls(kind, round(code, 2), mid, token, tuple(options), data[at + 1:])

    def option(self, wanted):
        """Its number; None where there is none."""
        found = [value for option, value in self.options if option == wanted]
        return int.from_bytes(found[0], "big") if found else None

    def location(self):
        return "/".join(value.decode() for option, value in self.options
                        if option == LOCATION_PATH)

    def json(self):
        return json.loads(self.body)


class Client:
    """An endpoint without DTLS: a socket, message ids and tokens."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.mid = secrets.randbelow(1 << 16)

    def message(self, code, path, body=b"", options=(), kind=CON, token=None):
        self.mid = (self.mid + 1) % (1 << 16)
        steps = tuple((URI_PATH, step.encode()) for step in path.strip("/").split("/"))
        return Message(kind, code, self.mid, secrets.token_bytes(4) if token is None else token,
                       steps + tuple(options), body)

    def post(self, request, options=((CONTENT_FORMAT, number(JSON)),), **more):
        body = request if isinstance(request, bytes) else json.dumps(request).encode()
        return self.message(0.02, "v1/messages", body, options, **more)

    def get(self, path, options=(), **more):
        return self.message(0.01, path, b"", options, **more)

    def send(self, message):
        self.socket.send(message.encode())

    def receive(self, seconds=10):
        """The next message; None where none comes. What wants an acknowledgment gets one."""
        self.socket.settimeout(seconds * SLOWER)
        try:
            message = Message.decode(self.socket.recv(2048))
        except (TimeoutError, ConnectionRefusedError):
            return None
        if message.type == CON:
            self.send(Message(ACK, 0, message.mid, b"", (), b""))
        return message

    def answer(self, message, seconds=20):
        """Of a request just sent; an acknowledgment alone is waited out."""
        end = time.monotonic() + seconds * SLOWER
        while time.monotonic() < end:
            got = self.receive()
            if got is not None and got.code and got.token == message.token:
                return got
        raise AssertionError(f"no answer to {message}")

    def ask(self, message):
        self.send(message)
        return self.answer(message)

    def close(self):
        self.socket.close()


class SecureClient(Client):
    """An endpoint with DTLS, which openssl does: between it and us a message is a datagram, too."""

    def __init__(self, port, name, key):
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.openssl = subprocess.Popen(
                ["openssl", "s_client", "-quiet", "-dtls1_2", "-cipher", "PSK-AES128-GCM-SHA256",
                 "-psk_identity", name, "-psk", key.hex(), "-connect", f"127.0.0.1:{port}"],
                stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL)
        self.mid = secrets.randbelow(1 << 16)

    def close(self):
        super().close()
        self.openssl.kill()
        self.openssl.wait(20 * SLOWER)


def command_of_another_make(port, name, key, method, path, *words, tls="gnutls"):
    """Debian's coap-client."""
    return [f"coap-client-{tls}", "-B", str(int(5 * SLOWER)), "-v", "6", "-m", method, "-u", name,
            "-k", key.decode(), *words, f"coaps://127.0.0.1:{port}/{path}"]


def client_of_another_make(*arguments, **more):
    """What it prints, which is nothing but the answer."""
    done = subprocess.run(command_of_another_make(*arguments, **more), capture_output=True,
                          timeout=30 * SLOWER, check=False)
    return (done.stdout + done.stderr).decode(errors="replace")


@unittest.skipUnless(PROGRAM, "FIELDPOST_COAP_PROGRAM names none")
class CoapTest(SystemTest):
    """Beside device and simulator there is a server, at `port` without DTLS and at `secure_port`
    with the keys of `devices`."""

    devices = ()

    def setUp(self):
        super().setUp()
        self.configuration = self.device.folder / "coap.json"
        self.log = self.device.folder / "coap.log"
        self.port, self.secure_port = (free_port(socket.SOCK_DGRAM) for _ in range(2))
        self.server = None
        self.settings_of_coap = {"loopback": f"127.0.0.1:{self.port}",
                                 "socket": str(self.device.socket)}
        if self.devices:
            self.settings_of_coap |= {"listen": f"127.0.0.1:{self.secure_port}",
                                      "devices": list(self.devices)}
        self.addCleanup(lambda: self.stop_coap(signal.SIGKILL))

    def configure_coap(self, **changes):
        self.settings_of_coap |= changes
        self.configuration.touch(mode=0o600)
        self.configuration.write_text(json.dumps(self.settings_of_coap, indent=1))

    def run_coap(self, *arguments):
        """To its end, for what is wrong at the start."""
        return subprocess.run([PROGRAM, "-c", self.configuration, *arguments], capture_output=True,
                              text=True, timeout=20 * SLOWER, check=False)

    def start_coap(self):
        self.configure_coap()
        with self.log.open("ab") as log:
            self.server = subprocess.Popen([PROGRAM, "-c", self.configuration], stderr=log)
        self.device.wait_for(lambda: self.logged("listening at=127.0.0.1:%d" % self.port), 10,
                             "fieldpost-coap to listen")

    def start_paused(self):
        """Both; nothing leaves, and so nothing changes, while a test looks."""
        self.device.start()
        self.assertEqual(self.device.http("POST", "/v1/pause")[0], 200)
        self.start_coap()

    def stop_coap(self, number=signal.SIGTERM):
        if self.server is None:
            return None
        self.server.send_signal(number)
        code = self.server.wait(20 * SLOWER)
        self.server = None
        return code

    def logged(self, words):
        return words in self.log.read_text(errors="replace") if self.log.exists() else False

    def client(self):
        client = Client(self.port)
        self.addCleanup(client.close)
        return client
