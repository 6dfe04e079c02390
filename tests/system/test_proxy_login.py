"""api.proxy_login_file: what opens a proxy that does not let everybody through, and who sees it."""

import json
import os
import pathlib
import subprocess
import unittest

from harness import CONFIGURATION, DONE, EMULATOR, PROGRAM, STILL_QUEUED
from proxies import basic, start_tinyproxy
from proxy_place import ProxyTest

LOGIN = "kiosk-17:s3cret:with:colons"


class Logins(ProxyTest):
    def setUp(self):
        super().setUp()
        self.proxy.login = LOGIN

    def test_a_name_and_a_password_open_it(self):
        self.write_login(LOGIN)
        self.device.send_text("hello")
        self.flush()
        self.assertEqual(self.proxy.logins, [basic(LOGIN)])
        self.assertEqual((self.proxy.problems, len(self.simulator.accepted())), ([], 1))

    def test_commands_that_ask_the_api_show_it_too(self):
        self.write_login(LOGIN)
        for words in (("templates",), ("check", "--online"), ("webhook", "list")):
            before = len(self.proxy.logins)
            done = self.device.command(*words)
            self.assertEqual(done.code, DONE, done.out + done.err)
            self.assertEqual(self.proxy.logins[before:], [basic(LOGIN)])
        self.assertEqual(self.proxy.problems, [])

    def test_init_goes_through_it_and_says_so_in_what_it_writes(self):
        login = self.write_login(LOGIN)
        new = self.device.folder / "new" / "fieldpost.json"
        options = ["--base-url", self.simulator.url, "--ca-file", str(self.simulator.ca_file),
                   "--queue", str(self.device.folder / "new" / "queue"), "--proxy", self.proxy.url,
                   "--proxy-login-file", str(login)]
        done = subprocess.run(
            [*EMULATOR, str(PROGRAM), "-c", str(new), "init", self.simulator.channel, *options],
            input=self.simulator.token + "\n", capture_output=True, text=True, timeout=60,
            check=False)
        self.assertEqual(done.returncode, DONE, done.stderr)
        api = json.loads(new.read_text())["api"]
        self.assertEqual(api["proxy"], self.proxy.url)
        self.assertEqual(api["proxy_login_file"], str(login))
        self.assertEqual(self.proxy.problems, [])

    def test_without_one_or_with_another_a_technician_is_told(self):
        self.device.send_text("hello")
        self.assertEqual(self.flush(STILL_QUEUED)["detail"],
                         "the proxy: it wants a name and a password, from api.proxy_login_file"
                         " (HTTP 407)")
        self.write_login("kiosk-17:another")
        self.assertEqual(self.flush(STILL_QUEUED)["detail"],
                         "the proxy: it does not take the name and password in"
                         " api.proxy_login_file (HTTP 407)")
        for wrong in ("kiosk-17", "kiosk-17: spaced", ":" + "x" * 600):
            self.write_login(wrong)
            self.assertEqual(self.flush(STILL_QUEUED)["detail"],
                             "the proxy: api.proxy_login_file must hold name:password,"
                             " in ASCII without spaces")
        self.assertEqual(self.simulator.journal.entries("connection"), [])

    def test_a_new_login_is_taken_up_by_itself(self):
        path = self.write_login("kiosk-17:another")
        token = self.device.folder / "quiet" / "token"  # a folder in which nothing else happens
        token.parent.mkdir()
        self.device.token_file.rename(token)
        self.device.configure(api={"token_file": str(token)})
        self.device.start()
        message = self.device.send_text("hello")
        self.wait_offline()
        new = path.with_name("new")  # in its place: the file that is open stays as it was
        new.write_text(LOGIN + "\n")
        new.chmod(0o600)
        new.rename(path)
        self.device.wait_state(message, "accepted")
        self.assertEqual(len(self.simulator.accepted()), 1)

    def test_others_may_not_read_the_file(self):
        path = self.write_login(LOGIN)
        path.chmod(0o644)
        done = self.device.command("check")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn(f"api.proxy_login_file: {path}: others may read it (mode 0644);"
                      f" run: chmod 600 {path}", done.out)
        self.device.send_text("hello")
        self.assertEqual(self.device.command("flush").code, CONFIGURATION)
        self.assertEqual(self.proxy.heard, [])

    def test_a_password_in_the_address_is_refused_and_not_repeated(self):
        self.device.configure(api={"proxy": f"http://{LOGIN}@127.0.0.1:{self.proxy.port}"})
        done = self.device.command("check")
        self.assertEqual(done.code, CONFIGURATION)
        self.assertIn("api.proxy_login_file names the file for it", done.err)
        self.assertNotIn("s3cret", done.out + done.err)

    def test_two_processes_have_the_file(self):
        login = self.write_login(LOGIN)
        self.device.start()
        self.device.send_text("so that all have begun")
        self.device.wait_accepted(1)
        pids = {name: self.device.child(name) for name in ("fp-keeper", "fp-uplink", "fp-gate")}
        pids["supervisor"] = self.device.agent.pid
        files = {name: [os.readlink(file) for file in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
                 for name, pid in pids.items()}
        self.assertEqual({name for name, open_files in files.items() if str(login) in open_files},
                         {"supervisor", "fp-uplink"})

    def test_nothing_shows_it(self):
        self.write_login(LOGIN)
        self.device.settings["log"]["level"] = "debug"
        self.device.configure()
        self.device.start()
        message = self.device.send_text("hello")
        self.device.wait_state(message, "accepted")
        self.proxy.login = "another:one"
        self.proxy.drop()
        self.device.send_text("again", "12025550124")
        self.wait_offline()
        shown = "".join(
            done.out + done.err for done in (
                self.device.command(*words) for words in (
                    ("status", "--json"), ("check", "--print"), ("check", "--online"), ("report",),
                    ("list", "--json"), ("why", message), ("metrics",))))
        self.device.stop()
        shown += self.device.log.read_text()
        copy = self.device.folder / "queue.config"
        for place, text in (("shown", shown), ("the copy", copy.read_text()),
                            ("the queue", self.device.queue.read_bytes().decode("latin-1"))):
            for secret in ("s3cret", basic(LOGIN).split()[1]):
                self.assertNotIn(secret, text, place)
        self.assertIn("proxy_failed", shown)


class RealProxy(ProxyTest):
    """Of another make."""

    def test_tinyproxy_with_a_login(self):
        folder = self.device.folder / "tinyproxy"
        url = start_tinyproxy(self, folder, login="kiosk:s3cret")
        self.device.configure(api={"proxy": url})
        message = self.device.send_text("hello")
        self.assertIn("HTTP 407", self.flush(STILL_QUEUED)["detail"])
        self.write_login("kiosk:another")
        self.assertIn("it does not take the name and password", self.flush(STILL_QUEUED)["detail"])
        self.write_login("kiosk:s3cret")
        self.flush()
        self.assertEqual(self.device.show(message)["state"], "accepted")
        self.simulator.stop()
        self.device.send_text("again", "12025550124")
        self.assertRegex(self.flush(STILL_QUEUED)["detail"], r"^the proxy: .*\(HTTP 50\d\)$")
        self.simulator.start()
        self.flush()
        self.assertEqual(len(self.simulator.accepted()), 2)
        self.assertNoProblems()
        self.assertIn("CONNECT", (folder / "log").read_text())

    def test_tinyproxy_that_lets_nobody_through_to_that_port(self):
        self.device.configure(api={"proxy": start_tinyproxy(
            self, self.device.folder / "tinyproxy", connect_port=443)})
        self.device.send_text("hello")
        self.assertIn("HTTP 403", self.flush(STILL_QUEUED)["detail"])


if __name__ == "__main__":
    unittest.main()
