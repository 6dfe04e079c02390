"""Two machines on one cable, as network namespaces, and what goes over the cable.

The process that asks for it moves into the server's namespace for good; what it starts through
Cable.client(words) runs in the other one. Each packet is one that a cable of 1,500 bytes can carry:
offloading is off, so that a large answer is counted with all its headers.
"""

import collections
import ctypes
import os
import socket
import statistics
import struct
import subprocess
import threading

SERVER, CLIENT = "10.77.0.1", "10.77.0.2"
CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3  # the only one that hears of what leaves, too

Count = collections.namedtuple("Count", "packets ip tls")
Packet = collections.namedtuple("Packet", "from_client ip tls")


def total(packets):
    return Count(len(packets), sum(p.ip for p in packets), sum(p.tls for p in packets))


def one_message(packets):
    """What most messages of a connection cost: from one piece that the client sends to its next. What
    a handshake or a late acknowledgement adds to a few does not move it."""
    pieces = []
    for packet in packets:
        if packet.from_client and packet.tls:
            pieces.append([])
        if pieces:
            pieces[-1].append(packet)
    return Count(*(statistics.median(sums) for sums in zip(*map(total, pieces))))


def run(*words):
    subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)


class Cable:
    def __init__(self):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "no network namespace: this needs root")
        # The other end: a process that only holds its namespace.
        self._holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        pid = str(self._holder.pid)
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{pid}/ns/net") == own:
            if self._holder.poll() is not None:
                raise OSError("no second network namespace")
        self._enter = ["nsenter", f"--net=/proc/{pid}/ns/net"]
        run("ip", "link", "add", "here", "gso_max_segs", "1", "type", "veth",
            "peer", "name", "there", "gso_max_segs", "1", "netns", pid)
        # Neighbours are known: nobody has to ask for them while it is counted.
        for enter, name, address, other in (([], "here", SERVER, CLIENT),
                                            (self._enter, "there", CLIENT, SERVER)):
            mac = {SERVER: "02:00:00:00:00:01", CLIENT: "02:00:00:00:00:02"}
            run(*enter, "ip", "link", "set", name, "address", mac[address], "up")
            run(*enter, "ip", "link", "set", "lo", "up")
            run(*enter, "ip", "address", "add", f"{address}/24", "dev", name)
            run(*enter, "ip", "neighbour", "add", other, "lladdr", mac[other], "dev", name,
                "nud", "permanent")
        self._packets = []
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                     socket.htons(ETH_P_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self._socket.bind(("here", ETH_P_ALL))
        threading.Thread(target=self._listen, daemon=True).start()

    def client(self, *words):
        return [*self._enter, *map(str, words)]

    def close(self):
        self._holder.kill()
        self._holder.wait()

    def _listen(self):
        while True:
            try:
                packet = self._socket.recv(65536)
            except OSError:
                return  # the cable is gone
            head = (packet[0] & 15) * 4
            size = struct.unpack("!H", packet[2:4])[0]
            if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
                continue
            payload = size - head - (packet[head + 12] >> 4) * 4
            with self._lock:
                self._packets.append(
                    Packet(packet[12:16] == socket.inet_aton(CLIENT), size, payload))

    def take(self):
        """The packets so far, which then are forgotten."""
        with self._lock:
            taken, self._packets = self._packets, []
        return taken
