#!/usr/bin/env python3
"""Writes the corpus's first inputs, each as its any_*.cc says. The certificates are others each time."""
import base64
import pathlib
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
GOLDEN = HERE.parent / "agent/queue/golden"
MAGIC = bytes.fromhex("e7513c9d")
REGION = 256 * 1024
NOR, SEALED = 1, 2


def commits(image, unit):
    """(unit, bytes) of each commit: its header says how long it is."""
    for at in range(0, len(image), unit):
        if image[at:at + 4] == MAGIC:
            header, body = struct.unpack_from("<HI", image, at + 10)
            yield at // unit, image[at:at + header + body]


for name, unit, blank, flags in (("v1-file", 4096, 0x00, 0), ("v1-nor", 64, 0xff, NOR)):
    image = bytearray([blank]) * REGION
    for line in (GOLDEN / f"{name}.hex").read_text().splitlines():
        at, data = line.split(": ")
        image[int(at, 16):int(at, 16) + 32] = bytes.fromhex(data)
    pieces = list(commits(image, unit))
    for kind, sums, chosen in (("whole", 0, pieces), ("sealed", SEALED, pieces),
                               ("gap", SEALED, pieces[:1] + pieces[2:]), ("no-start", SEALED, pieces[1:])):
        described = bytes([flags | sums])
        described += b"".join(struct.pack("<HH", place, len(data)) + data for place, data in chosen)
        (HERE / "corpus/recovery" / f"{name}-{kind}").write_bytes(described)


