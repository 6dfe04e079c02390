"""What the API refuses and what it remembers, without a socket."""

import json
import unittest

from answers import ANSWERS
from rules import Rule
from vendor_api import VendorApi

TOKEN = "secret"


def body(**changes):
    content = {"phone": "12025550123", "template": "next_step", "namespace": "NS",
               "language": {"policy": "deterministic", "code": "en"},
               "params": [{"type": "body", "parameters": [
                   {"type": "text", "text": "Maria"}, {"type": "text", "text": "loan “x”"},
                   {"type": "text", "text": "upload"}]}]}
    content.update(changes)
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def params(*texts):
    return [{"type": "body", "parameters": [{"type": "text", "text": t} for t in texts]}]


class Api(unittest.TestCase):
    def setUp(self):
        self.api = VendorApi("VID1", TOKEN)

    def call(self, name="sendTemplate", content=None, method=None, channel="VID1", **headers):
        content = body() if content is None and name == "sendTemplate" else content or b""
        given = {"host": "localhost", "authorization": f"Bearer {TOKEN}",
                 "content-type": "application/json", "content-length": str(len(content))}
        given.update({key.replace("_", "-"): value for key, value in headers.items()})
        method = method or ("POST" if content else "GET")
        return self.api.read(method, f"/{channel}/{name}", "HTTP/1.1", list(given.items()),
                             b"head", content)

    def status(self, *arguments, **named):
        return self.api.answer(self.call(*arguments, **named)).status

    def test_the_vendors_own_request_is_accepted_and_has_no_problems(self):
        call = self.call()
        answer = self.api.answer(call)
        self.assertEqual((answer.status, answer.accepted, call.problems), (200, True, []))
        self.assertEqual(json.loads(answer.body)["id"], call.message_id)
        self.assertEqual(call.values, ["Maria", "loan “x”", "upload"])

    def test_what_the_service_refuses(self):
        for wanted, changes in (
                (422, {"namespace": ""}), (422, {"namespace": "other"}),
                (404, {"template": "nobody"}), (400, {"phone": "+12025550123"}),
                (400, {"phone": 12025550123}), (400, {"phone": "12345"}),
                (400, {"phone": "0123456789"}), (422, {"params": params("a", "b")}),
                (422, {"params": params("a", "b", "c", "d")}), (422, {"params": []}),
                (400, {"params": params("a", " ", "c")}),
                (400, {"params": params("a", "b\n", "c")}),
                (400, {"params": params("a", "b     c", "c")}),
                (400, {"params": params("a", "b", "c" * 1024)}),
                (422, {"language": {"code": "en"}}), (422, {"language": "en"})):
            with self.subTest(changes=changes):
                self.assertEqual(self.status(content=body(**changes)), wanted)

    def test_credentials_paths_and_types(self):
        self.assertEqual(self.status(authorization="Bearer wrong"), 401)
        self.assertEqual(self.status(authorization=TOKEN), 401)
        self.assertEqual(self.status(channel="VID2"), 404)
        self.assertEqual(self.status("sendTemplates", b"{}"), 404)
        self.assertEqual(self.status("sendTemplate", method="GET"), 404)
        self.assertEqual(self.status(content_type="text/plain"), 400)
        self.assertEqual(self.status(content=b"{"), 400)

    def test_carelessness_is_noted(self):
        for content in (json.dumps(json.loads(body())).encode(),
                        json.dumps(json.loads(body()), separators=(",", ":")).encode(),
                        body(extra=1), b"\xff", b"[]"):
            with self.subTest(content=content):
                self.assertTrue(self.call(content=content).problems)
        self.assertTrue(self.call("sendTemplate?token=secret").problems)
        self.assertTrue(self.call(content_length="3").problems)

    def test_every_named_answer_can_be_built(self):
        for name in ANSWERS:
            with self.subTest(name=name):
                answer = self.api.answer(self.call(), Rule(answer=name))
                self.assertTrue(answer.raw or 200 <= answer.status < 600)

    def test_a_value_that_looks_like_a_variable_is_text(self):
        call = self.call(content=body(params=params("{{2}}", "b", "c")))
        self.assertEqual(self.api.answer(call).status, 200)
        self.api.take(call)
        found = self.api.answer(self.call("messages?last=true")).body
        self.assertIn("Hello, {{2}}!", json.loads(found)["messages"][0]["body"])

    def test_hooks_move_on_and_unknown_ids_are_no_news(self):
        call = self.call()
        self.api.take(call)
        self.api.news(call.message_id, "delivered")
        quoted = call.message_id.replace("=", "%3D").replace("+", "%2B").replace("/", "%2F")
        hooks = json.loads(self.api.answer(self.call(f"hookInfo?messageId={quoted}")).body)
        self.assertEqual([h["status"] for h in hooks["hooks"]], ["sent", "delivered"])
        for how, status in (("empty", 200), ("404", 404), ("400", 400)):
            self.api.unknown_id = how
            self.assertEqual(self.status("hookInfo?messageId=x"), status)

    def test_messages_are_found_by_chat_and_number(self):
        for phone in ("12025550101", "12025550102", "12025550101"):
            self.api.take(self.call(content=body(phone=phone)))
        def found(query):
            return [m["messageNumber"] for m in
                    json.loads(self.api.answer(self.call("messages?" + query)).body)["messages"]]
        self.assertEqual(found("chatId=12025550101@c.us"), [1, 3])
        self.assertEqual(found("lastMessageNumber=1&limit=1"), [2])
        self.assertEqual(found("last=true&limit=2"), [2, 3])
        self.api.history_on = False
        self.assertEqual(found("last=true"), [])

    def test_webhook_replaces_the_whole_list(self):
        def change(urls):
            content = json.dumps({"webhookUrl": urls}).encode()
            return json.loads(self.api.answer(self.call("webhook", content)).body)
        self.assertEqual(change("https://a.example")["set"], True)
        self.assertEqual(change(["https://a.example"])["set"], False)
        self.assertIn("error", change([f"https://{n}.example" for n in range(6)]))
        self.assertEqual(self.api.webhooks, ["https://a.example"])

    def test_templates_settings_and_status(self):
        listed = json.loads(self.api.answer(self.call("templates?limit=2&offset=4")).body)
        self.assertEqual((listed["total"], len(listed["templates"])), (5, 1))
        self.api.channel_status = "disconnected"
        self.assertIn(b"disconnected", self.api.answer(self.call("status")).body)
        self.assertIn(b"ackNotificationsOn", self.api.answer(self.call("settings")).body)
        new = {"name": "mine", "category": "UTILITY", "language": "en",
               "components": [{"type": "BODY", "text": "{{1}}"}]}
        self.assertEqual(self.status("addTemplate", json.dumps(new).encode()), 200)
        self.assertEqual(self.status(content=body(template="mine", params=params("x"))), 200)


if __name__ == "__main__":
    unittest.main()
