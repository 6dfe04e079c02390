"""The API's methods: a request in, an answer out. No sockets here.

Two kinds of judgement. What the service would refuse is refused, with the answer it gives. What
it would let pass but a careful client never does (a space in the JSON, the token in the URL) is
noted in `call.problems`: a test asserts that there are none.
"""

import base64
import dataclasses
import json
import re
import threading
import time
import urllib.parse

from answers import Answer, as_json, build

SCENARIOS = ("stage_completed", "next_step", "action_succeeded", "status_changed",
             "service_changed")
TEXTS = {
    "stage_completed": 'Hello, {{1}}! Stage "{{2}}" completed successfully. Moving to the next '
                       "step: {{3}} If you need help — we are here.",
    "next_step": 'Hello, {{1}}! For your process "{{2}}", the next step is: {{3}} If you need '
                 "help — we are here.",
    "action_succeeded": 'Hello, {{1}}! Action "{{2}}" completed successfully. {{3}} Thank you for '
                        "using our service.",
    "status_changed": "Hello {{1}}, the status of your {{2}} has been updated to: {{3}}. You can "
                      "view the full details on our website. Thank you for staying with us — we "
                      "will notify you of any further changes.",
    "service_changed": 'Hello, {{1}}! The status of your {{2}} has been updated. {{3}} If you '
                       "need help — we are here.",
}


@dataclasses.dataclass
class Call:
    """One request, and what was found out about it."""
    number: int
    method: str
    target: str
    version: str
    headers: list  # of (lower-case name, value)
    head: bytes
    body: bytes
    name: str = ""        # of the API's method: "sendTemplate"
    channel: str = ""
    token: str = ""
    phone: str = ""
    template: str = ""
    values: list = dataclasses.field(default_factory=list)
    problems: list = dataclasses.field(default_factory=list)
    message_id: str = ""

    def header(self, name):
        return ", ".join(value for key, value in self.headers if key == name)


def wamid(number, phone):
    """Opaque, and with the characters that must be percent-encoded in a URL."""
    return "wamid." + base64.b64encode(b"\xfb\xff" + f"{phone}:{number:09}".encode()).decode()


class _Pairs(list):
    """The members of a JSON object, in order and with repetitions."""


def rendered(text, values):
    """The text with its variables filled in, in one pass: a value may look like a variable."""
    return re.sub(r"\{\{(\d+)\}\}", lambda found: values[int(found[1]) - 1], text)


def _plain(value):
    if isinstance(value, _Pairs):
        return {key: _plain(item) for key, item in value}
    return [_plain(item) for item in value] if isinstance(value, list) else value


