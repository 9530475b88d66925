"""R18: which part of a mail is read as its words, and that no other is lost."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from producers.workspace import words
from workers.sealed import signed_content
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


def test_R18_very_long_html_loses_no_word() -> None:
    found = read("Content-Type: text/html", "<p>word</p>" + f"<p title='{'x' * 90_000}'>word</p>" * 8)
    assert found.text.split() == ["word"] * 9


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


def signed(content: bytes) -> bytes:
    """As Outlook does without "send clear text signed message"."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Kim")])
    until = NOW + timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, until).sign(key, SHA256())
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(made, key, SHA256())
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])


def streamed(content: bytes) -> bytes:
    """As OpenSSL and Java write it: ends are marks, and the octets come in pieces."""
    pieces = b"".join(b"\x04" + bytes([len(p)]) + p for p in (content[:50], content[50:150], content[150:]))
    data, signed_data = (bytes.fromhex(f"06092a864886f70d0107{last}") for last in ("01", "02"))
    inner = b"\x02\x01\x01\x31\x80\x00\x00" + b"\x30\x80" + data + b"\xa0\x80\x24\x80" + pieces + b"\0\0" * 3
    return b"\x30\x80" + signed_data + b"\xa0\x80\x30\x80" + inner + b"\x31\x00" + b"\0\0" * 3


WITHIN = (
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    + "Größe M, bitte.\r\n".encode() * 3
)


@pytest.mark.parametrize("seal", [signed, streamed])
def test_R18_a_mail_signed_as_a_whole_is_read(seal: Callable[[bytes], bytes]) -> None:
    sealed = seal(WITHIN)
    head = "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64"
    found = read(head, base64.encodebytes(sealed).decode())
    assert found.text == "\n".join(["Größe M, bitte."] * 3)
    assert [(part.name, part.data) for part in found.attachments] == [("smime.p7m", sealed)]
    for end in range(0, len(sealed), 7):
        signed_content(sealed[:end])
    assert (
        signed_content(b"\x30\x80" * 400_000) is None and signed_content(streamed(b"")[:20] + b"\x24\x80" * 9) is None
    )


@pytest.mark.parametrize(
    ("media_type", "text", "said"),
    [
        ("application/pkcs7-mime", "", "encrypted"),
        ("application/pgp-encrypted", " ", "encrypted"),
        ("application/pkcs7-mime", "read", ""),
        ("application/ms-tnef", "read", "winmail.dat"),
        ("image/png", "", ""),
    ],
)
def test_R18_the_agent_is_told_why_there_is_nothing_to_read(media_type: str, text: str, said: str) -> None:
    mail = SimpleNamespace(text=text, attachments=[{"media_type": media_type}])
    assert said in words.sealed(mail) and bool(said) is bool(words.sealed(mail))
