"""What comes through several doors is one mail, and what nobody could have meant as a mail is kept and shown all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from models import tables as t
from producers.intake import PRINCIPAL, take_in
from tests.harness import House
from workers import handlers

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = b"From: Kim <kim@them.example>\r\nTo: care@us.example\r\nSubject: monstrous\r\n"
MONSTERS = {
    "parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
    "nested": HEAD
    + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number) for number in range(3_000)
    ),
    "messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    "no head": b"\x00\xff\xfe" * 5_000,
    "empty head": b"\r\n\r\n",
    "lies": HEAD + b"Content-Type: text/plain; charset=klingon\r\nContent-Transfer-Encoding: base64\r\n\r\n=?!\x80",
}


@pytest.mark.parametrize("raw", MONSTERS.values(), ids=list(MONSTERS))
def test_R21_a_monstrous_mail_is_kept_byte_for_byte_and_visible(open_house: Callable[..., House], raw: bytes) -> None:
    house = open_house()
    (row,) = take_in(house.store, raw, "", ["care@us.example"], PRINCIPAL, "mail", NOW)
    handlers.resume(house.world, row.id)
    decided = t.Command.get_by_id(row.id)
    assert (decided.state, decided.code) == ("done", None), decided.error
    kept = t.Incoming.get()
    assert kept.state == "unmatched" and bytes(t.Blob.get_by_id(kept.blob).data) == raw


def test_R21_one_mail_through_three_doors_is_shown_once(open_house: Callable[..., House]) -> None:
    """From the door itself, handed in by a system, and with another server's traces from a mailbox."""
    house = open_house()
    plain, traced = (
        HEAD + b"\r\nhello\r\n",
        b"Return-Path: <kim@them.example>\r\nDelivered-To: care\r\nReceived: x\r\n" + HEAD + b"\r\nhello\r\n",
    )
    rows = [
        *take_in(house.store, plain, "kim@them.example", ["care@us.example"], PRINCIPAL, "mail", NOW),
        *take_in(house.store, plain, "", ["care@us.example"], PRINCIPAL, "mail", NOW),
        *take_in(house.store, plain, "kim@them.example", ["care@us.example"], "crm", "http", NOW),
        *take_in(house.store, traced, "kim@them.example", ["care@us.example"], PRINCIPAL, "mail", NOW),
    ]
    assert [row.id == rows[0].id for row in rows] == [True, True, False, False]
    for row in {row.id for row in rows}:
        handlers.resume(house.world, row)
    assert t.Incoming.select().count() == 1
