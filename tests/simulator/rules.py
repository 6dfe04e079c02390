"""Rules: which request or connection is treated how, and how often.

A rule has a "when" and a "what". Rules are asked in the order in which they were given; the first
that applies is used, and its count goes down. Without a rule everything is as the API does it.
"""

import dataclasses
import random
import threading

WHERE = ("connection", "request", "sendTemplate", "hookInfo", "webhook", "templates", "messages",
         "status", "settings", "addTemplate", "any")

# How an answer leaves, and what becomes of the connection after it.
TRANSFERS = ("length", "chunked", "until_close")
ENDS = ("keep",      # as HTTP says
        "close",     # close_notify, then FIN
        "drop",      # FIN without close_notify: what a truncation attack looks like
        "reset",     # RST
        "silent")    # nothing more, and the connection stays open

CONNECTIONS = ("refuse",                 # RST as soon as it is accepted
               "silent",                 # accepted, then not one byte
               "reset_in_handshake",     # RST when the client's first bytes have come
               "silent_in_handshake",    # the client's first bytes are read, and that's all
               "plain_portal",           # a login page in clear text on the TLS port
               "close_after_handshake",
               "reset_after_handshake",
               "deaf",                   # after the handshake nothing is read any more
               "old_tls",                # offers nothing newer than TLS 1.1
               "static_rsa")             # TLS 1.2, but only suites without forward secrecy


@dataclasses.dataclass
class Rule:
    where: str = "sendTemplate"
    # When. `count`: how often at most; `skip`: how many matching ones pass first.
    phone: str = ""
    text: str = ""
    count: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    # What, for where="connection".
    connection: str = ""
    certificate: str = ""
    handshake_delay: float = 0.0
    # What, for where="request": reset after so many bytes of it were read.
    cut_request: int | None = None
    # What, for an answer. `take` overrides whether the message counts as accepted by the API:
    # a lost answer may stand for either.
    answer: str = ""
    options: dict = dataclasses.field(default_factory=dict)
    take: bool | None = None
    delay: float = 0.0          # before the first byte
    drip: float = 0.0           # between any two bytes
    informational: int = 0      # so many 1xx answers first
    transfer: str = "length"
    headers: dict = dataclasses.field(default_factory=dict)
    cut: int | None = None      # only so many bytes of the answer leave
    end: str = "keep"

    def __post_init__(self):
        for value, known, name in ((self.where, WHERE, "where"), (self.end, ENDS, "end"),
                                   (self.transfer, TRANSFERS, "transfer"),
                                   (self.connection or "silent", CONNECTIONS, "connection")):
            if value not in known:
                raise ValueError(f"{name}: {value!r} is none of {', '.join(known)}")
        self._chance = random.Random(self.seed)

    def applies(self, where, phone, text):
        if self.where != where and not (self.where == "any" and where not in WHERE[:2]):
            return False
        if self.phone and self.phone != phone or self.text and self.text not in text:
            return False
        if self.count == 0:
            return False
        if self.probability < 1.0 and self._chance.random() >= self.probability:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True


class Rules:
    def __init__(self):
        self._lock = threading.Lock()
        self._rules = []

    def add(self, rule):
        with self._lock:
            self._rules.append(rule)

    def clear(self):
        with self._lock:
            self._rules.clear()

    def pick(self, where, phone="", text=""):
        with self._lock:
            for rule in self._rules:
                if rule.applies(where, phone, text):
                    return rule
        return None
