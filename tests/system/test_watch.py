"""What happened, followed: from a number on, through crashes of either side, and by several at once."""

import fcntl
import json
import pathlib
import re
import select
import signal
import socket
import struct
import subprocess
import termios
import threading
import time
import unittest

from harness import DONE, EMULATOR, NOT_REACHABLE, SLOWER, SystemTest, request


class Watcher:
    """`fieldpost watch --json`, its lines as they come; as a script it keeps the number of the last."""

    def __init__(self, device, start=None, reads=True):
        words = ["watch", "--json"] + ([] if start is None else ["--from", start])
        self.process = subprocess.Popen(device.words(*words), stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.lines = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        if reads:
            self.thread.start()

    def read(self):
        for line in self.process.stdout:
            if line.endswith(b"\n"):
                self.lines.append(json.loads(line))

    def up_to_date(self):
        """The line that says that all there was has been told."""
        return any("id" not in line and "event" in line for line in self.lines)

    def end(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        self.process.wait()
        if self.thread.ident:
            self.thread.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.lines


def events(lines):
    """Without the time, which a clock that is set meanwhile puts right, too."""
    return [{name: value for name, value in line.items() if name != "time"}
            for line in lines if "event" in line and "id" in line]


class Watch(SystemTest):
    def watch(self, start=None, reads=True):
        watcher = Watcher(self.device, start, reads)
        self.addCleanup(lambda: watcher.process.stdout.closed or watcher.end())
        return watcher

    def history(self):
        """All that the log holds, read without an agent."""
        done = self.device.command("watch", "--json", "--from", 0)
        self.assertEqual(done.code, NOT_REACHABLE)
        self.assertIn("No agent is running", done.err)
        return [json.loads(line) for line in done.out.splitlines()]

    def test_each_change_is_one_line_that_says_what_and_when(self):
        self.device.start()
        watcher = self.watch()
        self.device.wait_for(watcher.up_to_date, 10, "the stream")
        message = self.device.send_objects([request("one", key="k", topic="t")])[0]
        self.device.wait_for(lambda: len(events(watcher.lines)) == 3, 10, "three changes")
        for line in watcher.lines:
            if "id" in line:
                self.assertRegex(line["time"], r"^20\d\d-.*Z$")
        told = events(watcher.end())
        self.assertEqual([e["state"] for e in told], ["queued", "sending", "accepted"])
        for event in told:
            self.assertEqual((event["id"], event["scenario"], event["to"], event["key"],
                              event["topic"]),
                             (message, "next-step", "1202•••0123", "k", "t"))
        self.assertEqual(told[2]["message_id"], self.device.show(message)["message_id"])
        self.device.stop()
        self.assertEqual(events(self.history()), told)

    def test_people_get_one_line_of_80_columns_for_each(self):
        self.device.send_objects([request("one", to="49171555010%d" % n) for n in range(3)])
        done = self.device.command("watch", "--from", 0)
        self.assertEqual(len(done.out.splitlines()), 3)
        for line in done.out.splitlines():
            self.assertLessEqual(len(line), 80)
            self.assertIn("queued", line)

    def test_agent_and_watcher_killed_in_between_miss_nothing_and_tell_nothing_twice(self):
        self.device.start()
        kept, told = 0, []
        for n in range(8):
            watcher = self.watch(kept)
            ids = self.device.send_objects([request(f"m{n}-{i}", f"120{n + 2}555010{i}")
                                            for i in range(6)])
            if n % 2:
                self.device.kill()
                self.device.start()
            # Some of it has been told; the rest is for the next one.
            self.device.wait_for(lambda: any(e["id"] == ids[n % 6] for e in events(watcher.lines)),
                                 15, "some events")
            fresh = events(watcher.end())
            told += fresh
            kept = told[-1]["event"]
        # What a crash left in doubt stays so; it holds up nobody, for each has a number of its own.
        self.device.wait_for(lambda: not {"queued", "sending"} & set(self.device.counts()), 30,
                             "an end of sending")
        self.device.stop()
        everything = events(self.history())
        done = self.device.command("watch", "--json", "--from", kept)
        told += events(map(json.loads, done.out.splitlines()))
        self.assertEqual(told, everything)
        numbers = [e["event"] for e in told]
        self.assertEqual(numbers, sorted(set(numbers)))
        last = {e["id"]: e["state"] for e in told}
        self.assertEqual(last, {m["id"]: m["state"] for m in self.device.messages().values()})
        self.assertEqual(len(last), 48)

    def test_the_stream_lives_through_a_restart_of_the_agent(self):
        self.device.start()
        watcher = self.watch(0)
        self.device.send_objects([request("before")])
        self.device.wait_for(lambda: len(events(watcher.lines)) == 3, 10, "the first")
        old = set(self.device.processes()[1:])
        self.device.signal(signal.SIGHUP)
        self.device.wait_for(lambda: not old & set(self.device.processes()) and
                             self.device.answers(), 15, "the new processes")
        self.device.send_objects([request("after", "12025550124")])
        self.device.wait_for(lambda: len(events(watcher.lines)) == 6, 15, "the second")
        numbers = [e["event"] for e in events(watcher.end())]
        self.assertEqual(numbers, sorted(set(numbers)))

    def test_what_the_log_no_longer_holds_is_a_gap_and_the_present_states(self):
        self.device.configure(queue={"size": "1MiB"})
        held = self.device.send_objects([request("later", not_before="+30d")])[0]
        self.device.start()
        for n in range(6):
            self.device.send_objects([request(f"m{n}-{i}", f"120255501{i:02d}") for i in range(40)])
        self.device.wait_for(lambda: set(self.device.counts()) == {"queued", "accepted"} and
                             self.device.counts()["queued"] == 1, 60, "all to be sent")
        watcher = self.watch(1)
        self.device.wait_for(watcher.up_to_date, 15, "the present states")
        states = watcher.lines[1:-1]
        self.assertEqual(watcher.lines[0], {"gap": 1})
        self.assertEqual({s["id"]: s["state"] for s in states},
                         {m["id"]: m["state"] for m in self.device.messages().values()})
        self.assertIn(held, [s["id"] for s in states])
        self.assertEqual([s for s in states if "event" in s], [])
        self.device.command("drop", held)
        self.device.wait_for(lambda: events(watcher.lines), 10, "what came next")
        self.assertEqual(events(watcher.end())[0]["state"], "dropped")

    def test_three_follow_and_a_fourth_is_told_so_until_one_ends(self):
        self.device.start()
        watchers = [self.watch(0) for _ in range(3)]
        for watcher in watchers:
            self.device.wait_for(watcher.up_to_date, 10, "the stream")
        self.assertEqual(self.device.http("GET", "/v1/events")[0], 429)
        self.assertEqual(self.device.command("watch").code, NOT_REACHABLE)
        self.assertEqual(self.device.command("status").code, DONE)
        watchers[0].end()
        again = self.watch(0)
        self.device.wait_for(again.up_to_date, 10, "the place that is free again")

    def test_a_watcher_that_nobody_reads_ends_and_gives_its_place_back(self):
        self.device.start()
        pipe = subprocess.Popen(self.device.words("watch", "--json"), stdout=subprocess.PIPE)
        pipe.stdout.readline()
        pipe.stdout.close()
        self.assertEqual(pipe.wait(10 * SLOWER), DONE)

    def test_a_reader_that_does_not_read_holds_nobody_up(self):
        self.device.start()
        with socket.socket(socket.AF_UNIX) as idle:
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            idle.connect(str(self.device.socket))
            idle.sendall(b"GET /v1/events?from=0 HTTP/1.1\r\nHost: x\r\n\r\n")
            for n in range(4):
                self.device.send_objects([request(f"m{n}-{i}", f"120255501{i:02d}")
                                          for i in range(100)])
            self.device.wait_accepted(400, 60)
            hung_up = select.poll()
            hung_up.register(idle, 0)
            self.assertTrue(hung_up.poll(30_000 * SLOWER), "its stream is still open")
            told = b""
            while piece := idle.recv(65536):
                told += piece
        self.assertLess(told.count(b'"event"'), 3 * 400)

    def test_without_an_agent_a_reader_that_does_not_read_lets_one_start(self):
        for n in range(5):
            self.device.send_objects([request(f"m{n}-{i}", f"120255501{i:02d}", key=f"{n}-{i}" * 10,
                                              topic="t" * 60) for i in range(80)])
        watcher = self.watch(0, reads=False)
        self.device.wait_for(lambda: self.waiting_bytes(watcher) > 32_768, 15, "events in the pipe")
        # A command that gets at the queue shows that it was given back: the pipe is full now.
        self.assertEqual(self.device.command("status").code, DONE)
        self.device.start()
        watcher.thread.start()
        self.device.wait_for(watcher.up_to_date, 30, "the rest")
        queued = [e for e in events(watcher.end()) if e["state"] == "queued"]
        self.assertEqual(len(queued), 400)
        numbers = [e["event"] for e in events(watcher.lines)]
        self.assertEqual(numbers, sorted(set(numbers)))

    @unittest.skipIf(EMULATOR, "strace sees the emulator's calls")
    def test_without_an_agent_a_reader_that_went_away_costs_one_look(self):
        for n in range(3):
            self.device.send_objects([request(f"m{n}-{i}", f"120255501{i:02d}") for i in range(80)])
        trace = self.device.folder / "strace"
        for words in (("list",), ("watch", "--from", "0")):
            pipe = subprocess.Popen(["strace", "-e", "trace=?open,openat", "-e", "signal=none", "-o",
                                     str(trace), *self.device.words(*words)],
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            pipe.stdout.close()
            pipe.wait(20 * SLOWER)
            self.assertEqual(trace.read_text().count(f'"{self.device.queue}"'), 1, words)

    def waiting_bytes(self, watcher):
        return struct.unpack("i", fcntl.ioctl(watcher.process.stdout, termios.FIONREAD, b"1234"))[0]

    def test_nobody_wakes_while_nothing_happens(self):
        self.device.start()
        watcher = self.watch()
        self.device.wait_for(watcher.up_to_date, 10, "the stream")
        time.sleep(2)

        def switches():
            texts = [pathlib.Path(f"/proc/{pid}/status").read_text()
                     for pid in [*self.device.processes(), watcher.process.pid]]
            return sum(map(int, re.findall(r"ctxt_switches:\s*(\d+)", "".join(texts))))
        before = switches()
        time.sleep(10)
        # A change of the machine's network may come in between.
        self.assertLess(switches() - before, 5)


if __name__ == "__main__":
    unittest.main()
