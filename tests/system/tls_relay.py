"""Stands between the client and the simulator, sees every record, and changes some.

The simulator's side is sound: OpenSSL, with the certificate and options of the peer that is on. What
no library would ever do is done here, on the way: in clear text while there is clear text, and after
it with the server's own keys, which OpenSSL logs.
"""

import select
import socket
import struct
import threading

from tls_records import (APPLICATION, CHANGE_CIPHER, FINISHED, HANDSHAKE, SERVER_HELLO, Seal12,
                         Seal13, messages, record)


class End(Exception):
    """A change raises it to end the connection: "close" (FIN without a word) or "reset"."""


class Talk:
    """One connection. `changes` is the peer's; see Changes."""

    def __init__(self, relay, client, changes):
        self.relay, self.client, self.changes = relay, client, changes
        self.server = socket.create_connection(("127.0.0.1", relay.server_port))
        for sock in (self.client, self.server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._bytes = {self.client: b"", self.server: b""}
        self._random, self._server_random = b"", b""
        self.version = None
        self.seal = self._next_seal = None

    def run(self):
        try:
            while True:
                for sock in select.select([self.client, self.server], [], [])[0]:
                    if not self._take(sock):
                        return
        except End as end:
            if str(end) == "reset":
                self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass  # one of them is gone, and so is the other now
        finally:
            self.client.close()
            self.server.close()

    def _take(self, sock):
        got = sock.recv(65536)
        if not got:
            return False
        data = self._bytes[sock] + got
        while len(data) >= 5 and len(data) >= 5 + int.from_bytes(data[3:5], "big"):
            size = 5 + int.from_bytes(data[3:5], "big")
            whole, data = data[:size], data[size:]
            (self._from_client if sock is self.client else self._from_server)(whole)
        self._bytes[sock] = data
        return True

    def _from_client(self, whole):
        self.relay.records.append((whole[0], len(whole) - 5))
        if not self._random:
            self._random = whole[11:43]
            whole = self.changes.hello(whole)
        self.server.sendall(whole)

    def _from_server(self, whole):
        kind, payload = whole[0], whole[5:]
        if self.version and not self.changes.opens:
            self.put(whole)
        elif kind == CHANGE_CIPHER:
            self.put(whole)
            if self.version == 2:
                self.seal = Seal12(self._secret("CLIENT_RANDOM"), self._random, self._server_random)
        elif self.seal is None:
            self._in_clear(kind, payload)
            if self.version == 3 and self.changes.opens:
                self.seal = Seal13(self._secret("SERVER_HANDSHAKE_TRAFFIC_SECRET"))
        else:
            kind, plain = self.seal.open(kind, payload)
            for one in self.changes.sealed(self, kind, plain):
                self.put(one)
            if self.version == 3 and kind == HANDSHAKE and any(
                    one == FINISHED for one, _ in messages(plain)):
                self.seal = Seal13(self._secret("SERVER_TRAFFIC_SECRET_0"))

    def _in_clear(self, kind, payload):
        if kind == HANDSHAKE and payload[0] == SERVER_HELLO and not self._server_random:
            self._server_random = payload[6:38]
            suite = payload[39 + payload[38]:][:2]
            retry = self._server_random[:4] == b"\xcf\x21\xad\x74"  # RFC 8446, 4.1.3
            if retry:
                self._server_random = b""
            else:
                self.version = 3 if suite[0] == 0x13 else 2
                self.relay.versions.append(self.version)
        for one in self.changes.clear(kind, payload):
            self.put(one)

    def _secret(self, label):
        for line in self.relay.keys.read_text().splitlines():
            words = line.split()
            if words[:2] == [label, self._random.hex()]:
                return bytes.fromhex(words[2])
        raise AssertionError(f"no {label} in the key log")

    def put(self, data):
        self.client.sendall(data)


class Changes:
    """What a peer does to the records on the way: nothing, here."""

    opens = False  # whether to look into what is sealed, which costs time

    def hello(self, whole):
        """The client's first record."""
        return whole

    def clear(self, kind, payload):
        """A record of the server in clear text, as the records that leave in its place."""
        yield record(kind, payload)

    def sealed(self, talk, kind, plain):
        """The same for what is sealed: talk.seal.seal(kind, plain) gives a sound one."""
        yield talk.seal.seal(kind, plain)


class Relay:
    def __init__(self, server_port, keys):
        self.server_port, self.keys = server_port, keys
        self.make_changes = Changes
        self.records = []   # (type, bytes) of each record that a client sent
        self.versions = []  # 2 for TLS 1.2, 3 for 1.3
        self.script = None  # in the simulator's place: called with the client's socket
        self._running = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def start(self, make_changes=Changes, script=None):
        self.records, self.versions = [], []
        self.make_changes, self.script = make_changes, script

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._run, args=(client,), daemon=True)
            self._running.append(thread)
            thread.start()

    def _run(self, client):
        if not self.script:
            Talk(self, client, self.make_changes()).run()
            return
        with client:
            try:
                self.script(client)
            except OSError:
                pass

    def wait(self):
        """Until no connection is left: the client has exited, and all it sent is in `records`."""
        for thread in self._running:
            thread.join(30)
        alive = any(thread.is_alive() for thread in self._running)
        self._running.clear()
        if alive:
            raise AssertionError("a connection outlives its client")

    def request_records(self):
        """The sizes of what may hold a request. In TLS 1.3 an alert looks like one, but is shorter
        than any: 2 bytes, its type, and the seal of 16."""
        return [size for kind, size in self.records if kind == APPLICATION and size != 19]

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
