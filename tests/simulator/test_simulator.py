"""The simulator on the wire: its faults are the ones it promises, and its journal tells."""

import http.client
import json
import socket
import ssl
import tempfile
import time
import unittest
import urllib.request

import control
from simulator import Simulator
from test_vendor_api import body


class Wire(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.simulator = Simulator(cls.folder.name, intermediates=1)

    @classmethod
    def tearDownClass(cls):
        cls.simulator.close()
        cls.folder.cleanup()

    def setUp(self):
        self.simulator.reset()
        self.simulator.start()
        self.context = ssl.create_default_context(cafile=str(self.simulator.ca_file))
        # Python forgives a missing close_notify unless it is told not to, twice.
        self.context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
        self.client = self.connect()

    def tearDown(self):
        self.client.close()

    def connect(self):
        return http.client.HTTPSConnection("127.0.0.1", self.simulator.port, timeout=5,
                                           context=self.context)

    def post(self, content=None):
        self.client.request("POST", f"/{self.simulator.channel}/sendTemplate", content or body(), {
            "Authorization": f"Bearer {self.simulator.token}",
            "Content-Type": "application/json"})
        answer = self.client.getresponse()
        return answer.status, answer.read()

    def raw(self):
        """A TLS connection with a whole request written, and nothing read."""
        sock = self.context.wrap_socket(
            socket.create_connection(("127.0.0.1", self.simulator.port), timeout=5),
            server_hostname="localhost", suppress_ragged_eofs=False)
        sock.sendall(f"POST /{self.simulator.channel}/sendTemplate HTTP/1.1\r\nHost: x\r\n"
                     f"Authorization: Bearer {self.simulator.token}\r\n"
                     "Content-Type: application/json\r\n"
                     f"Content-Length: {len(body())}\r\n\r\n".encode() + body())
        return sock

    def read_all(self, sock):
        got = b""
        while piece := sock.recv(65536):
            got += piece
        return got

    def test_a_thousand_on_one_connection_with_one_handshake(self):
        began = time.monotonic()
        for _ in range(1000):
            self.assertEqual(self.post()[0], 200)
        self.assertLess(time.monotonic() - began, 2.0 * 10)  # 500/s, with room for a busy machine
        self.assertEqual(self.simulator.handshakes, 1)
        self.assertEqual(self.simulator.deliveries(), {body(): 1000})

    def test_the_journal_holds_the_exact_bytes_and_survives(self):
        self.post()
        entry = self.simulator.requests()[0]
        self.assertEqual(entry["body"].encode("latin-1"), body())
        self.assertTrue(entry["head"].startswith("POST /VID182868781/sendTemplate HTTP/1.1\r\n"))
        self.assertEqual(entry["problems"], [])
        with tempfile.TemporaryDirectory() as folder:
            first = Simulator(folder, plain=True)
            first.journal.write("request", body="x", problems=[], accepted=True, name="n")
            first.close()
            again = Simulator(folder, plain=True)
            self.assertEqual(again.deliveries(), {b"x": 1})
            again.close()

    def test_the_network_goes_and_comes_back_on_the_same_port(self):
        self.post()
        self.simulator.stop()
        with self.assertRaises(OSError):
            self.client.connect()
        self.simulator.start()
        self.client.close()
        self.assertEqual(self.post()[0], 200)

    def test_count_skip_and_phone_choose_the_request(self):
        self.simulator.behave(answer="rate_limited", options={"retry_after": 7}, count=1, skip=1)
        self.simulator.behave(answer="server_error", phone="12025550199")
        self.assertEqual([self.post()[0] for _ in range(3)], [200, 429, 200])
        self.assertEqual(self.post(body(phone="12025550199"))[0], 500)

    def test_probability_follows_its_seed(self):
        def pattern():
            self.simulator.calm()
            self.simulator.behave(answer="server_error", probability=0.5, seed=7)
            return [self.post()[0] for _ in range(20)]
        first = pattern()
        self.assertEqual(first, pattern())
        self.assertEqual(set(first), {200, 500})

    def test_transfers_give_the_same_answer(self):
        for transfer in ("length", "chunked", "until_close"):
            with self.subTest(transfer=transfer):
                self.simulator.behave(transfer=transfer, count=1)
                self.assertIn(b'"sent":true', self.post()[1])

    def test_1xx_answers_come_first(self):
        self.simulator.behave(transfer="until_close", informational=2, count=1)
        sock = self.raw()
        self.assertTrue(self.read_all(sock).startswith(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK"))
        sock.close()

    def test_ends(self):
        for end, wanted in (("close", b""), ("drop", ssl.SSLError),
                            ("reset", OSError), ("silent", TimeoutError)):
            with self.subTest(end=end):
                self.simulator.calm()
                self.simulator.behave(cut=0, end=end, count=1)
                sock = self.raw()
                sock.settimeout(0.5)
                if wanted == b"":
                    self.assertEqual(self.read_all(sock), wanted)
                else:
                    with self.assertRaises(wanted):
                        self.read_all(sock)
                sock.close()
        self.assertEqual(len(self.simulator.accepted()), 4)  # taken, though nobody heard of it

    def test_a_cut_request_is_kept_as_far_as_it_came(self):
        self.simulator.behave(where="request", cut_request=40, count=1)
        sock = self.raw()
        with self.assertRaises(OSError):
            self.read_all(sock)
        sock.close()
        self.simulator.wait_for(lambda: self.simulator.journal.entries("partial"), 5)
        self.assertEqual(len(self.simulator.journal.entries("partial")[0]["bytes"]), 40)
        self.assertEqual(self.simulator.requests(), [])

    def test_connections_that_never_get_as_far_as_a_request(self):
        for trouble in ("refuse", "reset_in_handshake", "plain_portal", "reset_after_handshake",
                        "close_after_handshake", "old_tls"):
            with self.subTest(trouble=trouble):
                self.simulator.behave(where="connection", connection=trouble, count=1)
                self.client.close()
                with self.assertRaises((OSError, http.client.HTTPException)):
                    self.post()
        self.assertEqual(self.simulator.requests(), [])

    def test_each_wrong_certificate_is_refused_by_openssl_too(self):
        for kind in ("expired", "not_yet_valid", "other_name", "unknown_issuer", "self_signed",
                     "no_san", "weak_key"):
            with self.subTest(kind=kind):
                self.simulator.behave(where="connection", certificate=kind, count=1)
                self.client.close()
                with self.assertRaises(ssl.SSLCertVerificationError):
                    self.post()
        self.client.close()
        self.assertEqual(self.post()[0], 200)

    def test_a_connection_ends_after_so_many_requests(self):
        self.simulator.requests_max = 2
        try:
            for _ in range(4):
                self.post()
        finally:
            self.simulator.requests_max = 0
        self.assertEqual(self.simulator.handshakes, 2)

    def test_the_control_door(self):
        door = control.start(self.simulator)
        base = f"http://127.0.0.1:{door.server_port}"
        def ask(path, content=None):
            data = None if content is None else json.dumps(content).encode()
            with urllib.request.urlopen(base + path, data=data, timeout=5) as answer:
                return answer.read()
        ask("/behaviour", {"answer": "server_error", "count": 1})
        self.assertEqual([self.post()[0], self.post()[0]], [500, 200])
        stats = json.loads(ask("/stats"))
        self.assertEqual((stats["requests"], stats["accepted"]), (2, 1))
        self.assertEqual(len([e for e in ask("/journal").splitlines() if b'"request"' in e]), 2)
        with self.assertRaises(urllib.error.HTTPError):
            ask("/behaviour", {"no_such": 1})
        ask("/reset", {})
        self.assertEqual(json.loads(ask("/stats"))["requests"], 0)
        ask("/network", {"up": False})
        with self.assertRaises(OSError):
            self.client.close()
            self.client.connect()
        door.shutdown()
        door.server_close()


class Plain(unittest.TestCase):
    def test_a_reset_is_a_reset(self):
        with tempfile.TemporaryDirectory() as folder:
            simulator = Simulator(folder, plain=True)
            simulator.start()
            simulator.behave(where="any", end="reset", cut=0)
            with socket.create_connection(("127.0.0.1", simulator.port), timeout=5) as sock:
                sock.sendall(b"GET /x/status HTTP/1.1\r\n\r\n")
                with self.assertRaises(ConnectionResetError):
                    sock.recv(1)
            simulator.close()

    def test_plain_http_on_loopback(self):
        with tempfile.TemporaryDirectory() as folder:
            simulator = Simulator(folder, plain=True)
            simulator.start()
            request = urllib.request.Request(
                f"{simulator.url}/{simulator.channel}/status",
                headers={"Authorization": f"Bearer {simulator.token}"})
            with urllib.request.urlopen(request, timeout=5) as answer:
                self.assertEqual(json.loads(answer.read())["status"], "connected")
            simulator.close()


if __name__ == "__main__":
    unittest.main()