def seed(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def http(text):
    return text.replace("\n", "\r\n").encode()


BODY = '{"sent":true,"id":"wamid.1","message":"Sent"}'
ANSWERS = {
    "plain": f"HTTP/1.1 200 OK\nContent-Type: application/json; charset=utf-8\nContent-Length: {len(BODY)}\n"
             f"Keep-Alive: timeout=5\n\n{BODY}",
    "chunked": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5;a=b\n{\"a\":\n2\n1}\n0\nTrailer: x\n\n",
    "until-end": "HTTP/1.0 200 OK\n\n{}",
    "interim": "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 204 No Content\n\n",
    "later": "HTTP/1.1 429 Too Many Requests\nRetry-After: 120\nContent-Length: 0\n\n",
    "date": "HTTP/1.1 503 x\nRetry-After: Fri, 20 Nov 2026 09:12:00 GMT\nConnection: close\nContent-Length: 2\n\n{}",
    "redirect": "HTTP/1.1 302 Found\nLocation: http://portal.example/\nContent-Length: 0\n\n",
    "length-and-chunks": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 2\n\n0\n\n",
    "much-framing": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;" + "a" * 9000 + "\nx\n0\n\n",
    "large-head": "HTTP/1.1 200 OK\nX: " + "a" * 9000 + "\n\n",
    "large-body": "HTTP/1.1 200 OK\n\n" + "a" * 17000,
    "two-lengths": "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\n{}x",
    "folded": "HTTP/1.1 200 OK\nX: a\n b\nContent-Length: 0\n\n",
    "beyond": "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}HTTP/1.1 200 OK\n",
    "upgrade": "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: upgrade\n\n",
}
for name, text in ANSWERS.items():
    seed("answer", name, b"\x06" + http(text))

SENT, STATUS, HISTORY, TEMPLATES, HOOKS = range(5)
TOKEN = "tok-7Qm2Zr9Lw4Xk8Pv1"
SAID = {
    "sent": (SENT, 200, BODY),
    "refused": (SENT, 200, '{"sent":false,"error":{"code":131026,"message":"Message undeliverable"}}'),
    "response": (SENT, 200, '{"response":{"error":"(#132001) Template name does not exist","code":"132001"}}'),
    "job": (SENT, 200, '{"sent":false,"id_job":"17","description":"queued"}'),
    "token": (SENT, 401, f'{{"error":"Wrong token. token=\\"{TOKEN}\\" Bearer {TOKEN}"}}'),
    "template": (SENT, 404, '{"message":"template not found in translation for +1 202 555 0123"}'),
    "html": (SENT, 502, "<html><h1>Bad gateway</h1></html>"),
    "well": (STATUS, 200, '{"accountStatus":"authenticated","statusData":{"title":"ok"}}'),
    "unwell": (STATUS, 200, '{"accountStatus":"got qr code"}'),
    "history": (HISTORY, 200, '{"messages":[{"id":"wamid.2","body":"Maria: home delivery","fromMe":true,'
                '"time":1794990500,"chatId":"12025550123@c.us"},{"id":"x","fromMe":false}],"total":2}'),
    "templates": (TEMPLATES, 200, '{"total":9,"templates":[{"name":"next_step","namespace":"NS","language":'
                  '{"code":"en"},"status":"APPROVED","components":"[{\\"type\\":\\"BODY\\",\\"text\\":'
                  '\\"{{1}} {{2}} {{3}}\\"}]"}]}'),
    "hooks": (HOOKS, 200, '{"hooks":[{"ack":[{"id":"wamid.1","status":"delivered","time":1794990500}]},'
              '{"statuses":[{"id":"wamid.1","status":"failed","timestamp":"1794990500","errors":[{"code":131047,'
              '"title":"Re-engagement"}]}]}]}'),
}
for name, (purpose, status, text) in SAID.items():
    seed("said", name, struct.pack("<BH", purpose | 128, status) + text.encode())

ASK = ('{"scenario":"next-step","to":"+1 202 555-0123","fields":{"customerName":"Maria","process":"loan",'
       '"nextStep":"Sign here."},"language":"en","key":"visit-881-3","topic":"visit-881","ttl":"8h",'
       '"not_before":"+10m","operator":"kiosk 4"}')
REQUESTS = {
    "post": f"POST /v1/messages HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
            f"Content-Length: {len(ASK)}\n\n{ASK}",
    "two": "GET /v1/status HTTP/1.1\nHost: a\n\nGET /healthz HTTP/1.1\nHost: a\nConnection: close\n\n",
    "chunked": "POST /v1/pause HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nExpect: 100-continue\n\n2\n{}\n0\n\n",
    "old": "GET /metrics HTTP/1.0\n\n",
    "relay": "GET /v1/messages/1 HTTP/1.1\nHost: a\nFieldpost-Source: coap:door-1 20\n\n",
    "smuggled": "POST / HTTP/1.1\nHost: a\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
}
for name, text in REQUESTS.items():
    seed("request", name, b"\x07" + http(text))
WEB = {
    "preflight": "OPTIONS /v1/messages HTTP/1.1\nHost: 127.0.0.1:8040\nOrigin: https://kiosk.example\n"
                 "Access-Control-Request-Method: POST\nAccess-Control-Request-Private-Network: true\n\n",
    "page": "GET /v1/status HTTP/1.1\nHost: 127.0.0.1:8040\nOrigin: https://kiosk.example\n"
            "Sec-Fetch-Site: cross-site\nAuthorization: Bearer abc\nCookie: a=b\n\n",
}
for name, text in WEB.items():
    seed("request", name, b"\x87" + http(text))

GET, APP, READS, ALL, LINES = 1, 2, 8, 4 | 8 | 16 | 32 | 64, 128
INTAKE = {
    "send": (0, "/v1/messages", ASK),
    "ref": (0, "/v1/messages", '{"scenario":"visit","ref":"visit-881","opt_in":true,"fields":{"at":"09:30"}}'),
    "send-app": (APP | 4, "/v1/messages", ASK),
    "list": (GET | APP | READS, "/v1/messages?state=held&limit=2", ""),
    "show": (GET | APP | READS, "/v1/messages/2", ""),
    "reveal": (GET, "/v1/messages/2?reveal=1", ""),
    "retry": (0, "/v1/messages/2/retry", '{"even_if_sent":true}'),
    "drop": (APP | ALL, "/v1/messages/3/drop", ""),
    "events": (GET, "/v1/events?from=0", ""),
    "metrics": (GET, "/metrics", ""),
    "status": (GET | APP | READS, "/v1/status", ""),
    "scenarios": (GET, "/v1/scenarios", ""),
    "directory": (GET | APP | ALL, "/v1/directory?find=mar%C3%AD", ""),
    "block": (0, "/v1/block", '{"to":"12025550123"}'),
    "forget": (APP | ALL, "/v1/forget", '{"to":"+1 (202) 555-0123"}'),
    "not-configured": (0, "/v1/messages", ASK.replace("next-step", "status-changed")),
    "too-long": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 1100)),
    "rendered": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 1000)),
    "too-large": (0, "/v1/messages", ASK.replace("Sign here.", "x" * 17000)),
    "many-parts": (0, "/v1/messages", '{"scenario":[' + "0," * 3000 + "0]}"),
    "preview": (0, "/v1/preview", ASK),
    "entry": (LINES, "/v1/messages", '{"ref":"visit-881","to":"12025550123","customerName":"Maria","at":"09:30",'
              '"language":"de","opt_in":true,"sum":12.5}\n{"ref":"\\u00fc"}\nbroken\n{"to":"1"}'),
    "entries": (LINES | GET, "/v1/directory?find=mar", '{"ref":"a","to":"12025550123","customerName":"Maria"}\n'
                '{"ref":"a","to":"12025550123"}\n[]'),
}
for name, (how, path, text) in INTAKE.items():
    seed("intake", name, bytes([how]) + f"{path}\n{text}".encode())

