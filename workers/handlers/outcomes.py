"""What the answer of a server does to delivery, mail, draft and interaction (R14, R15).

Every function runs inside a turn that holds the interaction; on a closed one the result is only recorded.
"""

from __future__ import annotations

from typing import Any

from models import tables as t
from models.deliveries import RETRYABLE, mail_state
from models.lifecycle import Happening, State
from models.policy import retry_at
from models.wakes import delivery_wake
from workers.handlers.calling import attention_left
from workers.handlers.presence import present
from workers.turn import Turn


def accepted(
    turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction, code: int | None, text: str,
    server: str | None,
) -> None:  # fmt: skip
    """The first acceptance of a mail sends it; an agent's mail puts the interaction On Hold (R15)."""
    settle(turn, delivery, "accepted", code, text, server)
    first = mail.sent_at is None
    if first:
        turn.world.store.change(mail, sent_at=turn.now)
    derive(turn, mail, delivery)
    data = {"mail": mail.id, "delivery": delivery.id, "code": code}
    changes = _first_acceptance(turn, mail, interaction) if first else {}
    changes["attention"] = attention_left(interaction, mail, delivery)
    why = f"{server} accepted it: {code}" if code else text
    turn.record(interaction, "delivery_accepted", why, data, **changes)


def deferred(
    turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction, code: int | None, text: str, server: str
) -> None:
    """Try again after a growing pause, or give up after the configured time (R14)."""
    again = retry_at(turn.now, delivery.first_at or turn.now, delivery.attempts, turn.world.settings)
    if again is None or not _at_work(interaction):  # who closed it wanted nothing more to leave (R27)
        over = "closed meanwhile" if again else f"given up after {turn.world.settings.give_up_after}"
        return refused(turn, delivery, mail, interaction, code, f"{over}; last answer: {text}", server)
    turn.world.store.change(
        delivery, state="deferred", reply_code=code, reply_text=text, server=server, next_at=again, publish_at=again,
        published=0, lease_until=None,
    )  # fmt: skip
    derive(turn, mail, delivery)
    turn.record(
        interaction, "delivery_deferred", f"{server} said {code or 'nothing'}; again at {again:%Y-%m-%d %H:%M:%S} UTC",
        {"mail": mail.id, "delivery": delivery.id, "code": code, "again_at": again.isoformat()},
    )  # fmt: skip
    return turn.wake(delivery_wake(delivery.id), again)


def refused(
    turn: Turn,
    delivery: t.Delivery,
    mail: t.Mail,
    interaction: t.Interaction,
    code: int | None,
    text: str,
    server: str | None,
) -> None:
    """All refused: back to work with the reason, and the words can be edited again (R14)."""
    settle(turn, delivery, "refused", code, text, server)
    derive(turn, mail, delivery)
    data: dict[str, Any] = {"mail": mail.id, "delivery": delivery.id, "code": code, "mail_state": mail.state}
    changes: dict[str, Any] = {}
    if mail.state == "refused" and mail.sent_at is None:
        changes = _all_refused(turn, mail, interaction)
    elif _open(interaction):
        changes = {"attention": "refused"}
    if changes and interaction.owner:
        data["notify"] = [interaction.owner]
    why = f"{server} refused it: {code}" if code else "it was not handed over; the mail says why"
    turn.record(interaction, "delivery_refused", why, data, **changes)


def uncertain(
    turn: Turn, delivery: t.Delivery, mail: t.Mail, interaction: t.Interaction, text: str, server: str | None
) -> None:
    """The body was handed over and no answer is on record: never sent again by itself (R14)."""
    turn.world.store.change(
        delivery, state="uncertain", reply_code=None, reply_text=text, server=server or delivery.server,
        publish_at=None, lease_until=None,
    )  # fmt: skip
    derive(turn, mail, delivery)
    data: dict[str, Any] = {"mail": mail.id, "delivery": delivery.id}
    changes: dict[str, Any] = {"attention": "uncertain"} if _open(interaction) else {}
    if interaction.owner:
        data["notify"] = [interaction.owner]
    turn.record(
        interaction, "delivery_uncertain", "nobody knows whether it left; an agent decides (R14)", data, **changes
    )


