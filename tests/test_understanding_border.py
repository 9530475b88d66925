"""R21: only the results of our own border count, only the topmost ones, and a pass speaks for its own domain only."""

from __future__ import annotations

import pytest

from workers import border, mime

US = "mx.us.example"


def verdict(*fields: str, sender: str = "kim@them.example") -> str:
    mail = mime.parse(("\n".join(fields) + f"\nFrom: {sender}\n\nhello\n").encode())
    return border.authentication(mail, US, sender).verdict


def results(text: str, who: str = US) -> str:
    return f"Authentication-Results: {who}; {text}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dmarc=pass header.from=them.example", "pass"),
        ("dmarc=fail (p=reject dis=none) header.from=them.example; spf=pass smtp.mailfrom=evil.example", "fail"),
        ("spf=pass smtp.mailfrom=bounce.them.example", "pass"),
        ("spf=pass smtp.mailfrom=kim@them.example", "pass"),
        ("spf=pass smtp.mailfrom=evil.example", "unknown"),
        ("dkim=pass (2048-bit key; unprotected) header.d=them.example header.i=@them.example; spf=fail", "pass"),
        ("dkim=fail header.d=them.example; dkim=pass header.d=them.example", "pass"),
        ("dkim=pass header.d=notthem.example", "unknown"),
        ("dkim=fail reason=\"bad\" header.d=them.example; spf=softfail smtp.mailfrom=them.example", "fail"),
        ("spf=neutral; dkim=none; dmarc=none", "unknown"),
        ("dmarc/1 = pass header.from=them.example", "pass"),
        ("none", "unknown"),
        ("", "unknown"),
        (";;;===;dmarc=", "unknown"),
    ],
)  # fmt: skip
def test_R21_the_border_says_who_sent_it(text: str, expected: str) -> None:
    assert verdict(results(text)) == expected


def test_R21_results_by_others_or_below_the_next_hop_came_with_the_mail() -> None:
    forged = results("dmarc=pass header.from=them.example")
    assert verdict(results("dmarc=pass", "mx.evil.example")) == "unknown"
    assert verdict("Received: from evil by mx.us.example", results("dmarc=fail"), "Received: from x", forged) == "fail"
    assert verdict(results("spf=fail"), results("dkim=fail"), "Received: from x", forged) == "fail"


def test_R21_the_name_stands_in_any_case_with_a_version_and_in_folded_lines() -> None:
    assert verdict(f"Authentication-Results: {US.upper()} 1;\n  dmarc=pass\n  header.from=them.example") == "pass"


def test_R21_hostile_results_take_no_time() -> None:
    for text in (
        "(" * 100_000,
        "a=" * 50_000,
        ";" * 100_000,
        "dkim=pass " + "header.d=" * 20_000,
        "dkim" + " " * 90_000,
    ):
        assert verdict(results(text)) in ("unknown", "pass")
