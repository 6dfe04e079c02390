"""The simulator's second door, for programs in other languages: plain HTTP and JSON on loopback.

    GET  /stats      counts, and how often each body was accepted
    GET  /journal    everything that arrived, one object a line
    POST /behaviour  a rule, or a list of rules; fields as in rules.py
    POST /reset      forget the rules and the journal
    POST /network    {"up": false}: not listening any more, and back again
"""

import http.server
import json
import threading

from rules import Rule


def start(simulator, port=0):
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/stats":
                self._say(200, json.dumps(simulator.stats()))
            elif self.path == "/journal":
                self._say(200, "".join(json.dumps(e) + "\n" for e in simulator.journal.entries()))
            else:
                self._say(404, "{}")

        def do_POST(self):
            size = int(self.headers.get("Content-Length", "0"))
            try:
                wanted = json.loads(self.rfile.read(size) or b"{}")
                if self.path == "/behaviour":
                    rules = wanted if isinstance(wanted, list) else [wanted]
                    for rule in [Rule(**fields) for fields in rules]:
                        simulator.rules.add(rule)
                elif self.path == "/reset":
                    simulator.reset()
                elif self.path == "/network":
                    (simulator.start if wanted["up"] else simulator.stop)()
                else:
                    return self._say(404, "{}")
            except (KeyError, TypeError, ValueError) as why:
                return self._say(400, json.dumps({"error": str(why)}))
            return self._say(200, '{"ok":true}')

        def _say(self, status, text):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
