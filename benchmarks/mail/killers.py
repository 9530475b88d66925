"""Mail made to hurt, in any size: each asks one part of the understanding for more than it should give. Refuses to judge."""

from __future__ import annotations

import base64
from collections.abc import Callable

Maker = Callable[[int], bytes]

_TEXT = b"From: a@them.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"
_HTML = _TEXT.replace(b"plain", b"html")
_MIXED = b'From: a@them.example\nContent-Type: multipart/mixed; boundary="b"\n\n'
_FAILED = b"From: MAILER-DAEMON@them.example\nSubject: failure notice\n\n"
_AWAY = _TEXT.replace(b"x\n", b"Automatic reply: x\n", 1)
_REPORT = (
    b'From: MAILER-DAEMON@them.example\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    b"--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
)


def _filled(head: bytes, unit: bytes | str, tail: bytes = b"") -> Maker:
    octets = unit.encode() if isinstance(unit, str) else unit
    return lambda size: head + octets * (size // len(octets) + 1) + tail


def _text_in(charset: str, unit: bytes) -> Maker:
    return _filled(_TEXT.replace(b"utf-8", charset.encode()), unit)


def _header(name: str, unit: str) -> Maker:
    return _filled(f"From: a@them.example\n{name}: ".encode(), unit, b"\n\nwords\n")


def _fields(unit: str) -> Maker:
    return _filled(b"From: a@them.example\n", unit, b"\nwords\n")


def _numbered(head: bytes, unit: str, tail: bytes = b"") -> Maker:
    length = len(unit) + 3
    return lambda size: head + b"".join((unit % n).encode() for n in range(size // length)) + tail


def _wide(unit: str, end: str) -> str:
    """A line as long as announcements may be."""
    return (unit * 480)[:480] + end


def _nested(size: int) -> bytes:
    level = b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n'
    return b"".join(level % (n, n) for n in range(60)) + b"words\n" * (size // 6)


def _attached(size: int) -> bytes:
    head = b"--b\n\nsee attached\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    return _MIXED + head + base64.encodebytes(bytes(range(256)) * (size // 350)) + b"\n--b--\n"


def _sealed(size: int) -> bytes:
    """S/MIME in pieces of one octet."""
    begins = "308006092a864886f70d010702a0803080020101310030800609 2a864886f70d010701a0802480"
    ber = bytes.fromhex(begins) + b"\x04\x01a" * (size // 4) + b"\0\0"
    head = b"From: a@them.example\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(ber)


def _based(size: int) -> bytes:
    return _TEXT.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n") + base64.encodebytes(
        b"words of mine\n" * (size // 19)
    )


_QP = _TEXT.replace(b"\n\n", b"\nContent-Transfer-Encoding: quoted-printable\n\n")
_BROKEN = _TEXT.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n")

KILLERS: dict[str, Maker] = {
    "quotes": _filled(_TEXT, "> quoted words of somebody\n"),
    "deep quotes": _filled(_TEXT, ">"),
    "one line": _filled(_TEXT, "word "),
    "one word": _filled(_TEXT, "w"),
    "pipes": _filled(_TEXT, "| a | b |\n"),
    "colons": _filled(_TEXT, ":\n"),
    "blocks of headers": _filled(_TEXT + b"mine\n", "From: Ann <a@us.example>\nSent: Monday\nTo: Kim\nSubject: it\n\n"),
    "quoted mails": _filled(_TEXT, "On Mon, Feb 1, 2016 at 4:58 AM Ann <a@us.example> wrote:\n> it\nmine\n"),
    "long lines of addresses and a colon": _filled(_TEXT, _wide("a@b ", ":\n")),
    "long lines of verbs and a colon": _filled(_TEXT, _wide("wrote ", ":\n")),
    "long lines of times and a colon": _filled(_TEXT, _wide("On 1 Jan 2016 at 10:30 ", ":\n")),
    "long lines of blanks and a colon": _filled(_TEXT, _wide("a\u00a0", ":\n")),
    "signatures of names": _filled(_TEXT, "--\nKim Mueller\n+49 30 123456\n"),
    "format=flowed": _filled(_TEXT.replace(b"utf-8", b"utf-8; format=flowed"), "words of mine \n> > quoted \n"),
    "emoji": _filled(_TEXT, "😀 wörter\n"),
    "no UTF-8": _filled(_TEXT, b"w\xff\xfe\n"),
    "UTF-16": _text_in("utf-16", "words ä\n".encode("utf-16-le")),
    "ISO-2022-JP": _text_in("iso-2022-jp", b"\x1b$B-!\x1b(B"),
    "EUC-JP": _text_in("euc-jp", b"\xad\xa1\xa4\xa2a"),
    "soft line breaks": _filled(_QP, "word =C3=A4 of mine here =\n"),
    "base64 text": _based,
    "base64 text full of other signs": _filled(_BROKEN, "A!"),
    "an attachment": _attached,
    "parts of a line each": _filled(_MIXED, "--b\n\nwords\n"),
    "parts of HTML": _filled(_MIXED, "--b\nContent-Type: text/html\n\n" + "<p>hello <b>w</b></p>" * 2_000 + "\n"),
    "alternatives": _filled(_MIXED.replace(b"mixed", b"alternative"), "--b\nContent-Type: text/html\n\n<p>hello</p>\n"),
    "lines that are almost boundaries": _filled(_MIXED, "--b" + " " * 50 + "x\n"),
    "a boundary of dashes": _filled(_MIXED.replace(b'"b"', b'"-----"'), "-"),
    "multiparts around words": _nested,
    "mails within mails": _numbered(b"", "Subject: %d\nContent-Type: message/rfc822\n\n"),
    "S/MIME in pieces of one octet": _sealed,
    "HTML: blockquotes": _filled(_HTML, "<blockquote>a"),
    "HTML: tables": _filled(_HTML, "<table><tr><td>a"),
    "HTML: lists": _filled(_HTML, "<li>a"),
    "HTML: <br>": _filled(_HTML, "<br>"),
    "HTML: unclosed <i>": _filled(_HTML, "<i>"),
    "HTML: <": _filled(_HTML, "<"),
    "HTML: </": _filled(_HTML, "</"),
    "HTML: <a": _filled(_HTML, "<a "),
    "HTML: comments": _filled(_HTML, "<!-- a -->b"),
    "HTML: open comments": _filled(_HTML, "<!--"),
    "HTML: open scripts": _filled(_HTML, "<script><style><title>"),
    "HTML: entities": _filled(_HTML, "&amp;&eacute;&#65;"),
    "HTML: half entities": _filled(_HTML, "&a"),
    "HTML: &": _filled(_HTML, "&"),
    "HTML: links": _filled(_HTML, "<a href='https://x.example/y'>https://x.example/y</a> "),
    "HTML: attributes": _filled(_HTML, "<img " + "alt " * 900 + ">"),
    "HTML: pictures": _filled(_HTML, "<p>hi<img src='data:image/png;base64," + "A" * 500 + "'></p>"),
    "HTML: <pre>": _filled(_HTML + b"<pre>", "line\n"),
    "HTML: no tags": _filled(_HTML, "word "),
    "HTML: a huge style sheet": _filled(_HTML + b"<style>", ".a { color: red; }\n", b"</style><p>words of mine</p>"),
    "HTML: a huge tag": _filled(_HTML + b"<a title='", "x", b"'>words</a>"),
    "HTML: = and blanks": _filled(_HTML, "=" + " " * 19),
    "a DSN of many recipients": _numbered(
        _REPORT, "Final-Recipient: rfc822; a%d@b.example\nAction: failed\nDiagnostic-Code: smtp; 550 user unknown\n\n"
    ),
    "a DSN of many recipients in one block": _filled(_REPORT, "Final-Recipient: rfc822; a@b.example\nAction: failed\n"),
    "a DSN of many status parts": _filled(
        _REPORT,
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        + "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 1_000,
    ),
    "a DSN of long diagnostics": _numbered(
        _REPORT, "Final-Recipient: rfc822; a%d@b.example\nDiagnostic-Code: smtp; " + "the user you " * 77 + "\n\n"
    ),
    "a bounce of many recipients": _numbered(_FAILED, "<a%d@b.example>: 550\n"),
    "a bounce of one word": _filled(_FAILED, "user mailbox "),
    "a bounce of dashes": _filled(_FAILED, "-_"),
    "X-Failed-Recipients": _header("X-Failed-Recipients", "a@b.example, "),
    "absences": _filled(_AWAY, "back on Monday until 3/4 "),
    "headers": _numbered(b"", "X-Header-%d: value\n"),
    "a folded header": _filled(b"From: a@them.example\nSubject: x\n", " folded\n"),
    "References": _header("References", "<abc@def.example> "),
    "words in In-Reply-To": _header("In-Reply-To", "a@b "),
    "To": _header("To", '"a\\" <a@b>,'),
    "many To": _fields("To: a@b.example\n"),
    "Received": _fields("Received: from a by b; Mon, 1 Feb 2016 04:58:00 +0000\n"),
    "Authentication-Results": _fields("Authentication-Results: mx; dkim=pass header.d=a.example\n"),
    "encoded words": _header("Subject", "=?utf-8?b?w6Q=?= "),
    "folded encoded words": _header("Subject", "=?utf-8?q?a?=\n "),
    "Re: Re:": _header("Subject", "Re: "),
    "parameters": _header("Content-Type", "a/b; name*0*=utf-8''a; name*1=b; "),
    "quotes in From": _header("From", '"a'),
    "a name without a colon": _filled(b"From: a@b.example\nX-A", " ", b"\n\nwords"),
}  # fmt: skip
