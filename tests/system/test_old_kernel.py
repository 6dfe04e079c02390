"""The oldest kernel that the agent runs on, Linux 3.17, as far as a filter of system calls can stand for
one (tests/old_kernel): configured without seccomp, with it, and the kernel before, which is too old."""

import json
import os
import pathlib
import signal
import subprocess
import unittest

from harness import (CONFIGURATION, DONE, FLASH_ERROR, PROGRAM, SystemTest, free_port, request,
                     vendor_body)

from callbacks import Callbacks, hooks
from network_journeys import NetworkTest
from test_loopback import LoopbackTest
from test_rights import DESK, OFFICE, OFFICE_GROUP, RightsTest
from test_sandbox import EVERYBODY, HERE, KILLED, Taken, can_take_over

TOOL = PROGRAM.parent / "as_old_kernel"
SECRET = "test-webhook-path-7c1e55a09b3f42d6"


class OldKernel:
    """Beside a SystemTest."""

    below = (str(TOOL), "3.17")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run(["cmake", "--build", str(PROGRAM.parent), "-t", "as_old_kernel"], check=True,
                       stdout=subprocess.DEVNULL)

    def assertSays(self, state):
        """What `status` says, and once the log."""
        self.assertEqual(self.device.status()["sandbox"], state)
        self.assertEqual(self.device.log.read_text().count(f"sandbox state={state}"), 1)

    def files(self, name):
        pid = self.device.child(name)
        return [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]

    @staticmethod
    def status_of(pid):
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class WaysIn(OldKernel, LoopbackTest):
    def open_all(self):
        self.hook, self.drop = free_port(), self.device.folder / "drop"
        path, directory = self.device.folder / "webhook-path", self.device.folder / "visits"
        path.write_text(SECRET + "\n")
        path.chmod(0o600)
        directory.write_text('{"ref":"r1","to":"12025550127","customerName":"Maria"}\n')
        self.device.configure(tracking={"until": "delivered"}, intake={
            "webhook": f"127.0.0.1:{self.hook}", "webhook_path_file": str(path),
            "directory": str(directory), "folder": str(self.drop)})
        # The news has to come by callbacks: nobody can be asked for it.
        self.simulator.behave(where="hookInfo", answer="wrong_path")

    def test_each_is_served_and_what_came_ends_as_delivered(self):
        self.open_all()
        self.device.start()
        self.device.send_text("typed", "12025550123")
        self.assertEqual(self.device.http("POST", "/v1/messages",
                                          self.bytes_of("at the socket", "12025550124"))[0], 202)
        self.sent(self.page, "at the port", to="12025550125")
        (self.drop / "tmp" / "one").write_bytes(self.bytes_of("in the folder", "12025550126"))
        (self.drop / "tmp" / "one").rename(self.drop / "new" / "one")
        self.device.command("send", "next-step", "--ref", "r1", "--process", "loan application",
                            "--next-step", "by reference")
        self.device.wait_accepted(5)
        texts = ("typed", "at the socket", "at the port", "in the folder", "by reference")
        self.assertOnce([vendor_body("next_step", ("Maria", "loan application", text),
                                     to=f"1202555012{digit}") for digit, text in enumerate(texts, 3)])
        self.device.wait_for(lambda: self.device.counts() == {"accepted": 5}, 20)
        Callbacks(f"http://127.0.0.1:{self.hook}/{SECRET}").deliver(hooks([
            {"id": one["id"], "type": "message", "status": "delivered", "timestamp": str(one["time"]),
             "recipient_id": one["chatId"].partition("@")[0]} for one in self.simulator.api.sent()]))
        self.device.wait_for(lambda: self.device.counts() == {"delivered": 5}, 20)
        self.assertSays("no_seccomp")
        self.assertEqual(self.device.stop(), 0)
        self.assertEqual(self.device.command("store", "verify").code, DONE)
        self.assertEqual([one["state"] for one in self.device.objects("list")], ["delivered"] * 5)
        self.assertNoProblems()

    @staticmethod
    def bytes_of(text, to):
        return json.dumps(request(text, to)).encode()


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class Unsealed(OldKernel, SystemTest):
    def test_killed_and_started_again_it_loses_nothing_and_doubles_nothing(self):
        self.simulator.stop()
        self.device.start()
        texts = [f"number {n}" for n in range(20)]
        self.device.send_objects([request(text) for text in texts])
        self.device.kill()
        self.device.start()
        for name in EVERYBODY:
            # With a keeper its neighbours are replaced, too, one after the other.
            self.device.wait_for(lambda: all(map(self.device.child, EVERYBODY)), 40, "all to be there")
            pid = self.device.child(name)
            os.kill(pid, signal.SIGKILL)
            self.device.wait_for(lambda: self.device.child(name) not in (None, pid), 40, f"another {name}")
        self.device.wait_for(lambda: self.device.command("status").code == DONE, 40, "an answer")
        self.simulator.start()
        self.device.wait_accepted(len(texts), 40)
        self.assertOnce([vendor_body("next_step", ("Maria", "loan application", text)) for text in texts])
        self.assertNoProblems()

    def test_what_else_each_child_gives_up_holds(self):
        self.device.start("sh", "-c", 'exec 9</etc/passwd && exec "$@"', "sh")
        self.device.send_text("so that all have begun")
        self.device.wait_accepted(1)
        self.assertIn("/etc/passwd", [os.readlink(f"/proc/{self.device.agent.pid}/fd/9")])
        for name in EVERYBODY:
            with self.subTest(name=name):
                files = self.files(name)
                self.assertNotIn("/etc/passwd", files)
                self.assertEqual(str(self.device.queue) in files, name == "fp-keeper")
                self.assertEqual(str(self.device.token_file) in files, name == "fp-uplink")
                self.assertEqual(self.status_of(self.device.child(name))["NoNewPrivs"], "1")

    def test_where_sealing_is_required_it_says_78(self):
        self.device.start()
        self.device.stop()
        self.device.configure(sandbox="required")
        for command in ("run", "flush"):
            done = self.device.command(command)
            self.assertEqual(done.code, CONFIGURATION)
            self.assertIn("sandbox is required, and this system's is only: no_seccomp", done.err)

    def test_before_it_there_is_no_getrandom_and_nothing_is_taken(self):
        self.device.start()
        self.device.send_text("taken in time")
        self.device.wait_accepted(1)
        self.device.stop()
        self.device.below = (str(TOOL), "3.16")
        for command in (("run",), ("status",), ("send", "next-step", "--to", "12025550123",
                        "--customer-name", "Maria", "--process", "loan", "--next-step", "late")):
            done = self.device.command(*command)
            self.assertEqual(done.code, FLASH_ERROR)
            self.assertIn("the kernel gives no random numbers (getrandom, since Linux 3.17)", done.err)
        self.device.below = self.below
        self.assertEqual(self.device.command("store", "verify").code, DONE)
        self.assertEqual(self.device.counts(), {"accepted": 1})


