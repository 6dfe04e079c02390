"""Bad inputs: each gives its documented error, and what was queued before is still there."""

import http.client
import json
import os
import socket
import unittest

from harness import (BAD_FIELD, CONFIGURATION, FLASH_ERROR, NO_SUCH_ID, SystemTest, USAGE, request)

OK = ["--customer-name", "Maria", "--process", "loan", "--next-step", "wait"]
SEND = ["send", "next-step", "--to", "12025550123"]

ARGUMENTS = [  # words, exit code, what standard error must hold
    ([], USAGE, "command"),
    (["sent"], USAGE, "sent"),
    (["--json"], USAGE, ""),
    (["send"], USAGE, "scenario"),
    (["send", "next-step", *OK], USAGE, "--to"),
    ([*SEND, *OK, "extra"], USAGE, "extra"),
    ([*SEND, *OK, "--to", "12025550124"], USAGE, "--to"),
    ([*SEND, *OK, "--wait=soon"], USAGE, "--wait"),
    ([*SEND, *OK, "--dry-run", "--wait"], USAGE, "--dry-run"),
    ([*SEND, "--customer-name"], USAGE, "--customer-name"),
    (["send", "--stdin", "next-step"], USAGE, "--stdin"),
    (["send", "--stdin", "--to", "12025550123"], USAGE, "--stdin"),
    (["send", "nobody", "--to", "12025550123", *OK], BAD_FIELD, "nobody"),
    (["send", "next-steps", "--to", "12025550123", *OK], BAD_FIELD, "next-step"),
    (["send", "next-step", "--to", "0171555", *OK], BAD_FIELD, "country code"),
    (["send", "next-step", "--to", "+1 202 555 0123 ext. 5", *OK], BAD_FIELD, "--to"),
    (["send", "next-step", "--to", "12345", *OK], BAD_FIELD, "--to"),
    (["send", "next-step", "--to", "1234567890123456", *OK], BAD_FIELD, "--to"),
    (["send", "next-step", "--to", "", *OK], BAD_FIELD, "--to"),
    ([*SEND, "--customer-name", "Maria", "--process", "loan"], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], ""], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "   "], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "two\nlines"], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "a\ttab"], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "five     spaces"], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "x" * 1025], BAD_FIELD, "--next-step"),
    ([*SEND, *OK[:-1], "x" * 1000], BAD_FIELD, "--next-step"),  # the text around it counts, too
    ([*SEND, *OK[:-1], b"\xff\xfe"], USAGE, "UTF-8"),
    ([*SEND, *OK[:-1], b"\xed\xa0\x80"], USAGE, "UTF-8"),
    ([*SEND, *OK, "--stage", "none of its fields"], USAGE, "--stage"),
    ([*SEND, *OK, "--language", "english please"], BAD_FIELD, "--language"),
    ([*SEND, *OK, "--key", "k" * 65], BAD_FIELD, "--key"),
    ([*SEND, *OK, "--topic", "two\nlines"], BAD_FIELD, "--topic"),
    ([*SEND, *OK, "--ttl", "8"], BAD_FIELD, "--ttl"),
    ([*SEND, *OK, "--not-before", "10m"], BAD_FIELD, "--not-before"),
    (["show"], USAGE, "id"),
    (["show", "one"], USAGE, "one"),
    (["show", "-1"], USAGE, ""),
    (["show", "99999"], NO_SUCH_ID, "no message has this id"),
    (["show", "99999999999999999999999"], USAGE, ""),
    (["list", "--state", "happy"], USAGE, "happy"),
    (["list", "--limit", "0"], USAGE, "--limit"),
    (["list", "--limit", "-5"], USAGE, "--limit"),
    (["list", "everything"], USAGE, "everything"),
    (["retry", "99999"], NO_SUCH_ID, "no message has this id"),
    (["drop", "99999"], NO_SUCH_ID, "no message has this id"),
    (["drop"], USAGE, "id"),
    (["help", "nobody"], USAGE, "nobody"),
    (["version", "--verbose"], USAGE, "--verbose"),
]

