"""UBIFS on a NAND that the kernel simulates: a function test, as its content ends with the power."""

import unittest

from bench import Bench
from machines import NANDSIM

MESSAGES = 20
VOLUME = 3 << 20


class Ubifs(unittest.TestCase):
    def test_messages_are_kept_and_sent_and_outlive_the_mount(self):
        bench = Bench(NANDSIM)
        self.addCleanup(bench.close)
        board = bench.board
        board.power_on()
        board.set_up()
        board.do("volume", VOLUME)
        board.do("mount", *NANDSIM.mount)
        board.do("start")
        board.do("take", "u1", 2, 0)
        board.wait_until(lambda: len(board.took) >= MESSAGES, 60)
        board.do("quiet")
        board.do("stop")
        self.assertEqual(bench.arrived(), {})
        board.do("unmount", NANDSIM.mount[1])

        bench.reachable(True)
        board.do("mount", *NANDSIM.mount)
        self.assertEqual(bench.look(), {number: "queued" for number in board.took.values()})
        board.do("start")
        bench.drain()
        board.do("stop")
        self.assertEqual(bench.arrived(), {tag: 1 for tag in board.took})
        self.assertEqual(bench.look(), {})
        self.assertEqual(bench.simulator.problems() + board.complaints, [])
        board.off()


if __name__ == "__main__":
    unittest.main()
