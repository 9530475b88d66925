"""Bounces (R20), and mail that settles what was uncertain (R14): whatever cites a mail proves that it left."""

from __future__ import annotations

from typing import Any

from models import addresses
from models import tables as t
from models.lifecycle import Happening, State
from workers.handlers import outcomes
from workers.handlers.matching import Match
from workers.handlers.suppressing import suppress
from workers.reports import Report
from workers.turn import Turn
from workers.understanding import Understood


def settle_by_reply(turn: Turn, match: Match, address: str) -> None:
    """An answer to a mail whose delivery was uncertain settles it: it arrived."""
    if match.mail is None:
        return
    mail = t.Mail.get_by_id(match.mail)
    interaction = turn.hold(mail.interaction)  # its own, which may be closed while the answer lands on a follower (R22)
    open_ones = list(t.Delivery.select().where(t.Delivery.mail == mail.id, t.Delivery.state == "uncertain"))
    mine = [row for row in open_ones if row.address_key == addresses.key(address)]
    for delivery in mine or (open_ones if len(open_ones) == 1 else []):
        outcomes.accepted(turn, delivery, mail, interaction, None, "settled by the answer that cites it", None)


def bounced(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, mail: Understood, match: Match) -> None:
    """Gone for good: the owner must act. For a temporary reason, or not matched: noted. On a closed one: only noted (R20)."""
    came_back = False
    for report in dict.fromkeys(mail.reports or (Report(None, final=True),)):
        delivery = _delivery_of(match, report)
        if report.final and report.failure != "temporary" and delivery is not None:
            came_back = True
            _came_back(turn, interaction, incoming, delivery, report)
    if not came_back:
        _noted(turn, interaction, incoming, match, any(report.final for report in mail.reports))


def _noted(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, match: Match, given_up: bool) -> None:
    """State, clocks and address stay; but where the server gave up, the mail is lost and its owner hears of it."""
    data: dict[str, Any] = {"incoming": incoming.id, "mail": match.mail}
    changes: dict[str, Any] = {}
    if given_up and not State(interaction.state).is_closed:
        changes = {"attention": "bounced"}
        data |= {"notify": [interaction.owner]} if interaction.owner else {}
    why = "a temporary reason, but the server gave up" if given_up else "a report without a permanent failure (R20)"
    turn.record(interaction, "bounce_noted", why, data, **changes)


def _delivery_of(match: Match, report: Report) -> t.Delivery | None:
    if match.delivery is not None:
        return t.Delivery.get_or_none(t.Delivery.id == match.delivery)
    rows = list(t.Delivery.select().where(t.Delivery.mail == match.mail)) if match.mail else []
    named = [row for row in rows if report.address and row.address_key == addresses.key(report.address)]
    if named:
        return named[0]
    return rows[0] if len(rows) == 1 else None


def _came_back(
    turn: Turn, interaction: t.Interaction, incoming: t.Incoming, delivery: t.Delivery, report: Report
) -> None:
    """The mail is lost either way; the address is flagged only where it is to blame, not for a policy or an unknown reason."""
    reason = f"bounced: {report.status or 'permanent failure'}"
    words = f"{report.status} {report.diagnostic}".strip() or reason
    mail = t.Mail.get_by_id(delivery.mail)
    outcomes.settle(turn, delivery, "bounced", None, words, None)
    outcomes.derive(turn, mail, delivery)
    if report.permanent:
        _flag(turn, interaction, delivery, reason)
    data: dict[str, Any] = {"incoming": incoming.id, "mail": mail.id, "delivery": delivery.id, "status": report.status}
    if State(interaction.state).is_closed:
        turn.record(interaction, "bounced", "noted only: the interaction is closed (R20)", data)
        return
    if interaction.owner:
        data["notify"] = [interaction.owner]
    happening = Happening.BOUNCE if delivery.role == "to" else Happening.CC_BOUNCE
    changes: dict[str, Any] = {"state": turn.state_after(interaction, happening), "attention": "bounced"}
    if happening is Happening.BOUNCE:
        changes["reminders_stopped"] = True
    turn.record(
        interaction, "bounced", f"mail to a {delivery.role} recipient came back: {report.status}", data, **changes
    )


def _flag(turn: Turn, interaction: t.Interaction, delivery: t.Delivery, reason: str) -> None:
    """The address is not mailed again until somebody lifts it, or the configured time is over (R11, R20)."""
    period = turn.world.settings.bounce_suppression
    own = t.CustomerAddress.update(flagged=reason)
    turn.world.store.later(
        own.where(t.CustomerAddress.customer == interaction.customer, t.CustomerAddress.key == delivery.address_key)
    )
    suppress(turn, delivery.address_key, "all", reason, "bounce", turn.now + period if period else None)
