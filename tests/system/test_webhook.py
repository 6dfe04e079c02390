"""The channel's list of webhook destinations, of which others' stay whatever happens meanwhile."""

import unittest

from harness import CONFIGURATION, DONE, NOT_REACHABLE, REFUSED, SystemTest

INBOX = "https://inbox.example/vendor?a=1,2"
CRM = "https://crm.example/hooks"
OURS = "https://kiosk.example/hook"


class Webhook(SystemTest):
    def urls(self, *arguments):
        return [one["url"] for one in self.device.objects("webhook", *arguments)]

    def test_list_shows_every_shape_with_and_without_an_agent(self):
        self.simulator.api.webhooks = [INBOX, CRM]
        for shape in ("array", "commas"):
            self.simulator.api.webhook_shape = shape
            self.assertEqual(self.urls("list"), [INBOX, CRM])
        self.device.start()
        self.assertEqual(self.urls("list"), [INBOX, CRM])
        self.assertIn("active", self.device.command("webhook", "list").out)
        self.simulator.api.webhooks, self.simulator.api.webhook_shape = [CRM], "text"
        self.assertEqual(self.urls("list"), [CRM])
        self.assertNoProblems()

    def test_add_and_remove_keep_the_others(self):
        for shape in ("array", "commas", "text"):
            with self.subTest(shape=shape):
                self.simulator.api.webhook_shape = shape
                self.simulator.api.webhooks = [INBOX]
                self.assertEqual(self.urls("add", OURS), [INBOX, OURS])
                self.assertEqual(self.simulator.api.webhooks, [INBOX, OURS])
                self.assertEqual(self.urls("remove", INBOX), [OURS])
                self.assertEqual(self.urls("remove", OURS), [])
                self.assertEqual(self.simulator.api.webhooks, [])
        self.assertNoProblems()

    @staticmethod
    def change(api, to):
        """What somebody else does: another list in place of the one that is there."""
        def become():
            api.webhooks = to(list(api.webhooks))
        return become

    def test_what_others_change_in_between_stays(self):
        """The requests are: read, read again, write, read back."""
        api = self.simulator.api
        adds_crm = self.change(api, lambda now: now + [CRM])
        takes_inbox = self.change(api, lambda now: [url for url in now if url != INBOX])
        # Somebody who does not look writes the list without ours.
        overwrites = self.change(api, lambda now: [INBOX, CRM])
        for name, steps, left in (
                ("added after the first look", [None, adds_crm], {INBOX, CRM}),
                ("added twice", [None, adds_crm, None, self.change(
                    api, lambda now: now + ["https://third.example/"])],
                 {INBOX, CRM, "https://third.example/"}),
                ("taken after the first look", [None, takes_inbox], set()),
                ("written over after ours", [None, None, None, overwrites], {INBOX, CRM})):
            for verb in ("add", "remove"):
                with self.subTest(name, verb=verb):
                    api.webhooks = [INBOX] if verb == "add" else [INBOX, OURS]
                    api.meanwhile = {"webhook": list(steps)}
                    done = self.device.command("webhook", verb, OURS)
                    self.assertEqual(done.code, DONE, done.err)
                    self.assertEqual(set(api.webhooks), left | ({OURS} if verb == "add" else set()))

    def test_what_another_took_after_the_write_is_said(self):
        api = self.simulator.api
        api.webhooks = [INBOX, CRM]
        api.meanwhile = {"webhook": [None, None, None,
                                     self.change(api, lambda now: [CRM, OURS])]}
        done = self.device.command("webhook", "add", OURS)
        self.assertEqual(done.code, REFUSED)
        self.assertIn(f"No longer there, and not taken out by this command: {INBOX}", done.err)
        self.assertEqual(api.webhooks, [CRM, OURS])

    def test_a_list_that_never_stays_is_given_up(self):
        api = self.simulator.api
        api.webhooks = [INBOX]
        flip = [self.change(api, lambda now: [INBOX]), self.change(api, lambda now: [CRM])]
        api.meanwhile = {"webhook": flip * 20}
        done = self.device.command("webhook", "add", OURS)
        self.assertEqual(done.code, REFUSED)
        self.assertIn("is somebody else at it?", done.err)

    def test_status_events_switched_off_are_said(self):
        self.simulator.api.settings["ackNotificationsOn"] = False
        self.assertIn("ackNotificationsOn is off", self.device.command("webhook", "add", OURS).err)
        self.simulator.api.settings["ackNotificationsOn"] = True
        self.assertEqual(self.device.command("webhook", "list").err, "")

    def test_a_token_in_a_destination_is_kept_there_and_not_shown(self):
        theirs = f"https://old.example/in?token={self.simulator.token}"
        self.simulator.api.webhooks = [theirs]
        for words in (("add", OURS), ("list",), ("list", "--json")):
            done = self.device.command("webhook", *words)
            self.assertEqual(done.code, DONE)
            self.assertNotIn(self.simulator.token, done.out + done.err)
            self.assertIn("https://old.example/in?token=•••", done.out)
        self.assertEqual(self.simulator.api.webhooks, [theirs, OURS])

    def test_without_an_answer_it_says_why(self):
        self.device.write_token("another-token-0123456789")
        done = self.device.command("webhook", "list")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("1MSG refuses the token", done.err)
        self.assertNotIn("another-token", done.out + done.err)
        self.simulator.stop()
        done = self.device.command("webhook", "add", OURS)
        self.assertEqual(done.code, NOT_REACHABLE)
        self.assertIn("nobody listens", done.err)

    def test_the_second_of_two_tokens_is_tried(self):
        old = self.device.folder / "old-token"
        old.write_text("old-token-0123456789\n")
        old.chmod(0o600)
        self.device.configure(api={"token_file": [str(old), str(self.device.token_file)]})
        self.assertEqual(self.urls("add", OURS), [OURS])


if __name__ == "__main__":
    unittest.main()
