"""Whatever an address or a form holds, no page of the workspace fails: it is shown, or it says no."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.queries.paging import encode
from producers.workspace.rooms import GET, POST
from tests.api_desk import Desk, open_desk
from tests.pages import Reader

DIGITS = "9" * 20
PLACES = ("%C2%B2", "a%00b", DIGITS, f"IMS{DIGITS}", "%FF")
WORDS = ("²", "\x00", DIGITS, '{"blob": 1}', "9999-12-31T23:59", "0001-01-01T00:00")
QUERIES = (
    "cursor", "q", "sort", "dir", "state", "owner", "queue", "kind", "calling", "show", "order", "field", "images", "to",
    "part", "answered", "moved", "saved", "interaction", "only",
)  # fmt: skip
CURSORS = (
    encode(0),
    encode("a", "b"),
    encode("9999-12-31T23:59:59+00:00", DIGITS),
    encode(2**63),
    encode(None),
    "²",
    "A",
)
LISTS = (
    "/list/{view}", "/queues", "/search?q=odd", "/drafts", "/unmatched", "/customers", "/customers/{customer}", "/captured",
    "/interactions/{number}", "/operations/dead-letters", "/operations/suppressions",
)  # fmt: skip
FIELDS = (
    "action", "address", "agent", "base_revision", "cc", "code", "confirm", "delivery", "domain", "files", "from_address",
    "hours", "html", "interaction", "keep", "kind", "mail", "mode", "name", "number", "once", "outcome", "queue", "reason",
    "revision", "seen", "send_at", "signature", "subject", "text", "to", "to_agent", "to_queue", "zone", "attachments_shown",
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("odd")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "postroom.db")
        url = f"sqlite:///{folder / 'postroom.db'}"
    else:
        server = request.getfixturevalue("postgres")
        url = server.new_database(request.getfixturevalue("postgres_template"))
    with open_desk(url, Path(folder), unknown_wait=timedelta(0)) as found:
        yield found


@pytest.fixture(scope="module")
def root(desk: Desk) -> Reader:
    return Reader(desk, "root")


@pytest.fixture(scope="module")
def real(desk: Desk) -> dict[str, str]:
    """Something that exists for every place of an address."""
    made = desk.done("compose", "root", address="odd@customer.example", content={"subject": "s", "text": "words"})
    sent = desk.done("compose", "root", address="other@customer.example", content={"text": "x"}, send=True)
    it = desk.get(f"/v1/interactions/{made['interaction']}")
    revision = desk.get(f"/v1/drafts/{made['draft']}/revisions")[0]["id"]
    return {
        "number": made["interaction"], "draft": made["draft"], "customer": it["customer"]["id"], "mail": sent["mail"],
        "revision": revision, "view": "open", "captured:int": "1", "principal": "bob",
    }  # fmt: skip


def test_no_page_fails_at_an_odd_address(root: Reader, real: dict[str, str]) -> None:
    failed = []
    for path in GET:
        for odd in PLACES if "{" in path else ():
            failed += _failures(root, "GET", _placed(path, odd, {}))
        if not path.startswith("/live"):
            known = _placed(path, "x", real)
            failed += [each for odd in WORDS[:4] for each in _failures(root, "GET", known, dict.fromkeys(QUERIES, odd))]
    for path in LISTS:
        failed += [
            each for odd in CURSORS for each in _failures(root, "GET", _placed(path, "x", real), {"cursor": odd})
        ]
    assert failed == []


@pytest.mark.parametrize("desk", ["postgres"], indirect=True)  # the stricter one
def test_no_form_fails_at_odd_fields(root: Reader, real: dict[str, str]) -> None:
    failed = []
    for path in POST:
        if path in ("/clock", "/me/presence"):
            continue
        for odd in PLACES if "{" in path else ():
            failed += _failures(root, "POST", _placed(path, odd, {}), {"action": "save"})
        for odd in WORDS:
            failed += _failures(root, "POST", _placed(path, "x", real), dict.fromkeys(FIELDS, odd))
    assert failed == []


def _failures(reader: Reader, method: str, path: str, fields: dict[str, Any] | None = None) -> list[str]:
    """What failed, to be read: nothing, or one line. No redirection is followed."""
    if method == "POST":
        answer = reader.http.post(path, data={"csrf": reader.csrf} | (fields or {}))
    else:
        answer = _got(reader.http, path, fields)
    said = {name: value[:30] for name, value in (fields or {}).items()}
    return [f"{answer.status_code} {method} {path[:80]} {said}"] if answer.status_code >= 500 else []


def _got(http: httpx.Client, path: str, fields: dict[str, Any] | None) -> httpx.Response:
    """The head of the answer is enough: some never end."""
    with http.stream("GET", path, params=fields) as answer:
        return answer


def _placed(path: str, odd: str, real: dict[str, str]) -> str:
    return re.sub(r"{([^}]+)}", lambda found: real.get(found[1], odd), path)
