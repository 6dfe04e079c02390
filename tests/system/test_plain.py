"""The page for who has no script: GET /plain, with the PIN as a password. tests/browser looks at it."""

import base64
import html.parser
import unittest

from test_loopback import LISTED, LoopbackTest
from test_panel import PIN


class Page(html.parser.HTMLParser):
    """Its words, and its tags by name."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.links = "", [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if tag == "a" and name == "href"]

    def handle_data(self, data):
        self.words += data


class Plain(LoopbackTest):
    def setUp(self):
        super().setUp()
        pin = self.device.folder / "pin"
        pin.write_text(PIN + "\n")
        pin.chmod(0o600)
        self.device.configure(intake={"panel_pin_file": str(pin)})

    def get(self, pin=PIN, path="/plain", name="Ana Ruiz", **headers):
        if pin is not None:
            pair = base64.b64encode(f"{name}:{pin}".encode()).decode()
            headers = {"Authorization": f"Basic {pair}", **headers}
        return self.say("GET", path, **headers)

    def shown(self, **more):
        answer = self.get(**more)
        self.assertEqual(answer.status, 200)
        return Page(answer.read().decode())

    def refused(self, status, **more):
        answer = self.get(**more)
        self.assertEqual(answer.status, status, more)
        self.assertIn(b'"ok":false', answer.read())
        return answer

    def test_it_tells_the_state_and_what_has_not_ended(self):
        self.start()
        first = self.sent(self.page, "one")
        dropped = self.sent(self.page, "two")
        self.assertEqual(self.device.command("drop", str(dropped)).code, 0)
        page = self.shown()
        self.assertIn("Sending is paused", page.words)
        self.assertIn(f"1 waiting, the oldest message {first}", page.words)
        self.assertIn(f"Message {first}: waits to be sent; sending is paused", page.words)
        self.assertIn("1202•••0123", page.words)
        self.assertNotIn("12025550123", page.words)
        self.assertNotIn(f"Message {dropped}:", page.words)
        self.assertEqual(page.links, ["/plain?state=queued", "/plain?state=dropped", "/plain"])
        ended = self.shown(path="/plain?state=dropped")
        self.assertIn(f"Message {dropped}: given up", ended.words)
        self.assertNotIn(f"Message {first}:", ended.words)
        for tag in ("script", "form", "iframe", "img"):
            self.assertNotIn(tag, page.tags)

    def test_more_messages_than_one_answer_holds_are_all_there(self):
        self.start()
        ids = [self.sent(self.page, f"message {n}", key="k" * 60 + str(n)) for n in range(60)]
        page = self.shown()
        for message in ids:
            self.assertIn(f"Message {message}: waits", page.words)
        self.assertIn("60 waiting", page.words)

    def test_what_others_wrote_is_text(self):
        self.start()
        hostile = "<script>alert(1)</script>&amp;\"'<b>"
        status, lines = self.ask(None, "POST", "/v1/session", {"pin": PIN, "operator": hostile})
        self.assertEqual(status, 200)
        self.sent(lines[0]["token"], "one")
        answer = self.get()
        text = answer.read().decode()
        self.assertNotIn("<script", text)
        self.assertNotIn("<b>", text)
        self.assertIn(f"by {hostile}.", Page(text).words)

    def test_its_policy_lets_no_script_run_and_nobody_keep_or_frame_it(self):
        self.start()
        answer = self.get()
        policy = answer.getheader("Content-Security-Policy")
        self.assertEqual(policy, "default-src 'none'; frame-ancestors 'none'; style-src 'self'; "
                                 "img-src data:; base-uri 'none'; form-action 'none'")
        self.assertEqual(answer.getheader("Cache-Control"), "no-store")
        self.assertEqual(answer.getheader("Cross-Origin-Resource-Policy"), "same-origin")
        self.assertEqual(answer.getheader("Content-Type"), "text/html; charset=utf-8")
        self.assertIsNone(answer.getheader("Set-Cookie"))

    def test_only_the_pin_opens_it_and_it_opens_nothing_else(self):
        self.start()
        asked = self.refused(401, pin=None)
        self.assertEqual(asked.getheader("WWW-Authenticate"),
                         'Basic realm="Fieldpost", charset="UTF-8"')
        for pin in ("4712", "471", ""):
            self.refused(401, pin=pin)
        self.refused(401, pin=None, Authorization="Basic ###")
        self.assertEqual(self.get(name="").status, 200)
        self.assertEqual(self.get(Authorization="basic " + base64.b64encode(
            f"x:{PIN}".encode()).decode()).status, 200)
        for path in ("/v1/messages", "/v1/status", "/v1/events", "/plain/", "/plainer", "/metrics"):
            refused = self.refused(401, path=path)
            self.assertEqual(refused.getheader("WWW-Authenticate"), "Bearer")
        body = b'{"scenario":"next-step"}'
        posted = self.say("POST", "/v1/messages", None, body, Authorization="Basic " +
                          base64.b64encode(f"x:{PIN}".encode()).decode())
        self.assertEqual(posted.status, 401)
        self.assertEqual(self.get(path="/plain?state=nonsense").status, 422)

    def test_wrong_pins_are_counted_with_those_of_the_panel_and_right_ones_not_at_all(self):
        self.start()
        for _ in range(12):
            self.assertEqual(self.get().status, 200)
        session = {"pin": "no", "operator": "Eve"}
        for n in range(5):
            if n % 2:
                self.refused(401, pin="no")
            else:
                self.assertEqual(self.ask(None, "POST", "/v1/session", session)[0], 401)
        # Now the right one has to wait as well: nobody learns anything.
        self.refused(429)
        self.assertEqual(self.ask(None, "POST", "/v1/session", session)[0], 429)

    def test_other_pages_neither_read_it_nor_use_up_the_tries(self):
        self.start()
        for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"},
                        {"Sec_Fetch_Site": "same-site"}, {"Host": "evil.example"}):
            for pin in (PIN, "4712"):
                self.refused(403, pin=pin, **headers)
        # Not even those that may ask with a token of their own.
        self.assertEqual(self.get(Origin=LISTED, Sec_Fetch_Site="cross-site").status, 401)
        self.assertEqual(self.get(Sec_Fetch_Site="none").status, 200)

    def test_an_open_panel_shows_it_to_everybody_and_without_a_panel_there_is_none(self):
        self.device.configure(intake={"panel_pin_file": "none", "panel_open": True})
        self.start()
        self.assertEqual(self.get(pin=None).status, 200)
        self.device.stop()
        self.device.configure(intake={"panel_open": False})
        self.start()
        refused = self.refused(401)
        self.assertEqual(refused.getheader("WWW-Authenticate"), "Bearer")


if __name__ == "__main__":
    unittest.main()
