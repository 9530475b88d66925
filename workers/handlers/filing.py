"""How a mail that came in is kept: once, with its bytes, on its interaction or on the list of those that match nothing (R21).

Refuses to judge it: what follows from a mail is not decided here.
"""

from __future__ import annotations

from typing import Any

from models import commands as c
from models import tables as t
from models.store import keep_blob, use_blob
from workers.handlers import matching
from workers.handlers.matching import Match
from workers.turn import Turn
from workers.understanding import Understood


def keep(
    turn: Turn, body: c.ReceiveMail, mail: Understood, interaction_id: int, match: Match, stopped: str
) -> t.Incoming:
    """On the interaction; a copy that waited on the list leaves it."""
    _off_the_list(turn, mail)
    third_party = mail.kind == "human" and not matching.is_participant(interaction_id, match, mail.from_address)
    incoming = _row(
        turn, body, mail, interaction=interaction_id, state="matched", matched_by=match.by, third_party=third_party,
        stopped=stopped,
    )  # fmt: skip
    turn.world.store.add(incoming)
    return incoming


def keep_unmatched(turn: Turn, body: c.ReceiveMail, mail: Understood, stopped: str) -> dict[str, Any]:
    """On the list, from which a person can put it on an interaction; unless it is a copy of one that is somewhere."""
    twin = _twin(mail)
    if twin is not None and twin.interaction is not None:
        interaction = turn.hold(twin.interaction)
        return {"interaction": interaction.number} | copied(turn, body, twin)
    if twin is not None:
        return {"unmatched": True} | copied(turn, body, twin)
    incoming = _row(
        turn, body, mail, interaction=None, state="unmatched", matched_by=None, third_party=False, stopped=stopped
    )
    turn.world.store.add(incoming)
    turn.arrive(incoming_key(incoming.id))
    return {"incoming": incoming.id, "unmatched": True, "kind": mail.kind}


def copied(turn: Turn, body: c.ReceiveMail, twin: t.Incoming) -> dict[str, Any]:
    """Shown once; its bytes are kept, and go, with those of its twin (R21, R39)."""
    store = turn.world.store
    twin = store.lock(t.Incoming, twin.id) or twin  # somebody may be attaching it
    if body.blob not in twin.blobs:
        use_blob(store, body.blob, twin.interaction or 0)
        store.change(twin, copies=[*twin.copies, body.blob])
    return {"incoming": twin.id, "copy": True}


def shown(mail: Understood, interaction_id: int | None) -> str:
    """What no second copy of this mail there may have (R21)."""
    return f"{mail.same}@{interaction_id or 'unmatched'}"


def shown_on(incoming: t.Incoming, interaction_id: int) -> str:
    """The same for a mail that is kept already."""
    return f"{incoming.shown.partition('@')[0]}@{interaction_id}"


def incoming_key(incoming_id: str) -> str:
    """What a command waits on that names a mail not known yet (R36)."""
    return f"incoming:{incoming_id}"


def _twin(mail: Understood) -> t.Incoming | None:
    """The same mail, on the list or already on an interaction, by whatever way it got there."""
    listed: t.Incoming | None = t.Incoming.get_or_none(t.Incoming.shown == shown(mail, None))
    if listed is not None or mail.message_id is None:
        return listed
    same = t.Incoming.select().where(t.Incoming.message_id == mail.message_id).order_by(t.Incoming.id)
    return next((row for row in same if row.shown.startswith(f"{mail.same}@")), None)


def _off_the_list(turn: Turn, mail: Understood) -> None:
    """Nobody need say any more where a mail belongs of which a copy found its place."""
    listed = t.Incoming.get_or_none(t.Incoming.shown == shown(mail, None), t.Incoming.state == "unmatched")
    if listed is not None:
        turn.world.store.change(listed, state="ignored")


def _row(turn: Turn, body: c.ReceiveMail, mail: Understood, **place: Any) -> t.Incoming:
    use_blob(turn.world.store, body.blob, place["interaction"] or 0)
    return t.Incoming(
        id=turn.world.ids.new("in"), blob=body.blob, shown=shown(mail, place["interaction"]),
        envelope_from=body.envelope_from, envelope_to=body.envelope_to, kind=mail.kind, from_address=mail.from_address,
        from_name=mail.from_name, subject=mail.subject, message_id=mail.message_id, text=mail.text, quoted=mail.quoted,
        html=mail.html, sender_check=mail.authentication.verdict, authentication=mail.authentication.as_dict(),
        attachments=_attachments(turn, mail, place["interaction"] or 0), received_at=turn.at, **place,
    )  # fmt: skip


def _attachments(turn: Turn, mail: Understood, interaction: int) -> list[dict[str, Any]]:
    found = []
    for part in mail.attachments:
        sha256 = turn.world.digest(part.data)
        keep_blob(turn.world.store, sha256, part.data, part.media_type, turn.now)
        use_blob(turn.world.store, sha256, interaction)
        found.append({"blob": sha256, "name": part.name, "media_type": part.media_type, "inline_id": part.inline_id})
    return found
