"""A lone message after another one: its handshake is a short one, where the server wants that."""

import signal
import unittest

from harness import SystemTest


class Resumption(SystemTest):
    def setUp(self):
        super().setUp()
        self.simulator.requests_max = 1  # each message on a connection of its own
        self.device.start()
        self.sent = 0

    def send_one(self):
        """A message, and the facts of the handshakes that it took."""
        journal = self.simulator.journal
        before = journal.count("handshake")
        self.sent += 1
        message = self.device.send_text(f"number {self.sent}")
        self.device.wait_accepted(self.sent)
        self.assertEqual(self.device.show(message)["attempts"], 1)
        self.assertNoProblems()
        return journal.entries("handshake")[before:]

    def resumed(self):
        shakes = self.send_one()
        self.assertEqual(len(shakes), 1)
        return shakes[0]["resumed"]

    def test_second_connection_resumes_in_both_versions(self):
        for version in ("1.3", "1.2"):
            with self.subTest(version=version):
                self.simulator.change_tls(version)
                self.send_one()
                for _ in range(3):
                    self.assertTrue(self.resumed())

    def test_server_with_another_key_costs_one_whole_handshake(self):
        for version in ("1.3", "1.2"):
            with self.subTest(version=version):
                self.simulator.change_tls(version)
                self.send_one()
                self.assertTrue(self.resumed())
                self.simulator.change_tls(version)  # the same, but it knows no ticket
                self.assertFalse(self.resumed())
                self.assertTrue(self.resumed())

    def test_server_that_changes_its_version_is_asked_again_at_once(self):
        failed = self.simulator.journal.count
        self.simulator.change_tls("1.3")
        self.assertFalse(self.resumed())
        for number, version in enumerate(("1.2", "1.3"), 1):
            self.simulator.change_tls(version)
            self.assertFalse(self.resumed())
            self.assertEqual(failed("handshake_failed"), number)

    def test_settings_read_anew_begin_with_a_whole_handshake(self):
        """Another file of roots may be among them."""
        self.assertFalse(self.resumed())
        self.assertTrue(self.resumed())
        before = self.device.processes()
        self.device.signal(signal.SIGHUP)
        self.device.wait_for(lambda: len(self.device.processes()) == 4
                             and self.device.processes()[1:] != before[1:], 15, "other children")
        self.device.wait_for(self.device.answers, 15, "the agent to answer")
        self.assertFalse(self.resumed())


if __name__ == "__main__":
    unittest.main()
