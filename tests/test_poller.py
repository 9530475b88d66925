"""The mailbox reader against a real Dovecot: kept first, put aside after; nothing twice, nothing lost, nobody stopped."""

from __future__ import annotations

import itertools
import json
import smtplib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError

from cli.checks import mailbox
from cli.coming_in import mail_that_comes_in
from cli.surroundings import Surroundings
from cli.threads import beside
from deploy.dovecot import PASSWORD, DovecotServer
from deploy.engines import PostgresServer, wait_until
from models import tables as t
from models import tokens
from models.addresses import NULL_SENDER
from models.clock import WallClock
from models.errors import Misconfigured
from models.settings import Settings
from models.store import Store, open_store
from models.wakes import Wake
from producers.mailbox import Account, Folder, open_folder
from producers.poller import Poller
from workers.understanding import understand

_users = (f"care{number}" for number in itertools.count())
OURS = {"profile": "test", "mail_domain": "us.example", "sender_address": "care@us.example"}


class Box:
    """A mailbox nobody has used, as its server, its reader and a person see it."""

    def __init__(self, server: DovecotServer, url: str, **settings: Any) -> None:
        self.server, self.user = server, next(_users)
        where = {"imap_url": server.url_of(self.user), "imap_ca_file": server.certificate}
        self.settings = Settings(**OURS | where | settings)
        self.store: Store = open_store(url)
        self.wakes: list[Wake] = []
        self.connections = 0

    def wake(self, wake: Wake, at: Any = None) -> None:
        self.wakes.append(wake)

    def arrives(self, text: str, *head: str, sender: str = "kim@them.example") -> bytes:
        raw = "\r\n".join(["Subject: x", *head, "", text, ""]).encode()
        with smtplib.LMTP("127.0.0.1", self.server.lmtp_port) as lmtp:
            lmtp.sendmail(sender, [f"{self.user}@us.example"], raw)
        return raw

    def opened(self, account: Account) -> Folder:
        self.connections += 1
        return open_folder(account)

    def poller(self, **more: Any) -> Poller:
        return Poller(
            self.settings, WallClock(), self.store, self, **{"open_it": self.opened, "pauses": (0.05,)} | more
        )

    @contextmanager
    def read(self, **more: Any) -> Iterator[None]:
        with beside(mailbox=self.poller(**more).run):
            yield

    def takes(self, count: int) -> None:
        self.until(lambda: t.Command.select().count() == count, f"{count} mails are taken")

    def until(self, holds: Callable[[], object], what: str) -> None:
        wait_until(holds, 10, what)

    def row(self) -> t.Mailbox:
        found: t.Mailbox = t.Mailbox.get()
        return found

    def seen(self, folder: str = "INBOX") -> list[set[bytes]]:
        """The flags of each mail, in order, as a person's mail program shows them."""
        trust = ssl.create_default_context(cafile=str(self.server.certificate))
        with IMAPClient("127.0.0.1", self.server.port, ssl_context=trust) as client:
            client.login(self.user, PASSWORD)
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["FLAGS"])
        return [set(found[uid][b"FLAGS"]) - {b"\\Recent"} for uid in sorted(found)]


def envelopes() -> list[tuple[str, str]]:
    wires = [json.loads(row.wire)["body"] for row in t.Command.select().order_by(t.Command.id)]
    return [(wire.get("envelope_from", ""), wire["envelope_to"]) for wire in wires]


def blobs() -> list[str]:
    return [json.loads(row.wire)["body"]["blob"] for row in t.Command.select().order_by(t.Command.id)]


def test_R34_a_mail_is_kept_byte_for_byte_and_then_marked_as_read(dovecot: DovecotServer, database_url: str) -> None:
    box = Box(dovecot, database_url)
    token = tokens.sign("reply", "ml_abc", box.settings.keys) + "@us.example"
    first = box.arrives("blä", f"To: {token}")
    with box.read():
        box.takes(1)
        second = box.arrives("a bounce", "X-Original-To: care@us.example", sender="")  # the server rings
        box.takes(2)
    assert envelopes() == [("kim@them.example", token), (NULL_SENDER, "care@us.example")]
    kept = sorted(bytes(blob.data) for blob in t.Blob.select())
    assert all(raw.startswith(b"Return-Path: <") for raw in kept), "as the server keeps it"
    assert all(any(raw.endswith(mail) for raw in kept) for mail in (first, second))
    assert box.seen() == [{b"\\Seen"}, {b"\\Seen"}]
    assert (box.row().last_uid, box.row().stuck, box.row().holder) == (2, {}, None)
    with box.read():
        box.until(lambda: box.row().holder and box.connections == 2 and box.row().looked_at, "it looks again")
    assert t.Command.select().count() == 2 and len(box.wakes) == 2


