"""What the people who run many devices see: the figures, and the alerts on them."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

from harness import DONE, EMULATOR, PHONE, PROGRAM, ROOT, SystemTest

EXAMPLES = ROOT / "config" / "examples"


def promtool(*words, stdin=""):
    if not shutil.which("promtool"):
        raise AssertionError("no promtool: toolchains/install-packages test")
    return subprocess.run(["promtool", *map(str, words)], input=stdin, capture_output=True,
                          text=True, timeout=60, check=False)


class Metrics(SystemTest):
    def setUp(self):
        super().setUp()
        self.simulator.behave(answer="refused", text="held back")
        self.device.start()
        self.held = self.device.send_text("held back")
        self.device.wait_state(self.held, "held")
        self.device.wait_state(self.device.send_text("goes"), "accepted")

    def test_promtool_is_content(self):
        for text in (self.device.command("metrics").out,
                     self.device.http("GET", "/metrics")[1].decode()):
            done = promtool("check", "metrics", stdin=text)
            self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
            self.assertIn('fieldpost_messages{state="held"} 1\n', text)
            self.assertIn("\nfieldpost_agent_running 1\n", text)
            self.assertNotIn(PHONE[-4:], text)
            self.assertEqual(set(re.findall(r"(\w+)=\"", text)), {"state"})
        spoilt = promtool("check", "metrics", stdin=text.replace("_total counter", "_total gauge"))
        self.assertNotEqual(spoilt.returncode, 0, "promtool would say so")

    def test_the_alerts_are_about_figures_that_there_are(self):
        there = set(re.findall(r"^# TYPE (\w+)", self.device.command("metrics").out, re.M))
        asked = set(re.findall(r"\bfieldpost_\w+", (EXAMPLES / "alerts.yml").read_text()))
        self.assertGreater(len(asked), 10)
        self.assertEqual(asked - there, set())

    def test_they_tell_whether_an_agent_runs(self):
        self.assertIs(self.device.status()["running"], True)
        self.device.stop()
        self.assertIn("\nfieldpost_agent_running 0\n", self.device.command("metrics").out)
        self.assertIs(self.device.status()["running"], False)

    def to_file(self, file):
        # The script calls a command by its name; where one is emulated, that is two words.
        name = pathlib.Path(self.device.places.name) / "fieldpost"
        name.write_text(f"#!/bin/sh\nexec {' '.join(EMULATOR)} {PROGRAM} \"$@\"\n")
        name.chmod(0o755)
        return subprocess.run(
            [EXAMPLES / "metrics-to-file", file], capture_output=True, text=True, timeout=60,
            check=False, env={**os.environ, "FIELDPOST": str(name),
                              "FIELDPOST_CONFIG": str(self.device.configuration)})

    def test_a_file_for_node_exporter_is_replaced_whole_or_left_alone(self):
        file = self.device.folder / "fieldpost.prom"
        self.assertEqual(self.to_file(file).returncode, DONE)
        before = file.read_text()
        self.assertEqual(promtool("check", "metrics", stdin=before).returncode, 0)
        self.device.configuration.write_text("{")
        self.assertNotEqual(self.to_file(file).returncode, DONE)
        self.assertEqual(file.read_text(), before)
        self.assertEqual([path.name for path in self.device.folder.glob("fieldpost.prom*")],
                         ["fieldpost.prom"])


class Heartbeat(SystemTest):
    settings = {"log": {"target": "stderr", "heartbeat": "10s"}}

    def test_a_line_now_and_then_says_how_the_device_stands(self):
        self.simulator.behave(answer="refused", text="held back")
        self.device.start()
        self.device.wait_state(self.device.send_text("held back"), "held")

        def beats():
            return [line for line in self.device.log.read_text().splitlines()
                    if "keeper: heartbeat " in line]
        self.device.wait_for(beats, 30, "a heartbeat")
        self.assertEqual(beats()[0], "<6>keeper: heartbeat queued=0 uncertain=0 held=1 oldest_s=0 "
                                     "network=- channel=-")


class Alerts(unittest.TestCase):
    def test_each_speaks_when_it_should_and_not_before(self):
        for words in (("check", "rules", EXAMPLES / "alerts.yml"),
                      ("test", "rules", ROOT / "tests" / "system" / "alerts_test.yml")):
            done = promtool(*words)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
