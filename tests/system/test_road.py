"""The road end to end: taken while the network is away, accepted when it is back."""

import concurrent.futures
import json
import os
import signal
import socket
import subprocess
import time
import unittest

from harness import (BAD_FIELD, DONE, EXAMPLES, NO_SUCH_ID, NOT_REACHABLE, PHONE, REFUSED,
                     SLOWER, STILL_QUEUED, SystemTest, USAGE, request, vendor_body)

EXPECTED = [vendor_body(name, [value for _, value in fields]) for _, name, fields in EXAMPLES]


class Road(SystemTest):
    def queue_examples(self):
        return [self.device.send(scenario, fields) for scenario, _, fields in EXAMPLES]

    def test_five_examples_taken_offline_arrive_byte_for_byte(self):
        self.simulator.stop()
        self.device.start()
        ids = self.queue_examples()
        self.assertEqual(self.device.counts(), {"queued": 5})
        self.device.wait_for(lambda: self.device.status()["network"]["state"] == "offline", 10,
                             "the network to count as gone")
        self.assertEqual(self.device.show(ids[0])["reason"], "connect_failed")
        self.simulator.start()
        self.device.wait_accepted(5)
        self.assertEqual(self.simulator.accepted(), EXPECTED)  # in this order: one recipient
        self.assertNoProblems()
        for message_id, entry in zip(ids, self.simulator.requests()):
            message = self.device.wait_state(message_id, "accepted")
            self.assertEqual(message["message_id"], entry["id"])
            self.assertEqual(message["reason"], None)
        self.assertEqual(self.simulator.handshakes, 1)
        self.assertEqual(self.device.stop(), 0)

    def test_what_was_taken_survives_a_restart(self):
        self.simulator.stop()
        self.device.start()
        ids = self.queue_examples()
        self.device.stop()
        self.device.start()
        self.assertEqual(sorted(self.device.messages()), ids)
        self.simulator.start()
        self.device.wait_accepted(5)
        self.assertOnce(EXPECTED)

    def test_the_five_without_an_agent_and_flush(self):
        self.simulator.stop()
        for scenario, _, fields in EXAMPLES:
            typed = [w for name, value in fields for w in
                     ("--" + "".join("-" + c.lower() if c.isupper() else c for c in name), value)]
            done = self.device.command("send", scenario, "--to", "+1 (202) 555-0123", *typed)
            self.assertEqual(done.code, DONE, done.err)
            self.assertIn("no agent is running", done.err)
        self.assertEqual(self.device.command("flush", seconds=60).code, STILL_QUEUED)
        self.assertEqual(self.device.counts(), {"queued": 5})
        self.simulator.start()
        done = self.device.command("flush")
        self.assertEqual(done.code, DONE, done.err)
        self.assertEqual(self.simulator.accepted(), EXPECTED)
        self.assertEqual(self.device.counts(), {"accepted": 5})
        self.assertEqual(self.device.command("flush").code, DONE)  # nothing to do
        self.assertEqual(len(self.simulator.requests()), 5)

    def test_flush_says_what_was_held_and_what_is_in_doubt(self):
        self.simulator.behave(answer="refused", count=1)
        held = self.device.send_text("held")
        done = self.device.command("flush")
        self.assertEqual((done.code, self.device.show(held)["state"]), (REFUSED, "held"))
        self.assertIn("1 refused", done.err)
        self.assertEqual(self.device.command("flush").code, DONE)  # it was held before
        self.simulator.behave(answer="accepted", cut=0, end="reset", take=False, count=1)
        doubt = self.device.send_text("perhaps", "12025550124")
        done = self.device.command("flush", seconds=60)
        self.assertEqual((done.code, self.device.show(doubt)["state"]), (STILL_QUEUED, "uncertain"))
        self.assertIn("may have been sent", done.err)

    def test_send_waits_when_asked_to(self):
        self.device.start()
        words = ["send", "next-step", "--to", PHONE, "--customer-name", "Maria", "--process", "x"]
        done = self.device.command(*words, "--next-step", "one", "--wait=20s")
        self.assertEqual(done.code, DONE, done.err)
        self.assertIn("1MSG has it, not yet on the phone", done.out + done.err)
        self.simulator.behave(answer="bad_request", count=1)
        self.assertEqual(self.device.command(*words, "--next-step", "two", "--wait=20s").code,
                         REFUSED)
        self.simulator.stop()
        done = self.device.command(*words, "--next-step", "three", "--wait=1s")
        self.assertEqual(done.code, STILL_QUEUED, done.err)

    def test_stdin_takes_an_object_a_line_and_exits_with_the_worst(self):
        self.device.start()
        lines = [json.dumps(request("one")), "", "{", json.dumps(request("two", to="0171 555")),
                 json.dumps(request("three", scenario="nobody")), json.dumps(request("four"))]
        done = self.device.command("send", "--stdin", stdin="\n".join(lines))
        self.assertEqual(done.code, BAD_FIELD)
        answers = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual([a["ok"] for a in answers], [True, False, False, False, True])
        self.assertEqual([a.get("field") for a in answers[1:4]], [None, "to", "scenario"])
        self.device.wait_accepted(2)

    def test_list_show_and_status_as_json(self):
        self.simulator.stop()
        self.device.start()
        ids = self.queue_examples()
        listed = self.device.objects("list")
        self.assertEqual([m["id"] for m in listed], ids)
        for message, (scenario, _, _) in zip(listed, EXAMPLES):
            self.assertLessEqual({"id", "scenario", "to", "state", "attempts", "created",
                                  "next_attempt", "message_id", "reason"}, set(message))
            self.assertEqual((message["scenario"], message["state"], message["to"]),
                             (scenario, "queued", "1202•••0123"))
        self.assertEqual(len(self.device.objects("list", "--limit", "2")), 2)
        self.assertEqual(self.device.objects("list", "--state", "accepted"), [])
        self.assertEqual(self.device.objects("show", ids[0], "--reveal")[0]["to"], PHONE)
        status = self.device.status()
        self.assertLessEqual({"counts", "channel", "network", "next_attempt", "oldest", "store"},
                             set(status))
        self.assertEqual(status["oldest"]["id"], ids[0])
        self.assertEqual(self.device.command("show", "4711").code, NO_SUCH_ID)

    def test_words_for_people_fit_a_terminal(self):
        self.simulator.stop()
        self.device.start()
        first = self.queue_examples()[0]
        for words in (["list"], ["show", first], ["status"], ["help"], ["version"], ["scenarios"],
                      *(["help", name] for name in ("run", "send", "list", "show", "status",
                        "flush", "check", "retry", "drop", "scenarios", "version"))):
            with self.subTest(words=words):
                done = self.device.command(*words)
                self.assertEqual(done.code, DONE, done.err)
                self.assertTrue(done.out.strip())
                self.assertLessEqual(max(len(line) for line in done.out.splitlines()), 80)

    def test_retry_and_drop(self):
        self.simulator.behave(answer="refused", count=1)
        self.device.start()
        held = self.device.send_text("held at first")
        message = self.device.wait_state(held, "held")
        self.assertEqual(message["reason"], "refused_unspecified")
        self.assertIn("cannot be reached", message["detail"])
        self.assertEqual(self.device.command("retry", held).code, DONE)
        self.device.wait_state(held, "accepted")
        self.assertEqual(self.device.command("drop", held).code, BAD_FIELD)
        self.device.command("pause")  # what is just being sent could not be dropped
        waiting = self.device.send_text("not any more")
        self.assertEqual(self.device.command("drop", waiting).code, DONE)
        self.assertEqual(self.device.show(waiting)["state"], "dropped")
        self.assertEqual(self.device.command("retry", "4711").code, NO_SUCH_ID)

    def test_a_maybe_sent_message_is_retried_only_when_said_twice(self):
        self.simulator.behave(answer="accepted", cut=0, end="reset", take=False, count=1)
        self.device.start()
        doubt = self.device.send_text("perhaps")
        self.assertEqual(self.device.wait_state(doubt, "uncertain")["reason"], "maybe_sent")
        refused = self.device.command("retry", doubt, "--json")
        self.assertNotEqual(refused.code, DONE)
        self.assertIn("twice", refused.out + refused.err)
        self.assertEqual(self.device.show(doubt)["state"], "uncertain")


