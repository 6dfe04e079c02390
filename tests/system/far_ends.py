"""Whom a device's link may lead to, besides the simulator."""

import queue
import socket
import struct
import threading
import time


class NameServer(threading.Thread):
    """Answers every question for an IPv4 address with the same one."""

    def __init__(self, at, address):
        super().__init__(daemon=True)
        self.answer = socket.inet_aton(address)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((at, 53))
        self.start()

    def run(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(512)
            except OSError:
                return
            is_a = question[-4:-2] == b"\0\1"
            record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + self.answer
            head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, is_a, 0, 0)
            self.socket.sendto(head + question[12:] + (record if is_a else b""), peer)

    def close(self):
        self.socket.close()


class Late:
    """Hands on each piece that comes, in both directions, so many seconds later."""

    def __init__(self, at, to, seconds):
        self.to, self.seconds = to, seconds
        self.listener = socket.create_server((at, 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
                server = socket.create_connection(self.to)
            except OSError:
                return
            self.open += [client, server]
            for pair in ((client, server), (server, client)):
                pieces = queue.SimpleQueue()
                threading.Thread(target=self.take, args=(pair[0], pieces), daemon=True).start()
                threading.Thread(target=self.give, args=(pair[1], pieces), daemon=True).start()

    def take(self, source, pieces):
        while True:
            try:
                piece = source.recv(65536)
            except OSError:
                piece = b""
            pieces.put((time.monotonic() + self.seconds, piece))
            if not piece:
                return

    def give(self, to, pieces):
        while True:
            when, piece = pieces.get()
            time.sleep(max(0.0, when - time.monotonic()))
            try:
                to.sendall(piece) if piece else to.shutdown(socket.SHUT_WR)
            except OSError:
                return
            if not piece:
                return

    def close(self):
        for one in [self.listener, *self.open]:
            one.close()
