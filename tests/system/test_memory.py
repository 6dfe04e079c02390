"""It stays small: memory in use, the file's size, and no heap."""

import pathlib
import re
import subprocess
import unittest

from harness import EMULATOR, PROGRAM, ROOT, SystemTest, request

KIB = 1024
# A ratchet: the program is to come back to 320,000 and 240,000, and may not grow until then.
SIZES_MAX = {"x86_64": 462_200, "armhf": 353_000}
STATIC = [preset for preset in ("x86_64", "armhf", "arm64", "armel")
          if (ROOT / "build" / preset / "fieldpost").exists()]


def readelf(*words):
    return subprocess.run(["readelf", *words], capture_output=True, text=True, check=True).stdout


def proportional_bytes(pids, field="Pss"):
    total = 0
    for pid in pids:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)[1]) * KIB
    return total


@unittest.skipIf(EMULATOR, "an emulator's memory is its own")
class Memory(SystemTest):
    def setUp(self):
        if PROGRAM.parent.name == "host":
            self.skipTest("the host program carries sanitizers")
        super().setUp()

    def test_all_processes_together_stay_below_1_mib(self):
        """With 1,000 queued and while sending; empty it is hardly less."""
        self.simulator.stop()
        self.device.start_alone()
        empty = proportional_bytes(self.device.processes())
        self.device.send_objects(
            request(f"one of many {n}", to=f"1{201 + n // 100}555{100 + n % 100:04}")
            for n in range(1000))
        queued = proportional_bytes(self.device.processes())
        self.simulator.start()
        self.device.wait_accepted(200, 60)
        sending = proportional_bytes(self.device.processes())
        self.device.wait_accepted(1000, 60)
        print(f"\nPSS in KiB: {empty // KIB} empty, {queued // KIB} with 1,000 queued, "
              f"{sending // KIB} while sending")
        self.assertEqual(len(self.device.processes()), 4)
        self.assertLessEqual(max(empty, queued, sending), 1024 * KIB)

    def test_no_memory_is_asked_for_after_the_start(self):
        trace = self.device.folder / "strace"
        self.device.start("strace", "-D", "-f", "-o", str(trace), "-e",
                          "trace=brk,mmap,mremap,execve,clone,fork,vfork")
        self.device.send_text("warms every path up")
        self.device.wait_accepted(1)
        before = len(trace.read_text())
        self.device.send_objects(request(f"more {n}", to=f"1202555{100 + n:04}")
                                 for n in range(100))
        self.device.wait_accepted(101, 60)
        self.device.messages()
        self.assertEqual(trace.read_text()[before:], "")
        self.assertNotRegex(trace.read_text(), r"\bbrk\(0x[1-9a-f]")  # a break is only asked for


class Files(unittest.TestCase):
    def setUp(self):
        if not STATIC:
            self.skipTest("no static program is built")

    def test_sizes(self):
        for preset, most in SIZES_MAX.items():
            program = ROOT / "build" / preset / "fieldpost"
            if program.exists():
                with self.subTest(preset=preset):
                    print(f"\n{preset}: {program.stat().st_size} bytes")
                    self.assertLessEqual(program.stat().st_size, most)

    def test_nothing_is_loaded_at_run_time(self):
        for preset in STATIC:
            program = str(ROOT / "build" / preset / "fieldpost")
            with self.subTest(preset=preset):
                self.assertNotIn("INTERP", readelf("-lW", program))
                self.assertNotIn("(NEEDED)", readelf("-dW", program))

    def test_stripped_and_with_a_stack_that_is_not_executable(self):
        for preset in STATIC:
            program = str(ROOT / "build" / preset / "fieldpost")
            with self.subTest(preset=preset):
                self.assertIn("no sections", readelf("-SW", program))
                self.assertRegex(readelf("-lW", program), r"GNU_STACK.* RW ")


if __name__ == "__main__":
    unittest.main()