class Apps(SystemTest):
    """What programs on the device see: HTTP on the Unix socket, with any client."""

    def json_of(self, method, path, content=None):
        body = b"" if content is None else json.dumps(content).encode()
        status, answer = self.device.http(method, path, body)
        return status, [json.loads(line) for line in answer.splitlines()]

    def test_the_socket_speaks_http(self):
        self.simulator.stop()
        self.device.start()
        self.assertEqual(self.json_of("POST", "/v1/messages", request("one")),
                         (202, [{"ok": True, "id": 1, "state": "queued"}]))
        self.assertEqual(self.json_of("POST", "/v1/messages", request("two"))[0], 202)
        status, messages = self.json_of("GET", "/v1/messages?state=queued&limit=5")
        self.assertEqual((status, [m["id"] for m in messages]), (200, [1, 2]))
        self.assertEqual(self.json_of("GET", "/v1/messages/2")[1][0]["scenario"], "next-step")
        self.assertEqual(self.json_of("POST", "/v1/messages/2/drop"),
                         (200, [{"ok": True, "id": 2, "state": "dropped"}]))
        status, again = self.json_of("POST", "/v1/messages/2/drop")
        self.assertEqual((status, again[0]["error"]), (409, "wrong_state"))
        self.assertEqual(self.json_of("GET", "/v1/status")[1][0]["counts"]["queued"], 1)
        self.assertEqual(len(self.json_of("GET", "/v1/scenarios")[1]), 5)
        self.assertEqual(self.json_of("GET", "/healthz"), (200, [{"ok": True}]))

    def test_metrics_are_the_same_from_the_socket_and_the_command(self):
        self.simulator.stop()
        self.device.start()
        self.device.send_text("one")
        scraped = self.device.http("GET", "/metrics", b"")[1].decode()
        printed = self.device.command("metrics")
        self.assertIn('\nfieldpost_messages{state="queued"} 1\n', scraped)
        self.assertNotIn("1202555", scraped)
        names = lambda text: [line.split()[0] for line in text.splitlines() if line[0] != "#"]
        self.assertEqual(names(scraped), names(printed.out))
        self.assertEqual(json.loads(self.device.command("metrics", "--json").out)["counts"]["queued"], 1)
        self.device.stop()
        self.assertIn("fieldpost_store_wear_most 1\n", self.device.command("metrics").out)

    def test_curl_can_do_it(self):
        self.device.start()
        done = subprocess.run(
            ["curl", "-sS", "--unix-socket", str(self.device.socket),
             "http://localhost/v1/messages", "-H", "Content-Type: application/json",
             "-d", json.dumps(request("with curl"))], capture_output=True, check=True, timeout=20)
        self.assertEqual(json.loads(done.stdout)["ok"], True)
        self.device.wait_accepted(1)

    def test_many_at_once(self):
        """More connections than the agent has room for: each is served, or told to come again."""
        self.device.start()
        def offer(number):
            for _ in range(200):
                try:
                    status, answer = self.json_of("POST", "/v1/messages", request(
                        f"app {number}", to=f"1202555{100 + number:04}"))
                except OSError:
                    continue
                if status == 202:
                    return answer[0]["id"]
            return None
        with concurrent.futures.ThreadPoolExecutor(40) as apps:
            ids = list(apps.map(offer, range(80)))
        self.assertEqual(len(set(ids)), 80, self.device.tail())
        self.assertNotIn(None, ids)
        self.device.wait_accepted(80)
        self.assertEqual(set(self.simulator.deliveries().values()), {1})

    def test_who_says_nothing_blocks_nobody(self):
        self.device.start()
        silent = []
        for _ in range(12):  # eight are served at a time, five seconds at most
            sock = socket.socket(socket.AF_UNIX)
            self.addCleanup(sock.close)
            sock.settimeout(1)
            try:
                sock.connect(str(self.device.socket))
                sock.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Le")
            except OSError:
                pass  # no room for another silent one
            silent.append(sock)
        began = time.monotonic()
        self.device.send_text("in between")
        self.assertLess(time.monotonic() - began, 12 * SLOWER)

    def test_check_says_what_is_in_effect(self):
        done = self.device.command("check")
        self.assertEqual(done.code, DONE, done.out + done.err)
        done = self.device.command("check", "--print")
        self.assertEqual(done.code, DONE, done.out + done.err)
        self.assertIn("answer_timeout", done.out)
        self.assertNotIn(self.simulator.token, done.out + done.err)


