"""The region on flash, looked at by hand."""

import json
import os
import shutil
import subprocess
import unittest

from harness import DONE, EMULATOR, SystemTest, request

NOT_REACHABLE, FLASH_ERROR, NOT_ALLOWED = 69, 74, 77
# Root may write what is read-only, unless it gives that up.
UNPRIVILEGED = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []


def run_unprivileged(words):
    return subprocess.run([*UNPRIVILEGED, *words], capture_output=True, text=True, timeout=60,
                          check=False)


class Store(SystemTest):
    def setUp(self):
        super().setUp()
        self.region = self.device.folder / "queue"
        self.device.send_objects([request(text=f"message {i}") for i in range(5)])
        self.assertEqual(self.device.command("drop", "2").code, DONE)

    def lines(self, *arguments):
        done = self.device.command("store", *arguments)
        self.assertEqual(done.code, DONE, done)
        return [json.loads(line) for line in done.out.splitlines()]

    def damage(self, text):
        """Turns one bit of what was written for a message."""
        whole = bytearray(self.region.read_bytes())
        at = whole.index(text.encode())
        whole[at] ^= 0x10
        self.region.write_bytes(whole)

    def test_looking_changes_nothing(self):
        before = self.region.read_bytes()
        for what in ("verify", "export", "salvage"):
            self.assertEqual(self.device.command("store", what).code, DONE)
        self.assertEqual(self.region.read_bytes(), before)

    def test_upgrade_to_the_version_that_it_has_changes_nothing(self):
        before = self.region.read_bytes()
        self.assertEqual(self.lines("upgrade", "--json"), [{"ok": True, "from": 1, "version": 1}])
        self.assertEqual(self.region.read_bytes(), before)

    def test_verify_of_a_sound_store_counts_what_is_there(self):
        report = self.lines("verify", "--json")[0]
        self.assertIs(report["ok"], True)
        self.assertEqual((report["messages"], report["ended"]), (4, 1))
        self.assertEqual(len(report["store"]), 32)
        self.assertEqual(report["size"], self.region.stat().st_size)

    def test_verify_of_a_damaged_one_exits_with_it(self):
        self.damage("message 1")
        done = self.device.command("store", "verify", "--json")
        self.assertEqual(done.code, FLASH_ERROR)
        report = json.loads(done.out)
        self.assertIs(report["ok"], False)
        self.assertGreater(report["corrupt"], 0)
        self.assertIn("Corrupt", self.device.command("store", "verify").out)

    def test_export_has_every_message_with_its_values(self):
        rows = {row["id"]: row for row in self.lines("export")}
        self.assertEqual(sorted(rows), [1, 2, 3, 4, 5])
        self.assertEqual(rows[2]["state"], "dropped")
        self.assertNotIn("values", rows[2])
        for i in (1, 3, 4, 5):
            self.assertEqual(rows[i]["state"], "queued")
            self.assertEqual(rows[i]["to"], "12025550123")
            self.assertIn(f"message {i - 1}", rows[i]["values"])

    def test_a_backup_that_could_not_be_written_does_not_look_like_one(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(self.device.words("store", "export"), stdout=full, timeout=30,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, FLASH_ERROR)
        self.assertIn(b"not all of this could be written: no space left", done.stderr)
        gone = subprocess.run(["sh", "-c", '"$@" | head -n 1 && exit $?', "sh",
                               *self.device.words("store", "export")], capture_output=True,
                              timeout=30, check=False)
        self.assertEqual(gone.stderr, b"")

    def test_salvage_reads_around_damage_in_any_copy(self):
        copy = self.device.folder / "copy"
        self.damage("message 2")
        shutil.copy(self.region, copy)
        found = [row for row in self.lines("salvage", str(copy)) if "values" in row]
        self.assertEqual([row["id"] for row in found], [1, 2, 4, 5])
        self.assertIn("message 0", found[0]["values"])

    def test_salvage_of_what_is_no_region_says_so(self):
        letter = self.device.folder / "letter"
        letter.write_text("dear customer")
        done = self.device.command("store", "salvage", str(letter))
        self.assertEqual(done.code, FLASH_ERROR)
        self.assertIn("has a size that no queue has", done.err)

    def test_salvage_of_a_copy_that_was_cut_short_gives_what_is_there(self):
        copy = self.device.folder / "copy"
        whole = self.region.read_bytes()
        copy.write_bytes(whole[:whole.index(b"message 4") + 4096])
        found = [row["id"] for row in self.lines("salvage", str(copy)) if "values" in row]
        self.assertEqual(found, [1, 2, 3, 4, 5])

    def test_salvage_wants_to_read_and_no_more(self):
        copy = self.device.folder / "copy"
        shutil.copy(self.region, copy)
        copy.chmod(0o444)
        done = run_unprivileged(self.device.words("store", "salvage", copy))
        self.assertEqual(done.returncode, DONE, done)
        self.assertEqual(done.stdout, self.device.command("store", "salvage", copy).out)
        copy.chmod(0)
        self.assertEqual(run_unprivileged(self.device.words("store", "salvage", copy)).returncode,
                         NOT_ALLOWED)

    def test_salvage_steps_over_one_bad_record_of_a_commit(self):
        # A newer message on a topic and the end of the older one are one commit.
        self.device.send_objects([request(text=text, topic="order")
                                  for text in ("older", "newer")])
        rows = self.lines("salvage")
        first, second = [row for row in rows if row["commit"] == rows[-1]["commit"]]
        self.assertIn("newer", first["values"])
        self.assertEqual(second["id"], first["id"] - 1)
        self.damage("newer")
        self.assertEqual(self.lines("salvage"), [row for row in rows if row != first])

    def test_what_is_no_queue_is_named_with_its_path(self):
        self.region.write_bytes(b"Z" * self.region.stat().st_size)
        done = self.device.command("store", "verify")
        self.assertEqual(done.code, FLASH_ERROR)
        self.assertIn(f"queue.path: {self.region}: it holds something, and that is no", done.err)

    def test_a_running_agent_keeps_the_region_to_itself(self):
        self.device.start()
        done = self.device.command("store", "verify")
        self.assertEqual(done.code, NOT_REACHABLE)
        self.assertIn("another agent or command is using the queue", done.err)
        self.assertEqual(self.device.command("store", "salvage").code, DONE)

    def test_damage_is_copied_aside_once_as_it_was(self):
        self.damage("message 3")
        damaged = self.region.read_bytes()
        self.device.start()
        self.device.wait_for(lambda: "damage_copied" in self.device.log.read_text(), 10, "the copy")
        copy = self.device.folder / "queue.damaged"
        self.assertEqual(copy.read_bytes(), damaged)
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.device.kill()
        copy.write_bytes(b"looked at")
        self.device.start()
        self.assertEqual(copy.read_bytes(), b"looked at")
        self.assertGreater(self.device.status()["store"]["corrupt"], 0)


class SelfTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.place = self.device.folder / "place"
        self.place.mkdir()

    def test_a_place_that_keeps_what_it_promises_passes_and_stays_empty(self):
        report = json.loads(self.device.command("store", "selftest", self.place, "--json").out)
        self.assertIs(report["ok"], True)
        self.assertEqual((report["rounds"], report["lost"], report["corrupt"]), (12, 0, 0))
        self.assertGreaterEqual(report["taken"], 12)
        self.assertNotIn("found", report)
        self.assertEqual(list(self.place.iterdir()), [])

    def cut_off(self):
        """Leaves a region as a power cut would: nobody there to judge it."""
        region = self.place / "fieldpost-selftest"
        with subprocess.Popen(self.device.words("store", "selftest", self.place),
                              stdout=subprocess.DEVNULL) as process:
            self.device.wait_for(lambda: process.poll() is not None or
                                 region.exists() and
                                 region.read_bytes().count(b"self-test") >= 3, 10, "messages")
            process.kill()
        return region

    def test_one_that_was_cut_off_is_judged_by_the_next(self):
        region = self.cut_off()
        self.assertTrue(region.exists())
        done = self.device.command("store", "selftest", self.place)
        self.assertEqual(done.code, DONE, done)
        self.assertIn("Nothing was lost", done.out)
        self.assertRegex(done.out, r"an earlier self-test here: it can be read up to message [1-9]")
        self.assertFalse(region.exists())

    def test_a_person_at_a_terminal_hears_what_is_promised(self):
        ours, theirs = os.openpty()
        with os.fdopen(ours, "rb") as terminal:
            done = subprocess.run(self.device.words("store", "selftest", self.place), stdout=theirs,
                                  timeout=60, check=False)
            os.close(theirs)
            self.assertEqual(done.returncode, DONE)
            told = os.read(terminal.fileno(), 4096).decode()
        promised = [int(line.split()[-1]) for line in told.splitlines() if "Promised" in line]
        self.assertEqual(len(promised), 12, told)
        self.assertEqual(promised, sorted(promised))

    def test_a_folder_without_rights_is_a_matter_of_permission(self):
        self.place.chmod(0o555)
        done = run_unprivileged(self.device.words("store", "selftest", self.place))
        self.assertEqual(done.returncode, NOT_ALLOWED, done)

    def test_damage_that_it_left_is_found_and_kept(self):
        region = self.cut_off()
        whole = bytearray(region.read_bytes())
        whole[whole.index(b"self-test")] ^= 1  # the oldest message: others lie behind it
        region.write_bytes(whole)
        done = self.device.command("store", "selftest", self.place)
        self.assertEqual(done.code, FLASH_ERROR, done)
        self.assertIn("Corrupt", done.out)
        self.assertTrue(region.exists())

    def test_what_is_no_region_of_its_own_is_named_with_its_path(self):
        region = self.place / "fieldpost-selftest"
        region.write_bytes(b"Z" * (1 << 20))
        done = self.device.command("store", "selftest", self.place)
        self.assertEqual(done.code, FLASH_ERROR)
        self.assertIn(f"{region}: it holds something, and that is no", done.err)
        self.assertEqual(region.read_bytes(), b"Z" * (1 << 20))

    @unittest.skipIf(EMULATOR, "strace sees the emulator")
    def test_a_place_that_cannot_sync_is_named(self):
        strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO:when=3+"]
        done = subprocess.run([*strace, *self.device.words("store", "selftest", self.place)],
                              capture_output=True, text=True, timeout=60, check=False,
                              # The leak sanitizer cannot work beside strace.
                              env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        self.assertEqual(done.returncode, FLASH_ERROR, done)
        # The writer meets it, or, where that is killed before, whoever looks after it.
        self.assertRegex(done.stderr, "fieldpost-selftest.* (cannot be written|cannot sync)")

    def test_memory_and_what_is_no_flash_are_refused(self):
        for place, words in (("/dev/shm", "is in memory"), ("/dev/null", "not a folder"),
                             (self.place / "none", "does not exist")):
            done = self.device.command("store", "selftest", place)
            self.assertEqual(done.code, FLASH_ERROR)
            self.assertIn(words, done.err)