EXAMPLES = HERE.parent.parent / "config/examples"
seed("settings", "example", (EXAMPLES / "fieldpost.json").read_bytes())
seed("settings", "all", """{ // every section
  "api": {"base_url": "https://api.1msg.io", "channel": "VID1", "token_file": ["/t", "/u"], "ca_file": "/c",
          "connect_timeout": "10s", "answer_timeout": "30s", "interface": "wwan0",
          "pins": ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], "proxy": "http://proxy.example:3128"},
  "templates": {"next-step": {"name": "n", "namespace": "NS", "language": "en", "ttl": "none",
                              "on_uncertain": "resend", "require_opt_in": true},
                "visit": {"name": "v", "namespace": "NS", "language": "en", "fields": ["customerName"],
                          "text": "Hi {{1}}"}},
  "queue": {"path": "/q", "size": "8MiB", "messages_max": 100, "write_unit": 4096, "volatile": true,
            "held_share": "50%"},
  "retry": {"first": "2s", "max": "1h", "spread": "10m"},
  "pace": {"per_recipient": "6s", "per_recipient_per_day": 20, "per_second": 10,
           "quiet": {"from": "21:00", "to": "08:00", "zone": "CET-1CEST,M3.5.0,M10.5.0/3"}},
  "uncertain": {"patience": "10m", "held_for": "30d"},
  "tracking": {"until": "read", "for": "24h"},
  "intake": {"socket": "/s", "same_within": "60s", "keys": 100, "http": "127.0.0.1:8040",
             "origins": ["https://kiosk.example:8443"], "folder": "/f", "directory": "/d",
             "panel_pin_file": "/p", "webhook": "127.0.0.1:8089", "webhook_path_file": "/w",
             "allow": [{"user": "kiosk", "scenarios": ["visit"], "share": "20%"},
                       {"group": "office", "rights": ["send", "read_all", "decide", "reveal", "relay"]}]},
  "phone": {"country_code": "1", "national_prefix": "1", "national_digits": [10]},
  "device": {"name": "kiosk 4"}, "history": {"personal_for": "30d"},
  "log": {"target": "stderr", "level": "debug", "heartbeat": "1h"}, "sandbox": "auto"
}
""")

