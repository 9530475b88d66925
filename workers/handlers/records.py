"""How handlers find and lock what a command names, always in the order customer, interaction, draft or mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import peewee as pw

from models import tables as t
from models.errors import Rejected, Unknown
from models.statements import Pair
from workers.turn import Turn

EMPTY: dict[str, Any] = {"to": [], "cc": [], "bcc": [], "subject": "", "text": "", "html": "", "attachments": []}
YIELD = timedelta(seconds=1)  # how long who has to wait for an undecided command looks away
_OF_DRAFT = Pair(t.Draft, t.Interaction, (("interaction", "id"),))
_OF_ALIAS = Pair(t.DraftAlias, t.Interaction, (("interaction", "id"),))
_WITH_TEXT = Pair(t.Draft, t.Revision, (("id", "draft"), ("revision", "number")))


def held_interaction(turn: Turn, number: str) -> t.Interaction:
    """The interaction with this number, locked; raises `Unknown`."""
    return turn.hold(t.id_of(number))


def held_draft(turn: Turn, name: str) -> tuple[t.Draft, t.Interaction]:
    """The draft with this id or alias and its interaction, both locked; raises `Unknown`."""
    draft_id, interaction = _place(turn, name)
    # Only now: it may have changed while we waited for the lock.
    found = turn.world.store.pair(_WITH_TEXT, id=draft_id)
    if found is None:
        raise Unknown(draft_key(turn, name), f"The draft {name!r} is gone.")
    draft, revision = found
    turn.texts[draft.id, revision.number] = revision.content
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


def content_of(turn: Turn, draft: t.Draft) -> dict[str, Any]:
    """The newest text of the chain."""
    if (draft.id, draft.revision) in turn.texts:
        return turn.texts[draft.id, draft.revision]
    row = turn.world.store.get(t.Revision, draft=draft.id, number=draft.revision)
    content: dict[str, Any] = row.content if row else {}
    return content


def touching(interaction: t.Interaction) -> list[str]:
    """Every ``touches`` under which a command can be about this interaction."""
    drafts = [row.id for row in t.Draft.select(t.Draft.id).where(t.Draft.interaction == interaction.id)]
    aliases = [row.name for row in t.DraftAlias.select(t.DraftAlias.name).where(t.DraftAlias.draft.in_(drafts or [""]))]
    mails = [row.id for row in t.Mail.select(t.Mail.id).where(t.Mail.interaction == interaction.id)]
    deliveries = t.Delivery.select(t.Delivery.id).where(t.Delivery.mail.in_(mails or [""]))
    keys = [f"interaction:{interaction.number}", *(f"mail:{name}" for name in mails)]
    keys += [f"delivery:{row.id}" for row in deliveries]
    return keys + [f"draft:{name}" for name in (*drafts, *aliases)]


def undecided(interaction: t.Interaction) -> bool:
    """An accepted command on this interaction, or mail for it, goes first (R25): what counts is when it was accepted."""
    owed = t.Command.select(t.Command.id).where(pw.SQL("state = 'accepted'"))  # as text, for the index of promises
    if owed.first() is None:
        return False  # mostly; what the interaction is called by need not be looked up then
    keys = [*touching(interaction), *touching_customer(interaction.customer)]
    return owed.where(t.Command.touches.in_(keys)).first() is not None


def touching_customer(customer: str) -> list[str]:
    """Every ``touches`` under which a compose can be about this customer."""
    own = t.CustomerAddress.select(t.CustomerAddress.key).where(t.CustomerAddress.customer == customer)
    return [f"customer:{customer}", *(f"address:{row.key}" for row in own)]


def _place(turn: Turn, name: str) -> tuple[str, t.Interaction]:
    """Which draft, and its interaction, locked; which of them belong together never changes."""
    store = turn.world.store
    if name.startswith("dr_"):
        found = store.pair(_OF_DRAFT, lock=True, id=name)
    else:
        found = store.pair(_OF_ALIAS, lock=True, principal=turn.principal, name=name)
    if found is None:
        raise Unknown(draft_key(turn, name), f"There is no draft {name!r}.")
    place, interaction = found
    return place.id if isinstance(place, t.Draft) else place.draft, turn.held(interaction)
