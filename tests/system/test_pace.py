"""Not too early, not too fast: what the keeper's clock decides, end to end."""

import datetime
import time
import unittest

from harness import BAD_FIELD, CONFIGURATION, DONE, SystemTest, request


class Pace(SystemTest):
    def test_what_is_to_go_later_waits_and_says_so(self):
        self.device.start()
        self.device.send_objects([request("later", not_before="+4s"), request("now")])
        self.device.wait_accepted(1)
        later = next(m for m in self.device.messages().values() if m["state"] == "queued")
        self.assertEqual(later["reason"], "not_before")
        self.device.wait_accepted(2, 20)

    def test_a_message_says_when_it_is_worthless(self):
        self.simulator.stop()
        self.device.start()
        self.device.send_objects([request("soon", ttl="8h")])
        message = next(iter(self.device.messages().values()))
        left = (datetime.datetime.fromisoformat(message["expires"])
                - datetime.datetime.fromisoformat(message["created"]))
        self.assertAlmostEqual(left.total_seconds(), 8 * 3600, delta=5)

    def test_a_drain_keeps_the_distance_and_sends_all(self):
        self.device.configure(pace={"per_recipient": "2s"})
        for text in ("one", "two", "three"):
            self.device.send_objects([request(text)])
        began = time.monotonic()
        self.assertEqual(self.device.command("flush", seconds=60).code, DONE)
        self.assertGreaterEqual(time.monotonic() - began, 4)
        self.assertEqual(self.device.counts(), {"accepted": 3})

    def test_quiet_hours_hold_everything(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        quiet = {"from": (now - datetime.timedelta(hours=1)).strftime("%H:%M"),
                 "to": (now + datetime.timedelta(hours=2)).strftime("%H:%M"), "zone": "UTC0"}
        self.device.configure(pace={"quiet": quiet})
        self.device.start()
        self.device.send_objects([request("at night")])
        message = next(iter(self.device.messages().values()))
        self.assertEqual((message["state"], message["reason"]), ("queued", "quiet_hours"))
        self.assertEqual(message["next_attempt"][11:16], quiet["to"])

    def test_a_zone_that_nobody_knows_is_refused_in_words(self):
        self.device.configure(pace={"quiet": {"from": "22:00", "to": "07:00",
                                              "zone": "Europe/Atlantis"}})
        done = self.device.command("check")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("pace.quiet.zone", done.err + done.out)

    def test_times_that_are_none_are_refused_with_their_field(self):
        for option in ("--ttl", "--not-before"):
            done = self.device.command("send", "next-step", "--to", "12025550123", option, "soon",
                                       "--customer-name", "M", "--process", "p", "--next-step", "n")
            self.assertEqual(done.code, BAD_FIELD)
            self.assertIn(option, done.err)


if __name__ == "__main__":
    unittest.main()