API = '"api": {"base_url": "https://[2001:db8::1]:8443/x", "channel": "VID1", "token_file": "/t"}, "queue": {"path": "/q"}'
for name, more in {
    "least": '"log": {"level": "warning"}',
    "none": '"pace": {"quiet": "none"}, "history": {"personal_for": "none"}, "intake": {"directory": "none"}',
    "retry": '"retry": {"first": "1h", "max": "2s"}',
    "digits": '"phone": {"national_digits": [10]}',
    "webhook": '"intake": {"webhook": "127.0.0.1:1"}',
    "scenario": '"intake": {"allow": [{"user": "a", "scenarios": ["no-such"]}]}',
    "apps": '"intake": {"apps": [{"name": "kiosk-page", "token_sha256": "' + "0a" * 32 + '", "rights": ["send"]}]}',
    "own": '"templates": {"a": {"name": "a", "namespace": "N", "language": "en"}}',
    "reserved": '"templates": {"a": {"name": "a", "namespace": "N", "language": "en", "fields": ["to"]}}',
    "fields": '"templates": {"next-step": {"name": "a", "namespace": "N", "language": "en", "fields": ["b"]}}',
    "missing": '"templates": {"next-step": {"name": "a"}}',
    "twice": '"intake": {"apps": [{"name": "a"}, {"name": "a"}]}',
    "unknown": '"api.base": 1, "quue": {}',
    "types": '"pace": {"quiet": 5}',
    "clear": '"api": {"base_url": "http://api.1msg.io"}',
}.items():
    seed("settings", name, "{" + API + ", " + more + "}")

TAKEN = ((4, 11), (5,), (1, 2), (3,), (6, 9), (7, 8, 9, 13), (10, 12, 13), (9, 13))  # on each socket of any_frame.cc
for socket, kinds in enumerate(TAKEN):
    for kind in kinds:
        seed("frame", f"socket-{socket}-kind-{kind}", bytes([socket, kind, 0]))
seed("frame", "another-socket", bytes([0, 5, 0]))
seed("frame", "ones", bytes([1, 5, 1]))
seed("frame", "bare", bytes([0, 255, 0]) + struct.pack("<III", 0x5EC1A93B, 7, 1) + b"\0")


def dns_name(name):
    return b"".join(bytes([len(one)]) + one.encode() for one in name.split(".")) + b"\0"


def dns_answer(kind, records, flags=0x8180):
    question = dns_name("api.1msg.io") + struct.pack(">HH", kind, 1)
    return struct.pack(">HHHHHH", 0x1234, flags, 1, len(records), 0, 0) + question + b"".join(records)


def record(owner, kind, data):
    return owner + struct.pack(">HHIH", kind, 1, 60, len(data)) + data


A, CNAME, AAAA, SAME = 1, 5, 28, b"\xc0\x0c"
alias = record(SAME, CNAME, dns_name("edge.example.net"))
seed("name_answer", "a", b"\0" + dns_answer(A, [record(SAME, A, bytes([192, 0, 2, 1]))] * 2))
seed("name_answer", "aaaa", b"\1" + dns_answer(AAAA, [record(SAME, AAAA, bytes(range(16)))]))
seed("name_answer", "alias", b"\0" + dns_answer(A, [alias, record(b"\xc0\x29", A, bytes([192, 0, 2, 2]))]))
seed("name_answer", "loop", b"\0" + dns_answer(A, [record(SAME, CNAME, b"\xc0\x0c")]))
seed("name_answer", "no-such-name", b"\0" + dns_answer(A, [], 0x8183))
seed("name_answer", "truncated", b"\0" + dns_answer(A, [], 0x8380))

with tempfile.TemporaryDirectory() as made:
    subprocess.run(["sh", HERE.parent / "platform/mbedtls/make_certificates", made], check=True,
                   capture_output=True)
    folder = pathlib.Path(made)
    roots = (folder / "root.pem").read_text()

    def der(name):
        lines = (folder / f"{name}.pem").read_text().splitlines()
        return base64.b64decode("".join(line for line in lines if not line.startswith("-")))

    for name in ("rsa2048", "p256", "p384", "expired", "other", "nosan", "client", "sha1", "middle", "root"):
        seed("certificate", name, der(name) + roots.encode())
    seed("certificate", "roots", roots * 2 + "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")
