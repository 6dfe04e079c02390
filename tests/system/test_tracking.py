"""What became of messages that were accepted: asked for with hookInfo until a last word."""

import unittest

from harness import DONE, EXAMPLES, SystemTest, request

# How a failure may be told, and what of it must be seen: its code, its words, its advice.
FAILURES = (
    ("failed", {"errors": [{"code": 131026, "title": "Message undeliverable",
                            "message": "Message undeliverable",
                            "error_data": {"details": "Not a WhatsApp number"}}]},
     131026, "Message undeliverable: Not a WhatsApp number", "check it, and that"),
    ("failed", {"error": {"code": "131049", "message": "Not delivered to keep peace"}},
     131049, "Not delivered to keep peace", "try again in a day"),
    ("failed", {"error": "(#131050) User has stopped marketing messages"},
     131050, "(#131050) User has stopped marketing messages", "has opted out"),
    ("failed", {"error": "Something went wrong"}, 0, "Something went wrong", "has agreed"),
    ("undelivered", {}, 0, None, "has agreed"),
)
REASONS = {131026: "recipient_unreachable", 131050: "opted_out"}


class TrackingTest(SystemTest):
    settings = {"tracking": {"until": "delivered"}}

    def accept(self, number):
        """That many to as many people; each with the API's id, in the order of their texts."""
        ids = self.device.send_objects([request(f"number {n}", to=f"1202555{100 + n:04}")
                                        for n in range(number)])
        self.device.wait_accepted(number)
        by_text = {m["body"]: m["id"] for m in self.simulator.api.sent()}
        return [(one, next(i for text, i in by_text.items() if f"number {n} " in text))
                for n, one in enumerate(ids)]

    def wait_counts(self, **counts):
        self.device.wait_for(lambda: self.device.counts() == counts, 60, f"the counts {counts}")

    def test_from_the_five_examples_to_the_phone_with_the_agent_killed_in_between(self):
        self.device.start()
        for scenario, _, fields in EXAMPLES:
            self.device.send(scenario, fields)
        self.device.wait_accepted(5)
        self.wait_counts(accepted=5)
        self.device.kill()
        sent = self.simulator.api.sent()
        for one in sent[:3]:
            self.simulator.api.news(one["id"], "delivered")
        self.device.start()
        self.wait_counts(sent=2, delivered=3)
        self.device.kill()
        for one in sent[3:]:
            self.simulator.api.news(one["id"], "delivered")
        self.device.start()
        self.wait_counts(delivered=5)
        for message in self.device.messages().values():
            self.assertIsNotNone(message["delivered_at"])
            self.assertIn(message["message_id"], [one["id"] for one in sent])
        self.assertEqual(sorted(self.simulator.deliveries().values()), [1] * 5)
        self.assertEqual(self.device.log.read_text().count("state=delivered"), 5)
        self.assertNoProblems()

    def test_failed_in_each_way_that_is_documented(self):
        self.device.start()
        accepted = self.accept(len(FAILURES))
        for (_, message_id), (word, more, *_) in zip(accepted, FAILURES):
            self.simulator.api.news(message_id, word, **more)
        self.wait_counts(failed=len(FAILURES))
        for (local_id, _), (_, _, code, words, advice) in zip(accepted, FAILURES):
            with self.subTest(words):
                message = self.device.show(local_id)
                self.assertEqual(message.get("code", 0), code)
                self.assertEqual(message.get("detail"), words)
                self.assertEqual(message["reason"], REASONS.get(code, "undelivered"))
                for command in "why", "show":
                    done = self.device.command(command, local_id)
                    self.assertEqual(done.code, DONE)
                    self.assertIn(advice, done.out)
        self.assertEqual(self.device.status()["channel"]["state"], "open")
        self.assertEqual(len(self.simulator.requests()), len(FAILURES), "nothing was sent again")

    def test_news_twice_and_out_of_order_and_of_others(self):
        self.device.configure(tracking={"until": "read"})
        self.device.start()
        (first, first_id), (second, second_id) = self.accept(2)
        for word in "delivered", "sent", "teleported", "delivered", "sent":
            self.simulator.api.news(first_id, word)
        self.simulator.api.news(second_id, "read", id=first_id)  # not about the one asked for
        self.device.wait_state(first, "delivered", seconds=60)
        self.device.wait_state(second, "sent", seconds=60)
        for word in "read", "sent", "failed":
            self.simulator.api.news(first_id, word)
        self.device.wait_state(first, "read", seconds=60)
        self.assertEqual(self.device.show(second)["state"], "sent")
        self.assertEqual(self.device.log.read_text().count("state=read"), 1)

    def test_a_channel_without_hook_info(self):
        self.simulator.behave(where="hookInfo", answer="wrong_path")
        self.device.start()
        self.accept(5)
        self.device.wait_for(lambda: self.device.status()["tracking_off"], 60, "it to be noticed")
        self.assertEqual(len(self.simulator.requests("hookInfo")), 3)
        self.assertEqual(self.device.counts(), {"accepted": 5})
        self.assertEqual(self.device.log.read_text().count("no hookInfo"), 1)
        self.assertIn("Tracking      off", self.device.command("status").out)
        self.device.wait_state(self.device.send_text("goes on"), "accepted")

    def test_a_drain_does_not_stay_for_news(self):
        self.device.send_objects([request(f"number {n}") for n in range(3)])
        self.assertEqual(self.device.command("flush").code, DONE)
        self.assertEqual(self.device.counts(), {"accepted": 3})
        self.assertEqual(self.simulator.requests("hookInfo"), [])
        self.assertEqual(self.device.command("flush").code, DONE)
        self.assertEqual(self.simulator.requests("hookInfo"), [])


if __name__ == "__main__":
    unittest.main()
