"""What else comes back in real life: an out-of-office note, a bounce, an answer of somebody nobody wrote to."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from cli.demo import post
from cli.demo.stage import Stage
from cli.demo.telling import Telling, same

NOOR, GONE, LEE = "noor@away.example", "gone@nowhere.example", "Lee Wong <lee@customer.example>"
DAY = timedelta(days=1)


def live(stage: Stage, telling: Telling, number: str, mail: EmailMessage) -> None:
    """``mail`` is one of Ben's on the interaction ``number``. Raises `Trouble` at the first thing that is not as it should be."""
    away, due_at = parks(stage, telling)
    wakes(stage, telling)
    marks(stage, telling, number, mail)
    returns(stage, telling, away, due_at)


def parks(stage: Stage, telling: Telling) -> tuple[str, datetime]:
    telling.step("Anna writes to Noor, whose mailbox says she is out of office")
    number, mail = _sent(stage, "anna", NOOR)
    back = stage.clock.now() + 10 * DAY
    words = f"I am out of the office and back on {back.day} {back:%B %Y}."
    stage.customer_writes(NOOR, post.out_of_office(mail, NOOR, words, stage.clock.now()))
    found = stage.await_that("the note is on the stream", lambda: stage.see(number), lambda seen: seen["incoming"])
    same(telling, "the note is shown as automatic", found["incoming"][0]["kind"], "automatic")
    same(telling, "it is no answer: still On Hold, nothing unread", (found["state"], found["unread"]), ("on_hold", 0))
    reminder = stage.door("anna").get(f"/v1/interactions/{number}/reminder-preview")
    due_at = datetime.fromisoformat(reminder["due_at"])
    same(telling, "the reminder is parked until she is back", due_at.date() >= back.date(), True)
    telling.aside(f"{due_at:%A %Y-%m-%d %H:%M} UTC: {reminder['why']}")
    stage.later(3 * DAY)
    return number, due_at


def wakes(stage: Stage, telling: Telling) -> None:
    telling.step("Three days later Ben writes to an address that does not exist any more")
    number, mail = _sent(stage, "ben", GONE)
    envelope_from = stage.captured(GONE)[0]["envelope_from"]
    stage.customer_writes("", post.bounce(mail, envelope_from, GONE, stage.clock.now()))
    found = stage.await_that("the bounce came in", lambda: stage.see(number), lambda seen: seen["attention"])
    same(
        telling,
        "the bounce brings it back to work",
        (found["state"], found["attention"]),
        ("work_in_progress", "bounced"),
    )
    calling = stage.door("ben").get("/v1/interactions", view="ongoing")["items"]
    same(telling, "Ben's Ongoing tab calls him", number in [line["number"] for line in calling], True)
    same(telling, "no reminder is waiting any more", [c for c in found["clocks"] if c["kind"] == "reminder"], [])
    listed: list[dict[str, Any]] = stage.door("ben").get("/v1/suppressions")["items"]
    same(telling, "the address is not mailed again", [row["address"] for row in listed], [GONE])
    telling.aside(f"why: {listed[0]['reason']}; an operator can lift it")


def marks(stage: Stage, telling: Telling, number: str, mail: EmailMessage) -> None:
    telling.step("Ada passed Ben's mail on, and her colleague Lee answers it")
    stage.customer_writes("lee@customer.example", post.reply(mail, LEE, "I take over from Ada.", stage.clock.now()))
    found = stage.await_that("it is unread for Ben", lambda: stage.see(number), lambda seen: seen["unread"] == 1)
    theirs = [each for each in found["incoming"] if each["from_address"] == "lee@customer.example"]
    same(telling, "it is on the same interaction, by its token", [each["matched_by"] for each in theirs], ["token"])
    same(telling, "marked as from a third party", [each["third_party"] for each in theirs], [True])
    same(telling, "Ada's own answer is not", [e["third_party"] for e in found["incoming"] if e not in theirs], [False])


def returns(stage: Stage, telling: Telling, number: str, due_at: datetime) -> None:
    telling.step("Noor is back")
    same(telling, "meanwhile nobody reminded her", len(stage.post_of(NOOR)), 1)
    telling.aside(f"it is {stage.later(due_at - stage.clock.now() + timedelta(minutes=1)):%A %Y-%m-%d %H:%M} UTC")
    stage.await_that("the reminder is in the sink", lambda: stage.post_of(NOOR), lambda found: len(found) > 1)
    telling.good("now the reminder arrived")
    same(telling, "still On Hold", stage.see(number)["state"], "on_hold")


def _sent(stage: Stage, who: str, address: str) -> tuple[str, EmailMessage]:
    """A mail to somebody new, handed over."""
    words = {"subject": "Your calibration certificate", "text": "Hello,\n\nshall we send it on paper?"}
    number = str(stage.give(who, "compose", address=address, content=words, send=True)["interaction"])
    stage.await_that("it is On Hold", lambda: stage.see(number), lambda seen: seen["state"] == "on_hold")
    return number, stage.post_of(address)[-1]
