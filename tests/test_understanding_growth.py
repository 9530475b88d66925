"""Four times as much hostile mail is about four times the work, in bounded memory; what a bound leaves unread stays a word.

No watch is looked at: work is compared with work. How long it takes is said by ``python -m benchmarks.mail``.
"""

from __future__ import annotations

import time
import tracemalloc

import pytest

from benchmarks.mail import fuzz
from benchmarks.mail.hostile import MOST_MEMORY
from benchmarks.mail.judging import NOW
from benchmarks.mail.killers import KILLERS
from models import plaintext
from models.plaintext import Care
from workers import failures, interleaved, mime, phrases, quoting, reports
from workers.attributions import announces
from workers.sealed import signed_content
from workers.understanding import understand

SMALL, LARGE = 100_000, 400_000
TOO_MUCH = 10.0  # times the work for four times the mail; what is quadratic needs sixteen
TRIES = 4
COPIED = (  # once for each level, letter, word or line
    "multiparts around words", "base64 text full of other signs", "words in In-Reply-To", "Re: Re:", "a folded header", "emoji",
)  # fmt: skip


@pytest.mark.parametrize("name", KILLERS)
def test_work_grows_no_faster_than_the_mail(name: str) -> None:
    small, large = KILLERS[name](SMALL), KILLERS[name](LARGE)
    ratios: list[float] = []
    while not ratios or (min(ratios) > TOO_MUCH and len(ratios) < TRIES):
        ratios.append(worked(large) / max(worked(small), worked(b"")))
    assert min(ratios) < TOO_MUCH


@pytest.mark.parametrize("name", COPIED)
def test_memory_stays_within_bounds(name: str) -> None:
    raw = KILLERS[name](LARGE)
    tracemalloc.start()
    understand(raw, NOW, fuzz.MARK, "mx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MEMORY * len(raw)


def worked(raw: bytes) -> float:
    """The processor's time; for a mail without anything in it that of many, so that a glance is never divided by."""
    started = time.process_time()
    for _ in range(1 if raw else 50):
        understand(raw, NOW, fuzz.MARK, "mx")
    return time.process_time() - started


def test_R18_html_beyond_close_reading_keeps_every_word() -> None:
    source = "<p>one</p>" * 3 + "<style>no { word }</style><p>two<br>three &amp; four</p>" * 5 + "<b>five &eacute;"
    every = plaintext.from_html(source, Care()).split()
    for closely in range(40):
        read = plaintext.from_html(source, Care(closely, 10_000)).replace("&eacute;", "é").split()
        assert [word for word in read if word not in ("no", "{", "word", "}")] == every, closely
    assert plaintext.from_html("<i>a</i>b", Care(0, 0)) == "<i>a</i>b"
    assert plaintext.from_html("a<!-- no -->b<!-- open > c", Care(0)) == "a b<!-- open > c"  # found by fuzzing


def test_R18_the_html_parts_of_one_mail_share_the_care() -> None:
    care = Care(closely=4, roughly=11)
    assert plaintext.from_html("<p>one</p>", care) == "one"
    assert plaintext.from_html("<p>two</p><i>3</i>", care).split() == ["two", "3"]
    assert plaintext.from_html("<p>four</p>", care) == "<p>four</p>"


def test_R18_a_huge_style_sheet_hides_no_word_behind_it() -> None:
    head = b"From: a@b.example\nContent-Type: text/html\n\n<p>before</p><style>"
    found = understand(head + b"p { color: red }\n" * 50_000 + b"</style><p>after</p>", NOW)
    assert found.text == "before\n\nafter"


def test_R18_lines_beyond_the_room_for_announcements_stay_with_the_text() -> None:
    wide = ("wrote " * 80) + ":"
    text = "\n".join(
        ["mine", *[wide] * 600, "On Mon, Feb 1, 2016 at 4:58 AM Ann <a@us.example> wrote:", "> it?", "yes"]
    )
    assert quoting.split(text)[0].split() == [word for word in text.split() if word]
    assert announces(text.split("\n"), 601) == 1


def test_R18_a_line_that_begins_with_From_is_a_word_and_not_a_mailbox_file() -> None:
    raw = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nmine\n--b\nFrom now on: yes\nI do.\n--b--\n"
    assert "I do." in understand(raw, NOW).text
    assert mime.parse(b"From a@b.example Mon Feb 1\nSubject: it\n\nwords").first("subject") == "it"
    assert understand(b"From here on\nall is mine", NOW).text == "From here on\nall is mine"


@pytest.mark.parametrize(
    "name", ["a DSN of many recipients", "a DSN of many status parts", "a bounce of many recipients"]
)
def test_R20_of_many_recipients_a_bounded_number_is_reported(name: str) -> None:
    found = understand(KILLERS[name](SMALL), NOW)
    assert found.kind == "bounce" and 50 <= len(found.reports) <= reports.BLOCKS_LIMIT


@pytest.mark.parametrize("unit", ["a@b ", "wrote ", "<http://a"])
def test_looking_for_answers_between_our_lines_is_bounded(unit: str) -> None:
    def work(lines: int) -> float:
        quoted = "words of ours\n" + ((unit * 480)[:480] + ":\n") * lines
        started = time.process_time()
        assert not interleaved.answered(quoted, "words of ours\n")
        return time.process_time() - started

    assert min(work(1_000) / work(100) for _ in range(TRIES)) < TOO_MUCH / 2


def test_R18_a_seal_in_more_pieces_than_programs_write_stays_a_file() -> None:
    mail = understand(KILLERS["S/MIME in pieces of one octet"](LARGE), NOW)
    assert len(mail.attachments) == 1 and signed_content(mail.attachments[0].data) is None


def test_R20_phrases_looked_for_in_lower_case_hold_no_capital() -> None:
    patterns = [phrases.SAID.pattern, *(pattern for _, _, rows in failures._SAID for pattern in rows)]
    patterns += [pattern.pattern for _, _, pattern in failures._SPECIAL]
    for pattern in patterns:
        letters = "".join(piece[1:] for piece in ("\\s" + pattern).split("\\")[1:])
        assert letters == letters.lower(), pattern
