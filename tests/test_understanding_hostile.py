"""Mail made to hurt is read within a second, whatever it is made of; and what fuzzing found stays found.

The timings of the whole list, with memory, are printed by ``python -m benchmarks.mail``; fuzzing is ``benchmarks/mail/fuzz.py``.
"""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.mail import fuzz
from benchmarks.mail.hostile import hostile_mails
from benchmarks.mail.judging import NOW
from workers import mime, quoting
from workers.patience import Patience
from workers.understanding import understand

MAILS = hostile_mails()


@pytest.mark.parametrize("name", MAILS)
def test_hostile_mail_is_read_in_time(name: str) -> None:
    started = time.process_time()
    understand(MAILS[name], NOW, fuzz.MARK, "mx")
    assert time.process_time() - started < 2  # the aim is one; machines of strangers are slower


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(fuzz.mails())
def test_understanding_keeps_its_promises_for_any_bytes(raw: bytes) -> None:
    fuzz.promise(raw)
    fuzz.no_word_lost(raw.decode("utf-8", "replace").replace("\r", ""))


def test_fields_beyond_the_limit_are_not_read_and_the_body_is() -> None:
    found = mime.parse(b"A: b\r\n" * (mime.FIELDS_LIMIT + 5) + b"Subject: late\r\n\r\nwords")
    assert len(found.fields) == mime.FIELDS_LIMIT and found.body == b"words"


def test_a_notice_that_names_no_sender_leaves_nothing_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("WARNING"):
        assert understand(b"Subject: failure notice\nReturn-Path: <>\n\nnot delivered\n", NOW).kind == "bounce"
    assert not caplog.records


def test_an_answer_below_endless_history_is_kept() -> None:
    raw = b"From: a@b.example\n\n" + b"> old\n" * 6_000 + b"\nYes, please.\n"
    assert understand(raw, NOW).text.endswith("Yes, please.")


def test_when_the_time_is_over_every_word_is_the_persons() -> None:
    text = "Yes.\n\nOn Mon, Feb 1, 2016 at 4:58 AM Ann <a@us.example> wrote:\n\n> it?\n\n-- \nKim"
    for most in range(40):
        assert _within(text, most) in ((text, ""), quoting.split(text))  # nothing in between
    assert _within(text, 0) == (text, "") and _within(text, 1_000)[0] == "Yes."


def _within(text: str, most: float) -> tuple[str, str]:
    """Each look at the clock takes a second."""
    ticks = itertools.count()
    return quoting.split(text, "", Patience(lambda: float(next(ticks)), most))


def test_a_mail_that_takes_too_long_is_what_its_headers_say_with_all_its_words() -> None:
    """Wherever the time ends, nothing is raised and no word is lost; a bounce that was not read in time waits for a person."""
    body = "I could not deliver it:\n<kim@them.example>: user unknown\n\n> quoted\n"
    raw = f"From: postmaster@them.example\nSubject: failure notice\n\n{body}".encode()
    kinds = set()
    for most in range(60):
        ticks = itertools.count()
        found = understand(raw, NOW, patience=Patience(lambda ticks=ticks: float(next(ticks)), most))  # type: ignore[misc]
        kinds.add(found.kind)
        assert found.kind == "bounce" or (found.kind, found.text) == ("human", body.rstrip())
    assert kinds == {"human", "bounce"}
