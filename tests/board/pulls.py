#!/usr/bin/env python3
"""Pulls a board's plug again and again while programs send. tests/board/long runs this.

After every boot: what `send` printed an id for has been taken by the API exactly once, or still
waits, or stands in doubt. Nothing is lost, nothing arrives twice. At the end all that waits is
sent, and the same must hold.
"""

import argparse
import collections
import json
import random
import re
import shutil
import sys
import time

from board import BUILD, HOST, MACHINES, SLOWER, Board, Dead, initramfs
from judge import judge
from simulator import Simulator

TAKERS = 3
NO_QUEUE = 69
HELD = ("queued", "sending", "uncertain", "held", "failed", "expired", "superseded", "dropped")

# When: in the boot's first look at the queue, as the agent starts, while messages are taken and
# sent. How long into that, in seconds. Whether the API can be reached: from the start, never, late.
Plan = collections.namedtuple("Plan", "phase after api pause_ms")


def plan(seed, number):
    chance = random.Random(f"{seed}/{number}")
    phase = chance.choices(("look", "start", "send"), (15, 15, 70))[0]
    after = chance.uniform(0, {"look": 0.15, "start": 0.5, "send": 5}[phase])
    api = chance.choices(("there", "away", "late"), (60, 15, 25))[0]
    return Plan(phase, round(after, 4), api, chance.choice((0, 50, 150)))


