"""A network that loses datagrams and brings others twice, between a device and fieldpost-coap."""

import json
import selectors
import socket
import subprocess
import threading
import unittest

from coap import CoapTest, command_of_another_make
from coap_node import NodeClient
from harness import SLOWER, request

KEY = b"the key of door 1"


class BadNetwork(threading.Thread):
    """Passes on what comes to `port`, and the answers: of six datagrams each way the third is lost
    and the others come twice."""

    def __init__(self, to):
        super().__init__(daemon=True)
        self.to = ("127.0.0.1", to)
        self.front, self.back = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.front.bind(("127.0.0.1", 0))
        self.port = self.front.getsockname()[1]
        self.client = None
        self.counts = {self.front: 0, self.back: 0}
        self.lost = self.doubled = 0
        self.ends = False

    def run(self):
        both = selectors.DefaultSelector()
        for one in (self.front, self.back):
            both.register(one, selectors.EVENT_READ)
        while not self.ends:
            for key, _ in both.select(0.1):
                data, source = key.fileobj.recvfrom(2048)
                if key.fileobj is self.front:
                    self.client = source
                self.counts[key.fileobj] += 1
                if self.counts[key.fileobj] % 6 == 3:
                    self.lost += 1
                    continue
                self.doubled += 1
                out, where = ((self.back, self.to) if key.fileobj is self.front
                              else (self.front, self.client))
                for _ in range(2):
                    out.sendto(data, where)
        self.front.close()
        self.back.close()

    def stop(self):
        self.ends = True
        self.join()


class Loss(CoapTest):
    devices = ({"identity": "door-1", "key": KEY.hex()},)
    # The agent itself takes nothing for the same here.
    settings = {"intake": {"same_within": "none"}}

    def setUp(self):
        super().setUp()
        self.start_paused()

    def network(self, port):
        network = BadNetwork(port)
        network.start()
        self.addCleanup(network.stop)
        return network

    def test_each_message_arrives_once_with_dtls_and_without(self):
        large = self.device.folder / "large"
        large.write_text(json.dumps(request("in blocks")) + " " * 6000)
        words = ("-t", "50", "-f", str(large))
        secure, plain = self.network(self.secure_port), self.network(self.port)
        for command in (
                command_of_another_make(secure.port, "door-1", KEY, "post", "v1/messages", *words,
                                        tls="openssl"),
                ["coap-client-notls", "-B", str(int(60 * SLOWER)), "-v", "6", "-m", "post", *words,
                 f"coap://127.0.0.1:{plain.port}/v1/messages"]):
            command[command.index("-B") + 1] = str(int(60 * SLOWER))
            done = subprocess.run(command, capture_output=True, timeout=90 * SLOWER, check=False)
            self.assertIn(b'"ok":true', done.stdout + done.stderr)
        self.assertEqual(len(self.device.messages()), 2)
        for network in (secure, plain):
            self.assertGreater(network.lost, 0)
            self.assertGreater(network.doubled, 0)

    def test_a_client_of_yet_another_make_is_heard_once_and_hears_the_last_word(self):
        """In single datagrams: of blocks that are answered twice it makes an error of its own."""
        network = self.network(self.port)
        node = NodeClient(network.port)
        self.addCleanup(node.close)
        for n in range(6):
            answer = node.answer("POST", "v1/messages", request(f"message {n}"), seconds=60)
            self.assertEqual(answer["code"], "2.01", answer)
        self.assertEqual(len(self.device.messages()), 6)
        observed = node.ask("GET", "v1/messages/1", observe=True)
        self.assertIn('"state":"queued"', node.hear(observed, 60)["body"])
        self.assertEqual(self.device.http("POST", "/v1/messages/1/drop")[0], 200)
        heard = ""
        while '"state":"dropped"' not in heard:
            heard = node.hear(observed, 60)["body"]
        self.assertGreater(network.lost, 0)
        self.assertGreater(network.doubled, 0)


if __name__ == "__main__":
    unittest.main()
