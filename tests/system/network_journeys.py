"""What can befall the network between a device and the API: nothing is lost, nothing is doubled, and no
wait is without its end. On a real link, in a network namespace of the device's own."""

import os
import queue
import shutil
import socket
import struct
import threading
import time
import unittest

import harness
from harness import EMULATOR, vendor_body
from namespace import Link

NAME = "api.fieldpost.test"
able = os.geteuid() == 0 and shutil.which("nft") and shutil.which("ip") and not EMULATOR


@unittest.skipUnless(able, "needs root, ip, nft and a kernel of its own")
class NetworkTest(harness.SystemTest):
    settings = {"uncertain": {"patience": "1m"}, "intake": {"same_within": "0s"}}

    def setUp(self):
        self.link = Link()
        self.addCleanup(self.link.close)
        self.simulator_options = {"address": self.link.server, "names": (self.link.gateway, NAME)}
        super().setUp()

    def start(self, **changes):
        self.device.configure(**changes)
        self.device.start(*self.link.inside())

    def wait_offline(self):
        self.device.wait_for(lambda: self.device.status()["network"]["state"] == "offline", 20,
                             "the network to count as gone")
        return self.device.status()["network"]

    def assertAccepted(self, text, seconds=20):
        self.device.wait_accepted(1, seconds)
        self.assertOnce([vendor_body("next_step", ["Maria", "loan application", text])])

    def journal_has(self, kind, seconds=10):
        self.device.wait_for(lambda: self.simulator.journal.count(kind) > 0, seconds, kind)


class Cable(NetworkTest):
    def test_pulled_before_it_connects_waits_and_goes_when_it_is_back(self):
        self.start()
        self.link.pull()
        message = self.device.send_text("offline")
        self.wait_offline()
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.link.plug()
        self.assertAccepted("offline")

    def test_pulled_in_the_handshake_leaves_it_queued(self):
        self.simulator.behave(where="connection", connection="silent_in_handshake", count=1)
        self.start()
        message = self.device.send_text("handshake")
        self.journal_has("connection")
        self.link.pull()
        self.wait_offline()
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.link.plug()
        self.assertAccepted("handshake")

    def is_settled_by_the_history(self, text, **rule):
        """The request arrives, its answer does not, and the cable is pulled."""
        self.simulator.behave(take=True, count=1, **rule)
        self.start()
        message = self.device.send_text(text)
        self.device.wait_for(lambda: self.simulator.journal.accepted_total() == 1, 30, "the request")
        self.link.pull()
        self.device.wait_state(message, "uncertain")
        self.link.plug()
        self.device.wait_state(message, "accepted", seconds=40)
        self.assertAccepted(text)

    def test_pulled_before_the_answer_is_settled_by_the_history(self):
        self.is_settled_by_the_history("unanswered", delay=60)

    def test_pulled_in_the_answer_is_settled_by_the_history(self):
        self.is_settled_by_the_history("half an answer", cut=20, end="silent")

    def test_pulled_on_a_kept_connection_never_doubles(self):
        self.start()
        self.device.send_text("first")
        self.device.wait_accepted(1)
        self.link.pull()
        message = self.device.send_text("second", "12025550124")
        self.device.wait_for(lambda: self.device.show(message)["state"] != "sending", 10, "an end")
        time.sleep(1)  # long enough for a retransmission or two
        self.link.plug()
        self.device.wait_state(message, "accepted", "held", seconds=80)
        self.assertLessEqual(max(self.simulator.deliveries().values()), 1)


class Route(NetworkTest):
    def test_lost_and_back_is_noticed_at_once(self):
        self.start(retry={"first": "10m", "max": "10m"})  # it is not by chance that it comes sooner
        self.link.take_route()
        message = self.device.send_text("no route")
        self.assertEqual(self.wait_offline()["reason"], "network_down")
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.link.give_route()
        self.assertAccepted("no route")

    def test_another_address_is_taken_up(self):
        self.start()
        self.device.send_text("before")
        self.device.wait_accepted(1)
        self.link.ip("addr", "del", self.link.address(2), "dev", self.link.there)
        self.link.ip("addr", "add", self.link.address(3), "dev", self.link.there)
        self.link.give_route()
        message = self.device.send_text("after", "12025550124")
        self.device.wait_state(message, "accepted", "held", seconds=80)
        self.assertLessEqual(max(self.simulator.deliveries().values()), 1)
        peers = [e["peer"] for e in self.simulator.journal.entries("connection")]
        self.assertIn(self.link.address(3).split("/")[0], peers)


