"""Who asked for no messages gets none, with and without an agent."""

import json
import unittest

from harness import BAD_FIELD, DONE, REFUSED, SystemTest, request

HERS = "12025550147"


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
        self.assertEqual(self.device.command("block", "0301234567").code, BAD_FIELD)


if __name__ == "__main__":
    unittest.main()
