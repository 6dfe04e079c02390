"""The corpus's configurations, and files of the device that others write."""
import json

API = ('"api": {"base_url": "https://[2001:db8::1]:8443/x", "channel": "VID1", "token_file": "/t"}, '
       '"queue": {"path": "/q"}')


def templates(**each):
    """Scenarios of one's own, each with what is given beside the least of it."""
    least = {"name": "n", "namespace": "N", "language": "en", "fields": ["a"]}
    return '"templates": ' + json.dumps({name: {**least, **more} for name, more in each.items()})


def api(**more):
    return '"api": ' + json.dumps(more)


def intake(**more):
    return '"intake": ' + json.dumps(more)


SHA = "0a" * 32
LATER = {  # what a file behind the first one says
    "least": '"log": {"level": "warning"}',
    "none": '"pace": {"quiet": "none"}, "history": {"personal_for": "none"}, "intake": {"directory": "none"}',
    "retry": '"retry": {"first": "1h", "max": "2s"}',
    "digits": '"phone": {"national_digits": [10]}',
    "webhook": '"intake": {"webhook": "127.0.0.1:1"}',
    "scenario": '"intake": {"allow": [{"user": "a", "scenarios": ["no-such"]}]}',
    "apps": '"intake": {"apps": [{"name": "kiosk-page", "token_sha256": "' + SHA + '", "rights": ["send"]}]}',
    "own": '"templates": {"a": {"name": "a", "namespace": "N", "language": "en"}}',
    "reserved": '"templates": {"a": {"name": "a", "namespace": "N", "language": "en", "fields": ["to"]}}',
    "fields": '"templates": {"next-step": {"name": "a", "namespace": "N", "language": "en", "fields": ["b"]}}',
    "missing": '"templates": {"next-step": {"name": "a"}}',
    "twice": '"intake": {"apps": [{"name": "a"}, {"name": "a"}]}',
    "unknown": '"api.base": 1, "quue": {}',
    "types": '"pace": {"quiet": 5}',
    "clear": '"api": {"base_url": "http://api.1msg.io"}',
    "gap": '"device": {"name": "___"}',
    "gap-in-list": intake(allow=[{"user": "___"}]),
    "blank": api(channel=" "),
    "section": '"pace": 5',
    "url-no-web": api(base_url="ftp://api.1msg.io"),
    "url-host": api(base_url="https://-api..io:99999"),
    "url-port": api(base_url="https://api.1msg.io:080/"),
    "url-v6": api(base_url="https://[::g]"),
    "url-v6-cut": api(base_url="https://[::1"),
    "url-path": api(base_url="https://api.1msg.io/a?b"),
    "proxy": api(proxy="https://proxy.example:3128/"),
    "proxy-login": api(proxy="http://maria:secret@proxy.example:3128"),
    "path": api(ca_file="c.pem"),
    "path-folder": api(ca_file="/c/"),
    "path-control": api(ca_file="/c\n"),
    "path-long": api(ca_file="/" + "c" * 300),
    "interface": api(interface="a:b"),
    "pins": api(pins="x"),
    "pin": api(pins=["x"]),
    "pins-twice": api(pins=["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="] * 2),
    "pins-many": api(pins=["a"] * 20),
    "tokens": api(token_file=5),
    "token-text": api(token_file=[5]),
    "socket-long": intake(socket="/" + "s" * 110),
    "port": intake(http="192.0.2.1:8040"),
    "origin": intake(http="127.0.0.1:80", origins=["https://Kiosk.example", "https://kiosk.example:443"]),
    "allow-all": intake(allow={}),
    "allow-many": intake(allow=[{"user": "a"}] * 9),
    "allow-text": intake(allow=["a"]),
    "allow-both": intake(allow=[{"user": "a", "group": "b"}]),
    "allow-right": intake(allow=[{"user": "a", "rights": ["fly"]}]),
    "allow-rights": intake(allow=[{"user": "a", "rights": "send"}]),
    "allow-share": intake(allow=[{"user": "a", "share": "0%"}]),
    "app-text": intake(apps=["a"]),
    "app-twice": intake(apps=[{"name": "a", "token_sha256": SHA}] * 2),
    "app-name": intake(apps=[{"name": "A", "token_sha256": SHA}]),
    "app-sum": intake(apps=[{"name": "a", "token_sha256": "0a"}]),
    "app-missing": intake(apps=[{"name": "a"}]),
    "size": '"queue": {"size": "1GiB"}',
    "size-small": '"queue": {"size": 65536}',
    "size-kib": '"queue": {"size": "2048KiB"}',
    "size-bytes": '"queue": {"size": "2097152B"}',
    "unit": '"queue": {"write_unit": 3}',
    "unit-auto": '"queue": {"write_unit": "auto"}',
    "count": '"queue": {"messages_max": -1}',
    "flag": '"queue": {"volatile": "yes"}',
    "wait": '"retry": {"first": "soon"}',
    "wait-or-none": '"log": {"heartbeat": "1s"}',
    "word": '"log": {"level": "loud"}',
    "sandbox": '"sandbox": true',
    "minute": '"pace": {"quiet": {"from": "24:00", "to": "08:00", "zone": "UTC"}}',
    "quiet-never": '"pace": {"quiet": {"from": "08:00", "to": "08:00", "zone": "Europe/Berlin"}}',
    "quiet-missing": '"pace": {"quiet": {"from": "21:00", "to": "08:00"}}',
    "zone": '"pace": {"quiet": {"from": "21:00", "to": "08:00", "zone": "/etc/passwd"}}',
    "country": '"phone": {"country_code": "01"}',
    "prefix": '"phone": {"national_prefix": "x"}',
    "digits-many": '"phone": {"national_digits": [1, 2, 3, 4, 5]}',
    "digits-large": '"phone": {"national_digits": [99]}',
    "templates": '"templates": []',
    "template": '"templates": {"a": []}',
    "template-name": '"templates": {"a b": {}}',
    "template-near": '"templates": {"next-stp": {"name": "a"}}',
    "template-key": templates(a={"lang": "en"}),
    "template-language": templates(a={"language": "english!"}),
    "template-field": templates(a={"fields": ["a b"]}),
    "template-text": templates(a={"text": 5}),
    "template-text-long": templates(a={"text": "x" * 1025}),
    "templates-own": templates(**{f"own-{i}": {} for i in range(28)}),
    "templates-many": templates(**{f"own-{i}": {} for i in range(33)}),
}
WHOLE = {  # a form feed begins the next file
    "all": """{ // every section
  "api": {"base_url": "https://api.1msg.io", "channel": "VID1", "token_file": ["/t", "/u"], "ca_file": "/c",
          "connect_timeout": "10s", "answer_timeout": "30s", "interface": "wwan0",
          "pins": ["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="], "proxy": "http://proxy.example:3128",
          "proxy_login_file": "/etc/fieldpost/proxy-login"},
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
""",
    "list": "[]",
    "empty": "",
    "comment": "{/*",
    "comments": '{/* a\n*/"api": {"channel": "//\\"" }} // b',
    "text-cut": '{"api": "//\n',
    "text-end": '{"api": "//',
    "values": '{"api": [' + "0," * 6000 + "0]}",
    "large": '{"api": "' + "x" * 65536,
    "missing-section": "{}",
    "missing-key": '{"api": {}}',
    "files": "{" + API + '}\f{"log": {"level": "debug"}}\f{"log": {"levl": "debug"}}',
    "files-many": "{}\f" * 17,
    "files-texts": "\f".join(["{" + API + "}"] + ["{" + templates(**{f"t{i}": {"text": "é" * 1024}}) + "}"
                                                   for i in range(9)] + ["{" + templates(t0={"text": "x"}) + "}"]),
}
SETTINGS = WHOLE | {name: "{" + API + "}\f{" + more + "}" for name, more in LATER.items()}

