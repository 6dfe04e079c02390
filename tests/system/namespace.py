"""A device in a network namespace of its own, and what can befall the link between it and the server:

    device's namespace                 this one
    fpdN  198.18.N.2/29  ───────────  fphN  198.18.N.1/29
          default route via 198.18.N.1     198.19.N.1, where the simulator listens

The addresses are those for measuring networks (RFC 2544). Everything is made anew for each test, and
goes with it.
"""

import errno
import itertools
import os
import shutil
import socket
import struct
import subprocess
import threading

SO_TIMESTAMPNS = 35  # of include/uapi/asm-generic/socket.h; Python has no name for it
numbers = itertools.count(os.getpid() * 31 % 197)


def run(*words, check=True):
    return subprocess.run(words, check=check, capture_output=True, text=True)


def can_make_networks():
    return os.geteuid() == 0 and all(map(shutil.which, ("ip", "nft", "tc"))) and run(
        "unshare", "--net", "true", check=False).returncode == 0


class Link:
    def __init__(self):
        self.number = next(numbers) % 200 + 20
        while run("ip", "link", "show", f"fph{self.number}", check=False).returncode == 0:
            self.number = next(numbers) % 200 + 20
        self.name = f"fieldpost-{os.getpid()}-{self.number}"
        self.here, self.there = f"fph{self.number}", f"fpd{self.number}"
        self.gateway = f"198.18.{self.number}.1"
        self.server = f"198.19.{self.number}.1"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.here, "type", "veth", "peer", "name", self.there, "netns", self.name)
        run("ip", "addr", "add", f"{self.gateway}/29", "dev", self.here)
        run("ip", "addr", "add", f"{self.server}/32", "dev", self.here)
        run("ip", "link", "set", self.here, "up")
        self.ip("addr", "add", self.address(2), "dev", self.there)
        self.ip("link", "set", "lo", "up")
        self.ip("link", "set", self.there, "up")
        self.give_route()

    def close(self):
        run("ip", "link", "del", self.here, check=False)
        run("ip", "netns", "del", self.name, check=False)

    def inside(self, *words):
        """The words that run a command in the device's namespace."""
        return ("ip", "netns", "exec", self.name, *words)

    def ip(self, *words):
        run("ip", "-n", self.name, *words)

    def batch(self, lines):
        """Many of them, by one ip(8)."""
        subprocess.run(["ip", "-n", self.name, "-batch", "-"], input=lines, check=True,
                       capture_output=True, text=True)

    def address(self, host):
        return f"198.18.{self.number}.{host}/29"

    # --- what befalls it ------------------------------------------------------------------------

    def pull(self):
        """The cable: the device sees that its link is gone."""
        run("ip", "link", "set", self.here, "down")

    def plug(self):
        run("ip", "link", "set", self.here, "up")

    def take_route(self):
        self.ip("route", "del", "default")

    def give_route(self):
        self.ip("route", "add", "default", "via", self.gateway)

    def filter(self, *rules):
        """Drops what these rules of nft(8) say, of what comes to the device."""
        nft = self.inside("nft")
        run(*nft, "add", "table", "inet", "test")
        run(*nft, "add", "chain", "inet", "test", "in", "{ type filter hook input priority 0 ; }")
        for rule in rules:
            run(*nft, "add", "rule", "inet", "test", "in", *rule.split(), "drop")

    def clear(self):
        run(*self.inside("nft", "flush", "ruleset"))

    def slow_down(self, rate):
        """Both directions to so many bits a second."""
        shape = ("root", "tbf", "rate", rate, "burst", "1600", "latency", "20s")
        run("tc", "qdisc", "add", "dev", self.here, *shape)
        run(*self.inside("tc", "qdisc", "add", "dev", self.there, *shape))


class Attempts(threading.Thread):
    """The device's attempts to connect, as [(when, port)]: the first SYN of each, by the kernel's clock,
    which is time.time()'s."""

    def __init__(self, link):
        super().__init__(daemon=True)
        self.seen = []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind((link.here, 0x0800))
        self.start()

    def run(self):
        while True:
            try:
                packet, more, _, _ = self.socket.recvmsg(128, 64)
            except OSError as error:
                if error.errno == errno.ENETDOWN:
                    continue  # the cable is pulled; this is said once
                return
            tcp = packet[(packet[0] & 15) * 4:]
            if packet[9] != socket.IPPROTO_TCP or tcp[13] & 0x12 != 0x02:
                continue  # no SYN, or the answer to one
            when = next(s + ns / 1e9 for _, kind, data in more if kind == SO_TIMESTAMPNS
                        for s, ns in [struct.unpack("@ll", data)])
            port = struct.unpack("!H", tcp[:2])[0]
            if port not in (known for _, known in self.seen):
                self.seen.append((when, port))

    def close(self):
        self.socket.close()

    def since(self, when):
        return [at for at, _ in self.seen if at >= when]
