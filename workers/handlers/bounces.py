"""Bounces (R20), and mail that settles what was uncertain (R14): whatever cites a mail proves that it left."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from models import addresses
from models import tables as t
from models.deliveries import PENDING_DELIVERY
from models.lifecycle import Happening, State
from workers.handlers import outcomes
from workers.handlers.matching import Match
from workers.handlers.suppressing import suppress
from workers.reports import Report
from workers.turn import Turn
from workers.understanding import Understood

_LEFT = ("accepted", "transmitting", "uncertain", "bounced")


def settle_uncertain(turn: Turn, mail: Understood, match: Match) -> None:
    """An answer, a report, a receipt or a note of absence about a mail proves that it left, to whom it speaks of (R14)."""
    if match.mail is None or match.by == "hand":  # where a person put it, it cites nothing
        return
    rows = list(t.Delivery.select().where(t.Delivery.mail == match.mail))
    if all(row.state != "uncertain" for row in rows):
        return
    ours = t.Mail.get_by_id(match.mail)
    # Its own interaction, which may be closed while the answer lands on a follower (R22).
    interaction = turn.hold(ours.interaction)
    for delivery in _meant(match, rows, [mail.from_address, mail.about, *_named(mail.reports)]):
        if delivery.state == "uncertain":
            outcomes.accepted(turn, delivery, ours, interaction, None, "settled by the mail that cites it", None)


def bounced(turn: Turn, interaction: t.Interaction, incoming: t.Incoming, mail: Understood, match: Match) -> None:
    """Gone for good: the owner must act. For a temporary reason, or not matched: noted (R20)."""
    came_back = False
    for report in dict.fromkeys(mail.reports or (Report(None, final=True),)):
        delivery = _delivery_of(match, report)
        lost = report.final and report.failure != "temporary"
        if lost and delivery is not None and _has_left(delivery, match):
            came_back = True
            _came_back(turn, interaction, incoming, delivery, report, match)
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
    rows = list(t.Delivery.select().where(t.Delivery.mail == match.mail)) if match.mail else []
    return next(iter(_meant(match, rows, _named((report,)))), None)


def _meant(match: Match, rows: list[t.Delivery], named: Iterable[str | None]) -> list[t.Delivery]:
    """Of a mail's deliveries: the one whose own envelope is named, else those of these people, else the only one there is."""
    if match.delivery is not None:
        return [row for row in rows if row.id == match.delivery]
    keys = {addresses.key(address) for address in named if address}
    return [row for row in rows if row.address_key in keys] or (rows if len(rows) == 1 else [])


def _named(reports: Iterable[Report]) -> list[str | None]:
    return [address for report in reports for address in (report.address, report.behind)]


def _has_left(delivery: t.Delivery, match: Match) -> bool:
    """What waits, or was stopped, has not come back, unless its own envelope did: a list the mail went to may have passed it on
    to the same address."""
    return delivery.state in _LEFT or (match.delivery is not None and delivery.attempts > 0)


def _came_back(
    turn: Turn, interaction: t.Interaction, incoming: t.Incoming, delivery: t.Delivery, report: Report, match: Match
) -> None:  # fmt: skip
    """The mail is lost either way; the address is flagged only where it is to blame, not for a policy or an unknown reason."""
    reason = f"bounced: {report.status or 'permanent failure'}"
    words = f"{report.status} {report.diagnostic}".strip() or reason
    mail = t.Mail.get_by_id(delivery.mail)
    if delivery.state in PENDING_DELIVERY:  # quicker than the answer of the server that took it
        outcomes.accepted(turn, delivery, mail, interaction, None, "settled by the bounce that cites it", None)
    outcomes.settle(turn, delivery, "bounced", None, words, None)
    outcomes.derive(turn, mail, delivery)
    if report.permanent and _dead(report, delivery, match):
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


def _dead(report: Report, delivery: t.Delivery, match: Match) -> bool:
    """Whether it is the address itself that is dead, and not one of those behind a group (decision 19)."""
    dead = report.behind or report.address
    return addresses.key(dead) == delivery.address_key if dead else match.delivery is not None


def _flag(turn: Turn, interaction: t.Interaction, delivery: t.Delivery, reason: str) -> None:
    """The address is not mailed again until somebody lifts it, or the configured time is over (R11, R20)."""
    period = turn.world.settings.bounce_suppression
    own = t.CustomerAddress.update(flagged=reason)
    turn.world.store.later(
        own.where(t.CustomerAddress.customer == interaction.customer, t.CustomerAddress.key == delivery.address_key)
    )
    suppress(turn, delivery.address_key, "all", reason, "bounce", turn.now + period if period else None)
