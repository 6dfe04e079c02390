"""One connection: its handshake, its requests, and whatever goes wrong with them."""

import select
import socket
import ssl
import struct
import time

HEAD_MAX = 64 * 1024
BODY_MAX = 1 << 20
REASONS = {100: "Continue", 103: "Early Hints", 200: "OK", 201: "Created", 204: "No Content",
           302: "Found", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 408: "Request Timeout", 422: "Unprocessable Entity",
           429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
           503: "Service Unavailable", 504: "Gateway Timeout"}


class Gone(Exception):
    """The connection has ended; `how` says who ended it."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


def reset(sock):
    """Ends it with RST: lingering for no time throws away what is unsent."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    sock.close()


class Connection:
    """Runs in a thread of its own until the connection ends. `office` is the simulator."""

    def __init__(self, office, sock, peer, number):
        self.office, self.sock, self.peer, self.number = office, sock, peer, number
        self.requests = 0
        self._buffer = b""
        self._tls = None

    def run(self):
        how = "reset by us"
        try:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._shake_hands(self.office.rules.pick("connection"))
            while self._serve():
                pass
            how = "closed by us"
        except Gone as gone:
            how = gone.how
        except (OSError, ssl.SSLError) as error:
            how = f"broken: {error.__class__.__name__}"
        finally:
            self._close_quietly()
            self.office.journal.write("closed", connection=self.number, requests=self.requests,
                                      how=how)

    def abort(self):
        """From another thread: the network is gone."""
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _close_quietly(self):
        try:
            self.sock.close()
        except OSError:
            pass

    # --- the start ------------------------------------------------------------------------------

    def _shake_hands(self, rule):
        trouble = rule.connection if rule else ""
        facts = {"connection": self.number, "peer": self.peer[0], "trouble": trouble}
        self.office.journal.write("connection", **facts)
        if trouble == "refuse":
            self._reset("refused")
        if trouble == "silent":
            self._hold()
        if trouble in ("reset_in_handshake", "silent_in_handshake", "plain_portal"):
            self._wait_for_bytes()
            if trouble == "reset_in_handshake":
                self._reset("reset in the handshake")
            self.sock.recv(65536)
            if trouble == "silent_in_handshake":
                self._hold()
            page = self.office.portal()
            self.sock.sendall(page)
            raise Gone("portal")
        if self.office.plain:
            self._kept_in_time()
        else:
            if rule and rule.handshake_delay:
                self._sleep(rule.handshake_delay)
            self._tls_handshake(rule, trouble)
        if trouble == "close_after_handshake":
            self._end("close")
        if trouble == "reset_after_handshake":
            self._reset("reset after the handshake")
        if trouble == "deaf":
            # What the client writes fills our window, then its own socket.
            ended = select.poll()
            ended.register(self.sock, 0)  # POLLERR and POLLHUP come unasked
            while not self.office.stopping and not ended.poll(200):
                pass
            raise Gone("never listened")

    def _tls_handshake(self, rule, trouble):
        context = self.office.tls_context(rule.certificate if rule else "", trouble)
        self.sock.settimeout(30)
        try:
            # No session tickets after the handshake: see Simulator.tls_context.
            self.sock = context.wrap_socket(self.sock, server_side=True)
        except (OSError, ssl.SSLError) as error:
            self.office.journal.write("handshake_failed", connection=self.number,
                                      error=str(getattr(error, "reason", None) or error))
            raise Gone("handshake failed") from error
        cipher = self.sock.cipher()  # None: the peer has gone already
        self.office.journal.write("handshake", connection=self.number,
                                  version=self.sock.version(), cipher=cipher and cipher[0],
                                  resumed=bool(self.sock.session_reused))

    def _kept_in_time(self):
        self.sock.settimeout(30)

    # --- one request ----------------------------------------------------------------------------

    def _serve(self):
        office = self.office
        rule = self._first_bytes()
        began = time.time()
        head, body, call = self._read_request(rule.cut_request if rule else None)
        self.requests += 1
        text = body.decode("utf-8", "replace")
        rule = office.rules.pick(call.name, call.phone, text)
        answer = office.api.answer(call, rule)
        taken = answer.accepted if rule is None or rule.take is None else rule.take
        if taken and call.name == "sendTemplate":
            office.api.take(call)
        # On record before a byte of the answer leaves: who reads the answer may ask at once.
        office.journal.write(
            "request", connection=self.number, on_connection=self.requests, began=round(began, 6),
            method=call.method, target=call.target, name=call.name, phone=call.phone,
            template=call.template, values=call.values, head=head.decode("latin-1"),
            body=body.decode("latin-1"), problems=call.problems, http=answer.status,
            accepted=bool(taken and call.name == "sendTemplate"), id=call.message_id,
            rule=rule.answer or rule.end if rule else "")
        return self._answer(answer, rule, call)

    def _first_bytes(self):
        """Waits for a request to begin; gives the rule for how it is to be read. An end is not a
        beginning: a rule must not be used up by a client that only goes away."""
        if not self._buffer:
            pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
            if not pending and not self._readable(self.office.idle_close):
                self._end("close")
            self._read_some()
        return self.office.rules.pick("request")

    def _read_request(self, cut):
        self._cut_at(cut)
        while b"\r\n\r\n" not in self._buffer:
            self._read_some(cut)
            if len(self._buffer) > HEAD_MAX:
                raise Gone("head too large")
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        method, _, target = line.partition(" ")
        target, _, version = target.rpartition(" ")
        headers = [(name.lower(), value.strip())
                   for name, _, value in (each.partition(":") for each in lines)]
        expected = int(dict(headers).get("content-length", "0") or 0)
        if expected > BODY_MAX:
            raise Gone("body too large")
        while len(rest) < expected:
            self._read_some(cut)
            rest = self._buffer[len(head) + 4:]
        body, self._buffer = rest[:expected], rest[expected:]
        return head, body, self.office.api.read(method, target, version, headers, head, body)

    def _read_some(self, cut=None):
        piece = self.sock.recv(65536)
        if not piece:
            if self._buffer:
                self._note_partial(self._buffer)
            raise Gone("closed by the client")
        self._buffer += piece
        self._cut_at(cut)

    def _cut_at(self, cut):
        if cut is not None and len(self._buffer) >= cut:
            self._note_partial(self._buffer[:cut])
            self._reset("reset in the request")

    def _note_partial(self, got):
        self.office.journal.write("partial", connection=self.number, bytes=got.decode("latin-1"))

    # --- its answer -----------------------------------------------------------------------------

    def _answer(self, answer, rule, call):
        office = self.office
        last = (office.requests_max and self.requests >= office.requests_max) \
            or "close" in call.header("connection").lower()
        transfer = rule.transfer if rule else "length"
        bytes_out = answer.raw or self._written(answer, rule, transfer, last)
        if rule:
            self._sleep(rule.delay)
            if rule.cut is not None:
                bytes_out = bytes_out[:rule.cut]
            if rule.drip:
                for at in range(len(bytes_out)):
                    self.sock.sendall(bytes_out[at:at + 1])
                    self._sleep(rule.drip)
                bytes_out = b""
        if bytes_out:
            self.sock.sendall(bytes_out)
        if rule and rule.end != "keep":
            self._end(rule.end)
        if last or answer.raw or transfer == "until_close":
            self._end("close")
        return True

    def _written(self, answer, rule, transfer, last):
        parts = []
        for status in ((100, 103) * 8)[:rule.informational if rule else 0]:
            parts.append(f"HTTP/1.1 {status} {REASONS[status]}\r\n\r\n".encode())
        headers = {"Server": "simulator", "Content-Type": answer.content_type, **answer.headers,
                   **(rule.headers if rule else {})}
        body = answer.body
        if transfer == "chunked":
            headers["Transfer-Encoding"] = "chunked"
            third = max(1, len(body) // 3)
            pieces = [body[at:at + third] for at in range(0, len(body), third)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"
        elif transfer == "length" and answer.status != 204:
            headers["Content-Length"] = str(len(body))
        if last and self.office.announce_close or transfer == "until_close":
            headers["Connection"] = "close"
        elif self.office.keep_alive:
            headers["Keep-Alive"] = self.office.keep_alive
        lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items() if value]
        parts.append("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)
        return b"".join(parts)

    # --- the end --------------------------------------------------------------------------------

    def _end(self, how):
        if how == "reset":
            self._reset("reset by us")
        if how == "silent":
            self._hold()
        if how == "close" and isinstance(self.sock, ssl.SSLSocket):
            # unwrap() would wait for the client's close_notify; without blocking it only sends.
            self.sock.setblocking(False)
            try:
                self.sock.unwrap()
            except (OSError, ssl.SSLError):
                pass
        raise Gone("closed by us")

    def _reset(self, how):
        reset(self.sock)
        raise Gone(how)

    def _hold(self):
        """Not another byte from here, until the client or the network goes."""
        while not self.office.stopping:
            if self._readable(0.2):
                try:
                    if not self.sock.recv(65536):
                        raise Gone("closed by the client")
                except (OSError, ssl.SSLError) as error:
                    raise Gone("closed by the client") from error
        raise Gone("held to the end")

    def _wait_for_bytes(self):
        if not self._readable(30):
            raise Gone("nothing came")

    def _readable(self, seconds):
        return bool(select.select([self.sock], [], [], seconds)[0])

    def _sleep(self, seconds):
        end = time.monotonic() + seconds
        while not self.office.stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))
