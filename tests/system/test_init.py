"""From nothing to a first message in two commands; the channel's templates, listed, kept, handed in."""

import json
import os
import subprocess
import unittest

from harness import (CONFIGURATION, DONE, EMULATOR, EXAMPLES, PHONE, PROGRAM, REFUSED, USAGE,
                     SystemTest, option, vendor_body)


class Init(SystemTest):
    def setUp(self):
        super().setUp()
        self.place = self.device.folder / "new" / "etc"
        self.configuration = self.place / "fieldpost.json"
        self.options = ["--base-url", self.simulator.url, "--ca-file", str(self.simulator.ca_file),
                        "--queue", str(self.device.folder / "new" / "queue")]

    def fieldpost(self, *words, stdin=""):
        done = subprocess.run([*EMULATOR, str(PROGRAM), "-c", str(self.configuration), *words],
                              input=stdin, capture_output=True, text=True, timeout=60, check=False)
        self.assertNotIn(self.simulator.token, done.stdout + done.stderr)
        return done

    def init(self, *more, channel=None, stdin=None):
        return self.fieldpost("init", channel or self.simulator.channel, *self.options, *more,
                              stdin=self.simulator.token + "\n" if stdin is None else stdin)

    def test_two_commands_lead_to_a_first_message(self):
        done = self.init()
        self.assertEqual(done.returncode, DONE, done.stderr)
        scenario, name, fields = EXAMPLES[0]
        typed = [word for field, value in fields for word in (option(field), value)]
        done = self.fieldpost("send", scenario, "--to", PHONE, *typed, "--wait")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertOnce([vendor_body(name, [value for _, value in fields])])
        self.assertNoProblems()

    def test_what_it_writes_is_good_and_secret(self):
        self.assertEqual(self.init().returncode, DONE)
        token = self.place / "token"
        self.assertEqual(token.stat().st_mode & 0o777, 0o600)
        self.assertEqual(token.read_text().strip(), self.simulator.token)
        self.assertNotIn(self.simulator.token, self.configuration.read_text())
        written = json.loads(self.configuration.read_text())
        self.assertEqual(written["templates"], {
            scenario: {"name": name, "namespace": "NS", "language": "en"}
            for scenario, name, _ in EXAMPLES})
        self.assertEqual(self.fieldpost("check", "--online").returncode, DONE)

    def test_nothing_is_written_over(self):
        self.place.mkdir(parents=True)
        self.configuration.write_text("{}")
        self.assertEqual(self.init().returncode, USAGE)
        self.assertEqual(self.configuration.read_text(), "{}")
        self.assertEqual(os.listdir(self.place), ["fieldpost.json"])
        self.configuration.unlink()
        token = self.place / "token"
        token.write_text("another-token-0123456789")
        token.chmod(0o600)
        done = self.init()
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertIn("1MSG refuses the token", done.stderr)
        self.assertEqual(token.read_text(), "another-token-0123456789")
        self.assertFalse(self.configuration.exists())

    def test_a_token_file_is_used_where_it_lies(self):
        done = self.init("--token-file", str(self.device.token_file), stdin="")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual(os.listdir(self.place), ["fieldpost.json"])
        written = json.loads(self.configuration.read_text())
        self.assertEqual(written["api"]["token_file"], str(self.device.token_file))

    def test_without_a_token_or_a_channel_nothing_is_written(self):
        self.assertEqual(self.init(stdin="").returncode, USAGE)
        self.assertEqual(self.init(channel="a/b").returncode, USAGE)
        self.assertFalse(self.configuration.exists())
        self.assertEqual(self.init(channel="VID999").returncode, CONFIGURATION)
        self.assertFalse(self.configuration.exists())

    def test_translated_and_renamed_templates_are_recognised(self):
        api = self.simulator.api
        # By its name alone, by its text alone, and one that nobody sends.
        api.templates = {"v2_next_step_de": "Hallo {{1}}, {{2}}: {{3}}.",
                         "t_0815": api.templates["stage_completed"],
                         "birthday": "Happy birthday, {{1}} {{2}} {{3}}!"}
        api.template_changes = {"v2_next_step_de": {"language": {"code": "de"}, "namespace": None},
                                "birthday": {"namespace": "NS"}}
        done = self.init("--json")
        self.assertEqual(done.returncode, DONE, done.stderr)
        self.assertEqual([json.loads(line) for line in done.stdout.splitlines()], [
            {"scenario": "stage-completed", "name": "t_0815", "language": "en"},
            {"scenario": "next-step", "name": "v2_next_step_de", "language": "de"},
            {"scenario": "action-succeeded"}, {"scenario": "status-changed"},
            {"scenario": "service-changed"}])
        written = json.loads(self.configuration.read_text())["templates"]
        self.assertEqual(written["next-step"]["namespace"], "NS")
        self.assertEqual(len(written), 2)

    def test_a_namespace_that_no_entry_tells_is_left_to_fill_in(self):
        self.simulator.api.template_changes = {
            name: {"namespace": None} for _, name, _ in EXAMPLES}
        done = self.init()
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertRegex(done.stderr, r"Missing configuration value: templates\.[a-z-]+\.namespace")
        text = self.configuration.read_text()
        self.assertEqual(len(json.loads(text)["templates"]), len(EXAMPLES))
        self.configuration.write_text(text.replace("___", "NS"))
        self.assertEqual(self.fieldpost("check").returncode, DONE)

    def test_a_configuration_that_appears_meanwhile_stays(self):
        self.simulator.api.meanwhile = {
            "templates": [lambda: self.configuration.write_text("mine")]}
        done = self.init()
        self.assertEqual(done.returncode, CONFIGURATION)
        self.assertIn("it exists already", done.stderr)
        self.assertEqual(self.configuration.read_text(), "mine")

    def test_what_is_not_approved_is_not_proposed(self):
        self.simulator.api.template_changes = {
            name: {"status": "REJECTED"} for _, name, _ in EXAMPLES}
        done = self.init()
        self.assertEqual(done.returncode, REFUSED)
        self.assertEqual(json.loads(self.configuration.read_text())["templates"], {})
        self.assertIn("nothing fits: fieldpost templates add next-step", done.stdout)


