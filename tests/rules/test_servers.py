"""R14: every behaviour of `tests.behaviours`, by a server on a real socket: what the row says then, and nothing leaves twice."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from models import tables as t
from models.database import Database
from models.store import Store
from models.wakes import delivery_wake
from tests.behaviours import BEHAVIOURS, Behaviour
from tests.harness import DAY, House
from tests.rules.conftest import empty
from tests.scripted_smtp import ScriptedSmtp
from workers.mailer import SmtpPost

EACH = [pytest.param(row, id=f"{row.server}{' later' * row.before}") for rows in BEHAVIOURS.values() for row in rows]
SETTLED = ("accepted", "refused", "uncertain")


@pytest.fixture
def rows(sqlite_rows: Database) -> Store:
    """What servers do is the same over both databases; what follows from it is proved on both elsewhere."""
    store = Store(sqlite_rows)
    empty(store)
    return store


@dataclass(frozen=True)
class Certificates:
    authority: Path
    token: Path
    by_name: dict[str, ssl.SSLContext]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder, ours = tmp_path_factory.mktemp("certificates"), trustme.CA()
    ours.cert_pem.write_to_path(str(folder / "authority.pem"))
    (folder / "token").write_text("ya29.token-of-today\n")
    over = datetime.now(UTC) - timedelta(days=1)
    leaves = {
        "good": ours.issue_cert("127.0.0.1"),
        "for another name": ours.issue_cert("elsewhere.example"),
        "expired": ours.issue_cert("127.0.0.1", not_before=over - timedelta(days=9), not_after=over),
        "of a stranger": trustme.CA().issue_cert("127.0.0.1"),
    }
    return Certificates(folder / "authority.pem", folder / "token", {name: _context(leaves[name]) for name in leaves})


def _context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def _settings(behaviour: Behaviour, port: int, made: Certificates) -> dict[str, str]:
    scheme = {"": "smtp", "starttls": "smtp+starttls", "smtps": "smtps"}[behaviour.tls]
    user = {"": "", "password": "me:secret@", "token": "me@"}[behaviour.login]
    patience = {"smtp_timeout_seconds": "0.4", "smtp_final_timeout_seconds": "0.5"} if behaviour.silent else {}
    token = {"smtp_token_file": str(made.token)} if behaviour.login == "token" else {}
    url = f"{scheme}://{user}127.0.0.1:{port}"
    return {"smtp_url": url, "smtp_ca_file": str(made.authority)} | patience | token


@pytest.mark.parametrize("behaviour", EACH)
def test_R14_what_the_server_does_decides_and_nothing_leaves_twice(
    behaviour: Behaviour, open_house: Callable[..., House], certificates: Certificates
) -> None:
    tls = certificates.by_name[behaviour.certificate] if behaviour.tls else None
    with ScriptedSmtp([dict(s) for s in behaviour.scripts], tls, behaviour.tls == "smtps") as server:
        house = open_house(**_settings(behaviour, server.port, certificates))
        with closing(SmtpPost(house.world.settings)) as post:
            house.world = replace(house.world, post=post)
            for _ in range(behaviour.before):
                house.mailed("bert", "cora")
            mail = house.mailed("anna", to=list(behaviour.recipients))["mail"]
            _as_foretold(house, mail, behaviour, server)
            _never_again(house, mail, server)


def _as_foretold(house: House, mail: str, behaviour: Behaviour, server: ScriptedSmtp) -> None:
    found = {row.address: row for row in house.deliveries(mail)}
    fates = [(found[address].state, found[address].reply_code) for address in behaviour.recipients]
    words = [(row.reply_text, row.server) for row in found.values()]
    assert fates == list(behaviour.fates), words
    assert (server.begun, server.connections) == (behaviour.begun, behaviour.connections), server.commands
    assert all(text and f"127.0.0.1:{server.port}" in place for text, place in words), words


def _never_again(house: House, mail: str, server: ScriptedSmtp) -> None:
    """Doubled wake-ups change nothing; where the end is known or unknowable, neither do three days of sweeping."""
    begun = server.begun
    for row in house.deliveries(mail):
        house.deliver(delivery_wake(row.id))
    if all(row.state in SETTLED for row in house.deliveries(mail)):
        house.advance(3 * DAY)
    assert server.begun == begun and t.Mail.select().where(t.Mail.id == mail).count() == 1
