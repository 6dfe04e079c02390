#!/usr/bin/env python3
"""Writes the corpus's first inputs: the golden images of the format, described as any_region.h says."""
import pathlib
import struct

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
