"""Signing in by a real OpenID provider: who works here comes in, nobody else does; sessions end by time and by signing out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from models.errors import Rejected
from models.settings import Settings
from producers.workspace import provider
from producers.workspace.sessions import Session, Sessions
from tests.api_desk import open_desk
from tests.embedded import Running, wire
from tests.workspace.conftest import Windows

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:authlib", "ignore::DeprecationWarning:oidc_provider_mock"
)
TEAM = {"email": "anna@postroom.example", "email_verified": True, "groups": ["support"]}
PEOPLE = [
    User(sub="anna-at-work", claims=TEAM),
    User(sub="stranger", claims=TEAM | {"email": "stranger@elsewhere.example"}),
    User(sub="unproven", claims=TEAM | {"email_verified": False}),
    User(sub="silent", claims={name: said for name, said in TEAM.items() if name != "email_verified"}),
    User(sub="without-role", claims=TEAM | {"groups": ["kitchen"]}),
]


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A product that trusts a provider of this test."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        product = Running(
            tmp_path_factory.mktemp("vouched"), oidc_issuer=f"http://localhost:{server.server_port}",
            oidc_client_id="postroom", oidc_client_secret="between us", oidc_role_claim="groups",
            oidc_roles="support:agent",
        )  # fmt: skip
        product.start()
        yield product
        product.close()


def _vouch(page: Page, product: Running, sub: str) -> None:
    page.goto(f"{product.url}/list/open?sort=owner")
    page.get_by_role("link", name="Sign in with localhost").click()
    page.get_by_role("button", name=sub).click()


def test_R2_a_provider_vouches_for_people_who_work_here_and_for_nobody_else(browser: Browser, vouched: Running) -> None:
    with vouched.client("admin") as admin:
        body = {"principal": "anna", "role": "agent", "name": "Anna Bauer", "address": "Anna@postroom.example"}
        admin.post("/v1/commands", json=wire("upsert_principal", "an-address", **body), headers={"Prefer": "wait=10"})
    with browser.new_context() as context:
        page = context.new_page()
        for sub, sentence in (
            ("stranger", "nobody of that name works here"), ("unproven", "was proven to be yours"),
            ("silent", "was proven to be yours"),
            ("without-role", "does not confirm the role “agent”"),
        ):  # fmt: skip
            _vouch(page, vouched, sub)
            expect(page.get_by_role("heading", name="No access")).to_be_visible()
            expect(page.get_by_text(sentence)).to_be_visible()
        _vouch(page, vouched, "anna-at-work")
        expect(page.get_by_role("heading", name="All open")).to_be_visible()
        assert page.url.endswith("/list/open?sort=owner")
        kept = {str(each["name"]): str(each["value"]) for each in context.cookies()}
        page.locator("details.who summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Password")).to_be_visible()
    copied = httpx.get(f"{vouched.url}/list/my", cookies=kept, headers={"Accept": "text/html"})
    assert copied.headers["location"].startswith("/sign-in"), "a copy of the cookie outlived the signing out"


@pytest.mark.parametrize(
    ("asked", "claims", "proven"),
    [
        ("email_verified", {}, False), ("email_verified", {"email_verified": None}, False),
        ("email_verified", {"email_verified": "true"}, True), ("email_verified", {"email_verified": "false"}, False),
        ("xms_edov", {"email_verified": True}, False), ("xms_edov", {"xms_edov": "1"}, True),
        ("xms_edov", {"xms_edov": True, "email_verified": False}, False),
        ("", {}, True), ("", {"email_verified": False}, False),
    ],
)  # fmt: skip
def test_R2_an_address_nobody_proved_opens_nothing(
    sqlite_url: str, tmp_path: Path, asked: str, claims: dict[str, Any], proven: bool
) -> None:
    with open_desk(sqlite_url, tmp_path / "desk", oidc_verified_claim=asked) as desk:
        desk.done("upsert_principal", "root", principal="zoe", role="agent", name="Zoë", address="zoe@x.example")
        settings = Settings(oidc_verified_claim=asked)
        try:
            found = provider.seat(claims | {"email": "zoe@x.example"}, settings).identity.id
        except Rejected as no:
            found = no.code
    assert found == ("zoe" if proven else "unknown_here")


def test_R2_what_a_provider_says_to_another_browser_opens_nothing(vouched: Running) -> None:
    with httpx.Client(base_url=vouched.url) as client:
        sent = client.get("/sign-in/provider").headers["location"]
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent).query).items()}
        assert asked["redirect_uri"] == f"{vouched.url}/sign-in/provider/back"
        behind = httpx.get(f"{vouched.url}/sign-in/provider", headers={"X-Forwarded-Proto": "https"})
        assert "redirect_uri=https%3A%2F%2F" in behind.headers["location"], "its proxy speaks HTTPS"
        assert asked["code_challenge_method"] == "S256" and asked["code_challenge"] and asked["nonce"]
        with httpx.Client() as stranger:
            back = stranger.post(sent, data={"sub": "anna-at-work"}).headers["location"]
            stolen = stranger.get(back)
        assert stolen.status_code == 502 and "began no sign-in" in stolen.text
        forged = client.get(back.replace(asked["state"], "another"))
        assert forged.status_code == 502 and "postroom_session" not in forged.headers.get("location", "")
        assert client.get("/list/my").status_code in (303, 401)


def test_without_a_provider_there_is_no_way_to_one(windows: Windows) -> None:
    page = windows.page()
    page.goto("/sign-in")
    expect(page.get_by_role("link", name="Sign in with")).to_have_count(0)
    assert httpx.get(f"{windows.product.url}/sign-in/provider").status_code == 502


class _Clocked:
    """A browser's cookie jar, and a wall clock one can turn."""

    def __init__(self, **settings: timedelta) -> None:
        self.now, self.jar = 1_000_000.0, dict[str, str]()
        self.sessions = Sessions("a key", Settings(**cast(Any, settings)), lambda: self.now)

    def request(self) -> Any:
        return SimpleNamespace(cookies=self.jar, url=SimpleNamespace(scheme="https"))

    def set_cookie(self, name: str, value: str, **_: object) -> None:
        self.jar[name] = value

    def click(self, after: float) -> Session:
        self.now += after
        found = self.sessions.of(self.request())
        self.sessions.renew(self.request(), cast(Any, self), found)
        return found


def test_a_session_ends_after_a_while_without_a_click_and_after_a_day_in_any_case() -> None:
    desk = _Clocked(session_idle=timedelta(minutes=10), session_after=timedelta(minutes=30))
    seated: Any = SimpleNamespace(identity=SimpleNamespace(id="anna"))
    desk.sessions.keep(desk.request(), cast(Any, desk), desk.sessions.began(seated, "then"))
    assert [desk.click(after).who for after in (100, 590, 590, 500)] == ["anna"] * 4
    assert desk.click(25).who == "", "half an hour is over, however busy one was"
    desk.sessions.keep(desk.request(), cast(Any, desk), desk.sessions.began(seated, "then"))
    listening = desk.sessions.of(desk.request())
    assert not listening.over()
    assert desk.click(601).who == "", "ten minutes without a click"
    assert listening.over(), "and what only listens ends with it"
