#!/usr/bin/env python3
"""Hands one message to the agent's loopback port (intake.http), with Python's standard library.

    send_by_http.py KEY TO STATUS       such as: send_by_http.py order-12345-shipped 12025550123 Shipped

The token that `fieldpost app add` showed is in $TOKEN_FILE, of mode 600. The key is the name of what
happened: whoever asks again with it, after a lost answer or a power cut, gets the same message and the
customer none twice.
"""

import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("URL", "http://127.0.0.1:8040")
TOKEN_FILE = pathlib.Path(os.environ.get("TOKEN_FILE", "/etc/fieldpost-app/token"))
TRIES = 10


def hand_in(message):
    """The agent's answer; None where to try again."""
    asked = urllib.request.Request(
        URL + "/v1/messages", json.dumps(message).encode(),
        {"Authorization": "Bearer " + TOKEN_FILE.read_text().strip(),
         "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        again = refused.code == 429 or refused.code >= 500
        return None if again else json.load(refused)
    except (OSError, ValueError):
        return None  # it starts, or its answer was lost: the key makes asking again safe


def main(key, to, status):
    message = {"scenario": "status-changed", "to": to, "key": key, "fields": {
        "customerName": "Maria", "process": "your order", "status": status}}
    for attempt in range(TRIES):
        if attempt:
            time.sleep(min(2 ** attempt, 60))
        if (answer := hand_in(message)) is not None:
            print(json.dumps(answer))
            return 0 if answer["ok"] else 1
    return 75


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
