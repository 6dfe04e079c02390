"""Promises 1 and 2 under fire: the agent is killed again and again while many programs send, and
the API drops connections. What `send` printed an id for is neither lost nor doubled."""

import collections
import os
import random
import re
import signal
import threading
import time
import unittest

from harness import DONE, EMULATOR, NOT_REACHABLE, SLOWER, SystemTest

MESSAGES = int(os.environ.get("FIELDPOST_STORM", "100" if EMULATOR else "1000"))
KILLS = 5 if EMULATOR else 25  # at least; while there are offers, it goes on
WORKERS = 8
CAME = ("accepted", "sent")
PAUSE = 0.15  # s at most between two offers of a worker: the offers must outlast a few kills


class KillStorm(SystemTest):
    settings = {"retry": {"first": "100ms", "max": "1s", "spread": "0s"},
                "queue": {"size": "8MiB"},
                "tracking": {"until": "read"},  # which nobody ever hears of: all go on living
                # While a doubt is looked into, it holds up the others of its recipient.
                "uncertain": {"patience": "1s"}}

    def test_every_printed_id_is_accepted_once_or_stands_in_doubt(self):
        # Every way in which a request can be cut off, at random; the lost ones may have been taken.
        for seed, rule in enumerate((
                {"where": "connection", "connection": "refuse", "probability": 0.05},
                {"where": "connection", "connection": "reset_after_handshake",
                 "probability": 0.05},
                {"where": "request", "cut_request": 0, "probability": 0.005},
                {"where": "request", "cut_request": 100, "probability": 0.005},
                {"cut": 0, "end": "reset", "take": True, "probability": 0.005},
                {"cut": 30, "end": "drop", "take": True, "probability": 0.005},
                {"answer": "server_error", "take": False, "probability": 0.005},
                {"end": "close", "probability": 0.02})):
            self.simulator.behave(**rule, seed=seed)
        self.promised, self.failures, self.unsure, self.kills = {}, [], 0, 0
        self.lock, self.numbers, self.over = threading.Lock(), iter(range(MESSAGES)), False
        began = time.monotonic()
        workers = [threading.Thread(target=self.offer, args=(number,)) for number in range(WORKERS)]
        storm = threading.Thread(target=self.storm)
        for thread in (storm, *workers):
            thread.start()
        for worker in workers:
            worker.join()
        self.over = True
        storm.join()
        stormed = time.monotonic() - began
        self.assertEqual(self.failures, [])
        self.assertEqual(len(self.promised), MESSAGES)

        self.simulator.calm()
        self.device.start()
        self.device.wait_for(lambda: not {"queued", "sending"} & set(self.device.counts()), 60,
                             "the queue to be empty")
        self.judge()
        print(f"\n{MESSAGES} messages and {self.kills} kills in {stormed:.0f} s: "
              f"{self.device.counts()}; {self.unsure} sends were not answered")

    def offer(self, worker):
        chance = random.Random(worker)
        while True:
            with self.lock:
                number = next(self.numbers, None)
            if number is None:
                return
            phone = f"1202555{100 + number % 100:04}"
            for again in range(50):
                # A text of its own for every offer: a send that was killed with the agent cannot
                # say whether it was taken, and what is offered anew is then another message.
                text = f"storm {number:05}.{again}"
                done = self.device.command(
                    "send", "next-step", "--to", phone, "--customer-name", "Maria", "--process",
                    f"case {number}", "--next-step", text, seconds=60)
                with self.lock:
                    if done.code == DONE and re.fullmatch(r"[0-9]+\n", done.out):
                        self.promised[text] = int(done.out)
                        break
                    self.unsure += 1
                    if done.code != NOT_REACHABLE or done.out:
                        self.failures.append((text, done))
            time.sleep(chance.uniform(0, PAUSE))

    def storm(self):
        chance = random.Random(11)
        while not self.over or self.kills < KILLS:
            self.device.start(wait=False)
            time.sleep(chance.uniform(0.02, 0.8) * SLOWER)
            # Now and then one of the children first: the supervisor must cope with that, too.
            victims = self.device.processes()
            if chance.random() < 0.3 and len(victims) > 1:
                try:
                    os.kill(chance.choice(victims[1:]), signal.SIGKILL)
                except ProcessLookupError:
                    pass
                time.sleep(chance.uniform(0.02, 0.4) * SLOWER)
            self.device.kill()
            self.kills += 1

    def judge(self):
        accepted = collections.Counter(
            re.search(rb"storm \d{5}\.\d+", body)[0].decode()
            for body in self.simulator.accepted())
        messages = self.device.messages()
        self.assertEqual({text: n for text, n in accepted.items() if n > 1}, {},
                         "a customer was messaged twice")
        self.assertEqual(len(set(self.promised.values())), MESSAGES, "an id was given twice")
        lost = []
        for text, message_id in self.promised.items():
            message = messages.get(message_id)
            if message is None:  # over, and recycled with its segment
                if accepted[text] != 1:
                    lost.append((text, message_id, "unknown to the agent and to the API"))
            elif message["state"] in CAME:
                if accepted[text] != 1:
                    lost.append((text, message_id, "it came, says the agent; the API knows nothing"))
            elif message["state"] != "uncertain" and message["reason"] != "maybe_sent":
                lost.append((text, message_id, message["state"], message["reason"]))
        self.assertEqual(lost, [])
        # Doubt costs a person's time: it must stay rare.
        doubts = sum(m["reason"] == "maybe_sent" for m in messages.values())
        self.assertLess(doubts, MESSAGES // 20 + self.kills + 10)
        self.assertNoProblems()


if __name__ == "__main__":
    unittest.main()
