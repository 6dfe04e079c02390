"""The scripts in config/examples, as they would run: their modem is a fake, their broker is real."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from harness import DONE, NOT_REACHABLE, ROOT, SLOWER, SystemTest, free_port, request

EXAMPLES = ROOT / "config" / "examples"

MMCLI = """#!/bin/sh
# Keeps a line for each SMS that is made and sent.
cd {folder} || exit 1
case $* in
    *--messaging-create-sms=*)
        [ ! -e no-modem ] || exit 1
        echo "$*" >> made
        echo "Successfully created new SMS: /org/freedesktop/ModemManager1/SMS/$(wc -l < made)" ;;
    *--send*) echo "$2" >> sent; [ ! -e kill-me ] || kill -9 0; [ ! -e no-answer ] ;;
esac
"""


def without_time(event):
    """A clock that is set meanwhile puts it right, too."""
    return {name: value for name, value in event.items() if name != "time"}


class Example(SystemTest):
    """A script in a process group of its own, which ends whole, as under a service manager."""

    def setUp(self):
        super().setUp()
        self.scripts = []
        self.keeps = self.device.folder / "keeps"
        self.addCleanup(lambda: [self.kill(one) for one in list(self.scripts)])

    def run_script(self, *words, **environment):
        programs = self.device.folder / "programs"
        path = f"{programs}:{os.environ['PATH']}"
        with (self.device.folder / "script.log").open("ab") as log:
            script = subprocess.Popen(
                ["sh", str(EXAMPLES / words[0]), *words[1:]], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True,
                env={**os.environ, "PATH": path, "FOLDER": str(self.keeps), "WAIT": "0.2",
                     "FIELDPOST": " ".join(self.device.words()), **environment})
        self.scripts.append(script)
        return script

    def kill(self, script):
        try:
            os.killpg(script.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        script.wait()
        self.scripts.remove(script)

    def cursor(self):
        try:
            return int((self.keeps / "cursor").read_text())
        except (OSError, ValueError):
            return None

    def wait_read(self):
        """Until the script has dealt with all that has happened."""
        self.device.wait_for(self.has_read, 30, "the script to have read on")

    def has_read(self):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(10 * SLOWER)
            sock.connect(str(self.device.socket))
            sock.sendall(f"GET /v1/events?from={self.cursor()} HTTP/1.0\r\n\r\n".encode())
            text = b""
            while b"}\n" not in text:
                text += sock.recv(4096)
        # The first line tells of a message, or that there is none.
        return "id" not in json.loads(text.split(b"\r\n\r\n", 1)[1].split(b"\n")[0])


class FallbackSms(Example):
    def setUp(self):
        super().setUp()
        self.modem = self.device.folder / "modem"
        self.modem.mkdir()
        programs = self.device.folder / "programs"
        programs.mkdir()
        mmcli = programs / "mmcli"
        mmcli.write_text(MMCLI.format(folder=self.modem))
        mmcli.chmod(0o755)

    def lines(self, name):
        file = self.modem / name
        return file.read_text().splitlines() if file.exists() else []

    def told(self, words):
        """How often the script has said it."""
        return (self.device.folder / "script.log").read_text().count(words)

    def refuse(self, phone, code=131026):
        """A message that ends as failed."""
        self.simulator.behave(phone=phone, answer="refused_code", options={"code": code})
        return self.device.send_objects([request(phone, phone)])[0]

    def test_whoever_was_not_reached_gets_one_sms_through_kills_and_restarts(self):
        self.device.start()
        script = self.run_script("fallback-sms", TEXT="Please call us")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        reached = self.device.send_objects([request("b", "12025550101")])[0]
        self.device.wait_state(self.refuse("12025550100"), "failed")
        self.device.wait_state(reached, "accepted")
        self.device.wait_for(lambda: self.lines("sent"), 15, "the first SMS")
        self.assertIn("number='+12025550100'", self.lines("made")[0])
        self.assertIn("text='Please call us'", self.lines("made")[0])
        for n in range(2, 6):
            self.kill(script)
            self.device.wait_state(self.refuse(f"1202555010{n}"), "failed")
            if n % 2:
                self.device.kill()
                self.device.start()
            script = self.run_script("fallback-sms")
            self.device.wait_for(lambda: len(self.lines("sent")) == n, 20, f"SMS {n}")
        self.wait_read()
        phones = sorted(line.split("number='+")[1][:11] for line in self.lines("made"))
        self.assertEqual(phones, [f"1202555010{n}" for n in (0, 2, 3, 4, 5)])
        self.assertEqual(len(self.lines("sent")), 5)

    def test_who_has_opted_out_gets_no_sms_instead(self):
        self.device.start()
        self.run_script("fallback-sms")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        self.device.wait_state(self.refuse("12025550100", 131050), "failed")
        self.refuse("12025550101")
        self.device.wait_for(lambda: self.lines("sent"), 15, "an SMS")
        made = self.lines("made")
        self.assertEqual(len(made), 1)
        self.assertIn("12025550101", made[0])

    def test_power_lost_while_the_modem_sends_does_not_send_again(self):
        self.device.start()
        script = self.run_script("fallback-sms")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        (self.modem / "kill-me").touch()
        self.refuse("12025550100")
        script.wait(20 * SLOWER)  # its group kills itself
        (self.modem / "kill-me").unlink()
        self.run_script("fallback-sms")
        self.wait_read()
        self.assertEqual(len(self.lines("sent")), 1)
        self.assertEqual((self.keeps / "1").read_text(), "sending\n")

    def test_without_a_modem_it_waits_for_one(self):
        self.device.start()
        (self.modem / "no-modem").touch()
        script = self.run_script("fallback-sms")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        self.device.wait_state(self.refuse("12025550100"), "failed")
        self.assertIsNone(script.poll())
        (self.modem / "no-modem").unlink()
        self.device.wait_for(lambda: self.lines("sent"), 15, "the SMS")

    def test_an_agent_that_does_not_answer_costs_nobody_an_sms(self):
        self.device.start()
        busy = self.device.folder / "busy"
        busy.touch()
        wrapper = self.device.folder / "programs" / "sometimes"
        wrapper.write_text(f'#!/bin/sh\ncase $* in *" show "*) [ ! -e {busy} ] || '
                           f'{{ echo tried >&2; exit {NOT_REACHABLE}; }} ;; esac\nexec "$@"\n')
        wrapper.chmod(0o755)
        self.run_script("fallback-sms", FIELDPOST=" ".join([str(wrapper), *self.device.words()]))
        self.device.wait_for(self.cursor, 15, "the script to follow")
        self.refuse("12025550100")
        self.device.wait_for(lambda: self.told("tried") >= 2, 15, "a second try")
        busy.unlink()
        self.device.wait_for(lambda: self.lines("sent"), 15, "the SMS")

    def test_what_cannot_be_written_down_is_not_sent(self):
        self.device.start()
        self.run_script("fallback-sms")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        (self.keeps / ".new").mkdir()  # what a full file system does, to root as well
        self.refuse("12025550100")
        self.device.wait_for(lambda: self.told(".new") >= 3, 15, "tries to write it down")
        self.assertEqual(self.lines("sent"), [])
        (self.keeps / ".new").rmdir()
        self.wait_read()
        self.assertEqual((len(self.lines("sent")), (self.keeps / "1").read_text()), (1, "sent\n"))

    def test_what_no_modem_takes_is_given_up_when_it_is_too_old(self):
        self.device.start()
        (self.modem / "no-modem").touch()
        script = self.run_script("fallback-sms", TOO_OLD=str(int(5 * SLOWER)))
        self.device.wait_for(self.cursor, 15, "the script to follow")
        self.refuse("12025550100")
        self.device.wait_for(lambda: self.told("message 1 was given up"), 30, "an end of trying")
        self.wait_read()
        self.kill(script)
        (self.modem / "no-modem").unlink()
        self.refuse("12025550101")
        self.run_script("fallback-sms")
        self.device.wait_for(lambda: self.lines("sent"), 15, "the SMS of the next one")
        self.assertIn("12025550101", self.lines("made")[0])
        self.assertEqual(self.told("given up"), 1)

    def test_a_cursor_that_power_has_emptied_is_no_first_start(self):
        self.device.start()
        script = self.run_script("fallback-sms")
        self.device.wait_for(self.cursor, 15, "the script to follow")
        self.kill(script)
        (self.keeps / "cursor").write_text("")
        self.device.wait_state(self.refuse("12025550100"), "failed")
        self.run_script("fallback-sms")
        self.device.wait_for(lambda: self.lines("sent"), 15, "the SMS")


@unittest.skipUnless(shutil.which("mosquitto", path=os.environ["PATH"] + ":/usr/sbin"),
                     "no mosquitto: toolchains/install-packages")
class MqttBridge(Example):
    def setUp(self):
        super().setUp()
        self.place = tempfile.TemporaryDirectory(prefix="fieldpost-")
        self.addCleanup(self.place.cleanup)
        self.port = free_port()
        self.settings_file = pathlib.Path(self.place.name) / "mosquitto.conf"
        self.settings_file.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\npersistence true\n"
            f"persistence_location {self.place.name}/\nmax_queued_messages 0\n")
        self.broker = None
        self.addCleanup(self.stop_broker)
        self.start_broker()
        # The other side: its session is the broker's to keep, so that nothing passes by it.
        self.heard = self.device.folder / "heard"
        self.subscriber = None
        self.subscribe()

    def start_broker(self):
        with (self.device.folder / "broker.log").open("ab") as log:
            self.broker = subprocess.Popen(
                ["mosquitto", "-c", str(self.settings_file)], stdout=log, stderr=log,
                env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})

        def listens():
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return True
            except OSError:
                return False
        self.device.wait_for(listens, 15, "the broker")

    def stop_broker(self):
        if self.broker:
            self.broker.terminate()
            self.broker.wait()
        self.broker = None

    def options(self):
        return ["-h", "127.0.0.1", "-p", str(self.port)]

    def subscribe(self):
        with self.heard.open("ab") as out:
            self.subscriber = subprocess.Popen(
                ["mosquitto_sub", *self.options(), "-c", "-i", "test", "-q", "1",
                 "-t", "fieldpost/events", "-t", "fieldpost/answers/+", "-F", "%t %p"],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        self.addCleanup(self.subscriber.wait)
        self.addCleanup(self.subscriber.kill)
        # Messages pass it by until the broker knows its session.
        def known():
            self.publish("fieldpost/answers/ready", "{}")
            return "answers/ready" in self.heard.read_text()
        self.device.wait_for(known, 15, "the subscription")

    def publish(self, topic, text, *more):
        subprocess.run(["mosquitto_pub", *self.options(), "-q", "1", "-t", topic, "-m", text, *more],
                       check=True, timeout=10 * SLOWER)

    def of_topic(self, topic):
        lines = [line.split(" ", 1) for line in self.heard.read_text().splitlines()]
        return [(at, json.loads(text)) for at, text in lines if at.startswith(topic)]

    def bridge(self, which):
        programs = self.device.folder / "programs"
        programs.mkdir(exist_ok=True)
        client = programs / "mosquitto_pub"
        client.write_text(f"#!/bin/sh\necho \"$*\" >> {self.device.folder}/arguments\n"
                          f"exec {shutil.which('mosquitto_pub')} \"$@\"\n")
        client.chmod(0o755)
        return self.run_script("mqtt-bridge", which, BROKER=" ".join(self.options()),
                               TOPIC="fieldpost")

    def ask(self, key, text):
        """Publishes until there is an answer, and gives that."""
        def answered():
            self.publish(f"fieldpost/send/{key}", text)
            return self.of_topic(f"fieldpost/answers/{key}")
        return self.device.wait_for(answered, 20, "an answer")[0][1]

    def test_every_event_arrives_through_restarts_of_broker_bridge_and_agent(self):
        self.device.start()
        bridge = self.bridge("events")
        self.device.wait_for(self.cursor, 15, "the bridge to follow")
        start = self.cursor()
        for n in range(4):
            if n == 1:
                self.kill(bridge)
            if n == 2:
                self.stop_broker()
            self.device.send_objects([request(f"m{n}-{i}", f"120{n + 2}555010{i}") for i in range(3)])
            if n == 1:
                bridge = self.bridge("events")
            if n == 2:
                self.start_broker()
            if n == 3:
                self.device.kill()
                self.device.start()
        self.device.wait_for(lambda: not {"queued", "sending"} & set(self.device.counts()), 30,
                             "an end of sending")
        self.wait_read()
        self.device.stop()
        done = self.device.command("watch", "--json", "--from", start)
        happened = [without_time(one) for one in map(json.loads, done.out.splitlines())
                    if "id" in one]

        def arrived():
            return [without_time(one) for _, one in self.of_topic("fieldpost/events")]
        self.device.wait_for(lambda: happened[-1] in arrived(), 15,
                             "the newest event")
        unique = {one["event"]: one for one in arrived()}
        self.assertEqual(list(unique.values()), happened)
        self.assertGreaterEqual(len(happened), 12 * 3)
        arguments = (self.device.folder / "arguments").read_text()
        self.assertIn("-t fieldpost/events", arguments)
        self.assertNotIn("state", arguments, "what all users of the device can see of a process")

    def test_every_message_is_sent_once_however_often_it_is_published(self):
        self.device.start()
        bridge = self.bridge("messages")
        waiting = {}
        for n in range(12):
            phone = f"120255501{n:02}"
            waiting[f"visit-{n}"] = json.dumps(request(f"m{n}", phone))
        total, rounds = len(waiting), 0

        def publish_what_waits():
            """As a sender has to: again, until there is an answer."""
            nonlocal rounds
            for at, answer in self.of_topic("fieldpost/answers/visit"):
                self.assertTrue(answer["ok"], answer)
                waiting.pop(at.rsplit("/", 1)[1], None)
            if not waiting and rounds > 3:
                return True
            for key, text in waiting.items():
                self.publish(f"fieldpost/send/{key}", text)
            return False
        for rounds in range(4):
            publish_what_waits()
            if rounds == 0:
                self.device.kill()
                self.device.start()
            if rounds == 1:
                self.kill(bridge)
                bridge = self.bridge("messages")
            if rounds == 2:
                self.stop_broker()
                self.start_broker()
        rounds = 4
        self.device.wait_for(publish_what_waits, 60, "an answer to each")
        self.device.wait_for(lambda: set(self.device.counts()) <= {"accepted", "uncertain", "held"},
                             30, "an end of sending")
        self.assertEqual(len(self.device.messages()), total)
        self.assertTrue(all(count == 1 for count in self.simulator.deliveries().values()))

    def test_what_is_wrong_with_a_message_is_its_answer(self):
        del self.device.settings["templates"]["status-changed"]
        self.device.configure()
        self.device.start()
        self.bridge("messages")
        wrong = json.dumps(request("m", "0049"))
        for key, text, error in (
                ("number", wrong, "invalid"), ("words", "hello", "invalid"),
                ("twice", '{"key":"a",' + wrong[1:], "invalid"),
                ("template", json.dumps(request("m", scenario="status-changed")), "not_configured")):
            answer = self.ask(key, text)
            self.assertEqual((key, answer["ok"], answer["error"]), (key, False, error))
        self.assertEqual(self.device.command("list", "--json"), (DONE, "", ""))

    def test_what_the_broker_retained_is_nobodys_order(self):
        self.device.start()
        self.publish("fieldpost/send/old", json.dumps(request("old", "12025550100")), "-r")
        bridge = self.bridge("messages")
        self.assertTrue(self.ask("first", json.dumps(request("new", "12025550101")))["ok"])
        self.kill(bridge)
        self.bridge("messages")
        self.assertTrue(self.ask("second", json.dumps(request("new", "12025550102")))["ok"])
        self.assertEqual(self.of_topic("fieldpost/answers/old"), [])
        self.assertEqual({m["key"] for m in self.device.messages().values()}, {"first", "second"})


if __name__ == "__main__":
    unittest.main()
