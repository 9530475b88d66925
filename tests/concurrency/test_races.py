"""Two things at the same moment, a hundred times: each outcome is one the rules allow, and each allowed one was seen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from models import tables as t
from models.store import keep_blob
from tests.concurrency.racing import Deed, Steering, Track, delivery_of, left, linger
from tests.harness import House, parsed
from workers import handlers

ROUNDS = 100
WORDS = {"subject": "Your order", "text": "Hello."}


def by_broker(house: House, user: str, type_name: str, **body: Any) -> tuple[Deed, str]:
    """A command on its way through the broker's door, and its id."""
    command = house.command(type_name, **body)
    raw = command.as_json().encode()
    return lambda: handlers.receive(house.world, raw, user, False), command.id


def by_http(house: House, user: str, type_name: str, **body: Any) -> tuple[Deed, str]:
    """A command that was accepted already and waits for its decision, and its id."""
    row = house.accept(user, house.command(type_name, **body))
    return lambda: handlers.resume(house.world, row.id), row.command_id


def delivering(house: House, mail: str) -> Deed:
    delivery = delivery_of(mail)
    return lambda: handlers.deliver(house.world, delivery)


def answering(house: House, raw: bytes) -> Deed:
    """The customer's answer, stored and accepted, waits for its decision."""
    blob = house.world.digest(raw)
    command = house.command("receive_mail", blob=blob, envelope_from="", envelope_to="care@postroom.example")
    with house.store.transaction():
        keep_blob(house.store, blob, raw, "message/rfc822", house.now)
    row = house.accept("mailroom", command, "mail")
    return lambda: handlers.resume(house.world, row.id)


def answer_to(sent: bytes, sender: str, number: int) -> bytes:
    ours, mail = parsed(sent), EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, str(ours["Reply-To"]), "Re: your order"
    mail["Message-ID"], mail["In-Reply-To"] = f"<answer{number}@x.example>", str(ours["Message-ID"])
    mail.set_content("Thank you.")
    return mail.as_bytes(policy=policy.SMTP)


def rounds(house: House) -> list[tuple[int, str, str]]:
    """Number, customer and address of each round; the customers exist."""
    found = [(n, f"c{n}", f"c{n}@x.example") for n in range(ROUNDS)]
    for _, customer, address in found:
        house.customer(customer, "contact", address)
    return found


def order(house: House, number: str, *types: str) -> list[str]:
    """In which order these happened on the interaction."""
    return [event.type for event in house.events(number) if event.type in types]


def settled(track: Track, steering: Steering, record_property: Callable[[str, object], None]) -> None:
    record_property("outcomes", dict(steering.seen))
    print(f"outcomes: {dict(steering.seen)}")
    assert steering.missing() == [], f"never seen in {ROUNDS} rounds: {steering.seen}"


def test_R15_R16_an_answer_races_with_the_delivery_of_a_further_mail(
    house: House, track: Track, record_property: Callable[[str, object], None]
) -> None:
    steering = Steering("held back", "between claim and acceptance", "after acceptance", seed=15)
    for n, customer, address in rounds(house):
        number = house.mailed("anna", customer)["interaction"]
        reply = answering(house, answer_to(house.sent_to(address)[0], address, n))
        more = house.do("anna", "compose_reply", interaction=number, content={"text": "One more thing."}, send=True)
        house.post.during = linger()
        track.run(delivering(house, more["mail"]), reply, steering.shift())
        steering.learn(_answered(house, number, more, address))
        house.pump()
    settled(track, steering, record_property)


def _answered(house: House, number: str, more: dict[str, Any], address: str) -> str:
    row, mail = house.interaction(number), house.mail(more["mail"])
    assert (row.state, row.unread, row.owner) == ("work_in_progress", 1, "anna")
    if mail.state == "cancelled":
        assert left(house, address) == 1 and row.attention == "held_back"
        assert house.draft(more["draft"]).state == "open" and house.text(more["draft"]) == "One more thing."
        return "held back"
    assert mail.state == "sent" and left(house, address) == 2 and house.draft(more["draft"]).state == "sent"
    last = order(house, number, "reply_received", "delivery_accepted")[-1]
    return "after acceptance" if last == "reply_received" else "between claim and acceptance"


def test_R16_an_undo_races_with_the_claim(
    house: House, track: Track, record_property: Callable[[str, object], None]
) -> None:
    steering = Steering("undone", "left", seed=16)
    for _, customer, address in rounds(house):
        sent = house.compose("anna", customer, content=WORDS, send=True)
        undo, asked = by_broker(house, "anna", "cancel_send", mail=sent["mail"])
        track.run(delivering(house, sent["mail"]), undo, steering.shift())
        row, mail = house.row("anna", asked), house.mail(sent["mail"])
        if row.state == "done":
            assert (mail.state, left(house, address)) == ("cancelled", 0)
            assert house.draft(sent["draft"]).state == "open" and house.state(sent["interaction"]) == "work_in_progress"
        else:
            assert (row.code, mail.state, left(house, address)) == ("already_sent", "sent", 1)
            assert house.draft(sent["draft"]).state == "sent" and house.state(sent["interaction"]) == "on_hold"
        steering.learn("undone" if row.state == "done" else "left")
        house.pump()
        assert left(house, address) == (row.state != "done")
    settled(track, steering, record_property)


