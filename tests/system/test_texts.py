"""Hostile texts on the whole road: each arrives byte for byte as JSON.stringify writes it, or is
refused with its field named. Nothing in between."""

import json
import unittest

from harness import SystemTest, request, vendor_body

PASS = [
    'quote " quote', "back \\ slash", "\\", '"', "\\\\\"\\\"", "\\n", "\\u0041", "\\ud83d", "a\\",
    "'single'", "<b>bold</b>", "</script>", "&amp;", "{{1}}", "{{2}} {{3}}", "{}", "[]", "null",
    "true", "0", "-0", "1e999", "%s %n %x", "%00", "../../etc/passwd", "$(reboot)", "`id`", "; ls",
    "' OR 1=1 --", "\u00e9", "e\u0301", "ß", "ﬀ", "İ", "ı", "Ω", "Ж", "日本語", "한국어", "ไทย",
    "עברית", "العربية", "हिन्दी", "👍", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "𝔘𝔫𝔦", "𠜎", "\U0010fffd", "\ufffd",
    "a\u200bb", "\u200e left", "\u202e txt", "\u2066 isolated \u2069", "\ufeff bom",
    "a\u00a0b", "a\u3000b", "\ue000 private",
    "a    b", " a", "a ", "x" * 900, "😀" * 900, "é" * 900, '"' * 900, "\\" * 900, "/", "//", "\\/",
    "http://x.example/?a=b&c=d#e", "line with trailing dot.", "…", "—", "‘’“”", "№ 5", "½", "√2",
    "\u0300 alone", "a" + "\u0301" * 50, "\u0600", "﷽", "\ufdd0", "\uffff", "\U0001ffff",
    "\u007e", "|", "^", "~", "#", "@", "1,5 €", "10:00–12:00",
]
REFUSE = [
    "", " ", "     ", "\u3000", "a     b", "\n", "a\nb", "a\rb", "a\r\nb", "a\tb", "\x00", "a\x00b", "\x01",
    "\x1b[2J", "\x07", "\x7f", "a\x7f", "\x80", "\x85", "\x9b", "\u00a0",
    "\u200d", "\U000e0041", "\u2028 line", "\u2029 paragraph", "x" * 1025, "😀" * 1025,
]
BYTES = [b"\xff", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xed\xb0\x80", b"\xf0\x80\x80\x80",
         b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\x80", b"\xbf", b"a\x80b", b"\xc3", b"\xe2\x82",
         b"\xf0\x9f\x98", b"\xfe\xff", b"\xc3\x28", b"\xe2\x28\xa1", b"\xf0\x28\x8c\xbc"]


class Texts(SystemTest):
    def test_there_are_enough_of_them(self):
        self.assertGreaterEqual(len(PASS) + len(REFUSE) + len(BYTES), 100)

    def test_equal_in_every_byte_or_refused(self):
        """Some of what passes here may be refused later; none may be changed."""
        self.device.start()
        lines = [json.dumps(request(text, to=f"1202555{100 + n % 100:04}"), ensure_ascii=n % 2 == 0)
                 for n, text in enumerate(PASS + REFUSE)]
        done = self.device.command("send", "--stdin", stdin="\n".join(lines))
        answers = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(len(answers), len(lines))
        expected = {}
        for n, (text, answer) in enumerate(zip(PASS + REFUSE, answers)):
            with self.subTest(text=text[:40]):
                self.assertEqual(answer["ok"], n < len(PASS), answer)
                if answer["ok"]:
                    body = vendor_body("next_step", ["Maria", "loan application", text],
                                       f"1202555{100 + n % 100:04}")
                    expected[body] = 1
                else:
                    # A NUL is refused before there is a field.
                    self.assertEqual(answer.get("field", "nextStep"), "nextStep")
                    self.assertIn(answer["error"], ("invalid", "too_long"))
        self.device.wait_accepted(len(expected))
        self.assertEqual(self.simulator.deliveries(), expected)
        self.assertNoProblems()

    def test_bytes_that_are_no_utf8_are_refused(self):
        self.device.start()
        for text in BYTES:
            with self.subTest(text=text):
                line = json.dumps(request("HERE")).encode().replace(b"HERE", text)
                done = self.device.command("send", "--stdin", stdin=line)
                self.assertEqual(json.loads(done.out)["error"], "invalid")
        for escape in (b"\\ud800", b"\\udc00", b"\\ud800\\u0041", b"\\udc00\\ud800", b"\\u12", b"\\x41",
                       b"\\u0000", b"\\"):
            with self.subTest(escape=escape):
                line = json.dumps(request("HERE")).encode().replace(b"HERE", escape)
                done = self.device.command("send", "--stdin", stdin=line)
                self.assertEqual(json.loads(done.out)["error"], "invalid")
        self.assertEqual(self.device.messages(), {})

    def test_the_command_line_takes_the_same_bytes(self):
        self.device.start()
        texts = ['quote " and \\ slash', "日本語 👍", "-", "--to", "a=b", "\u202e txt"]
        for n, text in enumerate(texts):
            done = self.device.command("send", "next-step", f"--to=1202555{100 + n:04}",
                                       "--customer-name=Maria", "--process=x", f"--next-step={text}")
            self.assertEqual(done.code, 0, done.err)
        self.device.wait_accepted(len(texts))
        self.assertOnce([vendor_body("next_step", ["Maria", "x", text], f"1202555{100 + n:04}")
                         for n, text in enumerate(texts)])


if __name__ == "__main__":
    unittest.main()
