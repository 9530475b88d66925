"""What must hold after any sequence of happenings, whatever a test was about; `broken` answers every violation as a sentence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from models import tables as t
from models.clocks import facts_of
from models.deliveries import mail_state
from models.lifecycle import TABLE, Move, State
from models.policy import running
from models.queries import history
from models.queries.views import EventView
from tests.harness import House
from workers.turn import UNTRACKED

LEGAL = {
    (state.value, decision.to.value)
    for row in TABLE.values()
    for state, decision in row.items()
    if isinstance(decision, Move)
}
PENDING = ("queued", "claimed", "transmitting", "deferred")


def broken(house: House) -> list[str]:
    """Every rule of the house that the rows break now."""
    found: list[str] = []
    interactions = list(t.Interaction.select())
    events = _grouped("interaction", t.Event.select().order_by(t.Event.seq))
    clocks = _grouped("interaction", t.ClockRow.select())
    for row in interactions:
        found += _history(row, [history.view(event) for event in events[row.id]])
        found += _nobody_waits_for_ever(row, clocks[row.id], house)
    found += _consolidation(interactions, house)
    found += _promises()
    found += _words(house)
    found += _mails(house)
    found += _references_only()
    return found


def _grouped(field: str, rows: Iterable[Any]) -> defaultdict[Any, list[Any]]:
    """One question for all: tests of thousands of interactions ask this too."""
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    return found


def _history(row: t.Interaction, events: list[EventView]) -> Iterator[str]:
    if [event.seq for event in events] != list(range(1, row.seq + 1)):
        yield f"R32 {row.number}: numbers {[event.seq for event in events]}, the row says {row.seq}"
    yield from (f"R31 {row.number}: {sentence}" for sentence in history.breaks(events))
    rebuilt = history.rebuild(events)
    tracked = {name: _plain(getattr(row, name)) for name in row.__data__ if name not in UNTRACKED}
    for name in tracked:
        if _plain(rebuilt.get(name)) != tracked[name]:
            yield f"R31 {row.number}: history gives {name}={rebuilt.get(name)!r}, the row has {tracked[name]!r}"
    for event in events:
        if not event.cause or not event.why:
            yield f"R31 {row.number}/{event.seq}: no cause"
        before, after = (event.changes or {}).get("state", (None, None))
        if before is not None and (before, after) not in LEGAL:
            yield f"states {row.number}/{event.seq}: {before} -> {after} is not in the table"


def _nobody_waits_for_ever(row: t.Interaction, clocks: list[t.ClockRow], house: House) -> Iterator[str]:
    truth = running(facts_of(row), house.world.settings)
    rows = {clock.kind: clock for clock in clocks}
    for kind, due in truth.items():
        clock = rows.get(kind.value)
        if clock is None or clock.due_at is None or clock.due_at > due.at:
            yield f"R28 {row.number}: {kind} is due at {due.at}, its row says {clock and clock.due_at}"
        elif clock.publish_at is None:
            yield f"R28 {row.number}: nobody would look at {kind}"
    if not State(row.state).is_closed and not truth and not row.owner and not row.queue:
        yield f"states {row.number}: open, and neither clock nor owner nor queue"


def _consolidation(interactions: list[t.Interaction], house: House) -> Iterator[str]:
    unsent = [
        row for row in interactions
        if row.direction == "outbound" and row.state == State.WORK_IN_PROGRESS and row.first_accepted_at is None
        and row.received_at is None
    ]  # fmt: skip
    per_agent = house.world.settings.per_agent_kinds
    for customer, count in Counter(row.customer for row in unsent if row.kind not in per_agent).items():
        if count > 1:
            yield f"R4 {customer}: {count} unsent interactions"
    for row in interactions:
        over = State(row.state).is_closed or row.first_accepted_at is not None
        if over and row.consolidation_key is not None:
            yield f"R4 {row.number}: keeps its key although sent or closed"
    yield from (f"R4 {row.number}: unsent without a key" for row in unsent if row.consolidation_key is None)


def _promises() -> Iterator[str]:
    for row in t.Command.select():
        decided = row.state in ("done", "rejected", "dead")
        if decided == (row.publish_at is not None) or (decided and row.decided_at is None):
            yield f"R34 {row.principal}/{row.command_id}: {row.state} with publish_at {row.publish_at}"
        if row.state in ("rejected", "dead") and not (row.code and row.sentence):
            yield f"R37 {row.principal}/{row.command_id}: {row.state} without code or sentence"
    for delivery in t.Delivery.select():
        if (delivery.state in PENDING) != (delivery.publish_at is not None):
            yield f"R14 {delivery.id}: {delivery.state} with publish_at {delivery.publish_at}"


def _words(house: House) -> Iterator[str]:
    chains: dict[str, dict[int, dict[str, Any]]] = {}
    for revision in t.Revision.select().where(t.Revision.number.is_null(False)):
        chains.setdefault(revision.draft, {})[revision.number] = revision.content
    for draft in t.Draft.select():
        if sorted(chains.get(draft.id, {})) != list(range(1, draft.revision + 1)):
            yield f"R8 {draft.id}: revisions {sorted(chains.get(draft.id, {}))} of {draft.revision}"
    for draft_id, number, content in house.acknowledged:
        kept = chains.get(draft_id, {}).get(number, {})
        if not kept.get("erased") and any(kept.get(name) != value for name, value in content.items()):
            yield f"R8 {draft_id}: revision {number} was acknowledged as {content}, kept is {kept}"


def _mails(house: House) -> Iterator[str]:
    by_mail = _grouped("mail", t.Delivery.select())
    for mail in t.Mail.select():
        deliveries = [row.state for row in by_mail[mail.id]]
        if mail.claimed and mail.state != mail_state(deliveries):
            yield f"R14 {mail.id}: {mail.state} from {deliveries}"
        if mail.state == "sent" and mail.sent_at is None:
            yield f"R14 {mail.id}: sent, nobody knows when"
    for delivery in t.Delivery.select().where(t.Delivery.state == "accepted"):
        if not delivery.reply_text and delivery.address_key:  # an erased one has neither (R39)
            yield f"R14 {delivery.id}: accepted without words on record"
    again = {
        (event.data or {}).get("delivery") for event in t.Event.select().where(t.Event.type == "delivery_requeued")
    }
    resent = {row.address for row in t.Delivery.select() if row.id in again}
    for (address, _), count in Counter((address, data) for _, address, data in house.post.sent).items():
        if count > 1 and address not in resent:
            yield f"R14 {address}: the same mail left {count} times"


def _references_only() -> Iterator[str]:
    for event in t.Event.select():
        if "@" in f"{event.why} {event.changes} {event.data}":
            yield f"R39 {event.interaction}/{event.seq}: an address in the history: {event.why} {event.data}"


def _plain(value: Any) -> Any:
    if isinstance(value, str) and len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T":
        return datetime.fromisoformat(value)
    return value
