"""The oldest kernel that the agent runs on, on ARM: 32-bit times alone, without seccomp and with it.

As far as a filter can stand for it (../old_kernel). The clock source is one that the vDSO cannot read, so
that the time of day comes by system calls, as it did on boards of those days."""

import unittest

from board import INIT
from machines import MACHINES
from test_sealed import CALLS, EVERYBODY, KILLED, Taking

LAUNCHER = INIT.with_name("as_old_kernel")
OLD = "lsm=capability clocksource=jiffies highres=off nohz=off"


class OldKernel(Taking):
    def setUp(self):
        machine = MACHINES["ext4"]
        self.boot(machine._replace(kernel=f"{machine.kernel} {OLD}"),
                  {"/as_old_kernel": (0o755, LAUNCHER.read_bytes())})

    def assertSays(self, state):
        self.assertEqual(self.bench.status()["sandbox"], state)
        self.assertEqual(self.board.log.read_text().count(f"sandbox state={state}"), 1)

    def test_sealed_or_not_it_takes_and_sends_and_a_pulled_plug_costs_nothing(self):
        self.board.do("old", "3.17+seccomp")
        self.send_some("s")
        self.assertSays("no_landlock")
        calls = {what: call for what, call, _ in CALLS}
        for name in EVERYBODY:
            self.assertEqual(self.make(name, calls["read a file"]), "-38")
        self.assertEqual(self.make(EVERYBODY[-1], calls["start a program"]), KILLED)
        took = set(self.board.took)
        self.board.pull_the_plug()

        self.board.boot()
        self.board.do("old", "3.17")
        self.send_some("u")
        self.assertSays("no_seccomp")
        took |= set(self.board.took)
        self.bench.reachable(True)
        self.bench.drain()
        self.board.do("stop")
        self.assertEqual(self.bench.arrived(), {tag: 1 for tag in took})
        self.board.do("run", "store", "verify")
        self.board.off()


if __name__ == "__main__":
    unittest.main()