def test_R34_mails_that_are_numbered_anew_are_found_to_be_the_same(dovecot: DovecotServer, sqlite_url: str) -> None:
    box = Box(dovecot, sqlite_url)
    for number in range(3):
        box.arrives(f"mail {number}")
    with box.read():
        box.takes(3)
    before = box.row().uid_validity
    dovecot.adm("mailbox", "update", "-u", box.user, "--uid-validity", str(before + 1), "INBOX")
    box.arrives("mail 3")
    with box.read():
        box.takes(4)
    assert box.row().uid_validity == before + 1 and box.row().last_uid == 4
    assert len(box.wakes) == 4 + 3, "undecided ones are woken once more, which does no harm"


def test_R34_of_two_readers_one_reads_and_the_other_takes_over(dovecot: DovecotServer, database_url: str) -> None:
    box = Box(dovecot, database_url)
    for number in range(5):
        box.arrives(f"mail {number}")
    stopped = threading.Event()
    first = threading.Thread(target=box.poller().run, args=(stopped,), daemon=True)
    first.start()
    box.takes(5)
    with box.read():
        holder = box.row().holder
        box.arrives("mail 5")
        box.takes(6)
        assert box.row().holder == holder and box.connections == 1
        stopped.set()
        first.join(10)
        box.arrives("mail 6")
        box.takes(7)
    assert box.connections == 2 and len(box.wakes) == 7


def test_R34_a_claim_that_was_lost_writes_nothing_any_more(dovecot: DovecotServer, sqlite_url: str) -> None:
    """A process that stood still for longer than its lease wakes up beside its successor."""
    box = Box(dovecot, sqlite_url)

    def stolen(account: Account) -> Folder:
        t.Mailbox.update(holder="another").execute()
        return box.opened(account)

    box.arrives("hello")
    with box.read(open_it=stolen):
        box.until(lambda: box.connections, "it connects")
    assert t.Command.select().count() == 0 and box.row().holder == "another" and box.seen() == [set()]


def test_R34_a_mail_that_is_too_large_is_visible_on_both_sides(dovecot: DovecotServer, sqlite_url: str) -> None:
    box = Box(dovecot, sqlite_url, mail_limit_bytes=20_000)
    token = tokens.sign("reply", "ml_abc", box.settings.keys) + "@us.example"
    box.arrives(
        "x" * 30_000,
        f"To: {token}",
        "Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=",
        "Content-Type: image/png",
        "In-Reply-To:\r\n <1@us.example>",
    )
    box.arrives("small")
    with box.read():
        box.takes(2)
    assert box.seen() == [{b"\\Seen", b"\\Flagged"}, {b"\\Seen"}]
    large = next(bytes(blob.data) for blob in t.Blob.select() if b"too large" in bytes(blob.data))
    assert b"In-Reply-To:\r\n <1@us.example>\r\n" in large and b"image/png" not in large and b"20000" in large
    assert envelopes()[0][1] == token
    assert [(row.door, row.reason, row.count) for row in t.TurnedAway.select()] == [("imap", "too_large", 1)]
    assert "too_large" in [each.found for each in mail_that_comes_in(box.settings, WallClock().now())][-1]


def test_R20_a_report_that_is_too_large_is_read_as_far_as_it_says_of_whom(
    dovecot: DovecotServer, sqlite_url: str
) -> None:
    """Exim and Sendmail send the whole mail back with it; a mere delay must not be taken for the end."""
    box = Box(dovecot, sqlite_url, mail_limit_bytes=20_000)
    status = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; kim@them.example\r\n"
    parts = [
        "Content-Type: text/plain\r\n\r\nStill trying.",
        f"Content-Type: message/delivery-status\r\n\r\n{status}Action: delayed\r\nStatus: 4.4.1",
        "Content-Type: message/rfc822\r\n\r\nSubject: ours\r\n\r\n" + "x" * 900 + "\r\n" + "y\r\n" * 10_000,
    ]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--"
    head = ["From: MAILER-DAEMON@mx.example", "MIME-Version: 1.0"]
    typed = "Content-Type: multipart/report; report-type=delivery-status;\r\n boundary=b"
    box.arrives(body, *head, "To: care@us.example", typed, sender="")
    box.arrives("Blue, please.\r\n" + "and more\r\n" * 5_000, "From: kim@them.example", "To: care@us.example")
    with box.read():
        box.takes(2)
    now = WallClock().now()
    report, words = (understand(bytes(t.Blob.get_by_id(blob).data), now) for blob in blobs())
    assert (report.kind, [(each.address, each.final) for each in report.reports]) == (
        "delivery_note",
        [("kim@them.example", False)],
    )
    assert (words.kind, words.from_address) == ("human", "kim@them.example")
    assert words.text.startswith("This mail is too large") and "Blue, please.\nand more\n" in words.text


