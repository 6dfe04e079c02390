"""What a process of the agent can still do once somebody has taken it over: next to nothing.

`take_over` (tests/takeover) makes a running child carry out any system call, in the program that ships.
Each call is made twice: by a sealed child, and, with "sandbox": "off", by one that is not, where it
must work. A test that asks for something impossible would show nothing.
"""

import os
import pathlib
import signal
import socket
import subprocess
import unittest

from harness import CONFIGURATION, DONE, EMULATOR, PROGRAM, SystemTest, vendor_body

TOOL = PROGRAM.parent / "take_over"
HERE = "-100"  # AT_FDCWD
KILLED = f"ended {int(signal.SIGSYS)}"
KEEPER, UPLINK, GATE = "fp-keeper", "fp-uplink", "fp-gate"
EVERYBODY = (KEEPER, UPLINK, GATE)


def can_take_over():
    """Whether there is somebody to take over, and the right to."""
    if EMULATOR or os.geteuid() != 0 or not (PROGRAM.parent / "CMakeCache.txt").exists():
        return False
    cache = (PROGRAM.parent / "CMakeCache.txt").read_text()
    return "FIELDPOST_SANITIZE:BOOL=ON" not in cache


class Taken(SystemTest):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["cmake", "--build", str(PROGRAM.parent), "-t", "take_over"], check=True,
                       stdout=subprocess.DEVNULL)

    def make(self, name, call, *arguments):
        """What `call` gave the process: a number as in the kernel, or KILLED."""
        pid = self.device.wait_for(lambda: self.device.child(name), 40, f"a {name}")
        self.device.wait_for(lambda: self.is_waiting(pid), 15, f"{name} to have begun")
        done = subprocess.run([str(TOOL), str(pid), call, *map(str, arguments)], check=True,
                              capture_output=True, text=True, timeout=20)
        said = done.stdout.strip()
        if said.startswith("ended"):
            self.device.wait_for(lambda: self.device.child(name) not in (None, pid), 40, "another one")
            return said
        return int(said)

    @staticmethod
    def is_waiting(pid):
        """In poll(2), as each of them is once it has begun: what comes before is not sealed yet."""
        try:
            return pathlib.Path(f"/proc/{pid}/syscall").read_text().split()[0] in ("7", "271", "219")
        except OSError:
            return False

    def others(self, name):
        return next(self.device.child(one) for one in EVERYBODY if one != name)

    def calls(self, name):
        """(what it would be good for, the call, whether `result` means that it worked)"""
        worked = lambda result: isinstance(result, int) and result >= 0  # noqa: E731
        other = self.others(name)
        device = self.device
        return {
            "read a file": (("openat", HERE, ":/etc/hostname", 0), worked),
            "read the token": (("openat", HERE, f":{device.token_file}", 0), worked),
            "write the queue": (("openat", HERE, f":{device.queue}", 2), worked),
            "read another's memory": (("openat", HERE, f":/proc/{other}/mem", 0), worked),
            "read its own memory": (("openat", HERE, ":/proc/self/mem", 2), worked),
            "make a folder": (("mkdirat", HERE, f":{device.folder}/{name}", 0o700), worked),
            "speak to local programs": (("socket", 1, 1, 0), worked),
            "speak to the network": (("socket", 2, 1, 0), worked),
            "speak to the wire": (("socket", 17, 3, 0), worked),
            "speak to an address of its own": (("sendto", -1, 0, 0, 0, ":address", 16),
                                               lambda result: result == -9),
            "make memory executable": (("mprotect", 0, 0, 4), worked),
            "become debuggable": (("prctl", 4, 1), worked),
            "make a file in memory": (("memfd_create", ":x", 0), worked),
            # Unsealed, the kernel looks whether it has such calls.
            "call as an x32 program": (("x32",), lambda result: result != KILLED),
            "signal another": (("kill", other, 0), worked),
            # CLONE_SIGHAND alone is refused for its flags: so it has come as far as that.
            "fork": (("clone", 0x800, 0, 0, 0, 0), lambda result: result == -22),
            "trace another": (("ptrace", 0x4206, other, 0, 0), worked),
            "start a program": (("execve", ":/bin/true", 0, 0), worked),
        }

    KILLING = ("call as an x32 program", "signal another", "fork", "trace another",
               "start a program")
    MAY = {UPLINK: ("speak to the network",)}


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class TakenOver(Taken):
    def test_no_child_can_do_what_it_has_no_business_with(self):
        self.simulator.stop()
        self.device.start()
        if self.device.status()["sandbox"] not in ("full", "no_landlock"):
            self.skipTest("this kernel has no seccomp")
        queued = self.device.send_text("queued before all this")
        for name in EVERYBODY:
            for what in self.calls(name):
                with self.subTest(name=name, what=what):
                    call, worked = self.calls(name)[what]
                    result = self.make(name, *call)
                    if what in self.MAY.get(name, ()):
                        self.assertTrue(worked(result), result)
                    elif what in self.KILLING:
                        self.assertEqual(result, KILLED)
                    else:
                        self.assertIn(result, (-1, -38), "EPERM or ENOSYS")
        log = self.device.log.read_text()
        for fact in ('keeper_ended how="signal 31"', 'child_ended name=uplink how="signal 31"',
                     'child_ended name=gate how="signal 31"'):
            self.assertIn(fact, log)
        self.device.wait_for(lambda: self.device.command("status").code == DONE, 40, "an answer")
        self.simulator.start()
        self.device.wait_state(queued, "accepted", seconds=40)
        self.assertEqual(len(self.simulator.accepted()), 1)
        self.assertNoProblems()

    def test_unsealed_each_of_these_calls_works(self):
        self.device.configure(sandbox="off")
        self.device.start()
        self.assertEqual(self.device.status()["sandbox"], "off")
        for name in EVERYBODY:
            for what in self.calls(name):
                with self.subTest(name=name, what=what):
                    call, worked = self.calls(name)[what]
                    pid = self.device.wait_for(lambda: self.device.child(name), 40, name)
                    result = self.make(name, *call)
                    self.assertTrue(worked(result), result)
                    if what in ("trace another", "start a program"):  # it is not itself any more
                        self.end(pid)
                        self.device.wait_for(lambda: self.device.child(name) not in (None, pid), 40,
                                             f"another {name}")

    @staticmethod
    def end(pid):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def test_the_token_is_in_the_uplinks_memory_alone_and_the_queue_in_the_keepers_hands(self):
        self.device.start()
        self.device.send_text("so that the token has been used")
        self.device.wait_accepted(1)
        token = self.simulator.token.encode()
        for name in EVERYBODY:
            with self.subTest(name=name):
                pid = self.device.child(name)
                self.assertEqual(token in self.memory(pid), name == UPLINK)
                files = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
                self.assertEqual(str(self.device.queue) in files, name == KEEPER)

    def memory(self, pid):
        """All that it may write to: what it has read must be there."""
        found = []
        with open(f"/proc/{pid}/mem", "rb") as memory:
            for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights, *_ = line.split()
                if not rights.startswith("rw"):
                    continue
                start, end = (int(half, 16) for half in span.split("-"))
                memory.seek(start)
                found.append(memory.read(end - start))
        return b"".join(found)

    def test_each_child_has_no_more_than_it_needs(self):
        self.device.start()
        for name in EVERYBODY:
            with self.subTest(name=name):
                pid = self.device.child(name)
                self.device.wait_for(lambda pid=pid: self.is_waiting(pid), 15, f"{name} to have begun")
                limits = pathlib.Path(f"/proc/{pid}/limits").read_text().splitlines()
                hard = {line[:26].strip(): line[26:].split()[1] for line in limits[1:]}
                self.assertEqual([hard[what] for what in ("Max core file size", "Max processes",
                                                          "Max open files")], ["0", "0", "64"])
                status = dict(line.split(":", 1) for line in
                              pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
                self.assertEqual((status["NoNewPrivs"].strip(), status["Seccomp"].strip()), ("1", "2"))


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class FolderTaken(Taken):
    """With a folder to look after, the gate may open files: those."""

    def setUp(self):
        super().setUp()
        self.drop = self.device.folder / "drop"
        people = self.device.folder / "people"
        people.mkdir()
        (people / "list.jsonl").write_text('{"ref":"r1","to":"12025550123"}\n')
        self.device.configure(intake={"folder": str(self.drop),
                                      "directory": str(people / "list.jsonl")})
        self.places = {
            "the folder's": (("openat", HERE, f":{self.drop}/new/fresh", 0o101, 0o600), True),
            "the directory": (("openat", HERE, f":{people}/list.jsonl", 0), True),
            "the directory, to write": (("openat", HERE, f":{people}/list.jsonl", 1), False),
            "the token": (("openat", HERE, f":{self.device.token_file}", 0), False),
            "the queue": (("openat", HERE, f":{self.device.queue}", 2), False),
            "what lies above": (("openat", HERE, f":{self.drop}/../token", 0), False),
            "another's memory": (("openat", HERE, ":/proc/self/mem", 0), False),
            "a folder elsewhere": (("mkdirat", HERE, f":{self.device.folder}/made", 0o700), False),
            "the queue's name": (("renameat", HERE, f":{self.device.queue}", HERE,
                                  f":{self.drop}/new/queue"), False),
        }

    def test_the_gate_reaches_its_folders_and_nothing_else(self):
        self.device.start()
        if self.device.status()["sandbox"] != "full":
            self.skipTest("this kernel has no Landlock")
        for what, (call, may) in self.places.items():
            with self.subTest(what=what):
                result = self.make(GATE, *call)
                self.assertTrue(result >= 0 if may else result in (-13, -18), result)

    def test_unsealed_it_reaches_all_of_it(self):
        self.device.configure(sandbox="off")
        self.device.start()
        for what, (call, _) in self.places.items():
            with self.subTest(what=what):
                self.assertGreaterEqual(self.make(GATE, *call), 0)


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class Bad(Taken):
    """A child that goes wrong is replaced, and nothing that is queued is touched."""

    def frames(self, name):
        """The sockets over which it speaks with the others."""
        pid = self.device.child(name)
        return sorted(int(fd) for fd in os.listdir(f"/proc/{pid}/fd")
                      if "SEQPACKET" in self.kind(pid, fd))

    @staticmethod
    def kind(pid, fd):
        link = os.readlink(f"/proc/{pid}/fd/{fd}")
        if not link.startswith("socket:["):
            return ""
        for line in pathlib.Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
            words = line.split()
            if words[6] == link[len("socket:["):-1] and words[4] == "0005":
                return "SEQPACKET"
        return ""

    def test_one_that_talks_nonsense_is_replaced(self):
        self.simulator.stop()
        self.device.start()
        queued = self.device.send_text("queued before")
        # The first is the one to the neighbour, the last the one to the supervisor.
        for name, which, speaker in ((GATE, 0, "gate"), (GATE, -1, "fp-gate"), (UPLINK, 0, "uplink"),
                                     (KEEPER, -1, "fp-keeper")):
            with self.subTest(name=name, which=which):
                pid = self.device.child(name)
                self.make(name, "write", self.frames(name)[which], ":no frame at all, and a long one", 30)
                self.device.wait_for(lambda: self.device.child(name) not in (None, pid), 40, "another one")
                self.assertIn(f"frame_refused from={speaker}", self.device.log.read_text())
                self.device.wait_for(lambda: self.device.command("status").code == DONE, 40, "an answer")
        self.simulator.start()
        self.device.wait_state(queued, "accepted", seconds=40)
        self.assertOnce([vendor_body("next_step", ("Maria", "loan application", "queued before"))])


@unittest.skipUnless(can_take_over(), "wants root, to have users of its own")
class Users(Taken):
    def test_started_by_root_the_children_have_its_users_rights(self):
        passwd = self.device.folder / "passwd"
        root, nobody = "root:x:0:0::/:/bin/sh\n", "fieldpost:x:64001:64001::/:/bin/false\n"
        for users, uplink in ((root + nobody, 64001),
                              (root + nobody + "fieldpost-uplink:x:64002:64002::/:/bin/false\n", 64002)):
            with self.subTest(uplink=uplink):
                passwd.write_text(users)
                self.device.start("unshare", "-m", "sh", "-c",
                                  f'mount --bind {passwd} /etc/passwd && exec "$@"', "sh")
                ids = {name: self.status_of(self.device.child(name), "Uid") for name in EVERYBODY}
                self.assertEqual(ids, {KEEPER: [64001] * 4, UPLINK: [uplink] * 4, GATE: [64001] * 4})
                for name in EVERYBODY:
                    self.assertEqual(self.status_of(self.device.child(name), "CapEff"), [0])
                self.device.send_text(f"as {uplink}", f"12025550{uplink % 1000 + 100}")
                self.device.wait_for(lambda: list(self.device.counts()) == ["accepted"], 20)
                self.device.stop()

    def status_of(self, pid, name):
        line = next(line for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
                    if line.startswith(name + ":"))
        return [int(word, 16 if name.startswith("Cap") else 10) for word in line.split()[1:]]


@unittest.skipUnless(can_take_over(), "wants root, to give the agent a /dev/log of its own")
class Syslog(SystemTest):
    settings = {"log": {"target": "syslog"}}

    def listen(self):
        place = pathlib.Path(self.device.places.name) / "log"
        place.unlink(missing_ok=True)
        self.lines = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.lines.close)
        self.lines.bind(str(place))
        self.lines.settimeout(20)
        return place

    def hear(self, *facts):
        wanted = set(facts)
        while wanted:
            line = self.lines.recv(2048).decode()
            wanted -= {fact for fact in wanted if fact in line}

    def test_a_sealed_child_finds_a_syslog_that_was_started_again(self):
        place = self.listen()
        self.device.start("unshare", "-m", "sh", "-c", f"mount -t tmpfs none /dev && "
                          f'ln -s {place} /dev/log && exec "$@"', "sh")
        self.device.send_text("before")
        self.hear("keeper: message id=1 ", "supervisor: started")
        self.lines.close()
        self.listen()
        self.device.send_text("after", "12025550124")
        self.hear("keeper: message id=2 ")


class Required(SystemTest):
    def test_a_kernel_that_cannot_is_named_once_and_served_all_the_same(self):
        self.device.start()
        state = self.device.status()["sandbox"]
        self.assertEqual(self.device.log.read_text().count(f"sandbox state={state}"), 1)
        self.assertEqual("Sandbox" in self.device.command("status").out, state != "full")
        self.device.send_text("all the same")
        self.device.wait_accepted(1)

    def test_where_it_is_required_the_agent_runs_sealed_or_says_78(self):
        self.device.start()
        state = self.device.status()["sandbox"]
        self.device.stop()
        self.device.configure(sandbox="required")
        if state == "full":
            self.device.start()
            self.assertEqual(self.device.status()["sandbox"], "full")
            return
        done = self.device.command("run")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("sandbox is required", done.err)
        done = self.device.command("flush")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("sandbox is required", done.err)


if __name__ == "__main__":
    unittest.main()
