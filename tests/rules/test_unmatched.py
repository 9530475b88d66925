"""R21 to R23: mail that a person puts in its place is what it is, and a copy of it is a copy wherever the first one lies."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from models import tables as t
from models.queries import mails
from tests.harness import DAY, House, dsn, parsed
from tests.rules.test_replies import CARE, TO, stranger

FIRST = b"Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\r\n"
SECOND = b"Received: from c by d; Mon, 2 Mar 2026 10:00:09 +0000\r\n"


def lost(house: House, raw: bytes, envelope_from: str = "") -> str:
    """A mail on the list; its id."""
    row = house.arrive(raw, CARE, envelope_from)
    assert row.result["unmatched"] is True and "copy" not in row.result, row.result
    return str(row.result["incoming"])


def untraceable(raw: bytes) -> bytes:
    """The same report as a gateway writes it that cites nothing of ours."""
    return raw.replace(raw[raw.rindex(b"Message-ID: <") : raw.rindex(b"Subject:")], b"")


def test_R21_a_copy_that_comes_after_its_twin_was_attached_is_a_copy(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    one = lost(house, FIRST + stranger("lost"))
    house.do("anna", "attach_unmatched", incoming=one, interaction=number)
    assert house.arrive(SECOND + stranger("lost"), CARE).result == {
        "interaction": number,
        "incoming": one,
        "copy": True,
    }
    assert mails.unmatched().items == [] and house.interaction(number).unread == 1


def test_R21_a_copy_without_a_message_id_is_attached_as_one(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    nameless = stranger("lost").replace(b"Message-ID: <stranger@x.example>\n", b"")
    one = lost(house, FIRST + nameless)
    house.do("anna", "attach_unmatched", incoming=one, interaction=number)
    two = lost(house, SECOND + nameless)
    answer = house.do("anna", "attach_unmatched", incoming=two, interaction=number)
    assert answer == {"interaction": number, "incoming": one, "copy": True}
    assert mails.unmatched().items == [] and house.interaction(number).unread == 1


def test_R21_a_copy_that_finds_its_place_takes_its_twin_off_the_list(house: House) -> None:
    house.mailed("anna")
    one = lost(house, FIRST + stranger("lost"))
    house.arrive(SECOND + stranger("lost"), str(parsed(house.post.sent[0][2])["Reply-To"]))
    assert mails.unmatched().items == [] and t.Incoming.get_by_id(one).state == "ignored"


def test_R20_a_bounce_attached_by_hand_is_a_bounce(house: House) -> None:
    answer = house.mailed("anna")
    one = lost(house, untraceable(dsn(house, TO)))
    house.do("anna", "attach_unmatched", incoming=one, interaction=answer["interaction"])
    row = house.interaction(answer["interaction"])
    assert (row.state, row.attention, row.unread) == ("work_in_progress", "bounced", 0)
    assert house.mail(answer["mail"]).state == "bounced" and t.Suppression.get().address_key == TO


def test_R20_a_bounce_attached_by_hand_is_of_the_latest_mail_to_that_address(house: House) -> None:
    first = house.mailed("anna")
    house.clock.at += DAY
    content = {"to": ["wife@x.example"], "text": "x"}
    house.do("anna", "compose_reply", interaction=first["interaction"], content=content, send=True)
    house.pump()
    one = lost(house, untraceable(dsn(house, TO)))
    house.do("anna", "attach_unmatched", incoming=one, interaction=first["interaction"])
    assert house.mail(first["mail"]).state == "bounced"


def test_R19_an_absence_attached_by_hand_is_no_answer(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    one = lost(house, stranger("I am away", Auto_Submitted="auto-replied"))
    house.do("anna", "attach_unmatched", incoming=one, interaction=number)
    row = house.interaction(number)
    assert (row.state, row.unread, row.reply_at) == ("on_hold", 0, None)
    assert len(house.events(number, "automatic_reply_received")) == 1


@pytest.mark.parametrize("answered", [False, True])
def test_R23_our_own_mail_that_came_back_is_nobody_to_answer_and_no_second_link_of_the_thread(
    house: House, answered: bool
) -> None:
    number = house.mailed("anna")["interaction"]
    if answered:
        house.answer()
    house.arrive(house.post.sent[0][2], CARE)
    reply = house.do("anna", "compose_reply", interaction=number, content={"text": "more"}, send=True)
    house.pump()
    assert t.Revision.get(t.Revision.draft == reply["draft"]).content["to"] == [TO]
    references = str(parsed(house.post.sent[-1][2])["References"]).split()
    assert len(references) == len(set(references))


def picture(subject: str, sender: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, CARE, subject, f"<{subject}@x.example>"
    mail.set_content(subject)
    mail.add_attachment(b"\x89PNG the same", maintype="image", subtype="png", filename="logo.png")
    return bytes(mail)


@pytest.mark.parametrize("attached", [True, False])
def test_R21_R39_a_picture_that_two_lost_mails_share_outlives_the_first(house: House, attached: bool) -> None:
    number = house.mailed("anna")["interaction"]
    one, two = lost(house, picture("one", TO)), lost(house, picture("two", "other@q.example"))
    if attached:
        house.do("anna", "attach_unmatched", incoming=one, interaction=number)
    house.do("anna", "close", interaction=number)
    house.do("anna", "submit_wrap_up", interaction=number, code="Issue resolved")
    house.do("root", "erase_customer", customer="carl")
    (shared,) = t.Incoming.get_by_id(two).attachments
    assert bytes(t.Blob.get_by_id(shared["blob"]).data) == b"\x89PNG the same"
    assert mails.incoming_raw(two) and t.Incoming.get_by_id(one).blobs == set()
