"""PURE. The states of an interaction and the one table that says what each happening does to each state.

Refuses to know rows, time or people: it answers (state, happening) with a decision, and nothing undeclared exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.errors import Rejected


class State(StrEnum):
    WORK_IN_PROGRESS = "work_in_progress"
    ON_HOLD = "on_hold"
    WRAP_UP = "wrap_up"
    CLOSED_COMPLETE = "closed_complete"
    CLOSED_ABANDONED = "closed_abandoned"

    @property
    def is_closed(self) -> bool:
        return self in CLOSED

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").title().replace(" In ", " in ")


CLOSED = frozenset({State.CLOSED_COMPLETE, State.CLOSED_ABANDONED})
OPEN = frozenset(State) - CLOSED


class Happening(StrEnum):
    """Everything that can meet an interaction, as seen by its state."""

    DRAFT_WORK = "draft_work"  # compose onto it, open, save, discard, take over, restore, reply, transfer
    NOTE = "note"
    SEND = "send"
    CANCEL_SEND = "cancel_send"
    READ = "mark_read"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_REFUSED = "mail_refused"
    MAIL_UNCERTAIN = "mail_uncertain"
    REMINDER_ACCEPTED = "reminder_accepted"
    HUMAN_REPLY = "human_reply"
    AUTOMATIC_REPLY = "automatic_reply"
    BOUNCE = "bounce"
    CC_BOUNCE = "cc_bounce"
    REMINDER_DUE = "reminder_due"
    ABANDONMENT_DUE = "abandonment_due"
    INACTIVITY_DUE = "inactivity_due"
    LAST_DRAFT_DISCARDED = "last_draft_discarded"
    CLOSE_UNSENT = "close_unsent"
    CLOSE = "close"
    WRAP_UP_SUBMITTED = "wrap_up_submitted"
    WRAP_UP_DUE = "wrap_up_due"


@dataclass(frozen=True, slots=True)
class Move:
    """The interaction goes to ``to`` (which may be where it already is)."""

    to: State


@dataclass(frozen=True, slots=True)
class Refuse:
    """The asker gets this code and sentence; nothing changes."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """True, perhaps worth a note in the history, but without effect on the state."""


Decision = Move | Refuse | Ignore

_WIP, _HOLD, _WRAP = State.WORK_IN_PROGRESS, State.ON_HOLD, State.WRAP_UP
_DONE, _LEFT = State.CLOSED_COMPLETE, State.CLOSED_ABANDONED
_CLOSED = Refuse("closed", "The interaction is closed; a closed interaction is never changed or reopened.")
_WRAPPING = Refuse("in_wrap_up", "The interaction is in wrap-up; submit the wrap-up code, or wait for the customer.")
_NOT_WRAPPING = Refuse("not_in_wrap_up", "Only an interaction in wrap-up takes a wrap-up code; close it first.")
_IGNORE = Ignore()


def _row(wip: Decision, hold: Decision, wrap: Decision, closed: Decision) -> dict[State, Decision]:
    return {_WIP: wip, _HOLD: hold, _WRAP: wrap, _DONE: closed, _LEFT: closed}


TABLE: dict[Happening, dict[State, Decision]] = {
    Happening.DRAFT_WORK: _row(Move(_WIP), Move(_HOLD), _WRAPPING, _CLOSED),
    Happening.NOTE: _row(Move(_WIP), Move(_HOLD), Move(_WRAP), _CLOSED),
    Happening.SEND: _row(Move(_WIP), Move(_HOLD), _WRAPPING, _CLOSED),
    Happening.CANCEL_SEND: _row(Move(_WIP), Move(_HOLD), Move(_WRAP), _CLOSED),
    Happening.READ: _row(Move(_WIP), Move(_HOLD), Move(_WRAP), _IGNORE),
    Happening.MAIL_ACCEPTED: _row(Move(_HOLD), Move(_HOLD), _IGNORE, _IGNORE),
    Happening.MAIL_REFUSED: _row(Move(_WIP), Move(_WIP), _IGNORE, _IGNORE),
    Happening.MAIL_UNCERTAIN: _row(Move(_WIP), Move(_HOLD), _IGNORE, _IGNORE),
    Happening.REMINDER_ACCEPTED: _row(_IGNORE, Move(_HOLD), _IGNORE, _IGNORE),
    Happening.HUMAN_REPLY: _row(Move(_WIP), Move(_WIP), Move(_WIP), _IGNORE),
    Happening.AUTOMATIC_REPLY: _row(_IGNORE, _IGNORE, _IGNORE, _IGNORE),
    Happening.BOUNCE: _row(Move(_WIP), Move(_WIP), _IGNORE, _IGNORE),
    Happening.CC_BOUNCE: _row(Move(_WIP), Move(_HOLD), _IGNORE, _IGNORE),
    Happening.REMINDER_DUE: _row(_IGNORE, Move(_HOLD), _IGNORE, _IGNORE),
    Happening.ABANDONMENT_DUE: _row(Move(_LEFT), _IGNORE, _IGNORE, _IGNORE),
    Happening.INACTIVITY_DUE: _row(_IGNORE, Move(_DONE), _IGNORE, _IGNORE),
    Happening.LAST_DRAFT_DISCARDED: _row(Move(_LEFT), _IGNORE, _IGNORE, _IGNORE),
    Happening.CLOSE_UNSENT: _row(Move(_LEFT), Move(_WRAP), _WRAPPING, _CLOSED),
    Happening.CLOSE: _row(Move(_WRAP), Move(_WRAP), _WRAPPING, _CLOSED),
    Happening.WRAP_UP_SUBMITTED: _row(_NOT_WRAPPING, _NOT_WRAPPING, Move(_DONE), _CLOSED),
    Happening.WRAP_UP_DUE: _row(_IGNORE, _IGNORE, Move(_DONE), _IGNORE),
}


def decide(state: State, happening: Happening) -> Decision:
    """What ``happening`` does to an interaction in ``state``; total over both enumerations."""
    return TABLE[happening][state]


def after(state: State, happening: Happening) -> State:
    """The state afterwards; raises `Rejected` where the table refuses (R37)."""
    decision = decide(state, happening)
    if isinstance(decision, Refuse):
        raise Rejected(decision.code, decision.sentence, state=state.value)
    return decision.to if isinstance(decision, Move) else state


def happens(state: State, happening: Happening) -> bool:
    """Whether the happening has an effect here; for timers, which are ignored rather than refused."""
    return isinstance(decide(state, happening), Move)


def diagram() -> str:
    """The state diagram of the docs, as Mermaid text, from the table alone."""
    edges: dict[tuple[State, State], list[str]] = {}
    for happening, row in TABLE.items():
        for state, decision in row.items():
            if isinstance(decision, Move) and decision.to is not state:
                edges.setdefault((state, decision.to), []).append(happening.value)
    lines = ["stateDiagram-v2", "    [*] --> work_in_progress: compose"]
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in edges.items()]
    lines += [f"    {state} --> [*]" for state in sorted(CLOSED)]
    return "\n".join(lines) + "\n"
