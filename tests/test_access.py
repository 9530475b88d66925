"""Who is asking, over real connections: behind a proxy, with a wrong password, with a token nobody knows. No guess is free."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from models.passwords import set_password
from models.settings import from_mapping
from tests.api_desk import Desk, open_desk

PASSWORD = "a long enough password"
PROXY, STRANGER = "127.0.0.2", "127.0.0.3"  # two machines that are both this one


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(sqlite_url, tmp_path / "desk", trusted_proxies=f"{PROXY}/32, 10.0.0.0/8", http_rate=20) as desk:
        assert desk.workers.world is not None
        set_password(desk.store, "ann", PASSWORD, desk.workers.world.clock.now())
        yield desk


class Caller:
    """A browser that comes from this machine, or through it."""

    def __init__(self, desk: Desk, machine: str = "127.0.0.1", person: str = "", scheme: str = "https") -> None:
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": person} if person else {}
        line = httpx.HTTPTransport(local_address=machine)
        self.http = httpx.Client(base_url=desk.server.url, transport=line, headers=headers, timeout=40)
        self.form = self.http.get("/sign-in")
        found = re.search(r'name="csrf" value="([^"]+)"', self.form.text)
        assert found is not None
        self._csrf, self._kept = found[1], self.form.cookies["postroom_session"]

    def sign_in(self, password: str, name: str = "ann") -> httpx.Response:
        cookies = {"Cookie": f"postroom_session={self._kept}"}
        return self.http.post(
            "/sign-in", data={"csrf": self._csrf, "name": name, "password": password}, headers=cookies
        )


def test_R2_behind_a_trusted_proxy_a_session_is_for_https_alone_and_for_nobody_else_so(desk: Desk) -> None:
    behind, aside = Caller(desk, PROXY, "203.0.113.7"), Caller(desk, STRANGER, "203.0.113.7")
    plain = Caller(desk, PROXY, "203.0.113.7", scheme="http")
    for caller, safe in ((behind, True), (aside, False), (plain, False)):
        for answer in (caller.form, caller.sign_in(PASSWORD)):
            assert ("secure" in answer.headers["set-cookie"].lower()) is safe


def test_R2_wrong_passwords_slow_down_the_person_behind_the_proxy_and_not_the_colleagues(desk: Desk) -> None:
    guesser = Caller(desk, PROXY, "203.0.113.7")
    assert [guesser.sign_in("wrong").status_code for _ in range(6)] == [401] * 5 + [429]
    assert Caller(desk, PROXY, "203.0.113.8").sign_in(PASSWORD).status_code == 303
    assert Caller(desk, PROXY, "198.51.100.1, 203.0.113.7").sign_in("wrong").status_code == 429, "what a client adds"


def test_R2_who_is_no_proxy_of_ours_cannot_be_somebody_else_at_each_try(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answers = [Caller(desk, STRANGER, f"203.0.113.{number}").sign_in("wrong") for number in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    said = [record.getMessage() for record in caplog.records if "POSTROOM_TRUSTED_PROXIES" in record.getMessage()]
    assert len(said) == 1 and STRANGER in said[0]


@pytest.mark.parametrize("wrong", ["*", "proxy.example", "10.0.0.1/8"])
def test_a_proxy_is_an_address_or_a_network(wrong: str) -> None:
    with pytest.raises(Exception, match="no address or network"):
        from_mapping({"POSTROOM_TRUSTED_PROXIES": wrong})


def test_R2_a_hundred_guesses_at_once_are_no_more_than_five(desk: Desk) -> None:
    """Each is counted before it is looked at; what waits for its turn has used it up already."""
    callers = [Caller(desk) for _ in range(4)]
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: callers[number % 4].sign_in("wrong").status_code, range(100)))
    assert (answers.count(401), answers.count(429)) == (5, 95)


def test_R2_who_is_right_gives_the_try_back(desk: Desk) -> None:
    caller = Caller(desk)
    tries = [*["wrong"] * 4, PASSWORD, *["wrong"] * 2]
    assert [caller.sign_in(password).status_code for password in tries] == [401] * 4 + [303] + [401] * 2


def test_R2_tokens_somebody_makes_up_share_one_rate_and_cost_nobody_else_theirs(desk: Desk) -> None:
    made_up = [{"Authorization": f"Bearer pr_{number:032}"} for number in range(120)]
    with desk.client() as ann, desk.client(None) as guesser:
        assert ann.get("/v1/me").status_code == 200
        answers = [guesser.get("/v1/me", headers=each).status_code for each in made_up]
        assert set(answers) == {401, 429} and answers[0] == 401
        assert ann.get("/v1/me").status_code == 200, "who is known has a rate of their own, from the same address too"
