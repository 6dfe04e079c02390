"""The service's callbacks: what became of messages, posted to a webhook until it answers 200."""

import http.client
import json
import ssl
import threading
import time
import urllib.parse

INSTANCE = "182868781"


def ack(events):
    """As production channels get them: no time, no code, the error in words."""
    return {"instanceId": INSTANCE, "ack": [
        {"id": e["id"], "chatId": f"{e['recipient_id']}@c.us", "status": e["status"],
         "phone": e["recipient_id"], **({"error": e["error"]} if "error" in e else {})}
        for e in events]}


def hooks(events):
    return {"hooks": events}


def statuses(events):
    """Meta's own form, as it comes with raw hooks."""
    return {"object": "whatsapp_business_account", "entry": [{"id": INSTANCE, "changes": [
        {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": {},
                                        "statuses": events}}]}]}


SHAPES = {"ack": ack, "hooks": hooks, "statuses": statuses}


class Callbacks:
    """`url` is the webhook's, with its path; `ca_file` belongs to an https one."""

    def __init__(self, url, ca_file=None, retry_seconds=0.1):
        parts = urllib.parse.urlsplit(url)
        self.place, self.path = parts.netloc, parts.path
        self.tls = ssl.create_default_context(cafile=ca_file) if parts.scheme == "https" else None
        self.retry_seconds = retry_seconds
        self.answers = []  # each answer's status; 0 where there was none

    def post(self, content):
        """Once. The status; 0 where there was no answer."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        connection = (http.client.HTTPSConnection(self.place, timeout=20, context=self.tls)
                      if self.tls else http.client.HTTPConnection(self.place, timeout=20))
        try:
            connection.request("POST", self.path, body,
                               {"Content-Type": "application/json; charset=utf-8"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        self.answers.append(status)
        return status

    def deliver(self, content, seconds=30):
        """Until it is taken, as the service does."""
        end = time.monotonic() + seconds
        while (status := self.post(content)) != 200:
            if time.monotonic() > end:
                raise TimeoutError(f"the webhook does not take it: {status}")
            time.sleep(self.retry_seconds)

    def deliver_meanwhile(self, content):
        """The same in a thread, to be joined."""
        thread = threading.Thread(target=self.deliver, args=(content,), daemon=True)
        thread.start()
        return thread
