"""Every answer and every fault of the API, and what becomes of the message: a table.

Each row gets an agent of its own. After it the API is well again, and a second message shows that
the road is open: what was only delayed arrives, what stands in doubt is never sent again.
"""

import re
import signal
import time
import unittest

from harness import EMULATOR, Device, SystemTest

# What the API says once, and where the message stands then. `None`: no reason is left.
ACCEPTED = {
    "plainly": {},
    "without an id": {"answer": "accepted_without_id"},
    "with another number in its words": {"answer": "accepted_other_number"},
    "with an odd id": {"answer": "accepted_odd_id"},
    "with more fields": {"answer": "accepted_more_fields"},
    "with 201": {"answer": "accepted_201"},
    "in chunks": {"transfer": "chunked"},
    "until close": {"transfer": "until_close"},
    "after 1xx answers": {"informational": 3},
    "byte by byte": {"drip": 0.001},
    "late": {"delay": 1.0},
    "with more headers": {"headers": {"Keep-Alive": "timeout=5, max=100", "X-Long": "a" * 2000}},
}
# Nothing is left for the agent to do: a person must mend it, or it is over.
ENDED = {
    "words without a code": ({"answer": "refused"}, "held", "refused_unspecified"),
    "false as a string": ({"answer": "refused_string_false"}, "held", "refused_unspecified"),
    "an error as text": ({"answer": "refused_error_text"}, "held", "refused_unspecified"),
    "an unknown code": ({"answer": "refused_code", "options": {"code": 131000}}, "held",
                        "refused_unspecified"),
    "131026": ({"answer": "refused_code"}, "failed", "recipient_unreachable"),
    "131026 as error_code": ({"answer": "refused_error_code"}, "failed", "recipient_unreachable"),
    "131026, nested": ({"answer": "refused_nested"}, "failed", "recipient_unreachable"),
    "131050": ({"answer": "refused_code", "options": {"code": 131050}}, "failed", "opted_out"),
    "400": ({"answer": "bad_request"}, "held", "refused_unspecified"),
    "418": ({"answer": "teapot"}, "held", "refused_unspecified"),
}
# The template's fault: its scenario waits, and no other.
TEMPLATE = {
    "132001": ({"answer": "refused_code", "options": {"code": 132001}}, "template_unknown"),
    "132000": ({"answer": "refused_code", "options": {"code": 132000}}, "template_mismatch"),
    "132015": ({"answer": "refused_code", "options": {"code": 132015}}, "template_paused"),
    "404 that names the template": ({"answer": "template_unknown"}, "template_unknown"),
    "422, no namespace": ({"answer": "missing_namespace"}, "template_mismatch"),
    "422, variables": ({"answer": "variable_mismatch"}, "template_mismatch"),
}
# Not accepted and not the message's fault: it waits, the channel says why, and goes out later.
DELAYED = {
    "a temporary code": ({"answer": "refused_code", "options": {"code": 131056}}, None),
    "a rate code": ({"answer": "refused_code", "options": {"code": 130429}}, "rate_limited"),
    "429": ({"answer": "rate_limited"}, "rate_limited"),
    "401": ({"answer": "wrong_token", "where": "any"}, "token_refused"),
    "403": ({"answer": "forbidden", "where": "any"}, "channel_blocked"),
    "403 in plain text": ({"answer": "forbidden_plain", "where": "any"}, "channel_blocked"),
    "404 of the address": ({"answer": "wrong_path", "where": "any"}, "wrong_address"),
    "404 as a page": ({"answer": "wrong_path_html", "where": "any"}, "wrong_address"),
    "190": ({"answer": "refused_code", "options": {"code": 190}}, "token_refused"),
    "131031": ({"answer": "refused_code", "options": {"code": 131031}}, "channel_blocked"),
}
# The request was complete on the wire, and nobody can say what became of it.
UNCERTAIN = {
    "500": ({"answer": "server_error"}, "maybe_sent"),
    "503": ({"answer": "server_error", "options": {"status": 503}}, "maybe_sent"),
    "502 as a page": ({"answer": "bad_gateway_html"}, "maybe_sent"),
    "504 as a page": ({"answer": "bad_gateway_html", "options": {"status": 504}}, "maybe_sent"),
    "408": ({"answer": "request_timeout"}, "maybe_sent"),
    "a redirect": ({"answer": "redirect"}, "maybe_sent"),
    "a portal's page with 200": ({"answer": "portal"}, "maybe_sent"),
    "200 and nothing": ({"answer": "empty"}, "maybe_sent"),
    "204": ({"answer": "no_content"}, "maybe_sent"),
    "an array": ({"answer": "array"}, "maybe_sent"),
    "no `sent`": ({"answer": "sent_missing"}, "maybe_sent"),
    "half a JSON": ({"answer": "not_json"}, "maybe_sent"),
    "bytes behind the JSON": ({"answer": "trailing_bytes"}, "maybe_sent"),
    "a key twice": ({"answer": "duplicate_keys"}, "maybe_sent"),
    "no UTF-8": ({"answer": "bad_utf8"}, "maybe_sent"),
    "a NUL": ({"answer": "nul_byte"}, "maybe_sent"),
    "depth": ({"answer": "deep"}, "maybe_sent"),
    "a flood of head": ({"answer": "head_flood"}, "maybe_sent"),
    "a flood of body": ({"answer": "body_flood"}, "maybe_sent"),
    "nonsense": ({"answer": "nonsense"}, "maybe_sent"),
    "two lengths": ({"answer": "two_lengths"}, "maybe_sent"),
    "another protocol": ({"answer": "other_protocol"}, "maybe_sent"),
    "a job": ({"answer": "job"}, "pending_job"),
    "a reset before the answer": ({"cut": 0, "end": "reset"}, "maybe_sent"),
    "an end before the answer": ({"cut": 0, "end": "close"}, "maybe_sent"),
    "an end without a goodbye": ({"cut": 0, "end": "drop"}, "maybe_sent"),
    "a reset within the head": ({"cut": 30, "end": "reset"}, "maybe_sent"),
    "an end within the body": ({"cut": 200, "end": "close"}, "maybe_sent"),
    "an end within a chunk": ({"cut": 200, "end": "close", "transfer": "chunked"}, "maybe_sent"),
    "a truncated until-close": ({"cut": 190, "end": "drop", "transfer": "until_close"},
                                "maybe_sent"),
    "silence": ({"cut": 0, "end": "silent"}, "maybe_sent"),
    "silence within the answer": ({"cut": 100, "end": "silent"}, "maybe_sent"),
    "a reset before a byte was read": ({"where": "request", "cut_request": 0}, "maybe_sent"),
    "a reset within the request": ({"where": "request", "cut_request": 200}, "maybe_sent"),
}
# No request was ever sent; status names the network's trouble.
UNREACHED = {
    "expired": ({"certificate": "expired"}, {"tls_expired"}),
    "not yet valid": ({"certificate": "not_yet_valid"}, {"tls_not_yet_valid"}),
    "another name": ({"certificate": "other_name"}, {"tls_other_name"}),
    "no subject alternative name": ({"certificate": "no_san"}, {"tls_other_name"}),
    "unknown issuer": ({"certificate": "unknown_issuer"}, {"tls_unknown_issuer"}),
    "self-signed": ({"certificate": "self_signed"}, {"tls_unknown_issuer"}),
    "a weak key": ({"certificate": "weak_key"}, {"tls_weak"}),
    "TLS 1.1": ({"connection": "old_tls"}, {"tls_weak"}),
    "refused": ({"connection": "refuse"}, {"connect_failed"}),
    "silence": ({"connection": "silent"}, {"connect_failed"}),
    "reset in the handshake": ({"connection": "reset_in_handshake"}, {"connect_failed"}),
    "silence in the handshake": ({"connection": "silent_in_handshake"}, {"connect_failed"}),
    "a portal in clear text": ({"connection": "plain_portal"}, {"intercepted", "tls_failed"}),
}


