"""What nobody types but anybody may send. Bytes are sent as they are: they need not be UTF-8."""

from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SCRIPT = "<script>alert('Canary')</script>"
VALUES: dict[str, str | bytes | list[str] | None] = {
    "missing": None,
    "empty": "",
    "nul": "\x00",
    "nul inside": "5\x00",
    "lone surrogate": b"\xed\xa0\x80",
    "no utf-8": b"\xff\xfe\xc3",
    "huge number": "9" * 400,
    "beyond 64 bits": "99999999999999999999",
    "negative": "-1",
    "no number": "NaN",
    "another digit": "\u0665",
    "twice": ["1", "7"],
    "both kinds": ["", SCRIPT],
    "script": SCRIPT,
    "formula": "=cmd|' /C calc'!A0",
    "sql": "' OR 1=1; --",
    "path": "../../../etc/passwd",
    "header": "x\r\nSet-Cookie: canary=1",
    "no id": "not-an-id",
    "an id": "00000000-0000-0000-0000-000000000000",
    "another site": "//evil.example/",
    "emoji": "👩\u200d👩\u200d👧\u200d👦🏴\u200d☠️",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-30",
    "object": '{"$ne": null}',
    "long": "x" * 5000,
    "longer": "é" * 20_000,
}
# What one engine may store, compare or refuse in another way than the other: characters, numbers, ids, days, lengths.
TAKEN_BY_ENGINES = [
    *("missing", "nul", "nul inside", "lone surrogate", "no utf-8", "huge number", "beyond 64 bits", "negative"),
    *("no number", "another digit", "no id", "an id", "emoji", "first day", "last day", "longer"),
]
PATHS = (
    *(
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "..%2f..%2fetc",
        "%2e%2e/",
        "\u202e",
        "👩",
        "x" * 3000,
        "-1",
        "%0d%0aSet-Cookie:a=1",
    ),
    *("00000000-0000-0000-0000-000000000000", "<script>", "=1+1", "{{7}}", "'--", ";", "%", "%zz", "a:b", "?%00=%00"),
)
BODIES = {
    "JSON": ("application/json", b'{"goals": [1, null], "note": "\\ud800"}'),
    "broken JSON": ("application/json", b'{"goals": '),
    "no kind": ("", b"note=1"),
    "another kind": ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    "parts without a border": ("multipart/form-data", b"--x\r\n\r\n"),
    "broken parts": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n1'),
    "a file for a field": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="note"; filename="../a.exe"\r\n\r\n\x00\xff\r\n--x--\r\n',
    ),
    "another charset": ("application/x-www-form-urlencoded; charset=utf-16", b"note=%ff%fe"),
    "no charset": ("application/x-www-form-urlencoded; charset=nonsense", b"note=1"),
    "no pairs": ("application/x-www-form-urlencoded", b"&&=&;%%%=%\x00"),
    "1200 fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1200))),
    "10 MB": ("application/x-www-form-urlencoded", b"note=" + b"x" * 10_000_000),
}


def pairs(fields: dict[str, list[str]], name: str, value: str | bytes | list[str] | None) -> Iterator[bytes]:
    """Yield every field as it is sent, the named one with this value instead."""
    for key, values in fields.items():
        if key != name:
            yield from (f"{quote_plus(key)}={quote_plus(each)}".encode() for each in values)
    sent = value if isinstance(value, list) else [] if value is None else [value]
    for each in sent:
        yield f"{quote_plus(name)}={quote(each, safe='')}".encode()


def encoded(fields: dict[str, list[str]], name: str, value: str | bytes | list[str] | None) -> bytes:
    return b"&".join(pairs(fields, name, value))
