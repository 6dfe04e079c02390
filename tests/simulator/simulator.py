#!/usr/bin/env python3
"""A 1MSG API to test against: Python's standard library only, no code of the product.

From Python:
    simulator = Simulator(folder)
    simulator.start()                                   # simulator.url, simulator.ca_file
    simulator.behave(answer="rate_limited", count=2)    # fields as in rules.py
    simulator.stop()                                    # the network is away; start() brings it back

As a program: simulator.py --folder DIR [--port N] [--plain] [--control N]; it prints one line of
JSON that says where it listens, and runs until it is interrupted.
"""

import argparse
import json
import pathlib
import signal
import socket
import ssl
import sys
import threading
import time

import control
from answers import PORTAL
from certificates import Authority
from journal import Journal
from rules import Rule, Rules
from vendor_api import VendorApi
from wire import Connection, reset

CHANNEL = "VID182868781"
TOKEN = "test-token-6b1f0e"


class Simulator:
    """`receive_buffer`: bytes the kernel takes from a client before the client must wait."""

    def __init__(self, folder, port=0, plain=False, channel=CHANNEL, token=TOKEN, key="P-256",
                 intermediates=0, receive_buffer=None, tls_versions=("1.2", "1.3"),
                 address="127.0.0.1", names=(), public=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.plain, self.address = plain, address
        self.api = VendorApi(channel, token)
        self.journal = Journal(self.folder / "journal.jsonl")
        self.rules = Rules()
        self.authority = None if plain else Authority(
            self.folder / "ca", key, intermediates,
            dict.fromkeys(("localhost", "127.0.0.1", address, *names)), public)
        self.idle_close = None       # seconds after which a quiet connection is closed
        self.requests_max = 0        # a connection ends after so many; 0 = never
        self.announce_close = True   # … and the last answer says so
        self.keep_alive = ""         # "timeout=5, max=100"
        self.stopping = True
        self._receive_buffer = receive_buffer
        self._tls_versions = tls_versions
        self._contexts = {}
        self._lock = threading.Lock()
        self._open = set()
        self._connections = self.journal.count("connection")
        self._listener = None
        # Bound but not listening: keeps the port ours, and refusing, while the network is away.
        self._place = self._bound(port)
        self.port = self._place.getsockname()[1]

    @property
    def url(self):
        return f"{'http' if self.plain else 'https'}://{self.address}:{self.port}"

    @property
    def ca_file(self):
        return self.authority.ca_file

    @property
    def channel(self):
        return self.api.channel

    @property
    def token(self):
        return self.api.token

    def _bound(self, port):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if self._receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)
        sock.bind((self.address, port))
        return sock

    # --- the network ----------------------------------------------------------------------------

    def start(self):
        if self._listener:
            return
        self.stopping = False
        self._listener = self._bound(self.port)
        self._listener.listen(128)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def stop(self):
        """The network goes away: connections break, and the port refuses."""
        if not self._listener:
            return
        self.stopping = True
        listener, self._listener = self._listener, None
        # close() alone would leave accept() waiting, and the port open with it.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self.drop_connections()

    def close(self):
        self.stop()
        self.wait_for(self.is_idle, 5)  # their last lines belong into the journal
        self._place.close()
        self.journal.close()

    def is_idle(self):
        """No connection is open, and what they brought stands in the journal."""
        return not self._open

    def drop_connections(self):
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            connection.abort()

    def _accept(self, listener):
        while True:
            try:
                sock, peer = listener.accept()
            except OSError:
                return
            if listener is not self._listener:
                reset(sock)
                return
            with self._lock:
                self._connections += 1
                connection = Connection(self, sock, peer, self._connections)
                self._open.add(connection)
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        try:
            connection.run()
        finally:
            with self._lock:
                self._open.discard(connection)

    def change_tls(self, *versions):
        """As another server behind the same name: new keys for its tickets, and these versions."""
        with self._lock:
            self._tls_versions = versions
            self._contexts.clear()

    def tls_context(self, certificate="", trouble=""):
        wanted = (certificate or "good", trouble)
        with self._lock:
            if wanted not in self._contexts:
                self._contexts[wanted] = self._make_context(*wanted)
            return self._contexts[wanted]

    def _make_context(self, certificate, trouble):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = (ssl.TLSVersion.TLSv1_2 if "1.2" in self._tls_versions
                                   else ssl.TLSVersion.TLSv1_3)
        if "1.3" not in self._tls_versions:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if certificate == "weak_key":
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
        if trouble == "old_tls":
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        if trouble == "static_rsa":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("AES128-SHA256:AES128-GCM-SHA256")
        chain, key = self.authority.leaf(certificate)
        context.load_cert_chain(chain, key)
        return context

    def portal(self):
        page = PORTAL.encode()
        return (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
                b"Connection: close\r\n\r\n" % len(page)) + page

    # --- what it does and what it saw -----------------------------------------------------------

    def behave(self, **fields):
        rule = Rule(**fields)
        self.rules.add(rule)
        return rule

    def calm(self):
        self.rules.clear()

    def reset(self):
        self.calm()
        self.journal.reset()

    def requests(self, name="sendTemplate"):
        return [e for e in self.journal.entries("request") if not name or e["name"] == name]

    def accepted(self):
        """Bodies of the accepted messages in order; one delivered twice is there twice."""
        return [e["body"].encode("latin-1") for e in self.requests() if e["accepted"]]

    def deliveries(self):
        return self.journal.deliveries()

    @property
    def handshakes(self):
        return self.journal.count("handshake")

    def problems(self):
        return [p for e in self.journal.entries("request") for p in e["problems"]]

    def stats(self):
        deliveries = self.journal.deliveries()
        return {"connections": self.journal.count("connection"), "handshakes": self.handshakes,
                "requests": self.journal.count("request"),
                "problems": self.journal.count("problems"),
                "accepted": sum(deliveries.values()),
                "most_deliveries_of_one": max(deliveries.values(), default=0),
                "deliveries": {body.decode("latin-1"): n for body, n in deliveries.items()}}

    def wait_for(self, condition, seconds=20.0):
        """True as soon as `condition()` is; False when the time is over."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True


def main():
    parser = argparse.ArgumentParser(description="A 1MSG API to test against, on loopback.")
    parser.add_argument("--folder", required=True, help="for its certificates and its journal")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control", type=int, default=0, help="port of the control API")
    parser.add_argument("--plain", action="store_true", help="HTTP instead of HTTPS")
    parser.add_argument("--key", default="P-256", help="P-256 or RSA-2048, RSA-4096, …")
    parser.add_argument("--intermediates", type=int, default=0)
    asked = parser.parse_args()
    simulator = Simulator(asked.folder, asked.port, asked.plain, key=asked.key,
                          intermediates=asked.intermediates)
    door = control.start(simulator, asked.control)
    simulator.start()
    where = {"url": simulator.url, "control": f"http://127.0.0.1:{door.server_port}",
             "ca_file": "" if asked.plain else str(simulator.ca_file),
             "channel": simulator.channel, "token": simulator.token,
             "journal": str(simulator.journal.path)}
    print(json.dumps(where), flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    signal.pause()


if __name__ == "__main__":
    main()