class Pulls:
    def __init__(self, machine, seed):
        self.machine, self.seed = machine, seed
        self.folder = BUILD / machine.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.simulator = Simulator(self.folder / "sim")
        self.simulator.authority.names += (HOST,)
        # Requests must be in flight when the plug is pulled.
        self.simulator.behave(delay=0.1, probability=0.5, seed=seed)
        self.board = Board(machine, self.folder)
        machine.disk(self.board.disk)
        self.board.initramfs.write_bytes(initramfs(
            machine, self.settings(), self.simulator.token, self.simulator.ca_file.read_bytes()))
        self.promised, self.held = {}, {}
        self.refused = collections.Counter()
        self.count = 0

    def settings(self):
        return {
            "api": {"base_url": f"https://{HOST}:{self.simulator.port}",
                    "channel": self.simulator.channel, "token_file": "/etc/fieldpost/token",
                    "ca_file": "/etc/fieldpost/ca.crt"},
            "templates": {"next-step": {"name": "next_step", "namespace": "NS", "language": "en"}},
            "queue": {"path": "/data/queue", "size": "1MiB"},
            "retry": {"first": "100ms", "max": "1s", "spread": "0s"},
            "intake": {"socket": "/run/fieldpost/fieldpost.sock"},
            "log": {"target": "stderr"},
        }

    # --- one pull ---------------------------------------------------------------------------------

    def pull(self):
        self.count += 1
        wanted = plan(self.seed, self.count)
        shutil.copyfile(self.board.disk, self.folder / "disk.before")
        self.reachable(wanted.api == "there")
        began = time.monotonic()
        self.board.boot()
        booted = time.monotonic() - began
        if wanted.phase == "look":
            self.board.tell("run", "status", "--json")
            self.board.tell("run", "list")
        else:
            self.look()
            self.check()
            self.board.tell("start")
            self.board.tell("take", f"p{self.count}", TAKERS, wanted.pause_ms)
        if wanted.api == "late":
            time.sleep(wanted.after / 2 * SLOWER)
            self.reachable(True)
            time.sleep(wanted.after / 2 * SLOWER)
        else:
            time.sleep(wanted.after * SLOWER)
        self.board.pull_the_plug()
        self.promised |= self.board.took
        self.refused.update(code for _, code in self.board.refused)
        self.note(pull=self.count, **wanted._asdict(), boot_s=round(booted, 1),
                  took=len(self.board.took))

    def reachable(self, there):
        if there:
            self.simulator.start()
        else:
            self.simulator.stop()

    def look(self):
        """What the agent has not ended, from its flash; it does not run yet."""
        self.held = {}
        # Until the first agent has run there is no queue.
        codes = (0,) if self.promised else (0, NO_QUEUE)
        counts = self.board.objects("status", codes=codes)[0].get("counts", {})
        for state in HELD:
            if counts.get(state):
                for message in self.board.objects("list", "--state", state):
                    self.held[message["id"]] = message["state"]

    def check(self, at_the_end=False):
        # What was in flight when the plug was pulled has been written down by now.
        if not self.simulator.wait_for(self.simulator.is_idle, 10 * SLOWER):
            raise Dead("the simulator holds a connection of a board that has no power")
        wrong = judge(self.promised, self.held, self.arrived(), self.count, at_the_end)
        wrong += self.simulator.problems() + self.board.complaints
        if wrong:
            raise Wrong(wrong)

    def arrived(self):
        tags = (re.search(rb'"text":"(p\d+\.\d+\.\d+)"', body)[1].decode()
                for body in self.simulator.accepted())
        return collections.Counter(tags)

    def note(self, **facts):
        with (self.folder / "pulls.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    # --- the end ----------------------------------------------------------------------------------

    def drain(self):
        """All that waits is sent, and the board goes off in order."""
        self.reachable(True)
        self.simulator.calm()
        self.board.boot()
        self.look()
        self.check()
        self.board.do("start")
        waiting = self.waiting()
        while waiting:
            time.sleep(0.5)
            left = self.waiting()
            if left >= waiting and self.simulator.wait_for(lambda: self.waiting() < waiting, 60):
                raise Dead(f"{left} messages wait and nothing moves")
            waiting = left
        self.board.do("stop")
        self.look()
        self.check(at_the_end=True)
        self.board.off()

    def waiting(self):
        counts = self.board.objects("status")[0]["counts"]
        return counts["queued"] + counts["sending"]

    def close(self):
        if self.board.has_power():
            self.board.pull_the_plug()
        self.simulator.close()


class Wrong(Exception):
    """An invariant is broken."""


def run(machine, count, seed):
    began = time.monotonic()
    pulls = Pulls(machine, seed)
    print(f"{machine.name}: {count} pulls, seed {seed}", flush=True)
    try:
        while pulls.count < count:
            pulls.pull()
            progress(f"{machine.name}: {pulls.count} of {count} pulls, {len(pulls.promised)} "
                     f"promised, {time.monotonic() - began:.0f} s", pulls.count % 25 == 0)
        pulls.drain()
    except (Wrong, Dead) as why:
        report(pulls, why)
        return False
    finally:
        pulls.close()
    progress("", False)
    arrived = pulls.arrived()
    doubts = sum(state == "uncertain" for state in pulls.held.values())
    print(f"{machine.name}: {count} pulls in {time.monotonic() - began:.0f} s; "
          f"{len(pulls.promised)} promised, 0 lost, 0 doubled; {len(arrived)} arrived, "
          f"{doubts} in doubt; sends that gave no id, by exit code: {dict(pulls.refused)}")
    return True


def progress(text, also_without_terminal):
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif also_without_terminal:
        print(text, flush=True)


def report(pulls, why):
    progress("", False)
    print(f"{pulls.machine.name}: FAILED at pull {pulls.count}")
    for line in why.args[0] if isinstance(why, Wrong) else [str(why)]:
        print("  " + line)
    print(f"""The same moments again (the emulator is not the same to the instruction):
  tests/board/long {pulls.count} --board {pulls.machine.name} --seed {pulls.seed}
In {pulls.folder}: pulls.jsonl (what was done), console.log (what the board said), disk and
disk.before (its flash now, and before the last boot), sim/journal.jsonl (what arrived).""")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, nargs="?", default=300)
    parser.add_argument("--board", action="append", choices=sorted(MACHINES))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    names = asked.board or list(MACHINES)
    # Every board gets its share, the first ones the rest.
    shares = [(asked.count + i) // len(names) for i in reversed(range(len(names)))]
    results = [run(MACHINES[name], share, asked.seed) for name, share in zip(names, shares) if share]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