@unittest.skipUnless(can_take_over(), "only root can speak as other users")
class Groups(OldKernel, RightsTest):
    def test_of_who_connects_the_first_group_alone_is_seen(self):
        self.assertEqual(self.app(OFFICE_GROUP)("GET", "/v1/status")[0], 200)
        self.assertEqual(self.app(DESK)("GET", "/v1/status")[0], 200)
        self.assertDenied(self.app(OFFICE, OFFICE_GROUP)("GET", "/v1/status"), "may not come in")


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class Interface(OldKernel, NetworkTest):
    def test_who_has_no_right_is_bound_to_none_and_the_message_waits(self):
        self.start(api={"interface": self.link.there})
        message = self.device.send_text("bound")
        self.assertIn(f"by {self.link.there}: not permitted", self.wait_offline()["detail"])
        self.assertEqual(self.device.show(message)["state"], "queued")
        self.device.stop()
        self.device.below = ()
        self.start()
        self.assertAccepted("bound")


@unittest.skipUnless(can_take_over(), "wants root, and a program with neither emulator nor sanitizers")
class Sealed(OldKernel, Taken):
    below = (str(TOOL), "3.17+seccomp")

    def filters(self, pid):
        return int(self.status_of(pid)["Seccomp_filters"])

    def test_with_seccomp_alone_the_children_are_sealed(self):
        self.device.start()
        self.device.send_text("all the same")
        self.device.wait_accepted(1)
        self.assertSays("no_landlock")
        below = self.filters(self.device.agent.pid)  # that stand for the kernel; theirs is on top
        for name in EVERYBODY:
            with self.subTest(name=name):
                self.assertEqual(self.filters(self.device.child(name)), below + 1)
                self.assertIn(self.make(name, "openat", HERE, ":/etc/hostname", 0), (-1, -38))
                self.assertEqual(self.make(name, "kill", self.device.agent.pid, 0), KILLED)


if __name__ == "__main__":
    unittest.main()
