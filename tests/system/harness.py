"""A device to test on: its files, its agent, its commands, and a simulator to talk to.

    FIELDPOST_PROGRAM   the program (build/x86_64/fieldpost, else build/host/fieldpost)
    FIELDPOST_EMULATOR  what runs it, e.g. qemu-arm-static
    FIELDPOST_TEST_FOLDER  where the devices' files lie (build/test-devices/PRESET)
    FIELDPOST_SLOWER    factor for every wait; 5 with an emulator unless said otherwise
"""

import collections
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "simulator"))

from simulator import Simulator  # noqa: E402  (the path must be known first)

EMULATOR = os.environ.get("FIELDPOST_EMULATOR", "").split()
SLOWER = float(os.environ.get("FIELDPOST_SLOWER", "5" if EMULATOR else "1"))

# Exit codes, as the design has them.
DONE, USAGE, BAD_FIELD, NO_SUCH_ID, NOT_REACHABLE = 0, 64, 65, 66, 69
QUEUE_FULL, FLASH_ERROR, STILL_QUEUED, REFUSED, NOT_ALLOWED, CONFIGURATION = 73, 74, 75, 76, 77, 78

PHONE = "12025550123"
# scenario id, the template's name, its fields and a filled-in example, in order
EXAMPLES = (
    ("stage-completed", "stage_completed", (
        ("customerName", "Maria"), ("stage", "document upload"),
        ("nextStep", "manager review within 2 business days"))),
    ("next-step", "next_step", (
        ("customerName", "Maria"), ("process", "loan application"),
        ("nextStep", "upload documents in your account by June 20"))),
    ("action-succeeded", "action_succeeded", (
        ("customerName", "Maria"), ("action", "subscription payment"),
        ("nextStep", "Access activated in your account."))),
    ("status-changed", "status_changed", (
        ("customerName", "Maria"), ("process", "order #12345"), ("status", "Shipped"))),
    ("service-changed", "service_changed", (
        ("customerName", "Maria"), ("service", "home delivery"),
        ("details", "New window: June 25 from 10:00 AM to 12:00 PM."))),
)


def find_program():
    named = os.environ.get("FIELDPOST_PROGRAM")
    if named:
        return pathlib.Path(named).resolve()
    for preset in ("x86_64", "host"):
        program = ROOT / "build" / preset / "fieldpost"
        if program.exists():
            return program
    raise FileNotFoundError("no program: cmake --preset x86_64 && cmake --build --preset x86_64")


PROGRAM = find_program()
# A real file system: the agent refuses one that lives in memory, as /tmp may.
DEVICES = pathlib.Path(os.environ.get("FIELDPOST_TEST_FOLDER")
                       or ROOT / "build" / "test-devices" / PROGRAM.parent.name)


def free_port(kind=socket.SOCK_STREAM):
    """One that the kernel gives to no connection by itself (ip_local_port_range)."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket(socket.AF_INET, kind) as sock:
            try:
                sock.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("a hundred ports are in use")


def option(field):
    """How a field is typed: nextStep is --next-step."""
    return "--" + "".join("-" + c.lower() if c.isupper() else c for c in field)


def vendor_body(template, values, to=PHONE, language="en", namespace="NS"):
    """What the vendor's sample gives with JSON.stringify."""
    content = {"phone": to, "template": template, "namespace": namespace,
               "language": {"policy": "deterministic", "code": language},
               "params": [{"type": "body", "parameters": [
                   {"type": "text", "text": value} for value in values]}]}
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def request(text="hello", to=PHONE, scenario="next-step", **more):
    """A request object with something to tell messages apart by."""
    return {"scenario": scenario, "to": to, "fields": {
        "customerName": "Maria", "process": "loan application", "nextStep": text}, **more}


Done = collections.namedtuple("Done", "code out err")


