"""Mail made to hurt, and an honest big one: seconds and memory of reading each; and mails read per second."""

from __future__ import annotations

import base64
import time
import tracemalloc
from email import message_from_bytes

from benchmarks.mail.judging import NOW
from benchmarks.mail.killers import KILLERS
from benchmarks.mail.lines import Line
from workers.understanding import understand

SIZE = 400_000
LARGE = 10_000_000
MOST_SECONDS = 1.0
MARK, BORDER = "## reply above this line ##", "mx"
MOST_MEMORY = 14  # times the mail's own size, and never counted below 64 MB


def judge_hostile() -> list[Line]:
    lines = [_read(name, raw) for name, raw in hostile_mails().items()]
    return lines + [_read(f"10 MB: {name}", make(LARGE)) for name, make in KILLERS.items()]


def judge_speed(raws: list[bytes]) -> list[Line]:
    """Best of three rounds over the whole corpus, one core."""
    ours = min(_round(raws, ours=True) for _ in range(3))
    stdlib = min(_round(raws, ours=False) for _ in range(3))
    size = sum(map(len, raws)) / len(raws) / 1000
    told = f"{len(raws) / ours:,.0f} understood, {len(raws) / stdlib:,.0f} only parsed by the stdlib (mails of {size:.1f} kB)"
    return [Line("per second on one core", told)]


def hostile_mails() -> dict[str, bytes]:
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
        "10 MB of header fields": b"X-A: b\n" * 1_500_000,
        "10 MB in one header": b"Subject: " + b"=?utf-8?q?a?= " * 750_000,
        "10 MB of newlines": head + b"\n" * 10_000_000,
        "10 MB of paragraphs": head.replace(b"plain", b"html") + b"<p>hello <b>world</b></p>\n" * 400_000,
        "10 MB of what is almost a boundary": attached[:70] + (b"--b " + b" " * 50) * 190_000,
        "9,000 attachments": attached[:70] + b"--b\nContent-Type: image/png; name=a.png\n\nx\n" * 9_000,
        "1 MB of every byte, in a charset nobody knows": head.replace(b"utf-8", b"x") + bytes(range(1, 256)) * 4_000,
        "10 MB of base64 in UTF-7": head.replace(b"utf-8", b"utf-7\nContent-Transfer-Encoding: base64")
        + base64.encodebytes(b"+AGEAYQBh-" * 700_000),
        "400 kB of signatures": head + b"-- \n" * (SIZE // 4),
        "400 kB of absences": head.replace(b"x\n", b"Out of office: x\n", 1) + b"back until to 1.1. " * (SIZE // 19),
        "400 kB of refusals": failed + b"<a@b.c>:\n550 user mailbox over a " * (SIZE // 34),
        "400 kB of results of a border": b"Authentication-Results: mx; " + b"dkim=pass header.d=( " * (SIZE // 21),
        "400 kB of open HTML": head.replace(b"plain", b"html") + b"<div><!-- " * (SIZE // 10),
    }


def _read(name: str, raw: bytes) -> Line:
    started = time.process_time()
    understand(raw, NOW, MARK, BORDER)
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
