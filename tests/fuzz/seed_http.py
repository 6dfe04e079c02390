"""The corpus's HTTP: what servers answer, and what local programs and browsers ask."""
import base64


def http(text):
    return text.replace("\n", "\r\n").encode("latin-1")


def posted(path, body, more=""):
    return f"POST {path} HTTP/1.1\nHost: 127.0.0.1:8040\nContent-Type: application/json\n{more}" \
           f"Content-Length: {len(body)}\n\n{body}"


BODY = '{"sent":true,"id":"wamid.1","message":"Sent"}'
# What comes to the port in one piece each; a browser's page is "ours" where its Host says so.
OURS = "Host: 127.0.0.1:8040\nOrigin: http://127.0.0.1:8040\n"
PAGE = "Host: 127.0.0.1:8040\nOrigin: https://kiosk.example\n"


def later(date):
    return f"HTTP/1.1 503 x\nRetry-After: {date}\nContent-Length: 0\n\n"


ANSWERS = {
    "plain": f"HTTP/1.1 200 OK\nContent-Type: application/json; charset=utf-8\nContent-Length: {len(BODY)}\n"
             f"Keep-Alive: timeout=5\n\n{BODY}",
    "chunked": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5;a=b\n{\"a\":\n2\n1}\n0\nTrailer: x\n\n",
    "until-end": "HTTP/1.0 200 OK\n\n{}",
    "interim": "HTTP/1.1 100 Continue\n\nHTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 204 No Content\n\n",
    "interim-body": "HTTP/1.1 103 x\nContent-Length: 2\n\n{}",
    "later": "HTTP/1.1 429 Too Many Requests\nRetry-After: 120\nContent-Length: 0\n\n",
    "date": "HTTP/1.1 503 x\nRetry-After: Fri, 20 Nov 2026 09:12:00 GMT\nConnection: close\nContent-Length: 2\n\n{}",
    "date-rfc850": later("Friday, 20-Nov-26 09:12:00 GMT"),
    "date-asctime": later("Fri Nov  6 09:12:00 2026"),
    "date-no-day": later("Fri, 00 Nov 2026 09:12:00 GMT"),
    "date-broken": later("Fri, 2x Nov 2026 09:12:00 GMT"),
    "later-soon": later("soon"),
    "later-large": later("9" * 21),
    "later-twice": "HTTP/1.1 503 x\nRetry-After: \nKeep-Alive: max=5\nContent-Length: 0\n\n",
    "redirect": "HTTP/1.1 302 Found\nLocation: http://portal.example/\nContent-Length: 0\n\n",
    "length-and-chunks": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nContent-Length: 2\n\n0\n\n",
    "length-no-number": "HTTP/1.1 200 OK\nContent-Length: 2x\n\n{}",
    "length-too-large": "HTTP/1.1 200 OK\nContent-Length: 17000\n\n{}",
    "gzip": "HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\n{}",
    "bad-chunk": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nzz\n{}\n",
    "much-framing": "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;" + "a" * 9000 + "\nx\n0\n\n",
    "large-head": "HTTP/1.1 200 OK\nX: " + "a" * 9000 + "\n\n",
    "large-body": "HTTP/1.1 200 OK\n\n" + "a" * 17000,
    "two-lengths": "HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 3\n\n{}x",
    "folded": "HTTP/1.1 200 OK\nX: a\n b\nContent-Length: 0\n\n",
    "control": "HTTP/1.1 200 OK\nX: a\x01b\n\n",
    "control-at-once": "\x01HTTP/1.1 200 OK\n\n",
    "no-http": "SSH-2.0-OpenSSH_9.2\n",
    "no-status": "HTTP/1.1 2x0 OK\n\n",
    "status-600": "HTTP/1.1 600 x\n\n",
    "http-2": "HTTP/2.0 200 OK\n\n",
    "nothing": "",
    "cut-head": "HTTP/1.1 200 OK\nContent-Le",
    "cut-body": "HTTP/1.1 200 OK\nContent-Length: 5\n\n{}",
    "beyond": "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}HTTP/1.1 200 OK\n",
    "upgrade": "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: upgrade\n\n",
}
OF_PROXIES = {
    "proxy-yes": "HTTP/1.0 200 Connection established\nContent-Length: 9\n\n",
    "proxy-no": "HTTP/1.1 407 x\nProxy-Authenticate: Basic\nTransfer-Encoding: y\n\nno",
}

ASK = ('{"scenario":"next-step","to":"+1 202 555-0123","fields":{"customerName":"Maria","process":"loan",'
       '"nextStep":"Sign here."},"language":"en","key":"visit-881-3","topic":"visit-881","ttl":"8h",'
       '"not_before":"+10m","operator":"kiosk 4"}')


def said(first, lines="Host: a\n"):
    return f"{first} HTTP/1.1\n{lines}\n"


REQUESTS = {
    "post": f"POST /v1/messages HTTP/1.1\nHost: localhost\nContent-Type: application/json\n"
            f"Content-Length: {len(ASK)}\n\n{ASK}",
    "two": "GET /v1/status HTTP/1.1\nHost: a\n\nGET /healthz HTTP/1.1\nHost: a\nConnection: close\n\n",
    "chunked": "POST /v1/pause HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nExpect: 100-continue\n\n2\n{}\n0\n\n",
    "old": "GET /metrics HTTP/1.0\n\n",
    "relay": "GET /v1/messages/1 HTTP/1.1\nHost: a\nFieldpost-Source: coap:door-1 20\n\n",
    "smuggled": "POST / HTTP/1.1\nHost: a\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n",
    "relay-all": said("GET /v1/events", "Host: a\nFieldpost-Source: coap:\n"),
    "relay-user": said("GET /v1/events", "Host: a\nFieldpost-Source: uid:0\n"),
    "relay-share": said("GET /v1/events", "Host: a\nFieldpost-Source: coap:door-1 101\n"),
    "relay-twice": said("GET /", "Host: a\nFieldpost-Source: coap:a\nFieldpost-Source: coap:b\n"),
    "absolute": said("GET http://localhost/v1/status"),
    "absolute-bare": said("GET http://localhost"),
    "long-target": said("GET /" + "a" * 1100),
    "no-host": said("GET /", ""),
    "two-hosts": said("GET /", "Host: a\nHost: b\n"),
    "two-types": said("GET /", "Host: a\nContent-Type: text/plain; x\nContent-Type: text/html\n"),
    "expects-more": said("GET /", "Host: a\nExpect: 200-ok\n"),
    "gzip": said("POST /", "Host: a\nTransfer-Encoding: gzip\n"),
    "length-too-large": said("POST /", "Host: a\nContent-Length: 17000\n"),
    "put": said("PUT /v1/status"),
    "no-method": said("FOO /"),
    "star": said("CONNECT a:1"),
    "http-2": "PRI * HTTP/2.0\n\nSM\n\n",
    "http-9": "GET / HTTP/9.9\nHost: a\n\n",
}
WEB = {
    "preflight": "OPTIONS /v1/messages HTTP/1.1\nHost: 127.0.0.1:8040\nOrigin: https://kiosk.example\n"
                 "Access-Control-Request-Method: POST\nAccess-Control-Request-Private-Network: true\n\n",
    "page": "GET /v1/status HTTP/1.1\nHost: 127.0.0.1:8040\nOrigin: https://kiosk.example\n"
            "Sec-Fetch-Site: cross-site\nAuthorization: Bearer abc\nCookie: a=b\n\n",
    "page-own": said("GET /v1/status", OURS + "Sec-Fetch-Site: same-origin\n"),
    "page-evil": said("GET /v1/status", "Host: 127.0.0.1:8040\nOrigin: https://evil.example\n"),
    "page-frame": said("GET /v1/status", "Host: localhost:8040\nSec-Fetch-Site: cross-site\n"),
    "page-rebound": said("GET /v1/status", "Host: evil.example:8040\n"),
    "page-twice": said("GET /", PAGE + "Origin: https://kiosk.example\n"),
    "options-app": said("OPTIONS /v1/messages", "Host: 127.0.0.1:8040\n"),
    "health": said("GET /healthz", "Host: localhost:8040\n"),
    "token-in-url": said("GET /v1/status?token=abc", "Host: 127.0.0.1:8040\n"),
    "form": "POST /v1/messages HTTP/1.1\nHost: 127.0.0.1:8040\nContent-Length: 0\n\n",
    "session": posted("/v1/session", '{"pin":"4711","operator":"Ann"}', "Origin: http://127.0.0.1:8040\n"),
    "session-wrong-pin": posted("/v1/session", '{"pin":"4712","operator":"Ann"}'),
    "session-no-pin": posted("/v1/session", '{"operator":"Ann"}'),
    "session-nobody": posted("/v1/session", '{"pin":"4711"}'),
    "session-more": posted("/v1/session", '{"pin":"4711","operator":"Ann","rights":[]}'),
    "session-list": posted("/v1/session", '["4711"]'),
    "basic": said("GET /plain", OURS + f"Authorization: Basic {base64.b64encode(b'ann:4711').decode()}\n"),
    "basic-no-pin": said("GET /plain", OURS + f"Authorization: Basic {base64.b64encode(b'4711').decode()}\n"),
    "basic-broken": said("GET /plain", OURS + "Authorization: Basic YW5+/Oj!\n"),
    "basic-digits": said("GET /plain", OURS + "Authorization: Basic Pz8/+Pj4+\n"),
}
