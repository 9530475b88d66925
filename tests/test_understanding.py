"""R17-R21: what incoming mail says, read from its own headers; any bytes are read, in linear time, and no word is lost."""

from __future__ import annotations

import random
import re
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import plaintext
from tests.test_letter import LETTERS
from workers import mime, quoting
from workers.letter import build
from workers.reports import Report
from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
REPLY = b"""Return-Path: <kunde@them.example>\r
Received: from a by b; Fri, 20 Nov 2026 12:00:00 +0000\r
From: =?utf-8?Q?J=C3=BCrgen_?= =?utf-8?Q?M=C3=BCller?= <kunde@them.example>\r
To: Care <reply+k1.abc.def@us.example>, "x, y" <b@us.example>\r
Cc: c@third.example\r
Delivered-To: inbox@us.example\r
Subject: =?iso-8859-1?Q?Re:_Gr=F6=DFe?=\r
Message-ID: <answer@them.example>\r
In-Reply-To: <pr+k1.abc.def@us.example>\r
References: <first@us.example>\r
 <pr+k1.abc.def@us.example>\r
Content-Type: multipart/mixed; boundary=b1\r
\r
preamble\r
--b1\r
Content-Type: multipart/alternative; boundary="b 2"\r
\r
--b 2\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
Danke, das gr=FC=\r
ne.\r
\r
On Fri, 20 Nov 2026 at 10:00, Ann Agent\r
<care@us.example> wrote:\r
\r
> Which one\r
> would you like?\r
--b 2\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Danke, das gr\xc3\xbcne.</p>\r
--b 2--\r
--b1\r
Content-Type: application/pdf; name="=?utf-8?B?w7wucGRm?="\r
Content-Disposition: attachment; filename*=utf-8''%C3%BC.pdf\r
Content-Transfer-Encoding: base64\r
\r
JVBERg==\r
--b1\r
Content-Type: image/png\r
Content-ID: <img1>\r
Content-Transfer-Encoding: base64\r
\r
iVBO\r
--b1--\r
"""


def mail(head: str, body: str = "hello\n") -> bytes:
    return f"From: c@them.example\n{head}\n\n{body}".encode()


def dsn(status: str, report: str = "delivery-status", returned: str = "message/rfc822") -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: bounce+k1.abc.def@us.example
Subject: Undelivered
Content-Type: multipart/report; report-type={report}; boundary=b

--b

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

{status}
--b
Content-Type: {returned}

Message-ID: <pr+k1.abc.def@us.example>
Subject: ours