class Templates(SystemTest):
    def test_list(self):
        api = self.simulator.api
        api.templates["many"] = "{{1}} {{2}} {{3}} {{4}} {{1}}"
        api.template_changes = {"many": {"status": "PAUSED", "language": {"code": "pt_BR"},
                                         "components": json.dumps([{"type": "BODY", "text": "{{1}} {{2}}"}])}}
        for running in (False, True):
            if running:
                self.device.start()
            listed = self.device.objects("templates")
            self.assertEqual([one["name"] for one in listed], list(api.templates))
            self.assertEqual({k: listed[-1][k] for k in ("language", "status", "variables")},
                             {"language": "pt_BR", "status": "PAUSED", "variables": 2})
        shown = self.device.command("templates").out
        self.assertRegex(shown, r"next_step +en +approved +3 variables +NS\n")
        self.assertNoProblems()

    def test_a_long_list_is_whole_and_without_repetitions(self):
        api = self.simulator.api
        api.templates = {f"t{n}": "Hello {{1}}" for n in range(60)}
        for api.offset_works in (True, False):
            names = [one["name"] for one in self.device.objects("templates")]
            self.assertEqual(names, list(api.templates))

    def test_saved_texts_make_previews_true(self):
        text = "Hi {{1}}, stage \"{{2}}\" is done.\nNext: {{3}}"
        self.simulator.api.templates["stage_completed"] = text
        words = ("send", "stage-completed", "--to", PHONE, "--customer-name", "Maria", "--stage",
                 "payment", "--next-step", "the receipt", "--dry-run")
        before = self.device.command(*words).out
        self.assertIn("Moving to the next step", before)
        self.assertIn("approximate", before)
        for _ in range(2):  # again over what it has kept itself
            done = self.device.command("templates", "--save")
            self.assertEqual(done.code, DONE, done.err)
        kept = self.device.folder / "conf.d" / "template-texts.json"
        self.assertIn(str(kept), done.err)
        self.assertEqual(json.loads(kept.read_text())["templates"]["stage-completed"]["text"], text)
        after = self.device.command(*words).out
        self.assertIn("stage \"payment\" is done.\nNext: the receipt", after)
        self.assertNotIn("approximate", after)
        self.assertEqual(self.device.command("check").code, DONE)

    def test_a_template_that_is_listed_twice_is_kept_once(self):
        """With and without its namespace, as some channels have it."""
        api = self.simulator.api
        api.templates = {"first": "One {{1}} {{2}} {{3}}", "second": "Two {{1}} {{2}} {{3}}"}
        api.template_changes = {"first": {"name": "next_step"},
                                "second": {"name": "next_step", "namespace": ""}}
        self.assertEqual(self.device.command("templates", "--save").code, DONE)
        kept = json.loads((self.device.folder / "conf.d" / "template-texts.json").read_text())
        self.assertEqual(kept["templates"], {"next-step": {"text": "One {{1}} {{2}} {{3}}"}})

    def test_texts_without_room_leave_the_configuration_as_it_is(self):
        """16 KiB hold those of the configuration itself, and not as much again."""
        self.simulator.api.templates = {name: "é" * 1000 for _, name, _ in EXAMPLES}
        self.assertEqual(self.device.command("templates", "--save").code, DONE)
        for one in self.device.settings["templates"].values():
            one["text"] = "è" * 1000
        kept = self.device.folder / "conf.d" / "template-texts.json"
        self.simulator.api.templates = {name: "Hi" for _, name, _ in EXAMPLES}
        self.assertEqual(self.device.command("templates", "--save").code, DONE)
        good = kept.read_text()
        self.simulator.api.templates = {name: "é" * 1000 for _, name, _ in EXAMPLES}
        self.device.configure()
        done = self.device.command("templates", "--save")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("leaves no room", done.err)
        self.assertEqual(kept.read_text(), good)
        self.assertEqual(os.listdir(kept.parent), [kept.name])
        self.assertEqual(self.device.command("check").code, DONE)

    def test_texts_that_are_kept_outlive_a_day_on_which_nothing_is_approved(self):
        self.assertEqual(self.device.command("templates", "--save").code, DONE)
        kept = self.device.folder / "conf.d" / "template-texts.json"
        good = kept.read_text()
        self.simulator.api.template_changes = {
            name: {"status": "PAUSED"} for _, name, _ in EXAMPLES}
        self.assertEqual(self.device.command("templates", "--save").code, REFUSED)
        self.assertEqual(kept.read_text(), good)

    def test_add_shows_what_it_hands_in(self):
        api = self.simulator.api
        del api.templates["next_step"]
        words = ("templates", "add", "next-step", "--url", "https://portal.example/")
        done = self.device.command(*words)
        self.assertEqual(done.code, REFUSED)
        self.assertEqual(self.simulator.requests("addTemplate"), [])
        done = self.device.command(*words, "--yes")
        self.assertEqual(done.code, DONE, done.err)
        self.assertIn('"name":"next_step"', done.err)
        body = json.loads(self.simulator.requests("addTemplate")[0]["body"].encode("latin-1"))
        self.assertEqual(body, {
            "name": "next_step", "category": "TRANSACTIONAL", "language": "en", "components": [
                {"type": "BODY",
                 "text": 'Hello, {{1}}! For your process "{{2}}", the next step is: {{3}} If you '
                         "need help — we are here.",
                 "example": {"body_text": [["Maria", "loan application",
                                            "manager review within 2 business days"]]}},
                {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Open portal",
                                                 "url": "https://portal.example/"}]}]})
        self.assertEqual(self.device.command("check", "--online").code, DONE)
        self.assertNoProblems()

    def test_add_refuses_what_cannot_be_meant(self):
        for words in (("next-step",), ("next-step", "--url", "http://portal.example/"),
                      ("nothing", "--url", "https://portal.example/"),
                      ("next-step", "--url", "https://portal.example/", "--language", "de")):
            self.assertEqual(self.device.command("templates", "add", *words, "--yes").code, USAGE)
        self.assertEqual(self.simulator.requests("addTemplate"), [])

    def test_a_refusal_with_200_is_one(self):
        self.simulator.behave(where="addTemplate", answer="refused_error_text")
        done = self.device.command("templates", "add", "next-step", "--url", "https://p.example/",
                                   "--yes")
        self.assertEqual(done.code, REFUSED)
        self.assertIn("1MSG refused it", done.err)


if __name__ == "__main__":
    unittest.main()
