"""What the next reminder says, to whom it goes and what holds it back (R24): the same answer for who sends it and who looks first.

Refuses to write anything, and to decide when: that is policy's.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import peewee as pw

from models import addresses
from models import tables as t
from models.clocks import facts_of
from models.policy import polite_from
from models.queries import customers
from models.queries.templates import fill
from models.queries.views import Rendered, TemplateView
from models.settings import Settings
from models.subjects import answering, numbered
from models.suppressions import REMINDERS, in_force

BUILT_IN = TemplateView(
    name="built-in",
    subject="",
    text=(
        "Hello $customer_name,\n\nwe have not heard from you yet. "
        "If your matter is still open, simply answer this mail.\n\n$sender_name\n"
    ),
    html="",
)
_DAY = timedelta(days=1)


def latest_mail(interaction: t.Interaction) -> t.Mail | None:
    """The agent's mail that is to be answered."""
    sent = t.Mail.select().where(
        t.Mail.interaction == interaction.id, t.Mail.kind == "agent", t.Mail.sent_at.is_null(False)
    )
    return sent.order_by(t.Mail.sent_at.desc(), t.Mail.id.desc()).first()  # type: ignore[no-any-return]


def recipients(latest: t.Mail, now: datetime) -> tuple[list[str], list[t.Suppression]]:
    """That mail's accepted To addresses less the suppressed ones, and the suppressions that took some away."""
    rows = t.Delivery.select().where(
        t.Delivery.mail == latest.id, t.Delivery.role == "to", t.Delivery.state == "accepted"
    )
    found = [row.address for row in rows.order_by(t.Delivery.id)]
    silent = in_force([addresses.key(address) for address in found], REMINDERS, now)
    gone = {row.address_key for row in silent}
    return [address for address in found if addresses.key(address) not in gone], silent


def sender(latest: t.Mail, settings: Settings) -> str:
    """The address of the mail it follows, as long as that is one of ours."""
    known = {addresses.key(each.address) for each in settings.senders}
    return latest.from_address if addresses.key(latest.from_address) in known else settings.sender_address


def template_of(kind: str, step: int) -> TemplateView:
    """The one for this step, else the one for the kind of customer, else the built-in one."""
    names = (f"reminder.{kind}.{step}", f"reminder.{kind}")
    known = {row.name: row for row in t.Template.select().where(t.Template.name.in_(names))}
    row = next((known[name] for name in names if name in known), None)
    return TemplateView.model_validate(row, from_attributes=True) if row else BUILT_IN


def wording(interaction: t.Interaction, latest: t.Mail, step: int, settings: Settings) -> Rendered:
    """Subject and words as they will be sent."""
    found = fill(template_of(interaction.kind, step), _values(interaction, settings))
    subject = numbered(found.subject or answering(latest.subject), interaction.number, settings)
    return found.model_copy(update={"subject": subject})


def open_at(interaction: t.Interaction, settings: Settings, now: datetime) -> datetime | None:
    """When absence (R19) and business hours let a reminder leave that comes late; None where they do already."""
    at, _ = polite_from(now, facts_of(interaction), settings)
    return at if at > now else None


def free_at(keys: list[str], settings: Settings, now: datetime) -> datetime | None:
    """When the limit per address and day leaves room for another reminder; None where it does already."""
    limit = settings.reminders_per_day
    if not limit:
        return None
    times = [_sent_lately(key, now - _DAY) for key in keys]
    full = [sent[limit - 1] + _DAY for sent in times if len(sent) >= limit]
    return max(full, default=None)


def _sent_lately(key: str, since: datetime) -> list[datetime]:
    """When reminders to this address were queued, the latest first."""
    mails = t.Mail.select(t.Mail.queued_at).join(t.Delivery, pw.JOIN.INNER, on=(t.Delivery.mail == t.Mail.id))
    found = mails.where(
        t.Delivery.address_key == key,
        t.Delivery.state != "cancelled",
        t.Mail.kind == "reminder",
        t.Mail.queued_at > since,
    )
    return [row.queued_at for row in found.order_by(t.Mail.queued_at.desc())]


def _values(interaction: t.Interaction, settings: Settings) -> dict[str, str]:
    customer = t.Customer.get_by_id(interaction.customer)
    owner = t.Principal.get_or_none(t.Principal.id == interaction.owner)
    return {
        "customer_name": customers.called(customer),
        "agent_name": owner.name if owner else "",
        "number": interaction.number,
        "sender_name": settings.sender_name,
    }