class Answers(SystemTest):
    simulator_options = {"intermediates": 1}
    settings = {"api": {"connect_timeout": "1s", "answer_timeout": "2s"}}

    def for_each(self, table, check):
        """A fresh agent for each row."""
        self.device.remove()
        for number, (name, row) in enumerate(table.items()):
            with self.subTest(name):
                self.simulator.reset()
                self.device = Device(f"{self._testMethodName}-{number}", self.simulator,
                                     **self.settings)
                try:
                    check(*(row if isinstance(row, tuple) else (row,)))
                    self.assertNoProblems()
                finally:
                    self.device.remove()

    def first_message(self, **rule):
        self.simulator.behave(**rule)
        self.device.start()
        return self.device.send_text("the first", "12025550101")

    def second_message_passes(self):
        self.simulator.calm()
        second = self.device.send_text("the second", "12025550102")
        self.device.wait_state(second, "accepted")

    def times(self, text):
        return sum(text in entry["body"] for entry in self.simulator.requests())

    def test_accepted(self):
        self.for_each(ACCEPTED, self.check_accepted)

    def check_accepted(self, rule):
        message = self.device.wait_state(self.first_message(**rule, count=1), "accepted")
        self.assertIsNone(message["reason"])
        entry = self.simulator.requests()[0]
        if rule.get("answer") == "accepted_without_id":
            self.assertIsNone(message["message_id"])
        else:
            self.assertTrue(message["message_id"].startswith(entry["id"]))
        self.second_message_passes()
        self.assertEqual(len(self.simulator.accepted()), 2)

    def test_ended(self):
        self.for_each(ENDED, self.check_ended)

    def check_ended(self, rule, state, reason):
        message = self.device.wait_state(self.first_message(**rule, count=1), state)
        self.assertEqual(message["reason"], reason)
        self.assertTrue(message["detail"])
        self.second_message_passes()
        self.assertEqual(self.times("the first"), 1)  # the same bytes would fail again
        self.assertEqual(self.device.show(message["id"])["state"], state)

    def test_template(self):
        self.for_each(TEMPLATE, self.check_template)

    def check_template(self, rule, reason):
        first = self.first_message(**rule)
        self.device.wait_for(lambda: self.device.show(first)["reason"] == reason, 10, reason)
        message = self.device.show(first)
        self.assertEqual((message["state"], message["attempts"]), ("queued", 0))
        self.assertTrue(message["detail"])
        same = self.device.send_text("of the same scenario", "12025550103")
        self.simulator.calm()
        other = self.device.send("status-changed", (("customerName", "Maria"), (
            "process", "order"), ("status", "Shipped")), "12025550104")
        self.device.wait_state(other, "accepted")
        self.assertEqual(self.device.show(same)["reason"], reason)
        self.assertEqual(self.device.status()["channel"]["state"], "open")
        self.assertEqual(self.times("the first"), 1)
        self.device.signal(signal.SIGHUP)  # a person has mended it: at once
        for message_id in (first, same):
            self.device.wait_state(message_id, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 3)

    def test_delayed(self):
        self.for_each(DELAYED, self.check_delayed)

    def check_delayed(self, rule, reason):
        first = self.first_message(**rule)
        self.device.wait_for(lambda: len(self.simulator.requests("")) >= 2, 10, "a second try")
        status = self.device.status()
        self.assertEqual(status["channel"]["reason"], reason)
        self.device.wait_state(first, "queued")  # between its tries
        self.assertNotIn(self.simulator.token, str(status))
        self.second_message_passes()
        self.device.wait_state(first, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 2)
        self.assertEqual(self.device.status()["channel"]["state"], "open")
        self.assertNotIn(self.simulator.token, self.device.log.read_text())

    def test_uncertain(self):
        self.simulator.api.history_on = False  # what it can prove is told in test_doubts.py
        self.for_each(UNCERTAIN, self.check_uncertain)

    def check_uncertain(self, rule, reason):
        first = self.first_message(**rule, count=1)
        message = self.device.wait_state(first, "uncertain")
        self.assertEqual(message["reason"], reason)
        self.second_message_passes()
        self.assertEqual(self.device.show(first)["state"], "uncertain")
        self.assertLessEqual(self.times("the first"), 1)
        self.assertEqual(self.times("the second"), 1)

    def test_unreached(self):
        self.for_each(UNREACHED, self.check_unreached)

    def check_unreached(self, rule, reasons):
        first = self.first_message(where="connection", **rule)
        self.device.wait_for(lambda: self.device.status()["network"]["reason"], 10,
                             "the network's trouble")
        self.assertIn(self.device.status()["network"]["reason"], reasons)
        message = self.device.show(first)
        self.assertEqual((message["state"], message["attempts"]), ("queued", 0))
        self.assertEqual(self.simulator.requests(), [])
        self.second_message_passes()
        self.device.wait_state(first, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 2)


