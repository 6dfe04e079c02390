"""Delivery news by callbacks: from a real nginx with TLS, through the gate, onto flash."""

import os
import pathlib
import re
import resource
import signal
import socket
import unittest

from harness import CONFIGURATION, EMULATOR, EXAMPLES, ROOT, SystemTest, free_port, request

from callbacks import SHAPES, Callbacks
from nginx import start_nginx

SECRET = "test-webhook-path-5f3a9c0e7d1b24688"
SYNCS = re.compile(r"\b(fsync|fdatasync|sync_file_range|msync|syncfs|sync)\(")


class WebhookTest(SystemTest):
    settings = {"tracking": {"until": "delivered"}}

    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.path_file = self.device.folder / "webhook-path"
        self.path_file.write_text(SECRET + "\n")
        self.path_file.chmod(0o600)
        self.device.configure(intake={"webhook": f"127.0.0.1:{self.port}",
                                      "webhook_path_file": str(self.path_file)})
        # The news has to come by callbacks: nobody can be asked for it.
        self.simulator.behave(where="hookInfo", answer="wrong_path")
        self.sender = Callbacks(f"http://127.0.0.1:{self.port}/{SECRET}")

    def start_nginx(self):
        """The example of config/examples, with this test's names in it; its own sender."""
        folder = self.device.folder / "nginx"
        port = free_port()
        chain, key = self.simulator.authority.leaf("good")
        example = (ROOT / "config/examples/nginx.conf").read_text()
        for theirs, ours in (("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
                             ("server_name device.example", "server_name localhost"),
                             ("/etc/nginx/device.example.crt", str(chain)),
                             ("/etc/nginx/device.example.key", str(key)),
                             ("http://127.0.0.1:8089", f"http://127.0.0.1:{self.port}")):
            self.assertIn(theirs, example)
            example = example.replace(theirs, ours)
        start_nginx(self, folder, example)
        sender = Callbacks(f"https://localhost:{port}/{SECRET}", str(self.simulator.ca_file))
        self.device.wait_for(lambda: sender.post({}) != 0, 20, "nginx to listen")
        return sender

    def event(self, message, status, **more):
        return {"id": message["id"], "type": "message", "status": status,
                "timestamp": str(message["time"]),
                "recipient_id": message["chatId"].partition("@")[0], **more}

    def accept(self, number):
        """That many to as many people; the simulator's messages."""
        self.device.send_objects([request(f"number {n}", to=f"1202555{100 + n:04}")
                                  for n in range(number)])
        self.device.wait_accepted(number)
        self.wait_counts(accepted=number)
        return self.simulator.api.sent()

    def wait_counts(self, **counts):
        self.device.wait_for(lambda: self.device.counts() == counts, 60, f"the counts {counts}")


class Through(WebhookTest):
    def test_from_the_five_examples_to_the_phone_with_the_agent_killed_in_between(self):
        self.device.start()
        sender = self.start_nginx()
        for scenario, _, fields in EXAMPLES:
            self.device.send(scenario, fields)
        self.device.wait_accepted(5)
        self.wait_counts(accepted=5)
        sent = self.simulator.api.sent()
        for one, shape in zip(sent[:3], SHAPES.values()):
            sender.deliver(shape([self.event(one, "sent"), self.event(one, "delivered")]))
        self.device.kill()
        # Nobody is there: the service tries again until somebody is.
        waiting = sender.deliver_meanwhile(SHAPES["ack"]([self.event(sent[3], "delivered")]))
        self.device.wait_for(lambda: sender.answers[-1] == 502, 20, "nginx to meet nobody")
        self.device.start()
        waiting.join(30)
        self.assertEqual(self.device.counts(), {"accepted": 1, "delivered": 4},
                         "what was answered with 200 is known after the kill")
        sender.deliver(SHAPES["statuses"]([self.event(sent[4], "delivered")]))
        self.assertEqual(self.device.counts(), {"delivered": 5})
        for message in self.device.messages().values():
            self.assertIsNotNone(message["delivered_at"])
        self.assertEqual(sorted(self.simulator.deliveries().values()), [1] * 5)
        self.assertNoProblems()

    def test_nothing_else_can_be_reached(self):
        self.device.start()
        sender = self.start_nginx()
        for path in f"/{SECRET}x", f"/{SECRET[:-1]}", "/v1/messages", "/v1/status", "/":
            sender.path = path
            self.assertEqual(sender.post({"ack": []}), 404)
        sender.path = f"/{SECRET}"
        self.assertEqual(sender.post({"messages": [{"body": "x" * 100_000}]}), 200)
        self.assertNotIn(SECRET, "".join(
            file.read_text() for file in (self.device.folder / "nginx").glob("*.log")))
        self.assertNotIn(SECRET, self.device.log.read_text())


class News(WebhookTest):
    def test_what_was_answered_with_200_is_known_after_a_kill(self):
        self.device.configure(tracking={"until": "read"})
        self.device.start()
        (one,) = self.accept(1)
        for status in "sent", "delivered", "read":
            self.sender.deliver(SHAPES["hooks"]([self.event(one, status)]))
            self.device.kill()
            self.device.start()
            self.assertEqual(self.device.counts(), {status: 1})

    def test_repeated_and_out_of_order_and_of_others(self):
        self.device.configure(tracking={"until": "read"})
        self.device.start()
        first, second = self.accept(2)
        for status in "delivered", "sent", "teleported", "delivered", "failed", "accepted":
            self.sender.deliver(SHAPES["ack"]([self.event(first, status)]))
        self.sender.deliver(SHAPES["ack"]([self.event({**second, "id": "wamid.other"}, "read")]))
        self.assertEqual(self.device.counts(), {"accepted": 1, "delivered": 1})
        self.assertEqual(self.sender.answers, [200] * 7)
        self.assertEqual(self.device.log.read_text().count("state=delivered"), 1)

    def test_failed_has_its_words_and_advice_and_the_log_neither(self):
        self.device.start()
        (one,) = self.accept(1)
        error = "(#131026) canary words for 12025550100"
        self.sender.deliver({**SHAPES["ack"]([self.event(one, "failed", error=error)]),
                             "messages": [{"id": "x", "body": "canary body", "fromMe": False}]})
        shown = self.device.messages()[1]
        self.assertEqual((shown["state"], shown["code"], shown["reason"]),
                         ("failed", 131026, "recipient_unreachable"))
        self.assertIn("canary words", shown["detail"])
        self.assertNotIn("12025550100", shown["detail"])
        self.assertIn("reach them another way", self.device.command("why", 1).out)
        log = self.device.log.read_text()
        self.assertNotIn("canary", log)
        self.assertNotIn("12025550100", log)

    @unittest.skipIf(EMULATOR, "strace sees the emulator's calls")
    def test_a_callback_is_one_sync_and_one_of_others_none(self):
        trace = self.device.folder / "strace"
        self.device.start("strace", "-D", "-f", "-e", "signal=none", "-o", str(trace), "-e",
                          "trace=fsync,fdatasync,sync_file_range,msync,syncfs,sync")
        sent = self.accept(20)
        def syncs():
            self.device.status()  # what it had to sync before it has synced then
            return len(SYNCS.findall(trace.read_text()))
        before = syncs()
        # More than one frame to the keeper holds, and others' between ours.
        self.sender.deliver(SHAPES["ack"]([self.event({**one, "id": one["id"] + more}, "sent")
                                           for one in sent for more in ("", "x")]))
        self.assertEqual(syncs() - before, 1)
        for n in range(20):
            self.sender.deliver(SHAPES["ack"]([self.event({**sent[0], "id": f"other-{n}"}, "read")]))
        self.sender.deliver(SHAPES["ack"]([self.event(one, "sent") for one in sent]))
        self.assertEqual(syncs() - before, 1)
        for one in sent:
            self.sender.deliver(SHAPES["statuses"]([self.event(one, "delivered")]))
        self.assertEqual(syncs() - before, 1 + 20)
        self.assertEqual(self.device.counts(), {"delivered": 20})


class Crowd(WebhookTest):
    def test_a_thousand_slow_half_open_and_oversized_do_not_stop_a_good_one(self):
        self.device.start()
        (one,) = self.accept(1)
        head = f"POST /{SECRET} HTTP/1.1\r\nHost: h\r\n"
        bad = (b"", b"POST /", head.encode(), (head + "Content-Length: 999999\r\n\r\n").encode(),
               (head + "Content-Length: 16000\r\n\r\n{").encode(),
               (head + "x: " + "x" * 5000).encode(),
               (head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n").encode(),
               b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(usual, min(most, 4096)), most))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (usual, most))
        crowd = []
        self.addCleanup(lambda: [sock.close() for sock in crowd])
        for n in range(1000):
            sock = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            sock.setblocking(False)
            crowd.append(sock)
            try:
                sock.send(bad[n % len(bad)])
                # Those before say a little more, as slowly as they can.
                crowd[n // 2].send(b"x")
            except OSError:
                pass  # it has been shown the door
            if n % 100 == 99:
                self.assertEqual(self.device.http("GET", "/healthz")[0], 200)
                self.sender.deliver(SHAPES["ack"]([self.event(one, "sent")]))
        self.sender.deliver(SHAPES["ack"]([self.event(one, "delivered")]))
        self.assertEqual(self.device.counts(), {"delivered": 1})
        self.assertEqual(len(self.device.processes()), 4)
        self.assertNotIn("child_ended", self.device.log.read_text())


class Settings(WebhookTest):
    def test_a_path_that_others_may_read_is_no_webhook_and_messages_go_on(self):
        self.path_file.chmod(0o644)
        done = self.device.command("check")
        self.assertIn("intake.webhook_path_file", done.out)
        self.assertIn("chmod 600", done.out)
        self.device.start()
        self.assertEqual(self.sender.post({}), 0)
        self.assertIn("webhook state=off", self.device.log.read_text())
        self.device.wait_state(self.device.send_text("goes on"), "accepted")

    def test_only_the_gate_and_the_supervisor_hold_the_port(self):
        self.device.start()
        self.assertEqual(self.sender.post({}), 200)
        wanted = f"0100007F:{self.port:04X} 00000000:0000 0A "
        line, = [line for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()
                 if wanted in line]
        inode = line.split()[9]
        supervisor, gate = self.device.processes()[0], self.device.child("fp-gate")
        holders = [pid for pid in self.device.processes()
                   if any(os.readlink(fd) == f"socket:[{inode}]"
                          for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir())]
        self.assertEqual(holders, [supervisor, gate])

    def test_any_other_address_than_loopback_is_refused(self):
        for address in "0.0.0.0:8089", "192.0.2.1:8089", "[::]:8089", "example.com:8089":
            self.device.configure(intake={"webhook": address})
            done = self.device.command("check")
            self.assertEqual(done.code, CONFIGURATION)
            self.assertIn("must be a loopback address", done.err)

    def test_reload_opens_moves_and_closes_it(self):
        first = self.port
        self.device.start()
        self.assertEqual(self.sender.post({}), 200)
        self.port = free_port()
        self.path_file.write_text("x" + SECRET)
        moved = Callbacks(f"http://127.0.0.1:{self.port}/x{SECRET}")
        self.reload(webhook=f"127.0.0.1:{self.port}")
        moved.deliver({})
        self.assertEqual(self.sender.post({}), 0, f"nobody listens at {first}")
        self.path_file.write_text(SECRET)
        self.reload(webhook=f"127.0.0.1:{self.port}")
        self.assertEqual(moved.post({}), 404, "the path is another one")
        self.reload(webhook="off")
        self.assertEqual(moved.post({}), 0)

    def reload(self, **intake):
        self.device.configure(intake=intake)
        before = self.device.processes()
        self.device.signal(signal.SIGHUP)
        self.device.wait_for(lambda: len(self.device.processes()) == len(before) and
                             not set(before[1:]) & set(self.device.processes()), 20, "the reload")
        self.device.wait_for(self.device.answers, 20, "the agent to answer")


if __name__ == "__main__":
    unittest.main()
