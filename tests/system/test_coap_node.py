"""A CoAP client of yet another make, the npm package `coap`, at the port without DTLS: it has none."""

import json
import unittest

from coap import CoapTest
from coap_node import NodeClient
from harness import request


class CoapNode(CoapTest):
    def setUp(self):
        super().setUp()
        self.start_paused()
        self.node = NodeClient(self.port)
        self.addCleanup(self.node.close)

    def post(self, what, **more):
        answer = self.node.answer("POST", "v1/messages", what, **more)
        return answer["code"], json.loads(answer["body"])

    def test_what_it_posts_is_taken_once_known_again_and_refused_in_words(self):
        answer = self.node.answer("POST", "v1/messages", request("one", key="k"))
        self.assertEqual((answer["code"], answer["body"]),
                         ("2.01", '{"ok":true,"id":1,"state":"queued"}'))
        self.assertEqual(self.post(request("one", key="k")),
                         ("2.04", {"ok": True, "id": 1, "state": "queued", "duplicate": True}))
        code, refusal = self.post(request("two", key="k"))
        self.assertEqual((code, refusal["error"]), ("4.09", "conflict"))
        code, refusal = self.post(request(to="0049171"))
        self.assertEqual((code, refusal["field"]), ("4.00", "to"))
        code, refusal = self.post("{")
        self.assertEqual((code, refusal["error"]), ("4.00", "invalid"))
        seen = self.node.answer("GET", "v1/messages/1")
        self.assertEqual((seen["code"], json.loads(seen["body"])["key"]), ("2.05", "k"))
        self.assertEqual(self.node.answer("GET", "v1/messages/7")["code"], "4.04")
        self.assertEqual(len(self.device.messages()), 1)

    def test_a_body_in_blocks_arrives_whole_and_too_large_a_one_not_at_all(self):
        for size, text in ((2, "in small ones"), (6, "in large ones")):
            body = json.dumps(request(text + "." * 500)) + " " * 5000
            code, answer = self.post(body, block1=size)
            self.assertEqual(code, "2.01", answer)
        code, answer = self.post(json.dumps(request("never")) + " " * (17 << 10), block1=6)
        self.assertEqual((code, answer["error"]), ("4.13", "too_large"))
        self.assertEqual(len(self.device.messages()), 2)

    def test_it_hears_each_change_to_the_last_word(self):
        _, answer = self.post(request())
        path = f"v1/messages/{answer['id']}"
        observed = self.node.ask("GET", path, observe=True)
        states = [json.loads(self.node.hear(observed)["body"])["state"]]
        self.assertEqual(self.device.http("POST", f"/{path}/drop")[0], 200)
        while states[-1] != "dropped":
            states.append(json.loads(self.node.hear(observed)["body"])["state"])
        self.assertLessEqual(set(states), {"queued", "dropped"})


if __name__ == "__main__":
    unittest.main()
