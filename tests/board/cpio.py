"""An initramfs: what the kernel unpacks into memory at boot, in cpio's "newc" form."""

import stat


def entry(number, name, mode, content=b""):
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
    return padded(head) + padded(content)


def padded(data):
    return data + bytes(-len(data) % 4)


def archive(files, folders=()):
    """`files`: {path: (mode, bytes)}; their folders come by themselves. `folders`: others."""
    folders = {parent for path in files for parent in parents(path)} | set(folders)
    entries = [(path, stat.S_IFDIR | 0o755, b"") for path in sorted(folders)]
    entries += [(path, stat.S_IFREG | mode, content)
                for path, (mode, content) in sorted(files.items())]
    written = [entry(number, path.lstrip("/"), mode, content)
               for number, (path, mode, content) in enumerate(entries, 1)]
    return b"".join(written) + entry(0, "TRAILER!!!", 0)


def parents(path):
    """Of "/a/b/c": "/a", "/a/b"."""
    parts = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1)]
