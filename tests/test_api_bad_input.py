"""Bad input at the HTTP door: each kind gets a clear problem that names the field, and nothing at all is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import tables as t
from tests.api_desk import Desk, command, dumped, open_desk, problem, raw_post


@pytest.fixture(scope="module")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One door for all: what is refused here is refused before any row is looked at."""
    folder = tmp_path_factory.mktemp("bad-input")
    shutil.copy(sqlite_template, folder / "postroom.db")
    with open_desk(f"sqlite:///{folder / 'postroom.db'}", folder) as found:
        yield found


@pytest.fixture
def desk(shared: Desk) -> Iterator[Desk]:
    yield shared
    assert t.Command.select().count() == 0 and t.Interaction.select().count() == 0


def test_bad_input_unknown_type(desk: Desk) -> None:
    found = problem(raw_post(desk, dumped(command("explode", "b-1"))), 422, "unknown_type")
    assert found["field"] == "type" and "compose" in found["detail"]


def test_bad_input_wrong_version(desk: Desk) -> None:
    wish = command("compose", "b-2", address="a@b.example") | {"version": 2}
    assert problem(raw_post(desk, dumped(wish)), 422, "wrong_version")["field"] == "version"


def test_bad_input_missing_field(desk: Desk) -> None:
    found = problem(raw_post(desk, dumped(command("send", "b-3", draft="dr_1"))), 422, "malformed")
    assert found["field"] == "body.revision"


def test_bad_input_over_long_field(desk: Desk) -> None:
    wish = command("compose", "b-4", address="a@b.example", content={"subject": "x" * 999})
    assert problem(raw_post(desk, dumped(wish)), 422, "malformed")["field"] == "body.content.subject"


@pytest.mark.parametrize("content", [b"{", b"", b"[]]", b'{"a": NaN}', b"[" * 200_000, b'{"a":' * 100_000])
def test_bad_input_wrong_json(desk: Desk, content: bytes) -> None:
    problem(raw_post(desk, content), 400, "not_json")


@pytest.mark.parametrize("content", [b"[]", b"1", b'"compose"', b"null"])
def test_bad_input_json_that_is_no_object(desk: Desk, content: bytes) -> None:
    problem(raw_post(desk, content), 422, "malformed")


def test_bad_input_invalid_utf8(desk: Desk) -> None:
    wish = dumped(command("compose", "b-5", address="a@b.example")).replace(b"b-5", b"b-\xff")
    problem(raw_post(desk, wish), 400, "not_json")


@pytest.mark.parametrize("chunked", [False, True])
def test_bad_input_30_mb_body(desk: Desk, chunked: bool) -> None:
    body = b'{"a": "' + b"x" * 30_000_000 + b'"}'
    content = (body[at : at + 65_536] for at in range(0, len(body), 65_536)) if chunked else body
    with desk.client() as client:
        answer = client.post("/v1/commands", content=content, headers={"Content-Type": "application/json"})
    assert problem(answer, 413, "too_large")["limit"] == 8_000_000
    assert desk.get("/healthz") == {"status": "ok"}


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
@pytest.mark.parametrize("bad", ["ada@customer.example\r\nBcc: eve@evil.example", "a@b.example\n", "a@b.example\r"])
def test_bad_input_line_break_in_an_address(desk: Desk, field: str, bad: str) -> None:
    wish = command("compose", "b-6", address="a@b.example", content={field: [bad]})
    assert problem(raw_post(desk, dumped(wish)), 422, "malformed")["field"] == f"body.content.{field}.0"


def test_bad_input_line_break_in_a_subject(desk: Desk) -> None:
    wish = command("compose", "b-7", address="a@b.example", content={"subject": "Hi\r\nBcc: eve@evil.example"})
    assert problem(raw_post(desk, dumped(wish)), 422, "malformed")["field"] == "body.content.subject"
    assert t.Command.select().count() == 0


def test_bad_input_lone_surrogates_and_nul(desk: Desk) -> None:
    wish = dumped(command("compose", "b-8", address="a@b.example", content={"text": "@here"}))
    for text in (rb"\ud800", rb"\u0000"):
        assert raw_post(desk, wish.replace(b"@here", text)).status_code == 422


def test_bad_input_unknown_member(desk: Desk) -> None:
    wish = command("compose", "b-9", address="a@b.example", adress="typo")
    assert problem(raw_post(desk, dumped(wish)), 422, "malformed")["field"] == "body.adress"


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_bad_input_another_media_type_or_charset(desk: Desk, media_type: str) -> None:
    answer = raw_post(desk, dumped(command("compose", "b-10", address="a@b.example")), media_type=media_type)
    assert answer.status_code == 415 and answer.headers["content-type"] == "application/problem+json"
