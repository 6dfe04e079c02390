"""A simulator behind tls_relay.Relay, which is whatever peer is on."""

import json
import unittest

from harness import DEVICES, Device, SLOWER, Simulator
from tls_certificates import Certificates
from tls_relay import Relay


class Office(Simulator):
    """The simulator as the peer that is on."""

    def __init__(self, folder, certificates):
        super().__init__(folder)
        self.certificates, self.relay = certificates, None
        self.host, self.context = "localhost", None

    @property
    def url(self):
        return f"https://{self.host}:{self.relay.port}"

    @property
    def ca_file(self):
        return self.certificates.bundle

    def tls_context(self, certificate="", trouble=""):
        return self.context


class PeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = Certificates(DEVICES / cls.__name__)
        cls.simulator = Office(DEVICES / f"{cls.__name__}-sim", cls.certificates)
        cls.relay = Relay(cls.simulator.port, cls.simulator.folder / "keys")
        cls.simulator.relay = cls.relay
        cls.simulator.start()

    @classmethod
    def tearDownClass(cls):
        cls.simulator.close()
        cls.relay.close()

    def meet(self, peer):
        self.relay.keys.unlink(missing_ok=True)
        self.simulator.host = peer.host
        self.simulator.context = peer.context(self.certificates)
        self.simulator.context.keylog_filename = self.relay.keys
        self.relay.start(peer.changes, peer.script)

    def send(self, peer, **changes):
        """A message on a device of its own, and what one drain made of it: exit code, status."""
        self.queue_one(peer, **changes)
        return self.drain()

    def queue_one(self, peer, **changes):
        self.simulator.reset()
        self.meet(peer)
        self.device = Device(f"{type(self).__name__}.{self._testMethodName}", self.simulator,
                             queue={"size": "1MiB"}, **changes)
        self.addCleanup(self.device.remove)
        # A busy machine must not pass for a silent peer.
        self.device.configure(api={"connect_timeout": f"{int(peer.patience * SLOWER)}s",
                                   "answer_timeout": f"{int(20 * SLOWER)}s"})
        self.message = self.device.send_text("hello")

    def drain(self):
        done = self.device.command("flush", "--json", seconds=120)
        self.relay.wait()
        self.assertTrue(self.simulator.wait_for(self.simulator.is_idle))
        return done.code, json.loads(done.out)
