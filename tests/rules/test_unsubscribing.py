"""R24: whoever was reminded says once that they want no reminders, by link or by mail, and gets none from then on."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from models import tables as t
from models import tokens
from models.errors import Misconfigured
from models.queries.reminders import preview
from models.settings import from_mapping
from tests.harness import ACCEPTED, DAY, DEFERRED, HOUR, House, dsn, parsed
from workers import handlers
from workers.handlers import matching

Open = Callable[..., House]
TO, ALSO = "carl@x.example", "carl.private@y.example"
SEQUENCE = {"reminder_after": "P2D,P5D", "public_url": "https://care.example/desk/"}


def token_of(raw: bytes) -> str:
    found = re.search(r"<mailto:([^@>]+)@postroom\.example\?subject=unsubscribe>", str(parsed(raw)["List-Unsubscribe"]))
    assert found is not None
    return found[1]


def reminded(house: House, **content: object) -> tuple[str, str]:
    """An interaction whose first reminder has left, and that reminder's token."""
    number = house.mailed("anna", **content)["interaction"]
    house.advance(2 * DAY)
    return number, token_of(house.post.sent[-1][2])


def by_link(house: House, token: str) -> t.Command:
    """As the door asks: nobody known, holding a link."""
    row = house.accept("recipient", house.command("unsubscribe", token=token), "link")
    handlers.resume(house.world, row.id)
    return t.Command.get_by_id(row.id)


def suppressed() -> set[tuple[str, str, str, str]]:
    return {(row.address_key, row.scope, row.reason, row.source) for row in t.Suppression.select()}


def by_mail(token: str, sender: str = TO, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, f"{token}@postroom.example", "unsubscribe"
    mail["Message-ID"] = f"<stop.{sender}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Please no more of these.")
    return bytes(mail)


def test_R24_a_reminder_says_how_to_stop_it_and_an_agents_mail_does_not(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house)
    first, reminder = (parsed(data) for _, _, data in house.post.sent)
    assert str(reminder["List-Unsubscribe"]).startswith(f"<https://care.example/desk/unsubscribe/{token}>, <mailto:")
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and first["List-Unsubscribe"] is None
    assert len(token) <= 64 and tokens.verify(token.upper(), house.world.settings.keys)


