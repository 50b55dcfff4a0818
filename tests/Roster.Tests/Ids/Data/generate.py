#!/usr/bin/env python3
"""Writes ids.tsv and placement.tsv beside this file: the golden vectors of ids and placement (docs: IdLayout, Placement).

Independent of Roster's code on purpose: only hashlib, hmac, struct and uuid. Run it to check, never to make a failing test pass:
ids that exist carry their bucket for ever.
"""
import hashlib
import hmac
import pathlib
import struct
import uuid

HERE = pathlib.Path(__file__).resolve().parent


def stream(seed: str):
    """Numbers that are the same on every machine."""
    counter = 0
    while True:
        yield struct.unpack(">Q", hashlib.sha256(f"{seed} {counter}".encode()).digest()[:8])[0]
        counter += 1


def layout(ms: int, bucket: int, rand: int) -> str:
    """RFC 9562, 5.7: 48 bits milliseconds, version 7, 12 bits (the bucket), variant 10, 62 bits."""
    value = ms << 80 | 7 << 76 | bucket << 64 | 2 << 62 | rand & (1 << 62) - 1
    made = uuid.UUID(int=value)
    assert made.version == 7 and made.variant == uuid.RFC_4122
    return str(made)


def ids():
    edges = [
        (ms, bucket, rand)
        for ms in (0, 1_700_000_000_000, (1 << 48) - 1)
        for bucket in (0, 4095)
        for rand in (0, (1 << 64) - 1)
    ]
    numbers = stream("ids")
    drawn = [(next(numbers) % (1 << 41), next(numbers) % 4096, next(numbers)) for _ in range(28)]
    return [(*row, layout(*row)) for row in edges + drawn]


def bucket_of(secret: bytes, tenant: str, key: str) -> int:
    digest = hmac.new(secret, tenant.encode() + b"\0" + key.encode(), hashlib.sha256).digest()
    return struct.unpack(">Q", digest[:8])[0] % 4096


def placements():
    secrets = [bytes(32), bytes([255]) * 32, bytes(range(32)), hashlib.sha256(b"placement").digest()]
    keys = [
        "a@b.c",
        "ada@example.com",
        "o'brien+tag@example.org",
        "zo\u00eb@xn--mnchen-3ya.de",
        "\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c3@example.gr",
        "\u5c71\u7530\u592a\u90ce@example.jp",
        "\U0001f600@example.com",
        "x" * 64 + "@" + "y" * 63 + ".example",
    ]
    rows = [(secret, "default", key) for secret in secrets for key in keys]
    rows += [(secrets[2], tenant, key) for tenant in ("other", "m\u00fcnchen", "") for key in keys[:3]]
    rows += [(secrets[3], "default", "\u00e9" * 120 + "@" + "z" * 60 + ".example")]
    return [(secret.hex(), tenant, key, bucket_of(secret, tenant, key)) for secret, tenant, key in rows]


def write(name: str, head: str, rows) -> None:
    lines = [head] + ["\t".join(str(field) for field in row) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


write("ids.tsv", "# unix milliseconds\tbucket\trandom (64 bits, the low 62 count)\tid", ids())
write("placement.tsv", "# secret (hex)\ttenant\te-mail key\tbucket", placements())
