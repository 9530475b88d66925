"""Those who run the house see it in numbers and change it by commands; nobody else sees it, and no page shows a secret."""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import expect

from models.in_force import entries
from models.settings import Settings
from producers.workspace.charts import Bar, bars
from producers.workspace.rooms import GET, POST
from tests.embedded import Running, wire
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer
from tests.workspace.test_conversation import sent

SECRETS: dict[str, Any] = {
    "token_keys": "k1:very-hush,k0:old-hush", "database_url": "postgresql://app:db-hush@db/postroom",
    "broker_url": "amqp://app:mq-hush@mq/", "smtp_url": "smtps://us:mail-hush@relay.example", "undo_hold": timedelta(5),
}  # fmt: skip


def test_R2_an_agent_is_told_whose_pages_these_are(windows: Windows) -> None:
    anna = windows.agent("anna")
    cookies = {each["name"]: each["value"] for each in anna.page.context.cookies()}
    with httpx.Client(base_url=windows.product.url, cookies=cookies) as agent:
        token = re.search(r'data-csrf="([^"]+)"', agent.get("/list/my").text)
        assert token is not None
        for path in (each for each in GET if each.startswith("/operations")):
            answer = agent.get(path.replace("{letter}", "any"))
            assert answer.status_code == 403 and "This page is for managers and admins" in answer.text, path
        for path in (each for each in POST if each.startswith("/operations")):
            answer = agent.post(path.replace("{letter}", "any"), data={"csrf": token[1], "reason": "x", "domain": "*"})
            assert answer.status_code == 403, path
    anna.page.goto("/list/my")
    expect(anna.page.get_by_role("link", name="Operations")).to_have_count(0)


def test_R11_R37_R38_a_manager_sees_what_is_owed_and_pauses_replays_drops_and_lifts(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Gesa")
    (_, kept), (_, dropped) = dead_letters(windows.product)
    mia = windows.agent("mia")
    mia.page.goto("/list/my")
    mia.page.get_by_role("link", name="Operations").click()
    expect(mia.page.get_by_role("img", name=re.compile(r"Interactions by state: Work in Progress \d+"))).to_be_visible()
    expect(mia.page.get_by_role("row", name=re.compile("^commands [0-9]+ 1$"))).to_be_visible()

    mia.page.get_by_label("Reason").fill("the relay is being moved")
    mia.page.get_by_role("button", name="Pause").click()
    number = sent(windows.product, customer, "Waits for the relay")
    mia.page.goto(f"/interactions/{number}")
    expect(mia.page.locator("#standing")).to_contain_text("Sending is paused")
    expect(mia.page.locator("#standing")).to_contain_text("the relay is being moved")
    mia.page.goto("/operations")
    mia.page.get_by_role("button", name="Resume").click()
    mia.page.goto(f"/interactions/{number}")
    expect(mia.page.locator(".fate.accepted")).to_be_visible()

    mia.page.goto("/operations/dead-letters")
    mia.page.get_by_role("link", name=kept).click()
    expect(mia.page.locator("pre")).to_contain_text("A letter's customer")
    mia.page.get_by_role("button", name="Replay").click()
    mia.sees("Replayed: it is decided like any other command now")
    mia.page.goto("/customers?q=A+letter's+customer")
    mia.sees("A letter's customer")
    mia.page.goto("/operations/dead-letters")
    mia.page.get_by_role("link", name=dropped).click()
    mia.page.get_by_role("button", name="Replay").click()
    mia.sees("would only die again")
    mia.page.go_back()
    mia.page.once("dialog", lambda dialog: dialog.accept())
    mia.page.get_by_role("button", name="Drop").click()
    expect(mia.page.get_by_role("link", name=dropped)).to_have_count(0)

    mia.page.goto("/operations/suppressions")
    mia.page.get_by_label("Address").fill(address)
    mia.page.get_by_label("Reason").fill("asked by telephone")
    mia.page.get_by_role("button", name="Suppress", exact=True).click()
    mia.page.get_by_role("button", name=f"Lift {address}").click()
    expect(mia.page.get_by_role("button", name=f"Lift {address}")).to_have_count(0)
    mia.page.goto("/operations/settings?only=changed")
    expect(mia.page.get_by_role("row", name=re.compile("POSTROOM_UNDO_HOLD PT2S changed"))).to_be_visible()


def test_no_setting_that_holds_a_secret_is_shown() -> None:
    named = [name for name in Settings.model_fields if re.search("secret|password|signing_key|login|token_keys", name)]
    hidden = {name: "hush:hush" for name in named if not name.endswith("_file")}
    shown = str(entries(Settings.model_construct(**(hidden | SECRETS))))
    assert "hush" not in shown
    assert "k1:…,k0:…" in shown and "amqp://app:…@mq/" in shown and "P5D" in shown


def test_a_chart_says_its_numbers_and_draws_what_is_not_zero() -> None:
    drawn = bars("Mails", [Bar("sent", 1), Bar("<refused>", 1000, "warn"), Bar("none", 0)])
    assert 'aria-label="Mails: sent 1, &lt;refused&gt; 1000, none 0"' in drawn
    widths = [int(found) for found in re.findall(r'width="(\d+)"', drawn)]
    assert widths[0] == 3 and widths[1] > 200 and widths[2] == 0
    assert "style=" not in drawn and "<refused>" not in drawn


def dead_letters(product: Running) -> list[tuple[str, str]]:
    """Two rows as the workers leave them: one that is a command after all, one that is none; answers ids and reasons."""
    wish = wire("upsert_customer", uuid.uuid4().hex, customer="letter", kind="contact", name="A letter's customer")
    letters = [(f"dead_{uuid.uuid4().hex}", f"It died of {uuid.uuid4().hex[:6]}") for _ in range(2)]
    with sqlite3.connect(Path(product.database_url.removeprefix("sqlite:///")), timeout=20) as rows:
        rows.executemany(
            "INSERT INTO dead_letter (id, queue, principal, body, reason, died_at) "
            "VALUES (?, 'commands', 'anna', CAST(? AS BLOB), ?, '2026-01-01 00:00:00.000000+00:00')",
            [(id, body, reason) for (id, reason), body in zip(letters, (json.dumps(wish), "{"), strict=True)],
        )
    return letters
