"""The page of what becomes of a mail, from the table of behaviours that the tests try against a real server."""

from __future__ import annotations

from docs.writers.markdown import table, whole
from tests.behaviours import BEHAVIOURS, Behaviour

_INTRO = """
Each recipient of a mail is a delivery of its own: one SMTP transaction, the same stored bytes, and the server's own answer on
record (R14). This page is made from the table that the tests try, row by row, against a scripted server on a real socket:
each row from the queued mail to the delivery's state, then with doubled wake-ups, and where the end is known with three
more days of sweeping. What stands under *bodies* is how often the mail itself began to leave, in all that time.
"""
_STATES = """
**accepted**: the server's answer and its queue id are on record; the mail is `sent`. **refused**: the server said 5xx to this
sender, recipient or mail, or has said that it cannot take such a mail; the owner hears of it, and if all were refused the
words can be edited again; the address is not suppressed, that takes a bounce
([why](../decisions/0019-what-suppresses.md)). **deferred**: tried again after `POSTROOM_RETRY_PAUSES` (a minute first, as
greylisting servers like it: same sender, recipient and bytes), and refused after `POSTROOM_GIVE_UP_AFTER`. What is wrong with
the session (no connection, no encryption, no log-in) is never a recipient's fault: deferred, with the server's words in
`postroom show` and `postroom doctor`. **uncertain**: the mail began to leave and no answer is on record; never sent again by
itself; an agent decides, or a mail that cites it.
"""
_PACE = """
`POSTROOM_DOMAIN_LIMITS=gmail.com=5/100,*=20/0` lets at most 5 mails at once and 100 in any minute go to `gmail.com`, and at
most 20 at once to each other domain, over all workers of all machines: a row per domain is locked while one is let through.
A server that asks for less by itself (421, 45x with such words: *too many connections*, *rate limit*, 4.7.28 …) gets one mail at a
time, ten seconds apart, twice that each time it asks again up to five minutes, and full speed a quarter of an hour after
it asked last. Greylisting and full mailboxes slow nobody else.

Who is held back waits in line without a worker: it is no attempt, can still be undone, is told by `delivery_held_back` in the
history, and `postroom show` names the domain. Other domains go on meanwhile. Without limits nothing is counted and no
question more is asked.
"""
_HEADS = ("The server", "Delivery", "Code", "Bodies", "Connections")


def page() -> str:
    tables = [f"### {stage}\n\n{table(_HEADS, map(_row, rows))}" for stage, rows in BEHAVIOURS.items()]
    return whole(
        "Delivery", _INTRO, _STATES, "## What servers do, and what becomes of the mail", *tables, "## Pace", _PACE
    )


def _row(each: Behaviour) -> tuple[str, ...]:
    states = ", ".join(f"**{state}**" for state, _ in each.fates)
    codes = ", ".join(str(code or "–") for _, code in each.fates)
    return each.server, states, codes, str(each.bodies), str(each.connections)
