"""Drafts with their words: the newest revision, and every earlier or conflicting one (R8, R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models import tables as t
from models.errors import Rejected
from models.queries.paging import Key, Page, decode, older, page_of
from models.queries.views import DraftView, InteractionLine, RevisionView

_D, _R = t.Draft, t.Revision


def find(draft: str, principal: str | None = None) -> t.Draft:
    """The row of a draft id, or of the id this producer chose for it (R10); raises `Rejected` ``not_found``."""
    row = _D.get_or_none(_D.id == draft) or _by_alias(draft, principal)
    if row is None:
        raise Rejected("not_found", f"There is no draft {draft!r}.")
    return row


def one(draft: str, principal: str | None = None) -> DraftView:
    row = find(draft, principal)
    return _views([row], {row.interaction: t.Interaction.get_by_id(row.interaction)})[0]


def of_interaction(interaction: t.Interaction) -> list[DraftView]:
    rows = _D.select().where(_D.interaction == interaction.id).order_by(_D.created_at, _D.id)
    return _views(list(rows), {interaction.id: interaction})


def at_work(author: str, cursor: str | None = None, limit: int = 50) -> Page[DraftView]:
    """What this author has begun and not sent, the latest touched first."""
    key: Key | None = decode(cursor, datetime, str) if cursor else None
    after = older(_D.touched_at, _D.id, key)
    query = _D.select().where(_D.author == author, _D.state == "open", *([] if after is None else [after]))
    rows = list(query.order_by(_D.touched_at.desc(), _D.id.desc()).limit(limit + 1))
    found = page_of(rows, limit, lambda row: row, lambda row: (row.touched_at, row.id))
    homes = {
        home.id: home for home in t.Interaction.select().where(t.Interaction.id.in_([d.interaction for d in rows]))
    }
    return Page(items=_views(found.items, homes), next=found.next)


def begun(lines: Sequence[InteractionLine]) -> dict[str, str]:
    """By number: what those nothing was sent from yet are called by the draft touched last."""
    unsent = [t.id_of(line.number) for line in lines if not line.subject]
    at_work = _D.select().where(_D.interaction.in_(unsent), _D.state.in_(("open", "queued"))).order_by(_D.touched_at)
    rows = list(at_work) if unsent else []
    written = _newest([row.id for row in rows])
    found = {t.number_of(row.interaction): str(written.get(row.id, {}).get("subject") or "") for row in rows}
    return {number: subject for number, subject in found.items() if subject}


def revisions(draft: str, principal: str | None = None) -> list[RevisionView]:
    """Everything that was ever written in this draft, oldest first; rejected saves among it."""
    row = find(draft, principal)
    return [_revision(kept) for kept in _R.select().where(_R.draft == row.id).order_by(_R.saved_at, _R.number, _R.id)]


def unseen_sends(row: t.Draft) -> Any:
    """Mails of colleagues since the author last read what happened (R12)."""
    mail = t.Mail
    return mail.select(mail.id).where(
        mail.interaction == row.interaction, mail.kind == "agent", mail.queued_seq > row.seen_seq,
        mail.state != "cancelled", mail.sender != row.author,
    )  # fmt: skip


def _by_alias(alias: str, principal: str | None) -> t.Draft | None:
    if principal is None:
        return None
    known = t.DraftAlias.get_or_none(t.DraftAlias.principal == principal, t.DraftAlias.name == alias)
    return _D.get_or_none(_D.id == known.draft) if known else None


def _views(rows: Sequence[t.Draft], homes: Mapping[int, t.Interaction]) -> list[DraftView]:
    written = _newest([row.id for row in rows])
    return [_view(row, written.get(row.id, {}), homes[row.interaction]) for row in rows]


def _newest(drafts: list[str]) -> dict[str, dict[str, object]]:
    if not drafts:
        return {}
    query = _R.select(_R.draft, _R.content).join(_D, on=((_D.id == _R.draft) & (_D.revision == _R.number)))
    return {row.draft: row.content for row in query.where(_R.draft.in_(drafts))}


def _view(row: t.Draft, content: dict[str, object], interaction: t.Interaction) -> DraftView:
    values = {name: getattr(row, name) for name in DraftView.model_fields if name not in ("stale", "content")}
    shown = {"interaction": interaction.number, "content": content, "stale": _is_stale(row, interaction)}
    return DraftView.model_validate(values | shown)


def _is_stale(row: t.Draft, interaction: t.Interaction) -> bool:
    """R12, as `send` would see it: the customer wrote, or a colleague sent, since the author last opened it."""
    if row.state != "open" or row.seen_seq >= interaction.seq:
        return False
    if interaction.reply_seq is not None and interaction.reply_seq > row.seen_seq:
        return True
    return bool(unseen_sends(row).exists())


def _revision(row: t.Revision) -> RevisionView:
    values = {name: getattr(row, name) for name in RevisionView.model_fields if name != "conflict"}
    return RevisionView.model_validate(values | {"conflict": row.cause == "conflict"})
