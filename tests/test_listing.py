"""Every list in every order holds each row once, in that order, however it is narrowed; on both engines, page by page."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import tables as t
from models.errors import Rejected
from models.lifecycle import OPEN, State
from models.queries import customers, listing, mentions, seeking
from models.queries.wanted import ORDERS, Order, Wanted
from models.store import Store

START = datetime(2026, 1, 2, tzinfo=UTC)
NAMES = ["Ada", "ada", "Ödön", "Zoë", "Bob 100%", "Carl_Ohm", ""]
SUBJECTS = ["", "Invoice", "invoice late", "Meter 50%", "Ångström", "x" * 300]
ALL, CLOSED = tuple(State), tuple(sorted(set(State) - OPEN))
VIEWS = {
    "open": Wanted(), "closed": Wanted(states=CLOSED), "all": Wanted(states=ALL),
    "one state": Wanted(states=(State.ON_HOLD,)),
    "mine": Wanted(states=ALL, owner="anna"), "nobody's": Wanted(nobodys=True), "queue": Wanted(nobodys=True, queue="billing"),
    "words": Wanted(states=ALL, words="invoice"),
    "my guests that call": Wanted(owner="anna", kind="guest", calling=True),
}  # fmt: skip


@pytest.fixture
def rows(store: Store) -> list[Any]:
    """Interactions with much in common, so that ties are everywhere."""
    pick = random.Random(7)
    with store.transaction():
        for who, name in (("anna", "Anna"), ("ben", "ben"), ("cleo", "Anna")):
            t.Principal.insert(id=who, role="agent", name=name).execute()
        for number, name in enumerate(NAMES):
            values = {"search": name.lower(), "sort_key": t.sort_key(name), "created_at": START}
            t.Customer.insert(id=f"c{number}", kind="guest" if number % 2 else "contact", name=name, **values).execute()
        for number in range(90):
            _interaction(pick, number)
    return list(t.Interaction.select())


def _interaction(pick: random.Random, number: int) -> None:
    state, customer = pick.choice(ALL), pick.randrange(len(NAMES))
    at, owner = START + timedelta(hours=pick.randrange(40)), pick.choice(["anna", "anna", "ben", None])
    made: Any = t.Interaction.insert(
        customer=f"c{customer}", kind="guest" if customer % 2 else "contact", state=state.value, owner=owner,
        queue=None if owner else pick.choice(["billing", "repairs"]), subject=(subject := pick.choice(SUBJECTS)),
        unread=pick.choice([0, 0, 1]), created_at=at, activity_at=at, last_event_at=at,
        closed_at=None if state in OPEN else at,
    ).execute()  # fmt: skip
    t.Mail.insert(
        id=f"m{number}", interaction=made, kind="agent", state="sent", message_id=f"{number}", from_address="",
        subject=subject, blob="", size=0, queued_at=at, queued_seq=1, leave_at=at,
    ).execute()  # fmt: skip
    for kind in pick.choice([(), ("inactivity",), ("inactivity", "reminder")]):
        due = START + timedelta(hours=pick.randrange(40))
        t.ClockRow.insert(interaction=made, kind=kind, due_at=due, publish_at=due).execute()


def _through(wanted: Wanted, order: Order, descending: bool) -> list[str]:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = listing.page(wanted, order, descending, cursor, 11)
        seen += [line.number for line in page.items]
        if page.next is None:
            return seen
        assert len(page.items) == 11
        cursor = page.next


def _holds(wanted: Wanted) -> Callable[[Any], bool]:
    return lambda row: (
        row.state in wanted.states
        and (wanted.owner is None or row.owner == wanted.owner)
        and (not wanted.nobodys or row.owner is None)
        and (wanted.queue is None or row.queue == wanted.queue)
        and (wanted.kind is None or row.kind == wanted.kind)
        and (not wanted.calling or row.unread > 0)
        and wanted.words in row.subject.lower()
    )


def test_R30_every_list_in_every_order_holds_each_row_once(rows: list[Any]) -> None:
    for name, wanted in VIEWS.items():
        expected = sorted(row.number for row in filter(_holds(wanted), rows))
        assert expected, name
        for order in ORDERS:
            for descending in (True, False):
                assert sorted(_through(wanted, order, descending)) == expected, (name, order, descending)


def test_R30_the_order_is_the_one_asked_for(rows: list[Any]) -> None:
    known = {row.number: row for row in rows}
    due = {each.interaction: each.publish_at for each in t.ClockRow.select().order_by(t.ClockRow.publish_at.desc())}
    keys: dict[Order, Callable[[Any], Any]] = {
        "number": lambda row: row.id, "activity": lambda row: (row.last_event_at, row.id),
        "state": lambda row: list(State).index(row.state),
        "clock": lambda row: (due.get(row.id) is None, due.get(row.id, START)),
    }  # fmt: skip
    for order in ("number", "activity", "state", "clock"):
        shown = [keys[order](known[number]) for number in _through(Wanted(states=ALL), order, False)]
        assert shown == sorted(shown), order
    owners = [known[number].owner for number in _through(Wanted(states=ALL), "owner", False)]
    assert list(dict.fromkeys(owners)) == ["anna", "ben", None]


def test_R30_a_list_too_long_to_be_sorted_is_in_the_same_order(
    rows: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [(wanted, order, down) for wanted in VIEWS.values() for order in ORDERS for down in (True, False)]
    sorted_ones = [_through(*each) for each in asked]
    people = [[found.id for found in customers.search(words).items] for words in ("a", "o", "bob")]
    monkeypatch.setattr("models.queries.wanted.FEW", 1)
    monkeypatch.setattr(customers, "FEW", 0)
    assert [_through(*each) for each in asked] == sorted_ones
    assert [[found.id for found in customers.search(words).items] for words in ("a", "o", "bob")] == people


def test_R30_the_newest_mails_that_mention_words_are_found_wherever_they_are(
    rows: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mentions, "MOST", 5)
    numbers = [step * (1 << mentions.BITS) + more for step in range(0, 40, 3) for more in (1, 2)]
    for number in numbers:
        subject = "Rare 5% off" if number < 99_999 else "common ones"
        t.Mail.insert(
            id=f"far{number}", interaction=number + 5_000, kind="agent", state="sent", message_id=f"far{number}", blob="",
            from_address="", subject=subject, size=0, queued_at=START, queued_seq=1, leave_at=START,
        ).execute()  # fmt: skip
    for words in ("rare", "RARE 5%", "common", "one", "5_ off", "nowhere"):
        fits = t.Mail.select(t.Mail.interaction).where(t.Mail.subject.contains(words)).tuples()
        assert mentions.newest(t.Mail, words) == sorted((number for (number,) in fits), reverse=True)[:5], words


def test_R30_a_cursor_is_good_for_its_own_order_only(rows: list[Any]) -> None:
    cursor = listing.page(Wanted(), "subject", False, None, 3).next
    for order, descending in (("customer", False), ("subject", True), ("number", False)):
        with pytest.raises(Rejected, match="cursor"):
            listing.page(Wanted(), order, descending, cursor, 3)  # type: ignore[arg-type]


def test_R30_words_find_numbers_subjects_and_customers(rows: list[Any]) -> None:
    number = rows[0].number
    assert seeking.number(number.lower()) == number and seeking.number("IMS9999999") is None
    assert number in _through(Wanted(states=ALL, words=number), "number", True)
    assert _through(Wanted(states=ALL, words="nothing of the kind"), "number", True) == []
    assert [found.name for found in customers.search("öd").items] == ["Ödön"]
    assert [found.name for found in customers.search("100%").items] == ["Bob 100%"]
    assert [found.name for found in customers.search("dö").items] == [], "two letters begin a word"
    first = customers.search("", None, 3)
    rest = customers.search("", first.next, 50)
    assert len({each.id for each in [*first.items, *rest.items]}) == len(NAMES)
