"""R18, R21: mails that break a standard, or use a rare corner of one, as real programs send them: read, and no part lost."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from workers.understanding import understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\nEND:VEVENT\nEND:VCALENDAR\n"
RETURNED = b"From: MAILER-DAEMON@x.example\nSubject: Undelivered\n\n<q@z.example>: 550 5.1.1 no such user\n"
MIXED = b"From: a@b.example\nSubject: Re: hi\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nwords\n"
ALTERNATIVE = MIXED.replace(b"mixed", b"alternative")
ENCODED = base64.b64encode("wörds".encode())
A = b"From: a@b.example\n"

# What it is, the mail, its words, its files; all are a person's.
ODD = [
    ("no head at all", b"words\n", "words", []),
    ("neither sender nor id", b"Subject: hi\n\nwords\n", "words", []),
    ("a group as sender", b"From: Us: a@b.example, c@b.example;\nTo: undisclosed-recipients:;\n\nwords\n", "words", []),
    ("a Macintosh's lines", b"From: a@b.example\rSubject: hi\r\rwords\rmore\r", "words\nmore", []),
    ("noughts", A + b"Subject: h\0i\n\nwo\0rds\n", "words", []),
    ("kept by Notepad", b"\xef\xbb\xbf" + A + b"Subject: hi\n\nwords\n", "words", []),
    ("cut out of an mbox", b"From a@b.example Fri Nov 20\n" + A + b"\nwords\n", "words", []),
    ("a blank before the colon", b"From : a@b.example\nSubject : hi\n\nwords\n", "words", []),
    ("eight bits unannounced", A + "\nwörds\n".encode("latin-1"), "wörds", []),
    ("binary", A + b"Content-Transfer-Encoding: binary\n\n" + "wörds".encode(), "wörds", []),
    ("an encoding with a comment", A + b"Content-Transfer-Encoding: base64 (so)\n\n" + ENCODED, "wörds", []),
    ("an encoding in quotes", A + b'Content-Transfer-Encoding: "BASE64";\n\n' + ENCODED, "wörds", []),
    ("quoted-printable with slips", A + b"Content-Transfer-Encoding: quoted-printable\n\nw=C3=B6rds =ZZ 5=3", "wörds =ZZ 5=3", []),
    ("a type without its half", A + b"Content-Type: text\n\nwords\n", "words", []),
    ("no boundary named", A + b"Content-Type: multipart/mixed\n\nwords\n", "words", []),
    ("another boundary named", A + b"Content-Type: multipart/mixed; boundary=x\n\nwords\n--y\n\nmore", "words\n--y\n\nmore", []),
    ("never closed", MIXED, "words", []),
    ("words around a picture: Apple Mail", MIXED + b"--b\nContent-Type: image/png\n\nx\n--b\n\nafter\n--b--\n",
     "words\nafter", ["unnamed"]),
    ("a text file inline: Apple Mail", MIXED + b"--b\nContent-Type: text/plain; name=a.txt\n\nlog\n--b--\n", "words", ["a.txt"]),
    ("signed in the clear", MIXED + b"--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nx\n--b--\n",
     "words", ["smime.p7s"]),
    ("a bounce passed on by a person", MIXED + b"--b\nContent-Type: message/rfc822\n\n" + RETURNED + b"--b--\n",
     "words", ["message.eml"]),
    ("a mail within a mail", A + b"Content-Type: message/rfc822\n\nSubject: x\n\ninner",
     "", ["message.eml"]),
    ("an invitation accepted: Outlook", ALTERNATIVE + b"--b\nContent-Type: text/calendar; method=REPLY\n\n" + ICS + b"--b--\n",
     "words", ["invitation.ics"]),
    ("an invitation accepted without a word", A + b"Subject: Accepted: Visit\nContent-Type: text/calendar; method=REPLY\n\n" + ICS,
     "", ["invitation.ics"]),
    ("a reaction: Gmail", ALTERNATIVE + b"--b\nContent-Type: text/vnd.google.email-reaction+json\n\n{}\n--b--\n",
     "words", ["unnamed"]),
    ("text/enriched: Mail of NeXT", A + b"Content-Type: text/enriched\n\n<bold>words</bold>\n", "", ["unnamed"]),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text", "files"), [odd[1:] for odd in ODD], ids=[odd[0] for odd in ODD])
def test_R18_an_odd_mail_is_read_and_keeps_every_part(raw: bytes, text: str, files: list[str]) -> None:
    found = understand(raw, NOW)
    assert (found.kind, found.text, [part.name for part in found.attachments]) == ("human", text, files)


@pytest.mark.parametrize(
    ("to", "addresses"),
    [
        (b"Care: care@us.example, <x@us.example>;, y@us.example", ("care@us.example", "x@us.example", "y@us.example")),
        (b"undisclosed-recipients:;", ()),
        (b'"Care, us" <care@us.example>', ("care@us.example",)),
        (b"mailto:care@us.example", ("care@us.example",)),
        (b"care@us.example (ours), CARE@us.example", ("care@us.example", "CARE@us.example")),
    ],
)
def test_R17_whoever_is_named_in_to_is_found(to: bytes, addresses: tuple[str, ...]) -> None:
    assert understand(A + b"To: " + to + b"\n\nwords\n", NOW).to == addresses
