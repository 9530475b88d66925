"""One decision in one transaction: what was locked, what changed and why, and what must be woken after the commit.

Every change of an interaction goes through `record`, which numbers it; refuses to change a row silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from models import clocks
from models import tables as t
from models.errors import Unknown
from models.lifecycle import Happening, State, after
from models.policy import Facts
from models.rights import Who
from models.wakes import Wake, clock_wake, command_wake
from workers.world import World

SYSTEM = Who("postroom", "system")

# Fields that hold words of people or facts about them, or bookkeeping of this very mechanism: not part of the history.
UNTRACKED = frozenset({"id", "subject", "time_zone", "seq", "last_event_at", "created_at"})


@dataclass(frozen=True, slots=True)
class Cause:
    """What a change is due to (R31)."""

    kind: Literal["command", "clock", "mail", "delivery", "operator"]
    id: str | None


@dataclass(slots=True)
class Turn:
    """``at`` is when the command was accepted (R25 counts that), ``now`` when it is decided."""

    world: World
    cause: Cause
    actor: Who
    now: datetime
    at: datetime
    principal: str = ""
    wakes: list[tuple[Wake, datetime | None]] = field(default_factory=list)
    touched: dict[int, _Touched] = field(default_factory=dict)
    arrived: list[str] = field(default_factory=list)
    texts: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)  # of drafts held, by id and revision

    def hold(self, interaction_id: int) -> t.Interaction:
        """The interaction, locked until the commit. Answers the same object every time within one turn."""
        if interaction_id in self.touched:
            return self.touched[interaction_id].row
        row = self.world.store.lock(t.Interaction, interaction_id)
        if row is None:
            number = t.number_of(interaction_id)
            raise Unknown(f"interaction:{number}", f"There is no interaction {number}.")
        return self.held(row)

    def held(self, row: t.Interaction, clock_rows: list[t.ClockRow] | None = None) -> t.Interaction:
        """The same for a row that was locked just now; with its clocks, if they were read since."""
        if row.id not in self.touched:
            self.touched[row.id] = _Touched(row, clocks.facts_of(row), clock_rows)
        return self.touched[row.id].row

    def begin(self, **fields: Any) -> t.Interaction:
        """A new interaction in Work in Progress, locked because nobody else sees it yet."""
        values = {"state": State.WORK_IN_PROGRESS.value, "created_at": self.now, "last_event_at": self.now, **fields}
        row = t.Interaction(**values)
        row.id = self.world.store.number(row)
        touched = self.touched[row.id] = _Touched(row, None)
        touched.unsaid = {name: [None, _plain(value)] for name, value in row.__data__.items() if name not in UNTRACKED}
        return row

    def record(
        self, row: t.Interaction, type: str, why: str, data: dict[str, Any] | None = None, **changes: Any
    ) -> None:
        """One numbered event, with the fields it changes (R31, R32)."""
        touched = self.touched[row.id]
        differing = {name: value for name, value in changes.items() if getattr(row, name) != value}
        said = touched.unsaid | {
            name: [_plain(getattr(row, name)), _plain(value)]
            for name, value in differing.items()
            if name not in UNTRACKED
        }
        touched.unsaid = {}
        for name, value in (differing | {"seq": row.seq + 1, "last_event_at": self.now}).items():
            setattr(row, name, value)
            touched.dirty[name] = value
        self.world.store.add(
            t.Event(
                interaction=row.id,
                seq=row.seq,
                type=type,
                at=self.now,
                actor=self.actor.id,
                cause=self.cause.kind,
                cause_id=self.cause.id,
                why=why,
                changes=said or None,
                data=data,
                announced=False,
            )
        )

    def state_after(self, row: t.Interaction, happening: Happening) -> str:
        """The state this happening leads to; raises `Rejected` where the table refuses."""
        return after(State(row.state), happening).value

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        """Once committed."""
        self.wakes.append((wake, at))

    def unblock(self, interaction_id: int) -> None:
        """Mail is no longer on its way: clocks that waited for that look at once."""
        for row in self.world.store.all(t.ClockRow, interaction=interaction_id):
            if row.due_at is not None and row.due_at <= self.now:
                self.wake(clock_wake(interaction_id, row.kind))

    def arrive(self, key: str) -> None:
        """Something that commands may be waiting for now exists (R36)."""
        self.arrived.append(key)

    def end(self) -> int | None:
        """Write what was recorded, bring the clocks along, and find who waited for it; the last event's number."""
        store, settings = self.world.store, self.world.settings
        for touched in self.touched.values():
            if not touched.dirty:
                continue
            row = touched.row
            store.change(row, **touched.dirty)
            armed = (
                clocks.start(store, settings, row)
                if touched.before is None
                else clocks.follow(store, settings, row, touched.before, touched.clock_rows)
            )
            self.wakes += [(clock_wake(row.id, kind), at) for kind, at in armed]
        if self.arrived:
            store.ask_waiting(self.arrived, self._wake_waiting)
        return next(iter(self.touched.values())).row.seq if self.touched else None

    def leave_wakes(self) -> None:
        """After the commit, never before."""
        for wake, at in self.wakes:
            self.world.alarm.wake(wake, at)

    def _wake_waiting(self, rows: list[tuple[int, str]]) -> None:
        self.wakes += [(command_wake(row_id, type), None) for row_id, type in rows]


def system_turn(world: World, cause: Cause) -> Turn:
    """A turn nobody asked for: a clock, a delivery."""
    now = world.clock.now()
    return Turn(world, cause, SYSTEM, now, now)


@dataclass(slots=True)
class _Touched:
    row: t.Interaction
    before: Facts | None
    clock_rows: list[t.ClockRow] | None = None
    dirty: dict[str, Any] = field(default_factory=dict)
    unsaid: dict[str, list[Any]] = field(default_factory=dict)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
