"""What the author of a draft has not read yet (R12): the very happenings for which `send` would be held. Marks nothing as read."""

from __future__ import annotations

from models import tables as t
from models.queries import drafts, mails
from models.queries.views import StreamItem


def of_draft(draft: str) -> list[StreamItem]:
    """Colleagues' sends and the customer's mails, the latest first."""
    row = drafts.find(draft)
    sends, answers = {mail.id for mail in drafts.unseen_sends(row)}, _answers(row)
    found = [
        StreamItem(kind="mail", at=mail.sent_at or mail.queued_at, id=mail.id, mail=mail)
        for mail in mails.of_interaction(row.interaction)
        if mail.id in sends
    ]
    found += [
        StreamItem(kind="incoming", at=mail.received_at, id=mail.id, incoming=mail)
        for mail in mails.incoming_of(row.interaction)
        if mail.id in answers
    ]
    return sorted(found, key=lambda item: item.at, reverse=True)


def _answers(row: t.Draft) -> set[str]:
    event = t.Event
    since = (event.interaction == row.interaction) & (event.seq > row.seen_seq) & (event.type == "reply_received")
    return {each.data["incoming"] for each in event.select(event.data).where(since)}