class VendorApi:
    def __init__(self, channel, token, templates=None, namespace="NS"):
        self.channel, self.token, self.namespace = channel, token, namespace
        self.templates = dict(TEXTS if templates is None else templates)  # name: body text
        self.template_changes = {}    # name: members of its entry in the list that are otherwise
        self.offset_works = True      # templates: some channels ignore it
        self.channel_status = "connected"
        self.unknown_id = "empty"     # hookInfo of an unknown id: "empty", "404" or "400"
        self.history_on = True        # messages: some channels have it switched off,
        self.history_texts = True     # some may hold no rendered texts,
        self.history_from = 1         # and the older ones may be missing
        self.settings = {"webhookUrl": "", "ackNotificationsOn": True}
        self.webhooks = []
        self.webhook_shape = "array"  # of webhookUrl: "array", "commas", or "text" for one alone
        # Method: functions, of which each request for it calls the next one first (None: nothing
        # happens). What others do meanwhile.
        self.meanwhile = {}
        self._lock = threading.Lock()
        self._number = 0
        self._messages = {}           # id: {chatId, body, time, hooks, messageNumber}

    def read(self, method, target, version, headers, head, body):
        with self._lock:
            self._number += 1
            call = Call(self._number, method, target, version, headers, head, body)
        path = urllib.parse.urlsplit(target).path
        parts = path.split("/")
        if len(parts) == 3 and parts[0] == "":
            call.channel, call.name = parts[1], parts[2]
        scheme, _, token = call.header("authorization").partition(" ")
        call.token = token if scheme == "Bearer" else ""
        if call.name == "sendTemplate":
            self._read_message(call)
        self._look_for_carelessness(call)
        call.message_id = wamid(call.number, call.phone)
        return call

    def _look_for_carelessness(self, call):
        note = call.problems.append
        names = [name for name, _ in call.headers]
        if call.version != "HTTP/1.1":
            note(f"version {call.version}")
        if names.count("host") != 1:
            note("not one Host header")
        if names.count("authorization") != 1:
            note("not one Authorization header")
        if len(set(names)) != len(names):
            note("a header twice")
        if "token" in urllib.parse.urlsplit(call.target).query:
            note("the token stands in the URL")
        if self.token.encode() in call.body:
            note("the token stands in the body")
        if call.method == "POST" and call.header("content-length") != str(len(call.body)):
            note("no Content-Length, or a wrong one")
        if call.method == "GET" and call.body:
            note("a GET with a body")
        if re.search(rb"[^\x20-\x7e\r\n]", call.head):
            note("odd bytes in the head")

    def _read_message(self, call):
        try:
            pairs = json.loads(call.body.decode("utf-8"), object_pairs_hook=_Pairs)
            content = _plain(pairs)
        except (UnicodeDecodeError, ValueError):
            call.problems.append("the body is not JSON in UTF-8")
            return
        if not isinstance(content, dict):
            call.problems.append("the body is not an object")
            return
        call.phone = str(content.get("phone", ""))
        call.template = str(content.get("template", ""))
        try:
            call.values = [item["text"] for item in content["params"][0]["parameters"]]
        except (KeyError, IndexError, TypeError):
            call.values = []
        language = content.get("language")
        # The vendor's own sample is the measure: the same keys in the same order, no other byte.
        exact = {"phone": call.phone, "template": call.template,
                 "namespace": content.get("namespace"),
                 "language": {"policy": "deterministic", "code":
                              language.get("code") if isinstance(language, dict) else None},
                 "params": [{"type": "body", "parameters": [
                     {"type": "text", "text": text} for text in call.values]}]}
        written = json.dumps(exact, separators=(",", ":"), ensure_ascii=False)
        if written.encode("utf-8", "surrogatepass") != call.body:
            call.problems.append("the body is not what JSON.stringify gives")

    def answer(self, call, rule=None):
        """What the API says; `rule.answer` replaces the service's own decision, if there is one."""
        if rule and rule.answer:
            return build(rule.answer, call, rule.options)
        method = getattr(self, "_" + call.method.lower() + "_" + call.name, None)
        if call.channel != self.channel or method is None:
            return build("wrong_path", call, {})
        if call.token != self.token:
            return build("wrong_token", call, {})
        steps = self.meanwhile.get(call.name)
        step = steps.pop(0) if steps else None
        if step:
            step()
        return method(call)

    # sendTemplate: in the order in which the service finds fault.
    def _post_sendTemplate(self, call):
        if call.header("content-type").split(";")[0].strip() != "application/json":
            return as_json(400, {"error": "Unsupported content type"})
        try:
            content = json.loads(call.body.decode("utf-8"))
        except (UnicodeDecodeError, ValueError):
            return as_json(400, {"error": "Invalid JSON"})
        fault = self._fault_of(content, call)
        return fault or build("accepted", call, {})

    def _fault_of(self, content, call):
        if not isinstance(content, dict):
            return as_json(400, {"error": "Invalid JSON"})
        phone = content.get("phone")
        if not isinstance(phone, str) or not re.fullmatch(r"[1-9][0-9]{5,14}", phone):
            return as_json(400, {"error": "phone: digits with country code expected"})
        if not content.get("namespace"):
            return build("missing_namespace", call, {})
        if content["namespace"] != self.namespace:
            return as_json(422, {"error": "namespace does not match"})
        if content.get("template") not in self.templates:
            return build("template_unknown", call, {})
        language = content.get("language")
        if not isinstance(language, dict) or language.get("policy") != "deterministic" \
                or not isinstance(language.get("code"), str):
            return as_json(422, {"error": "language: policy and code expected"})
        params = content.get("params")
        if not isinstance(params, list) or [isinstance(p, dict) and p.get("type") for p in params] != ["body"]:
            return build("variable_mismatch", call, {})
        text = self.templates[call.template]
        if len(call.values) != len(set(re.findall(r"\{\{\s*([^{}]+?)\s*\}\}", text))):
            return build("variable_mismatch", call, {})
        return self._fault_of_values(call, text)

    def _fault_of_values(self, call, text):
        for number, value in enumerate(call.values, 1):
            if not isinstance(value, str) or value.strip() == "":
                return as_json(400, {"error": f"parameter {number} is empty"})
            if re.search(r"[\n\r\t]| {5}", value):
                return as_json(400, {"error": f"parameter {number}: new-line, tab or more than 4 "
                                              "spaces"})
        if len(rendered(text, call.values)) > 1024:
            return as_json(400, {"error": "the text is longer than 1024 characters"})
        return None

    def take(self, call):
        """The message is accepted: from here on the customer gets it."""
        with self._lock:
            text = self.templates.get(call.template, "")
            try:
                text = rendered(text, call.values)
            except (IndexError, TypeError):  # a rule took a message that the service refuses
                text = ""
            self._messages[call.message_id] = {
                "messageNumber": len(self._messages) + 1, "id": call.message_id, "body": text,
                "fromMe": True, "self": 1, "time": int(time.time()),
                "chatId": f"{call.phone}@c.us", "type": "chat",
                "hooks": [self._hook(call.message_id, call.phone, "sent")]}

    def sent(self):
        """The accepted messages, each with its rendered text as `body`."""
        with self._lock:
            return list(self._messages.values())

    @staticmethod
    def _hook(message_id, phone, status, **more):
        return {"id": message_id, "type": "message", "status": status,
                "timestamp": str(int(time.time())), "recipient_id": phone, **more}

    def news(self, message_id, status, **more):
        """The phone or WhatsApp says something about a message: delivered, read, failed, …"""
        with self._lock:
            message = self._messages[message_id]
            phone = message["chatId"].partition("@")[0]
            message["hooks"].append(self._hook(message_id, phone, status, **more))

    @staticmethod
    def _query(call):
        query = urllib.parse.urlsplit(call.target).query
        return dict(urllib.parse.parse_qsl(query.replace("+", "%2B"), keep_blank_values=True))

    def _get_hookInfo(self, call):
        with self._lock:
            message = self._messages.get(self._query(call).get("messageId", ""))
        if message:
            return as_json(200, {"hooks": message["hooks"]})
        return {"empty": lambda: as_json(200, {"hooks": []}),
                "404": lambda: as_json(404, {"error": "Message not found"}),
                "400": lambda: as_json(400, {"error": "Unknown messageId"})}[self.unknown_id]()

    def _get_messages(self, call):
        query = self._query(call)
        with self._lock:
            listed = [{k: v for k, v in m.items() if k != "hooks"}
                      for m in self._messages.values()
                      if m["messageNumber"] >= self.history_from] if self.history_on else []
        if not self.history_texts:
            listed = [{**m, "body": ""} for m in listed]
        for key, name in (("chatId", "chatId"), ("msgId", "id")):
            if key in query:
                listed = [m for m in listed if m[name] == query[key]]
        listed = [m for m in listed
                  if int(query.get("min_time", 0)) <= m["time"] <= int(query.get("max_time", 1e12))]
        limit = int(query.get("limit", 100)) or len(listed)
        if query.get("last") == "true":
            return as_json(200, {"messages": listed[-limit:] if limit else []})
        start = int(query.get("lastMessageNumber", 0))
        return as_json(200, {"messages": [m for m in listed if m["messageNumber"] > start][:limit]})

    def _get_templates(self, call):
        query = self._query(call)
        start = int(query.get("offset", 0)) if self.offset_works else 0
        limit = int(query.get("limit", 100))
        listed = [{"id": str(1000 + number), "name": name, "namespace": self.namespace,
                   "language": "en", "status": "approved", "category": "UTILITY",
                   "components": [{"type": "BODY", "text": text}], "rejected_reason": "NONE",
                   **self.template_changes.get(name, {})}
                  for number, (name, text) in enumerate(self.templates.items())]
        return as_json(200, {"total": len(listed), "templates": listed[start:start + limit]})

    def _get_status(self, call):
        return as_json(200, {"status": self.channel_status})

    def _get_settings(self, call):
        return as_json(200, {**self.settings, "webhookUrl": ",".join(self.webhooks) or None})

    def _post_settings(self, call):
        return self._change(call, lambda content: self.settings.update(content) or
                            {**self.settings, "update": content})

    def _get_webhook(self, call):
        listed = list(self.webhooks)
        if self.webhook_shape == "commas" or self.webhook_shape == "text" and len(listed) < 2:
            listed = ",".join(listed)
        return as_json(200, {"webhookUrl": listed,
                             "webhookStatuses": {url: "active" for url in self.webhooks}})

    def _post_webhook(self, call):
        def change(content):
            wanted = content["webhookUrl"]
            wanted = [wanted] if isinstance(wanted, str) else list(wanted)
            wanted = [url for url in wanted if url]
            if len(wanted) > 5:
                raise ValueError("at most 5 webhooks")
            changed, self.webhooks = wanted != self.webhooks, wanted
            return {"set": changed, "message": ",".join(wanted)}
        return self._change(call, change)

    def _post_addTemplate(self, call):
        def change(content):
            bodies = [c["text"] for c in content["components"] if c["type"] == "BODY"]
            self.templates[content["name"]] = bodies[0]
            return {"name": content["name"], "status": "submitted"}
        return self._change(call, change)

    def _change(self, call, change):
        try:
            with self._lock:
                return as_json(200, change(json.loads(call.body)))
        except (KeyError, IndexError, TypeError, ValueError) as why:
            return as_json(400, {"error": str(why)})


__all__ = ["Answer", "Call", "SCENARIOS", "TEXTS", "VendorApi", "wamid"]
