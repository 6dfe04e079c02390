"""What must not depend on the machine: a message's bytes on the cable against curl's, that an agent with
nothing to do sleeps, and that it does not grow.

tests/bench/network measures the rest, too: instructions, memory, the program's parts.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

from harness import DEVICES, EMULATOR, PROGRAM, ROOT, SystemTest, request
from namespace import can_make_networks
from network_journeys import NetworkTest, wakes_of
from test_memory import KIB, proportional_bytes

PAGE = 4 * KIB
able = can_make_networks() and shutil.which("curl") and not EMULATOR


def setUpModule():
    """What takes longest runs beside the others: it waits for ends of connections."""
    if not able:
        return
    folder = DEVICES / "Wire"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "found").open("w") as found, (folder / "said").open("w") as said:
        Wire.bench = subprocess.Popen(
            [sys.executable, "-B", ROOT / "tests/bench/network", "--quick", "--chain", "P-256", "--json"],
            env={**os.environ, "FIELDPOST_PROGRAM": str(PROGRAM),
                 "FIELDPOST_TEST_FOLDER": str(folder)}, stdout=found, stderr=said)
    unittest.addModuleCleanup(Wire.bench.wait)
    unittest.addModuleCleanup(Wire.bench.send_signal, signal.SIGINT)  # where nobody waited for it


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


@unittest.skipIf(EMULATOR or PROGRAM.parent.name == "host", "an emulator's memory, or the sanitizers'")
class Soak(SystemTest):
    def test_rounds_of_messages_leave_it_as_it_was(self):
        """The first round touches what is ever touched, the second ends a kept connection as well; from
        then on it is the same pages. Two more for a stack that goes deeper once; and of the program's
        file the kernel may bring back 16 at a time that it had dropped."""
        self.device.start_alone()
        rounds = [self.most_in_round(n) for n in range(6)]
        print("\nPSS in KiB by round, of it anonymous: " + ", ".join(
            f"{whole // KIB} {own // KIB}" for whole, own in rounds))
        (whole_then, own_then), (whole_now, own_now) = rounds[1], rounds[-1]
        self.assertLessEqual(own_now, own_then + 2 * PAGE)
        self.assertLessEqual(whole_now, whole_then + (2 + 16) * PAGE)
        self.assertLessEqual(max(whole for whole, _ in rounds), 1024 * KIB)

    def most_in_round(self, n, messages=500):
        """In bytes, all processes: the most of it, and of what no file backs."""
        def look():
            return [proportional_bytes(self.device.processes(), field) for field in ("Pss", "Pss_Anon")]
        self.simulator.stop()
        looks = [look()]
        self.device.send_objects(
            request(f"round {n}, {m}", to=f"1{201 + m // 100}555{100 + m % 100:04}")
            for m in range(messages))
        looks.append(look())
        self.simulator.start()
        self.device.wait_accepted(n * messages + messages // 2, 60)
        looks.append(look())
        self.device.wait_accepted((n + 1) * messages, 60)
        self.device.messages()
        looks.append(look())
        return tuple(map(max, zip(*looks)))


class Wire(unittest.TestCase):
    bench = None

    @unittest.skipUnless(able, "needs root for network namespaces, ip, curl and a kernel of its own")
    def test_messages_cost_no_more_than_with_curl(self):
        """tests/bench/network has the goals, and says what does not hold of them. A smaller chain is the
        harder one: only curl's lone messages carry it."""
        code = self.bench.wait(400)
        self.assertEqual(code, 0, (DEVICES / "Wire/said").read_text())
        lines = (DEVICES / "Wire/found").read_text().splitlines()
        found = [one for one in map(json.loads, lines) if one["what"] == "bytes"]
        self.assertEqual(len(found), 2 * 5)  # peers, cases
        for one in found:
            if one["case"] in ("resumed", "further"):
                print(f"\n{one['case']}, {one['peer']}: {one['ip']:.0f} bytes")


if __name__ == "__main__":
    unittest.main()
