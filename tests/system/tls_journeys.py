"""A matrix of TLS peers: whom the program tells nothing, whom it doubts, and whom it trusts."""

import socket
import unittest

from harness import DEVICES, DONE, STILL_QUEUED, Simulator, free_port
from nginx import start_nginx
from tls_bad_peers import BAD
from tls_certificates import LONG_AGO
from tls_faults import DOUBTFUL
from tls_good_peers import GOOD
from tls_peers import NEW, OLD, Peer
from tls_place import PeerTest


class TlsPeers(PeerTest):
    def refuses(self, peer):
        code, status = self.send(peer)
        network = status["network"]
        self.assertEqual((network["reason"], code), (peer.reason, STILL_QUEUED), network)
        self.assertIn(peer.words, network["detail"])
        self.assertEqual(status["oldest"]["reason"], peer.reason)
        self.assertEqual(self.relay.request_records(), [])
        self.assertEqual(self.simulator.journal.entries("request"), [])
        self.assertEqual(self.simulator.journal.entries("partial"), [])
        self.assertEqual(self.device.show(self.message)["state"], "queued")
        # Whoever is sound at the same place gets it.
        self.meet(Peer(host=peer.host, chain=lambda c: [c.issue(
            san="DNS:localhost,DNS:api.localhost,DNS:a.b.localhost,IP:127.0.0.1")]))
        code, status = self.drain()
        self.assertEqual((code, len(self.simulator.accepted())), (DONE, 1), status["network"])
        self.assertGreater(len(self.relay.request_records()), 0)
        self.assertEqual(self.simulator.problems(), [])

    def doubts(self, make_peer):
        peer = make_peer()
        self.queue_one(peer)
        # Else the history may have settled the doubt before it is looked at.
        self.simulator.behave(where="messages", answer="server_error")
        code, status = self.drain()
        self.assertTrue(peer.changes().done)
        self.assertEqual((code, status["counts"]["uncertain"]), (STILL_QUEUED, 1), status)
        sent = [entry["body"].encode() for entry in self.simulator.requests()]
        self.assertEqual(len(sent), 1)
        # The same server goes on as if nothing had been, and the agent asks what became of it.
        self.simulator.calm()
        _, status = self.drain()
        self.assertEqual(self.simulator.deliveries(), {sent[0]: 1})
        self.assertEqual(len(self.simulator.requests()), 1)
        self.assertEqual(status["counts"]["uncertain"] + status["counts"]["accepted"], 1)

    def test_an_agent_says_who_answers_in_the_servers_place(self):
        self.queue_one(BAD["a portal of its own"])
        self.device.start()
        self.device.wait_for(
            lambda: self.device.show(self.message)["reason"] == "intercepted", 20, "the reason")
        self.assertIn("portal.hotel.example", self.device.status()["network"]["detail"])
        self.assertIn("answers in its place", self.device.command("why", self.message).out)
        self.assertIn("log in to the network's portal",
                      self.device.command("check", "--online").out)
        self.meet(Peer())
        self.device.wait_state(self.message, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 1)

    def test_a_ticket_opens_no_other_server(self):
        """One process meets a server, then another in its place, which cannot read its ticket."""
        for version in (OLD, NEW):
            with self.subTest(version.name):
                self.queue_one(Peer(versions=(version,)))
                self.device.start()
                self.device.wait_state(self.message, "accepted")
                self.simulator.drop_connections()
                self.meet(Peer(lambda c: [c.issue(dates=LONG_AGO)], versions=(version,)))
                second = self.device.send_text("again", "12025550124")
                self.device.wait_for(
                    lambda: self.device.show(second)["reason"] == "tls_expired", 20, "the reason")
                self.assertEqual(self.relay.request_records(), [])
                self.meet(Peer(versions=(version,)))
                self.device.wait_state(second, "accepted")
                self.assertEqual(len(self.simulator.accepted()), 2)
                self.device.remove()

    def test_nginx_in_front_gets_the_message(self):
        leaf, port = self.certificates.issue(), free_port()
        behind = Simulator(DEVICES / f"{type(self).__name__}-nginx", plain=True)
        self.addCleanup(behind.close)
        behind.reset()
        behind.start()
        start_nginx(self, behind.folder / "nginx",
                    f"server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {leaf.pem};"
                    f" ssl_certificate_key {leaf.key};"
                    f" location / {{ proxy_pass http://127.0.0.1:{behind.port}; }} }}\n")
        self.assertTrue(behind.wait_for(lambda: is_open(port)))
        theirs, self.relay.server_port = self.relay.server_port, port
        try:
            code, status = self.send(Peer())
        finally:
            self.relay.server_port = theirs
        self.assertEqual((code, len(behind.accepted())), (DONE, 1), status["network"])

    def trusts(self, peer):
        code, status = self.send(peer)
        self.assertEqual((code, len(self.simulator.accepted())), (DONE, 1), status["network"])
        self.assertEqual(self.simulator.problems(), [])
        self.assertTrue(set(self.relay.versions) <= {peer_version(one) for one in peer.versions})


def is_open(port):
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def peer_version(one):
    return 2 if one == OLD else 3


def claim(name):
    return "".join(c if c.isalnum() else "_" for c in name.replace(",", "").replace("'", ""))


def add_tests(table, check, ending):
    for name, peer in table.items():
        def test(self, peer=peer):
            getattr(self, check)(peer)
        setattr(TlsPeers, f"test_{claim(name)}_{ending}", test)


add_tests(BAD, "refuses", "is_refused_in_its_own_words")
add_tests(DOUBTFUL, "doubts", "leaves_a_doubt_and_no_double")
add_tests(GOOD, "trusts", "gets_the_message")

if __name__ == "__main__":
    unittest.main()
