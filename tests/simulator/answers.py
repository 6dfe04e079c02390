"""Every answer of sendTemplate that the vendor's documents, SDKs and customers know, by name.

An answer is what the API decided; how it travels (chunked, cut, slowly) is the rule's business.
`accepted` says whether the customer gets the message, which a client may not be able to tell.
"""

import dataclasses
import email.utils
import json
import time

PORTAL = ("<!DOCTYPE html><html><head><title>Guest network</title></head>"
          "<body><form action=\"/login\">Please accept the terms.</form></body></html>")


@dataclasses.dataclass
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json; charset=utf-8"
    headers: dict = dataclasses.field(default_factory=dict)
    accepted: bool = False
    raw: bytes = b""  # instead of everything: these bytes and no other


def as_json(status, content, accepted=False, **headers):
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return Answer(status, body, accepted=accepted,
                  headers={name.replace("_", "-"): value for name, value in headers.items()})


def as_html(status, text=PORTAL, **headers):
    return Answer(status, text.encode(), "text/html",
                  {name.replace("_", "-"): value for name, value in headers.items()})


def sent_to(call, number=None):
    return {"sent": True, "id": call.message_id, "message": f"Sent to {number or call.phone}@c.us",
            "description": "Message has been sent to the provider"}


def error_object(code, key="code"):
    return {"message": "(#%d) The message could not be sent" % code, key: code,
            "error_user_title": "Not sent", "error_user_msg": "Try another recipient"}


# The options of a rule come as keyword arguments; every name stands for one row of the table in
# the notes about the API.
def _accepted_with(call, **more):
    return as_json(200, {**sent_to(call), **more}, accepted=True)


def _refused(message="Recipient cannot be reached", **more):
    return as_json(200, {"sent": False, "message": message, **more})


def _rate_limited(retry_after=None):
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return as_json(429, {"error": "Rate limit exceeded"}, **headers)


def _deep(depth=200):
    return Answer(200, b'{"sent":' + b"[" * depth + b"]" * depth + b"}")


def _head_flood(size=65536):
    return Answer(200, b"", raw=b"HTTP/1.1 200 OK\r\nX-Flood: " + b"a" * size)


def _body_flood(size=1 << 20):
    return Answer(200, b'{"sent":true,"id":"' + b"a" * size + b'"}')


def _two_lengths(call):
    body = json.dumps(sent_to(call)).encode()
    return Answer(200, b"", raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: %d\r\n\r\n"
                  % len(body) + body)


ANSWERS = {
    "accepted": lambda call: as_json(200, sent_to(call), accepted=True),
    "accepted_without_id": lambda call: as_json(200, {"sent": True}, accepted=True),
    "accepted_other_number": lambda call: as_json(200, sent_to(call, "13125550199"),
                                                  accepted=True),
    "accepted_odd_id": lambda call: _accepted_with(call, id=call.message_id + "=+/=="),
    "accepted_more_fields": lambda call: _accepted_with(
        call, extra={"deep": [1, 2.5e3, None]}, error=None),
    "accepted_201": lambda call: as_json(201, sent_to(call), accepted=True),
    "refused": lambda call, **more: _refused(**more),
    "refused_string_false": lambda call: as_json(
        200, {"sent": "false", "message": "Recipient cannot be reached"}),
    "refused_error_text": lambda call: as_json(
        200, {"sent": False, "error": "Recipient cannot be reached"}),
    "refused_code": lambda call, code=131026: as_json(
        200, {"sent": False, "error": error_object(code)}),
    "refused_error_code": lambda call, code=131026: as_json(
        200, {"sent": False, "error": error_object(code, "error_code")}),
    "refused_nested": lambda call, code=131026: as_json(
        200, {"sent": False, "response": {"error": error_object(code)}}),
    "job": lambda call: as_json(
        200, {"sent": False, "jobId": "job-%d" % call.number, "message": "Queued"}, accepted=True),
    "bad_request": lambda call: as_json(400, {"error": "Bad request"}),
    "template_unknown": lambda call: as_json(
        404, {"error": f"Template {call.template} not found"}),
    "wrong_path": lambda call: as_json(404, {"error": "Method not found"}),
    "wrong_path_html": lambda call: as_html(404, "<html><body>404 Not Found</body></html>"),
    "missing_namespace": lambda call: as_json(422, {"error": "namespace is required"}),
    "variable_mismatch": lambda call: as_json(
        422, {"message": "Number of parameters does not match the template"}),
    "wrong_token": lambda call: as_json(
        401, {"error": f'Wrong token "{call.token}" for channel "{call.channel}". '
                       "Please provide token as a GET parameter."}),
    "forbidden": lambda call: as_json(403, {"error": "Channel is blocked"}),
    "forbidden_plain": lambda call: Answer(403, b"Trial channel: not allowed", "text/plain"),
    "rate_limited": lambda call, **options: _rate_limited(**options),
    "rate_limited_date": lambda call, after=2: _rate_limited(
        email.utils.formatdate(time.time() + after, usegmt=True)),
    "server_error": lambda call, status=500: as_json(status, {"error": "Internal error"}),
    "bad_gateway_html": lambda call, status=502: as_html(
        status, "<html><head><title>502 Bad Gateway</title></head></html>"),
    "request_timeout": lambda call: as_json(408, {"error": "Request timeout"}),
    "redirect": lambda call: as_html(302, Location="https://login.example/"),
    "teapot": lambda call: as_json(418, {"error": "I'm a teapot"}),
    "portal": lambda call: as_html(200),
    "empty": lambda call: Answer(200, b""),
    "no_content": lambda call: Answer(204, b"", ""),
    "array": lambda call: as_json(200, [sent_to(call)]),
    "sent_missing": lambda call: as_json(200, {"id": call.message_id}),
    "not_json": lambda call: Answer(200, b'{"sent":true'),
    "trailing_bytes": lambda call: Answer(200, json.dumps(sent_to(call)).encode() + b"x"),
    "duplicate_keys": lambda call: Answer(200, b'{"sent":false,"sent":true,"id":"wamid.x"}'),
    "bad_utf8": lambda call: Answer(200, b'{"sent":true,"id":"\xff\xfe"}'),
    "nul_byte": lambda call: Answer(200, b'{"sent":true,\x00"id":"wamid.x"}'),
    "deep": lambda call, **options: _deep(**options),
    "head_flood": lambda call, **options: _head_flood(**options),
    "body_flood": lambda call, **options: _body_flood(**options),
    "nonsense": lambda call: Answer(200, b"", raw=bytes(range(256)) * 4),
    "two_lengths": _two_lengths,
    "other_protocol": lambda call: Answer(200, b"", raw=b"220 mail.example ESMTP ready\r\n"),
}


def build(name, call, options):
    if name not in ANSWERS:
        raise ValueError(f"no such answer: {name}")
    return ANSWERS[name](call, **options)