ZONE, SERVERS, SECRET, LINES = b"\0", b"\1", b"\2", b"\3"
TZIF = b"TZif2" + bytes(15) + bytes(24)
DEVICE_FILES = {
    **{f"zone-{name}": ZONE + rule for name, rule in {
        "berlin": b"CET-1CEST,M3.5.0,M10.5.0/3", "south": b"<-03>3<-02>,M10.3.0/0,M2.3.0/0", "offset": b"+02:30:15",
        "julian": b"IST-2IDT,J60/26,J300/-1:30", "days": b"ABC+5DEF4,0,365/167:59:59", "fixed": b"<+0545>-5:45",
        "hours": b"ABC25", "month": b"ABC1DEF,M13.1.0,M1.1.0", "week": b"ABC1DEF,M1.6.0,M1.1.0",
        "weekday": b"ABC1DEF,M3.5.7,M1.1.0", "day": b"ABC1DEF,J0,J1", "summer": b"ABC1DEF", "half": b"ABC1DEF,M3.5.0",
        "no-summer": b"ABC1D", "open": b"<A", "short": b"AB1", "minutes": b"+02:60", "name": b"Europe/Berlin",
    }.items()},
    "tzif": ZONE + TZIF + b"\nEST5EDT,M3.2.0,M11.1.0\n",
    "tzif-no-rule": ZONE + TZIF + b"\n\n",
    "tzif-no-end": ZONE + TZIF,
    "tzif-long": ZONE + TZIF + b"\n<" + b"A" * 80 + b">1\n",
    "servers": SERVERS + b"# dhcp\nsearch example.net\nnameserver 192.0.2.53\r\n nameserver\t2001:db8:0:1::53 \n"
               b"nameserver ::ffff:192.0.2.7\nnameserver ::1\nnameserver [::]\nnameserver 1::\n",
    "servers-scope": SERVERS + b"nameserver fe80::1%lo\nnameserver fe80::1%\nnameserver fe80::2%no-such-interface\n",
    "servers-none": SERVERS + b"nameserver\nnameserver dns.example\nnameserver 192.0.2.256\nnameserver " + b"1" * 60,
    "token": SECRET + b"tok-7Qm2Zr9Lw4Xk8Pv1\n",
    "token-empty": SECRET + b" \r\n",
    "token-blank": SECRET + b"a b",
    "token-long": SECRET + b"a" * 5000,
    "token-bytes": SECRET + b"a\xff",
    "lines": LINES + b"a\n\n" + b"b" * 100 + b"\n" + b"c" * 101 + b"\nd\r\n" + b"e" * 1200 + b"\nf",
    "lines-none": LINES,
}
