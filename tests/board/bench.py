"""A board with all that it needs: its flash, its configuration, and a simulator to send to."""

import collections
import re
import shutil

from board import BUILD, SLOWER, Board, initramfs
from simulator import Simulator

HOST = "10.0.2.2"  # where the board's network has the host's loopback
NO_QUEUE = 69
NOT_ACCEPTED = ("queued", "sending", "uncertain", "held", "failed", "expired", "superseded",
                "dropped")


def standing(message):
    """Its state. A doubt stays one: it is held when `uncertain.patience` is over."""
    return "uncertain" if message["reason"] == "maybe_sent" else message["state"]


class Bench:
    def __init__(self, machine, more=None):
        self.machine = machine
        self.corrupt_units = 0  # at the last look
        self.folder = BUILD / machine.name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.simulator = Simulator(self.folder / "sim")
        self.simulator.authority.names += (HOST,)
        self.simulator.authority.leaf()  # now: one made later is not valid yet for the board's clock
        self.board = Board(machine, self.folder)
        machine.prepare(self.board.disk)
        self.board.initramfs.write_bytes(initramfs(
            machine, self.settings(), self.simulator.token, self.simulator.ca_file.read_bytes(),
            more or {}))

    def settings(self):
        path, size = self.machine.queue
        return {
            "api": {"base_url": f"https://{HOST}:{self.simulator.port}",
                    "channel": self.simulator.channel, "token_file": "/etc/fieldpost/token",
                    "ca_file": "/etc/fieldpost/ca.crt"},
            "templates": {"next-step": {"name": "next_step", "namespace": "NS", "language": "en"}},
            "queue": {"path": path, "size": size},
            "retry": {"first": "100ms", "max": "1s", "spread": "0s"},
            "pace": {"per_recipient": "none", "per_recipient_per_day": 100_000, "per_second": 1000},
            # A doubt keeps its recipient waiting for as long as it is looked up.
            "uncertain": {"patience": "10s"},
            "intake": {"socket": "/run/fieldpost/fieldpost.sock"},
            "log": {"target": "stderr"},
        }

    def reachable(self, there):
        if there:
            self.simulator.start()
        else:
            self.simulator.stop()

    def status(self, codes=(0,)):
        return self.board.objects("status", codes=codes)[0]

    def look(self, may_be_new=False):
        """{id: state} of all but what has been accepted. `may_be_new`: until an agent has run there
        is no queue."""
        status = self.status((0, NO_QUEUE) if may_be_new else (0,))
        self.corrupt_units = status.get("store", {}).get("corrupt", 0)
        counts = status.get("counts", {})
        return {message["id"]: standing(message) for state in NOT_ACCEPTED
                if counts.get(state) for message in self.board.objects("list", "--state", state)}

    def arrived(self):
        """{tag: how often the API took it}"""
        tags = (re.search(rb'"text":"(\w+\.\d+\.\d+) x*"', body)[1].decode()
                for body in self.simulator.accepted())
        return collections.Counter(tags)

    def drain(self):
        """Waits until nothing is on its way; as long as something moves."""
        waiting = self.waiting()
        while waiting:
            if not self.simulator.wait_for(lambda last=waiting: self.waiting() < last, 60 * SLOWER):
                raise TimeoutError(f"{waiting} messages wait and nothing moves")
            waiting = self.waiting()

    def waiting(self):
        counts = self.status()["counts"]
        return counts["queued"] + counts["sending"]

    def close(self):
        if self.board.has_power():
            self.board.pull_the_plug()
        self.simulator.close()
