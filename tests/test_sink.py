"""The built-in sink: what it said it took is a row, and the product's own mailer talks to it."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from typing import Literal

import pytest

from models import tables as t
from models.clock import StillClock
from models.settings import Settings
from models.store import Store, open_store
from producers.sink import Sink
from workers.mailer import SmtpPost

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAIL = b"Subject: hi\r\n\r\n.dot\r\n" + b"x" * 3_000 + b"\r\n"


def test_R14_what_the_sink_accepted_is_kept_under_the_id_it_named(store: Store) -> None:
    settings = Settings(sink_port=0, profile="test")
    sink = Sink(settings, StillClock(NOW), store)
    post = SmtpPost(settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{sink.start()}"}))
    try:
        answer = post.transmit("bounce+x@us.example", "josé@them.example", MAIL, lambda: None)
        assert answer.outcome == "accepted"
        row = t.Captured.get_by_id(int(answer.text.rpartition("queued as ")[2]))
        assert (row.envelope_from, row.envelope_to, bytes(row.data), row.captured_at) == (
            "bounce+x@us.example", "josé@them.example", MAIL, NOW,
        )  # fmt: skip
    finally:
        post.close()
        sink.stop()


@pytest.mark.parametrize(
    ("profile", "address", "outcome"),
    [
        ("test", "refuse.me@them.example", "refused"),
        ("demo", "deferred@them.example", "deferred"),
        ("test", "vanishing@them.example", "uncertain"),
        ("embedded", "refuse.me@them.example", "accepted"),
    ],
)
def test_R14_the_sink_plays_a_difficult_server_only_in_demo_and_test(
    sqlite_url: str, profile: Literal["test", "demo", "embedded"], address: str, outcome: str
) -> None:
    settings = Settings(sink_port=0, profile=profile)
    sink = Sink(settings, StillClock(NOW), open_store(sqlite_url))
    post = SmtpPost(settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{sink.start()}"}))
    try:
        assert post.transmit("a@us.example", address, MAIL, lambda: None).outcome == outcome
    finally:
        post.close()
        sink.stop()


def test_R14_a_sink_that_cannot_keep_a_mail_says_so(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    sink = Sink(Settings(sink_port=0, profile="test"), StillClock(NOW), store)
    try:
        with smtplib.SMTP("127.0.0.1", sink.start(), local_hostname="us.example", timeout=20) as smtp:
            store.db.execute_sql("DROP TABLE captured")
            with pytest.raises(smtplib.SMTPDataError) as refused:
                smtp.sendmail("a@us.example", ["b@them.example"], MAIL)
            assert refused.value.smtp_code == 451
    finally:
        sink.stop()
        store.close()