text
--b--
""".encode()


FAILED = """Final-Recipient: rfc822; gone@them.example
Original-Recipient: rfc822;alias@them.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 user"""


def test_R18_a_human_reply_is_read_whole() -> None:
    found = understand(REPLY, NOW)
    assert found.kind == "human"
    assert (found.from_name, found.from_address) == ("Jürgen Müller", "kunde@them.example")
    assert found.to == ("reply+k1.abc.def@us.example", "b@us.example", "c@third.example", "inbox@us.example")
    assert found.subject == "Re: Größe"
    assert found.message_id == "<answer@them.example>"
    assert found.in_reply_to == ("<pr+k1.abc.def@us.example>",)
    assert found.references == ("<first@us.example>", "<pr+k1.abc.def@us.example>")
    assert found.text == "Danke, das grüne."
    assert found.quoted.startswith("On Fri, 20 Nov 2026") and found.quoted.endswith("> would you like?")
    assert found.html == "<p>Danke, das grüne.</p>"
    assert [(a.name, a.media_type, a.data, a.inline_id) for a in found.attachments] == [
        ("ü.pdf", "application/pdf", b"%PDF", None),
        ("unnamed", "image/png", b"\x89PN", "img1"),
    ]
    assert found.reports == () and found.returned_message_id is None and found.away_until is None


@pytest.mark.parametrize("name", LETTERS)
def test_R18_our_own_letters_are_understood(name: str) -> None:
    letter, found = LETTERS[name], understand(build(LETTERS[name]), NOW)
    expected = f"{letter.mark}\n\n{letter.text}".replace("\x00", "").rstrip()
    assert (found.text + "\n" + found.quoted).strip() == expected.strip()
    assert found.subject == re.sub(r"\s+", " ", letter.subject).strip()
    assert found.from_name == letter.from_name and found.message_id == letter.message_id
    assert [a.data for a in found.attachments] == sorted(
        (part.data for part in letter.parts), key=lambda data: [a.data for a in found.attachments].index(data)
    )
    assert found.kind == ("automatic" if letter.automatic else "human")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Auto-Submitted: auto-replied", "automatic"),
        ("Auto-Submitted: auto-generated (vacation); owner-email=x", "automatic"),
        ("auto-submitted: NO", "human"),
        ("Precedence: bulk", "automatic"),
        ("Precedence: auto_reply", "automatic"),
        ("Precedence: normal", "human"),
        ("X-Autoreply: yes", "automatic"),
        ("X-Autorespond: Away", "automatic"),
        ("List-Id: <news.them.example>", "list"),
        ("Precedence: list", "list"),
        ("List-Id: <team.them.example>\nIn-Reply-To: <pr+x@us.example>", "human"),
        ("Subject: Out of office", "automatic"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "delivery_note"),
        ("Return-Path: <>", "automatic"),
        ("X-Auto-Response-Suppress: All", "human"),
    ],
)
def test_R19_automatic_replies_say_so_themselves(head: str, kind: str) -> None:
    assert understand(mail(head), NOW).kind == kind


@pytest.mark.parametrize(
    ("body", "until"),
    [
        ("I am away until 2026-12-01.", datetime(2026, 12, 2, tzinfo=UTC)),
        ("Back on 2026-12-01!", datetime(2026, 12, 1, tzinfo=UTC)),
        ("away through 2026-11-30, returning on 2026-12-01", datetime(2026, 12, 1, tzinfo=UTC)),
        ("away until 2026-11-01", None),
        ("away until 2026-02-31", None),
        ("away until 2099-01-01", None),
        ("ticket 2026-12-01", None),
    ],
)
def test_R19_a_stated_absence_ends_at_a_date(body: str, until: datetime | None) -> None:
    assert understand(mail("Auto-Submitted: auto-replied", body), NOW).away_until == until
    assert understand(mail("Subject: hi", body), NOW).away_until is None


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_R20_a_delivery_status_names_recipient_and_reason(returned: str) -> None:
    found = understand(dsn(FAILED, returned=returned), NOW)
    assert found.kind == "bounce"
    dead = Report("alias@them.example", "5.1.1", "550 5.1.1 no such user", True, "address", "gone@them.example")
    assert found.reports == (dead,)
    assert found.returned_message_id == "<pr+k1.abc.def@us.example>"
    assert found.text.strip() == "It did not arrive."


@pytest.mark.parametrize(
    ("action", "status", "kind", "permanent"),
    [
        ("failed", "5.1.1", "bounce", True),
        ("failed", "5.2.2", "bounce", False),
        ("failed", "5.7.1", "bounce", False),
        ("failed", "4.4.7", "bounce", False),
        ("delayed", "4.4.1", "delivery_note", False),
        ("failed", "", "bounce", False),
        ("FAILED (x)", "5.1.2", "bounce", True),
    ],
)
def test_R20_permanent_or_not(action: str, status: str, kind: str, permanent: bool) -> None:
    found = understand(dsn(f"Final-Recipient: rfc822; a@b.example\nAction: {action}\nStatus: {status}"), NOW)
    assert found.kind == kind and [report.permanent for report in found.reports] == [permanent]


def test_R20_each_recipient_of_a_report_is_told_apart() -> None:
    second = "Original-Recipient: rfc822;slow@them.example\nAction: delayed\nStatus: 4.4.1"
    third = "Final-Recipient: rfc822; fine@them.example\nAction: delivered\nStatus: 2.0.0"
    found = understand(dsn(f"{FAILED}\n\n{second}\n\n{third}"), NOW)
    assert [(report.address, report.permanent) for report in found.reports] == [
        ("alias@them.example", True),
        ("slow@them.example", False),
    ]


def test_R20_news_of_an_arrival_is_no_bounce() -> None:
    found = understand(dsn("Final-Recipient: rfc822; a@b.example\nAction: delivered\nStatus: 2.0.0"), NOW)
    assert (found.kind, found.reports) == ("delivery_note", ())
    assert found.returned_message_id == "<pr+k1.abc.def@us.example>"


def test_R20_a_person_who_forwards_a_bounce_is_a_person() -> None:
    assert understand(mail("Subject: Fwd: Undelivered", dsn(FAILED).decode()), NOW).kind == "human"


def test_R21_copies_that_differ_in_trace_headers_are_the_same_mail() -> None:
    trace = b"Received: from elsewhere\r\nDelivered-To: other@us.example\r\nDKIM-Signature: v=1\r\n b=x\r\nX-Spam-Score: 3\r\n"
    copy = (trace + REPLY).replace(b"\r\n", b"\n")
    assert understand(copy, NOW).same == understand(REPLY, NOW).same
    for other in (REPLY.replace(b"Danke", b"danke"), REPLY.replace(b"answer@", b"answer2@")):
        assert understand(other, NOW).same != understand(REPLY, NOW).same


@pytest.mark.parametrize(
    ("text", "written", "quoted"),
    [
        ("yes\n\nOn Monday Ann wrote:\n> no?\n", "yes", "On Monday Ann wrote:\n> no?"),
        ("yes\n\n> no?\n> really\n\n", "yes", "> no?\n> really"),
        ("yes\n-----Original Message-----\nFrom: a\n\nno?", "yes", "-----Original Message-----\nFrom: a\n\nno?"),
        ("> no?\nyes\n> why\nbecause", "yes\n> why\nbecause", "> no?"),
        ("yes\n> why\nbecause", "yes\n> why\nbecause", ""),
        ("On the hill\nhe wrote:\nnothing", "On the hill\nhe wrote:\nnothing", ""),
        ("2 > 1\nOn we go", "2 > 1\nOn we go", ""),
        ("> only", "> only", ""),
        ("", "", ""),
    ],
)
def test_R18_quoted_history_is_told_from_what_was_written(text: str, written: str, quoted: str) -> None:
    assert quoting.split(text) == (written, quoted)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["On x wrote:", "> q", "hi", "", "  ", "-----Original Message-----", "On", "wrote:", ">"]),
        max_size=12,
    )
)
def test_R18_no_word_is_lost_in_the_split(lines: list[str]) -> None:
    text = "\n".join(lines)
    written, quoted = quoting.split(text)
    assert sorted((written + "\n" + quoted).split()) == sorted(text.split())


def test_R18_text_is_read_from_html_where_there_is_no_other() -> None:
    html = "<html><head><title>x</title></head><body><p>yes</p><blockquote>no?</blockquote></body></html>"
    found = understand(mail("Content-Type: text/html; charset=utf-8", html), NOW)
    assert (found.text, found.quoted, found.html.strip()) == ("yes", "> no?", html)
    empty = "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<b>seen</b>\n--b--\n"
    assert understand(mail("Content-Type: multipart/alternative; boundary=b", empty), NOW).text == "seen"


def test_R18_every_text_part_is_read_not_only_the_first() -> None:
    parts = "--b\n\nabove\n--b\nContent-Type: image/png\n\nx\n--b\nContent-Type: text/html\n\n<p>below</p>\n--b--\n"
    assert understand(mail("Content-Type: multipart/mixed; boundary=b", parts), NOW).text == "above\nbelow"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("1 < 2 & 3 &gt; 2 &nbsp;&euro;", "1 < 2 & 3 > 2 \xa0€"),
        ("a<!-- hidden -->b<!-- open", "ab<!-- open".replace("<!--", "")),
        ("<style>x{}</style >a<script>if (a<b) {}</script>", "a"),
        ("<style>never closed", "never closed"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>c", "> a\n> > b\nc"),
        ("<a href='mailto:a@b.c'>a@b.c</a> <A HREF=https://x.y>go</A>", "a@b.c go <https://x.y>"),
        ("&#99999999999999;&#x41;&unknown;", "&#99999999999999;A&unknown;"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ],
)
def test_R18_html_as_text(html: str, text: str) -> None:
    assert plaintext.from_html(html).split() == text.split()
    assert plaintext.from_html(html).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("head", "body", "text"),
    [
        ("Content-Type: text/plain; charset=no-such-charset", "grün".encode(), "grün"),
        ("Content-Type: text/plain; charset=us-ascii", "grün".encode("cp1252"), "grün"),
        ("Content-Type: text/plain; charset=utf-8", b"gr\xfcn", "gr\ufffdn"),
        ("Content-Type: text/plain; charset=punycode", b"gr-n", "gr-n"),
        ("Content-Type: text/plain; charset=utf-16", "grün".encode("utf-16"), "grün"),
        ("Content-Type: text/plain", b"a\x00b", "ab"),
        ("Content-Transfer-Encoding: base64", b"Z3LDvG4", "grün"),
        ("Content-Transfer-Encoding: base64", b"Z3LDvG4=\n\n-- \nfooter", None),
        ("Content-Transfer-Encoding: no-such", b"gr=C3", "gr=C3"),
        ("Content-Type: multipart/mixed", b"no boundary", "no boundary"),
        ("Content-Type: multipart/mixed; boundary=b", b"no parts", "no parts"),
        ("Content-Type: nonsense", b"text", "text"),
    ],
)
def test_R18_broken_mail_is_still_read(head: str, body: bytes, text: str | None) -> None:
    found = understand(b"From: a@b.example\n" + head.encode() + b"\n\n" + body, NOW)
    assert text is None or found.text == text


def test_R18_bytes_without_any_header_are_a_human_mail() -> None:
    found = understand(b"just words\nand more", NOW)
    assert (found.kind, found.from_address, found.message_id, found.text) == ("human", "", None, "just words\nand more")


def complete(found: Understood) -> None:
    """Every text can be stored, and no field is out of its kind."""
    texts = (found.text, found.quoted, found.html, found.subject, found.from_name, found.from_address, *found.to)
    ids = (found.message_id or "", found.returned_message_id or "", *found.in_reply_to, *found.references)
    named = (text for a in found.attachments for text in (a.name, a.media_type, a.inline_id or ""))
    told = (text for r in found.reports for text in (r.address or "", r.status, r.diagnostic))
    for text in (*texts, *ids, *named, *told):
        assert "\x00" not in text
        text.encode()
    assert "\n" not in found.subject + found.from_name and len(found.same) == 64


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_R18_any_bytes_are_read(raw: bytes) -> None:
    complete(understand(raw, NOW))


SAMPLES = [REPLY, dsn(FAILED), mail("Auto-Submitted: auto-replied", "until 2026-12-01"), *map(build, LETTERS.values())]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.integers(0, 2**32))
def test_R18_any_mutilated_mail_is_read(raw: bytes, seed: int) -> None:
    dice, broken = random.Random(seed), bytearray(raw)
    for _ in range(dice.randint(1, 12)):
        at, length = dice.randrange(len(broken) + 1), dice.randint(0, 30)
        piece = dice.choice(
            [b"", dice.randbytes(length), bytes(broken[:length]), b"=?", b'"', b";", b"\n\n", b"\xff", b"\x00", b"--b"]
        )
        broken[at : at + dice.choice([0, length])] = piece
    complete(understand(bytes(broken), NOW))


SIZE = 400_000
NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(6_000))
REPEATED = {
    b"From: a@b\n\n": (b"\n", b"On ", b"On On\n", b">", b"> \n", b"-", b"until "),
    b"Content-Type: text/html\n\n": (b"<", b"<!--", b"<a ", b"<p>", b"&#", b"<style>", b"<a b='"),
    b"Subject: ": (b"=?a?q?", b"=?utf-8?b?", b" "),
    b"To: ": (b"a", b"<a@b>", b"(", b'"', b"@"),
    b"Content-Type: multipart/mixed": (b";", b"; a=b", b'; a="', b"; a*0=x"),
}
HEAVY = {
    **{f"{head!r}{piece!r}": head + piece * (SIZE // len(piece)) for head in REPEATED for piece in REPEATED[head]},
    "references": b"References: " + b"<" * SIZE + b"\n\n",
    "headers": b"X: y\n" * (SIZE // 5),
    "folds": b"Subject: a\n" + b" \n" * (SIZE // 2),
    "parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * (SIZE // 4),
    "nested parts": NESTED[:SIZE],
    "parts of one name": b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * (SIZE // 46),
    "status": dsn("Action: failed\n\n" * (SIZE // 16)),
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"a" * SIZE,
}


@pytest.mark.parametrize("name", HEAVY)
def test_R18_no_mail_holds_a_worker_up(name: str) -> None:
    started = time.process_time()
    complete(understand(HEAVY[name], NOW))
    assert time.process_time() - started < 1


def test_R18_what_lies_beyond_the_limits_stays_in_one_piece() -> None:
    parts = "".join(f"--b\nContent-Type: image/png\n\npart {number}\n" for number in range(500)) + "--b--\n"
    found = understand(mail("Content-Type: multipart/mixed; boundary=b", parts), NOW)
    assert 190 <= len(found.attachments) <= 200
    assert found.attachments[-1].name == "unread-parts.eml" and b"part 499" in found.attachments[-1].data


def test_R18_parts_within_parts_are_opened_to_a_limit_and_read_beyond_it() -> None:
    head = 'Content-Type: multipart/mixed; boundary="{0}"\n\n--{0}\n'
    raw = "".join(head.format(f"level-{number}-") for number in range(80)) + "\nthe innermost words\n"
    part, depth = mime.parse(raw.encode()), 0
    while part.children:
        part, depth = part.children[0], depth + 1
    assert depth == mime.DEPTH_LIMIT
    assert "the innermost words" in understand(raw.encode(), NOW).text
