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
import shutil
import sys
import time

from bench import Bench
from board import SLOWER, Dead
from judge import judge
from machines import MACHINES

TAKERS = 3
NOT_REACHABLE, QUEUE_FULL = 69, 73
SHOWN = 10  # lines of what is wrong

# When: in the boot's first look at the queue, as the agent starts, from the first taken message on.
# How long into that, in seconds. Whether the API can be reached: from the start, never, late.
Plan = collections.namedtuple("Plan", "phase after api pause_ms")


def plan(seed, number, reading_s):
    chance = random.Random(f"{seed}/{number}")
    phase = chance.choices(("look", "start", "send"), (15, 15, 70))[0]
    after = chance.uniform(0, {"look": reading_s, "start": reading_s + 0.35, "send": 5}[phase])
    api = chance.choices(("there", "away", "late"), (70, 10, 20))[0]
    return Plan(phase, round(after, 4), api, chance.choice((0, 100, 300)))


class Pulls(Bench):
    def __init__(self, machine, seed):
        super().__init__(machine)
        self.seed, self.count = seed, 0
        self.promised = {}
        self.refused = collections.Counter()
        # Some requests must be in flight when the plug is pulled.
        self.simulator.behave(delay=0.1, probability=0.3, seed=seed)

    # --- one pull ---------------------------------------------------------------------------------

    def pull(self):
        self.count += 1
        wanted = plan(self.seed, self.count, self.machine.reading_s)
        shutil.copyfile(self.board.disk, self.folder / "disk.before")
        self.reachable(wanted.api == "there")
        began = time.monotonic()
        self.board.boot()
        booted = time.monotonic() - began
        if wanted.phase == "look":
            self.board.tell("run", "status", "--json")
            self.board.tell("run", "list")
        else:
            self.check(self.look(may_be_new=not self.promised))
            self.board.tell("start")
            self.board.tell("take", f"p{self.count}", TAKERS, wanted.pause_ms)
        if wanted.phase == "send":
            self.board.wait_until(lambda: self.board.took or self.board.refused, 60)
        if wanted.api == "late":
            time.sleep(wanted.after / 2 * SLOWER)
            self.reachable(True)
            time.sleep(wanted.after / 2 * SLOWER)
        else:
            time.sleep(wanted.after * SLOWER)
        self.board.pull_the_plug()
        self.promised |= self.board.took
        wrong = [f"send gave {code} for {tag}" for tag, code in self.board.refused
                 if code not in (NOT_REACHABLE, QUEUE_FULL)]
        if wrong:
            raise Wrong(wrong)
        self.refused.update(code for _, code in self.board.refused)
        self.note(pull=self.count, **wanted._asdict(), boot_s=round(booted, 1),
                  took=len(self.board.took))

    def check(self, held, at_the_end=False):
        # What was in flight when the plug was pulled has been written down by now.
        if not self.simulator.wait_for(self.simulator.is_idle, 10 * SLOWER):
            raise Dead("the simulator holds a connection of a board that has no power")
        wrong = judge(self.promised, held, self.arrived(), self.count, at_the_end)
        wrong += self.simulator.problems() + self.board.complaints
        if self.corrupt_units:
            wrong.append(f"{self.corrupt_units} units are damaged, which no pull does")
        if wrong:
            raise Wrong(wrong)

    def note(self, **facts):
        with (self.folder / "pulls.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(facts) + "\n")

    # --- the end ----------------------------------------------------------------------------------

    def finish(self):
        """All that waits is sent, and the board goes off in order. Gives what is left."""
        self.reachable(True)
        self.simulator.calm()
        self.board.boot()
        self.check(self.look(may_be_new=not self.promised))
        self.board.do("start")
        self.drain()
        self.board.do("stop")
        held = self.look()
        self.check(held, at_the_end=True)
        self.board.do("run", "store", "verify")
        self.board.off()
        return held


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
        held = pulls.finish()
    except (Wrong, Dead, TimeoutError) as why:
        report(pulls, why)
        return False
    finally:
        pulls.close()
    progress("", False)
    arrived = pulls.arrived()
    doubts = sum(state == "uncertain" for state in held.values())
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
    lines = why.args[0] if isinstance(why, Wrong) else [str(why)]
    more = [f"and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    print("\n".join("  " + line for line in lines[:SHOWN] + more))
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
