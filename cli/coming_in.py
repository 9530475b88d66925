"""What the rows say of the doors for mail: a mailbox nobody reads, mails that are stuck, and who was turned away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cli.findings import Finding
from models import tables as t
from models.errors import Misconfigured
from models.queries.numbers import in_circles
from models.settings import Settings
from producers.gate import turned_away_since

LATE = timedelta(minutes=10)
RECENT = timedelta(days=7)  # what was turned away before is of no use any more


def mail_that_comes_in(settings: Settings, now: datetime) -> Iterator[Finding]:
    if settings.imap_url:
        yield from _reader(settings, now - LATE)
    for why, count in in_circles(now).items():
        words = f"{count} stopped within a week: {why}"
        yield Finding("mail in", "note", words, "`GET /v1/incoming?state=stopped` lists them")
    for refused in turned_away_since(now - RECENT):
        words = f"{refused.count} turned away by {refused.door}: {refused.reason}, latest {refused.latest_at:%F %T}"
        yield Finding("mail in", "note", words, "docs/howto/receive.md says what it means")


def _reader(settings: Settings, late: datetime) -> Iterator[Finding]:
    from producers.mailbox import Account

    try:
        name = Account.of(settings).name
    except Misconfigured:
        return  # the check of the mailbox itself says so
    row = t.Mailbox.get_or_none(t.Mailbox.name == name)
    if row is None or row.looked_at is None or row.looked_at < late:
        words = (row and row.trouble) or "nobody has looked into it for ten minutes"
        yield Finding("mailbox reader", "wrong", words, "is the mailroom running?")
    elif row.trouble:
        yield Finding("mailbox reader", "note", row.trouble, "it goes on; is the folder writable?")
    else:
        yield Finding("mailbox reader", "ok", f"latest look {row.looked_at:%F %T}")
    for uid, why in row.stuck.items() if row else ():
        yield Finding("mailbox reader", "wrong", f"mail {uid} is stuck: {why}", "look at it with a mail program")
