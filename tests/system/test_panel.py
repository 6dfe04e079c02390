"""The panel at the loopback port: its page, and who may act in it. tests/browser looks at the page."""

import gzip

from test_loopback import LISTED, LoopbackTest

from harness import request

PIN = "4711"


class Panel(LoopbackTest):
    def setUp(self):
        super().setUp()
        self.pin = self.device.folder / "pin"
        self.pin.write_text(PIN + "\n")
        self.pin.chmod(0o600)
        self.device.configure(intake={"panel_pin_file": str(self.pin)}, device={"name": "Van 7"})

    def open(self, pin=PIN, operator="Ana Ruiz", **headers):
        return self.ask(None, "POST", "/v1/session", {"pin": pin, "operator": operator}, **headers)

    def session(self, **more):
        status, lines = self.open(**more)
        self.assertEqual(status, 200, lines)
        return lines[0]["token"]

    def test_the_page_is_served_compressed_under_its_policy(self):
        self.start()
        for path, kind in (("/", "text/html"), ("/kiosk?scenario=next-step", "text/html"),
                           ("/panel.css", "text/css"), ("/panel.js", "text/javascript"),
                           ("/texts.json", "application/json")):
            with self.subTest(path):
                answer = self.say("GET", path)
                self.assertEqual(answer.status, 200)
                self.assertTrue(answer.getheader("Content-Type").startswith(kind))
                self.assertEqual(answer.getheader("Content-Encoding"), "gzip")
                policy = answer.getheader("Content-Security-Policy")
                for rule in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'",
                             "form-action 'none'", "require-trusted-types-for 'script'"):
                    self.assertIn(rule, policy)
                self.assertIsNone(answer.getheader("Set-Cookie"))
                self.assertGreater(len(gzip.decompress(answer.read())), 500)
        self.assertEqual(self.ask(None, "GET", "/v1/panel")[1][0]["device"], "Van 7")

    def test_a_session_acts_under_the_name_it_was_opened_with(self):
        self.start()
        token = self.session()
        message = self.sent(token, "hello", operator="somebody else")
        self.assertEqual(self.device.show(message)["operator"], "Ana Ruiz")
        self.assertEqual(self.ask(token, "GET", f"/v1/messages/{message}?reveal=1")[0], 200)
        self.assertEqual(self.ask(token, "POST", f"/v1/messages/{message}/drop", {})[0], 200)

    def test_without_a_session_nothing_is_done_or_told(self):
        self.start()
        for token in (None, "", PIN, "0" * 32):
            for method, path in (("GET", "/v1/messages"), ("GET", "/v1/status"),
                                 ("GET", "/v1/events"), ("POST", "/v1/messages")):
                with self.subTest(token=token, path=path):
                    body = request("hello") if method == "POST" else None
                    self.assertIn(self.ask(token, method, path, body)[0], (401, 429))
        self.assertEqual(self.queued(), 0)

    def test_pins_cannot_be_tried_one_after_the_other(self):
        self.start()
        answers = [self.open(pin=str(pin))[0] for pin in range(8)]
        self.assertEqual(answers, [401] * 5 + [429] * 3)
        # Then the right one has to wait as well: nobody learns anything.
        self.assertEqual(self.open()[0], 429)

    def test_a_page_of_another_origin_can_open_no_session(self):
        self.start()
        self.assertEqual(self.open(Origin="https://evil.example")[0], 403)
        # Not even one that may ask with a token of its own.
        self.assertEqual(self.open(Origin=LISTED)[0], 401)
        self.assertEqual(self.say("GET", "/", Sec_Fetch_Site="cross-site").status, 403)

    def test_a_session_ends_with_the_gate(self):
        self.start()
        token = self.session()
        self.device.kill()
        self.device.start()
        self.assertEqual(self.ask(token, "GET", "/v1/status")[0], 401)

    def test_signing_out_ends_the_session_and_no_other(self):
        self.start()
        token, other = self.session(), self.session(operator="Ben")
        self.assertEqual(self.say("POST", "/v1/session/end").status, 401)
        self.assertEqual(self.say("POST", "/v1/session/end", "0" * 32).status, 401)
        self.assertEqual(self.say("POST", "/v1/session/end", self.page).status, 404)
        # A page elsewhere cannot sign anybody out.
        self.assertEqual(self.say("POST", "/v1/session/end", token,
                                  Origin="https://evil.example").status, 403)
        self.assertEqual(self.ask(token, "GET", "/v1/status")[0], 200)
        answer = self.say("POST", "/v1/session/end", token)
        self.assertEqual((answer.status, answer.read()), (204, b""))
        for method, path in (("GET", "/v1/status"), ("POST", "/v1/session/end")):
            self.assertEqual(self.say(method, path, token).status, 401)
        self.assertEqual(self.ask(other, "GET", "/v1/status")[0], 200)
        self.assertEqual(self.ask(self.page, "GET", "/v1/status")[0], 200)

    def test_a_pin_that_others_can_read_lets_nobody_in(self):
        self.pin.chmod(0o644)
        self.start()
        self.assertIn(self.say("GET", "/").status, (401, 404))
        self.assertNotEqual(self.open()[0], 200)
        self.assertIn("panel_pin_file", self.device.log.read_text())
        self.assertIn(f"chmod 600 {self.pin}", self.device.command("check").out)

    def test_a_pin_of_three_digits_lets_nobody_in(self):
        self.pin.write_text("123\n")
        self.start()
        self.assertEqual(self.say("GET", "/").status, 401)
        self.assertIn("panel_pin_file", self.device.command("check").out)
        self.pin.write_text(PIN + "\n")
        self.assertNotIn("panel_pin_file", self.device.command("check").out)

    def test_an_open_panel_asks_for_no_pin(self):
        self.device.configure(intake={"panel_pin_file": "none", "panel_open": True})
        self.start()
        self.assertTrue(self.ask(None, "GET", "/v1/panel")[1][0]["panel_open"])
        self.assertEqual(self.ask(None, "GET", "/v1/status")[0], 200)
        self.assertEqual(self.ask(None, "GET", "/v1/status", Origin=LISTED)[0], 401)

    def test_without_a_pin_there_is_no_panel(self):
        self.device.configure(intake={"panel_pin_file": "none"})
        self.start()
        self.assertEqual(self.say("GET", "/").status, 401)
        self.assertEqual(self.ask(None, "GET", "/v1/panel")[0], 401)
        self.assertEqual(self.open()[0], 401)
