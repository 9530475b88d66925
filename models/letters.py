"""Dead letters on their way back into life, or out of the house (R37). Refuses what is still no command.

A letter comes back as the command of the one who sent it, decided like any other; nobody else's rights are lent to it.
"""

from __future__ import annotations

from datetime import datetime

from models import commands
from models import tables as t
from models.errors import Malformed, Rejected
from models.store import Store, accept


def replay(store: Store, letter_id: str, now: datetime) -> t.Command:
    """Keep the letter's command for good, as if it had just come; the letter stays and says when that was.

    Safe to repeat: the same command is the same row. Raises `Malformed`, or `Rejected` with ``not_found`` or ``id_reused``.
    """
    with store.transaction():
        letter = store.lock(t.DeadLetter, letter_id)
        if letter is None:
            raise Rejected("not_found", f"There is no dead letter {letter_id!r}.")
        row = accept(store, _command(letter), _sender(letter), "amqp", now)
        store.change(letter, replayed_at=now)
        return row


def drop(store: Store, letter_id: str) -> None:
    """Throw it away for good. Raises `Rejected` ``not_found``."""
    with store.transaction():
        if not t.DeadLetter.delete().where(t.DeadLetter.id == letter_id).execute():
            raise Rejected("not_found", f"There is no dead letter {letter_id!r}.")


def _command(letter: t.DeadLetter) -> commands.Command:
    try:
        return commands.parse(bytes(letter.body))
    except Malformed as error:
        raise Malformed(f"{letter.id} would only die again: {error.sentence}", code=error.code) from None


def _sender(letter: t.DeadLetter) -> str:
    """The principal that was found for it, or who the broker's user is now; a user may be called like somebody else's id."""
    if letter.principal is not None:
        return str(letter.principal)
    user = letter.amqp_user
    known = t.Principal.get_or_none(t.Principal.amqp_user == user) if user is not None else None
    return str(known.id) if known is not None else f"amqp:{user or 'anonymous'}"
