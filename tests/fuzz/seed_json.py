"""The corpus's JSON: what 1MSG answers and calls back with, and what local programs ask for."""
import json

from seed_http import ASK, BODY

SENT, STATUS, HISTORY, TEMPLATES, HOOKS = range(5)
TOKEN = "tok-7Qm2Zr9Lw4Xk8Pv1"


def template(**more):
    return json.dumps({"templates": [{"name": "next_step", "namespace": "NS", "language": "en",
                                      "status": "REJECTED", **more}]})


SAID = {
    "sent": (SENT, 200, BODY),
    "refused": (SENT, 200, '{"sent":false,"error":{"code":131026,"message":"Message undeliverable"}}'),
    "response": (SENT, 200, '{"response":{"error":"(#132001) Template name does not exist","code":"132001"}}'),
    "job": (SENT, 200, '{"sent":false,"id_job":"17","description":"queued"}'),
    "job-id": (SENT, 200, '{"sent":null,"jobId":false,"response":{"jobId":17}}'),
    "token": (SENT, 401, f'{{"error":"Wrong token. token=\\"{TOKEN}\\" Bearer {TOKEN}"}}'),
    "own-token": (SENT, 400, f'{{"error":"The value {TOKEN} is not known, {TOKEN}"}}'),
    "bytes": (SENT, 400, b"not \xff UTF-8"),
    "secrets": (SENT, 401, f'{{"error":"Bearer abc: token: {TOKEN}, \\"token\\":\\"x\\" it\'s EAAJZCb2x9QkzR7Lw0aB5 '
                           '+1 (202) 555-0123 (#131056) 12 (1)2 next_step_of_the_template_2 \\u202e\\u0007"}'),
    "long": (SENT, 500, '{"message":"' + "Something went wrong. é" * 90 + '"}'),
    "long-word": (SENT, 500, '{"message":"' + "é" * 1100 + '"}'),
    "template": (SENT, 404, '{"message":"template not found in translation for +1 202 555 0123"}'),
    "address": (SENT, 404, '{"message":"Cannot POST /VID1/sendTemplate"}'),
    "id-of-blanks": (SENT, 200, '{"sent":true,"id":"a b"}'),
    "id-of-token": (SENT, 200, f'{{"sent":true,"id":"w{TOKEN}a"}}'),
    "id-of-token-looked-up": (HISTORY, 200, f'{{"messages":[{{"id":"{TOKEN}","body":"Maria: home delivery","fromMe":true,'
                              '"time":1794990500,"chatId":"12025550123@c.us"}]}'),
    "id-too-long": (SENT, 200, '{"sent":true,"id":"' + "a" * 300 + '"}'),
    "sent-text": (SENT, 200, '{"sent":"false"}'),
    "list": (SENT, 200, "[1]"),
    "words": (SENT, 403, "The channel is blocked (#368)."),
    "html": (SENT, 502, "<html><h1>Bad gateway</h1></html>"),
    "html-title": (SENT, 200, " \n<HTML><Title lang=en>Sign in</Title>"),
    "html-title-cut": (SENT, 200, "<html><title"),
    "well": (STATUS, 200, '{"accountStatus":"authenticated","statusData":{"title":"ok"}}'),
    "unwell": (STATUS, 200, '{"accountStatus":"got qr code"}'),
    "connected": (STATUS, 200, '{"status":"connected"}'),
    "loading": (STATUS, 200, '{"status":"loading"}'),
    "history": (HISTORY, 200, '{"messages":[{"id":"wamid.2","body":"Maria: home delivery","fromMe":true,'
                '"time":1794990500,"chatId":"12025550123@c.us"},{"id":"x","fromMe":false}],"total":2}'),
    "templates": (TEMPLATES, 200, '{"total":9,"templates":[{"name":"next_step","namespace":"NS","language":'
                  '{"code":"en"},"status":"APPROVED","components":"[{\\"type\\":\\"BODY\\",\\"text\\":'
                  '\\"{{1}} {{2}} {{3}}\\"}]"}]}'),
    "template-rejected": (TEMPLATES, 200, template(rejected_reason="INVALID_FORMAT", components="[")),
    "template-more": (TEMPLATES, 200, template(status="APPROVED", rejected_reason="NONE", components=[
        {"type": "HEADER", "format": "IMAGE", "text": "{{1}} {{"}, {"type": "BODY", "text": "{{1}} {{2}} {{1}} {{3}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://kiosk.example/{{1}}"}]}])),
    "hooks": (HOOKS, 200, '{"hooks":[{"ack":[{"id":"wamid.1","status":"delivered","time":1794990500}]},'
              '{"statuses":[{"id":"wamid.1","status":"failed","timestamp":"1794990500","errors":[{"code":131047,'
              '"title":"Re-engagement"}]}]}]}'),
    "hook-warning": (HOOKS, 200, '{"hooks":[{"id":"wamid.1","status":"warning"},{"id":"wamid.1","status":"read",'
                     '"timestamp":1794990500}]}'),
}