class Waits(SystemTest):
    def test_retry_after_is_honoured(self):
        for options in ({"answer": "rate_limited", "options": {"retry_after": 2}},
                        {"answer": "rate_limited_date", "options": {"after": 3}}):
            with self.subTest(options):
                self.device.remove()
                self.simulator.reset()
                self.device = Device("retry-after", self.simulator)
                self.simulator.behave(**options, count=1)
                self.device.start()
                self.device.send_text("patience")
                self.device.wait_accepted(1)
                first, second = (entry["time"] for entry in self.simulator.requests())
                self.assertGreaterEqual(second - first, 1.9)

    def test_an_outage_of_the_api_costs_one_doubt_at_most_per_probe(self):
        """While GET /status fails, too, no message is risked."""
        self.simulator.behave(where="any", answer="server_error")
        self.device.start()
        ids = [self.device.send_text(f"m{n}", f"1202555010{n}") for n in range(5)]
        self.device.wait_for(lambda: len(self.simulator.requests("status")) >= 3, 20, "probes")
        self.assertEqual(len(self.simulator.requests()), 1)
        self.simulator.calm()
        for message_id in ids[1:]:
            self.device.wait_state(message_id, "accepted")
        self.assertEqual(self.device.counts(), {"uncertain": 1, "accepted": 4})

    def test_an_answer_timeout_is_kept(self):
        self.device.configure(api={"answer_timeout": "1s"})
        self.simulator.behave(drip=0.2, count=1, take=False)
        self.device.start()
        began = time.monotonic()
        self.device.wait_state(self.device.send_text("slow"), "uncertain")
        self.assertLess(time.monotonic() - began, 15)


