"""R18: every character a mail program wrote is read, by what it means with a label and not by what the label once meant."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime

import pytest

from workers import mime
from workers.charsets import text_in
from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

# Whose bytes, under which label, and what their author saw.
WRITTEN = [
    ("Foxmail, QQ Mail: GBK", "gb2312", b"\xc4\xe3\xba\xc3\xa3\xac\xe9F", "你好，镕"),
    ("Foxmail: a name outside GB 2312", "GB2312", "朱镕基总理".encode("gbk"), "朱镕基总理"),
    ("NetEase: GB 18030", "gbk", "𠮷野家 €".encode("gb18030"), "𠮷野家 €"),
    ("HZ, from the days of Usenet", "hz-gb-2312", b"~{VPND~} ok", "中文 ok"),
    ("Outlook on Windows in Japan", "shift_jis", b"\x87\x40\x87\x8a\xfb\xfc\x8d\x82", "①㈱髙高"),
    ("Outlook, Becky!: CP50221", "iso-2022-jp", b"\x1b$B-!-j|b9b\x1b(B ok", "①㈱髙高 ok"),
    ("a program that forgets to switch back", "ISO-2022-JP", b"\x1b$B-!F|\nok \x1b$BK\\\x1b(B", "①日\nok 本"),
    ("half-width katakana in seven bits", "iso-2022-jp", b"\x1b(I6E\x1b$B-!\x1b(B", "ｶﾅ①"),
    ("EUC with NEC's row", "euc-jp", b"\xad\xa1\xc6\xfc\xcb\xdc \x8e\xb6", "①日本 ｶ"),
    ("Outlook in Korea: Unified Hangul", "ks_c_5601-1987", "똠방각하 펲시콜라".encode("cp949"), "똠방각하 펲시콜라"),
    ("KT, old", "iso-2022-kr", "한국어".encode("iso2022_kr"), "한국어"),
    ("Outlook in Taiwan, Hong Kong", "big5", b"\xa7A\xa6n \xf9\xd6 \xfa\x40", "你好 碁 𠕇"),
    ("Outlook in the West", "iso-8859-1", b"\x93Gr\xf6\xdfe\x94 5 \x80 \x96 ok\x85", "“Größe” 5 € – ok…"),
    ("Outlook in Turkey", "iso-8859-9", b"\x93\xddyi\x94", "“İyi”"),
    ("Outlook in Israel", "iso-8859-8-i", b"\xf9\xec\xe5\xed", "שלום"),
    ("Mail in Thailand", "tis-620", b"\xca\xc7\xd1\xca\xb4\xd5 \x80", "สวัสดี €"),
    ("UTF-16 by its mark", "utf-16", "\ufeffgrün".encode("utf-16-be"), "grün"),
    ("UTF-8 under the name of the computer's own", "gb2312", "grün 日本語 ok!".encode(), "grün 日本語 ok!"),
    ("eight bits called ASCII", "us-ascii", "grün".encode(), "grün"),
    ("eight bits called ASCII, of Windows", "us-ascii", b"gr\xfcn \x80", "grün €"),
    ("a name nobody knows", "x-unknown", b"gr\xfcn", "grün"),
    ("RFC 2231, 5", "utf-8*de", "grün".encode(), "grün"),
    ("UTF-7", "unicode-1-1-utf-7", b"gr+APw-n", "grün"),
]  # fmt: skip


@pytest.mark.parametrize(("charset", "octets", "seen"), [w[1:] for w in WRITTEN], ids=[w[0] for w in WRITTEN])
def test_R18_what_programs_mean_by_a_label(charset: str, octets: bytes, seen: str) -> None:
    assert text_in(octets, charset) == seen
    body = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64\n\n"
    assert understand(body.encode() + base64.b64encode(octets), NOW).text == seen.strip()


def test_R18_broken_octets_are_marked_and_cost_no_time() -> None:
    assert text_in(b"\xff\xfe ok", "utf-8") == "\ufffd\ufffd ok"
    assert text_in(b"\x1b$B\xff\xff\x1b(Bok", "iso-2022-jp").endswith("ok")
    for charset in ("iso-2022-jp", "euc-jp", "gb2312", "utf-7"):
        started = time.process_time()
        assert text_in(b"\x1b$B-!" * 400_000, charset)
        assert time.process_time() - started < 1


def with_subject(subject: bytes, charset: str = "utf-8") -> Understood:
    head = b"From: " + subject + b" <a@b.example>\nSubject: " + subject
    return understand(head + b"\nContent-Type: text/plain; charset=" + charset.encode() + b"\n\nhello\n", NOW)


@pytest.mark.parametrize(
    ("subject", "charset", "seen"),
    [
        ("回复：=?utf-8?B?6K6i5Y2V?=".encode(), "utf-8", "回复：订单"),
        (b"=?gb2312?B?xOO6w+lG?=", "utf-8", "你好镕"),
        ("回复：订单".encode("gbk"), "gb2312", "回复：订单"),
        ("ご注文①".encode("cp932"), "Shift_JIS", "ご注文①"),
        ("Größe".encode("cp1252"), "iso-8859-1", "Größe"),
        ("Größe".encode("cp1252"), "utf-8", "Größe"),
        (b"=?iso-2022-jp?B?GyRCLSEtahsoQg==?=", "utf-8", "①㈱"),
        (b"=?utf-8?B?5pel5pw=?=\n =?utf-8?B?rOiqng==?=", "utf-8", "日本語"),  # cut within a character
        (b"=?utf-8?Q?Re:_is it so??= =?utf-8?Q?_yes?=", "utf-8", "Re: is it so? yes"),
        (b"a =?utf-8?q?b?= c =?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=", "utf-8", "a b c üü"),
        (b"=?utf-8?q?open", "utf-8", "=?utf-8?q?open"),
        (b"=?nobody?q?=C3=BC?=", "utf-8", "ü"),
    ],
)
def test_R18_headers_are_read_as_they_were_written(subject: bytes, charset: str, seen: str) -> None:
    found = with_subject(subject, charset)
    assert (found.subject, found.from_name) == (seen, seen)


@pytest.mark.parametrize(
    "meta", [b'<meta charset="gb2312">', b'<META http-equiv=Content-Type content="text/html; charset=gb2312">']
)
def test_R18_html_names_its_charset_itself_where_the_mail_does_not(meta: bytes) -> None:
    raw = (
        b"From: a@b.example\nContent-Type: text/html\n\n<head>" + meta + b"</head><p>" + "订单".encode("gbk") + b"</p>"
    )
    assert understand(raw, NOW).text == "订单"


def test_R18_a_part_without_a_charset_is_read_like_the_others() -> None:
    parts = b"--b\nContent-Type: text/plain; charset=%s\n\nhi\n--b\nContent-Type: text/plain\n\n%s\n--b--\n"
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    for charset, words in (("shift_jis", "注文①"), ("windows-1251", "Заказ"), ("utf-8", "Größe")):
        octets = words.encode({"shift_jis": "cp932"}.get(charset, charset))
        assert understand(head + parts % (charset.encode(), octets), NOW).text == f"hi\n{words}"


def test_R18_file_names_keep_their_characters() -> None:
    name = "订单．docx"
    written = [
        b"attachment; filename*=gb2312''" + b"".join(b"%%%02X" % octet for octet in name.encode("gbk")),
        b'attachment; filename="=?gb2312?B?' + base64.b64encode(name.encode("gbk")) + b'?="',
        b'attachment; filename="' + name.encode("gbk") + b'"',
        b'attachment; filename="' + name.encode() + b'"',
    ]
    head = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=gb2312\n\nhi\n"
    for disposition in written:
        raw = head + b"--b\nContent-Type: application/x\nContent-Disposition: " + disposition + b"\n\nx\n--b--\n"
        assert [leaf.filename for leaf in mime.parse(raw).leaves()][1] == name, disposition