NEWS = '"id":"wamid.HBgL+/A="'
CALLBACKS = {
    "ack": '{"instanceId":"1","ack":[{' + NEWS + ',"chatId":"12025550123@c.us","status":"failed","phone":"12025550123",'
           '"error":"(#131026) Message undeliverable"}]}',
    "error-object": '{"hooks":[{' + NEWS + ',"status":"undelivered","error":{"error_code":131050,'
                    '"error_user_msg":"no"}}]}',
    "hooks": '{"hooks":[{' + NEWS + ',"type":"message","status":"delivered","pricing":{},"timestamp":"1654864094",'
             '"conversation":{},"recipient_id":"12025550123"}]}',
    "many": '{"ack":[' + ",".join(f'{{"id":"{i}","status":"sent"}}' for i in range(20)) + '],"messages":[{' + NEWS +
            ',"body":"hi","fromMe":true,"self":1}]}',
    "statuses": '{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"value":{"statuses":[{' + NEWS +
                ',"status":"failed","timestamp":"1654864094","recipient_id":"12025550123","errors":[{"code":131049,'
                '"title":"t","message":"m","error_data":{"details":"d"}}]}]},"field":"messages"}]}]}',
    "warning": '{"hooks":[{' + NEWS + ',"status":"warning"},{' + NEWS + '},5]}',
    "no-object": "[]",
    "broken": '{"hooks":',
}


def asked(**more):
    """A request of the scenario that the any_intake.cc's directory knows; None takes a member away."""
    whole = {"scenario": "next-step", "to": "12025550123",
             "fields": {"customerName": "Maria", "process": "loan", "nextStep": "Sign."}, **more}
    return json.dumps({name: value for name, value in whole.items() if value is not None})


def fields(**more):
    whole = {"customerName": "Maria", "process": "loan", "nextStep": "Sign.", **more}
    return asked(fields={name: value for name, value in whole.items() if value is not None})


def visit(**more):
    return json.dumps({"scenario": "visit", "fields": {"at": "09:30"}, **more})


