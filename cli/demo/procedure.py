"""The procedure itself: compose, consolidate, send, remind, answer, what else comes back; and a draft that nobody finishes."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from cli.demo import post, surprises
from cli.demo.stage import Stage, Trouble
from cli.demo.telling import Telling, same

ADA = "ada.marsh@customer.example"
WORDS = "Wonderful, thank you Ben!"
DAY = timedelta(days=1)


def live(stage: Stage, telling: Telling) -> None:
    """Raises `Trouble` at the first thing that is not as it should be."""
    number = composes(stage, telling)
    draft = consolidates(stage, telling, number)
    first = sends(stage, telling, number, draft)
    reminder = reminds(stage, telling, number, first)
    answers(stage, telling, number, reminder)
    surprises.live(stage, telling, number, reminder)
    abandons(stage, telling)


def composes(stage: Stage, telling: Telling) -> str:
    telling.step("Anna composes for Ada Marsh")
    made = stage.give("anna", "compose", customer="ada")
    number = str(made["interaction"])
    found = stage.see(number)
    same(telling, f"{number} is Work in Progress", found["state"], "work_in_progress")
    same(telling, "Anna owns it", found["owner"], "anna")
    same(telling, "To is filled in", _draft(found, made["draft"])["content"].get("to"), [ADA])
    return number


def consolidates(stage: Stage, telling: Telling, number: str) -> dict[str, Any]:
    telling.step("Ben composes for the same customer before anything was sent")
    made = stage.give("ben", "compose", customer="ada")
    found = stage.see(number)
    same(telling, "it is the same interaction", made["interaction"], number)
    same(telling, "it is Ben's now", found["owner"], "ben")
    same(telling, "both drafts are there", sorted(d["author"] for d in found["drafts"]), ["anna", "ben"])
    return made


def sends(stage: Stage, telling: Telling, number: str, draft: dict[str, Any]) -> EmailMessage:
    telling.step("Ben writes and sends")
    words = {"subject": "Your instrument is back from calibration", "text": "Dear Ada,\n\nit leaves today.\n\nBen"}
    saved = stage.give("ben", "save_draft", draft=draft["draft"], base_revision=draft["revision"], content=words)
    stage.give("ben", "send", draft=draft["draft"], revision=saved["revision"])
    mail = stage.await_that("the mail is in the sink", lambda: stage.post_of(ADA), bool)[-1]
    telling.good(f"the mail arrived over SMTP: {mail['Subject']}")
    same(telling, "it has the words Ben wrote", "it leaves today." in post.text_of(mail), True)
    found = stage.await_that("it is On Hold", lambda: stage.see(number), lambda seen: seen["state"] == "on_hold")
    telling.good(f"{number} is On Hold, waiting for the customer")
    same(telling, "Ben owns it", found["owner"], "ben")
    return mail


def reminds(stage: Stage, telling: Telling, number: str, first: EmailMessage) -> EmailMessage:
    telling.step("Two days pass without an answer")
    telling.aside(f"it is {stage.later(2 * DAY + timedelta(minutes=1)):%A %Y-%m-%d %H:%M} UTC for all processes")
    post = stage.await_that("the reminder is in the sink", lambda: stage.post_of(ADA), lambda found: len(found) > 1)
    reminder, original = post[-1], str(first["Message-ID"]).strip()
    telling.good(f"the reminder arrived: {reminder['Subject']}")
    same(telling, "In-Reply-To names the first mail", str(reminder["In-Reply-To"]).strip(), original)
    same(telling, "References carry the thread", original in str(reminder["References"]).split(), True)
    same(telling, "still On Hold: a reminder changes no state", stage.see(number)["state"], "on_hold")
    return reminder


def answers(stage: Stage, telling: Telling, number: str, mail: EmailMessage) -> None:
    telling.step("Ada answers with her own mail program")
    stage.customer_writes(ADA, post.reply(mail, f"Ada Marsh <{ADA}>", WORDS, stage.clock.now()))
    telling.good("the mailroom took it over SMTP")
    found = stage.await_that("it is in progress again", lambda: stage.see(number), lambda seen: seen["unread"] == 1)
    same(telling, "Work in Progress again", found["state"], "work_in_progress")
    ongoing = stage.door("ben").get("/v1/interactions", view="ongoing")["items"]
    same(telling, "Ben's Ongoing tab shows 1", [(i["number"], i["unread"]) for i in ongoing], [(number, 1)])
    same(telling, "her words are there, the quoted history is folded", found["incoming"][0]["text"].strip(), WORDS)
    stage.give("ben", "mark_read", interaction=number)
    same(telling, "read: the counter is cleared", stage.see(number)["unread"], 0)


def abandons(stage: Stage, telling: Telling) -> None:
    telling.step("Anna leaves a draft for Carlo Ferri and does not send it; Ben one for a guest")
    made = stage.give("anna", "compose", customer="carlo", content={"text": "Buongiorno Carlo, "})
    other = stage.give("ben", "compose", customer="guest-kim", content={"text": "Hello"})["interaction"]
    number, draft = made["interaction"], made["draft"]
    stage.later(20 * DAY)
    stage.give("anna", "open_draft", draft=draft)
    telling.good("day 20: Anna opens hers, and its 30 days begin again")
    stage.later(11 * DAY)
    _closes(stage, other)
    telling.good("day 31: Ben's, which nobody opened, is Closed Abandoned")
    same(telling, "day 31: Anna's is not closed", stage.see(number)["state"], "work_in_progress")
    stage.later(19 * DAY + timedelta(minutes=1))
    found = stage.await_that(
        "it is closed", lambda: stage.see(number), lambda seen: seen["state"] != "work_in_progress"
    )
    same(telling, "after day 50: Closed Abandoned", found["state"], "closed_abandoned")
    telling.aside(f"why: {stage.door('anna').get(f'/v1/interactions/{number}/why')['chain'][-1]['why']}")
    same(telling, "Anna's words are kept", _draft(found, draft)["content"].get("text"), "Buongiorno Carlo, ")


def _closes(stage: Stage, number: str) -> dict[str, Any]:
    what = f"{number} is Closed Abandoned"
    return stage.await_that(what, lambda: stage.see(number), lambda seen: seen["state"] == "closed_abandoned")


def _draft(found: dict[str, Any], draft: str) -> dict[str, Any]:
    named: list[dict[str, Any]] = [each for each in found["drafts"] if each["id"] == draft]
    if not named:
        raise Trouble(f"the draft {draft} is not on {found['number']}")
    return named[0]
