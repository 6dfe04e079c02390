"""Who may do what at the Unix socket: programs of other users, as the kernel knows them."""

import contextlib
import http.client
import json
import os
import pathlib
import socket
import unittest

from harness import SLOWER, SystemTest, request

KIOSK, DESK, OFFICE, STRANGER, RELAY = 4001, 4002, 4003, 4004, 4005
OFFICE_GROUP = 4100


class RightsTest(SystemTest):
    settings = {"intake": {"allow": [
        {"user": str(KIOSK), "scenarios": ["next-step"], "share": "10%"},
        {"user": str(DESK), "rights": ["send", "read_own", "decide"]},
        {"user": str(RELAY), "rights": ["send", "read_own", "relay"]},
        {"group": str(OFFICE_GROUP), "rights": ["read_all", "decide", "reveal"]},
    ]}, "queue": {"messages_max": 200}}

    def setUp(self):
        super().setUp()
        pathlib.Path(self.device.places.name).chmod(0o755)
        self.device.start()
        # Nothing leaves and nothing ends while a test looks.
        self.assertEqual(self.device.http("POST", "/v1/pause")[0], 200)

    @contextlib.contextmanager
    def somebody(self, user, *groups):
        """The kernel notes who connects by the rights of that moment."""
        before = os.getgroups()
        try:
            os.setgroups(groups)
            os.setegid(user)
            os.seteuid(user)
            yield
        finally:
            os.seteuid(0)
            os.setegid(0)
            os.setgroups(before)

    def app(self, user, *groups):
        """A program of that user; what it asks is a call of what this returns."""
        def ask(method, path, body="", of=None):
            body = body if isinstance(body, str) else json.dumps(body)
            with socket.socket(socket.AF_UNIX) as sock:
                sock.settimeout(10 * SLOWER)
                with self.somebody(user, *groups):
                    sock.connect(str(self.device.socket))
                sock.sendall((f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
                              "Connection: close\r\nContent-Type: application/json\r\n"
                              + (f"Fieldpost-Source: {of}\r\n" if of else "") +
                              f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
                answer = http.client.HTTPResponse(sock)
                answer.begin()
                lines = []
                for line in answer:
                    lines.append(json.loads(line))
                    # Events have no end, but a line that says that this is all.
                    if path.startswith("/v1/events") and "id" not in lines[-1]:
                        break
                return answer.status, lines
        return ask

    def sent(self, app, text, **more):
        status, answer = app("POST", "/v1/messages", request(text, **more))
        self.assertEqual(status, 202, answer)
        return answer[0]["id"]

    def assertDenied(self, answer, words):
        status, lines = answer
        self.assertEqual((status, lines[0]["error"]), (403, "denied"))
        self.assertIn(words, lines[0]["message"])


@unittest.skipIf(os.geteuid() != 0, "only root can speak as other users")
class Rights(RightsTest):
    def test_each_does_what_its_entry_says(self):
        kiosk, desk = self.app(KIOSK), self.app(DESK)
        office, stranger = self.app(OFFICE, OFFICE_GROUP), self.app(STRANGER, 4101)
        first, second = self.sent(kiosk, "of the kiosk"), self.sent(desk, "of the desk")

        self.assertDenied(stranger("GET", "/healthz"), f"uid:{STRANGER} may not come in")
        self.assertDenied(stranger("POST", "/v1/messages", request("x")), "intake.allow")
        self.assertDenied(office("POST", "/v1/messages", request("x")), "may not send")
        self.assertDenied(kiosk("POST", "/v1/messages", {
            "scenario": "status-changed", "to": "12025550123", "fields": {
                "customerName": "Maria", "process": "order", "status": "Shipped"}}),
            "may not send status-changed")
        for app in (kiosk, desk, office):
            for path in ("/healthz", "/v1/status"):
                self.assertEqual(app("GET", path)[0], 200)
        self.assertDenied(kiosk("POST", f"/v1/messages/{first}/drop"), "may not decide")
        self.assertDenied(kiosk("GET", f"/v1/messages/{first}?reveal=1"), "may not reveal")
        self.assertDenied(desk("POST", "/v1/pause"), "may not read_all")

        self.assertEqual([m["id"] for m in kiosk("GET", "/v1/messages")[1]], [first])
        self.assertEqual([m["id"] for m in desk("GET", "/v1/messages")[1]], [second])
        self.assertEqual([m["id"] for m in office("GET", "/v1/messages")[1]], [first, second])
        self.assertEqual(office("GET", f"/v1/messages/{first}?reveal=1")[1][0]["to"], "12025550123")

    def test_what_another_sent_is_not_there(self):
        kiosk, desk = self.app(KIOSK), self.app(DESK)
        theirs = self.sent(kiosk, "of the kiosk", key="k1", topic="visit")
        mine = self.sent(desk, "of the desk", key="k1", topic="visit")
        self.assertNotEqual(theirs, mine, "a key is its app's")
        for method, path in (("GET", ""), ("POST", "/retry"), ("POST", "/drop")):
            status, answer = desk(method, f"/v1/messages/{theirs}{path}")
            self.assertEqual((status, answer[0]["error"]), (404, "not_found"))
        self.assertEqual(self.device.show(theirs)["state"], "queued", "its topic is its own, too")
        followed = desk("GET", "/v1/events?from=0")[1]
        self.assertEqual({line["id"] for line in followed if "id" in line}, {mine})
        self.assertEqual(desk("POST", f"/v1/messages/{mine}/drop")[0], 200)
        self.assertEqual(self.app(OFFICE, OFFICE_GROUP)("POST", f"/v1/messages/{theirs}/drop")[0],
                         200)

    def test_a_relay_speaks_for_each_of_its_devices_and_nobody_else_does(self):
        relay, ids = self.app(RELAY), {}
        for name in ("coap:door", "coap:kiosk"):
            status, answer = relay("POST", "/v1/messages", request("x", key="k", topic="t"), of=name)
            self.assertEqual(status, 202, answer)
            ids[name] = answer[0]["id"]
        for name, mine in ids.items():
            for other in ids.values():
                self.assertEqual(relay("GET", f"/v1/messages/{other}", of=name)[0],
                                 200 if other == mine else 404)
            self.assertEqual([m["id"] for m in relay("GET", "/v1/messages", of=name)[1]], [mine])
        self.assertEqual(relay("GET", "/v1/messages")[1], [])
        theirs = self.sent(self.app(DESK), "of the desk")
        followed = relay("GET", "/v1/events?from=0", of="coap:")[1]
        self.assertEqual([line["id"] for line in followed if "id" in line], list(ids.values()))
        for app, name in ((self.app(DESK), "coap:door"), (relay, f"uid:{DESK}"), (relay, "app:a")):
            self.assertDenied(app("GET", f"/v1/messages/{theirs}", of=name), "only a relay")

    def test_what_a_relay_speaks_for_keeps_to_its_share(self):
        relay = self.app(RELAY)
        taken = [relay("POST", "/v1/messages", request(n), of="coap:door 1")[0] for n in "abc"]
        self.assertEqual(taken, [202, 202, 503])
        self.assertEqual(relay("POST", "/v1/messages", request("d"), of="coap:kiosk 1")[0], 202)

    def test_a_flooder_fills_its_share_and_no_more(self):
        kiosk, desk = self.app(KIOSK), self.app(DESK)
        taken = 0
        for n in range(100):
            for flood in range(3):
                status, answer = kiosk("POST", "/v1/messages", request(f"flood {n} {flood}"))
                taken += status == 202
                if status == 503:
                    self.assertEqual(answer[0]["error"], "queue_full")
                    self.assertIn("share", answer[0]["message"])
                elif status != 202:
                    self.assertEqual((status, answer[0]["error"]), (429, "too_many"))
            self.sent(desk, f"good {n}")
        self.assertEqual(taken, 20)

    def test_the_socket_opens_with_a_list_and_closes_without(self):
        self.assertEqual(self.device.socket.stat().st_mode & 0o777, 0o666)
        del self.device.settings["intake"]["allow"]
        self.device.configure()
        self.device.stop()
        self.device.start()
        self.assertEqual(self.device.socket.stat().st_mode & 0o777, 0o660)


if __name__ == "__main__":
    unittest.main()
