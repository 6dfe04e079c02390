"""An emulated ARM board: Debian's kernel, the agent for armhf, and a plug that can be pulled.

The emulator's process is the board's power: SIGKILL ends it between two instructions, and what the
kernel had not yet written to the disk is gone.
"""

import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "simulator"))

import cpio  # noqa: E402

BUILD = ROOT / "build" / "board"
PROGRAM = ROOT / "build" / "armhf" / "fieldpost"
INIT = ROOT / "build" / "armhf" / "board_init"
DEPS = pathlib.Path(os.environ.get("FIELDPOST_DEPS_CACHE") or ROOT / "build" / "deps")
KERNEL = DEPS / "armmp"
SLOWER = float(os.environ.get("FIELDPOST_SLOWER", "1"))


class Dead(Exception):
    """The board has no power, or does not answer."""


def module_paths(names):
    """Files of the kernel's modules, of the names as modprobe knows them."""
    found = {path.stem.replace("-", "_"): path for path in KERNEL.glob("lib/modules/*/**/*.ko")}
    return [(found[name.replace("-", "_")], parameters) for name, _, parameters in
            (line.partition(" ") for line in names)]


def initramfs(machine, settings, token, ca, more):
    """Our own init, the agent with its configuration, the modules in the order of their use, and
    `more`: {path: (mode, bytes)}."""
    modules = module_paths(machine.modules)
    files = {"/init": (0o755, INIT.read_bytes()), "/fieldpost": (0o755, PROGRAM.read_bytes()),
             "/etc/fieldpost/fieldpost.json": (0o600, json.dumps(settings).encode()),
             "/etc/fieldpost/token": (0o600, token.encode() + b"\n"),
             "/etc/fieldpost/ca.crt": (0o644, ca), **more}
    files |= {f"/modules/{path.name}": (0o644, path.read_bytes()) for path, _ in modules}
    steps = [f"folder /{name}" for name in ("run", "run/fieldpost", "tmp", "data")]
    steps += [f"module /modules/{path.name} {parameters}".strip() for path, parameters in modules]
    files["/steps"] = (0o644, "".join(step + "\n" for step in steps).encode())
    return cpio.archive(files, ("/dev", "/proc", "/sys"))


class Board:
    """Between boots only `disk` stays. `log` gets all that the console says."""

    def __init__(self, machine, folder):
        self.machine, self.folder = machine, folder
        self.disk = folder / "disk"
        self.initramfs = folder / "initramfs"
        self.log = folder / "console.log"
        self.took = {}        # tag: id, of this boot
        self.refused = []     # (tag, exit code)
        self.complaints = []  # of the console, since the bench began
        self._emulator = self._reader = self._said = None

    # --- power ----------------------------------------------------------------------------------

    def power_on(self):
        self.took, self.refused = {}, []
        kernel = next(KERNEL.glob("boot/vmlinuz-*"))
        self._emulator = subprocess.Popen(
            ["qemu-system-arm", *self.machine.emulator(self.disk, KERNEL), "-kernel", str(kernel),
             "-initrd", str(self.initramfs), "-append",
             f"{self.machine.kernel} loglevel=1 panic=-1", "-nodefaults", "-display",
             "none", "-no-reboot"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._said = queue.Queue()
        self._reader = threading.Thread(target=self._listen, args=(self._emulator.stdout,),
                                        daemon=True)
        self._reader.start()

    def has_power(self):
        return self._emulator is not None and self._emulator.poll() is None

    def pull_the_plug(self):
        """What the console said until then has been read when this returns."""
        self._emulator.kill()
        self._gone()

    def _gone(self):
        self._emulator.wait()
        self._reader.join()
        self._emulator.stdin.close()
        self._emulator.stdout.close()

    def _listen(self, console):
        with self.log.open("ab") as log:
            for line in console:
                log.write(line)
                log.flush()
                if not line.endswith(b"\n"):  # cut by the plug: an id would be another one
                    log.write(b"\n")
                    break
                self._hear(line.decode("utf-8", "replace").strip())
        self._said.put(None)

    def _hear(self, line):
        if took := re.fullmatch(r"@took (\S+) (\d+)", line):
            self.took[took[1]] = int(took[2])
        elif refused := re.fullmatch(r"@not (\S+) (\d+)", line):
            self.refused.append((refused[1], int(refused[2])))
        elif line.startswith("@failed") or "Kernel panic" in line or "Oops" in line:
            self.complaints.append(line)
        else:
            self._said.put(line)

    # --- what it is told --------------------------------------------------------------------------

    def wait_for(self, wanted, seconds):
        """The lines before the one that begins with `wanted`, and that one."""
        end = time.monotonic() + seconds * SLOWER
        lines = []
        while True:
            try:
                line = self._said.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise Dead(f"no {wanted} within {seconds * SLOWER:.0f} s; see {self.log}") from None
            if line is None:
                raise Dead(f"the emulator ended, no {wanted}; see {self.log}")
            if line.startswith(wanted):
                return lines, line
            lines.append(line)

    def tell(self, *words):
        try:
            self._emulator.stdin.write((" ".join(map(str, words)) + "\n").encode())
            self._emulator.stdin.flush()
        except BrokenPipeError:
            raise Dead("the emulator ended") from None

    def do(self, *words, seconds=30, codes=(0,)):
        """Has it done, and gives the lines that it printed."""
        self.tell(*words)
        lines, done = self.wait_for("@done ", seconds)
        if int(done.split()[1]) not in codes:
            raise Dead(f"{' '.join(map(str, words))} gave {done.split()[1]}: {lines[-5:]}")
        return lines

    def boot(self):
        """Up to a mounted disk and a network; the agent does not run yet."""
        self.power_on()
        self.set_up()
        if self.machine.mount:
            self.do("mount", *self.machine.mount)

    def set_up(self):
        self.wait_for("@ready", 60)
        self.do("time", int(time.time()))
        self.do("net", "eth0")

    def wait_until(self, condition, seconds):
        end = time.monotonic() + seconds * SLOWER
        while not condition():
            if time.monotonic() > end or not self.has_power():
                raise Dead(f"waited in vain; see {self.log}")
            time.sleep(0.05)

    def objects(self, *command, codes=(0,)):
        """Of a command of the agent that prints JSON."""
        return [json.loads(line) for line in self.do("run", *command, "--json", codes=codes)
                if line.startswith("{")]

    def off(self):
        """As a careful owner does it."""
        if self.machine.mount:
            self.do("unmount", self.machine.mount[1])
        self.pull_the_plug()
