"""What changes while it runs: its configuration, its token, and its own processes dying."""

import json
import os
import signal
import time
import unittest

from harness import CONFIGURATION, DONE, SystemTest, request


def name_of(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read().replace(b"\0", b" ").decode(errors="replace")


class Reload(SystemTest):
    def test_a_good_configuration_takes_effect(self):
        self.device.start()
        self.device.configure(templates={"my-visit": {
            "name": "my_visit", "namespace": "NS", "language": "en", "fields": ["when"],
            "text": "We come {{1}}."}})
        self.simulator.api.templates["my_visit"] = "We come {{1}}."
        self.device.signal(signal.SIGHUP)
        one = {"scenario": "my-visit", "to": "12025550123", "fields": {"when": "at ten"}}
        self.device.wait_for(lambda: self.device.command(
            "send", "--stdin", stdin=json.dumps(one)).code == DONE, 15, "the new scenario")
        self.device.wait_accepted(1)
        self.assertNoProblems()

    def test_a_bad_one_is_refused_loudly_and_the_old_one_stays(self):
        self.device.start()
        before = self.device.processes()
        self.device.configuration.write_text('{"api": "nonsense"}')
        self.device.signal(signal.SIGHUP)
        self.device.wait_for(lambda: "fieldpost.json" in self.device.log.read_text(), 10,
                             "a word about the file")
        self.device.configure()  # for the commands; the agent has not read it again
        self.device.send_text("still on the road")
        self.device.wait_accepted(1)
        self.assertEqual(self.device.processes()[0], before[0])

    def test_a_new_token_ends_the_wait_at_once(self):
        self.device.configure(retry={"first": "30s", "max": "1h"})
        self.device.write_token("wrong")
        self.device.start()
        message = self.device.send_text("refused at first")
        self.device.wait_for(lambda: self.device.status()["channel"]["reason"] == "token_refused",
                             15, "the channel to be held")
        self.device.write_token(self.simulator.token)  # noticed without a signal
        self.device.wait_state(message, "accepted", seconds=15)

    def test_another_file_beside_the_token_disturbs_nobody(self):
        self.device.start()
        before = self.device.processes()
        (self.device.folder / "notes").write_text("nothing to see")
        self.device.send_text("on the road")
        self.device.wait_accepted(1)
        self.assertEqual(self.device.processes(), before)

    def test_the_second_token_is_tried_where_the_first_is_refused(self):
        second = self.device.folder / "second-token"
        second.touch(mode=0o600)
        second.write_text(self.simulator.token)
        self.device.write_token("withdrawn")
        self.device.configure(api={"token_file": [str(self.device.token_file), str(second)]})
        self.device.start()
        ids = [self.device.send_text(f"m{n}", f"1202555010{n}") for n in range(3)]
        for message_id in ids:
            self.device.wait_state(message_id, "accepted")
        refused = [e for e in self.simulator.requests("") if e["http"] == 401]
        self.assertEqual(len(refused), 1)
        self.assertEqual(self.device.status()["channel"]["state"], "open")

    def test_at_boot_the_last_good_copy_takes_but_does_not_send(self):
        self.device.start()
        self.device.send_text("with the good one")
        self.device.wait_accepted(1)
        self.device.stop()
        # As a full disk leaves it.
        self.device.configuration.write_text(json.dumps(self.device.settings)[:-3])
        self.device.start(wait=False)
        self.device.wait_for(self.device.socket.exists, 15, "the socket")
        good = self.device.folder / "good.json"
        good.write_text(json.dumps(self.device.settings))
        bad, self.device.configuration = self.device.configuration, good
        self.device.wait_for(lambda: self.device.command("status").code == DONE, 15, "an answer")
        message = self.device.send_text("with the copy")
        self.assertTrue(self.device.status()["configuration_rejected"])
        self.assertEqual(self.device.show(message)["reason"], "configuration_rejected")
        self.assertEqual(len(self.simulator.accepted()), 1)
        bad.write_text(json.dumps(self.device.settings))
        self.device.signal(signal.SIGHUP)
        self.device.wait_state(message, "accepted")
        self.assertFalse(self.device.status()["configuration_rejected"])

    def test_without_a_good_copy_it_says_78(self):
        self.device.configuration.write_text('{"api": ')
        done = self.device.command("run", seconds=20)
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("fieldpost.json", done.err)


class Children(SystemTest):
    def test_each_child_that_dies_is_replaced_and_nothing_is_lost(self):
        self.simulator.stop()
        self.device.start()
        ids = [self.device.send_text("before")]
        for number in range(3):
            with self.subTest(child=number):
                children = self.device.processes()[1:]
                self.assertEqual(len(children), 3)
                os.kill(children[number], signal.SIGKILL)
                self.device.wait_for(
                    lambda dead=children[number]: len(self.device.processes()) == 4
                    and dead not in self.device.processes(), 15, "a new child")
                self.device.wait_for(lambda: self.device.command("status").code == DONE, 15,
                                     "answers again")
                ids.append(self.device.send_text(f"after {number}"))
        self.assertEqual(sorted(self.device.messages()), ids)
        self.simulator.start()
        self.device.wait_for(lambda: self.device.counts() == {"accepted": len(ids)}, 20,
                             "all accepted")

    def test_an_uplink_that_dies_in_a_send_leaves_a_doubt_and_no_second_message(self):
        # Not taken: what the history holds would soon be no doubt any more.
        self.simulator.behave(cut=0, end="silent", take=False, count=1)
        self.device.start()
        doubt = self.device.send_text("in flight")
        self.simulator.wait_for(lambda: self.simulator.requests(), 10)
        for pid in self.device.processes()[1:]:
            if any("socket:" in link and self.is_tcp(link) for link in self.links(pid)):
                os.kill(pid, signal.SIGKILL)
                break
        else:
            self.fail("no process holds the connection")
        self.assertEqual(self.device.wait_state(doubt, "uncertain")["reason"], "maybe_sent")
        self.device.wait_state(self.device.send_text("next", "12025550124"), "accepted")
        self.assertEqual(len([e for e in self.simulator.requests() if "in flight" in e["body"]]),
                         1)

    @staticmethod
    def links(pid):
        found = []
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                found.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
            except OSError:
                pass
        return found

    def is_tcp(self, link):
        inode = link[len("socket:["):-1]
        port = f":{self.simulator.port:04X}"
        with open("/proc/net/tcp", encoding="ascii") as table:
            return any(line.split()[9] == inode and line.split()[2].endswith(port)
                       for line in table.readlines()[1:])

    def test_sigterm_ends_all_of_it_in_order(self):
        self.device.start()
        self.device.send_text("one")
        self.device.wait_accepted(1)
        pids = self.device.processes()
        self.assertEqual(self.device.stop(), 0)
        for pid in pids:
            self.assertFalse(os.path.exists(f"/proc/{pid}"), name_of(pid) if os.path.exists(
                f"/proc/{pid}") else "")
        self.assertEqual(self.device.counts(), {"accepted": 1})

    def test_a_reload_after_sigterm_does_not_take_it_back(self):
        self.device.start()
        keeper = self.device.processes()[1]
        os.kill(keeper, signal.SIGSTOP)  # so that the end takes a while
        self.device.signal(signal.SIGTERM)
        time.sleep(0.3)
        self.device.signal(signal.SIGHUP)
        time.sleep(0.3)
        os.kill(keeper, signal.SIGCONT)
        self.assertEqual(self.device.agent.wait(15), 0)

    def test_a_send_under_way_is_finished_before_the_end(self):
        self.simulator.behave(delay=1.0, count=1)
        self.device.start()
        message = self.device.send_text("slow")
        self.simulator.wait_for(lambda: self.simulator.requests(), 10)
        self.assertEqual(self.device.stop(), 0)
        self.assertEqual(self.device.show(message)["state"], "accepted")


class Full(SystemTest):
    settings = {"queue": {"size": "1MiB", "messages_max": 20}}

    def test_a_full_queue_refuses_and_finishes_what_it_has(self):
        self.simulator.stop()
        self.device.start()
        lines = "\n".join(json.dumps(request(f"m{n}", to=f"1202555{100 + n:04}"))
                          for n in range(25))
        done = self.device.command("send", "--stdin", stdin=lines)
        self.assertEqual(done.code, 73, done.err)
        answers = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual([a["ok"] for a in answers], [True] * 20 + [False] * 5)
        self.assertEqual(answers[-1]["error"], "queue_full")
        self.simulator.start()
        self.device.wait_accepted(20)
        self.device.wait_for(lambda: self.device.counts() == {"accepted": 20}, 20, "all accepted")
        self.device.send_text("there is room again")


if __name__ == "__main__":
    unittest.main()
