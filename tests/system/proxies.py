"""HTTP proxies: a strict one of our own, with faults, and a real tinyproxy."""

import base64
import re
import select
import shutil
import socket
import subprocess
import threading
import time

from harness import free_port

TINYPROXY = shutil.which("tinyproxy") or "/usr/bin/tinyproxy"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
PAGE = (b"Content-Type: text/html\r\nContent-Length: 31\r\n\r\n"
        b"<html><title>no</title></html>\n")
APPLICATION = 23  # of a TLS record (RFC 8446, 5.1)


class Over(Exception):
    """The client has gone."""


def say(*parts, then="close"):
    """An answer in the proxy's own words, and how the connection goes on: close, reset, silent."""
    def answer(talk):
        for part in parts:
            talk.client.sendall(part)
        if then == "silent":
            talk.hear_out()
        if then == "reset":
            talk.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return answer


def drip(talk):
    """A head that never ends, at a pace that never stops."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
            talk.client.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        pass


# What it does in place of its work: a function of the Talk.
FAULTS = {
    "refuses": say(b"HTTP/1.1 403 Forbidden\r\n" + PAGE),
    "finds no way": say(b"HTTP/1.0 502 Bad Gateway\r\n" + PAGE),
    "has had enough": say(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\n\r\n"),
    "sends to a portal": say(b"HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/\r\n\r\n"),
    "is the API": say(b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"sent": true }', then="silent"),
    "speaks early": say(ESTABLISHED + b"\x16\x03\x03", then="silent"),
    "is silent": say(then="silent"),
    "drips": drip,
    "has an oversized head": say(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
                                 then="silent"),
    "has a head without end": say(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2000, then="silent"),
    "says nonsense": say(b"SSH-2.0-OpenSSH_9.2\r\n", then="silent"),
    "speaks TLS": say(b"\x15\x03\x01\x00\x02\x02\x46", then="silent"),
    "has a bare line end": say(b"HTTP/1.1 200 OK\nX: y\r\n\r\n", then="silent"),
    "changes the protocol": say(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
                                then="silent"),
    "hangs up": say(),
    "resets": say(then="reset"),
    "hangs up in the head": say(b"HTTP/1.1 200 Connection esta"),
    "resets in the head": say(b"HTTP/1.1 200 Connection esta", then="reset"),
    "hangs up behind the head": say(ESTABLISHED),
}


class Talk:
    """One connection. `heard` is all that the client said to the proxy itself."""

    def __init__(self, proxy, client):
        self.proxy, self.client, self.server = proxy, client, None
        self.heard, self._records = b"", b""

    def run(self):
        try:
            self.client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            target = self._read_head()
            fault = self.proxy.fault
            if fault:
                FAULTS[fault](self)
            elif target:
                self._open(target)
        except (OSError, Over):
            pass
        finally:
            self.proxy.heard.append(self.heard)
            for sock in (self.client, self.server):
                if sock:
                    sock.close()

    def hear_out(self):
        while got := self.client.recv(65536):
            self.heard += got

    def _read_head(self):
        """The target, once the head is whole and as a careful client writes it."""
        while b"\r\n\r\n" not in self.heard:
            got = self.client.recv(65536)
            if not got:
                raise Over
            self.heard += got
        head, _, beyond = self.heard.partition(b"\r\n\r\n")
        line, *fields = head.decode("latin-1").split("\r\n")
        fields = [field.partition(": ")[::2] for field in fields]
        target = re.fullmatch(r"CONNECT (\S+:\d+) HTTP/1\.1", line)
        logins = [value for name, value in fields if name == "Proxy-Authorization"]
        wrong = [words for words, bad in (
            ("the request line", not target),
            ("Host", not target or dict(fields).get("Host") != target[1]),
            ("bytes before the answer", beyond),
            ("Authorization", "Authorization" in dict(fields)),
            ("two logins", len(logins) > 1),
            ("a field that no proxy needs", {name for name, _ in fields}
             - {"Host", "User-Agent", "Proxy-Authorization"})) if bad]
        self.proxy.problems += wrong
        self.proxy.targets.append(target and target[1])
        self.proxy.logins.append(logins[0] if logins else None)
        if self.proxy.login and logins != [basic(self.proxy.login)] and not self.proxy.fault:
            self.client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                                b"Proxy-Authenticate: Basic realm=\"field\"\r\n" + PAGE)
            return None
        return target and target[1]

    def _open(self, target):
        host, _, port = target.rpartition(":")
        place = self.proxy.leads_to or (host.strip("[]"), int(port))
        try:
            self.server = socket.create_connection(place, 10)
        except OSError:
            self.client.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
            return
        for piece in self.proxy.established:
            self.client.sendall(piece)
            time.sleep(self.proxy.pause)
        request_left = False
        while True:
            for sock in select.select([self.client, self.server], [], [], 60)[0]:
                got = sock.recv(65536)
                if not got:
                    return
                if sock is self.client:
                    request_left = self._holds_request(got) or request_left
                    if request_left and self.proxy.cut == "request":
                        return
                    self.server.sendall(got)
                elif request_left and self.proxy.cut == "answer":
                    self.client.sendall(got[:len(got) // 2])
                    return
                else:
                    self.client.sendall(got)

    def _holds_request(self, got):
        """A record that is too large for what a client says of the handshake or its end."""
        self._records += got
        held = False
        while len(self._records) >= 5:
            size = int.from_bytes(self._records[3:5], "big")
            held = held or self._records[0] == APPLICATION and size > 200
            if len(self._records) < 5 + size:
                break
            self._records = self._records[5 + size:]
        return held


class Proxy:
    """`login`: the one "name:password" that it takes; `leads_to`: where every tunnel ends; `cut`: what
    a tunnel ends in, the "request" or its "answer"."""

    def __init__(self):
        self.login, self.leads_to = None, None
        self.fault, self.cut = "", ""
        self.established, self.pause = [ESTABLISHED], 0
        self.targets, self.logins, self.heard, self.problems = [], [], [], []
        self._talks = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            talk = Talk(self, client)
            thread = threading.Thread(target=talk.run, daemon=True)
            thread.start()
            self._talks.append((talk, thread))

    def drop(self):
        """Every tunnel breaks."""
        for talk, thread in self._talks:
            try:
                talk.client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            thread.join(30)
        self._talks.clear()

    def wait(self):
        """Until no connection is left, for a client that has exited."""
        for _, thread in self._talks:
            thread.join(30)
        self._talks.clear()

    def close(self):
        """Nobody listens any more."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()


def basic(login):
    return "Basic " + base64.b64encode(login.encode()).decode()


def start_tinyproxy(test, folder, login=None, connect_port=None):
    """A real one, on a port of its own; it ends with the test."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"Port {port}", "Listen 127.0.0.1", "Allow 127.0.0.1", "Timeout 60",
             f"LogFile \"{folder}/log\"", f"PidFile \"{folder}/pid\""]
    if login:
        lines.append("BasicAuth " + login.replace(":", " ", 1))
    if connect_port:
        lines.append(f"ConnectPort {connect_port}")
    (folder / "conf").write_text("\n".join(lines) + "\n")
    running = subprocess.Popen([TINYPROXY, "-d", "-c", str(folder / "conf")],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)

    def end():
        running.terminate()
        running.wait()
    test.addCleanup(end)
    test.assertTrue(test.simulator.wait_for(lambda: is_open(port)))
    return f"http://127.0.0.1:{port}"


def is_open(port):
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0
