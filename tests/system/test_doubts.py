"""What may have reached the customer: looked up in the chat's history, never sent on a guess."""

import unittest

from harness import SystemTest

LOST = {"cut": 0, "end": "reset", "count": 1}  # the answer; whether 1MSG took it, `take` says


class Doubts(SystemTest):
    settings = {"uncertain": {"patience": "3s"}, "intake": {"same_within": "0s"}}

    def lose(self, text="the doubtful", **rule):
        self.simulator.behave(**{**LOST, "take": True, **rule})
        return self.device.send_text(text)

    def is_found(self, message_id):
        message = self.device.wait_state(message_id, "accepted")
        self.assertEqual(message["message_id"], self.simulator.api.sent()[-1]["id"])
        self.assertIsNotNone(message["accepted_at"])
        self.assertEqual(len(self.simulator.requests()), 1)
        self.assertNoProblems()

    def is_held(self, message_id, sends):
        message = self.device.wait_state(message_id, "held")
        self.assertEqual(message["reason"], "maybe_sent")
        self.assertGreaterEqual(len(self.simulator.requests("messages")), 1)
        self.assertEqual(len(self.simulator.requests()), sends)
        self.assertNoProblems()

    def test_a_lost_answer_that_the_history_holds(self):
        self.device.start()
        self.is_found(self.lose())

    def test_a_history_without_texts(self):
        self.simulator.api.history_texts = False
        self.device.start()
        self.is_found(self.lose())

    def test_a_job_that_the_history_holds(self):
        self.device.start()
        self.is_found(self.lose(answer="job", cut=None, end="keep"))

    def test_an_agent_killed_while_the_request_was_out(self):
        self.device.start()
        message_id = self.lose(end="silent")
        self.simulator.wait_for(self.simulator.accepted)
        self.device.kill()
        self.device.start()
        self.is_found(message_id)

    def test_an_empty_history_proves_nothing(self):
        self.device.start()
        self.is_held(self.lose(take=False), 1)

    def test_a_history_that_is_switched_off_proves_nothing(self):
        for answer in ("wrong_path", "bad_request", "server_error", "portal", "body_flood"):
            with self.subTest(answer):
                self.simulator.reset()
                self.device.kill()
                self.device.start()
                self.simulator.behave(where="messages", answer=answer)
                self.is_held(self.lose(), 1)

    def test_the_same_words_twice_are_not_taken_for_one_another(self):
        """The first was accepted, the second was not; only one stands in the history."""
        self.device.start()
        self.device.wait_state(self.device.send_text("the same"), "accepted")
        self.is_held(self.lose("the same", take=False), 2)

    def test_two_that_fit_prove_nothing(self):
        self.device.start()
        self.device.wait_state(self.device.send_text("the same"), "accepted")
        self.is_held(self.lose("the same"), 2)

    def test_a_history_that_holds_only_the_newest_tells_by_its_id(self):
        self.device.start()
        self.device.wait_state(self.device.send_text("the same"), "accepted")
        self.simulator.api.history_from = 2
        message = self.device.wait_state(self.lose("the same"), "accepted")
        self.assertEqual(message["message_id"], self.simulator.api.sent()[-1]["id"])

    def test_a_rule_resend_sends_once_more(self):
        self.device.configure(templates={"next-step": {
            "name": "next_step", "namespace": "NS", "language": "en", "on_uncertain": "resend"}})
        self.device.start()
        self.device.wait_state(self.lose(take=False), "accepted")
        self.assertEqual(len(self.simulator.requests()), 2)
        self.assertEqual(len(self.simulator.accepted()), 1)

    def test_a_doubt_keeps_its_recipient_waiting_and_nobody_else(self):
        self.device.configure(uncertain={"patience": "1h"})
        self.device.start()
        doubtful = self.lose(take=False)
        later = self.device.send_text("later")
        other = self.device.send_text("another", "12025550199")
        self.device.wait_state(other, "accepted")
        self.assertEqual(self.device.show(later)["reason"], "recipient_order")
        self.assertEqual(self.device.show(doubtful)["state"], "uncertain")


if __name__ == "__main__":
    unittest.main()
