"""api.proxy: everything goes through a tunnel, and a proxy's word is never taken for the API's."""

import json
import signal
import socket
import unittest

from harness import DONE, NOT_REACHABLE, SLOWER, STILL_QUEUED
from proxies import ESTABLISHED, FAULTS
from proxy_place import ProxyTest

# fault → what `status` says of it
WORDS = {
    "refuses": "it opens no way to 127.0.0.1 (HTTP 403)",
    "finds no way": "it opens no way to 127.0.0.1 (HTTP 502)",
    "has had enough": "it opens no way to 127.0.0.1 (HTTP 503)",
    "sends to a portal": "it opens no way to 127.0.0.1 (HTTP 302)",
    "is the API": "it spoke before the server could (HTTP 200)",
    "speaks early": "it spoke before the server could (HTTP 200)",
    "is silent": "no whole answer came in time",
    "drips": "no whole answer came in time",
    "has an oversized head": "the answer's head is too large",
    "has a head without end": "the answer's head is too large",
    "says nonsense": "the answer is not HTTP/1.1",
    "speaks TLS": "the answer is not HTTP/1.1",
    "has a bare line end": "the answer is not HTTP/1.1",
    "changes the protocol": "the server changed the protocol",
    "hangs up": "the connection ended without an answer",
    "resets": "the connection broke before the answer was whole",
    "hangs up in the head": "the connection ended within the answer",
    "resets in the head": "the connection broke before the answer was whole",
}