REQUESTS = [  # the body, its HTTP status, `error`, `field`
    (b"", 400, "invalid", None),
    (b"{", 400, "invalid", None),
    (b"[]", 400, "invalid", None),
    (b"null", 400, "invalid", None),
    (b'"x"', 400, "invalid", None),
    (b"{} {}", 400, "invalid", None),
    (b'{"scenario":"next-step",}', 400, "invalid", None),
    (b'{"to":"1","to":"2"}', 400, "invalid", None),
    (b'{"to":"\xff"}', 400, "invalid", None),
    (b'{"to":"\x00"}', 400, "invalid", None),
    (b'{"to":"\\ud800"}', 400, "invalid", None),
    (b"[" * 100 + b"]" * 100, 400, "invalid", None),
    (b"{}", 422, "invalid", "scenario"),
    ({"scenario": None}, 422, "invalid", "scenario"),
    ({"scenario": 7}, 422, "invalid", "scenario"),
    ({"scenario": "nobody"}, 422, "unknown_scenario", "scenario"),
    ({"to": None}, 422, "invalid", "to"),
    ({"to": 12025550123}, 422, "invalid", "to"),
    ({"to": "tel:12025550123"}, 422, "invalid", "to"),
    ({"to": "(0)171 555 0100"}, 422, "invalid", "to"),
    ({"fields": []}, 422, "invalid", "fields"),
    ({"fields": {}}, 422, "invalid", "customerName"),
    ({"fields": {"customerName": "M", "process": "p", "nextStep": 5}}, 422, "invalid", "nextStep"),
    ({"fields": {"customerName": "M", "process": "p", "nextStep": "a\x85b"}}, 422, "invalid",
     "nextStep"),
    ({"fields": {"customerName": "M", "process": "p", "nextStep": "x" * 2000}}, 422, "too_long",
     "nextStep"),
    ({"fields": {"customerName": "M", "process": "p", "nextstep": "x"}}, 422, "invalid",
     "nextstep"),
    ({"customerName": "M"}, 422, "invalid", "customerName"),
    ({"colour": "red"}, 422, "invalid", "colour"),
    ({"language": 5}, 422, "invalid", "language"),
    ({"operator": "x" * 65}, 422, "too_long", "operator"),
    ({"operator": "two\nlines"}, 422, "invalid", "operator"),
    ({"key": "k" * 65}, 422, "too_long", "key"),
    ({"topic": "two\nlines"}, 422, "invalid", "topic"),
    ({"ttl": "8"}, 422, "invalid", "ttl"),
    ({"not_before": "10m"}, 422, "invalid", "not_before"),
    ({"opt_in": "yes"}, 422, "invalid", "opt_in"),
    ({"ref": "customer-7"}, 422, "invalid", "ref"),
    (b" " * 17000, 413, "too_large", None),
]

