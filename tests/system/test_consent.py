"""Who asked for no messages, and who is forgotten: what the region's bytes hold, too."""

import json
import subprocess
import unittest

from harness import BAD_FIELD, DONE, REFUSED, SystemTest, request

HERS, HIS = "12025550147", "12025550148"
TEXT = "the canary's own words"


TWO_DAYS_LATER = ("unshare", "--time", "--boottime", str(2 * 86400))


class Consent(SystemTest):
    settings = {"retry": {"first": "100ms", "max": "1s", "spread": "0s"}}

    def region_holds(self, text):
        return text.encode() in self.device.queue.read_bytes()

    def post(self, path, **body):
        status, answer = self.device.http("POST", path, json.dumps(body).encode())
        return status, json.loads(answer)

    def test_a_blocked_number_is_refused_everywhere_until_it_is_unblocked(self):
        for runs in (False, True):
            if runs:
                self.device.start()
            done = self.device.command("block", "+1 (202) 555-0147")
            self.assertEqual(done.code, DONE, done)
            self.assertIn(HERS, done.out)
            done = self.device.command("send", "--stdin", stdin=json.dumps(request(to=HERS)) + "\n")
            self.assertEqual(done.code, REFUSED, done)
            self.assertEqual(json.loads(done.out)["error"], "blocked")
            self.assertFalse(self.region_holds(HERS))
        status, answer = self.post("/v1/messages", **request(to=HERS))
        self.assertEqual((status, answer["error"]), (403, "blocked"))
        self.device.stop()
        self.device.start()
        self.assertEqual(self.device.status()["blocked"], 1)
        self.assertEqual(self.post("/v1/unblock", to=HERS)[0], 200)
        self.assertEqual(self.post("/v1/messages", **request(to=HERS))[0], 202)
        self.device.wait_accepted(1)

    def test_an_opt_out_that_whatsapp_tells_blocks_by_itself(self):
        self.simulator.behave(answer="refused_code", options={"code": 131050})
        self.device.command("pause")
        first, second = self.device.send_objects([request(to=HERS), request("again", to=HERS)])
        self.device.start()
        self.device.command("resume")
        self.assertEqual(self.device.wait_state(first, "failed")["reason"], "opted_out")
        self.assertEqual(self.device.wait_state(second, "dropped")["reason"], "opted_out")
        answer = self.post("/v1/messages", **request("news", to=HERS))[1]
        self.assertEqual(answer["error"], "blocked")
        self.assertEqual(len(self.simulator.requests()), 1)

    def test_what_is_no_number_is_refused_by_its_field(self):
        self.device.start()
        self.assertEqual(self.post("/v1/block", to="0301234567")[1]["field"], "to")
        self.assertEqual(self.post("/v1/block")[0], 422)
        self.assertEqual(self.device.command("forget", "0301234567").code, BAD_FIELD)

    def test_forget_leaves_nothing_in_the_region_with_and_without_an_agent(self):
        for runs in (False, True):
            self.device.command("pause")
            ids = self.device.send_objects([request(text=TEXT, to=HERS, key=f"visit-{runs}-{HERS}"),
                                            request(text=f"his {runs}", to=HIS)])
            self.assertTrue(self.region_holds(HERS) and self.region_holds(TEXT))
            if runs:
                self.device.start()
            done = self.device.command("forget", HERS, seconds=120)
            self.assertEqual(done.code, DONE, done)
            self.assertIn("1 that waited will not be sent", done.out)
            for text in (HERS, TEXT):
                self.assertFalse(self.region_holds(text), text)
            self.assertEqual(self.device.show(ids[1])["state"], "queued")
            self.assertTrue(self.region_holds(HIS))
        self.device.stop()
        self.assertEqual(self.device.command("store", "verify").code, DONE)
        self.assert_nobody_shows_her()

    def assert_nobody_shows_her(self):
        for words in (["list", "--reveal", "--json"], ["watch", "--json", "--from", 0],
                      ["store", "export"]):
            text = self.device.command(*words).out
            self.assertIn('"scenario"', text, words)
            self.assertFalse(HERS in text or TEXT in text, text)

    @unittest.skipIf(subprocess.run([*TWO_DAYS_LATER, "true"], capture_output=True,
                                    check=False).returncode, "no time namespaces here")
    def test_what_is_older_than_personal_for_leaves_the_region_by_itself(self):
        self.device.configure(history={"personal_for": "1h"}, tracking={"until": "accepted"})
        self.device.start()
        sent = self.device.send_objects([request(text=TEXT, to=HERS)])[0]
        self.device.wait_state(sent, "accepted")
        self.device.command("pause")
        waits = self.device.send_objects([request(text="his", to=HIS)])[0]
        self.device.stop()
        self.assertTrue(self.region_holds(HERS) and self.region_holds(TEXT))
        # Two days later in the same boot, where the clock on the wall is not asked.
        self.device.start(*TWO_DAYS_LATER)
        self.device.wait_for(lambda: not (self.region_holds(HERS) or self.region_holds(TEXT)), 20,
                             "her number and text to leave the region")
        self.assertEqual(self.device.show(waits)["state"], "queued")
        self.assertTrue(self.region_holds(HIS))

    def test_forget_says_that_a_damaged_copy_is_left(self):
        self.device.send_objects([request(text=TEXT, to=HERS)])
        (self.device.folder / "queue.damaged").write_bytes(b"a copy")
        done = self.device.command("forget", HERS, seconds=120)
        self.assertEqual(done.code, DONE, done)
        self.assertIn("queue.damaged is a copy", done.err)


if __name__ == "__main__":
    unittest.main()