GET, APP, READS, ALL, LINES = 1, 2, 8, 4 | 8 | 16 | 32 | 64, 128
ENTRY = '{"ref":"visit-881","to":"12025550123","customerName":"Maria","at":"09:30"}'
PATHS = {  # how, path
    "list": (GET | APP | READS, "/v1/messages?state=held&limit=2"),
    "list-limit": (GET, "/v1/messages?limit=0"),
    "list-state": (GET, "/v1/messages?state=lost"),
    "list-other": (GET, "/v1/messages?reveal&stat=held"),
    "show": (GET | APP | READS, "/v1/messages/2"),
    "show-no-number": (GET, "/v1/messages/02"),
    "show-huge": (GET, "/v1/messages/99999999999999999999"),
    "show-what": (0, "/v1/messages/2/forget"),
    "reveal": (GET, "/v1/messages/2?reveal=1"),
    "reveal-maybe": (GET, "/v1/messages/2?reveal=2"),
    "events": (GET, "/v1/events?from=0"),
    "events-no-number": (GET, "/v1/events?from=x"),
    "metrics": (GET, "/metrics"),
    "status": (GET | APP | READS, "/v1/status"),
    "status-post": (0, "/v1/status"),
    "pause-get": (GET, "/v1/pause"),
    "nowhere": (GET, "/v1/message"),
    "beside": (GET, "/v1/messagesx"),
    "scenarios": (GET, "/v1/scenarios"),
    "plain-state": (GET, "/plain?state=held"),
    "directory": (GET | APP | ALL, "/v1/directory?find=mar%C3%AD"),
    "directory-cut": (GET, "/v1/directory?find=%4"),
    "directory-bytes": (GET, "/v1/directory?find=%zz+a"),
    "drop": (APP | ALL, "/v1/messages/3/drop"),
}
INTAKE = {  # how, path, body
    "send": (0, "/v1/messages", ASK),
    "ref": (0, "/v1/messages", visit(ref="visit-881", opt_in=True)),
    "send-app": (APP | 4, "/v1/messages", ASK),
    "retry": (0, "/v1/messages/2/retry", '{"even_if_sent":true}'),
    "block": (0, "/v1/block", '{"to":"12025550123"}'),
    "forget": (APP | ALL, "/v1/forget", '{"to":"+1 (202) 555-0123"}'),
    "not-configured": (0, "/v1/messages", ASK.replace("next-step", "status-changed")),
    "too-long": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 1100)),
    "rendered": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 1000)),
    "too-large": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 17000)),
    "many-parts": (0, "/v1/messages", '{"scenario":[' + "0," * 3000 + "0]}"),
    "preview": (0, "/v1/preview", ASK),
    "dry-run": (0, "/v1/messages?dry_run", ASK),
    "entry": (LINES, "/v1/messages", '{"ref":"visit-881","to":"12025550123","customerName":"Maria","at":"09:30",'
              '"language":"de","opt_in":true,"sum":12.5}\n{"ref":"\\u00fc"}\nbroken\n{"to":"1"}'),
    "entries": (LINES | GET, "/v1/directory?find=mar", '{"ref":"a","to":"12025550123","customerName":"Maria"}\n'
                '{"ref":"a","to":"12025550123"}\n[]'),
    "entry-twice": (LINES, "/v1/messages", ENTRY + "\n\n" + ENTRY),
    "entry-missing": (LINES, "/v1/messages", '{"ref":"visit-881"\n{"ref":"visit-882"}'),
    "entry-long": (LINES, "/v1/messages", ENTRY.replace("Maria", "x" * 4200)),
    "entry-no-number": (LINES, "/v1/messages", ENTRY.replace("12025550123", "0049")),
    "entries-no-number": (LINES | GET, "/v1/directory?find=mar&reveal=1",
                          ENTRY.replace("12025550123", "0049") + "\n" + ENTRY),
    "entries-many": (LINES | GET, "/v1/directory?find=m", "\n".join([ENTRY.replace("Maria", "m" * 4000)] * 5)),
} | {f"request-{name}": (0, "/v1/messages", body) for name, body in {
    "empty": "", "list": "[]", "broken": '{"scenario":\n}', "no-scenario": asked(scenario=None),
    "near-scenario": asked(scenario="next-stp"), "far-scenario": asked(scenario="?"), "near-member": asked(tto="1"),
    "far-member": asked(xyzzy=1), "field-outside": asked(process="loan"), "to-number": asked(to=12025550123),
    "to-zeros": asked(to="0049"), "to-zero": asked(to="020255501"), "to-letter": asked(to="1202x"),
    "to-slash": asked(to="1/202"), "to-trunk": asked(to="+1 (0) 202 555 0123"),
    "to-brackets": asked(to="+1 (202 5550123"), "to-open": asked(to="+1 2 ("),
    "to-trunks": asked(to="(00)1"), "to-plus": asked(to="1+"), "to-empty": asked(to="-"), "to-short": asked(to="12"),
    "to-long": asked(to="1" * 50), "to-national": asked(to="1 (202) 555-0123"),
    "to-digits": asked(to="1" * 17), "no-fields": asked(fields=None), "fields-list": asked(fields=[]),
    "near-field": fields(nextstep="x"), "far-field": fields(x="y"), "no-field": fields(process=None),
    "field-number": fields(process=12), "field-tab": fields(process="a\tb"), "field-blank": fields(process=" "),
    "fields-long": fields(process="ß" * 900, nextStep="ß" * 900, customerName="ß" * 900),
    "fields-longer": fields(process="x" * 4000, nextStep="y" * 1000),
    "language": asked(language="english!"), "region": asked(language="pt_BR"), "script": asked(language="zh_"),
    "ttl-none": asked(ttl="none"), "ttl-short": asked(ttl="5s"),
    "at": asked(not_before="2026-11-21T09:12:00Z"), "at-zone": asked(not_before="2026-11-21T09:12:00.25+02:00"),
    "at-west": asked(not_before="2026-11-21T09:12:00-05:30"), "at-point": asked(not_before="2026-11-21T09:12:00."),
    "at-day": asked(not_before="2026-02-30T09:12:00Z"), "at-no-time": asked(not_before="tomorrow"),
    "operator": asked(operator="x" * 65), "key-tab": asked(key="\t"), "ref-and-to": asked(ref="visit-881"),
    "ref-blank": visit(ref="a b", opt_in=True), "ref-other": visit(ref="visit-882"), "opt-in": visit(to="12025550123"),
    "opt-in-text": visit(to="12025550123", opt_in="yes"),
}.items()} | {f"json-{name}": (0, "/v1/block", body) for name, body in {
    "escapes": r'{"\b\f\n\r\t\"\\\/\u00fc\u20AC\ud83d\ude00":-0.5e+3,"a":1E-2}', "escapes-twice":
        r'{"\b\f\n\r\t\"\\\/ü€😀":1,"\u0008\u000c\u000A\u000d\u0009\u0022\u005C\u002f\u00fc\u20ac\ud83d\ude00":2}',
    "escape": r'{"\x":1}', "escape-cut": '{"\\', "hex": r'{"\u12g4":1}', "zero": r'{"\u0000":1}',
    "lone": r'{"\ud83dx":1}', "low": r'{"\ude00":1}', "no-end": '{"a', "control": '{"\n":1}', "nul": "{\0}",
    "nul-text": '{"\0":1}', "bytes": b'{"\xff":1}', "mark": "\ufeff{}", "zeros": '{"a":01}',
    "minus": '{"a":-}', "point": '{"a":1.}', "exponent": '{"a":1e}', "comma": '{"a":1,}', "no-comma": '{"a":1 2}',
    "colon": '{"a" 1}', "key": "{a:1}", "after": "{} {}", "deep": "[" * 20, "word": '{"a":nul}', "cut": '{"a":',
    "keys": "{" + ",".join(f'"{i}":0' for i in range(520)) + "}",
    "far": '{"a":[1e999999,1e-999999,0.' + "0" * 30 + "1]}",
}.items()}
