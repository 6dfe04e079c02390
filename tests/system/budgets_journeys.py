"""What a message costs against curl, in what does not depend on the machine: bytes on the cable.

tests/bench/network measures the rest, too: instructions, memory, the program's parts.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

from harness import EMULATOR, PROGRAM, ROOT, SystemTest


def can_make_networks():
    return os.geteuid() == 0 and shutil.which("curl") and not EMULATOR and subprocess.run(
        ["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0


class Bytes(unittest.TestCase):
    @unittest.skipUnless(can_make_networks(), "needs root, network namespaces and curl")
    def test_messages_cost_no_more_than_with_curl(self):
        done = subprocess.run(
            [sys.executable, "-B", ROOT / "tests/bench/network", "--quick", "--json"],
            env={**os.environ, "FIELDPOST_PROGRAM": str(PROGRAM)},
            capture_output=True, text=True, timeout=300, check=False)
        found = {}
        for line in done.stdout.splitlines():
            one = json.loads(line)
            if one["what"] == "bytes":
                found[one["chain"], one["peer"], one["case"]] = one["ip"]
        self.assertEqual(len(found), 12, done.stderr)
        for chain in ("P-256", "RSA-2048"):
            for case, most in (("full", 1.05), ("resumed", 0.62), ("further", 1.02)):
                ours, theirs = (found[chain, peer, case] for peer in ("fieldpost", "curl"))
                with self.subTest(chain=chain, case=case):
                    print(f"\n{chain}, {case}: {ours:.0f} bytes, curl's {theirs:.0f}")
                    self.assertLessEqual(ours, most * theirs)


@unittest.skipIf(EMULATOR, "an emulator has threads of its own")
class Idle(SystemTest):
    def test_agent_with_nothing_to_do_sleeps(self):
        """Not once in half a minute; twelve times an hour would be as good as none in it."""
        self.device.start()
        self.device.send_text("the last one")
        self.device.wait_accepted(1)
        self.device.wait_for(self.simulator.is_idle, 30, "the connection to end")
        self.device.wait_for(lambda: self.woken() == (self.rest(2) or self.woken()), 60, "quiet")
        before = self.woken()
        self.rest(30)
        self.assertEqual(self.woken(), before)

    def woken(self):
        return [pathlib.Path(f"/proc/{pid}/status").read_text().split(
            "\nvoluntary_ctxt_switches:")[1].split()[0] for pid in self.device.processes()]

    @staticmethod
    def rest(seconds):
        time.sleep(seconds)


if __name__ == "__main__":
    unittest.main()
