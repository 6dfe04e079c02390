"""Devices that wait to hear what becomes of a message (RFC 7641)."""

import contextlib
import json
import os
import re
import subprocess
import unittest

from coap import (CON, CoapTest, Message, OBSERVE, RST, client_of_another_make,
                  command_of_another_make, number)
from harness import SLOWER, request

FIRST, LAST = b"the key of the first", b"and that of the last"


class Observe(CoapTest):
    devices = ({"identity": "first", "key": FIRST.hex()}, {"identity": "last", "key": LAST.hex()})

    def setUp(self):
        super().setUp()
        self.start_paused()

    def observed(self, client, **more):
        """A message of that client's, and its request to observe it, answered."""
        message = client.ask(client.post(request(**more))).json()["id"]
        asked = client.get(f"v1/messages/{message}", ((OBSERVE, b""),))
        answer = client.ask(asked)
        self.assertEqual(answer.code, 2.05)
        self.assertIsNotNone(answer.option(OBSERVE))
        self.assertEqual(answer.json()["state"], "queued")
        self.device.wait_for(lambda: self.follows_events(), 10, "the agent's events to be followed")
        return message, asked, answer

    def follows_events(self):
        """It has a socket beside the two at which it listens. One for a request may be taken for it,
        which makes no test fail: what it misses it finds out when it follows."""
        folder, sockets = f"/proc/{self.server.pid}/fd", 0
        for fd in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                sockets += os.readlink(f"{folder}/{fd}").startswith("socket:")
        return sockets >= 3

    def drop(self, message):
        self.assertEqual(self.device.http("POST", f"/v1/messages/{message}/drop")[0], 200)

    def states(self, client, asked):
        """What it is told, to the end."""
        notices = []
        while not notices or notices[-1].option(OBSERVE) is not None:
            notices.append(client.answer(asked))
        return notices

    def test_each_change_is_told_until_nothing_more_can_come(self):
        client = self.client()
        message, asked, first = self.observed(client)
        self.drop(message)
        notices = self.states(client, asked)
        # Once as a notice and once as the end: some clients hear only one of them.
        self.assertEqual([one.json()["state"] for one in notices[-2:]], ["dropped"] * 2)
        self.assertEqual([one.option(OBSERVE) is None for one in notices[-2:]], [False, True])
        self.assertEqual({(one.type, one.code) for one in notices}, {(CON, 2.05)})
        numbers = [first.option(OBSERVE)] + [one.option(OBSERVE) for one in notices[:-1]]
        self.assertEqual(numbers, sorted(set(numbers)))
        ended = client.ask(client.get(f"v1/messages/{message}", ((OBSERVE, b""),)))
        self.assertIsNone(ended.option(OBSERVE), "nothing more can come of it")

    def test_a_message_on_its_way_is_told_as_it_goes(self):
        client = self.client()
        _, asked, _ = self.observed(client)
        self.assertEqual(self.device.http("POST", "/v1/resume")[0], 200)
        seen = []
        while "accepted" not in seen:
            seen.append(client.answer(asked).json()["state"])
        self.assertLessEqual(set(seen), {"queued", "sending", "accepted"})

    def test_who_turns_away_or_resets_a_notice_hears_no_more(self):
        for way in ("cancel", "reset"):
            with self.subTest(way=way):
                client = self.client()
                message, asked, _ = self.observed(client, text=way)
                if way == "cancel":
                    gone = client.ask(client.get(f"v1/messages/{message}", ((OBSERVE, number(1)),),
                                                 token=asked.token))
                    self.assertIsNone(gone.option(OBSERVE))
                else:
                    self.assertEqual(self.device.http("POST", "/v1/resume")[0], 200)
                    notice = Message.decode(client.socket.recv(2048))
                    self.assertEqual(notice.token, asked.token)
                    client.send(Message(RST, 0, notice.mid, b"", (), b""))
                self.device.wait_for(lambda: not self.follows_events(), 10, "the last one to go")

    def test_a_restart_of_the_agent_in_between_loses_no_change(self):
        client = self.client()
        message, asked, _ = self.observed(client)
        self.device.stop()
        self.device.command("drop", str(message))
        self.device.start()
        self.assertEqual(self.states(client, asked)[-1].json()["state"], "dropped")

    def test_one_of_many_waits_for_too_many(self):
        client = self.client()
        message, _, _ = self.observed(client)
        more = [client.ask(client.get(f"v1/messages/{message}", ((OBSERVE, b""),)))
                for _ in range(8)]
        self.assertEqual([one.code for one in more], [2.05] * 8)
        self.assertEqual([one.option(OBSERVE) is None for one in more], [False] * 7 + [True])

    def test_a_client_of_another_make_observes_its_own_message_and_no_other_does(self):
        said = client_of_another_make(self.secure_port, "first", FIRST, "post", "v1/messages",
                                      "-t", "50", "-e", json.dumps(request("theirs")))
        message = re.search(r'"ok":true,"id":(\d+)', said)[1]
        path = f"v1/messages/{message}"
        self.assertIn("4.04", client_of_another_make(self.secure_port, "last", LAST, "get", path,
                                                     "-s", "30"))
        heard = self.device.folder / "heard"
        with heard.open("wb") as out:
            watcher = subprocess.Popen(
                command_of_another_make(self.secure_port, "first", FIRST, "get", path, "-s", "60"),
                stdout=out, stderr=subprocess.STDOUT)
        self.addCleanup(watcher.kill)
        self.device.wait_for(lambda: '"state":"queued"' in heard.read_text(), 20, "its answer")
        self.drop(message)
        self.device.wait_for(lambda: '"state":"dropped"' in heard.read_text(), 20, "the notice")
        self.assertEqual(watcher.wait(20 * SLOWER), 0)


if __name__ == "__main__":
    unittest.main()
