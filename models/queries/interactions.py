"""Lists of interactions: mine, ongoing, a customer's, by state, a queue's, by search; and one with everything on it.

Every list is read per state along an index, so it stays flat however many interactions there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models import tables as t
from models.clocks import facts_of
from models.errors import Rejected
from models.lifecycle import OPEN, State
from models.policy import running
from models.queries import customers, drafts, history, mails, seeking
from models.queries.paging import Key, Page, decode, newest_first, older, page_of
from models.queries.views import CustomerBrief, InteractionLine, InteractionView, NoteView, RunningClock
from models.settings import Settings

LATEST_EVENTS = 50
_I = t.Interaction
_OPEN = tuple(sorted(OPEN))
_ALL = tuple(State)


def mine(
    owner: str, states: Iterable[State] = _OPEN, cursor: str | None = None, limit: int = 50
) -> Page[InteractionLine]:
    """My Interactions (R30): those this principal owns, the latest happening first; open ones unless said otherwise."""
    return _listed(_I.owner == owner, states, cursor, limit)


def ongoing(owner: str, cursor: str | None = None, limit: int = 50) -> Page[InteractionLine]:
    """The Ongoing tab (R18): open ones of this owner that something waits on."""
    waiting = (_I.unread > 0) | _I.attention.is_null(False)
    return _listed((_I.owner == owner) & waiting, _OPEN, cursor, limit)


def calling(owner: str) -> dict[str, int]:
    """The whole of that tab by number, each with what is unread of it; nothing unread where a mail is in trouble."""
    waiting = (_I.unread > 0) | _I.attention.is_null(False)
    is_open = pw.NodeList((_I.state, pw.SQL(t.among(OPEN))))
    rows: Any = _I.select(_I.id, _I.unread).where(_I.owner == owner, is_open, waiting).tuples()
    return {t.number_of(id): unread for id, unread in rows}


def of_customer(
    customer: str, states: Iterable[State] = _ALL, cursor: str | None = None, limit: int = 50
) -> Page[InteractionLine]:
    """The customer's related list (R15, R30)."""
    return _listed(_I.customer == customer, states, cursor, limit)


def in_states(states: Iterable[State], cursor: str | None = None, limit: int = 50) -> Page[InteractionLine]:
    return _listed(None, states, cursor, limit)


def in_queue(queue: str | None = None, cursor: str | None = None, limit: int = 50) -> Page[InteractionLine]:
    """Open ones nobody owns: of one queue, or of all."""
    nobodys = _I.owner.is_null()
    return _listed(nobodys if queue is None else nobodys & (_I.queue == queue), _OPEN, cursor, limit)


def search(text: str, cursor: str | None = None, limit: int = 50) -> Page[InteractionLine]:
    """By number (with or without its letters), by subject, or of the customers found by name, phone or address."""
    found = seeking.interactions(text)
    return _merged([seeking.these(found)], cursor, limit) if found else Page(items=[])


def find(number: str) -> t.Interaction:
    """The row of a number; raises `Rejected` ``not_found``."""
    row: t.Interaction | None = _I.get_or_none(_I.id == t.id_of(number))
    if row is None:
        raise Rejected("not_found", f"There is no interaction {number}.")
    return row


def one(number: str, settings: Settings, confidential: bool = True) -> InteractionView:
    """Everything on one interaction, as of one moment; without drafts and notes unless ``confidential``."""
    before = find(number)
    for _ in range(3):
        view = _detail(before, settings, confidential)
        after = find(number)
        if after.seq == before.seq:
            break
        before = after
    return view


def line(row: t.Interaction) -> InteractionLine:
    return lines([row])[0]


def lines(rows: Sequence[t.Interaction]) -> list[InteractionLine]:
    """List lines with their customers' names, fetched in one go."""
    briefs = customers.briefs({row.customer for row in rows})
    return [_line(row, briefs) for row in rows]


def _listed(
    where: pw.Expression | None, states: Iterable[State], cursor: str | None, limit: int
) -> Page[InteractionLine]:
    each = [_I.state == state.value for state in dict.fromkeys(states)]
    return _merged([one if where is None else one & where for one in each], cursor, limit)


def _merged(branches: Iterable[Any], cursor: str | None, limit: int) -> Page[InteractionLine]:
    """Each branch is read along an index of its own."""
    key: Key | None = decode(cursor, datetime, int) if cursor else None
    rows = newest_first([_branch(where, key, limit) for where in branches], _key, limit + 1)
    found = page_of(rows, limit, lambda row: row, _key)
    return Page(items=lines(found.items), next=found.next)


def _branch(where: Any, key: Key | None, limit: int) -> list[t.Interaction]:
    after = older(_I.last_event_at, _I.id, key)
    query = _I.select().where(where, *([] if after is None else [after]))
    return list(query.order_by(_I.last_event_at.desc(), _I.id.desc()).limit(limit + 1))


def _key(row: t.Interaction) -> Key:
    return row.last_event_at, row.id


def _line(row: t.Interaction, briefs: dict[str, CustomerBrief]) -> InteractionLine:
    return InteractionLine.model_validate(_values(row, briefs))


def _values(row: t.Interaction, briefs: dict[str, CustomerBrief]) -> dict[str, object]:
    same = {name: getattr(row, name) for name in InteractionLine.model_fields if hasattr(row, name)}
    return same | {
        "number": row.number,
        "customer": briefs.get(row.customer) or CustomerBrief(id=row.customer, kind=row.kind, name=""),
        "state_label": State(row.state).label,
        "follows": t.number_of(row.follows) if row.follows is not None else None,
    }


def _detail(row: t.Interaction, settings: Settings, confidential: bool) -> InteractionView:
    who = customers.one(row.customer)
    return InteractionView.model_validate(
        _values(row, {row.customer: who})
        | {
            "who": who,
            "drafts": drafts.of_interaction(row) if confidential else [],
            "mails": mails.of_interaction(row.id),
            "incoming": mails.incoming_of(row.id),
            "notes": notes_of(row.id) if confidential else [],
            "clocks": clocks_of(row, settings),
            "history": history.latest(row.id, LATEST_EVENTS),
        }
    )


def notes_of(interaction: int) -> list[NoteView]:
    rows = t.Note.select().where(t.Note.interaction == interaction).order_by(t.Note.written_at, t.Note.id)
    return [NoteView(id=row.id, author=row.author, text=row.text, written_at=row.written_at) for row in rows]


def clocks_of(row: t.Interaction, settings: Settings) -> list[RunningClock]:
    """The clocks that run, soonest first, from the facts and the settings in force (R28)."""
    due = sorted(running(facts_of(row), settings).values(), key=lambda found: found.at)
    return [RunningClock(kind=found.kind.value, due_at=found.at, why=found.why) for found in due]
