"""``python -m benchmarks.mail.fuzz --minutes 10``: mails nobody would write, until one of them breaks a promise of understanding.

Promises: no error for any bytes, none takes a second, no word lost. Two engines: hypothesis builds mails from the words of
clients and servers, atheris (``pip install atheris``; CPython up to 3.11) mutates them by coverage. A find is written to the
folder of ``--keep`` and belongs into ``tests/test_understanding_hostile.py``.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.mail.judging import NOW
from models.addresses import NULL_SENDER
from workers import quoting
from workers.understanding import at_return_address, understand

MOST_SECONDS = 1.0
MARK = "## reply above this line ##"
HEADS = [
    "From: a@b.example", "From: MAILER-DAEMON", "Subject: failure notice", "Subject: =?utf-8?b?w6Q=?=",
    "Auto-Submitted: auto-replied",
    "Return-Path: <>", "References: <a@b> c@d, <e", "Content-Type: text/plain; charset=utf-7", "Content-Type: text/html",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/alternative; boundary=b", "Content-Transfer-Encoding: base64", "List-Id: <a.b>",
    "Content-Transfer-Encoding: quoted-printable", "Authentication-Results: mx; dmarc=fail", "Content-Disposition: attachment",
    'From: "a\\" (b <c@d.example>, e@f.example; g:', "Content-Type: text/plain; charset=iso-2022-jp", "Subject: 回=?gbk?B?xOM=?=",
    "Content-Type: application/pkcs7-mime", "Content-Type: text/plain; charset=gb2312", "List-Id: <care.us.example>",
    "Content-Type: message/delivery-status", "Content-Type: message/rfc822", "Content-Type: message/feedback-report", " folded",
]  # fmt: skip
LINES = [
    "", "words of mine", "> quoted", ">> twice", "| a | b |", "-- ", "--", "_____", "--b", "--b--", MARK, "Sent from my iPhone",
    "On Mon, Feb 1, 2016 at 4:58 AM Ann <a@us.example> wrote:", "On Mon, Feb 1, 2016 at 4:58 AM Ann", "<a@us.example> wrote:",
    "Am 01.02.2016 um 04:58 schrieb Ann:", "-----Original Message-----", "From: Ann <a@us.example>", "Sent: Monday", "To: Kim",
    "Subject: it", "Von: Ann", "Gesendet: Montag", "Betreff: es", "Le 1/2/2016 à 4:58, Ann a écrit :", "I am back on Monday",
    "away until 30 November 2026", "bis zum 5.", "<a@b.example>:", "550 5.1.1 user unknown", "Final-Recipient: rfc822; a@b.example",
    "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 no", "<div><blockquote>", "<!-- ", "</pre>", "&#x110000;",
    "=3D=", "\x1b$B-!F|\x1b(B", "<img src='data:image/png;base64,AAAA", "This is HTML.",
    "=?utf-8?q?=41?=", "\u202e\u200f", "\u00a0", "C> x", ">>> a 1:11 >>>", "{\"Message\": \"{\"}",
    "see my answers below, in red", "Gesendet mit DHL, Sendungsnummer 0034", "Kim Müller", "+49 30 123456", "rcpt to: a@b.example",
    "Original Message", "On Mon, Feb 1, 2016 at 4:58 AM, Ann<a@us.example> wrote:   it?",
]  # fmt: skip


def promise(raw: bytes) -> None:
    """Raises where a promise is broken."""
    started = time.process_time()
    found = at_return_address(understand(raw, NOW, MARK, "mx", NULL_SENDER, ("us.example",)))
    seconds = time.process_time() - started
    assert seconds < MOST_SECONDS, f"{seconds:.1f} s"
    for text in (found.subject, found.from_name, found.from_address, found.text, found.quoted, *found.to):
        text.encode()
        assert "\x00" not in text


def no_word_lost(text: str) -> None:
    written, quoted = quoting.split(text, MARK)
    assert Counter(f"{written}\n{quoted}".split()) == Counter(text.split()), "words were lost"


def mails() -> st.SearchStrategy[bytes]:
    head, line = st.sampled_from(HEADS) | st.text(max_size=30), st.sampled_from(LINES) | st.text(max_size=60)
    joined = st.tuples(st.lists(head, max_size=8), st.lists(line | head, max_size=40), st.sampled_from(["\n", "\r\n"]))
    return joined.map(lambda m: (m[2].join(m[0]) + m[2] * 2 + m[2].join(m[1])).encode("utf-8", "replace")) | st.binary(
        max_size=400
    )


def main(
    minutes: Annotated[float, typer.Option(help="How long.")] = 10.0,
    engine: Annotated[Literal["hypothesis", "atheris"], typer.Option(help="Which engine.")] = "hypothesis",
    keep: Annotated[Path, typer.Option(help="Where finds are written.")] = Path("var/fuzz"),
) -> None:
    """Exit code 0: nothing found in that time."""
    keep.mkdir(parents=True, exist_ok=True)
    if engine == "atheris":
        _by_coverage(minutes, keep)
    else:
        _by_words(minutes, keep)


def _by_words(minutes: float, keep: Path) -> None:
    end, tried = time.monotonic() + minutes * 60, 0

    @settings(
        max_examples=2_000,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(mails())
    def search(raw: bytes) -> None:
        _kept(raw, keep)
        no_word_lost(raw.decode("utf-8", "replace").replace("\r", ""))

    while time.monotonic() < end:
        search()
        tried += 2_000
        typer.echo(f"{tried} mails, nothing found")


def _by_coverage(minutes: float, keep: Path) -> None:
    atheris = importlib.import_module("atheris")
    seeds = keep / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, line in enumerate(LINES):
        (seeds / str(number)).write_text(
            "\n".join([*HEADS[number % len(HEADS) :][:4], "", line, line]), encoding="utf-8"
        )
    atheris.instrument_all()
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={int(minutes * 60)}", "-max_len=20000", str(seeds)],
        lambda raw: _kept(raw, keep),
    )
    atheris.Fuzz()


def _kept(raw: bytes, keep: Path) -> None:
    try:
        promise(raw)
    except Exception:
        (keep / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)
        raise


if __name__ == "__main__":
    typer.run(main)
