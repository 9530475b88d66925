"""R13, R18 and R24 together: what a letter carries out comes back in and is understood; settings decide what it carries."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from models import tables as t
from models.store import keep_blob
from tests.harness import DAY, House, parsed
from tests.test_seals import SEALS, verified

Open = Callable[..., House]
MARK = "-- ✂ --"


def text_of(raw: bytes, kind: str = "plain") -> str:
    part = parsed(raw).get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("sign", ["> ", ""])
def test_R18_what_stands_above_the_mark_is_the_answer_whoever_announces_the_quotation(
    open_house: Open, sign: str
) -> None:
    house = open_house(reply_mark=MARK)
    house.mailed("anna", text="Which colour?", html="<p>Which colour?</p>")
    sent = house.post.sent[-1][2]
    assert text_of(sent).startswith(MARK) and MARK in text_of(sent, "html")
    quoted = "\n".join(sign + line for line in text_of(sent).split("\n"))
    house.answer(text=f"Blue, please.\n\n{quoted}")
    incoming = t.Incoming.get()
    assert incoming.text.strip() == "Blue, please." and "Which colour?" in incoming.quoted


def test_R18_no_mark_unless_it_is_set(house: House) -> None:
    house.mailed("anna", text="Hello.")
    assert text_of(house.post.sent[-1][2]).strip() == "Hello."


def test_R18_an_answer_between_the_quoted_lines_below_the_mark_is_kept(open_house: Open) -> None:
    house = open_house(reply_mark=MARK)
    house.mailed("anna", text="Which colour?\nWhich size?")
    house.answer(text=f"See below.\n\nAnna wrote:\n> {MARK}\n> Which colour?\nBlue.\n> Which size?\nXL.")
    words = t.Incoming.get().text
    assert "See below." in words and "Blue." in words and "XL." in words


def test_R24_a_reminder_carries_the_mark_too(open_house: Open) -> None:
    house = open_house(reply_mark=MARK, reminder_after="P2D")
    house.mailed("anna")
    house.advance(2 * DAY)
    assert text_of(house.post.sent[-1][2]).startswith(MARK) and len(house.post.sent) == 2


def test_R13_a_picture_in_the_text_goes_by_its_id_and_a_file_beside_it(house: House) -> None:
    picture, report = b"\x89PNG picture", "Überblick 😀".encode()
    files = [
        {"blob": kept(house, picture), "name": "logo 🌞.png", "media_type": "image/png", "inline_id": "logo.1"},
        {"blob": kept(house, report), "name": "Überblick 😀.txt", "media_type": "text/plain"},
    ]
    house.mailed("anna", text="", html="<p>😀</p><img src=cid:logo.1>", attachments=files, subject="Größe 📦")
    message = parsed(house.post.sent[-1][2])
    related = message.get_body(("related",))
    assert related is not None and str(message["Subject"]) == "Größe 📦"
    (image,) = related.iter_attachments()
    (file,) = message.iter_attachments()
    assert (image["Content-ID"], image.get_filename(), image.get_payload(decode=True)) == (
        "<logo.1>",
        "logo 🌞.png",
        picture,
    )
    assert (file.get_filename(), file.get_payload(decode=True)) == ("Überblick 😀.txt", report)


@pytest.mark.parametrize(("address", "needed"), [("jürgen@x.example", True), ("carl@bücher.example", False)])
def test_R13_only_a_local_part_beyond_ascii_needs_a_server_with_smtputf8(
    house: House, address: str, needed: bool
) -> None:
    house.mailed("anna", to=[address], subject="Grüße", text="Grüße")
    _, to, raw = house.post.sent[-1]
    assert (to, raw.isascii()) == (address, not needed)


def test_R13_the_signature_is_part_of_the_stored_bytes_of_mails_and_reminders(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    house.world = replace(house.world, build=SEALS.build)
    sent = house.mailed("anna")
    house.advance(2 * DAY)
    first, reminder = (data for _, _, data in house.post.sent)
    assert verified(first) and verified(reminder)
    assert bytes(t.Blob.get(t.Blob.sha256 == house.mail(sent["mail"]).blob).data) == first


def kept(house: House, data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    with house.store.transaction():
        keep_blob(house.store, digest, data, "application/octet-stream", house.now)
    return digest
