"""PURE. How things are said on the pages: instants, sizes, states, happenings. Refuses to fetch or to decide anything."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup, escape

from models.lifecycle import State

MAIL_STATES = {
    "held": "Held for undo", "scheduled": "Scheduled", "queued": "On its way", "sending": "Sending", "sent": "Sent",
    "refused": "Refused", "uncertain": "Uncertain", "bounced": "Bounced", "cancelled": "Taken back",
}  # fmt: skip
ATTENTION = {
    "refused": "A mail was refused", "bounced": "A mail came back", "uncertain": "Nobody knows whether a mail arrived",
    "held_back": "A mail was held back because the customer wrote", "complaint": "The customer complained of our mail",
}  # fmt: skip
CLOCKS = {
    "reminder": "Reminder", "abandonment": "Closes as abandoned", "inactivity": "Closes for inactivity",
    "wrap_up": "Wrap-up ends", "retention": "Erased",
}  # fmt: skip
EVENTS = {
    "mail_queued": "Mail on its way", "delivery_accepted": "Mail accepted", "delivery_deferred": "Mail deferred",
    "delivery_refused": "Mail refused", "delivery_uncertain": "Mail in doubt", "delivery_held_back": "Mail held back",
    "delivery_requeued": "Mail sent again", "delivery_noted": "Delivery noted",
    "owner_changed": "Owner changed",
    "draft_opened": "Draft opened", "draft_saved": "Draft saved", "loop_stopped": "Mail in circles stopped",
}  # fmt: skip

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
INCOMING = {
    "automatic": "automatic reply", "bounce": "came back undelivered", "complaint": "complaint",
    "delivery_note": "note of delivery", "list": "mailing list", "unsubscribe": "no reminders any more",
    "own_mail": "our own mail, come back",
    "too_many": "a robot, stopped",
}  # fmt: skip

_RULES = re.compile(r" ?\((?:R\d+(?:, )?)+\)")


def when(at: datetime | None) -> Markup:
    """An instant as UTC text; the browser turns it into the reader's own time."""
    if at is None:
        return Markup("–")
    text = f"{at.day} {at:%b %H:%M}"
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        at.isoformat(timespec="seconds"), f"{at:%A %d %B %Y %H:%M:%S}", text
    )


def due(at: datetime, now: datetime) -> Markup:
    """When a clock strikes: within a week by its weekday, as people say it."""
    if not timedelta(0) <= at - now < timedelta(days=6):
        return when(at)
    return Markup('<time datetime="{}" data-weekday title="{} UTC">{}</time>').format(
        at.isoformat(timespec="seconds"), f"{at:%A %d %B %Y %H:%M:%S}", f"{at:%a %H:%M}"
    )


def second(at: datetime) -> Markup:
    """The same to the second, for what happens within minutes."""
    return Markup('<time datetime="{}" data-seconds>{} UTC</time>').format(at.isoformat(), f"{at:%H:%M:%S}")


def ago(at: datetime, now: datetime) -> str:
    """How long ago, or how long until, in the largest sensible units."""
    passed = now - at
    if abs(passed) < MINUTE:
        return "just now" if passed >= timedelta(0) else f"in {int(-passed / SECOND) + 1} s"
    return f"{span(passed)} ago" if passed > timedelta(0) else f"in {span(passed)}"


def incoming_kind(kind: str) -> str:
    return INCOMING.get(kind, kind.replace("_", " "))


def sealed(mail: Any) -> str:
    """Why a mail shows no words, or not all it holds; empty where it does."""
    kinds = {str(part.get("media_type", "")) for part in mail.attachments}
    if not mail.text.strip() and kinds & _ENCRYPTED:
        return "This mail is encrypted, or sealed so that it cannot be read here: open the original in a program that has the key."
    if kinds & _OUTLOOKS or any(str(part.get("name", "")).lower() == "winmail.dat" for part in mail.attachments):
        return "Outlook packed files or formatting into winmail.dat, which only Outlook opens: ask for them as plain files."
    return ""


_ENCRYPTED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_OUTLOOKS = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def clock(kind: str) -> str:
    return CLOCKS.get(kind, kind.replace("_", " ").capitalize())


def happening(type_name: str) -> str:
    return EVENTS.get(type_name, type_name.replace("_", " ").capitalize())


def state_label(state: str) -> str:
    return State(state).label


def mail_state(state: str) -> str:
    return MAIL_STATES.get(state, state.capitalize())


def attention(code: str | None) -> str:
    return ATTENTION.get(code or "", code or "")


def size(count: int) -> str:
    return f"{count} B" if count < 1000 else f"{count / 1000:.0f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


def span(period: timedelta) -> str:
    seconds = abs(round(period / MINUTE)) * 60
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{rest // 60} min"] * bool(rest >= 60)
    return " ".join(parts[:2]) or "less than a minute"


def plainly(sentence: str) -> str:
    """Without the numbers of rules, which are for those who build and not for those who work here."""
    return _RULES.sub("", sentence)


def prose(text: str) -> Markup:
    """Plain words with their lines kept; markup in them stays visible text."""
    return Markup("<p>") + Markup("<br>").join(escape(line) for line in text.strip().split("\n")) + Markup("</p>")


FILTERS: dict[str, Any] = {
    "when": when, "due": due, "clock": clock, "happening": happening, "state_label": state_label, "mail_state": mail_state,
    "attention": attention, "plainly": plainly, "size": size, "span": span, "prose": prose,
    "second": second, "ago": ago, "incoming_kind": incoming_kind, "sealed": sealed,
}  # fmt: skip
