"""What arrived, exactly: one JSON object a line, flushed before it is acted upon.

Bytes are written as latin-1 text, which gives every byte back. Opened again, a journal goes on
where it ended, and knows what was accepted before: it survives the simulator.
"""

import collections
import json
import pathlib
import threading
import time


class Journal:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self._lock = threading.RLock()
        self._forget()
        if self.path.exists():
            for line in self.path.read_text(encoding="utf-8").splitlines():
                if line.endswith("}"):  # else it was cut by whatever ended the last run
                    self._keep(json.loads(line))
        self._file = self.path.open("a", encoding="utf-8")

    def _forget(self):
        self._entries = []
        self._counts = collections.Counter()
        self._deliveries = collections.Counter()  # how often each body was accepted

    def _keep(self, entry):
        self._entries.append(entry)
        self._counts[entry["kind"]] += 1
        if entry["kind"] == "request":
            self._counts["problems"] += len(entry["problems"])
            if entry["accepted"]:
                self._deliveries[entry["body"]] += 1

    def write(self, kind, **facts):
        entry = {"kind": kind, "time": round(time.time(), 6), **facts}
        with self._lock:
            self._file.write(json.dumps(entry, ensure_ascii=True) + "\n")
            self._file.flush()
            self._keep(entry)
        return entry

    def reset(self):
        with self._lock:
            self._file.truncate(0)
            self._forget()

    def close(self):
        self._file.close()

    def entries(self, kind=None):
        with self._lock:
            return [e for e in self._entries if kind is None or e["kind"] == kind]

    def count(self, kind):
        with self._lock:
            return self._counts[kind]

    def deliveries(self):
        """How often each body was accepted, as {bytes: times}."""
        with self._lock:
            return {body.encode("latin-1"): n for body, n in self._deliveries.items()}

    def accepted_total(self):
        with self._lock:
            return sum(self._deliveries.values())
