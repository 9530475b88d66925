"""What `postroom doctor` says of mail that does not get away, and of mail that anybody on the way could read (R14)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cli.checks import mail_server, rows
from cli.findings import Finding
from cli.surroundings import Surroundings
from models import tables as t
from models.clock import WallClock
from models.store import Store, open_store
from tests.scripted_smtp import ScriptedSmtp

REFUSED = "The server refused the log-in; check the user, and the password or token. It said: 535 expired"


@pytest.fixture
def house(sqlite_url: str) -> Surroundings:
    return Surroundings({"POSTROOM_DATABASE_URL": sqlite_url})


def soon() -> datetime:
    return WallClock().now() + timedelta(minutes=9)


def waiting(number: int, **fields: object) -> t.Delivery:
    plain = {"mail": "ml_1", "interaction": 1, "role": "to", "address": "a@b.example", "address_key": "a@b.example"}
    return t.Delivery(id=f"dl_{number}", publish_at=soon(), next_at=soon(), **(plain | fields))


def kept(url: str, *found: t.Row) -> None:
    store: Store = open_store(url)
    with store.transaction():
        for row in found:
            store.add(row)
    store.close()


def test_R14_doctor_says_why_mail_waits_and_for_whom(house: Surroundings) -> None:
    deferred = [waiting(n, state="deferred", reply_code=535, reply_text=REFUSED) for n in range(3)]
    held = [waiting(9, state="queued", held="big.example"), waiting(10, state="cancelled", held="big.example")]
    slow = t.Destination(domain="slow.example", slow_until=soon(), slow_seconds=40, said="421")
    kept(house.settings.database, *deferred, *held, slow)
    found = [finding for finding in rows(house) if finding.what == "deliveries"]
    assert [finding.verdict for finding in found] == ["note"] * 3
    assert found[0].found == f"3 tried again later: 535 {REFUSED}" and found[0].advice
    assert found[1].found.startswith("slow.example asked for less (421): one mail every 40 s until")
    assert found[2].found == "1 to big.example wait for their turn"


@pytest.mark.parametrize(
    ("url", "verdict", "words"),
    [
        ("smtp+plain://127.1:{}", "note", "in the clear"),  # this machine again, but the name does not say so
        ("smtp://127.0.0.1:{}", "ok", "mx.test"),
        ("smtp://127.1:{}", "wrong", "no STARTTLS"),
        ("gopher://127.1:{}", "wrong", "POSTROOM_SMTP_URL"),
    ],
)
def test_R14_doctor_says_where_mail_travels_in_the_clear_and_what_stands_in_the_way(
    url: str, verdict: str, words: str
) -> None:
    with ScriptedSmtp() as server:
        found: list[Finding] = list(mail_server(Surroundings({"POSTROOM_SMTP_URL": url.format(server.port)})))
    assert [finding.verdict for finding in found] == [verdict] and words in found[0].found
