"""The loopback port: apps with a token, and what pages of a browser on the device may try there."""

import contextlib
import http.client
import json
import os
import pathlib
import select
import socket
import subprocess
import threading
import time
import unittest

from harness import (CONFIGURATION, DONE, NO_SUCH_ID, ROOT, SLOWER, SystemTest, free_port,
                     request)

EXAMPLES = ROOT / "config" / "examples"
LISTED = "https://kiosk.example"


class LoopbackTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.device.configure(intake={"http": f"127.0.0.1:{self.port}", "origins": [LISTED]},
                              queue={"messages_max": 500})
        self.page = self.add("page")

    def add(self, name, *options):
        done = self.device.command("app", "add", name, *options)
        self.assertEqual(done.code, DONE, done.err)
        return done.out.strip()

    def start(self):
        self.device.start()
        # Nothing leaves and nothing ends while a test looks.
        self.assertEqual(self.device.http("POST", "/v1/pause")[0], 200)

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.port), 10 * SLOWER)
        self.addCleanup(sock.close)
        return sock

    def say(self, method, path, token=None, body=b"", sock=None, drop=(), **headers):
        """As raw as an attacker: what stands in `headers` replaces what a good app says."""
        lines = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if token:
            lines["Authorization"] = f"Bearer {token}"
        if method == "POST":
            lines |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if name not in drop)
        sock = sock or self.connect()
        sock.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answer = http.client.HTTPResponse(sock)
        answer.begin()
        return answer

    def ask(self, token, method, path, body=None, **headers):
        answer = self.say(method, path, token, json.dumps(body).encode() if body else b"", **headers)
        lines = [json.loads(line) for line in answer.read().splitlines()]
        return answer.status, lines

    def sent(self, token, text, **more):
        status, lines = self.ask(token, "POST", "/v1/messages", request(text, **more))
        self.assertEqual(status, 202, lines)
        return lines[0]["id"]

    def queued(self):
        return sum(self.device.status()["counts"].values())


class Apps(LoopbackTest):
    def test_add_list_and_remove(self):
        self.add("desk", "--scenario", "next-step", "--share", "20%", "--decide")
        kept = pathlib.Path(self.device.folder / "conf.d" / "apps.json").read_text()
        self.assertNotIn(self.page, kept)
        self.assertEqual([one["name"] for one in self.device.objects("app", "list")],
                         ["page", "desk"])
        self.assertIn("decide", self.device.command("app", "list").out)
        self.start()
        self.sent(self.page, "still known")
        self.assertEqual(self.device.command("app", "remove", "page").code, DONE)
        self.assertEqual(self.device.command("app", "remove", "page").code, NO_SUCH_ID)
        self.device.stop()
        self.start()
        self.assertEqual(self.ask(self.page, "GET", "/v1/status")[0], 401)

    def test_what_no_configuration_may_have_is_written_nowhere(self):
        before = (self.device.folder / "conf.d" / "apps.json").read_text()
        for words in (["Bad Name"], ["x" * 29], ["other", "--share", "0%"],
                      ["other", "--scenario", "nowhere"]):
            done = self.device.command("app", "add", *words)
            self.assertEqual(done.code, CONFIGURATION, done.err)
            self.assertEqual(done.out, "")
        self.assertEqual((self.device.folder / "conf.d" / "apps.json").read_text(), before)

    def test_only_loopback_and_exact_origins_are_a_configuration(self):
        for changes in ({"http": "0.0.0.0:8040"}, {"http": "192.0.2.1:8040"}, {"http": ":8040"},
                        {"origins": ["*"]}, {"origins": ["null"]},
                        {"origins": ["https://kiosk.example/"]},
                        {"origins": ["https://Kiosk.example"]},
                        {"origins": ["https://kiosk.example:443"]}):
            with self.subTest(changes):
                good = {key: self.device.settings["intake"][key] for key in changes}
                self.device.configure(intake=changes)
                self.assertEqual(self.device.command("check").code, CONFIGURATION)
                self.device.configure(intake=good)

    def test_what_one_app_sent_another_cannot_see_touch_or_follow(self):
        other = self.add("other", "--decide")
        office = self.add("office", "--read-all", "--decide")
        self.start()
        theirs = self.sent(self.page, "of the page", key="k", topic="visit")
        mine = self.sent(other, "of the other", key="k", topic="visit")
        self.assertEqual([m["id"] for m in self.ask(other, "GET", "/v1/messages")[1]], [mine])
        for method, path in (("GET", ""), ("POST", "/retry"), ("POST", "/drop")):
            self.assertEqual(self.ask(other, method, f"/v1/messages/{theirs}{path}")[0], 404)
        self.assertEqual(self.device.show(theirs)["state"], "queued")
        self.assertEqual(self.ask(self.page, "POST", f"/v1/messages/{theirs}/drop")[0], 403)
        answer = self.say("GET", "/v1/events?from=0", other)
        seen = set()
        for line in answer:
            event = json.loads(line)
            if "id" not in event:
                break
            seen.add(event["id"])
        self.assertEqual(seen, {mine})
        self.assertEqual([m["id"] for m in self.ask(office, "GET", "/v1/messages")[1]],
                         [theirs, mine])
        self.assertEqual(self.ask(office, "POST", f"/v1/messages/{theirs}/drop")[0], 200)