def test_R24_without_a_public_url_it_is_stopped_by_mail_only(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    reminded(house)
    message = parsed(house.post.sent[-1][2])
    assert str(message["List-Unsubscribe"]).startswith("<mailto:") and message["List-Unsubscribe-Post"] is None


def test_R24_unsubscribing_stops_the_reminders_of_all_that_waits_at_once(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    other = house.mailed("bert")["interaction"]
    stranger = house.mailed("bert", "cora")["interaction"]
    number, token = reminded(house)
    row = by_link(house, token)
    assert row.state == "done" and row.result == {"interaction": number, "addresses": 1, "stopped": [other, number]}
    assert suppressed() == {(TO, "reminders", "unsubscribed", "link")}
    for each in (number, other):
        (event,) = house.events(each, "unsubscribed")
        assert event.changes == {"reminders_stopped": [False, True]} and "by the link" in event.why
        assert (event.actor, event.cause_id) == ("recipient", f"recipient/{row.command_id}")
        assert event.data["notify"] and house.state(each) == "on_hold"
        why = preview(each, house.world.settings, house.now).why
        assert why.startswith("Stopped: ") and "by the link" in why
    before = len(house.post.sent)
    house.advance(10 * DAY)
    assert [to for _, to, _ in house.post.sent[before:]] == ["cora@z.example"]
    assert not house.interaction(stranger).reminders_stopped


def test_R24_asking_again_is_the_same_wish_and_lifting_it_is_undone_by_the_next(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    number, token = reminded(house)
    by_link(house, token)
    seq = house.interaction(number).seq
    again = by_link(house, token)
    assert again.state == "done" and again.result["stopped"] == [] and house.interaction(number).seq == seq
    house.do("mona", "lift_suppression", address=TO)
    assert suppressed() == set()
    by_link(house, token.upper())
    assert suppressed() == {(TO, "reminders", "unsubscribed", "link")}
    assert len(house.events(number, "unsubscribed")) == 2


def test_R24_later_reminders_find_nobody_to_remind_but_agents_still_write(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house)
    by_link(house, token)
    sent = len(house.post.sent)
    later = house.mailed("anna")["interaction"]
    house.advance(10 * DAY)
    assert len(house.post.sent) == sent + 1
    assert {event.type for event in house.events(later)} >= {"reminder_skipped"}


def test_R24_a_reminder_that_waits_for_the_server_does_not_leave_any_more(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house)
    house.post.answers(TO, DEFERRED, ACCEPTED)
    house.advance(3 * DAY)
    sent = len(house.post.sent)
    by_link(house, token)
    house.advance(HOUR)
    assert len(house.post.sent) == sent


def test_R24_one_click_for_all_whom_one_mail_reminded(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house, to=[TO, ALSO])
    assert by_link(house, token).result["addresses"] == 2
    assert {address for address, *_ in suppressed()} == {TO, ALSO}


def test_R24_on_a_closed_interaction_the_wish_holds_and_the_state_stays(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    number, token = reminded(house)
    house.do("anna", "close", interaction=number)
    house.advance(HOUR)
    by_link(house, token)
    assert suppressed() and house.state(number) == "closed_complete"
    (event,) = house.events(number, "unsubscribed")
    assert event.changes is None


@pytest.mark.parametrize("purpose", ["reply", "bounce", "mail"])
def test_R24_only_a_token_made_for_it_unsubscribes(open_house: Open, purpose: tokens.Purpose) -> None:
    house = open_house(**SEQUENCE)
    reminded(house)
    mail = t.Mail.get(t.Mail.kind == "reminder")
    for token in (tokens.sign(purpose, mail.id, house.world.settings.keys), "unsubscribe+d0.abc.aaaaaaaaaaaaaaaa", "x"):
        row = by_link(house, token)
        assert (row.state, row.code) == ("rejected", "unknown_token")
    assert suppressed() == set()


def test_R2_a_recipient_may_unsubscribe_and_nothing_else(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house)
    house.refused("forbidden", "anna", "unsubscribe", token=token)
    for door, wish in (
        ("http", {"type_name": "unsubscribe", "token": token}),
        ("link", {"type_name": "compose", "customer": "carl"}),
    ):
        row = house.accept("recipient", house.command(**wish), door)
        handlers.resume(house.world, row.id)
        assert t.Command.get_by_id(row.id).code == "forbidden"
    house.refused("reserved", "root", "upsert_principal", principal="recipient", role="admin", name="R")


def test_R24_by_mail_the_sender_is_meant_and_what_they_wrote_is_kept(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    number, token = reminded(house, to=[TO, ALSO])
    row = house.arrive(by_mail(token, ALSO), f"{token}@postroom.example")
    assert (row.result["kind"], row.result["interaction"]) == ("unsubscribe", number)
    assert suppressed() == {(ALSO, "reminders", "unsubscribed", "mail")}
    incoming = t.Incoming.get()
    assert "no more of these" in incoming.text and house.state(number) == "on_hold"
    (event,) = house.events(number, "unsubscribed")
    assert event.data["incoming"] == incoming.id and house.interaction(number).unread == 0
    assert house.events(number, "reply_received") == []


def test_R24_by_mail_from_another_address_all_who_were_reminded_are_meant(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house, to=[TO, ALSO])
    house.arrive(by_mail(token, "carl@alias.example", Auto_Submitted="auto-generated"), f"{token}@postroom.example")
    assert {address for address, *_ in suppressed()} == {TO, ALSO}


def test_R24_a_mail_to_unsubscribe_reopens_and_continues_nothing(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    number, token = reminded(house)
    house.do("anna", "close", interaction=number)
    house.advance(HOUR)
    row = house.arrive(by_mail(token), f"{token}@postroom.example")
    assert row.result["interaction"] == number and t.Interaction.select().count() == 1
    assert suppressed()


def test_R20_a_report_sent_to_that_address_is_still_a_report(open_house: Open) -> None:
    house = open_house(**SEQUENCE)
    _, token = reminded(house)
    row = house.arrive(dsn(house, TO), f"{token}@postroom.example")
    assert row.result["kind"] == "bounce" and ("reminders" not in {scope for _, scope, *_ in suppressed()})
    assert matching.Match(1, "token").purpose is None


@pytest.mark.parametrize(
    ("url", "profile"),
    [
        ("http://care.example", "production"),
        ("ftp://x", "test"),
        ("https://x/?a=b", "test"),
        ("https://ü.example", "test"),
    ],
)
def test_R24_a_public_url_that_could_not_be_clicked_is_refused(url: str, profile: str) -> None:
    with pytest.raises(Misconfigured, match="public_url"):
        from_mapping({"POSTROOM_PROFILE": profile, "POSTROOM_PUBLIC_URL": url, "POSTROOM_TOKEN_KEYS": "k1:secret"})
