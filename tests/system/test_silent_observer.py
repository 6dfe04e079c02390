"""A CoAP device that observes and then is silent: it loses its place when the server has sent a
notice five times, which takes 62 to 93 seconds (RFC 7252, 4.8). tests/all runs it beside the others."""

import unittest

from coap import CON, CoapTest, Message, OBSERVE
from harness import request


class SilentObserver(CoapTest):
    def setUp(self):
        super().setUp()
        self.start_paused()

    def observe(self, client, message):
        answer = client.ask(client.get(f"v1/messages/{message}", ((OBSERVE, b""),)))
        self.assertEqual(answer.code, 2.05)
        return answer.option(OBSERVE) is not None

    def test_its_place_is_anothers_once_it_has_not_acknowledged(self):
        silent, lively = self.client(), self.client()
        goes = silent.ask(silent.post(request("goes"))).json()["id"]
        stays = lively.ask(lively.post(request("stays", not_before="+1h"))).json()["id"]
        self.assertTrue(self.observe(silent, goes))
        # Programs at this port are one device, which has eight places.
        self.assertEqual([self.observe(lively, stays) for _ in range(8)], [True] * 7 + [False])
        self.assertEqual(self.device.http("POST", "/v1/resume")[0], 200)
        self.device.wait_for(lambda: self.observe(lively, stays), 120, "a place")
        silent.socket.setblocking(False)
        heard = []
        while len(heard) < 5:
            heard.append(Message.decode(silent.socket.recv(2048)))
        self.assertEqual({(one.type, one.mid) for one in heard}, {(CON, heard[0].mid)})
        # What it observed goes on all the same, and it can come back.
        self.device.wait_state(goes, "accepted")
        self.assertFalse(self.observe(silent, goes), "the place has been taken")


if __name__ == "__main__":
    unittest.main()
