"""api.pins: besides all else, the verified chain has to hold a key that is pinned."""

import unittest

from harness import DONE, NOT_REACHABLE, STILL_QUEUED
from tls_peers import Peer
from tls_place import PeerTest

NOBODYS = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


class TlsPins(PeerTest):
    def chain(self, certificates):
        """A leaf, its intermediate, and one that comes along and vouches for nobody."""
        self.middle = certificates.authority("Middle", certificates.root, key="p256-middle")
        self.leaf = certificates.issue(issuer=self.middle)
        self.beside = certificates.authority("Beside", certificates.root, key="p256-beside")
        return [self.leaf, self.middle, self.beside]

    def flush(self, which):
        self.chain(self.certificates)  # so that the keys are there
        pins = [self.certificates.pin(one) for one in which(self)]
        return self.send(Peer(self.chain), api={"pins": [*pins, NOBODYS]})

    def test_any_key_of_the_chain_will_do(self):
        for which in (lambda test: [test.leaf], lambda test: [test.middle],
                      lambda test: [test.certificates.root],
                      lambda test: [test.certificates.old_root, test.certificates.root]):
            code, status = self.flush(which)
            self.assertEqual((code, len(self.simulator.accepted())), (DONE, 1), status["network"])

    def test_another_key_gets_nothing_however_well_vouched_for(self):
        for which in (lambda _: [], lambda test: [test.beside],
                      lambda test: [test.certificates.old_root]):
            code, status = self.flush(which)
            self.assertEqual((code, status["network"]["reason"]),
                             (STILL_QUEUED, "tls_unknown_issuer"), status["network"])
            self.assertIn("none of api.pins", status["network"]["detail"])
            self.assertEqual(self.relay.request_records(), [])
            self.assertEqual(self.simulator.requests(""), [])
        found = self.device.command("check", "--online")
        self.assertEqual(found.code, NOT_REACHABLE)
        self.assertIn("none of api.pins", found.out)

    def test_a_pin_vouches_for_nobody(self):
        stranger = self.certificates.authority("Stranger")
        code, status = self.send(
            Peer(lambda c: [c.issue(issuer=stranger), stranger]),
            api={"pins": [self.certificates.pin(stranger), NOBODYS]})
        self.assertEqual((code, status["network"]["reason"]), (STILL_QUEUED, "tls_unknown_issuer"))
        self.assertIn("not in the CA file", status["network"]["detail"])

    def test_check_warns_of_a_pin_without_a_backup(self):
        self.flush(lambda test: [test.leaf])
        self.assertEqual(self.device.command("check"), (
            DONE, "The configuration and its files are good.\n", ""))
        self.device.configure(api={"pins": [NOBODYS]})
        found = self.device.command("check")
        self.assertEqual(found.code, DONE)
        self.assertIn("api.pins has no backup", found.err)


if __name__ == "__main__":
    unittest.main()