class Connections(SystemTest):
    def test_a_server_that_ends_connections_costs_nothing(self):
        self.simulator.requests_max = 3
        self.device.start()
        for n in range(10):
            self.device.send_text(f"m{n}", f"1202555011{n}")
        self.device.wait_for(lambda: self.device.counts() == {"accepted": 10}, 20, "all accepted")
        self.assertEqual(self.simulator.handshakes, 4)

    def test_a_server_that_ends_them_without_a_word_costs_no_second_message(self):
        """Its end may cross our request on the way: then that one stands in doubt."""
        self.simulator.requests_max, self.simulator.announce_close = 3, False
        self.device.start()
        for n in range(10):
            self.device.send_text(f"m{n}", f"1202555011{n}")
        self.device.wait_for(lambda: not {"queued", "sending"} & set(self.device.counts()), 20,
                             "an empty queue")
        counts = self.device.counts()
        self.assertEqual(counts["accepted"], len(self.simulator.accepted()))
        self.assertEqual(counts["accepted"] + counts.get("uncertain", 0), 10)
        self.assertEqual(set(self.simulator.deliveries().values()), {1})

    def test_an_idle_connection_is_not_used_again(self):
        """Closed by the server meanwhile: the next message takes a new one, and no doubt."""
        self.simulator.idle_close = 0.5
        self.device.start()
        self.device.wait_state(self.device.send_text("one"), "accepted")
        self.simulator.wait_for(lambda: self.simulator.journal.entries("closed"), 5)
        self.device.wait_state(self.device.send_text("two"), "accepted")
        self.assertEqual(self.simulator.handshakes, 2)

    def test_tls_versions_and_kinds_of_keys(self):
        for options in ({"tls_versions": ("1.2",)}, {"tls_versions": ("1.3",)},
                        {"key": "RSA-2048", "intermediates": 3},
                        {"key": "RSA-2048", "tls_versions": ("1.2",)}, {"key": "RSA-4096"}):
            with self.subTest(options):
                self.device.remove()
                self.simulator.close()
                self.simulator_options = options
                self.doCleanups()
                self.setUp()
                self.device.start()
                self.device.send_text("over TLS")
                self.device.wait_accepted(1)
                version = self.simulator.journal.entries("handshake")[0]["version"]
                self.assertRegex(version, r"TLSv1\.[23]")

    def test_a_server_without_forward_secrecy_is_refused(self):
        self.doCleanups()
        self.simulator_options = {"key": "RSA-2048", "tls_versions": ("1.2",)}
        self.setUp()
        self.simulator.behave(where="connection", connection="static_rsa")
        self.device.start()
        self.device.send_text("not like this")
        self.device.wait_for(lambda: self.device.status()["network"]["reason"], 10, "trouble")
        self.assertEqual(self.device.status()["network"]["reason"], "tls_weak")

    @unittest.skipIf(EMULATOR, "qemu-user does not know SIOCOUTQNSD: the agent stays with doubt")
    def test_a_request_that_never_left_the_socket_is_not_in_doubt(self):
        """The server's window is shut: the last bytes wait in our own kernel, and are taken
        back with a reset."""
        self.doCleanups()
        self.simulator_options = {"receive_buffer": 1024}
        self.settings = {"api": {"answer_timeout": "2s"}}
        self.setUp()
        self.simulator.behave(where="connection", connection="deaf", count=1)
        self.device.start()
        first = self.device.send_text("😀" * 900)
        self.device.wait_state(first, "accepted", "uncertain")
        self.assertEqual(self.device.show(first)["state"], "accepted")
        self.assertEqual(len(self.simulator.accepted()), 1)
        self.assertEqual(self.simulator.handshakes, 2)


class Secrets(SystemTest):
    def test_nothing_secret_or_personal_is_logged(self):
        self.simulator.behave(where="any", answer="wrong_token")
        self.device.start()
        self.device.send_text("a very private text", "12025550177")
        self.device.wait_for(lambda: self.simulator.requests("status"), 10, "a probe")
        shown = self.device.command("status").out + self.device.command("list").out
        for text in (self.device.log.read_text(), shown):
            for secret in (self.simulator.token, "12025550177", "very private", "Maria"):
                self.assertNotIn(secret, text)
        self.assertTrue(re.search("token_refused", self.device.log.read_text()))


if __name__ == "__main__":
    unittest.main()