class Proxied(ProxyTest):
    def test_agent_sends_through_the_tunnel_and_resumes_in_it(self):
        self.simulator.requests_max = 1  # each message on a connection of its own
        self.device.start()
        for sent in range(1, 4):
            self.device.send_text(f"number {sent}")
            self.device.wait_accepted(sent)
        shakes = self.simulator.journal.entries("handshake")
        self.assertEqual([one["resumed"] for one in shakes], [False, True, True])
        self.assertEqual(self.proxy.targets, [self.target] * 3)
        # A server that chokes on its own ticket is asked again at once, through another tunnel.
        self.simulator.change_tls("1.2")
        self.device.send_text("number 4")
        self.device.wait_accepted(4)
        self.assertEqual(self.simulator.journal.count("handshake_failed"), 1)
        self.assertEqual(self.proxy.targets, [self.target] * 5)
        self.assertEqual(self.proxy.logins, [None] * 5)
        self.assertEqual(self.device.status()["network"]["state"], "online")
        self.assertEqual(self.proxy.problems, [])
        self.assertNoProblems()

    def test_messages_share_one_tunnel(self):
        for number in range(5):
            self.device.send_text(f"number {number}", f"1202555010{number}")
        self.flush()
        self.assertEqual(len(self.simulator.accepted()), 5)
        self.assertEqual(self.proxy.targets, [self.target])

    def test_the_name_of_the_api_is_the_proxys_to_find(self):
        """Nobody here knows it; the certificate has to be for it all the same."""
        self.proxy.leads_to = ("127.0.0.1", self.simulator.port)
        self.device.configure(api={"base_url": "https://api.fieldpost.example"})
        self.device.send_text("hello")
        network = self.flush(STILL_QUEUED)
        self.assertEqual(network["reason"], "tls_other_name")
        self.assertEqual(set(self.proxy.targets), {"api.fieldpost.example:443"})
        self.assertEqual(self.simulator.requests(""), [])

    def test_every_other_head_that_says_yes_will_do(self):
        for number, head in enumerate((
                b"HTTP/1.0 200 Connection established\r\nProxy-agent: tinyproxy/1.11\r\n\r\n",
                b"HTTP/1.1 200\r\n\r\n", b"HTTP/1.1 204 Go\r\n\r\n",
                # None of these says anything here (RFC 9110, 9.3.6).
                b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n",
                b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"), 1):
            with self.subTest(head):
                self.proxy.established = [head]
                self.device.send_text(f"number {number}")
                self.flush()
                self.assertEqual(len(self.simulator.accepted()), number)
        self.proxy.established, self.proxy.pause = [bytes([b]) for b in ESTABLISHED], 0.01
        self.device.send_text("one byte at a time")
        self.flush()
        self.assertEqual(len(self.simulator.accepted()), 8)
        self.assertNoProblems()

    def test_other_way_than_a_tunnel_there_is_none(self):
        """A proxy that is away is not passed by."""
        self.device.send_text("hello")
        self.proxy.close()
        network = self.flush(STILL_QUEUED)
        self.assertEqual(network["reason"], "connect_failed")
        self.assertIn(f"the proxy: cannot connect to 127.0.0.1 port {self.proxy.port}",
                      network["detail"])
        self.assertEqual(self.simulator.journal.entries("connection"), [])

    def test_plain_http_stays_on_this_device(self):
        """Nothing is asked to carry a token that no TLS seals."""
        self.proxy.fault = "is the API"
        with socket.create_server(("127.0.0.1", 0)) as here:
            self.device.configure(api={"base_url": f"http://127.0.0.1:{here.getsockname()[1]}",
                                       "answer_timeout": "1s"})
            self.device.send_text("hello")
            self.flush(STILL_QUEUED)
        self.assertEqual(self.proxy.heard, [])

    def test_sighup_changes_the_proxy(self):
        self.device.start()
        self.device.send_text("first")
        self.device.wait_accepted(1)
        other = self.new_proxy()
        self.use(other)
        self.device.signal(signal.SIGHUP)
        self.device.wait_for(lambda: "configuration_loaded" in self.device.log.read_text(), 15,
                             "the new configuration")
        self.device.wait_for(self.device.answers, 15, "the agent to answer")
        self.device.send_text("second", "12025550124")
        self.device.wait_accepted(2)
        self.assertEqual((self.proxy.targets, other.targets), ([self.target], [self.target]))

    def test_a_tunnel_that_breaks_within_the_exchange_leaves_a_doubt_and_no_double(self):
        for number, cut in enumerate(("answer", "request"), 1):
            with self.subTest(cut):
                self.simulator.behave(where="messages", answer="server_error")
                before = len(self.simulator.accepted())
                self.proxy.cut = cut
                message = self.device.send_text(f"through a {cut}", f"1202555011{number}")
                self.flush(STILL_QUEUED)
                self.assertEqual(self.device.show(message)["state"], "uncertain")
                self.proxy.cut = ""
                self.flush(STILL_QUEUED)
                self.assertEqual(self.device.show(message)["state"], "uncertain")
                self.assertEqual(len(self.simulator.accepted()) - before, int(cut == "answer"))
                self.simulator.calm()
                self.device.command("drop", message)

    def test_a_tunnel_that_ends_before_the_request_costs_nothing(self):
        self.proxy.fault = "hangs up behind the head"
        message = self.device.send_text("hello")
        network = self.flush(STILL_QUEUED)
        self.assertEqual(network["reason"], "connect_failed")
        self.assertIn("within the TLS handshake", network["detail"])
        self.proxy.fault = ""
        self.flush()
        self.assertEqual(self.device.show(message)["attempts"], 1)


class BadProxies(ProxyTest):
    def test_no_byte_of_a_request_goes_to_one_that_opens_no_tunnel(self):
        self.assertEqual(set(WORDS), set(FAULTS) - {"hangs up behind the head"})
        message = self.device.send_text("hello")
        for fault, words in WORDS.items():
            with self.subTest(fault):
                self.proxy.fault = fault
                # The others fail at once, however busy the machine is.
                seconds = 2 if fault in ("is silent", "drips") else 20
                self.device.configure(api={"connect_timeout": f"{int(seconds * SLOWER)}s"})
                network = self.flush(STILL_QUEUED)
                self.assertEqual((network["state"], network["reason"]),
                                 ("offline", "proxy_failed"))
                self.assertEqual(network["detail"], "the proxy: " + words)
                self.assertEqual(self.device.show(message)["state"], "queued")
                self.assertEqual(self.device.show(message)["attempts"], 0)
        self.proxy.wait()
        self.assertEqual(self.simulator.journal.entries("connection"), [])
        self.assertEqual(self.proxy.problems, [])
        for heard in self.proxy.heard:
            self.assertTrue(heard.startswith(b"CONNECT ") and heard.endswith(b"\r\n\r\n"), heard)
            self.assertEqual(heard.count(b"\r\n\r\n"), 1)
        self.proxy.fault = ""
        self.flush()
        self.assertEqual(len(self.simulator.accepted()), 1)
        self.assertNoProblems()

    def test_an_agent_waits_it_out_and_says_why(self):
        self.proxy.fault = "refuses"
        self.device.start()
        message = self.device.send_text("hello")
        network = self.wait_offline()
        self.assertIn("HTTP 403", network["detail"])
        self.assertEqual(self.device.show(message)["reason"], "proxy_failed")
        self.assertIn("the proxy opens no way to 1MSG", self.device.command("why", message).out)
        tries = len(self.proxy.targets)
        self.device.wait_for(lambda: len(self.proxy.targets) > tries, 10, "another try")
        self.proxy.fault = ""
        self.device.wait_state(message, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 1)
        self.assertNoProblems()

    def test_one_that_opens_tls_itself_learns_nothing(self):
        self.simulator.behave(where="connection", certificate="unknown_issuer")
        self.device.send_text("hello")
        self.assertEqual(self.flush(STILL_QUEUED)["reason"], "tls_unknown_issuer")
        self.assertEqual(self.simulator.requests(""), [])

    def test_check_online_names_the_step(self):
        def steps():
            done = self.device.command("check", "--online", "--json")
            return done.code, [json.loads(line) for line in done.out.splitlines()]
        code, lines = steps()
        self.assertEqual(code, DONE, lines)
        self.assertEqual([line.get("check") for line in lines][:6],
                         ["name", "connection", "proxy", "certificate", "token", "channel"])
        self.proxy.fault = "refuses"
        code, lines = steps()
        self.assertEqual([(line.get("check"), line.get("code")) for line in lines],
                         [("name", None), ("connection", None), ("proxy", "proxy_failed")])
        self.assertEqual(code, NOT_REACHABLE)
        self.assertIn("api.proxy_login_file", lines[-1]["advice"])
        self.assertIn("HTTP 403", lines[-1]["message"])
        self.proxy.fault = ""
        self.simulator.behave(where="connection", certificate="expired")
        self.assertEqual([line["check"] for line in steps()[1]],
                         ["name", "connection", "proxy", "certificate"])
        self.proxy.close()
        code, lines = steps()
        self.assertEqual([line["check"] for line in lines], ["name", "connection"])
        self.assertIn("api.proxy", lines[-1]["advice"])


if __name__ == "__main__":
    unittest.main()
