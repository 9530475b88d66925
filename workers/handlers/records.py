"""How handlers find and lock what a command names, always in the order customer, interaction, draft or mail."""

from __future__ import annotations

from typing import Any

from models import tables as t
from models.errors import Rejected, Unknown
from workers.turn import Turn

EMPTY: dict[str, Any] = {"to": [], "cc": [], "bcc": [], "subject": "", "text": "", "html": "", "attachments": []}


def held_interaction(turn: Turn, number: str) -> t.Interaction:
    """The interaction with this number, locked; raises `Unknown`."""
    return turn.hold(t.id_of(number))


def held_draft(turn: Turn, name: str) -> tuple[t.Draft, t.Interaction]:
    """The draft with this id or alias and its interaction, both locked; raises `Unknown`."""
    place = _place(turn, name)
    if place is None:
        raise Unknown(draft_key(turn, name), f"There is no draft {name!r}.")
    interaction = turn.hold(place.interaction)
    draft = t.Draft.get_by_id(place.id)  # read again: it may have changed while we waited for the lock
    return draft, interaction


def own_open_draft(turn: Turn, name: str) -> tuple[t.Draft, t.Interaction]:
    """A draft of the actor's own that can be written to; raises `Rejected` otherwise (R8)."""
    draft, interaction = held_draft(turn, name)
    must_be_own(turn, draft)
    must_be_open(draft)
    return draft, interaction


def must_be_own(turn: Turn, draft: t.Draft) -> None:
    if draft.author != turn.actor.id:
        raise Rejected(
            "not_your_draft",
            f"The draft belongs to {draft.author!r}; take it over first.",
            field="body.draft", author=draft.author,
        )  # fmt: skip


def must_be_open(draft: t.Draft) -> None:
    if draft.state == "open":
        return
    told = {"queued": "is on its way; cancel the send first", "sent": "was sent", "discarded": "was discarded"}
    raise Rejected("draft_not_open", f"The draft {told[draft.state]}.", field="body.draft", state=draft.state)


def held_mail(turn: Turn, mail_id: str) -> tuple[t.Mail, t.Interaction]:
    """The mail and its interaction, locked; raises `Unknown`."""
    place = t.Mail.get_or_none(t.Mail.id == mail_id)
    if place is None:
        raise Unknown(f"mail:{mail_id}", f"There is no mail {mail_id!r}.")
    interaction = turn.hold(place.interaction)
    return t.Mail.get_by_id(mail_id), interaction


def draft_key(turn: Turn, name: str) -> str:
    """What a command waits on when the draft it names is not known yet (R36)."""
    return f"draft:{turn.principal}:{name}"


def content_of(draft: t.Draft) -> dict[str, Any]:
    """The newest text of the chain."""
    row = t.Revision.get(t.Revision.draft == draft.id, t.Revision.number == draft.revision)
    content: dict[str, Any] = row.content
    return content


def _place(turn: Turn, name: str) -> t.Draft | None:
    if name.startswith("dr_"):
        found = t.Draft.get_or_none(t.Draft.id == name)
        if found is not None:
            return found
    named = (t.DraftAlias.principal == turn.principal) & (t.DraftAlias.name == name)
    on = t.DraftAlias.draft == t.Draft.id
    known: t.Draft | None = t.Draft.select().join(t.DraftAlias, on=on).where(named).first()
    return known
