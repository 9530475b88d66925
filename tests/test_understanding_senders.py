"""R17, R21: who wrote a mail, however crooked its From; our border's word is lent to no other address than the one it checked."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VICTIM = "victim@customer.example"


def read(*fields: str) -> Understood:
    return understand(("\n".join(fields) + "\nSubject: hi\n\nhello\n").encode(), NOW, authserv_id="mx")


@pytest.mark.parametrize(
    ("value", "name", "address"),
    [
        ("Kim <kim@them.example>", "Kim", "kim@them.example"),
        ("kim@them.example", "", "kim@them.example"),
        ("<kim@them.example>", "", "kim@them.example"),
        ("kim@them.example (Kim Marsh)", "Kim Marsh", "kim@them.example"),
        ("Marsh, Kim <kim@them.example>", "Marsh, Kim", "kim@them.example"),
        ('"Marsh, \\"K\\" Kim" <kim@them.example>', 'Marsh, "K" Kim', "kim@them.example"),
        ('"kim@them.example" <kim@them.example>', "kim@them.example", "kim@them.example"),
        (f"{VICTIM} <x@evil.example>", VICTIM, "x@evil.example"),
        (f'"{VICTIM}" <x@evil.example>', VICTIM, "x@evil.example"),
        (f"({VICTIM}) <x@evil.example>", "", "x@evil.example"),
        (f"{VICTIM}, Kim <x@evil.example>", "Kim", "x@evil.example"),
        ("=?utf-8?q?J=C3=BCrgen?= =?utf-8?q?_M=2C?= <kim@them.example>", "Jürgen M,", "kim@them.example"),
        ("Sales: Kim <kim@them.example>", "Sales: Kim", "kim@them.example"),
        ("Us: Kim <kim@them.example>;", "Kim", "kim@them.example"),
        ("undisclosed:;", "undisclosed:;", ""),
        ("Kim", "Kim", ""),
        ("MAILER-DAEMON <>", "MAILER-DAEMON", ""),
        ('"Kim <kim@them.example>', '"Kim', "kim@them.example"),
        ("Kim <kim@them.example", "Kim", "kim@them.example"),
        ("", "", ""),
    ],
)
def test_R21_the_author_is_who_stands_in_angle_brackets(value: str, name: str, address: str) -> None:
    found = read(f"From: {value}")
    assert (found.from_name, found.from_address) == (name, address)


@pytest.mark.parametrize("value", ['"' + '\\"' * 1_000, "a," * 1_000, '"' * 2_000, "(" * 2_000, "<a@b.example" * 160])
def test_R21_a_hostile_sender_takes_no_time(value: str) -> None:
    started = time.process_time()
    read(*([f"From: {value}"] * 20))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("froms", "passed", "verdict"),
    [
        (["Kim <kim@them.example>"], "them.example", "pass"),
        (["Kim <kim@THEM.example>"], "them.example", "pass"),
        (["Kim <kim@bücher.example>"], "xn--bcher-kva.example", "pass"),
        ([f"{VICTIM} <x@evil.example>"], "evil.example", "pass"),  # of evil.example, which is what is shown
        ([VICTIM], "evil.example", "unknown"),
        ([f"{VICTIM}, x@evil.example"], "evil.example", "fail"),
        ([f"<{VICTIM}> <x@evil.example>"], "evil.example", "fail"),
        ([VICTIM, "x@evil.example"], "evil.example", "fail"),
        ([VICTIM, VICTIM], "customer.example", "fail"),
    ],
)
def test_R21_a_pass_of_dmarc_is_for_the_one_address_it_was_found_for(
    froms: list[str], passed: str, verdict: str
) -> None:
    found = read(f"Authentication-Results: mx; dmarc=pass header.from={passed}", *(f"From: {one}" for one in froms))
    assert found.authentication.verdict == verdict
    if verdict == "pass":
        assert found.from_address != VICTIM
