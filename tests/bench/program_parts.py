"""What the program consists of, by where the code was written.

Link-time optimization makes one object of all, so that the link map names none: each symbol of the
program is looked up in the objects that went into it. What was inlined counts where it went, and
what carries no symbol (texts, most constants, relocations, padding) is the rest.
"""

import collections
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = ("x86_64", "armhf")
NM = "llvm-nm-19"


def symbols(*words):
    out = subprocess.run([NM, "--defined-only", *map(str, words)], capture_output=True, text=True,
                         check=True).stdout
    return [line.split() for line in out.splitlines() if line.strip()]


def plain(name):
    """Without what the optimizer adds: `.llvm.123`, `.isra.0`, `.constprop`."""
    return name.split(".")[0] if not name.startswith(".") else name


def part_of(object_file):
    """agent/queue, platform/linux, a library, or C's."""
    path = str(object_file)
    for library in ("mbedtls", "cjson", "llhttp"):
        if f"/{library}.dir/" in path:
            return {"mbedtls": "Mbed TLS", "cjson": "cJSON", "llhttp": "llhttp"}[library]
    parts = pathlib.Path(path.split(".dir/", 1)[1]).parts
    if "panel" in parts and "agent" not in parts:
        return "the panel's page, compressed"
    for top in ("agent", "platform"):
        if top in parts:
            at = parts.index(top)
            return "/".join(part for part in parts[at:at + 2] if not part.endswith(".o"))
    return "C library, compiler's runtime"


def of(target):
    folder = ROOT / "build" / target
    where = {}
    for file in sorted(folder.glob("CMakeFiles/*.dir/**/*.o")):
        if "smoke" in str(file) or "coap" in str(file):
            continue
        for symbol in symbols(file):
            where.setdefault(plain(symbol[-1]), part_of(file))
    parts = collections.Counter()
    seen = set()
    for symbol in symbols("--print-size", folder / "fieldpost.debug"):
        if len(symbol) < 4 or symbol[2] in "bB" or symbol[0] in seen:
            continue  # no size, takes no place in the file, or a second name
        seen.add(symbol[0])
        parts[where.get(plain(symbol[3]), "C library, compiler's runtime")] += int(symbol[1], 16)
    whole = (folder / "fieldpost").stat().st_size
    parts["texts, constants without a name, headers"] = whole - sum(parts.values())
    return dict(parts.most_common()) | {"all of it": whole}


def of_all():
    return {target: of(target) for target in TARGETS
            if (ROOT / "build" / target / "fieldpost.debug").exists()}


def rows(found):
    """Of of_all(): the parts, the largest of the first target first."""
    names = list(dict.fromkeys(name for parts in found.values() for name in parts))
    names.sort(key=lambda name: name == "all of it")
    yield ("part, bytes", *found)
    for name in names:
        yield (name, *(f"{parts.get(name, 0):,}" for parts in found.values()))
