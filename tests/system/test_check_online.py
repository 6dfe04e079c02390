"""check --online finds each planted fault, names it, and says what to do; nothing is sent."""

import json
import os
import socket
import threading
import unittest

from harness import CONFIGURATION, DONE, NOT_REACHABLE, SLOWER, SystemTest


class FakeNameServer:
    """Says of every name that there is none (RFC 1035, 4.1.1: RCODE 3)."""

    def __init__(self, address):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((address, 53))
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                query, peer = self.sock.recvfrom(512)
            except OSError:
                return
            self.sock.sendto(query[:2] + b"\x81\x83" + query[4:], peer)

    def close(self):
        self.sock.close()


class CheckOnline(SystemTest):
    settings = {"api": {"connect_timeout": f"{int(2 * SLOWER)}s",
                        "answer_timeout": f"{int(2 * SLOWER)}s"}}

    def check(self):
        """The exit code, and the lines as objects."""
        done = self.device.command("check", "--online", "--json")
        self.assertNotIn(self.simulator.token, done.out + done.err)
        return done.code, [json.loads(line) for line in done.out.splitlines()]

    def find(self, code, advice, exit_code, check=None):
        """One line is wrong, with this code and advice; whoever reads text sees the advice, too."""
        got, lines = self.check()
        wrong = [line for line in lines if line.get("code")]
        self.assertEqual([line["code"] for line in wrong], [code], lines)
        self.assertIn(advice, wrong[0]["advice"])
        self.assertTrue(wrong[0]["message"])
        if check:
            self.assertEqual(wrong[0]["check"], check)
        self.assertEqual(got, exit_code)
        shown = self.device.command("check", "--online")
        self.assertEqual(shown.code, exit_code)
        self.assertIn("WRONG", shown.out)
        self.assertIn(advice, shown.out)
        self.simulator.calm()
        return [line["check"] for line in lines if line.get("ok") and "check" in line]

    def tearDown(self):
        self.assertEqual(self.simulator.requests("sendTemplate"), [])

    def test_a_sound_device_with_and_without_an_agent(self):
        for running in (False, True):
            if running:
                self.device.start()
            code, lines = self.check()
            self.assertEqual(code, DONE, lines)
            self.assertEqual([line.get("check") for line in lines],
                             ["name", "connection", "certificate", "token", "channel",
                              *["template"] * 5, None])
            self.assertRegex(lines[2]["message"], r"good for 36[345] days, until 20\d\d-")
        self.assertNoProblems()

    def test_files(self):
        self.device.token_file.unlink()
        self.assertEqual(self.find("configuration_rejected", "mode 600", CONFIGURATION), [])
        self.device.write_token("")
        self.assertEqual(self.find("configuration_rejected", "mode 600", CONFIGURATION), [])
        self.device.write_token(self.simulator.token)
        self.device.token_file.chmod(0o644)
        self.find("configuration_rejected", "mode 600", CONFIGURATION, "files")
        self.device.token_file.chmod(0o600)
        empty = self.device.folder / "no-roots"
        empty.write_text("nothing here\n")
        self.device.configure(api={"ca_file": str(empty)})
        self.find("configuration_rejected", "ca-certificates", CONFIGURATION, "files")
        self.device.configure(api={"ca_file": str(self.device.folder / "missing")})
        self.find("configuration_rejected", "ca-certificates", CONFIGURATION, "files")

    def test_the_name(self):
        """By the device's own resolv.conf, which must not lead anybody out of this machine."""
        here = f"127.53.{os.getpid() % 256}.7"  # another run has its own
        try:
            server = FakeNameServer(here)
        except OSError as why:
            self.skipTest(f"port 53 of {here}: {why}")
        self.addCleanup(server.close)
        resolver = self.device.folder / "resolv.conf"
        resolver.write_text(f"nameserver {here}\n")
        self.device.configure(api={"base_url": "https://api.fieldpost.example"})
        plain = self.device.words
        self.device.words = lambda *words: [
            "unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"',
            str(resolver), *plain(*words)]
        self.assertEqual(self.find("name_not_found", "the host in api.base_url", NOT_REACHABLE), [])
        server.close()
        resolver.write_text("nameserver 127.54.0.8\n")
        self.assertEqual(self.find("network_down", "name servers", NOT_REACHABLE, "name"), [])

    def test_the_connection(self):
        self.simulator.behave(where="connection", connection="silent")
        self.find("connect_failed", "host and port", NOT_REACHABLE, "connection")
        self.simulator.stop()
        self.assertEqual(self.find("connect_failed", "firewall", NOT_REACHABLE), ["name"])

    def test_the_certificate(self):
        for kind, code, advice in (
                ("expired", "tls_expired", "is the clock right?"),
                ("not_yet_valid", "tls_not_yet_valid", "set the clock"),
                ("other_name", "tls_other_name", "the host in api.base_url"),
                ("no_san", "tls_other_name", "the host in api.base_url"),
                ("unknown_issuer", "tls_unknown_issuer", "api.ca_file up to date"),
                ("self_signed", "tls_unknown_issuer", "api.ca_file up to date"),
                ("weak_key", "tls_weak", "TLS 1.2")):
            with self.subTest(kind):
                self.simulator.behave(where="connection", certificate=kind)
                self.assertEqual(self.find(code, advice, NOT_REACHABLE, "certificate"),
                                 ["name", "connection"])
        self.simulator.behave(where="connection", connection="old_tls")
        self.find("tls_weak", "TLS 1.2", NOT_REACHABLE, "certificate")
        self.simulator.behave(where="connection", connection="plain_portal")
        self.find("tls_failed", "a proxy may stand in between", NOT_REACHABLE, "certificate")

    def test_the_token(self):
        self.device.write_token("another-token-0123456789")
        passed = self.find("token_refused", "the file that api.token_file names", CONFIGURATION)
        self.assertEqual(passed, ["name", "connection", "certificate"])

    def test_the_channel(self):
        for answer, code, advice, exit_code in (
                ("forbidden", "channel_blocked", "ask 1MSG", 76),
                ("forbidden_plain", "channel_blocked", "a trial", 76),
                ("rate_limited", "rate_limited", "in a minute", NOT_REACHABLE),
                ("server_error", "api_trouble", "try again later", NOT_REACHABLE),
                ("bad_gateway_html", "api_trouble", "try again later", NOT_REACHABLE),
                ("portal", "api_trouble", "try again later", NOT_REACHABLE),
                ("not_json", "api_trouble", "try again later", NOT_REACHABLE),
                ("nonsense", "api_trouble", "try again later", NOT_REACHABLE),
                ("empty", "api_trouble", "try again later", NOT_REACHABLE)):
            with self.subTest(answer):
                self.simulator.behave(where="status", answer=answer)
                self.find(code, advice, exit_code, "channel")
        self.simulator.behave(where="status", end="silent", cut=0)
        self.find("api_trouble", "try again later", NOT_REACHABLE, "channel")
        self.simulator.api.channel_status = "disconnected"
        self.find("channel_disconnected", "connect the channel's phone number", NOT_REACHABLE)

    def test_the_address(self):
        self.device.configure(api={"channel": "VID999"})
        self.find("wrong_address", "api.channel", CONFIGURATION, "channel")
        self.device.configure(api={"channel": self.simulator.channel,
                                   "base_url": self.simulator.url + "/v9"})
        self.find("wrong_address", "live or sandbox", CONFIGURATION, "channel")

    def test_each_template(self):
        body = [{"type": "BODY", "text": "Hello {{1}}, {{2}}!"}]
        for code, advice, change in (
                ("template_paused", "blocked or reported", {"status": "PAUSED"}),
                ("template_rejected", "in other words", {"status": "rejected"}),
                ("template_pending", "wait until", {"status": "submitted"}),
                ("template_language", "change language", {"language": {"code": "pt_BR"}}),
                ("template_namespace", "put that into namespace", {"namespace": "ANOTHER"}),
                ("template_mismatch", "send another template", {"components": body}),
                ("template_mismatch", "send another template", {"components": json.dumps(body)}),
                ("template_unknown", "fieldpost templates", {"name": "next_steps"})):
            for paged in (True, False):
                with self.subTest(code, paged=paged):
                    self.simulator.api.offset_works = paged
                    self.simulator.api.template_changes = {"next_step": change}
                    passed = self.find(code, advice, CONFIGURATION, "template")
                    self.assertEqual(passed.count("template"), 4)

    def test_templates_beyond_one_answer_are_found(self):
        """More than has room in one answer, whether or not the channel knows offsets."""
        many = {f"other_{n}": "Hello {{1}}! " + "x" * 900 for n in range(100)}
        self.simulator.api.templates = {**many, **self.simulator.api.templates}
        code, lines = self.check()
        self.assertEqual(code, DONE, lines)
        self.simulator.api.template_changes = {
            name: {"components": [{"type": "BODY", "text": "y" * 5000}]} for name in many}
        code, lines = self.check()
        self.assertEqual(code, DONE, lines)
        self.simulator.api.offset_works = False
        code, lines = self.check()
        self.assertEqual(code, NOT_REACHABLE, lines)
        self.assertEqual(lines[-1]["check"], "templates")


if __name__ == "__main__":
    unittest.main()
