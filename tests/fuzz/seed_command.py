"""The corpus's answers of 1MSG to commands that ask it themselves, as any_command.cc has it."""
import json

LIST, LIST_JSON, ADD, REMOVE, TEMPLATES, TEMPLATES_JSON, SAVE, SUBMIT, CHECK, CHECK_JSON, INIT, INIT_JSON = range(12)
OK, NO_TOKEN, NO_PLACE, LATER, BROKEN, NONE, BLOCKED = range(7)
HOOK = "https://kiosk.example/hook"
WELL = (OK, '{"status":"connected"}')


def hooks(urls, **more):
    return OK, json.dumps({"webhookUrl": urls, **more})


def template(name="next_step", text="{{1}}, your {{2}}: {{3}}", **more):
    return {"name": name, "namespace": "NS", "language": "en", "status": "approved",
            "components": [{"type": "BODY", "text": text}], **more}


def page(*entries, **more):
    return OK, json.dumps({"templates": entries, **more}, ensure_ascii=False)


NEXT = template(text="Hello {{1}}, about your {{2}}. Next step: {{3}}")
ACKS = (OK, '{"ackNotificationsOn":false}')
COMMANDS = {
    "list": (LIST, hooks(HOOK + ", http://a.example/?x=1,2,https://b.example", webhookStatuses={HOOK: "active"}), ACKS),
    "list-array": (LIST_JSON, hooks([HOOK, HOOK, ""], webhookStatuses={HOOK: "x" + "é" * 40}), ACKS),
    "list-null": (LIST, hooks(None), (OK, '{"ackNotificationsOn":true}')),
    "list-other": (LIST, hooks(5)),
    "list-no-url": (LIST, hooks(["ftp://a"])),
    "list-many": (LIST, hooks([f"https://a.example/{i}" for i in range(9)])),
    "list-none": (LIST, (OK, "{}")),
    "list-denied": (LIST, (NO_TOKEN, '{"error":"Wrong token"}')),
    "list-blocked": (LIST, (BLOCKED, "The trial is over")),
    "list-lost": (LIST, (NONE, "")),
    "list-html": (LIST_JSON, (OK, "<html><title>Sign in</title>")),
    "add": (ADD, hooks([]), hooks([]), (OK, '{"set":true}'), hooks([HOOK]), ACKS),
    "add-full": (ADD, hooks([f"https://a.example/{i}" for i in range(5)])),
    "add-changed": (ADD, hooks([]), hooks(["https://a.example"])),
    "add-refused": (ADD, hooks([]), hooks([]), (OK, '{"error":"no"}'), hooks([])),
    "add-lost": (ADD, hooks(["https://a.example"]), hooks(["https://a.example"]), (BROKEN, ""), hooks([HOOK]), ACKS),
    "remove": (REMOVE, hooks([HOOK]), hooks([HOOK]), (OK, "{}"), hooks(""), ACKS),
    "remove-nothing": (REMOVE, hooks([]), ACKS),
    "templates": (TEMPLATES, page(NEXT, template(name="\x9b31m" + "ü" * 60, status="rejected"), total=2)),
    "templates-json": (TEMPLATES_JSON, page(NEXT, template(name="a\x9b", text="\x7f\n\"" * 20), total=2)),
    "templates-pages": (TEMPLATES, page(*[template(name=f"a{i}") for i in range(8)]), page(template(name="b"))),
    "templates-same": (TEMPLATES, page(*[template(name=f"a{i}") for i in range(8)], total=20)),
    "templates-large": (TEMPLATES, page(template(text="x" * 17000))),
    "templates-no-list": (TEMPLATES, (OK, '{"templates":{}}')),
    "save": (SAVE, page(NEXT, template(name="visit", text="{{1}}"), template(name="visit", text="x" * 1100), total=3)),
    "save-none": (SAVE, page(total=0)),
    "submit": (SUBMIT, (OK, "{}")),
    "submit-refused": (SUBMIT, (LATER, '{"error":{"message":"later"}}')),
    "check": (CHECK, WELL, page(NEXT, template(name="visit", text="{{1}}"), total=2)),
    "check-json": (CHECK_JSON, WELL, page(template(language="de"), template(name="visit", namespace="X"), total=2)),
    "check-rejected": (CHECK, WELL, page(template(status="rejected", rejected_reason="INVALID\u202e" + "é" * 60),
                                         template(name="visit", status="paused"), total=2)),
    "check-pending": (CHECK_JSON, WELL, page(template(status="pending"), template(name="visit"), total=2)),
    "check-more": (CHECK, WELL, page(template(components=[
        {"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "{{1}}"}]), total=1)),
    "check-away": (CHECK, (OK, '{"status":"got qr code"}')),
    "check-no-status": (CHECK_JSON, (OK, '{"ok":true}')),
    "check-address": (CHECK, (NO_PLACE, '{"message":"Cannot GET"}')),
    "check-lost": (CHECK_JSON, (NONE, "")),
    "check-cut": (CHECK, WELL, (BROKEN, "x")),
    "init": (INIT, WELL, page(NEXT, total=1)),
    "init-json": (INIT_JSON, WELL, page(NEXT, template(name="service_changed", text="{{1}} {{2}} {{3}}"), total=2)),
    "init-nothing": (INIT, WELL, page(total=0)),
    "init-namespace": (INIT, WELL, page({**NEXT, "namespace": "\x01"}, total=1)),
    "init-long": (INIT, WELL, page(*[template(name=name + '"' * 490, namespace="\x01" * 128) for name in (
        "stage_completed", "next_step", "action_succeeded", "status_changed", "service_changed")], total=5)),
    "init-gap": (INIT, WELL, page({**NEXT, "namespace": ""}, total=1)),
    "init-denied": (INIT, (NO_TOKEN, "{}")),
}


def command(which, *answers):
    return bytes([which]) + b"\f".join(bytes([status]) + body.encode() for status, body in answers)
