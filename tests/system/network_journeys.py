"""What can befall the network between a device and the API: nothing is lost, nothing is doubled, and no
wait is without its end. On a real link, in a network namespace of the device's own."""

import pathlib
import time
import unittest

import harness
from far_ends import Late, NameServer
from harness import EMULATOR, vendor_body
from namespace import Attempts, Link, can_make_networks

NAME = "api.fieldpost.test"
able = can_make_networks() and not EMULATOR


def wakes_of(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(text.split("\nvoluntary_ctxt_switches:")[1].split()[0])


@unittest.skipUnless(able, "needs root for network namespaces, ip, nft, tc and a kernel of its own")
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

    def attempts(self):
        seen = Attempts(self.link)
        self.addCleanup(seen.close)
        return seen

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

    def test_pulled_while_it_connects_leaves_it_queued(self):
        self.link.filter("meta l4proto tcp")  # its SYN is answered, and never hears it
        attempts = self.attempts()
        self.start()
        message = self.device.send_text("connecting")
        self.device.wait_for(lambda: attempts.seen, 10, "a SYN")
        self.link.pull()
        self.link.clear()
        self.wait_offline()
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.link.plug()
        self.assertAccepted("connecting")

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
    LATER = {"retry": {"first": "10m", "max": "10m"}}  # it is not by chance that it comes sooner

    def test_lost_and_back_is_noticed_at_once(self):
        """tests/bench/route says how soon."""
        self.start(**self.LATER)
        self.link.take_route()
        message = self.device.send_text("no route")
        self.assertEqual(self.wait_offline()["reason"], "network_down")
        self.assertEqual(self.device.show(message)["state"], "queued")
        attempts, back = self.attempts(), time.time()
        self.link.give_route()
        self.assertAccepted("no route")
        self.assertEqual(len(attempts.since(back)), 1)
        print(f"\nthe first SYN {1000 * (attempts.since(back)[0] - back):.0f} ms after the route")

    def test_storm_of_changes_is_gathered(self):
        """One look for all that changes within 0.2 s, and no more than that wakes the keeper."""
        self.start(**self.LATER)
        self.simulator.stop()  # so that each attempt is a SYN, and ends at once
        self.device.send_text("stormy")
        self.wait_offline()
        keeper = self.device.child("fp-keeper")
        attempts, began, before = self.attempts(), time.time(), wakes_of(keeper)
        for_each = "addr {} 198.18.%d.6/32 dev %s\n" % (self.link.number, self.link.there)
        self.link.batch((for_each.format("add") + for_each.format("del")) * 400)
        gathered = int((time.time() - began) / 0.2) + 2
        self.device.wait_for(lambda: attempts.since(began), 10, "an attempt")
        self.simulator.start()
        # The first change after the storm is heard.
        self.link.ip("addr", "add", f"198.18.{self.link.number}.6/32", "dev", self.link.there)
        self.assertAccepted("stormy")
        print(f"\n800 changes: {len(attempts.seen)} attempts, {wakes_of(keeper) - before} wake-ups")
        self.assertLessEqual(len(attempts.seen), gathered + 1)
        self.assertLessEqual(wakes_of(keeper) - before, 10 * (gathered + 1) + 20)

    def test_that_opens_unheard_is_found_by_the_schedule(self):
        """As a tunnel whose other end is away: rtnetlink has no word of it."""
        self.link.filter("meta l4proto tcp")
        attempts = self.attempts()
        self.start(retry={"first": "500ms", "max": "1s"}, api={"connect_timeout": "1s"})
        message = self.device.send_text("unheard")
        self.assertEqual(self.wait_offline()["reason"], "connect_failed")
        self.device.wait_for(lambda: len(attempts.seen) > 2, 20, "a third attempt")
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.link.clear()
        self.assertAccepted("unheard")

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


if __name__ == "__main__":
    unittest.main()
