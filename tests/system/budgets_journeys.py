"""What must not depend on the machine: a message's bytes on the cable against curl's, and that an agent
with nothing to do sleeps.

tests/bench/network measures the rest, too: instructions, memory, the program's parts.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import unittest

from harness import DEVICES, EMULATOR, PROGRAM, ROOT
from network_journeys import NetworkTest, wakes_of

able = os.geteuid() == 0 and shutil.which("ip") and shutil.which("curl") and not EMULATOR


class Bytes(unittest.TestCase):
    @unittest.skipUnless(able, "needs root for network namespaces, ip, curl and a kernel of its own")
    def test_messages_cost_no_more_than_with_curl(self):
        """tests/bench/network has the goals, and says what does not hold of them. A smaller chain is the
        harder one: only curl's lone messages carry it."""
        done = subprocess.run(
            [sys.executable, "-B", ROOT / "tests/bench/network", "--quick", "--chain", "P-256",
             "--json"],
            env={**os.environ, "FIELDPOST_PROGRAM": str(PROGRAM),
                 "FIELDPOST_TEST_FOLDER": str(DEVICES / "Bytes")},
            capture_output=True, text=True, timeout=400, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = [one for one in map(json.loads, done.stdout.splitlines()) if one["what"] == "bytes"]
        self.assertEqual(len(found), 2 * 5)  # peers, cases
        for one in found:
            if one["case"] in ("resumed", "further"):
                print(f"\n{one['case']}, {one['peer']}: {one['ip']:.0f} bytes")


class Idle(NetworkTest):  # on a link of its own: what befalls this machine's others wakes it, too
    def test_agent_with_nothing_to_do_sleeps(self):
        """Not once in half a minute; twelve times an hour would be as good as none in it."""
        self.start()
        self.device.send_text("the last one")
        self.device.wait_accepted(1)
        self.device.wait_for(self.simulator.is_idle, 30, "the connection to end")
        self.rest(15)  # until 20 s after somebody knocked the supervisor still looks after that
        before = self.woken()
        self.assertEqual(len(before), 4)
        self.rest(30)
        self.assertEqual(self.woken(), before)

    def woken(self):
        return {pid: wakes_of(pid) for pid in self.device.processes()}

    @staticmethod
    def rest(seconds):
        time.sleep(seconds)


if __name__ == "__main__":
    unittest.main()
