"""The judge finds what a plug pull must not do, and only that."""

import unittest

from judge import judge


class Judge(unittest.TestCase):
    def test_sent_once_waiting_and_in_doubt_are_all_right(self):
        promised = {"a": 1, "b": 2, "c": 3, "d": 4}
        held = {2: "queued", 3: "uncertain", 4: "uncertain"}
        self.assertEqual(judge(promised, held, {"a": 1, "c": 1}, pulls=2), [])

    def test_what_was_not_promised_may_be_there_or_not(self):
        self.assertEqual(judge({}, {7: "queued"}, {"x": 1}, pulls=1), [])

    def test_a_lost_message_is_found(self):
        self.assertRegex(judge({"a": 1}, {}, {}, pulls=1)[0], "a is lost")

    def test_a_second_delivery_is_found_even_of_what_was_not_promised(self):
        self.assertRegex(judge({}, {}, {"x": 2}, pulls=1)[0], "x arrived 2 times")

    def test_a_delivered_message_that_waits_again_is_found_before_it_goes(self):
        self.assertRegex(judge({"a": 1}, {1: "queued"}, {"a": 1}, pulls=1)[0], "would go again")

    def test_an_id_that_was_given_twice_is_found(self):
        self.assertRegex(judge({"a": 1, "b": 1}, {}, {"a": 1, "b": 1}, pulls=1)[0], "given 2 times")

    def test_a_state_without_a_cause_is_found(self):
        self.assertRegex(judge({"a": 1}, {1: "held"}, {}, pulls=1)[0], "a is held")

    def test_more_doubts_than_pulls_are_found(self):
        held = {1: "uncertain", 2: "uncertain"}
        self.assertRegex(judge({}, held, {}, pulls=1)[0], "2 messages are in doubt after 1")

    def test_at_the_end_nothing_waits_any_more(self):
        self.assertRegex(judge({"a": 1}, {1: "queued"}, {}, 1, at_the_end=True)[0], "never sent")


if __name__ == "__main__":
    unittest.main()
