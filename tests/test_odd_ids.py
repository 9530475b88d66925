"""Whatever stands where an id belongs, at every door that reads: it is not there, or it is no id; no error of ours, ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy.engines import PostgresServer
from producers.workspace import rooms
from tests.api_desk import Desk, open_desk, problem
from tests.pages import Reader

ODD = ("abc", "IMS99999999999999999999", "IMS٠٠٠٠٠٠١", "99999999999999999999", "dr_\x00", "ml_" + "é" * 200)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("odd-ids")
    with open_desk(_url(request, folder), folder) as found:
        yield found


def _url(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        (folder / "postroom.db").write_bytes(request.getfixturevalue("sqlite_template").read_bytes())
        return f"sqlite:///{folder / 'postroom.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database(request.getfixturevalue("postgres_template"))


def _filled(path: str, odd: str) -> str:
    head, _, tail = path.partition("{")
    return f"{head}{quote(odd, safe='')}{_filled(tail.partition('}')[2], odd)}" if tail else head


def test_R37_no_odd_id_is_an_error_of_the_api(desk: Desk) -> None:
    with desk.client("root") as client:
        doors = client.get("/openapi.json").json()["paths"]
        paths = [path for path, verbs in doors.items() if "{" in path and "get" in verbs]
        assert len(paths) > 15
        answers = {f"{path} {odd!r}": client.get(_filled(path, odd)).status_code for path in paths for odd in ODD}
    assert {place: status for place, status in answers.items() if status not in (404, 422)} == {}


def test_R37_a_number_that_is_none_names_no_interaction(desk: Desk) -> None:
    with desk.client() as client:
        for number in ("abc", "IMS99999999999999999999", "IMS0999999"):
            assert "no interaction" in problem(client.get(f"/v1/interactions/{number}"), 404, "not_found")["detail"]


def test_R37_no_odd_id_is_an_error_of_a_page(desk: Desk) -> None:
    reader = Reader(desk, "root")
    paths = [path for path in rooms.GET if "{" in path]
    answers = {
        f"{path} {odd!r}": reader.http.get(_filled(path, odd), headers={"Accept": "text/html"}).status_code
        for path in paths for odd in ODD
    }  # fmt: skip
    assert {place: status for place, status in answers.items() if status not in (404, 422)} == {}