class BlackHole(NetworkTest):
    def test_of_names_is_told_and_ends(self):
        folder = self.device.folder
        (folder / "resolv.conf").write_text(f"nameserver {self.link.gateway}\n")
        self.device.configure(api={"base_url": f"https://{NAME}:{self.simulator.port}"})
        self.link.filter("meta l4proto udp", "meta l4proto icmp")
        self.device.start(*self.link.inside(), "unshare", "-m", "sh", "-c",
                          f'mount --bind "{folder}/resolv.conf" /etc/resolv.conf && exec "$@"', "sh")
        message = self.device.send_text("no name")
        network = self.wait_offline()
        self.assertEqual((network["reason"], network["detail"]), ("network_down", "no name server answered"))
        self.assertEqual(self.device.show(message)["state"], "queued")
        server = NameServer(self.link.gateway, self.link.server)
        self.addCleanup(server.close)
        self.link.clear()
        self.assertAccepted("no name")

    def test_of_large_packets_is_told_and_ends(self):
        self.link.filter("meta length gt 600")
        self.start()
        message = self.device.send_text("large")
        network = self.wait_offline()
        self.assertIn(network["reason"], ("tls_failed", "connect_failed"))
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.assertEqual(self.simulator.requests(None), [])
        self.link.clear()
        self.assertAccepted("large")


class Slow(NetworkTest):
    settings = {**NetworkTest.settings, "api": {"connect_timeout": "60s", "answer_timeout": "60s"}}

    def test_a_modem_of_9600_bit_is_fast_enough(self):
        self.link.slow_down("9600bit")
        self.start()
        self.device.send_text("slowly")
        self.assertAccepted("slowly", 60)

    def test_half_of_all_packets_lost_is_once_all_the_same(self):
        self.link.filter("numgen random mod 2 == 0")
        self.start()
        message = self.device.send_text("lossy")
        self.device.wait_state(message, "accepted", seconds=120)
        self.assertAccepted("lossy")

    def test_two_seconds_of_delay_are_waited_out(self):
        relay = Late(self.link.gateway, (self.link.server, self.simulator.port), 2.0)
        self.addCleanup(relay.close)
        self.start(api={"base_url": f"https://{self.link.gateway}:{relay.port}"})
        self.device.send_text("late")
        self.assertAccepted("late", 60)


class NameServer(threading.Thread):
    """Answers every question for an IPv4 address with the same one."""

    def __init__(self, at, address):
        super().__init__(daemon=True)
        self.answer = socket.inet_aton(address)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((at, 53))
        self.start()

    def run(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(512)
            except OSError:
                return
            is_a = question[-4:-2] == b"\0\1"
            record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + self.answer
            head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, is_a, 0, 0)
            self.socket.sendto(head + question[12:] + (record if is_a else b""), peer)

    def close(self):
        self.socket.close()


class Late:
    """Hands on each piece that comes, in both directions, so many seconds later."""

    def __init__(self, at, to, seconds):
        self.to, self.seconds = to, seconds
        self.listener = socket.create_server((at, 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
                server = socket.create_connection(self.to)
            except OSError:
                return
            self.open += [client, server]
            for pair in ((client, server), (server, client)):
                pieces = queue.SimpleQueue()
                threading.Thread(target=self.take, args=(pair[0], pieces), daemon=True).start()
                threading.Thread(target=self.give, args=(pair[1], pieces), daemon=True).start()

    def take(self, source, pieces):
        while True:
            try:
                piece = source.recv(65536)
            except OSError:
                piece = b""
            pieces.put((time.monotonic() + self.seconds, piece))
            if not piece:
                return

    def give(self, to, pieces):
        while True:
            when, piece = pieces.get()
            time.sleep(max(0.0, when - time.monotonic()))
            try:
                to.sendall(piece) if piece else to.shutdown(socket.SHUT_WR)
            except OSError:
                return
            if not piece:
                return

    def close(self):
        for one in [self.listener, *self.open]:
            one.close()


if __name__ == "__main__":
    unittest.main()