def test_R25_an_opening_races_with_the_abandonment(
    house: House, track: Track, record_property: Callable[[str, object], None]
) -> None:
    steering = Steering("kept", "closed", seed=25)
    for _, customer, _ in rounds(house):
        written = house.written("anna", customer)
        number = written["interaction"]
        house.leap(timedelta(days=30, seconds=1))
        opening, asked = by_broker(house, "anna", "open_draft", draft=written["draft"])
        fire = lambda number=number: handlers.fire(house.world, t.id_of(number), "abandonment")  # noqa: E731
        track.run(fire, opening, steering.shift())
        row, state = house.row("anna", asked), house.state(number)
        outcome = {"done": "kept", "rejected": "closed"}[row.state]
        assert (row.code, state) == (
            (None, "work_in_progress") if outcome == "kept" else ("closed", "closed_abandoned")
        )
        assert house.text(written["draft"]) == "Hello Carl."
        steering.learn(outcome)
    settled(track, steering, record_property)


def test_R25_a_firing_abandonment_yields_to_an_opening_accepted_before(house: House, track: Track) -> None:
    for n, customer, _ in rounds(house):
        written = house.written("anna", customer)
        number = written["interaction"]
        house.leap(timedelta(days=30, seconds=1))
        opening, asked = by_http(house, "anna", "open_draft", draft=written["draft"])
        fire = lambda number=number: handlers.fire(house.world, t.id_of(number), "abandonment")  # noqa: E731
        track.run(fire, opening, (n % 20 - 10) / 5000)
        assert (house.row("anna", asked).state, house.state(number)) == ("done", "work_in_progress")


def test_R4_R7_a_compose_races_with_the_acceptance(
    house: House, track: Track, record_property: Callable[[str, object], None]
) -> None:
    steering = Steering("joined", "began anew", seed=4)
    for _, customer, address in rounds(house):
        sent = house.compose("anna", customer, content=WORDS, send=True)
        house.post.during = linger()
        compose, asked = by_broker(house, "bert", "compose", customer=customer)
        track.run(delivering(house, sent["mail"]), compose, steering.shift())
        found = house.row("bert", asked).result
        first = house.interaction(sent["interaction"])
        assert (first.state, first.owner, left(house, address)) == ("on_hold", "anna", 1)
        assert found["created"] == (found["interaction"] != sent["interaction"])
        assert house.draft(found["draft"]).state == "open"
        if found["created"]:
            other = house.interaction(found["interaction"])
            assert (other.state, other.owner) == ("work_in_progress", "bert")
        steering.learn("began anew" if found["created"] else "joined")
    settled(track, steering, record_property)


@pytest.mark.parametrize("confirm", [True, False])
def test_R27_a_close_races_with_the_delivery(
    house: House, track: Track, record_property: Callable[[str, object], None], confirm: bool
) -> None:
    names = ("cancelled", "on its way", "sent before") if confirm else ("mail pending", "sent before")
    steering = Steering(*names, seed=27)
    for _, customer, address in rounds(house):
        sent = house.compose("anna", customer, content=WORDS, send=True)
        house.post.during = linger()
        close, asked = by_broker(house, "anna", "close", interaction=sent["interaction"], confirm=confirm)
        track.run(delivering(house, sent["mail"]), close, steering.shift())
        row = house.row("anna", asked)
        found = (row.code or "", house.state(sent["interaction"]), house.mail(sent["mail"]).state, left(house, address))
        outcome = {
            ("", "closed_abandoned", "cancelled", 0): "cancelled",
            ("", "closed_abandoned", "sent", 1): "on its way",
            ("", "wrap_up", "sent", 1): "sent before",
            ("mail_pending", "on_hold", "sent", 1): "mail pending",
        }[found]
        steering.learn(outcome)
        house.pump()
        assert left(house, address) == found[3]
    settled(track, steering, record_property)


def test_R14_the_same_wake_up_on_two_workers_at_once_sends_once(house: House, track: Track) -> None:
    for n, customer, address in rounds(house):
        sent = house.compose("anna", customer, content=WORDS, send=True)
        deed = delivering(house, sent["mail"])
        track.run(deed, deed, (n % 20 - 10) / 5000)
        assert (left(house, address), house.state(sent["interaction"])) == (1, "on_hold")
        assert len(house.events(sent["interaction"], "delivery_accepted")) == 1


def test_R14_a_claim_that_ran_out_races_with_its_successor(
    house: House, track: Track, record_property: Callable[[str, object], None]
) -> None:
    steering = Steering("the successor sent it", "the first sent it after all", seed=14)
    for _, customer, address in rounds(house):
        sent = house.compose("anna", customer, content=WORDS, send=True)
        first, successor = delivering(house, sent["mail"]), delivering(house, sent["mail"])
        late, shift = threading.Event(), steering.shift()

        def frozen(late: threading.Event = late, shift: float = shift) -> None:
            house.leap(house.world.settings.delivery_lease + timedelta(seconds=1))
            late.set()
            linger(max(0.0, -shift))()

        def take_over(late: threading.Event = late, shift: float = shift, deed: Deed = successor) -> None:
            late.wait(10)
            linger(max(0.0, shift))()
            deed()

        house.post.before = frozen
        track.run(first, take_over)
        assert (left(house, address), house.mail(sent["mail"]).state) == (1, "sent")
        attempts = house.delivery(sent["mail"]).attempts
        steering.learn("the successor sent it" if attempts == 2 else "the first sent it after all")
    settled(track, steering, record_property)
