"""The drop folder: programs that can only write files."""

import json
import os
import pathlib
import unittest

from harness import DONE, SystemTest, request

STRANGER, KIOSK, DESK = 4004, 4001, 4002


class Folder(SystemTest):
    settings = {"queue": {"messages_max": 400}}

    def setUp(self):
        super().setUp()
        # Where other users get to, too.
        self.folder = pathlib.Path(self.device.places.name) / "drop"
        pathlib.Path(self.device.places.name).chmod(0o755)
        self.device.configure(intake={"folder": str(self.folder)})

    def make(self):
        for name in ("tmp", "new", "done", "refused"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def drop(self, name, what, user=None):
        text = what if isinstance(what, str) else json.dumps(what)
        (self.folder / "tmp" / name).write_text(text)
        if user is not None:
            os.chown(self.folder / "tmp" / name, user, user)
        (self.folder / "tmp" / name).rename(self.folder / "new" / name)

    def names(self, where):
        return sorted(path.name for path in (self.folder / where).iterdir())

    def wait_gone(self, count=0, seconds=20):
        self.device.wait_for(lambda: len(self.names("new")) == count, seconds,
                             f"{count} files to be left in new/")

    def answer(self, where, name):
        return json.loads((self.folder / where / name).read_text())

    def pause(self):
        """Before the agent starts: what it takes stays where it is."""
        (self.folder / "new").rename(self.folder / "later")
        self.device.start()
        self.assertEqual(self.device.command("pause").code, DONE)
        self.device.stop()
        (self.folder / "new").rmdir()
        (self.folder / "later").rename(self.folder / "new")

    def test_what_is_there_and_what_comes_is_taken_and_answered(self):
        self.make()
        self.pause()
        self.drop("b.json", request("second", key="visit-2"))
        self.drop("a.json", request("first"))
        self.device.start()
        self.wait_gone()
        self.drop("c.json", request("third"))
        self.drop("again.json", request("second", key="visit-2"))
        self.wait_gone()
        self.assertEqual(self.names("done"), ["a.json", "again.json", "b.json", "c.json"])
        self.assertEqual(self.answer("done", "a.json"), {"ok": True, "id": 1, "state": "queued"})
        self.assertEqual(self.answer("done", "b.json")["id"], 2)
        self.assertEqual(self.answer("done", "again.json"),
                         {"ok": True, "id": 2, "state": "queued", "duplicate": True})
        # No number and no text is left beside the queue.
        for path in (self.folder / "done").iterdir():
            self.assertNotIn("5550123", path.read_text())
        self.device.command("resume")
        self.device.wait_accepted(3)
        self.assertEqual(self.names("refused"), [])

    def test_what_is_refused_keeps_its_request_beside_the_reason(self):
        self.device.start()
        self.device.wait_for(lambda: (self.folder / "new").is_dir(), 10, "the folders")
        self.make()
        good = json.dumps(request("never sent"))
        refused = {"text": "no JSON", "empty": "", "large": good + " " * (17 << 10),
                   "wrong": good.replace("12025550123", "0171 555")}
        for name, text in refused.items():
            self.drop(name, text)
        os.mkfifo(self.folder / "tmp" / "fifo")
        (self.folder / "tmp" / "fifo").rename(self.folder / "new" / "fifo")
        (self.folder / "tmp" / "elsewhere").write_text(good)
        (self.folder / "new" / "link").symlink_to(self.folder / "tmp" / "elsewhere")
        os.link(self.folder / "tmp" / "elsewhere", self.folder / "new" / "linked")
        (self.folder / "new" / "directory").mkdir()
        long = "x" * 255
        self.drop(long, "no JSON")
        self.wait_gone()
        expected = {"text": "invalid", "empty": "invalid", "large": "too_large", "wrong": "invalid",
                    "fifo": "invalid", "link": "invalid", "linked": "denied",
                    "directory": "invalid"}
        for name, error in expected.items():
            self.assertEqual(self.answer("refused", name + ".answer")["error"], error, name)
            self.assertIn(name, self.names("refused"))
        self.assertIn(long, self.names("refused"))
        self.assertEqual(self.answer("refused", "wrong.answer")["field"], "to")
        self.assertEqual((self.folder / "refused" / "large").read_text(), refused["large"])
        self.assertEqual(self.device.messages(), {})

    @unittest.skipIf(os.geteuid() != 0, "only root can own files as others")
    def test_foreign_owners_are_refused(self):
        self.make()
        self.pause()
        self.drop("theirs", request("theirs"), user=STRANGER)
        self.device.start()
        self.wait_gone()
        self.assertEqual(self.answer("refused", "theirs.answer")["error"], "denied")
        # But for the one whose folder it is.
        os.chown(self.folder / "new", KIOSK, KIOSK)
        self.drop("own", request("own"), user=KIOSK)
        self.wait_gone()
        self.assertTrue(self.answer("done", "own")["ok"])

    @unittest.skipIf(os.geteuid() != 0, "only root can own files as others")
    def test_each_owner_does_what_its_entry_says(self):
        self.device.configure(intake={"allow": [
            {"user": str(KIOSK), "scenarios": ["next-step"], "share": "10%"}]})
        self.make()
        self.pause()
        for n in range(60):
            self.drop(f"a-flood-{n:03}", request(f"flood {n}"), user=KIOSK)
        self.drop("other", {**request("x"), "scenario": "status-changed", "fields": {
            "customerName": "M", "process": "p", "status": "s"}}, user=KIOSK)
        self.drop("stranger", request("stranger"), user=STRANGER)
        self.drop("the-good-one", request("of root"))
        self.device.start()
        self.wait_gone()
        done = self.names("done")
        self.assertIn("the-good-one", done)
        self.assertEqual(len(done), 40 + 1)
        self.assertEqual(self.answer("refused", "other.answer")["error"], "denied")
        self.assertEqual(self.answer("refused", "stranger.answer")["error"], "denied")
        self.assertEqual(self.answer("refused", "a-flood-059.answer")["error"], "queue_full")
        sources = {message["source"] for message in self.device.messages().values()
                   if "source" in message}
        self.assertLessEqual(sources, {f"uid:{KIOSK}", "uid:0"})

    @unittest.skipIf(os.geteuid() != 0, "only root can own files as others")
    def test_a_flooder_whose_files_come_first_holds_up_nobody_elses(self):
        self.device.configure(intake={"allow": [
            {"user": str(KIOSK), "share": "50%"}, {"user": str(DESK)}]})
        self.make()
        self.pause()
        for n in range(190):
            self.drop(f"a-{n:03}", request(f"flood {n}"), user=KIOSK)
        for n in range(10):
            (self.folder / "new" / f"a-link-{n}").symlink_to("nowhere")
            os.lchown(self.folder / "new" / f"a-link-{n}", KIOSK, KIOSK)
        for n in range(100):
            self.drop(f"good-{n:03}", request(f"good {n}"), user=DESK)
        self.device.start()
        self.wait_gone(seconds=60)
        ids = {name: self.answer("done", name)["id"] for name in self.names("done")}
        good = sorted(number for name, number in ids.items() if name.startswith("good"))
        self.assertEqual(len(good), 100)
        # In turns: while there were both, one of theirs came between two of its own.
        self.assertLessEqual(good[-1], 2 * len(good) + 1)
        self.assertEqual(len(ids) - len(good), 190)
        self.assertEqual(len(self.names("refused")), 20, "the links, each with its answer")

    def test_killed_at_any_moment_nothing_is_lost_or_taken_twice(self):
        self.make()
        self.pause()
        for n in range(120):
            self.drop(f"{n:03}", request(f"message {n}"))
        for _ in range(6):
            before = len(self.names("new"))
            self.device.start()
            self.device.wait_for(lambda: len(self.names("new")) < max(before - 10, 1), 20,
                                 "some to be taken")
            self.device.kill()
        self.device.start()
        self.wait_gone()
        ids = [self.answer("done", f"{n:03}")["id"] for n in range(120)]
        self.assertEqual(len(set(ids)), 120)
        self.assertEqual(set(self.device.messages()), set(ids))

    def test_a_full_queue_leaves_files_where_they_are(self):
        self.device.configure(queue={"messages_max": 20})
        self.make()
        self.pause()
        for n in range(25):
            self.drop(f"{n:02}", request(f"message {n}"))
        self.device.start()
        self.wait_gone(5)
        self.device.command("resume")
        self.wait_gone(seconds=30)
        self.device.wait_accepted(25)
        self.assertEqual(self.names("refused"), [])


if __name__ == "__main__":
    unittest.main()
