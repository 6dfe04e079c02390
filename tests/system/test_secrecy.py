"""Token, numbers and texts stand on flash or in memory, and nowhere that is read by others."""

import json
import pathlib
import signal
import subprocess
import unittest

from harness import CONFIGURATION, DONE, EMULATOR, SystemTest

TEXT = "kanarienvogel 4471"
# Whole, and in the shapes in which an answer may give it back.
NUMBERS = {"accepted": "13125550161", "refused": "13125550162", "doubtful": "13125550163",
           "failed": "13125550164", "fenced": "13125550165"}


@unittest.skipIf(EMULATOR, "/proc shows the emulator's words")
class Secrecy(SystemTest):
    settings = {"tracking": {"until": "delivered"}, "log": {"level": "debug"},
                "uncertain": {"patience": "1s"}, "intake": {"same_within": "0s"}}

    def secrets(self):
        return [self.simulator.token, TEXT, "kanarienvogel", *NUMBERS.values(),
                *(number[1:] for number in NUMBERS.values())]

    def assertSecret(self, where, text, but=""):
        self.assertTrue(text, f"{where} is empty")
        for secret in self.secrets():
            if not but or but not in secret:
                self.assertNotIn(secret, text, where)

    def live_through_everything(self):
        phone = NUMBERS["refused"]
        self.simulator.behave(answer="refused", phone=phone,
                              options={"message": f"{TEXT} to +1 (312) 555-0162: not {phone}@c.us"})
        self.simulator.behave(phone=NUMBERS["doubtful"], cut=0, end="reset", take=False)
        self.simulator.behave(where="messages", answer="bad_gateway_html")
        ids = {name: self.device.send_text(f"{TEXT} {name}", NUMBERS[name])
               for name in ("accepted", "refused", "doubtful", "failed")}
        self.device.start()
        self.device.wait_state(ids["refused"], "held")
        self.device.wait_state(ids["doubtful"], "held")
        self.device.wait_state(ids["failed"], "accepted", "sent")
        told = next(m for m in self.simulator.api.sent() if "failed" in m["body"])
        self.simulator.api.news(told["id"], "failed", errors=[
            {"code": 131026, "title": f"{told['chatId']}",
             "message": f"{NUMBERS['failed']} got no {TEXT}"}])
        self.device.wait_state(ids["failed"], "failed", seconds=40)
        # The answer to a wrong token has it in its words.
        self.simulator.behave(answer="wrong_token")
        ids["fenced"] = self.device.send_text(f"{TEXT} fenced", NUMBERS["fenced"])
        self.device.wait_for(self.held_channel, 20, "the token to be refused")
        return ids

    def test_no_token_number_or_text_where_others_read(self):
        ids = self.live_through_everything()
        for pid in self.device.processes():
            for file in ("cmdline", "environ"):
                text = pathlib.Path(f"/proc/{pid}/{file}").read_bytes().decode("utf-8", "replace")
                if file == "cmdline":
                    self.assertSecret(f"{file} of {pid}", text)
                for secret in self.secrets():
                    self.assertNotIn(secret, text)
        for words, but in ((["metrics"], ""), (["status"], ""), (["status", "--json"], ""),
                           (["check", "--print"], ""), (["report"], ""), (["report", "--json"], ""),
                           # Who may look at a message may read what 1MSG said of it.
                           *((["list", *json], TEXT.split()[0]) for json in ([], ["--json"])),
                           *(([name, i, *json], TEXT.split()[0]) for i in ids.values()
                             for name in ("show", "why") for json in ([], ["--json"]))):
            with self.subTest(words=words):
                done = self.device.command(*words)
                self.assertEqual(done.code, DONE, done.err)
                self.assertSecret(" ".join(map(str, words)), done.out, but)
        self.device.stop()
        log = self.device.log.read_text()
        self.assertSecret("the log", log)
        # Nothing of all this would be shown if the log were silent.
        for fact in ("state=accepted", "state=held", "state=uncertain", "state=failed",
                     "reason=token_refused", "to=1312•••0162"):
            self.assertIn(fact, log)

    def test_what_1msg_says_of_the_channel_may_repeat_a_text(self):
        self.simulator.behave(answer="refused", options={"error": {
            "code": 131031, "message": f"blocked for {TEXT} to {NUMBERS['fenced']}"}})
        self.device.start()
        self.device.send_text(f"{TEXT} fenced", NUMBERS["fenced"])
        status = self.device.wait_for(self.held_channel, 20, "the channel to be held")
        self.assertIn(TEXT, status["channel"]["detail"], "who looks at the device may read it")
        report = self.device.command("report").out
        self.assertIn('"reason":"channel_blocked"', report)
        self.assertSecret("the report", report)
        self.device.stop()
        log = self.device.log.read_text()
        self.assertIn("channel state=held reason=channel_blocked", log)
        self.assertSecret("the log", log)

    def test_a_command_that_waits_shows_no_number_and_no_text(self):
        self.simulator.stop()
        self.device.start()
        command = subprocess.Popen(
            self.device.words("send", "next-step", "--to", NUMBERS["accepted"], "--wait=60s",
                              "--customer-name", "Maria", f"--process={TEXT}", "--next-step", TEXT),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(command.wait)
        self.addCleanup(command.kill)
        self.assertEqual(command.stdout.readline(), b"1\n")
        command.stdout.close()
        words = pathlib.Path(f"/proc/{command.pid}/cmdline").read_bytes().decode()
        self.assertIn("--wait", words)
        self.assertSecret("the process list", words)

    def held_channel(self):
        status = self.device.status()
        return status if status["channel"]["state"] != "open" else None

    def test_a_report_tells_all_but_whom_and_what(self):
        path = self.device.folder / "webhook-path"
        path.write_text("0123456789abcdefghij" * 2)
        path.chmod(0o600)
        self.device.configure(intake={"webhook": "127.0.0.1:8089", "webhook_path_file": str(path)})
        self.device.send_text(TEXT, NUMBERS["accepted"])
        done = self.device.command("report")
        self.assertEqual(done.code, DONE, done.err)
        parts = done.out.split("# ")[1:]
        self.assertEqual([part.split()[0] for part in parts],
                         ["version", "configuration", "status", "messages,"])
        lines = [json.loads(line) for part in parts for line in part.splitlines()[1:]]
        again = self.device.command("report", "--json").out.splitlines()

        def lasting(line):
            """Each command has a clock of its own: what is reckoned from it may differ by a second."""
            return {k: v for k, v in line.items() if k not in ("expires", "next_attempt", "oldest")}
        self.assertEqual([lasting(line) for line in lines],
                         [lasting(json.loads(line)) for line in again])
        self.assertEqual({k: v for k, v in lines[-1].items() if k not in ("created", "expires")},
                         {"id": 1, "scenario": "next-step", "state": "queued", "attempts": 0,
                          "next_attempt": lines[-1]["next_attempt"], "reason": None})
        self.assertNotIn("0123456789abcdefghij", done.out)
        self.device.configuration.write_text("{")
        spoilt = self.device.command("report")
        self.assertEqual(spoilt.code, CONFIGURATION)
        self.assertIn('"version"', spoilt.out)

    def test_a_crash_leaves_no_core(self):
        folder = self.device.folder
        generous = ["env", "-C", str(folder), "prlimit", "--core=unlimited"]
        one = subprocess.Popen([*generous, "sleep", "60"])
        self.addCleanup(one.kill)
        self.device.wait_for(lambda: one.poll() is None and
                             pathlib.Path(f"/proc/{one.pid}/comm").read_text() == "sleep\n")
        one.send_signal(signal.SIGSEGV)
        one.wait(10)
        cores = list(folder.glob("core*"))
        if not cores:
            self.skipTest("this machine keeps no core files beside the program (core_pattern)")
        for core in cores:
            core.unlink()
        self.device.send_text(TEXT, NUMBERS["accepted"])
        self.device.start(*generous)
        self.device.wait_accepted(1)
        for pid in reversed(self.device.processes()):
            subprocess.run(["kill", "-SEGV", str(pid)], check=True)
            self.device.wait_for(lambda pid=pid: self.has_ended(pid), 10, f"{pid} to end")
        self.device.kill()
        self.assertEqual(list(folder.glob("core*")), [])

    def has_ended(self, pid):
        stat = pathlib.Path(f"/proc/{pid}/stat")
        return self.device.agent.poll() is not None or not stat.exists()


if __name__ == "__main__":
    unittest.main()
