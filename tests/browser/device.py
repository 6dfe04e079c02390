#!/usr/bin/env python3
"""A device for the browser's tests: a simulator of 1MSG and a real agent, told what to do by lines
of JSON on standard input, {"do": NAME, ...}; each is answered by one line. Ends with its input."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import DEVICES, DONE, Device, Simulator, free_port  # noqa: E402  (the path must be known first)


class Actions:
    def __init__(self, name, pin, settings):
        self.simulator = Simulator(DEVICES / f"browser-{name}-sim")
        self.simulator.reset()
        self.simulator.start()
        self.device = Device(f"browser-{name}", self.simulator, **settings)
        self.port = free_port()
        intake = {"http": f"127.0.0.1:{self.port}"}
        if pin:
            file = self.device.folder / "pin"
            file.write_text(pin + "\n")
            file.chmod(0o600)
            intake["panel_pin_file"] = str(file)
        else:
            intake["panel_open"] = True
        self.device.configure(intake=intake, device={"name": "Van 7"})
        self.device.start()

    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.device.start()

    def kill(self):
        """As a power cut would end it."""
        self.device.kill()

    def restart(self):
        self.device.kill()
        self.device.start()

    def let_in(self, origins):
        """Pages of these origins, with the token that is the answer."""
        self.device.configure(intake={"origins": origins})
        done = self.device.command("app", "add", "kiosk", "--scenario", "status-changed")
        assert done.code == DONE, done.err
        self.restart()
        return done.out.strip()

    def directory(self, entries):
        """What the back office has written, in its place at once."""
        file = self.device.folder / "visits"
        file.with_suffix(".new").write_text("".join(json.dumps(one) + "\n" for one in entries))
        file.with_suffix(".new").rename(file)
        if "directory" not in self.device.settings["intake"]:
            self.device.configure(intake={"directory": str(file)})
            self.restart()

    def network(self, up):
        (self.simulator.start if up else self.simulator.stop)()

    def behave(self, **rule):
        self.simulator.behave(**rule)

    def command(self, words):
        done = self.device.command(*words)
        return {"code": done.code, "out": done.out, "err": done.err}

    def deliveries(self):
        """Each body that was accepted and how often."""
        return {body.decode(): n for body, n in self.simulator.deliveries().items()}

    def problems(self):
        return self.simulator.problems()

    def end(self):
        self.device.remove()
        self.simulator.close()


def main():
    actions = Actions(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    try:
        print(json.dumps({"said": actions.url()}), flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            name = asked.pop("do")
            try:
                said = {"said": getattr(actions, name)(**asked)}
            except Exception as why:  # noqa: BLE001  (the test that asked is to fail, not this one)
                said = {"failed": repr(why)}
            print(json.dumps(said), flush=True)
    finally:
        actions.end()


if __name__ == "__main__":
    main()
