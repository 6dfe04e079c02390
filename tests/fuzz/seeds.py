#!/usr/bin/env python3
"""Writes the corpus's first inputs, each as its any_*.cc says. The certificates are others each time."""
import base64
import pathlib
import struct
import subprocess
import tempfile

from seed_command import COMMANDS, command
from seed_http import ANSWERS, OF_PROXIES, REQUESTS, WEB, http
from seed_json import CALLBACKS, INTAKE, PATHS, SAID
from seed_settings import DEVICE_FILES, SETTINGS

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "agent/queue/golden"
MAGIC = bytes.fromhex("e7513c9d")
REGION = 256 * 1024
NOR, SEALED = 1, 2


def commits(image, unit):
    """(unit, bytes) of each commit: its header says how long it is."""
    for at in range(0, len(image), unit):
        if image[at:at + 4] == MAGIC:
            header, body = struct.unpack_from("<HI", image, at + 10)
            yield at // unit, image[at:at + header + body]


for name, unit, blank, flags in (("v1-file", 4096, 0x00, 0), ("v1-nor", 64, 0xff, NOR)):
    image = bytearray([blank]) * REGION
    for line in (GOLDEN / f"{name}.hex").read_text().splitlines():
        at, data = line.split(": ")
        image[int(at, 16):int(at, 16) + 32] = bytes.fromhex(data)
    pieces = list(commits(image, unit))
    for kind, sums, chosen in (("whole", 0, pieces), ("sealed", SEALED, pieces),
                               ("gap", SEALED, pieces[:1] + pieces[2:]), ("no-start", SEALED, pieces[1:])):
        described = bytes([flags | sums])
        described += b"".join(struct.pack("<HH", place, len(data)) + data for place, data in chosen)
        (HERE / "corpus/recovery" / f"{name}-{kind}").write_bytes(described)


def raw(data):
    return data if isinstance(data, bytes) else data.encode()


def seed(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(raw(data))


for target, first, table in (("answer", b"\x06", ANSWERS), ("answer", b"\x86", OF_PROXIES),
                             ("request", b"\x07", REQUESTS), ("request", b"\x87", WEB)):
    for name, text in table.items():
        seed(target, name, first + http(text))
for name, (purpose, status, text) in SAID.items():
    seed("said", name, struct.pack("<BH", purpose | 128, status) + raw(text))
for name, (which, *answers) in COMMANDS.items():
    seed("command", name, command(which, *answers))
for name, text in CALLBACKS.items():
    seed("callback", name, text)
for name, (how, path) in PATHS.items():
    seed("intake", name, bytes([how]) + f"{path}\n".encode())
for name, (how, path, body) in INTAKE.items():
    seed("intake", name, bytes([how]) + f"{path}\n".encode() + raw(body))
seed("settings", "example", (HERE.parent.parent / "config/examples/fieldpost.json").read_bytes())
for name, text in SETTINGS.items():
    seed("settings", name, text)
for name, data in DEVICE_FILES.items():
    seed("device_file", name, data)

TAKEN = ((4, 11), (5,), (1, 2), (3,), (6, 9), (7, 8, 9, 13), (10, 12, 13), (9, 13))  # on each socket of any_frame.cc
for socket, kinds in enumerate(TAKEN):
    for kind in kinds:
        seed("frame", f"socket-{socket}-kind-{kind}", bytes([socket, kind, 0]))
seed("frame", "another-socket", bytes([0, 5, 0]))
seed("frame", "ones", bytes([1, 5, 1]))
seed("frame", "told-rows", bytes([1, 128 + 5, 0]))
seed("frame", "told-broken-row", bytes([1, 128 + 5, 0]) + struct.pack("<HB", 5000, 255) + b"\xff" * 255)
seed("frame", "news", bytes([0, 128 + 11, 0]))
seed("frame", "news-broken", bytes([0, 128 + 11, 0]) + struct.pack("<HB", 300, 255) + b"\xff" * 255)
seed("frame", "bare", bytes([0, 255, 0]) + struct.pack("<III", 0x5EC1A93B, 7, 1) + b"\0")


def dns_name(name):
    return b"".join(bytes([len(one)]) + one.encode() for one in name.split(".")) + b"\0"


def dns_answer(kind, records, flags=0x8180):
    question = dns_name("api.1msg.io") + struct.pack(">HH", kind, 1)
    return struct.pack(">HHHHHH", 0x1234, flags, 1, len(records), 0, 0) + question + b"".join(records)


def record(owner, kind, data):
    return owner + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


A, CNAME, AAAA, SAME = 1, 5, 28, b"\xc0\x0c"
alias = record(SAME, CNAME, dns_name("edge.example.net"))
seed("name_answer", "a", b"\0" + dns_answer(A, [record(SAME, A, bytes([192, 0, 2, 1]))] * 2))
seed("name_answer", "aaaa", b"\1" + dns_answer(AAAA, [record(SAME, AAAA, bytes(range(16)))]))
seed("name_answer", "alias", b"\0" + dns_answer(A, [alias, record(b"\xc0\x29", A, bytes([192, 0, 2, 2]))]))
seed("name_answer", "loop", b"\0" + dns_answer(A, [record(SAME, CNAME, b"\xc0\x0c")]))
seed("name_answer", "no-such-name", b"\0" + dns_answer(A, [], 0x8183))
seed("name_answer", "truncated", b"\0" + dns_answer(A, [], 0x8380))
seed("name_answer", "failed", b"\0" + dns_answer(A, [], 0x8182))
seed("name_answer", "question", b"\0" + dns_answer(A, [], 0x0100))
seed("name_answer", "another", b"\0" + dns_answer(AAAA, []))
seed("name_answer", "cut", b"\0" + dns_answer(A, [])[:11])
seed("name_answer", "cut-record", b"\0" + dns_answer(A, [record(SAME, A, bytes(4))])[:-2])
for name, asked in (("host", "api.1msg.io"), ("long-label", "a" * 64 + ".io"), ("long", "a.b" * 90), ("zero", "a\0b")):
    seed("name_answer", f"ask-{name}", b"\2" + asked.encode())
seed("name_answer", "ask-v6", b"\3api.1msg.io")

with tempfile.TemporaryDirectory() as made:
    subprocess.run(["sh", HERE.parent / "platform/mbedtls/make_certificates", made], check=True,
                   capture_output=True)
    folder = pathlib.Path(made)
    roots = (folder / "root.pem").read_text()

    def der(name):
        lines = (folder / f"{name}.pem").read_text().splitlines()
        return base64.b64decode("".join(line for line in lines if not line.startswith("-")))

    for name in ("rsa2048", "p256", "p384", "expired", "other", "nosan", "client", "sha1", "middle", "root"):
        seed("certificate", name, der(name) + roots.encode())
    seed("certificate", "chain", der("under") + der("middle") + roots.encode())
    seed("certificate", "chain-no-ca", der("by_notca") + der("notca") + roots.encode())
    seed("certificate", "chain-no-root", der("under") + der("middle") + (folder / "stranger.pem").read_bytes())
    seed("certificate", "chain-two-roots", der("by_cross") + b"".join(
        (folder / f"cross_{one}.pem").read_bytes() for one in "ab"))
    seed("certificate", "roots", roots * 2 + "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
