"""A child that hangs: found where somebody wants something of it, and only then. Takes a minute or two."""

import os
import signal
import socket
import unittest

from harness import DONE, Device, SystemTest

KEEPER, GATE = "fp-keeper", "fp-gate"


class Hang(SystemTest):
    @staticmethod
    def knock(device):
        with socket.socket(socket.AF_UNIX) as somebody:
            somebody.setblocking(False)  # whether there is room for one more who waits
            somebody.connect_ex(str(device.socket))

    def test_one_that_hangs_is_replaced_once_somebody_knocks(self):
        other = Device("Hang.other", self.simulator)
        self.addCleanup(other.remove)
        self.simulator.stop()
        hung = {}
        for device, name in ((self.device, GATE), (other, KEEPER)):
            device.start()
            self.assertEqual(device.send_text("queued before", f"1202555012{len(name) % 10}"), 1)
            hung[device] = device.child(name)
            os.kill(hung[device], signal.SIGSTOP)
        for device, pid in hung.items():
            device.wait_for(lambda device=device, pid=pid: self.knock(device) or
                            pid not in device.processes(), 120, "its end")
            device.wait_for(lambda device=device: device.command("list").code == DONE, 40, "answers")
            self.assertIn("child_hangs", device.log.read_text())
        self.simulator.start()
        for device in hung:
            device.wait_state(1, "accepted", seconds=40)
        self.assertEqual(len(self.simulator.accepted()), 2)
        self.assertNoProblems()


if __name__ == "__main__":
    unittest.main()
