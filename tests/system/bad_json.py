"""Bodies that are no JSON text, or none that has one meaning, whichever way in they take. Each is a
good request spoiled in one place, so that nothing but the fault is a reason to refuse it. The unit
tests have more of them (tests/agent/json/texts.h)."""

import json

from harness import request

GOOD = json.dumps(request("must not be sent"), separators=(",", ":")).encode()


def spoiled(old, new):
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


BAD_JSON = {
    "cut off": GOOD[:-1],
    "cut off in a name": GOOD[:20],
    "more behind it": GOOD + b"}",
    "a second one behind it": GOOD + GOOD,
    "a zero behind it": GOOD + b"\0",
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "in UTF-16": GOOD.decode().encode("utf-16-le"),
    "a comma too many": spoiled(b"}}", b"},}"),
    "a comma too many inside": spoiled(b"}}", b",}}"),
    "no comma": spoiled(b',"to"', b'"to"'),
    "no colon": spoiled(b'"to":', b'"to" '),
    "two colons": spoiled(b'"to":', b'"to"::'),
    "a name without quotes": spoiled(b'"to":', b"to:"),
    "single quotes": GOOD.replace(b'"', b"'"),
    "a comment": spoiled(b',"to"', b'/* */,"to"'),
    "a comment to the end of a line": spoiled(b',"to"', b'//\n,"to"'),
    "a line break in a text": spoiled(b"must not", b"must\nnot"),
    "a tab in a text": spoiled(b"must not", b"must\tnot"),
    "a zero in a text": spoiled(b"must not", b"must\0not"),
    "an escaped zero": spoiled(b"must not", b"must\\u0000not"),
    "an unknown escape": spoiled(b"must not", b"must\\xnot"),
    "half an escape": spoiled(b"must not", b"must\\u00"),
    "half a pair": spoiled(b"must not", b"must\\ud83dnot"),
    "the other half": spoiled(b"must not", b"must\\ude00not"),
    "a byte of no UTF-8": spoiled(b"must not", b"must\xffnot"),
    "a cut UTF-8 sequence": spoiled(b"must not", b"must\xe2\x82not"),
    "an overlong slash": spoiled(b"must not", b"must\xc0\xafnot"),
    "a surrogate in UTF-8": spoiled(b"must not", b"must\xed\xa0\x80not"),
    "beyond Unicode": spoiled(b"must not", b"must\xf4\x90\x80\x80not"),
    "a name twice": spoiled(b',"to"', b',"to":"12025550199","to"'),
    "a name twice by its escape": spoiled(b',"to"', b',"\\u0074o":"12025550199","to"'),
    "a number for the phone": spoiled(b'"12025550123"', b"12025550123"),
    "a leading zero": spoiled(b'"12025550123"', b"012025550123"),
    "NaN": spoiled(b'"12025550123"', b"NaN"),
    "null": spoiled(b'"12025550123"', b"null"),
    "a capital True": spoiled(b'"12025550123"', b"True"),
    "deep": spoiled(b'"12025550123"', b"[" * 1000 + b"]" * 1000),
    "deep and open": b"[" * 10_000,
    "a list around it": b"[" + GOOD + b"]",
    "a text around it": json.dumps(GOOD.decode()).encode(),
    "larger than 16 KiB": GOOD + b" " * (17 << 10),
    "nothing": b"",
    "a blank": b" ",
}