class Device:
    def __init__(self, name, simulator, **changes):
        self.folder = DEVICES / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.simulator = simulator
        self.configuration = self.folder / "fieldpost.json"
        # A socket's path has at most 107 bytes, and nobody knows how deep this tree lies.
        self.places = tempfile.TemporaryDirectory(prefix="fieldpost-")
        self.socket = pathlib.Path(self.places.name) / "fieldpost.sock"
        self.queue = self.folder / "queue"
        self.log = self.folder / "agent.log"
        self.token_file = self.folder / "token"
        self.write_token(simulator.token)
        self.settings = self.usual_settings()
        self.configure(**changes)
        self.agent = None
        self.below = ()  # words in front of every run of the program

    def usual_settings(self):
        api = {"base_url": self.simulator.url, "channel": self.simulator.channel,
               "token_file": str(self.token_file), "connect_timeout": f"{int(5 * SLOWER)}s",
               "answer_timeout": f"{int(5 * SLOWER)}s"}
        if not self.simulator.plain:
            api["ca_file"] = str(self.simulator.ca_file)
        return {
            "api": api,
            "templates": {scenario: {"name": name, "namespace": "NS", "language": "en"}
                          for scenario, name, _ in EXAMPLES},
            "queue": {"path": str(self.queue), "size": "4MiB"},
            "retry": {"first": "100ms", "max": "1s", "spread": "0s"},
            "pace": {"per_recipient": "none", "per_recipient_per_day": 100_000, "per_second": 1000},
            "intake": {"socket": str(self.socket)},
            # What was accepted stays so while a test looks at it.
            "tracking": {"until": "accepted"},
            "log": {"target": "stderr"},
        }

    def configure(self, **changes):
        """Sections are merged: configure(retry={"max": "5s"})."""
        for section, keys in changes.items():
            if isinstance(keys, dict):
                self.settings.setdefault(section, {}).update(keys)
            else:
                self.settings[section] = keys
        self.configuration.write_text(json.dumps(self.settings, indent=1))

    def write_token(self, token):
        self.token_file.write_text(token + "\n")
        self.token_file.chmod(0o600)

    # --- commands -------------------------------------------------------------------------------

    def words(self, *arguments, program=PROGRAM):
        return [*self.below, *EMULATOR, str(program), "-c", str(self.configuration),
                *map(str, arguments)]

    def command(self, *arguments, stdin=b"", seconds=30, environment=None):
        stdin = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(self.words(*arguments), input=stdin, capture_output=True,
                              timeout=seconds * SLOWER, check=False,
                              env={**os.environ, **(environment or {})})
        return Done(done.returncode, done.stdout.decode("utf-8", "replace"),
                    done.stderr.decode("utf-8", "replace"))

    def send(self, scenario, fields, to=PHONE, *more):
        """The id that `send` printed."""
        typed = [word for name, value in fields for word in (option(name), value)]
        done = self.command("send", scenario, "--to", to, *typed, *more)
        if done.code != DONE:
            raise AssertionError(f"send gave {done.code}: {done.err}{self.tail()}")
        return int(done.out)

    def send_text(self, text, to=PHONE):
        return self.send("next-step", (("customerName", "Maria"), ("process", "loan application"),
                                       ("nextStep", text)), to)

    def send_objects(self, objects):
        """Many at once; their ids in order."""
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        done = self.command("send", "--stdin", stdin=lines, seconds=120)
        answers = [json.loads(line) for line in done.out.splitlines()]
        if done.code != DONE or not all(a["ok"] for a in answers):
            raise AssertionError(f"send --stdin gave {done.code}: {done.out[-300:]}{done.err}")
        return [answer["id"] for answer in answers]

    def objects(self, *arguments):
        """Of a command with --json; it must succeed."""
        done = self.command(*arguments, "--json")
        if done.code != DONE:
            raise AssertionError(f"{arguments} gave {done.code}: {done.out}{done.err}{self.tail()}")
        return [json.loads(line) for line in done.out.splitlines()]

    def status(self):
        return self.objects("status")[0]

    def show(self, message_id):
        return self.objects("show", message_id)[0]

    def messages(self):
        return {m["id"]: m for m in self.objects("list")}

    def counts(self):
        return {state: n for state, n in self.status()["counts"].items() if n}

    # --- the agent ------------------------------------------------------------------------------

    def start(self, *before, wait=True, program=PROGRAM):
        """Starts `run`; `before` are words in front of it, such as strace's."""
        with self.log.open("ab") as log:
            self.agent = subprocess.Popen([*before, *self.words("run", program=program)],
                                          stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if wait:
            self.wait_for(self.answers, 15, "the agent to answer")

    def start_alone(self):
        """From a file of its own: no page of it is shared with what other tests run beside this one."""
        program = self.folder / "fieldpost"
        shutil.copy(PROGRAM, program)
        self.start(program=program)

    def answers(self):
        if self.agent.poll() is not None:
            raise AssertionError(f"the agent ended with {self.agent.returncode}{self.tail()}")
        try:
            return self.http("GET", "/healthz")[0] == 200
        except OSError:
            return False

    def http(self, method, path, body=b"", seconds=10):
        """Speaks to the agent's socket as an app would: the status and the body."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(seconds * SLOWER)
            sock.connect(str(self.socket))
            sock.sendall((f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                          "Content-Type: application/json\r\n"
                          f"Content-Length: {len(body)}\r\n\r\n").encode() + body)
            answer = http.client.HTTPResponse(sock)
            answer.begin()
            return answer.status, answer.read()

    def processes(self):
        """The agent's own pid and those of its children, oldest first."""
        try:
            pid = self.agent.pid
            listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return []
        return [pid, *map(int, listed)]

    def child(self, name):
        """The pid of the child that has this name in lists of processes; None while there is none."""
        for pid in self.processes()[1:]:
            try:
                if pathlib.Path(f"/proc/{pid}/comm").read_text() == name + "\n":
                    return pid
            except OSError:
                pass
        return None

    def signal(self, number):
        self.agent.send_signal(number)

    def kill(self):
        """As a crash would: the supervisor dies at once, its children by their parent's death."""
        if self.agent and self.agent.poll() is None:
            self.agent.kill()
        if self.agent:
            self.agent.wait()

    def remove(self):
        """Ends it, and leaves only its files for whoever looks into a failure."""
        self.kill()
        self.places.cleanup()

    def stop(self, seconds=15):
        if self.agent is None:
            return None
        if self.agent.poll() is None:
            self.agent.send_signal(signal.SIGTERM)
        try:
            code = self.agent.wait(seconds * SLOWER)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the agent does not stop{self.tail()}") from None
        self.agent = None
        return code

    def wait_for(self, condition, seconds=20.0, what="it"):
        end = time.monotonic() + seconds * SLOWER
        pause = 0.02
        while not (value := condition()):
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds * SLOWER:.0f} s for {what}{self.tail()}")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.25)
        return value

    def wait_accepted(self, total, seconds=20.0):
        """By the simulator's count: no command disturbs the agent meanwhile."""
        self.wait_for(lambda: self.simulator.journal.accepted_total() >= total, seconds,
                      f"{total} accepted messages")

    def wait_state(self, message_id, *states, seconds=20.0):
        """The message, once it is in one of the states."""
        def there():
            message = self.show(message_id)
            return message if message["state"] in states else None
        return self.wait_for(there, seconds, f"message {message_id} to be {' or '.join(states)}")

    def tail(self):
        """The end of the log, for people who read a failure."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text(errors="replace").splitlines()[-25:]
        return "\n--- agent.log ---\n" + "\n".join(lines) if lines else ""


class SystemTest(unittest.TestCase):
    """Each test has a simulator and a device of its own; `simulator_options`, `settings`
    and `below` may be set by a class."""

    simulator_options = {}
    below = ()
    settings = {}

    def setUp(self):
        name = ".".join(self.id().split(".")[-2:])
        self.simulator = Simulator(DEVICES / f"{name}-sim", **self.simulator_options)
        self.simulator.reset()
        self.simulator.start()
        self.addCleanup(self.simulator.close)
        self.device = Device(name, self.simulator, **self.settings)
        self.device.below = self.below
        self.addCleanup(lambda: self.device.remove())  # whichever it is by then

    def assertNoProblems(self):
        """Nothing arrived that a careful client would not send."""
        self.assertEqual(self.simulator.problems(), [])

    def assertOnce(self, bodies):
        """Each body was accepted exactly once, and nothing else was."""
        self.assertEqual(self.simulator.deliveries(), {body: 1 for body in bodies})
