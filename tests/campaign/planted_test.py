#!/usr/bin/env python3
"""planted_test.py FOLDER: shows that the campaign finds bugs. FOLDER holds crash_campaign, and
crash_campaign-NAME for each bug of plant.py: a queue with that one bug. Each must be found within
STATES crash states; the queue as it is must pass as many."""
import json
import pathlib
import subprocess
import sys

import plant

STATES = 8000
# With the history that fills its region: the bug shows only there, and the ones before it are long.
FIRST = {"no_reservation": 5}


def live(program, first=1):
    run = subprocess.run([program, "--states", str(STATES), "--first", str(first)],
                         stdout=subprocess.PIPE, text=True, check=False)
    lines = run.stdout.splitlines()
    result = json.loads(lines[-1])
    words = next((line for line in lines if line.startswith("FAILED: ")), "FAILED: nothing")
    return result, words.removeprefix("FAILED: ")


def main():
    folder = pathlib.Path(sys.argv[1])
    missed = 0
    for name, (what, _) in plant.BUGS.items():
        result, words = live(folder / f"crash_campaign-{name}", FIRST.get(name, 1))
        found = result["violations"] != 0
        missed += not found
        print(f"{'found' if found else 'MISSED'}  {name}: {what}\n"
              f"       seed {result['seed']}, state {result['states']}, {result['seconds']} s: {words}")
    result, words = live(folder / "crash_campaign")
    failed = result["violations"] != 0
    print(f"{'FAILED' if failed else 'passed'} nothing planted: {result['states']} states, "
          f"{result['seconds']} s: {words}")
    print(f"{len(plant.BUGS) - missed} of {len(plant.BUGS)} planted bugs found")
    sys.exit(missed != 0 or failed)


if __name__ == "__main__":
    main()
