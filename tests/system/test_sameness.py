"""The same message handed in twice, a newer one on its topic, and a person who decides."""

import json
import unittest

from harness import BAD_FIELD, DONE, STILL_QUEUED, SystemTest, request


class Sameness(SystemTest):
    def post(self, body):
        status, answer = self.device.http("POST", "/v1/messages", json.dumps(body).encode())
        return status, json.loads(answer)

    def lose_the_answer(self, body):
        """Hands it in, and hears nothing; by then it is on flash."""
        before = len(self.device.messages())
        self.post(body)
        self.assertEqual(len(self.device.messages()), before + 1)

    def ask_again_after_a_crash(self, body):
        self.simulator.stop()
        self.device.start()
        self.lose_the_answer(body)
        self.device.kill()
        self.device.start()
        status, answer = self.post(body)
        self.assertEqual((status, answer["duplicate"]), (200, True))
        self.simulator.start()
        accepted = self.device.wait_state(answer["id"], "accepted")
        self.assertEqual(self.post(body)[1]["state"], "accepted")
        self.assertEqual(list(self.device.messages()), [accepted["id"]])
        self.assertEqual(list(self.simulator.deliveries().values()), [1])
        self.assertNoProblems()

    def test_an_app_that_asks_again_with_its_key_has_one_message(self):
        self.ask_again_after_a_crash(request("at ten", key="visit-1"))

    def test_an_app_that_asks_again_without_a_key_has_one_message(self):
        self.ask_again_after_a_crash(request("at ten"))

    def test_send_without_an_agent_that_is_run_again_has_one_message(self):
        for more in ((), ("--key", "visit-1")):
            fields = (("customerName", "Maria"), ("process", "loan"), ("nextStep", f"sign {more}"))
            first = self.device.send("next-step", fields, "12025550123", *more)
            self.assertEqual(self.device.send("next-step", fields, "12025550123", *more), first)
        self.assertEqual(self.device.counts(), {"queued": 2})

    def test_a_key_used_for_something_else_is_a_conflict(self):
        self.device.start()
        self.assertEqual(self.post(request("at ten", key="visit-1"))[0], 202)
        status, answer = self.post(request("at eleven", key="visit-1"))
        self.assertEqual((status, answer["error"]), (409, "conflict"))
        line = json.dumps(request("at eleven", key="visit-2"))
        self.assertEqual(self.device.command("send", "--stdin", stdin=line).code, DONE)
        other = json.dumps(request("at noon", key="visit-2"))
        done = self.device.command("send", "--stdin", stdin=other)
        self.assertEqual((done.code, json.loads(done.out)["error"]), (BAD_FIELD, "conflict"))

    def test_only_the_newest_on_a_topic_goes_out(self):
        old = self.device.send_objects([request("at ten", topic="visit-1")])[0]
        new = self.device.send_objects([request("at eleven", topic="visit-1")])[0]
        self.assertEqual(self.device.show(old)["reason"], "newer_topic")
        self.device.start()
        self.device.wait_state(new, "accepted")
        self.assertEqual(self.device.show(old)["state"], "superseded")
        self.assertEqual(len(self.simulator.deliveries()), 1)


class Decisions(SystemTest):
    def test_paused_it_takes_and_sends_nothing_across_a_crash(self):
        self.assertEqual(self.device.command("pause").code, 69)  # there is no queue yet
        first = self.device.send_text("first")
        self.assertEqual(self.device.command("pause").code, DONE)
        self.assertEqual(self.device.command("flush").code, STILL_QUEUED)
        self.device.start()
        second = self.device.send_text("second", "12025550124")
        self.device.kill()
        self.device.start()
        self.assertTrue(self.device.status()["paused"])
        why, = self.device.objects("why", str(second))
        self.assertEqual((why["reason"], why["same_cause"]), ("paused", 2))
        self.assertEqual(self.simulator.requests(), [])
        self.assertEqual(self.device.command("resume").code, DONE)
        for message in (first, second):
            self.device.wait_state(message, "accepted")

    def test_a_backlog_is_looked_at_and_thinned_out_before_it_goes(self):
        ids = [self.device.send_text(f"message {n}", f"1202555010{n % 2}") for n in range(6)]
        self.assertEqual(self.device.command("pause").code, DONE)
        self.device.start()
        shown = self.device.objects("drop", "--to", "+1 202 555 0101", "--dry-run")
        self.assertEqual([one["id"] for one in shown], ids[1::2])
        self.assertEqual(self.device.counts(), {"queued": 6})
        self.assertEqual(self.device.command("drop", "--to", "+1 202 555 0101").code, DONE)
        self.assertEqual(self.device.command("resume").code, DONE)
        self.device.wait_for(lambda: self.device.counts() == {"accepted": 3, "dropped": 3}, 20,
                             "the rest to go out")


if __name__ == "__main__":
    unittest.main()
