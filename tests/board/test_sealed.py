"""What a child of the agent can still do on an ARM kernel, with Landlock and without, once somebody has
taken it over."""

import re
import unittest

from bench import Bench
from board import INIT
from machines import MACHINES

TOOL = INIT.with_name("take_over")
HERE = -100
KILLED, REFUSED = "ended 31", ("-1", "-38")  # EPERM, ENOSYS
EVERYBODY = ("fp-keeper", "fp-uplink", "fp-gate")
# What, the call, and what it gives a process that is sealed.
CALLS = (("read a file", ("openat", HERE, ":/etc/fieldpost/token", 0), REFUSED),
         ("write the queue", ("openat", HERE, ":/data/queue", 2), REFUSED),
         ("make a folder", ("mkdirat", HERE, ":/data/made", 448), REFUSED),
         ("speak to local programs", ("socket", 1, 1, 0), REFUSED),
         ("make memory executable", ("mprotect", 0, 0, 4), REFUSED),
         ("become debuggable", ("prctl", 4, 1), REFUSED),
         ("signal the first process", ("kill", 1, 0), (KILLED,)),
         ("start a program", ("execve", ":/fieldpost", 0, 0), (KILLED,)))


class Taking(unittest.TestCase):
    def boot(self, machine, more=None):
        self.bench = Bench(machine, {"/take_over": (0o755, TOOL.read_bytes()), **(more or {})})
        self.addCleanup(self.bench.close)
        self.board = self.bench.board
        self.board.boot()

    def send_some(self, prefix):
        self.board.do("start")
        self.board.do("take", prefix, 1, 0)
        self.board.wait_until(lambda: any(tag.startswith(prefix) for tag in self.board.took), 60)
        self.board.do("quiet")

    def assertSealed(self):
        for name in EVERYBODY:
            for what, call, sealed in CALLS:
                with self.subTest(name=name, what=what):
                    self.assertIn(self.make(name, call), sealed)

    def assertAllArrive(self):
        self.bench.reachable(True)
        self.bench.drain()
        self.board.do("stop")
        self.assertEqual(self.bench.arrived(), {tag: 1 for tag in self.board.took})

    def make(self, name, call):
        # On the console the agent's log stands among it.
        said = [line for line in self.board.do("tool", name, *call, seconds=60)
                if re.fullmatch(r"-?\d+|ended \d+", line)]
        self.assertEqual(len(said), 1, said)
        return said[0]


class Board(Taking):
    def test_taken_over_a_child_can_do_nothing_else_and_without_its_seal_all_of_it(self):
        self.boot(MACHINES["ext4"])
        self.send_some("s")
        self.assertEqual(self.bench.status()["sandbox"], "full")
        self.assertSealed()
        self.assertAllArrive()

        self.board.do("folder", "/etc/fieldpost/conf.d")
        self.board.do("unsealed")
        self.send_some("u")
        self.assertEqual(self.bench.status()["sandbox"], "off")
        for name in EVERYBODY:
            for what, call, _ in CALLS[:-1]:
                with self.subTest(unsealed=name, what=what):
                    said = self.make(name, call)
                    # The second of them finds the folder that the first has made.
                    self.assertTrue(said == "-17" if what == "make a folder" and name != EVERYBODY[0]
                                    else int(said) >= 0, said)
        self.board.do("stop")
        self.board.off()

    def test_a_kernel_without_landlock_is_named_and_seccomp_holds_alone(self):
        machine = MACHINES["ext4"]
        self.boot(machine._replace(kernel=f"{machine.kernel} lsm=yama"))
        self.send_some("n")
        self.assertEqual(self.bench.status()["sandbox"], "no_landlock")
        self.assertEqual(self.board.log.read_text().count("sandbox state=no_landlock"), 1)
        self.assertSealed()
        self.assertAllArrive()
        self.board.off()


if __name__ == "__main__":
    unittest.main()
