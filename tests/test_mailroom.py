"""The mailroom's door with real SMTP and LMTP clients: kept first, answered after; whatever the sender does."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models import tables as t
from models import tokens
from models.addresses import NULL_SENDER
from models.clock import StillClock
from models.errors import Misconfigured
from models.settings import Settings
from models.store import Store, open_store
from models.wakes import Queue, Wake
from producers.listening import MOST_ERRORS, MOST_SESSIONS_OF_ONE
from producers.mailroom import Mailroom

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAIL = b"From: c@them.example\r\nSubject: hi\r\n\r\n.dot\r\nbare\nlf\rcr \xff\x00\r\n" + b"x" * 20_000 + b"\r\n"


class Bells:
    """Keeps the wake-ups it was given, and what was committed when each was."""

    def __init__(self, url: str) -> None:
        self.wakes: list[Wake] = []
        self.kept: list[int] = []
        self._url = url

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        self.wakes.append(wake)
        self.kept.append(t.Command.select().count())


@contextmanager
def listening(url: str, **changed: Any) -> Iterator[tuple[int, Bells, Store]]:
    store, bells = open_store(url), Bells(url)
    settings = Settings(**({"inbound_port": 0, "profile": "test", "mail_domain": "us.example"} | changed))
    room = Mailroom(settings, StillClock(NOW), store, bells)
    try:
        yield room.start(), bells, store
    finally:
        room.stop()
        store.close()


def client(port: int) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", port, local_hostname="them.example", timeout=20)


def test_R34_a_mail_is_kept_with_one_command_for_each_recipient_before_250(database_url: str) -> None:
    with listening(database_url) as (port, bells, _), client(port) as smtp:
        assert smtp.sendmail("c@them.example", ["reply+a@us.example", "care@us.example"], MAIL) == {}
        rows = list(t.Command.select().order_by(t.Command.id))
        assert [(row.principal, row.door, row.type, row.state) for row in rows] == [
            ("mailroom", "mail", "receive_mail", "accepted")
        ] * 2
        assert bytes(t.Blob.get().data) == MAIL and t.Blob.select().count() == 1
        assert [wake.queue for wake in bells.wakes] == [Queue.INBOUND] * 2
        assert {wake.key for wake in bells.wakes} == {str(row.id) for row in rows}
        assert bells.kept == [2, 2]


def test_R34_the_same_mail_again_is_the_same_commands(database_url: str) -> None:
    with listening(database_url) as (port, _, _store), client(port) as smtp:
        for _ in range(3):
            smtp.sendmail("c@them.example", ["care@us.example"], MAIL)
        smtp.sendmail("c@them.example", ["care@us.example"], MAIL + b"more\r\n")
        assert t.Command.select().count() == 2 and t.Blob.select().count() == 2


def test_R20_a_bounce_comes_with_the_null_sender(database_url: str) -> None:
    with listening(database_url) as (port, _, _store), client(port) as smtp:
        smtp.sendmail("", ["bounce+x@us.example"], MAIL)
        assert json.loads(t.Command.get().wire)["body"]["envelope_from"] == NULL_SENDER


def test_R34_while_the_database_is_away_the_sender_keeps_the_mail(postgres: Any, postgres_url: str) -> None:
    with listening(postgres_url) as (port, bells, _store), client(port) as smtp:
        postgres.stop()
        try:
            with pytest.raises(smtplib.SMTPDataError) as refused:
                smtp.sendmail("c@them.example", ["care@us.example"], MAIL)
            assert refused.value.smtp_code == 451 and bells.wakes == []
        finally:
            postgres.start()
        smtp.sendmail("c@them.example", ["care@us.example"], MAIL)
        assert t.Command.select().count() == 1


def test_R34_a_mail_over_the_limit_is_refused_for_good(sqlite_url: str) -> None:
    with listening(sqlite_url, mail_limit_bytes=30_000) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == "30000"
        with pytest.raises(smtplib.SMTPSenderRefused) as early:
            smtp.sendmail("c@them.example", ["care@us.example"], MAIL * 2)
        assert early.value.smtp_code == 552
        smtp.rset()
        smtp.mail("c@them.example")
        smtp.rcpt("care@us.example")
        assert smtp.data(MAIL * 2)[0] == 552
        assert t.Command.select().count() == 0
        smtp.sendmail("c@them.example", ["care@us.example"], MAIL)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("RCPT TO:<a@b\x01c.example>", 553),
        ("RCPT TO:<" + "x" * 330 + "@us.example>", 553),
        ("RCPT TO: nonsense <", 501),
        ("RCPT TO", 501),
        ("RCPT TO:<care@us.example> NOTIFY=", 501),
    ],
)
def test_R34_a_bad_recipient_is_refused_and_the_session_goes_on(sqlite_url: str, command: str, code: int) -> None:
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        smtp.mail("c@them.example")
        assert smtp.docmd(command)[0] == code
        smtp.rset()
        smtp.sendmail("c@them.example", ["care@us.example"], MAIL)


def test_R34_bytes_that_are_no_utf8_in_an_address_are_refused(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        smtp.mail("c@them.example")
        smtp.send(b"RCPT TO:<\xff\xfe@us.example>\r\n")
        assert smtp.getreply()[0] == 553


def test_R34_lines_of_any_length_arrive_whole(sqlite_url: str) -> None:
    long = b"Subject: x\r\n\r\n" + b"y" * 200_000 + b"\r\n"
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        smtp.sendmail("c@them.example", ["care@us.example"], long)
        assert bytes(t.Blob.get().data) == long


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"])
def test_R34_no_second_mail_is_smuggled_in_behind_a_bare_line_end(sqlite_url: str, end: bytes) -> None:
    smuggled = b"MAIL FROM:<evil@x.example>\r\nRCPT TO:<victim@us.example>\r\nDATA\r\nSubject: forged\r\n\r\nhello"
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        smtp.mail("c@them.example")
        smtp.rcpt("care@us.example")
        assert smtp.docmd("DATA")[0] == 354
        smtp.send(b"Subject: one\r\n\r\nbody" + end + smuggled + b"\r\n.\r\n")
        assert smtp.getreply()[0] == 250
        assert smtp.docmd("QUIT")[0] == 221
        assert "victim" not in "".join(row.wire for row in t.Command.select())
        assert t.Command.select().count() == 1


def test_R34_a_sender_that_hangs_up_before_the_dot_leaves_nothing(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store):
        with client(port) as smtp:
            smtp.ehlo()
            smtp.mail("c@them.example")
            smtp.rcpt("care@us.example")
            smtp.docmd("DATA")
            smtp.send(b"Subject: half\r\n\r\n")
            smtp.close()
        with client(port) as smtp:
            smtp.sendmail("c@them.example", ["care@us.example"], MAIL)
        assert [bytes(blob.data) for blob in t.Blob.select()] == [MAIL]


def test_R34_too_many_recipients_are_asked_to_come_in_two_mails(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        refused = smtp.sendmail("c@them.example", [f"r{number}@us.example" for number in range(102)], MAIL)
        assert sorted(refused) == ["r100@us.example", "r101@us.example"]
        assert {code for code, _ in refused.values()} == {452}
        assert t.Command.select().count() == 100


class Lmtp(smtplib.LMTP):
    """A client that reads one answer for each recipient (RFC 2033)."""

    def deliver(self, recipients: list[str], data: bytes) -> list[int]:
        self.mail("c@them.example")
        taken = [address for address in recipients if self.rcpt(address)[0] == 250]
        self.docmd("DATA")
        self.send(smtplib._quote_periods(data) + b".\r\n")  # type: ignore[attr-defined]
        return [self.getreply()[0] for _ in taken]


@contextmanager
def lmtp_client(port: int) -> Iterator[Lmtp]:
    with Lmtp("127.0.0.1", port, local_hostname="them.example", timeout=20) as lmtp:
        lmtp.ehlo()
        yield lmtp


@pytest.mark.parametrize(("size", "answer"), [(1, 250), (3, 552)])
def test_R34_lmtp_answers_for_each_recipient(sqlite_url: str, size: int, answer: int) -> None:
    with (
        listening(sqlite_url, inbound_protocol="lmtp", mail_limit_bytes=30_000) as (port, _, _store),
        lmtp_client(port) as lmtp,
    ):
        assert lmtp.docmd("EHLO x")[0] == 500
        recipients = ["a@us.example", "b@us.example", "c@elsewhere.example", "d@us.example"]
        assert lmtp.deliver(recipients, MAIL * size) == [answer] * 3
        assert lmtp.deliver(["e@us.example"], MAIL) == [250]
        assert lmtp.docmd("NOOP")[0] == 250


def test_R34_lmtp_keeps_for_each_recipient_by_itself(sqlite_url: str) -> None:
    """The row of one recipient cannot be written; the others' are, and the sender tries again for that one alone."""
    with (
        listening(sqlite_url, inbound_protocol="lmtp") as (port, bells, store),
        lmtp_client(port) as lmtp,
    ):
        store.db.execute_sql(
            "CREATE TRIGGER full BEFORE INSERT ON command WHEN new.wire LIKE '%b@us%' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
        assert lmtp.deliver(["a@us.example", "b@us.example", "c@us.example"], MAIL) == [250, 451, 250]
        assert len(bells.wakes) == t.Command.select().count() == 2
        store.db.execute_sql("DROP TRIGGER full")
        assert lmtp.deliver(["b@us.example"], MAIL) == [250] and t.Command.select().count() == 3


def test_R34_lmtp_as_it_is_on_the_wire(sqlite_url: str) -> None:
    """A pipelining client without a library: no recipient, no data; the same recipient twice, two answers."""
    lines = "LHLO them\r\nMAIL FROM:<>\r\nDATA\r\nRCPT TO:<a@us.example>\r\nRCPT TO:<a@us.example>\r\nDATA\r\n"
    with (
        listening(sqlite_url, inbound_protocol="lmtp") as (port, _, _store),
        socket.create_connection(("127.0.0.1", port), 20) as line,
        line.makefile("r") as answers,
    ):
        line.sendall(f"{lines}Subject: x\r\n\r\ny\r\n.\r\nQUIT\r\n".encode())
        codes = [answer[:3] for answer in answers if answer[3] == " "]
        assert codes == ["220", "250", "250", "503", "250", "250", "354", "250", "250", "221"]
        assert t.Command.select().count() == 1


@pytest.mark.parametrize("unknown", ["keep", "refuse"])
def test_R21_recipients_that_are_not_ours_are_refused_at_rcpt(sqlite_url: str, unknown: str) -> None:
    settings = Settings(profile="test", mail_domain="us.example")
    ours = {"sender_address": "care@help.example", "inbound_addresses": "info@us.example, @all.example"}
    token = tokens.sign("reply", "ml_abc", settings.keys)
    known = [f"{token.upper()}@US.example", "Care@help.example", "care+vip@help.example", "info@us.example"]
    known += ["who@all.example", "postmaster@us.example", "postmaster"]
    guessed = ["nobody@us.example", f"{token[:-1]}x@us.example", "care@us.example"]
    foreign = ["who@else.example", "postmaster@else.example", "a%else.example@them.example", f"{token}@else.example"]
    with listening(sqlite_url, inbound_unknown=unknown, **ours) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        smtp.mail("c@them.example")
        codes = {each: smtp.rcpt(each)[0] for each in known + guessed}
        assert codes == dict.fromkeys(known, 250) | dict.fromkeys(guessed, 250 if unknown == "keep" else 550)
        assert [smtp.rcpt(each) for each in foreign] == [
            (550, b"5.7.1 This domain is not ours, and nothing is passed on")
        ] * len(foreign)
        counted = {row.reason: row.count for row in t.TurnedAway.select().where(t.TurnedAway.door == "smtp")}
        assert counted == {"550 5.7.1": 4} | ({} if unknown == "keep" else {"550 5.1.1": 3})


def test_R34_who_makes_nothing_but_mistakes_is_hung_up_on(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store), client(port) as smtp:
        smtp.ehlo()
        smtp.mail("c@them.example")
        for number in range(MOST_ERRORS):
            assert smtp.rcpt(f"guess{number}@else.example")[0] == 550
        assert smtp.getreply()[0] == 421
        with pytest.raises(smtplib.SMTPServerDisconnected):
            smtp.noop()


def test_R34_one_sender_cannot_take_all_lines(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store):
        lines = [client(port) for _ in range(MOST_SESSIONS_OF_ONE)]
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            client(port)
        assert refused.value.smtp_code == 421
        for line in lines:
            line.quit()
        with client(port) as smtp:
            smtp.sendmail("c@them.example", ["care@us.example"], MAIL)


def certificate(folder: Path) -> tuple[Path, Path]:
    """For 127.0.0.1, signed by itself; made by the openssl program."""
    made, key = folder / "cert.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(made)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return made, key


def test_R34_starttls_is_offered_with_a_certificate_and_what_was_said_before_it_does_not_count(
    sqlite_url: str, tmp_path: Path
) -> None:
    made, key = certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(made))
    with (
        listening(sqlite_url, inbound_certificate=made, inbound_key=key) as (port, _, _store),
        smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp,
    ):
        smtp.ehlo()
        assert smtp.has_extn("starttls")
        smtp.mail("evil@x.example")
        smtp.starttls(context=trusting)
        assert smtp.docmd("RCPT TO:<care@us.example>")[0] == 503
        smtp.sendmail("c@them.example", ["care@us.example"], MAIL)
        assert '"c@them.example"' in t.Command.get().wire


def test_R34_a_certificate_that_cannot_be_read_stops_the_start(sqlite_url: str, tmp_path: Path) -> None:
    with (
        pytest.raises(Misconfigured, match="POSTROOM_INBOUND_CERTIFICATE"),
        listening(sqlite_url, inbound_certificate=tmp_path / "none.pem"),
    ):
        pass


def test_R34_the_mailroom_stops_and_frees_its_port(sqlite_url: str) -> None:
    with listening(sqlite_url) as (port, _, _store):
        smtp = client(port)
    with pytest.raises(OSError):
        client(port)
    with listening(sqlite_url, inbound_port=port) as (again, _, _store):
        assert again == port
    smtp.close()
