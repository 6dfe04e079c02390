"""Messages to whom a reference stands for: the directory that a back office writes."""

import json
import os
import threading
import unittest

from harness import BAD_FIELD, CONFIGURATION, DONE, SystemTest

VISITS = ({"ref": "visit-881", "to": "+1 202 555 0123", "customerName": "Maria",
           "service": "home delivery", "at": "09:30"},
          {"ref": "visit-882", "to": "12025550124", "customerName": "Jonas",
           "service": "tank inspection"})


class DirectoryTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.file = self.device.folder / "visits"
        self.device.configure(intake={"directory": str(self.file)})

    def write(self, *entries):
        """As a back office does: beside it, then in its place."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text("".join(json.dumps(one) + "\n" for one in entries))
        fresh.rename(self.file)

    def send(self, ref, *more):
        return self.device.command("send", "service-changed", "--ref", ref, "--details",
                                   "New window.", *more)

    def texts_sent(self):
        return [[one["text"] for one in body["params"][0]["parameters"]]
                for body in map(json.loads, self.simulator.accepted())]

    def test_on_every_way_in(self):
        self.write(*VISITS)
        self.device.start()
        self.device.command("pause")
        self.device.stop()
        for runs in (False, True):
            if runs:
                self.device.start()
            done = self.send("visit-881")
            self.assertEqual(done.code, DONE, done.err)
            request = {"scenario": "service-changed", "ref": "visit-882",
                       "fields": {"details": f"Later, {runs}."}}
            done = self.device.command("send", "--stdin", stdin=json.dumps(request) + "\n")
            self.assertEqual(done.code, DONE, done.out)
        request["fields"] = {"details": "By HTTP.", "service": "heating"}
        status, answer = self.device.http("POST", "/v1/messages", json.dumps(request).encode())
        self.assertEqual(status, 202, answer)
        shown = self.send("visit-881", "--dry-run")
        self.assertIn("12025550123", shown.out)
        self.assertIn("Maria", shown.out)
        unknown = self.send("visit-883")
        self.assertEqual(unknown.code, BAD_FIELD)
        self.assertIn("--ref: visit-883: is not in the directory", unknown.err)

        # What was bound stays so, whatever becomes of the directory.
        self.write({"ref": "visit-881", "to": "12025550199", "customerName": "Somebody else",
                    "service": "-"})
        self.device.command("resume")
        self.device.wait_accepted(4)
        bodies = [json.loads(one) for one in self.simulator.accepted()]
        self.assertEqual({one["phone"] for one in bodies}, {"12025550123", "12025550124"})
        self.assertEqual(sorted(self.texts_sent()), [
            ["Jonas", "heating", "By HTTP."], ["Jonas", "tank inspection", "Later, False."],
            ["Jonas", "tank inspection", "Later, True."],
            ["Maria", "home delivery", "New window."]])

    def test_replaced_while_it_is_read_it_is_one_or_the_other(self):
        one = [{"ref": f"v{n}", "to": "12025550101", "customerName": "old", "service": "old"}
               for n in range(2000)]
        other = [{**entry, "to": "12025550102", "customerName": "new", "service": "new"}
                 for entry in reversed(one)]
        self.write(*one)
        self.device.start()
        over = threading.Event()

        def replace():
            while not over.is_set():
                self.write(*other)
                self.write(*one)

        office = threading.Thread(target=replace)
        office.start()
        try:
            for n in range(100):
                request = {"scenario": "service-changed", "ref": f"v{n * 19}",
                           "fields": {"details": f"text {n}"}}
                status, answer = self.device.http("POST", "/v1/messages?dry_run=1",
                                                  json.dumps(request).encode())
                self.assertEqual(status, 200, answer)
                answer = json.loads(answer)
                self.assertIn((answer["to"], answer["values"][:2]), (
                    ("12025550101", ["old", "old"]), ("12025550102", ["new", "new"])))
        finally:
            over.set()
            office.join()

    def test_the_list_of_visits(self):
        self.device.start()
        self.assertEqual(self.device.http("GET", "/v1/directory")[0], 404)
        self.write(*VISITS)
        status, text = self.device.http("GET", "/v1/directory?find=JONAS")
        self.assertEqual(status, 200)
        self.assertEqual([json.loads(line) for line in text.splitlines()],
                         [{**VISITS[1], "to": "1202•••0124"}])

    def test_check_names_the_line(self):
        self.write(*VISITS)
        self.assertEqual(self.device.command("check").code, DONE)
        self.write(*VISITS, {"ref": "visit-883", "to": "0171 555"})
        done = self.device.command("check")
        self.assertEqual(done.code, CONFIGURATION, done)
        self.assertIn(f"intake.directory: {self.file}: line 3: to: starts with 0", done.out)

    def test_what_is_no_file_holds_nobody_up(self):
        os.mkfifo(self.file)
        self.device.start()
        done = self.send("visit-881")
        self.assertEqual(done.code, BAD_FIELD)
        self.assertIn("cannot be read", done.err)
        self.file.unlink()
        with self.file.open("wb") as endless:
            endless.truncate(100 << 20)
        done = self.send("visit-881")
        self.assertIn("takes too long to read", done.err)
        self.assertEqual(self.device.http("GET", "/healthz")[0], 200)


if __name__ == "__main__":
    unittest.main()
