"""R24: the link in a reminder, followed over HTTP by scanners, mail programs and people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from models import tables as t
from models.clock import MovedClock
from tests.api_desk import Desk, open_desk, until
from workers import handlers

LINK = re.compile(r"<(https://care\.example/unsubscribe/[^>]+)>")


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    given = {"reminder_after": "P2D,P5D", "public_url": "https://care.example", "sender_name": "<Care> & Co"}
    with open_desk(sqlite_url, tmp_path, **given) as found:
        yield found


def link(desk: Desk) -> str:
    """The path in the header of a reminder that has left."""
    content = {"subject": "Your order", "text": "Which colour?"}
    number = desk.done("compose", address="ada@customer.example", content=content, send=True)["interaction"]
    until(lambda: desk.get(f"/v1/interactions/{number}")["state"] == "on_hold")
    world = desk.workers.world
    assert world is not None and isinstance(world.clock, MovedClock)
    world.clock.advance(timedelta(days=2, minutes=1))
    handlers.fire(world, t.id_of(number), "reminder")
    until(lambda: len(desk.sink.mails) == 2)
    found = LINK.match(str(message_from_bytes(desk.sink.mails[1])["List-Unsubscribe"]))
    assert found is not None
    return urlsplit(found[1]).path


def suppressed() -> list[tuple[str, str]]:
    return [(row.address_key, row.reason) for row in t.Suppression.select()]


def test_R24_a_scanner_that_looks_changes_nothing_and_a_click_counts_at_once(desk: Desk) -> None:
    path = link(desk)
    with httpx.Client(base_url=desk.server.url) as nobody:
        for method in ("GET", "HEAD", "GET"):
            looked = nobody.request(method, path)
            assert looked.status_code == 200 and looked.headers["cache-control"] == "no-store"
        assert '<form method="post">' in looked.text and "&lt;Care&gt; &amp; Co" in looked.text
        assert "referrer-policy" in looked.headers and "set-cookie" not in looked.headers
        assert t.Command.select().where(t.Command.type == "unsubscribe").count() == 0
        one_click = {"List-Unsubscribe": "One-Click"}
        for answer in (
            nobody.post(path, data=one_click),  # a mail program
            nobody.post(path, files={"List-Unsubscribe": (None, "One-Click")}),  # another, RFC 8058 3.2
            nobody.post(path.replace("unsubscribe+", "UNSUBSCRIBE%2B")),
        ):
            assert answer.status_code == 200 and not answer.history and "No more reminders" in answer.text
    until(lambda: suppressed() == [("ada@customer.example", "unsubscribed")])
    rows = list(t.Command.select().where(t.Command.type == "unsubscribe"))
    assert {(row.principal, row.door) for row in rows} == {("recipient", "link")} and len(rows) == 3
    assert until(lambda: t.Event.select().where(t.Event.type == "unsubscribed").count()) == 1


@pytest.mark.parametrize("token", ["x", "unsubscribe+d0.aaaa.aaaaaaaaaaaaaaaa", "reply", "%00", "a" * 500])
def test_R24_a_link_nobody_signed_leads_nowhere(desk: Desk, token: str) -> None:
    with httpx.Client(base_url=desk.server.url) as nobody:
        for method in ("GET", "POST"):
            assert nobody.request(method, f"/unsubscribe/{token}").status_code == 404
        assert nobody.put(f"/unsubscribe/{token}").status_code == 405
    assert t.Command.select().count() == 0


def test_R24_a_click_is_kept_while_no_worker_is_there(desk: Desk) -> None:
    path = link(desk)
    desk.workers.deaf = True
    assert httpx.post(desk.server.url + path).status_code == 200
    assert suppressed() == []
    world = desk.workers.world
    assert world is not None
    handlers.resume(world, t.Command.get(t.Command.type == "unsubscribe").id)
    assert suppressed() == [("ada@customer.example", "unsubscribed")]


def test_R24_no_token_of_another_purpose_opens_the_page(desk: Desk) -> None:
    path = link(desk)
    reply = str(message_from_bytes(desk.sink.mails[0])["Reply-To"]).partition("@")[0]
    assert httpx.post(f"{desk.server.url}/unsubscribe/{reply}").status_code == 404
    assert httpx.get(desk.server.url + path).status_code == 200