class Agents(SystemTest):
    def test_a_second_agent_is_refused(self):
        self.device.start()
        done = self.device.command("run", seconds=20)
        self.assertEqual(done.code, NOT_REACHABLE, done.err)
        self.device.send_text("the first still works")
        self.device.wait_accepted(1)

    def test_a_stale_socket_is_no_obstacle(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(str(self.device.socket))
        self.assertTrue(self.device.socket.exists())
        done = self.device.command("send", "--stdin", stdin=json.dumps(request("direct")))
        self.assertEqual(done.code, DONE, done.out + done.err)
        self.device.start()
        self.device.wait_accepted(1)

    def test_a_killed_agent_leaves_nothing_in_the_way(self):
        self.simulator.stop()
        self.device.start()
        first = self.device.send_text("before")
        children = self.device.processes()[1:]
        self.assertGreaterEqual(len(children), 3)  # keeper, uplink, gate
        self.device.signal(signal.SIGKILL)
        self.device.agent.wait()
        self.device.wait_for(lambda: not any(alive(pid) for pid in children), 10,
                             "the children to die with their parent")
        second = self.device.send_text("after")
        self.assertEqual(sorted(self.device.messages()), [first, second])
        self.simulator.start()
        self.assertEqual(self.device.command("flush").code, DONE)
        self.assertEqual(len(self.simulator.accepted()), 2)

    def test_usage(self):
        for words in ([], ["nonsense"], ["send"], ["show"], ["list", "--state", "happy"]):
            with self.subTest(words=words):
                self.assertEqual(self.device.command(*words).code, USAGE)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    unittest.main()