TARGETS = [  # raw request, HTTP status
    (b"GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /v1/messages/abc HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /v1/messages/99999 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
    (b"GET /v1/messages?state=happy HTTP/1.1\r\nHost: x\r\n\r\n", 422),
    (b"GET /v1/messages?colour=red HTTP/1.1\r\nHost: x\r\n\r\n", 422),
    (b"DELETE /v1/messages/1 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
    (b"POST /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
    (b"POST /v1/messages/1/resend HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404),
    (b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
     b"Content-Length: 2\r\n\r\n{}", 415),
    (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    (b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n", 413),
    (b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
     400),
    (b"POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n{}", 400),
    (b"GET /" + b" HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 5000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
    (b"nonsense\r\n\r\n", 405),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
]


class BadInputs(SystemTest):
    def setUp(self):
        super().setUp()
        self.simulator.stop()
        self.device.start()
        self.before = self.device.send_text("already there")

    def tearDown(self):
        message = self.device.show(self.before)
        self.assertEqual(message["state"], "queued")
        self.assertEqual(list(self.device.messages()), [self.before])
        self.simulator.start()
        self.device.wait_accepted(1)

    def test_there_are_enough_of_them(self):
        self.assertGreaterEqual(len(ARGUMENTS) + len(REQUESTS) + len(TARGETS), 60)

    def test_arguments(self):
        for words, code, said in ARGUMENTS:
            with self.subTest(words=words):
                words = [w if isinstance(w, str) else os.fsdecode(w) for w in words]
                done = self.device.command(*words)
                self.assertEqual(done.code, code, done.err)
                self.assertIn(said, done.err)
                self.assertLess(len(done.err), 2000)
                self.assertEqual(done.out, "")

    def test_requests_at_the_socket(self):
        for wanted, status, error, field in REQUESTS:
            body = wanted if isinstance(wanted, bytes) else \
                json.dumps({**request(), **wanted}, ensure_ascii=False).encode()
            with self.subTest(body=body[:100]):
                head = ("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: application/json\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n")
                got, answer = self.ask(head.encode() + body)
                self.assertEqual((got, answer.get("ok"), answer.get("error"), answer.get("field")),
                                 (status, False, error, field), answer)
                self.assertTrue(answer["message"])

    def test_requests_on_standard_input(self):
        """The same refusals in the same words, line by line; a blank line is no request."""
        for wanted, _, error, field in REQUESTS:
            body = wanted if isinstance(wanted, bytes) else \
                json.dumps({**request(), **wanted}, ensure_ascii=False).encode()
            if not body.strip():
                continue
            with self.subTest(body=body[:100]):
                done = self.device.command("send", "--stdin", stdin=body)
                self.assertEqual(done.code, BAD_FIELD, done.err)
                answer = json.loads(done.out)
                self.assertEqual((answer["error"], answer.get("field")), (error, field))

    def test_targets_and_heads(self):
        for raw, status in TARGETS:
            with self.subTest(raw=raw[:60]):
                got, answer = self.ask(raw)
                self.assertEqual((got, answer.get("ok")), (status, False), answer)
                self.assertTrue(answer["error"])

    def ask(self, raw):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(20)
            sock.connect(str(self.device.socket))
            try:
                sock.sendall(raw)
                sock.shutdown(socket.SHUT_WR)
            except BrokenPipeError:
                pass  # refused before it was all there
            answer = http.client.HTTPResponse(sock)
            answer.begin()
            return answer.status, json.loads(answer.read())


class BadConfigurations(SystemTest):
    """Each one is an error that names the file and the key, with exit code 78."""

    CHANGES = [  # section, key, value, what the words must hold
        ("api", "base_url", "http://api.1msg.io", "api.base_url"),
        ("api", "base_url", "ftp://127.0.0.1", "api.base_url"),
        ("api", "base_url", "", "api.base_url"),
        ("api", "base_url", 7, "api.base_url"),
        ("api", "channel", "___", "api.channel"),
        ("api", "channel", "a/b", "api.channel"),
        ("api", "channel", "", "api.channel"),
        ("api", "token", "secret", "token"),
        ("api", "token_file", "relative", "api.token_file"),
        ("api", "token_file", [], "api.token_file"),
        ("api", "answer_timeout", "soon", "api.answer_timeout"),
        ("api", "answer_timeout", 30, "api.answer_timeout"),
        ("api", "ca_fil", "/x", "ca_file"),
        ("queue", "path", "queue", "queue.path"),
        ("queue", "size", "1KiB", "queue.size"),
        ("queue", "size", "8 apples", "queue.size"),
        ("queue", "messages_max", 0, "queue.messages_max"),
        ("queue", "messages_max", 1e9, "queue.messages_max"),
        ("queue", "volatile", "no", "queue.volatile"),
        ("retry", "first", "-1s", "retry.first"),
        ("pace", "per_second", "many", "pace.per_second"),
        ("pace", "quiet", {"from": "25:00", "to": "07:00", "zone": "+00:00"}, "pace.quiet"),
        ("intake", "socket", "x" * 200, "intake.socket"),
        ("intake", "http", "0.0.0.0:80", "intake.http"),
        ("tracking", "until", "forever", "tracking.until"),
        ("log", "level", "loud", "log.level"),
        ("templates", "next-step", {"name": "n"}, "templates.next-step"),
        ("templates", "next-step", {"name": "n", "namespace": "___", "language": "en"},
         "Missing configuration value: templates.next-step.namespace"),
        ("templates", "my-own", {"name": "n", "namespace": "N", "language": "en",
                                 "fields": ["to"]}, "templates.my-own"),
        ("templates", "next-step", {"name": "n", "namespace": "N", "language": "en",
                                    "ttl": "later"}, "templates.next-step.ttl"),
    ]
    TEXTS = [b"", b"{", b"[]", b'{"api":{},}', b'{"api":{"channel":"a","channel":"b"}}',
             b"\xff{}", b'{"colour":"red"}', b'{"api":5}', b"{" * 200, b"{}\x00"]

    def setUp(self):
        super().setUp()
        self.simulator.stop()
        self.before = self.device.send_text("already there")

    def tearDown(self):
        self.device.configure()
        self.assertEqual(list(self.device.messages()), [self.before])

    def refused(self, *said):
        for command in (["check"], ["send", "--stdin"], ["list"]):
            done = self.device.command(*command, stdin=json.dumps(request()))
            self.assertEqual(done.code, CONFIGURATION, f"{command}: {done.out}{done.err}")
            for words in (self.device.configuration.name, *said):
                self.assertIn(words, done.out + done.err)

    def test_values_and_keys(self):
        for section, key, value, said in self.CHANGES:
            with self.subTest(key=f"{section}.{key}", value=value):
                settings = self.device.usual_settings()
                settings.setdefault(section, {})[key] = value
                self.device.configuration.write_text(json.dumps(settings, indent=1))
                self.refused(said)

    def test_missing_keys(self):
        for section, key in (("api", "base_url"), ("api", "channel"), ("api", "token_file"),
                             ("queue", "path")):
            with self.subTest(key=f"{section}.{key}"):
                settings = self.device.usual_settings()
                del settings[section][key]
                self.device.configuration.write_text(json.dumps(settings))
                self.refused(f"{section}.{key}")

    def test_texts_that_are_no_configuration(self):
        for text in self.TEXTS:
            with self.subTest(text=text[:40]):
                self.device.configuration.write_bytes(text)
                self.refused()

    def test_the_line_is_named(self):
        text = json.dumps(self.device.settings, indent=1).replace('"retry"', '"rerty"')
        line = text[:text.index('"rerty"')].count("\n") + 1
        self.device.configuration.write_text("// our shop\n" + text)
        self.refused(f":{line + 1}", "rerty", "retry")

    def test_files(self):
        self.device.configuration.unlink()
        self.refused()
        self.device.configure()
        self.device.token_file.chmod(0o644)
        done = self.device.command("check")
        self.assertEqual(done.code, CONFIGURATION, done.out + done.err)
        self.assertIn("token", done.out + done.err)
        self.device.token_file.unlink()
        self.assertEqual(self.device.command("check").code, CONFIGURATION)
        self.device.write_token(self.simulator.token)
        self.device.configure(api={"ca_file": "/nowhere/ca.crt"})
        self.assertEqual(self.device.command("check").code, CONFIGURATION)
        del self.device.settings["api"]["ca_file"]
        self.device.configure(api={"ca_file": str(self.simulator.ca_file)})
        self.assertEqual(self.device.command("check").code, 0)

    def test_a_queue_in_memory_is_refused(self):
        path = f"/dev/shm/fieldpost-test-{os.getpid()}"
        settings = self.device.usual_settings()
        settings["queue"]["path"] = path
        self.device.configuration.write_text(json.dumps(settings))
        try:
            done = self.device.command("send", "--stdin", stdin=json.dumps(request()))
            self.assertEqual(done.code, FLASH_ERROR, done.out + done.err)
            self.assertIn("in memory and would be lost at power-off", done.out + done.err)
            settings["queue"]["volatile"] = True
            self.device.configuration.write_text(json.dumps(settings))
            done = self.device.command("send", "--stdin", stdin=json.dumps(request()))
            self.assertEqual(done.code, 0, done.out + done.err)
            self.assertTrue(self.device.status()["store"]["volatile"])
        finally:
            for name in (path, path + ".lock"):
                if os.path.exists(name):
                    os.unlink(name)


if __name__ == "__main__":
    unittest.main()
