"""The flash budget: what one undisturbed drain costs, counted by the kernel."""

import re
import unittest

from harness import EMULATOR, SystemTest, request

N = 1000
SYNCS = re.compile(r"\b(fsync|fdatasync|sync_file_range|msync|syncfs|sync)\(")
SEGMENT = 64 * 1024


@unittest.skipIf(EMULATOR, "strace sees the emulator's calls")
class Syncs(SystemTest):
    # Room for the history of all of them: what is counted is what the log still holds.
    settings = {"queue": {"size": "16MiB"}}

    def test_one_drain_of_a_thousand(self):
        """From taken to accepted: one handshake, at most 2N + 2 syncs and one per recycled
        segment."""
        self.simulator.stop()
        # A thousand people: ten area codes, a hundred numbers each.
        objects = [request(f"drain {n:04}", to=f"1{201 + n // 100}555{100 + n % 100:04}")
                   for n in range(N)]
        self.start_counting()
        self.device.send_objects(objects)
        self.assertEqual(self.device.counts(), {"queued": N})
        self.simulator.start()
        self.device.wait_accepted(N, 120)
        self.device.wait_for(lambda: self.device.counts() == {"accepted": N}, 20,
                             "every outcome to be durable")
        store = self.device.status()["store"]
        syncs = self.syncs()
        recycled = max(0, store["bytes_written"] - store["size"]) // SEGMENT + 1 \
            if store["bytes_written"] > store["size"] else 0
        self.assertEqual(self.simulator.handshakes, 1)
        self.assertEqual(sorted(self.simulator.deliveries().values()), [1] * N)
        self.assertNoProblems()
        print(f"\n{N} messages: {syncs} syncs, {store['bytes_written']} bytes written, "
              f"at most {recycled} segments recycled")
        self.assertLessEqual(syncs, 2 * N + 2 + recycled)
        # The agent's own count is what `status` and an operator go by: it must not flatter.
        self.assertLessEqual(abs(store["syncs"] - syncs), 8)

    def test_messages_that_come_alone(self):
        """Taken, started, accepted: three syncs, the most that a message costs; two where the
        connection of the one before still stands."""
        self.start_counting()
        for n in range(1, 6):
            self.device.send_text(f"alone {n}")
            self.device.wait_for(lambda: self.device.counts() == {"accepted": n}, 20,
                                 "its outcome to be durable")
            self.assertLessEqual(self.syncs(), 3 * n)

    def test_nothing_is_written_while_the_network_is_away(self):
        self.simulator.behave(where="connection", connection="refuse")
        self.device.start()
        self.device.send_text("waits")
        self.tries(1)
        before = self.device.status()["store"]
        self.tries(4)
        after = self.device.status()["store"]
        self.assertEqual((after["bytes_written"], after["syncs"]),
                         (before["bytes_written"], before["syncs"]))

    def start_counting(self):
        self.trace = self.device.folder / "strace"
        self.device.start("strace", "-D", "-f", "-e", "signal=none", "-o", str(self.trace), "-e",
                          "trace=fsync,fdatasync,sync_file_range,msync,syncfs,sync")
        self.before = len(self.trace.read_text())

    def syncs(self):
        return len(SYNCS.findall(self.trace.read_text()[self.before:]))

    def tries(self, number):
        self.device.wait_for(lambda: self.simulator.journal.count("connection") >= number, 20,
                             f"try {number}")


if __name__ == "__main__":
    unittest.main()
