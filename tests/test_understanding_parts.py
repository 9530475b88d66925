"""R18: which part of a mail is read as its words, and that no other is lost."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read(head: str, body: str) -> Understood:
    return understand(f"From: kim@them.example\n{head}\n\n{body}".encode(), NOW)


def alternative(plain: str, html: str) -> Understood:
    body = f"--b\nContent-Type: text/plain\n\n{plain}\n--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    return read("Content-Type: multipart/alternative; boundary=b", body)


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_R18_a_large_picture_within_the_html_hides_no_word_around_it(quote: str) -> None:
    picture = base64.b64encode(b"\x89PNG" * 200_000).decode()
    html = f"<p>Look:</p><img src={quote}data:image/png;base64,{picture}{quote}><p>Is it broken? 1=data:x</p>"
    found = read("Content-Type: text/html", html)
    assert found.text == "Look:\n\nIs it broken? 1=data:x"
    assert picture in found.html


def test_R18_very_long_html_is_cut_between_tags() -> None:
    found = read("Content-Type: text/html", "<p>word</p>" + f"<p title='{'x' * 90_000}'>word</p>" * 8)
    assert set(found.text.split()) == {"word"}


@pytest.mark.parametrize(
    "stub",
    [
        "This message is in HTML format. Your mail program shows no HTML.",
        "Ihr E-Mail-Programm unterstützt leider keine HTML-Mails.",
        "このメールは HTML 形式です。",
    ],
)
def test_R18_a_stub_about_html_is_not_what_the_person_wrote(stub: str) -> None:
    assert alternative(stub, "<p>Blue, please.</p>").text == "Blue, please."


def test_R18_a_person_may_write_about_html() -> None:
    words = "My mail program shows no HTML. Please send plain text."
    assert alternative(words, f"<p>{words}</p><p>Kim</p>").text == words
    assert alternative(words, "<p></p>").text == words
    assert alternative("Blue, please.", "<p>Something else about HTML altogether</p>").text == "Blue, please."
