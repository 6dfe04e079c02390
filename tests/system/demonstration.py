"""What tests/demo shows once the program is built. Every line fits 80 columns."""

import shlex
import textwrap

from harness import EXAMPLES, PHONE, PROGRAM, ROOT, SLOWER, Device, Simulator, DEVICES, option, \
    vendor_body


def say(text):
    print()
    print(textwrap.fill(text, 78))


def show(device, *words):
    """A command as it would be typed, and what it answers."""
    line, lines = "$ fieldpost", []
    pieces = []  # an option stays with its value
    for word in map(shlex.quote, words):
        if pieces and pieces[-1].startswith("--") and " " not in pieces[-1]:
            pieces[-1] += " " + word
        else:
            pieces.append(word)
    for piece in pieces:
        if len(line) + len(piece) > 77:
            lines.append(line + " \\")
            line = "     "
        line += " " + piece
    print("\n" + "\n".join([*lines, line]))
    done = device.command(*words)
    print(done.out + done.err, end="")
    if done.code != 0:
        raise SystemExit(f"That should not have failed (exit code {done.code}).")


def main():
    simulator = Simulator(DEVICES / "demo-sim")
    simulator.reset()
    device = Device("demo", simulator)
    size = PROGRAM.stat().st_size
    say(f"One static file of {size // 1000} kB: {PROGRAM.relative_to(ROOT)}. The agent starts "
        "(fieldpost run). The network is away: the simulated 1MSG refuses connections.")
    device.start()
    try:
        for scenario, _, fields in EXAMPLES:
            typed = [word for name, value in fields for word in (option(name), value)]
            show(device, "send", scenario, "--to", PHONE, *typed)
        device.wait_for(lambda: device.status()["network"]["state"] == "offline", 10, "a try")
        say("All five are on flash; pulling the plug now would lose none of them.")
        show(device, "list")
        show(device, "status")

        say("The network is back.")
        simulator.start()
        device.wait_accepted(5, 30)
        device.wait_for(lambda: device.counts() == {"accepted": 5}, 10 * SLOWER, "the last word")
        show(device, "list")

        say("What the customer reads (as the five templates are worded):")
        for message in simulator.api.sent():
            print(textwrap.fill(message["body"], 76, initial_indent="  • ",
                                subsequent_indent="    "))
        expected = [vendor_body(name, [v for _, v in fields]) for _, name, fields in EXAMPLES]
        if simulator.accepted() != expected or simulator.problems():
            raise SystemExit("What arrived is not what the vendor's sample sends.")
        say("Each request was, byte for byte, the one that the vendor's sample makes; all five "
            f"went over {simulator.handshakes} TLS connection, each exactly once.")
    finally:
        device.stop()
        simulator.close()
    print("""
To send through your own 1MSG channel:
  1. Have the five templates approved, and the customers' opt-in (README,
     "Before you start").
  2. Put the channel's token into a file that only you can read:
       install -m 600 /dev/stdin /etc/fieldpost/token
  3. Copy config/examples/fieldpost.json to /etc/fieldpost/fieldpost.json and
     fill in channel, namespace and template names. For a test channel set
     api.base_url to https://sandbox.1msg.io.
  4. fieldpost check && fieldpost run""")


if __name__ == "__main__":
    main()