def settle(turn: Turn, delivery: t.Delivery, state: str, code: int | None, text: str, server: str | None) -> None:
    """The delivery is over, with the server's own words."""
    turn.world.store.change(
        delivery, state=state, reply_code=code, reply_text=text, server=server, settled_at=turn.now, publish_at=None,
        lease_until=None, next_at=None,
    )  # fmt: skip
    turn.unblock(delivery.interaction)


def stop_waiting(turn: Turn, mail: t.Mail, words: str) -> None:
    """Of a mail that was claimed once: what is not being handed over now does not leave any more."""
    waiting = t.Delivery.select().where(t.Delivery.mail == mail.id, t.Delivery.state.in_(RETRYABLE))
    for delivery in waiting.order_by(t.Delivery.id):
        settle(turn, delivery, "cancelled", None, words, None)
        derive(turn, mail, delivery)


def derive(turn: Turn, mail: t.Mail, changed: t.Delivery) -> None:
    """The mail's state from its deliveries, of which ``changed`` may be newer in memory than in the table.

    What left for nobody is a draft again (R14).
    """
    others = t.Delivery.select(t.Delivery.state).where(t.Delivery.mail == mail.id, t.Delivery.id != changed.id)
    states = [row.state for row in others] + [changed.state]
    if (state := mail_state(states)) != mail.state:
        turn.world.store.change(mail, state=state)
        if mail.sent_at is None and state in ("refused", "cancelled"):
            reopen(turn, mail)


def reopen(turn: Turn, mail: t.Mail) -> None:
    """Its words can be edited again."""
    if mail.draft is not None:
        turn.world.store.later(t.Draft.update(state="open").where(t.Draft.id == mail.draft, t.Draft.state == "queued"))


def _first_acceptance(turn: Turn, mail: t.Mail, interaction: t.Interaction) -> dict[str, Any]:
    if mail.kind == "reminder":
        return {}
    turn.world.store.later(t.Draft.update(state="sent").where(t.Draft.id == mail.draft))
    if not _at_work(interaction):
        return {"first_accepted_at": interaction.first_accepted_at or turn.now}
    answered = interaction.reply_seq is not None and interaction.reply_seq > (mail.claimed_seq or mail.queued_seq)
    return {
        "state": interaction.state if answered else turn.state_after(interaction, Happening.MAIL_ACCEPTED),
        **_owner_by(mail, interaction), "owner_draft": None, "consolidation_key": None,
        "first_sender": interaction.first_sender or mail.sender,
        "first_accepted_at": interaction.first_accepted_at or turn.now, "agent_mail_at": turn.now,
        "reminders_done": 0, "reminders_stopped": False, "reminded_at": None,
    }  # fmt: skip


def _owner_by(mail: t.Mail, interaction: t.Interaction) -> dict[str, Any]:
    """The sender (R5); but a mail that leaves late brings nothing back to a sender who is away."""
    if interaction.owner != mail.sender and present(mail.sender) is None:
        return {}
    return {"owner": mail.sender, "queue": None}


def _all_refused(turn: Turn, mail: t.Mail, interaction: t.Interaction) -> dict[str, Any]:
    if not _at_work(interaction):
        return {}
    if mail.kind == "reminder":
        return {"attention": "refused", "reminders_stopped": True}
    return {
        "attention": "refused",
        "state": turn.state_after(interaction, Happening.MAIL_REFUSED),
        "activity_at": max(interaction.activity_at, turn.now),
    }


def _open(interaction: t.Interaction) -> bool:
    return not State(interaction.state).is_closed


def _at_work(interaction: t.Interaction) -> bool:
    """A result that comes in wrap-up or later is recorded without moving anything (R27)."""
    return _open(interaction) and interaction.state != State.WRAP_UP
