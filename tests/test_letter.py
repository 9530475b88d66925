"""R13: a mail says what it was built from, whatever the script, to two parsers that know nothing of each other."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import header, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from fast_mail_parser import parse_email
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.letter import Letter, Part, build, wire_address

GOLDEN = Path(__file__).parent / "golden"
PLAIN = Letter(
    message_id="<pr+k1.abc.defg@postroom.example>",
    date=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    from_name="Ann Agent, Customer Care",
    from_address="care@postroom.example",
    reply_to="reply+k1.abc.defg@postroom.example",
    to=("customer@them.example",),
    cc=(),
    subject="Your order",
    text="Dear customer,\n\nyour order has left.\n\nAnn\n",
    html="",
)
WORLD = replace(
    PLAIN,
    from_name="Zoë “Ann” 😀",
    to=("kunde@exämple.test", "second@them.example"),
    cc=("third@them.example",),
    subject="Größe der Bestellung 注文 заказ הזמנה 👩‍👩‍👧 " + "sehr lang " * 12,
    text="Grüße 👋\n注文 заказ הזמנה\n.\nFrom here on\n",
    html="<p>Grüße 👋<br>注文</p><img src='cid:logo'>",
    parts=(
        Part("logo.png", "image/png", bytes(range(256)), "logo"),
        Part("Rechnung für März – 請求書 📄 " + "lang" * 30 + ".pdf", "application/pdf", b"%PDF-1.7\r\n\x00\n.\nFrom"),
        Part('with "quotes" \\ and; semicolon.txt', "text/plain", b"no charset\r\rat all \xff"),
        Part("forwarded.eml", "message/rfc822", b"Subject: \xe4\r\n\r\n" + b"x" * 2000),
    ),
)
THREAD = replace(
    PLAIN,
    subject="Re: Your order",
    in_reply_to="<answer@them.example>",
    references=("<pr+k1.aaa.bbbb@postroom.example>", "<" + "long" * 60 + "@them.example>", "<answer@them.example>"),
)
REMINDER = replace(
    THREAD, automatic=True, text="Did you see our mail?\n",
    unsubscribe=("https://care.example/unsubscribe/unsubscribe+k1.a.b", "mailto:unsubscribe+k1.a.b@postroom.example"),
)  # fmt: skip
STYLED = replace(
    PLAIN,
    mark="-- ✂ & 8< --",
    text="Dear customer, 👋\n",
    html="<html><head><style>p.a{color:red} b{margin:0} @media(max-width:9px){p{color:blue}}</style></head>"
    '<body class="x"><p class="a">Dear <b style="color:green">customer</b>, 👋</p><img src="cid:logo"></body></html>',
    parts=(Part("logo.png", "image/png", b"\x89PNG", "logo"), Part("unseen.png", "image/png", b"\x89PNG2", "unseen")),
)
WILD = replace(
    PLAIN,
    text="x" * 10_000
    + "\n.\n..\n.leading\nFrom nobody\nlone\rreturn\nnul\x00here\ntrailing  \n\ttab\t\n= equals =3D\n"
    + "ü" * 5_000,
)
LETTERS = {"plain": PLAIN, "world": WORLD, "thread": THREAD, "reminder": REMINDER, "styled": STYLED, "wild": WILD}


def parsed(raw: bytes) -> EmailMessage:
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(raw: bytes, kind: str = "plain") -> str:
    part = parsed(raw).get_body((kind,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def same_lines(text: str) -> str:
    """Line ends are the only freedom: CRLF within, one at the very end."""
    return re.sub(r"\r?\n", "\n", text).removesuffix("\n")


def styled(letter: Letter) -> str:
    if letter is not STYLED:
        return letter.html
    return (
        "<html><head><style>@media(max-width:9px){p{color:blue}}</style></head>"
        '<body class="x"><p style="color:#888888">-- ✂ &amp; 8&lt; --</p><p class="a" style="color: red;">Dear '
        '<b style="margin: 0;color: green">customer</b>, 👋</p><img src="cid:logo"></body></html>'
    )


@pytest.mark.parametrize("name", LETTERS)
def test_R13_the_same_facts_give_the_same_bytes_for_ever(name: str) -> None:
    assert build(LETTERS[name]) == (GOLDEN / f"{name}.eml").read_bytes()


@pytest.mark.parametrize("name", LETTERS)
def test_R13_lines_are_short_seven_bit_and_end_in_crlf(name: str) -> None:
    raw = build(LETTERS[name])
    assert raw.isascii() and b"\x00" not in raw and raw.endswith(b"\r\n")
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    body = raw.partition(b"\r\n\r\n")[2]
    assert not re.search(rb"^(\.|From )", body, re.MULTILINE)
    assert not re.search(rb"[ \t]\r\n", body)  # nothing for a server to strip: the signature is over these bytes


@pytest.mark.parametrize("name", LETTERS)
def test_R13_two_parsers_read_what_was_written(name: str) -> None:
    letter, raw = LETTERS[name], build(LETTERS[name])
    theirs, stdlib = parse_email(raw), parsed(raw)
    assert theirs.subject == letter.subject
    assert str(stdlib["subject"]) == letter.subject
    assert stdlib["from"].addresses[0].display_name == letter.from_name
    assert theirs.from_.display_name == letter.from_name
    text = f"{letter.mark}\n\n{letter.text}" if letter.mark else letter.text
    assert same_lines(theirs.text_plain[0]) == same_lines(text) == same_lines(text_of(raw))
    html = [styled(letter)] if letter.html else []
    assert [same_lines(h) for h in theirs.text_html] == html
    assert [a.addr_spec for a in stdlib["to"].addresses] == [wire_address(a) for a in letter.to]
    assert stdlib["date"].datetime == letter.date
    assert not stdlib.defects and not any(part.defects for part in stdlib.walk())


def test_R13_attachments_and_inline_images_come_out_byte_for_byte() -> None:
    message = parsed(build(WORLD))
    files = [(part.get_filename(), part.get_payload(decode=True)) for part in message.walk() if part.get_filename()]
    assert sorted(files, key=str) == sorted(((part.name, part.data) for part in WORLD.parts), key=str)
    assert message.get_content_type() == "multipart/mixed"
    related = message.get_body(("related",))
    assert related is not None and [part["content-id"] for part in related.iter_parts()][1] == "<logo>"
    theirs = {attachment.content for attachment in parse_email(build(WORLD)).attachments}
    assert {part.data for part in WORLD.parts} <= theirs


def test_R13_ids_stand_bare_in_the_threading_headers() -> None:
    raw = build(THREAD)
    head = raw.partition(b"\r\n\r\n")[0].decode()
    unfolded = dict(line.split(": ", 1) for line in head.replace("\r\n ", " ").split("\r\n"))
    assert unfolded["In-Reply-To"] == THREAD.in_reply_to
    assert unfolded["References"].split(" ") == [*THREAD.references, THREAD.message_id]
    assert unfolded["Message-ID"] == THREAD.message_id
    assert "=?" not in head


def test_R13_our_own_id_is_among_the_references_even_of_a_first_mail() -> None:
    assert parsed(build(PLAIN))["references"] == PLAIN.message_id
    assert parsed(build(PLAIN))["in-reply-to"] is None


def test_R13_a_strangers_broken_id_is_not_cited_and_a_long_thread_keeps_its_ends() -> None:
    many = tuple(f"<{number}@them.example>" for number in range(100))
    message = parsed(build(replace(PLAIN, references=("no id at all", *many), in_reply_to="<ünicode@x>")))
    cited = message["references"].split()
    assert cited[0] == many[0] and cited[-2:] == [many[-1], PLAIN.message_id] and len(cited) == 41
    assert message["in-reply-to"] is None


def test_R24_a_reminder_says_that_no_person_wrote_it() -> None:
    message = parsed(build(REMINDER))
    assert (message["auto-submitted"], message["x-auto-response-suppress"]) == ("auto-generated", "All")
    assert parsed(build(PLAIN))["auto-submitted"] is None


def test_R24_a_reminder_can_be_stopped_with_one_click() -> None:
    message = parsed(build(REMINDER))
    assert message["list-unsubscribe"] == ", ".join(f"<{uri}>" for uri in REMINDER.unsubscribe)
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    by_mail = parsed(build(replace(REMINDER, unsubscribe=REMINDER.unsubscribe[1:])))
    assert by_mail["list-unsubscribe-post"] is None and "mailto:" in by_mail["list-unsubscribe"]
    assert parsed(build(PLAIN))["list-unsubscribe"] is None
    for evil in (
        "https://x.example/>, <https://evil.example/",
        "https://x.example/\r\nBcc: y@z.example",
        "https://ü.example",
    ):
        with pytest.raises(ValueError, match="no URI"):
            build(replace(REMINDER, unsubscribe=(evil,)))


def test_R13_a_picture_the_html_does_not_show_is_attached_and_so_is_a_second_one_of_its_name() -> None:
    twice = (*STYLED.parts, Part("again.png", "image/png", b"3", "logo"))
    message = parsed(build(replace(STYLED, parts=twice)))
    assert [part.get_filename() for part in message.iter_attachments()] == ["unseen.png", "again.png"]
    related = message.get_body(("related",))
    assert related is not None and [part.get_filename() for part in related.iter_attachments()] == ["logo.png"]


@pytest.mark.parametrize("html", ["<style>p{color:red}</style>" + "<div>" * 20_000, "<p>no sheet<DIV>", "<p styled>x"])
def test_R13_html_without_a_sheet_or_too_large_to_be_trusted_to_a_parser_stays_as_it_is(html: str) -> None:
    assert same_lines(text_of(build(replace(PLAIN, html=html)), "html")) == html


def test_R13_rules_that_no_element_can_carry_stay_in_the_sheet() -> None:
    html = "<style>a:hover{color:red} a{margin:0}</style><a href='https://x.example'>x</a>"
    page = text_of(build(replace(PLAIN, html=html)), "html")
    assert "a:hover { color: red; }" in page and '<a href="https://x.example" style="margin: 0;">x</a>' in page


def test_R13_no_style_sheet_is_fetched_from_anywhere(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p{color:red}")
    html = f'<style>b{{margin:0}}</style><link rel="stylesheet" href="file://{sheet}"><p>x</p>'
    assert "red" not in text_of(build(replace(PLAIN, html=html)), "html")


@pytest.mark.parametrize("body", ["", "<body>", "<BODY bgcolor='#fff'>", "<html><body>"])
def test_R18_the_mark_stands_before_every_other_word(body: str) -> None:
    html = text_of(build(replace(PLAIN, html=f"{body}<p>Hello", mark="##--##")), "html")
    assert html.startswith(f'{body}<p style="color:#888888">##--##</p><p>Hello')


def test_R13_bcc_is_never_told() -> None:
    message = parsed(build(replace(PLAIN, to=())))
    assert message["to"] == "undisclosed-recipients:;" and message["bcc"] is None


@pytest.mark.parametrize("evil", ["\r\nBcc: x@y.example", "\nX: y", "\rX: y", "\x00"])
@pytest.mark.parametrize(
    "field",
    [
        "message_id",
        "from_name",
        "from_address",
        "reply_to",
        "to",
        "cc",
        "subject",
        "in_reply_to",
        "references",
        "name",
        "type",
        "cid",
    ],
)
def test_R13_header_injection_is_impossible(field: str, evil: str) -> None:
    value = f"<a{evil}@b.example>" if field in ("message_id", "in_reply_to", "references") else f"a{evil}@b.example"
    part = {"name": Part(value, "a/b", b""), "type": Part("x", value, b""), "cid": Part("x", "a/b", b"", value)}.get(
        field
    )
    change = (
        {"parts": (part,), "html": "<p>"}
        if part
        else {field: (value,) if field in ("to", "cc", "references") else value}
    )
    with pytest.raises(ValueError):
        build(replace(PLAIN, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "address",
    [
        "a@b, c@d.example",
        "Name <a@b.example>",
        "a b@c.example",
        "a@b;c",
        "a",
        "@b",
        "a@",
        "a@b c",
        "(x)a@b",
        "a@b>",
        "a\ud800@b",
    ],
)
def test_R13_an_address_that_reads_as_something_else_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        build(replace(PLAIN, to=(address,)))


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("a@EXÄMPLE.de", "a@xn--exmple-cua.de"),
        ('"odd one"@b.example', '"odd one"@b.example'),
        ("a+b_c@[127.0.0.1]", "a+b_c@[127.0.0.1]"),
    ],
)
def test_R13_domains_travel_in_ascii(address: str, wire: str) -> None:
    assert wire_address(address) == wire


def test_R13_only_an_address_beyond_ascii_makes_the_mail_eight_bit() -> None:
    raw = build(replace(PLAIN, cc=("josé@exämple.test",)))
    head, _, body = raw.partition(b"\r\n\r\n")
    assert "Cc: josé@xn--exmple-cua.test".encode() in head and body.isascii()


def test_R13_a_naive_date_is_refused_and_any_zone_becomes_utc() -> None:
    with pytest.raises(ValueError, match="time zone"):
        build(replace(PLAIN, date=datetime(2026, 1, 1)))  # noqa: DTZ001
    east = replace(PLAIN, date=datetime(2026, 3, 1, 18, 30, tzinfo=timezone(timedelta(hours=9))))
    assert build(east) == build(PLAIN)


def test_R13_text_is_made_from_html_where_there_is_none() -> None:
    html = (
        "<style>p{}</style><p>Dear <b>you</b>,</p><ul><li>one<li>two</ul><a href='https://x.example/y'>see</a> &amp; "
    )
    html += "<br>end"
    raw = build(replace(PLAIN, text="", html=html))
    assert same_lines(text_of(raw)) == "Dear you,\n* one\n* two\nsee <https://x.example/y> &\nend"


def test_R13_an_inline_image_without_html_is_an_attachment() -> None:
    message = parsed(build(replace(PLAIN, parts=(Part("i.png", "image/png", b"1", "i"),))))
    assert [part.get_content_disposition() for part in message.iter_attachments()] == ["attachment"]


words = st.text(st.characters(exclude_categories=("Cs",)))
line = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r\n\x00"), max_size=300)


@settings(max_examples=80, deadline=None)
@given(text=words, subject=line, name=line, file=line)
def test_R13_any_unicode_comes_back(text: str, subject: str, name: str, file: str) -> None:
    text = text or " "  # an empty text is made from the HTML instead
    letter = replace(
        PLAIN, text=text, subject=subject, from_name=name, html="x", parts=(Part(file, "a/b", b"\r\n.\n"),)
    )
    raw = build(letter)
    message, theirs = parsed(raw), parse_email(raw)
    assert same_lines(text_of(raw)) == same_lines(text)
    assert same_lines(theirs.text_plain[0]) == same_lines(text)
    assert raw.isascii() and max(map(len, raw.split(b"\r\n"))) <= 998
    assert decoded(raw, "Subject") == subject
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S*", raw.partition(b"\r\n\r\n")[0]))
    assert [part.get_payload(decode=True) for part in message.iter_attachments()] == [b"\r\n.\n"]
    assert not message.defects


def decoded(raw: bytes, name: str) -> str:
    """A header by the oldest, plainest decoder there is."""
    head = email.message_from_bytes(raw, policy=policy.compat32)[name]
    return str(header.make_header(header.decode_header(head.replace("\r\n ", " "))))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=".\r\n F=rom \t\x00éx", max_size=400), st.booleans())
def test_R13_awkward_bodies_survive(text: str, with_html: bool) -> None:
    raw = build(replace(PLAIN, text=text or " ", html=text if with_html else ""))
    assert same_lines(text_of(raw)) == same_lines(text or " ")
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\x00", raw)
    assert not re.search(rb"[ \t]\r\n", raw)