class Attacks(LoopbackTest):
    """Each is refused, and nothing is queued by any of them."""

    def setUp(self):
        super().setUp()
        self.start()
        self.body = json.dumps(request("attack")).encode()

    def refused(self, http_status, *arguments, **headers):
        answer = self.say(*arguments, **headers)
        self.assertEqual(answer.status, http_status, arguments)
        self.assertFalse(json.loads(answer.read())["ok"])
        self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
        self.assertIn("frame-ancestors 'none'", answer.getheader("Content-Security-Policy"))
        self.assertEqual(answer.getheader("Cross-Origin-Resource-Policy"), "same-origin")
        self.assertEqual(answer.getheader("Cross-Origin-Opener-Policy"), "same-origin")
        self.assertEqual(answer.getheader("Cache-Control"), "no-store")
        self.assertEqual(answer.getheader("Referrer-Policy"), "no-referrer")
        self.assertEqual(answer.getheader("Vary"), "Origin")
        if "Origin" not in headers or headers["Origin"] != LISTED:
            self.assertIsNone(answer.getheader("Access-Control-Allow-Origin"))
        self.assertEqual(self.queued(), 0)
        return answer

    def test_pages_and_programs_without_a_token(self):
        post = ("POST", "/v1/messages", None, self.body)
        evil = {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"}
        self.refused(403, *post, **evil, Content_Type="application/x-www-form-urlencoded")
        self.refused(403, *post, **evil, Content_Type="text/plain")
        self.refused(403, *post, **evil)
        self.refused(403, "GET", "/v1/status", **evil)
        self.refused(403, "GET", "/healthz", Sec_Fetch_Site="cross-site")
        self.refused(403, *post, Host=f"evil.example:{self.port}")
        self.refused(403, *post, Origin=f"http://127.0.0.1:{self.port + 1}",
                     Sec_Fetch_Site="same-site")
        self.refused(403, *post, Origin="null")
        self.refused(415, *post, Content_Type="text/plain")
        answer = self.refused(401, *post)
        self.assertEqual(answer.getheader("WWW-Authenticate"), "Bearer")
        self.refused(401, *post, Authorization="Basic YTpi")
        self.refused(400, *post, Origin="a" * 500)
        self.refused(405, "PUT", "/v1/messages", None, self.body, Content_Length=len(self.body))

    def test_with_a_good_token(self):
        """A page that has learned it all the same, and an app that holds it wrongly."""
        post = ("POST", "/v1/messages", self.page, self.body)
        self.refused(403, *post, Origin="https://evil.example")
        self.refused(403, *post, Host=f"evil.example:{self.port}")
        self.refused(415, *post, Content_Type="text/plain")
        self.refused(415, *post, Origin=LISTED, Content_Type="text/plain")
        self.refused(400, "POST", f"/v1/messages?token={self.page}", None, self.body)
        self.refused(400, "POST", f"/v1/messages?access_token={self.page}", self.page, self.body)
        self.refused(405, "GET", "/v1/pause", self.page)
        self.refused(405, "GET", "/v1/messages/1/drop", self.page)
        self.refused(403, "POST", "/v1/resume", self.page)

    def test_an_upgrade_is_not_done(self):
        answer = self.say("GET", "/v1/events", self.page, Connection="Upgrade", Upgrade="websocket",
                          Sec_WebSocket_Version="13", Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.getheader("Content-Type"), "application/x-ndjson")

    def test_wrong_tokens_are_slowed_down_and_right_ones_are_not(self):
        seen = [self.say("GET", "/v1/status", f"wrong{n}").status for n in range(12)]
        self.assertEqual(seen[:5], [401] * 5)
        self.assertIn(429, seen)
        self.assertEqual(self.ask(self.page, "GET", "/v1/status")[0], 200)

    def test_preflights(self):
        def preflight(origin, **more):
            return self.say("OPTIONS", "/v1/messages", Origin=origin,
                            Access_Control_Request_Method="POST",
                            Access_Control_Request_Headers="authorization,content-type", **more)
        answer = preflight(LISTED)
        self.assertEqual((answer.status, answer.read()), (204, b""))
        self.assertIsNone(answer.getheader("Content-Length"))
        for name, value in (("Origin", LISTED), ("Methods", "GET, POST"),
                            ("Headers", "authorization, content-type"), ("Max-Age", "600"),
                            ("Private-Network", None), ("Credentials", None)):
            self.assertEqual(answer.getheader("Access-Control-Allow-" + name)
                             if name != "Max-Age" else answer.getheader("Access-Control-" + name),
                             value, name)
        self.assertEqual(answer.getheader("Vary"), "Origin")
        asked = {"Access_Control_Request_Private_Network": "true"}
        self.assertEqual(preflight(LISTED, **asked).getheader(
            "Access-Control-Allow-Private-Network"), "true")
        for origin in ("https://evil.example", "null", LISTED + ":8443", LISTED + ".evil.example"):
            answer = preflight(origin, **asked)
            self.assertEqual(answer.status, 403)
            self.assertEqual([name for name, _ in answer.getheaders()
                              if name.lower().startswith("access-control")], [])
        # And then the request itself, whose answer the page may read.
        answer = self.say("POST", "/v1/messages", self.page, self.body, Origin=LISTED,
                          Sec_Fetch_Site="cross-site")
        self.assertEqual(answer.status, 202)
        self.assertEqual(answer.getheader("Access-Control-Allow-Origin"), LISTED)
        self.assertEqual(self.queued(), 1)
        # The Unix socket has no browsers.
        self.assertEqual(self.device.http("OPTIONS", "/v1/messages")[0], 405)


class Neighbours(LoopbackTest):
    def test_a_flooder_beside_a_good_app_gets_its_share_and_the_good_one_all(self):
        flooder = self.add("flooder", "--share", "10%")
        self.start()
        over, seen = threading.Event(), {}

        def flood(name):
            while not over.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    with socket.create_connection(("127.0.0.1", self.port), 10 * SLOWER) as sock:
                        body = json.dumps(request(f"{name} {time.monotonic_ns()}")).encode()
                        status = self.say("POST", "/v1/messages", flooder, body, sock).status
                        seen[status] = seen.get(status, 0) + 1

        threads = [threading.Thread(target=flood, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        try:
            for n in range(100):
                self.sent(self.page, f"good {n}")
            # The Unix socket is not theirs to fill either.
            self.assertEqual(self.device.http("GET", "/healthz")[0], 200)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        self.assertGreater(seen.get(202, 0), 0, seen)
        self.assertLessEqual(seen[202], 50, seen)
        self.assertEqual(self.queued(), 100 + seen[202])
        self.assertLessEqual(set(seen), {202, 429, 503})

    def places(self):
        """How many of the port's connections the gate has: the kernel keeps the others."""
        held = {os.readlink(fd) for pid in self.device.processes()
                for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
        lines = [line.split() for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()]
        return sum(line[1].endswith(f":{self.port:04X}") and line[3] == "01"
                   and f"socket:[{line[9]}]" in held for line in lines)

    def test_the_port_takes_five_places_and_no_more(self):
        self.start()
        silent = [self.connect() for _ in range(20)]
        for sock in silent:
            sock.sendall(b"GET /v1/status HTTP/1.1\r\n")  # and never more
        # Each that comes takes the place of the one that has been idle longest; then it is quiet.
        self.device.wait_for(lambda: len(select.select(silent, [], [], 0)[0]) == 15, 10,
                             "fifteen to be sent away")
        self.assertEqual(self.places(), 5)
        self.assertEqual(self.device.http("GET", "/healthz")[0], 200)
        # Half a request holds no place when somebody wants it.
        self.assertEqual(self.ask(self.page, "GET", "/v1/status")[0], 200)


QT_STYLE_MAIN = """
#include <poll.h>
#include <cstdio>
#include "fieldpost_client.h"
static std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) out += (c == '"' || c == '\\\\' ? "\\\\" : "") + std::string(1, c);
  return '"' + out + '"';
}
int main(int, char** words) {
  FieldpostClient client(words[1]);
  int exit = 75;
  client.answered = [&](int status, const std::string& json) {
    std::fputs(json.c_str(), stdout);
    exit = status == 200 || status == 202 ? 0 : status == 0 || status == 429 || status >= 500 ? 75 : 1;
  };
  client.send(R"({"scenario":"status-changed","key":)" + quoted(words[2]) + R"(,"to":)" + quoted(words[3]) +
              R"(,"fields":{"customerName":"Maria","process":"your order","status":)" + quoted(words[4]) + "}}");
  for (pollfd one{client.fd(), POLLIN, 0}; client.fd() >= 0;) {
    if (poll(&one, 1, 30'000) <= 0) break;
    client.readyRead();
  }
  return exit;
}
"""


class Examples(LoopbackTest):
    def setUp(self):
        super().setUp()
        self.token_of_app = self.device.folder / "app-token"
        self.token_of_app.write_text(self.page + "\n")

    def compile(self, compiler, name, source, *options):
        program = self.device.folder / name
        done = subprocess.run([compiler, "-Wall", "-Wextra", "-Werror", *options, "-o", program,
                               source], capture_output=True, text=True, timeout=60 * SLOWER,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [program]

    def hand_in(self, client, *words):
        environment = {**os.environ, "TOKEN_FILE": str(self.token_of_app),
                       "URL": f"http://127.0.0.1:{self.port}", "SOCKET": str(self.device.socket)}
        return subprocess.run([*client, *words], env=environment, capture_output=True,
                              timeout=60 * SLOWER, check=False)

    def test_every_client_sends_with_a_key_and_once(self):
        main = self.device.folder / "main.cc"
        main.write_text(QT_STYLE_MAIN)
        clients = {
            "shell": [EXAMPLES / "send-by-http"], "python": [EXAMPLES / "send_by_http.py"],
            "node": [EXAMPLES / "send_by_http.mjs"],
            "c": self.compile("cc", "in-c", EXAMPLES / "send_by_socket.c"),
            "c++": [*self.compile("c++", "in-cc", main, "-std=c++17", f"-I{EXAMPLES}"),
                    self.device.socket]}
        for name in ("send-by-http", "send_by_http.py", "send_by_http.mjs", "send_by_socket.c",
                     "fieldpost_client.h"):
            self.assertLess(len((EXAMPLES / name).read_text().splitlines()), 60, name)
        # Where nobody listens yet, it is to be tried again. The others try by themselves.
        for name in ("shell", "c", "c++"):
            self.assertEqual(self.hand_in(clients[name], "k", "12025550123", "x").returncode, 75)
        self.start()
        for count, (name, client) in enumerate(clients.items(), 1):
            with self.subTest(name):
                for _ in range(2):
                    done = self.hand_in(client, f"key of {name}", "12025550123",
                                        'a "good" \\ status')
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertEqual(json.loads(done.stdout)["id"], count)
                refused = self.hand_in(client, "another key", "letters", "x")
                self.assertEqual(refused.returncode, 1, refused.stderr)
                self.assertEqual(json.loads(refused.stdout)["error"], "invalid")
        self.assertEqual({m["key"] for m in self.device.messages().values()},
                         {f"key of {name}" for name in clients})
        self.assertEqual(self.device.command("resume").code, DONE)
        self.device.wait_accepted(len(clients))
        for body in self.simulator.accepted():
            self.assertIn(rb'"a \"good\" \\ status"', body)


if __name__ == "__main__":
    unittest.main()
