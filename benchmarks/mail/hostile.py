"""Mail made to hurt, and an honest big one: seconds and memory of reading each; and mails read per second."""

from __future__ import annotations

import base64
import time
import tracemalloc
from email import message_from_bytes

from benchmarks.mail.judging import NOW
from benchmarks.mail.lines import Line
from workers.understanding import understand

SIZE = 400_000
MOST_SECONDS = 1.0
MOST_MEMORY = 20  # times the mail's own size, and never counted below 64 MB


def judge_hostile() -> list[Line]:
    return [_read(name, raw) for name, raw in _mails().items()]


def judge_speed(raws: list[bytes]) -> list[Line]:
    """Best of three rounds over the whole corpus, one core."""
    ours = min(_round(raws, ours=True) for _ in range(3))
    stdlib = min(_round(raws, ours=False) for _ in range(3))
    size = sum(map(len, raws)) / len(raws) / 1000
    told = f"{len(raws) / ours:,.0f} understood, {len(raws) / stdlib:,.0f} only parsed by the stdlib (mails of {size:.1f} kB)"
    return [Line("per second on one core", told)]


def _mails() -> dict[str, bytes]:
    head = b"From: a@them.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(20_000))
    big = base64.encodebytes(bytes(range(256)) * 30_000)
    attached = b'From: a@them.example\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nsee attached\n--b\n'
    attached += b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + big + b"\n--b--\n"
    failed = b"From: MAILER-DAEMON@them.example\nSubject: failure notice\n\n"
    return {
        "a 10 MB mail with an attachment": attached,
        "10 MB of text": head + b"the quick brown fox jumps over the lazy dog\n" * 230_000,
        '400 kB of "On On On"': head + b"On " * (SIZE // 3),
        '400 kB of lines "On On On"': head + b"On On On\n" * (SIZE // 9),
        "400 kB of newlines": head + b"\n" * SIZE,
        "400 kB of nested parts": nested[:SIZE],
        '400 kB of "From: a" lines': head + b"From: a\n" * (SIZE // 8),
        '400 kB of "From: a" as headers': b"From: a\n" * (SIZE // 8),
        "400 kB of announcements": head + b"On 1 Jan 2016 at 10:30, a@b.c wrote:\n" * (SIZE // 37),
        "400 kB of marks": head + b"> " * (SIZE // 2),
        "400 kB of addresses in a bounce": failed + b"<a@b.c>: no such user\n" * (SIZE // 22),
        "400 kB of one word in a bounce": failed + b"a" * SIZE,
        "400 kB of open HTML": head.replace(b"plain", b"html") + b"<div><!-- " * (SIZE // 10),
    }


def _read(name: str, raw: bytes) -> Line:
    started = time.process_time()
    understand(raw, NOW)
    seconds = time.process_time() - started
    tracemalloc.start()
    understand(raw, NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    most = max(64_000_000, MOST_MEMORY * len(raw))
    told = f"{seconds * 1000:.0f} ms, {peak / 1e6:.0f} MB"
    return Line(name, told, f"under {MOST_SECONDS:.0f} s, {most / 1e6:.0f} MB", seconds < MOST_SECONDS and peak < most)


def _round(raws: list[bytes], ours: bool) -> float:
    started = time.process_time()
    for raw in raws:
        if ours:
            understand(raw, NOW)
        else:
            message_from_bytes(raw)
    return time.process_time() - started
