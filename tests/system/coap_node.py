"""The npm package `coap` as a client: a program in Node.js that is told what to ask."""

import collections
import itertools
import json
import pathlib
import queue
import subprocess
import threading

from harness import ROOT, SLOWER

PACKAGES = ROOT / "build" / "coap-client" / "node_modules"


class NodeClient:
    def __init__(self, port):
        if not (PACKAGES / "coap").is_dir():
            raise FileNotFoundError("the npm package coap: toolchains/npm-packages coap-client")
        self.process = subprocess.Popen(
            ["node", pathlib.Path(__file__).with_name("coap_node.mjs"), str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.numbers = itertools.count()
        self.lines = queue.SimpleQueue()
        self.heard = collections.defaultdict(collections.deque)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def ask(self, method, path, body=None, **more):
        """The request's number. `block1` says how large its blocks are: 2 means 64 bytes."""
        number = next(self.numbers)
        request = {"number": number, "method": method, "pathname": path, **more}
        if body is not None:
            request["body"] = body if isinstance(body, str) else json.dumps(body)
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return number

    def hear(self, number, seconds=30):
        """The next that comes to that request."""
        while not self.heard[number]:
            try:
                line = self.lines.get(timeout=seconds * SLOWER)
            except queue.Empty:
                raise AssertionError(f"nothing more is heard of request {number}") from None
            if "error" in line:
                raise AssertionError(line)
            self.heard[line["number"]].append(line)
        return self.heard[number].popleft()

    def answer(self, *request, **more):
        return self.hear(self.ask(*request, **more))

    def close(self):
        self.process.stdin.close()
        self.process.wait(20 * SLOWER)
        self.process.stdout.close()
