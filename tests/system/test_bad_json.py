"""Every way in refuses what is no JSON, and queues nothing of it."""

import http.client
import json
import pathlib
import unittest

from bad_json import BAD_JSON, GOOD
from harness import BAD_FIELD, DONE, SLOWER, SystemTest, free_port


class BadJson(SystemTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.folder = pathlib.Path(self.device.places.name) / "drop"
        self.device.configure(intake={"http": f"127.0.0.1:{self.port}", "folder": str(self.folder)})
        done = self.device.command("app", "add", "page")
        self.assertEqual(done.code, DONE, done.err)
        self.token = done.out.strip()
        self.device.start()

    def assertNothingQueued(self):
        self.assertEqual(self.device.messages(), {})

    def post(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10 * SLOWER)
        try:
            connection.request("POST", "/v1/messages", body, {
                "Content-Type": "application/json", "Authorization": f"Bearer {self.token}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def test_at_the_socket(self):
        for name, body in BAD_JSON.items():
            with self.subTest(name):
                status, answer = self.device.http("POST", "/v1/messages", body)
                self.assertIn(status, (400, 413, 422), answer)
                self.assertFalse(json.loads(answer)["ok"])
        self.assertNothingQueued()
        self.assertEqual(self.device.http("POST", "/v1/messages", GOOD)[0], 202)

    def test_at_the_port(self):
        for name, body in BAD_JSON.items():
            with self.subTest(name):
                status, answer = self.post(body)
                self.assertIn(status, (400, 413, 422), answer)
                self.assertFalse(json.loads(answer)["ok"])
        self.assertNothingQueued()
        self.assertEqual(self.post(GOOD)[0], 202)

    def test_on_standard_input_with_and_without_an_agent(self):
        for runs in (True, False):
            if not runs:
                self.device.stop()
            for name, body in BAD_JSON.items():
                # A line is a request, and a blank one is none.
                if b"\n" in body or not body.strip():
                    continue
                with self.subTest(name, agent=runs):
                    done = self.device.command("send", "--stdin", stdin=body + b"\n")
                    self.assertEqual(done.code, BAD_FIELD, done)
                    self.assertFalse(json.loads(done.out.splitlines()[0])["ok"])
        self.device.start()
        self.assertNothingQueued()

    def test_in_the_folder(self):
        names = {f"{n:02}": body for n, body in enumerate(BAD_JSON.values())}
        for name, body in names.items():
            (self.folder / "tmp" / name).write_bytes(body)
            (self.folder / "tmp" / name).rename(self.folder / "new" / name)
        self.device.wait_for(lambda: not list((self.folder / "new").iterdir()), 20,
                             "the files to be refused")
        for name, body in names.items():
            self.assertEqual((self.folder / "refused" / name).read_bytes(), body)
            self.assertFalse(json.loads(
                (self.folder / "refused" / f"{name}.answer").read_text())["ok"])
        self.assertNothingQueued()


if __name__ == "__main__":
    unittest.main()