def test_R37_a_poisonous_mail_keeps_none_of_the_others_waiting(dovecot: DovecotServer, sqlite_url: str) -> None:
    box = Box(dovecot, sqlite_url)
    box.store.db.execute_sql(
        "CREATE TRIGGER poison BEFORE INSERT ON command WHEN new.wire LIKE '%poison%' BEGIN SELECT RAISE(ABORT, 'ouch'); END"
    )
    box.arrives("bad", "X-Original-To: poison@us.example")
    box.arrives("good")
    with box.read():
        box.takes(1)
        box.until(lambda: box.row().last_uid == 2, "both are passed")
    assert box.seen() == [set(), {b"\\Seen"}] and "ouch" in box.row().stuck["1"]
    found = [each for each in mail_that_comes_in(box.settings, WallClock().now()) if each.verdict == "wrong"]
    assert "mail 1 is stuck" in found[0].found
    box.store.db.execute_sql("DROP TRIGGER poison")
    with box.read():
        box.takes(2)
    assert box.seen() == [{b"\\Seen"}] * 2 and box.row().stuck == {}


def test_R34_what_was_kept_when_the_line_broke_is_moved_with_the_next_one(
    dovecot: DovecotServer, sqlite_url: str
) -> None:
    box = Box(dovecot, sqlite_url, imap_after="move", imap_done_folder="Söhne & Co")

    def breaking(account: Account) -> Folder:
        folder = box.opened(account)
        if box.connections == 1:
            folder.move = broken  # type: ignore[method-assign]
        return folder

    def broken(uids: list[int], folder: str) -> None:
        raise IMAPClientAbortError("the line broke")

    box.arrives("one")
    box.arrives("two")
    with box.read(open_it=breaking):
        box.until(lambda: not box.seen(), "both are moved")
    assert box.connections > 1 and len(box.seen("Söhne & Co")) == 2
    assert t.Command.select().count() == 2


def test_R34_a_server_that_cannot_ring_or_move_is_asked_again_and_copied_from(
    dovecot: DovecotServer, sqlite_url: str
) -> None:
    box = Box(dovecot, sqlite_url, imap_after="move", imap_every="PT0.2S")

    def plain(account: Account) -> Folder:
        folder = box.opened(account)
        folder._can -= {"IDLE", "MOVE"}
        return folder

    with box.read(open_it=plain):
        box.until(lambda: box.connections, "it connects")
        box.arrives("one")
        box.takes(1)
        box.until(lambda: not box.seen() and len(box.seen("Postroom")) == 1, "it is moved")


def test_R34_the_server_and_the_database_may_go_away(
    dovecot: DovecotServer, postgres: PostgresServer, postgres_url: str
) -> None:
    box = Box(dovecot, postgres_url)
    with box.read():
        box.until(lambda: box.connections, "it connects")
        dovecot.restart()
        box.arrives("after the restart")
        box.takes(1)
        box.store.close()
        postgres.stop()
        box.arrives("while the database is away")
        box.until(lambda: box.connections > 2 or not postgres.running, "it tries")
        assert box.seen()[1] == set()
        postgres.start()
        box.takes(2)
    assert box.seen() == [{b"\\Seen"}] * 2


def test_R34_it_logs_in_with_a_token_over_starttls_and_not_to_a_stranger(sqlite_url: str, tmp_path: Path) -> None:
    with tokens_believed() as url:
        server = DovecotServer(url)
        server.start()
        try:
            file = tmp_path / "token"
            address = f"imap+starttls://care@127.0.0.1:{server.starttls_port}/INBOX"
            given = {"POSTROOM_IMAP_URL": address, "POSTROOM_IMAP_CA_FILE": str(server.certificate)}
            where = Surroundings(given | {"POSTROOM_IMAP_TOKEN_FILE": str(file)})
            file.write_text("stale\n")
            assert [(each.verdict, "AUTHENTICATIONFAILED" in each.found) for each in mailbox(where)] == [
                ("wrong", True)
            ]
            file.write_text("fresh\n")
            assert [(each.verdict, each.found.endswith("0 mails")) for each in mailbox(where)] == [("ok", True)]
            stranger = Surroundings({"POSTROOM_IMAP_URL": server.url_of("care")})
            assert [(each.verdict, PASSWORD in each.found) for each in mailbox(stranger)] == [("wrong", False)]
            assert "CERTIFICATE_VERIFY_FAILED" in next(mailbox(stranger)).found
        finally:
            server.discard()


@contextmanager
def tokens_believed() -> Iterator[str]:
    """Says whose a token is, as the token service of a provider does."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path.endswith("fresh")
            body = json.dumps({"email": "care"} if known else {"error": "invalid_token"}).encode()
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/?token="
        server.shutdown()


@pytest.mark.parametrize(
    "settings",
    [
        {"imap_url": "imap://care:x@us.example/"},
        {"imap_url": "imaps://us.example/"},
        {"imap_url": "imaps://care@us.example/"},
        {"imap_url": "imaps://care@us.example:many/"},
        {"imap_url": "imaps://care@us.example/", "imap_password_file": "/none"},
    ],
)
def test_R34_an_address_of_a_mailbox_that_cannot_be_is_named(settings: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match="POSTROOM_IMAP_"):
        Account.of(Settings(**settings))
