"""The way in for devices that speak CoAP: fieldpost-coap beside the agent."""

import collections
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
import unittest

from bad_json import BAD_JSON
from coap import (ACCEPT, ACK, BLOCK1, BLOCK2, CON, CONTENT_FORMAT, CoapTest, ETAG, JSON, MAX_AGE,
                  NON, SIZE1, SecureClient, client_of_another_make, number)
from harness import CONFIGURATION, DONE, NOT_REACHABLE, PHONE, ROOT, SLOWER, USAGE, request


class Coap(CoapTest):
    def setUp(self):
        super().setUp()
        self.start_paused()

    @staticmethod
    def lasting(row):
        """What of a message is the same a second later; the clock may tell its times anew."""
        return {key: row[key] for key in ("id", "scenario", "to", "state", "attempts")}

    def test_a_message_is_created_and_can_be_looked_at(self):
        client = self.client()
        answer = client.ask(client.post(request("one", key="k")))
        self.assertEqual((answer.code, answer.type), (2.01, ACK))
        message = answer.json()["id"]
        self.assertEqual(answer.location(), f"v1/messages/{message}")
        self.assertEqual(answer.json(), {"ok": True, "id": message, "state": "queued"})
        seen = client.ask(client.get(f"v1/messages/{message}"))
        self.assertEqual((seen.code, seen.option(CONTENT_FORMAT)), (2.05, JSON))
        self.assertEqual(self.lasting(seen.json()), self.lasting(self.device.show(message)))
        again = client.ask(client.post(request("one", key="k")))
        self.assertEqual((again.code, again.json()["id"], again.json()["duplicate"]),
                         (2.04, message, True))
        other = client.ask(client.post(request("two", key="k")))
        self.assertEqual((other.code, other.json()["error"]), (4.09, "conflict"))
        self.assertEqual(list(self.device.messages()), [message])

    def test_what_the_agent_refuses_is_refused_in_its_words(self):
        client = self.client()
        for body, code, field in ((request(to="0049171"), 4.00, "to"),
                                  (request(scenario="nonsense"), 4.00, "scenario"),
                                  (b"{", 4.00, None), (b"", 4.00, None)):
            with self.subTest(body=body):
                answer = client.ask(client.post(body))
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                status, words = self.device.http("POST", "/v1/messages", text)
                self.assertIn(status, (400, 422))
                self.assertEqual(answer.code, code)
                self.assertEqual(answer.json(), json.loads(words))
                self.assertEqual(answer.json().get("field"), field)
        self.assertEqual(self.device.messages(), {})

    def test_what_is_no_json_is_refused(self):
        client = self.client()
        for name, body in BAD_JSON.items():
            if len(body) > 1024:
                continue  # in blocks: as a whole it is what any other is
            with self.subTest(name):
                answer = client.ask(client.post(body))
                self.assertEqual((answer.code, answer.json()["ok"]), (4.00, False))
        self.assertEqual(self.device.messages(), {})

    def test_what_is_no_request_of_ours_gets_the_code_that_says_so(self):
        client = self.client()
        good = request("never")
        for message, code in (
                (client.post(good, options=()), 4.15),
                (client.post(good, options=((CONTENT_FORMAT, number(60)),)), 4.15),
                (client.post(good, options=((CONTENT_FORMAT, number(JSON)),
                                            (ACCEPT, number(60)))), 4.06),
                (client.get("v1/messages/7"), 4.04),
                (client.get("v1/messages/nonsense"), 4.04),
                (client.get("v1/messages/7/retry"), 4.04),
                (client.get("v1/messages"), 4.05),
                (client.get("v1/status"), 4.04),
                (client.message(0.04, "v1/messages/7"), 4.05),
                (client.message(0.03, "v1/messages/7", b"{}"), 4.05)):
            with self.subTest(message=message):
                self.assertEqual(client.ask(message).code, code)
        self.assertEqual(self.device.messages(), {})

    def test_what_there_is_can_be_discovered(self):
        client = self.client()
        answer = client.ask(client.get(".well-known/core"))
        self.assertEqual((answer.code, answer.option(CONTENT_FORMAT)), (2.05, 40))
        self.assertEqual(answer.body, b'</v1/messages>;ct=50;rt="fieldpost.messages"')

    def test_an_agent_that_is_away_is_a_wait_and_nothing_is_lost_of_the_others(self):
        self.device.stop()
        client = self.client()
        answer = client.ask(client.post(request("one")))
        self.assertEqual((answer.code, answer.json()["error"]), (5.03, "busy"))
        self.assertGreater(answer.option(MAX_AGE), 0)
        self.assertEqual(client.ask(client.get("v1/messages/1")).code, 5.03)
        self.device.start()
        self.assertEqual(client.ask(client.post(request("one"))).code, 2.01)
        self.device.wait_for(lambda: self.logged("agent_back"), 5, "the log")

    def test_an_agent_that_is_slow_is_waited_for_and_the_datagram_acknowledged(self):
        keeper = self.device.processes()
        for pid in keeper:
            os.kill(pid, signal.SIGSTOP)
        client = self.client()
        try:
            message = client.post(request("one"))
            client.send(message)
            first = client.receive()
            client.send(message)
            second = client.receive()
        finally:
            for pid in keeper:
                os.kill(pid, signal.SIGCONT)
        for one in (first, second):
            self.assertEqual((one.type, one.code, one.mid, one.token), (ACK, 0, message.mid, b""))
        answer = client.answer(message)
        self.assertEqual((answer.type, answer.code), (CON, 2.01))
        self.assertEqual(len(self.device.messages()), 1)

    def test_a_large_body_comes_in_blocks_and_too_large_a_one_is_turned_away_at_its_first(self):
        client = self.client()
        body = json.dumps(request("x" * 500)).encode() + b" " * 9000
        blocks = [body[at:at + 256] for at in range(0, len(body), 256)]
        for i, block in enumerate(blocks):
            more = i + 1 < len(blocks)
            options = ((CONTENT_FORMAT, number(JSON)), (BLOCK1, number(i << 4 | more << 3 | 4)))
            message = client.post(block, options)
            answer = client.ask(message)
            self.assertEqual(answer.code, 2.31 if more else 2.01)
            self.assertEqual(answer.option(BLOCK1), i << 4 | more << 3 | 4)
            self.assertEqual(client.ask(message)._replace(type=0), answer._replace(type=0))
        self.assertEqual(len(self.device.messages()), 1)
        for options in (((CONTENT_FORMAT, number(JSON)), (BLOCK1, number(0 << 4 | 8 | 6)),
                         (SIZE1, number(9 << 20))),
                        ((CONTENT_FORMAT, number(JSON)), (BLOCK1, number(16 << 4 | 8 | 6)))):
            answer = client.ask(client.post(b"x" * 1024, options))
            self.assertEqual((answer.code, answer.option(SIZE1)), (4.13, 16384))
        lost = ((CONTENT_FORMAT, number(JSON)), (BLOCK1, number(3 << 4 | 8 | 2)))
        self.assertEqual(client.ask(client.post(b"x" * 64, lost)).code, 4.08)

    def test_an_answer_comes_in_blocks_where_that_is_asked_for(self):
        client = self.client()
        message = client.ask(client.post(request("one"))).json()["id"]
        tags = set()
        while len(tags) != 1:  # what changed between two blocks begins again
            parts, tags, more = b"", set(), True
            while more:
                option = (len(parts) // 32) << 4 | 1
                part = client.ask(client.get(f"v1/messages/{message}",
                                             ((BLOCK2, number(option)),)))
                self.assertEqual(part.code, 2.05)
                parts += part.body
                tags.add(part.option(ETAG))
                more = part.option(BLOCK2) & 8
        self.assertEqual(self.lasting(json.loads(parts)), self.lasting(self.device.show(message)))
        beyond = client.get(f"v1/messages/{message}", ((BLOCK2, number(200 << 4 | 1)),))
        self.assertEqual(client.ask(beyond).code, 4.02)


class CoapRepeats(CoapTest):
    # The agent itself takes nothing for the same here.
    settings = {"intake": {"same_within": "none"}}

    def setUp(self):
        super().setUp()
        self.start_paused()

    def test_a_datagram_that_comes_again_is_answered_again_and_does_nothing(self):
        client = self.client()
        for kind in (CON, NON):
            message = client.post(request("one"), kind=kind)
            answers = [client.ask(message) for _ in range(3)]
            self.assertEqual({(answer.code, answer.location()) for answer in answers},
                             {(2.01, "v1/messages/%d" % answers[0].json()["id"])})
        self.assertEqual(len(self.device.messages()), 2)
        # The same number with something else is a device that counts anew, not a repetition.
        self.assertEqual(client.ask(message._replace(token=b"new")).code, 2.01)
        self.assertEqual(len(self.device.messages()), 3)

    def test_who_asks_without_an_end_is_told_to_wait_and_what_was_taken_stays_known(self):
        client = self.client()
        first = client.post(request("one"))
        message = client.ask(first).json()["id"]
        answers = [client.ask(client.post(b"{")) for _ in range(256)]
        self.assertEqual([answer.code for answer in answers], [4.00] * 255 + [4.29])
        self.assertGreater(answers[-1].option(MAX_AGE), 60)
        self.assertEqual(client.ask(first).json()["id"], message)


KEYS = {"door-1": b"the key of door 1", "kiosk": b"and that of the kiosk",
        "narrow": b"the one of narrow"}


class CoapDevices(CoapTest):
    devices = ({"identity": "door-1", "key": KEYS["door-1"].hex(), "scenarios": ["next-step"]},
               {"identity": "kiosk", "key": KEYS["kiosk"].hex()},
               {"identity": "narrow", "key": KEYS["narrow"].hex(), "share": "1%"})
    settings = {"queue": {"messages_max": 200}}

    def setUp(self):
        super().setUp()
        self.start_paused()

    def post(self, name, what, key=None, **more):
        return client_of_another_make(self.secure_port, name, key or KEYS[name], "post",
                                      "v1/messages", "-t", "50", "-e", json.dumps(what), **more)

    def test_devices_with_their_keys_are_heard_by_clients_of_two_makes(self):
        for tls in ("gnutls", "openssl"):
            with self.subTest(tls=tls):
                said = self.post("door-1", request(tls), tls=tls)
                self.assertIn('"ok":true', said)
                message = re.search(r'"ok":true,"id":(\d+)', said)[1]
                seen = client_of_another_make(self.secure_port, "door-1", KEYS["door-1"], "get",
                                              f"v1/messages/{message}", tls=tls)
                self.assertIn('"scenario":"next-step"', seen)
        self.assertEqual(len(self.device.messages()), 2)
        self.assertTrue(self.logged("device_connected device=door-1"))

    def test_a_body_of_9_MB_is_turned_away_at_its_first_block(self):
        large = self.device.folder / "large"
        large.write_bytes(b"x" * (9 << 20))
        said = client_of_another_make(self.secure_port, "kiosk", KEYS["kiosk"], "post",
                                      "v1/messages", "-t", "50", "-f", str(large))
        self.assertIn("4.13", said)
        self.assertIn("16 KiB", said)

    def test_whoever_has_no_key_or_the_wrong_one_is_not_heard(self):
        for name, key in (("door-1", b"a key of its own!"), ("stranger", KEYS["kiosk"])):
            said = self.post(name, request("never"), key)
            self.assertNotIn('"ok":true', said)
        plain = subprocess.run(["coap-client-notls", "-B", "2", "-m", "get",
                                f"coap://127.0.0.1:{self.secure_port}/v1/messages/1"],
                               capture_output=True, text=True, timeout=20 * SLOWER, check=False)
        self.assertEqual(plain.stdout, "")
        self.assertEqual(self.device.messages(), {})
        self.assertTrue(self.logged("handshake_failed device=door-1"))
        self.assertTrue(self.logged("device_unknown identity=stranger"))

    def test_a_device_sends_its_scenarios_and_no_others(self):
        answer = self.post("door-1", request("no", scenario="status-changed"))
        self.assertIn("4.03", answer)
        self.assertIn("this device may not send this scenario", answer)
        fields = {"customerName": "Maria", "process": "order", "status": "Shipped"}
        said = self.post("kiosk", {"scenario": "status-changed", "to": PHONE, "fields": fields})
        self.assertIn('"ok":true', said)
        self.assertEqual(len(self.device.messages()), 1)

    def test_a_device_neither_sees_nor_touches_what_another_sent(self):
        ids = {}
        for name in ("door-1", "kiosk"):
            said = self.post(name, request(name, key="same", topic="same"))
            ids[name] = int(re.search(r'"ok":true,"id":(\d+)', said)[1])
        self.assertEqual(len(set(ids.values())), 2, "a key is its device's")
        for name in ids:
            for other, message in ids.items():
                said = client_of_another_make(self.secure_port, name, KEYS[name], "get",
                                              f"v1/messages/{message}")
                self.assertIn('"scenario"' if other == name else "4.04", said)
        states = {m["id"]: m["state"] for m in self.device.messages().values()}
        self.assertEqual(set(states.values()), {"queued"}, "a topic is its device's, too")

    def test_a_device_fills_its_share_and_no_more(self):
        said = [self.post("narrow", request(text)) for text in "abc"]
        self.assertEqual(['"ok":true' in one for one in said], [True, True, False])
        self.assertIn("5.03", said[2])
        self.assertIn("share", said[2])
        self.assertIn('"ok":true', self.post("kiosk", request("d")))

    def secure_client(self, name):
        client = SecureClient(self.secure_port, name, KEYS[name])
        self.addCleanup(client.close)
        return client

    def test_a_flooder_beside_a_good_device_gets_its_share_and_the_good_one_all(self):
        over, seen = threading.Event(), collections.Counter()

        def flood():
            """With as many requests on their way as the server keeps, and more."""
            client, under_way = self.secure_client("narrow"), 0
            while not over.is_set():
                client.send(client.post(request(f"flood {time.monotonic_ns()}"), kind=NON))
                under_way += 1
                while under_way >= 32:
                    answer = client.receive(1)
                    seen[answer.code if answer else "lost"] += 1
                    under_way -= 1

        thread = threading.Thread(target=flood)
        thread.start()
        try:
            self.device.wait_for(lambda: seen[5.03], 20, "the flooder's share to be full")
            client = self.secure_client("kiosk")
            for n in range(100):
                message = client.post(request(f"good {n}"))
                answer = client.ask(message)
                # Other requests may be under way: who is told to wait, waits.
                while answer.code == 5.03:
                    time.sleep(answer.option(MAX_AGE))
                    answer = client.ask(client.post(request(f"good {n}")))
                self.assertEqual(answer.code, 2.01, answer)
        finally:
            over.set()
            thread.join()
        self.assertEqual(seen[2.01], 2, seen)
        self.assertEqual(len(self.device.messages()), 102)
        self.assertLessEqual(set(seen), {2.01, 4.29, 5.03, "lost"})

    def test_a_reload_takes_other_keys_and_a_broken_one_leaves_those_there_were(self):
        self.configuration.write_text("{")
        self.server.send_signal(signal.SIGHUP)
        self.device.wait_for(lambda: self.logged("configuration_rejected"), 10, "the log")
        self.assertIn('"ok":true', self.post("kiosk", request("one")))
        changed = [{"identity": "kiosk", "key": b"a new key of kiosk".hex()}]
        self.configure_coap(devices=changed)
        self.server.send_signal(signal.SIGHUP)
        self.device.wait_for(lambda: self.logged("reloaded devices=1"), 10, "the log")
        self.assertNotIn('"ok":true', self.post("kiosk", request("two")))
        self.assertIn('"ok":true', self.post("kiosk", request("three"), b"a new key of kiosk"))
        self.assertNotIn('"ok":true', self.post("door-1", request("four")))

    def test_no_key_number_or_text_is_in_the_log(self):
        self.post("kiosk", request("a secret of Maria's"))
        self.post("kiosk", request("another"), b"not the key of it")
        log = self.log.read_text()
        for secret in (KEYS["kiosk"].decode(), KEYS["kiosk"].hex(), PHONE, "Maria"):
            self.assertNotIn(secret, log)


class CoapStart(CoapTest):
    def test_what_is_wrong_is_said_with_file_line_and_key_and_nothing_starts(self):
        self.configure_coap(loopback="0.0.0.0:5683")
        done = self.run_coap()
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertEqual(done.stderr, f"fieldpost-coap: {self.configuration}:2: loopback: must be "
                         'a loopback address with a port, such as "127.0.0.1:8040", or "off"\n')
        self.configure_coap(loopback=f"127.0.0.1:{self.port}")
        self.configuration.chmod(0o640)
        done = self.run_coap()
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertIn(f"others may read it (mode 0640); run: chmod 600 {self.configuration}",
                      done.stderr)

    def test_an_address_that_cannot_be_had_is_69_and_the_words_of_the_kernel(self):
        self.configure_coap(loopback=f"127.0.0.1:{self.port}")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", self.port))
            done = self.run_coap()
        self.assertEqual(done.returncode, NOT_REACHABLE)
        self.assertIn("cannot_listen", done.stderr)
        self.assertIn("loopback", done.stderr)

    def test_help_and_version_and_what_is_neither(self):
        self.configure_coap()
        done = self.run_coap("--help")
        self.assertEqual(done.returncode, DONE)
        self.assertIn("/v1/messages/ID", done.stdout)
        self.assertLessEqual(max(map(len, done.stdout.splitlines())), 100)
        done = self.run_coap("--version")
        self.assertRegex(done.stdout, r"^fieldpost-coap \d.*\nlibcoap 4\.3\.\d+\nMbed TLS 3\.6\.")
        self.assertEqual(self.run_coap("--check").returncode, DONE)
        self.assertEqual(self.run_coap("--verbose").returncode, USAGE)

    def test_the_example_of_a_configuration_is_good_once_it_has_keys(self):
        self.configure_coap()
        example = (ROOT / "config" / "examples" / "coap.json").read_text()
        self.configuration.write_text(example)
        done = self.run_coap("--check")
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertIn("devices[0].key: must be 16 to 32 bytes in hexadecimal", done.stderr)
        self.configuration.write_text(example.replace("___", "00" * 16))
        done = self.run_coap("--check")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (DONE, "", ""))

    def test_it_ends_when_it_is_told_to(self):
        self.start_coap()
        self.assertEqual(self.stop_coap(), DONE)


if __name__ == "__main__":
    unittest.main()
