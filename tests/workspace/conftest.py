"""A real Chromium before the real embedded product; every agent has a browser window of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from deploy import editor
from tests.embedded import Running
from tests.workspace.desk import Agent, chromium

expect.set_options(timeout=15_000)


@pytest.fixture(scope="package")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With an undo time short enough to wait for, and long enough to click."""
    assert (trouble := editor.build()) is None, f"npm's registry is needed once: {trouble}"
    folder = tmp_path_factory.mktemp("workspace")
    found = Running(
        folder,
        undo_hold="PT2S",
        sender_addresses="press@postroom.example=mia+admin",
        clock_file=str(folder / "clock"),
        reminder_after="PT20H",
    )
    found.start()
    yield found
    found.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync",
        ])  # fmt: skip
        yield found
        found.close()


class Windows:
    """Opens windows for agents of one product, and closes them at the end of the test."""

    def __init__(self, browser: Browser, product: Running, seats: dict[str, Any]) -> None:
        self.product, self._browser, self._seats = product, browser, seats
        self._open: list[BrowserContext] = []
        self.passwords: dict[str, str] = json.loads((product.data_dir / "passwords.json").read_text())

    def page(self, **context: object) -> Page:
        settings = {"base_url": self.product.url, "locale": "en-GB", "timezone_id": "UTC", **context}
        window = self._browser.new_context(**settings)  # type: ignore[arg-type]
        self._open.append(window)
        return window.new_page()

    def agent(self, who: str, **context: object) -> Agent:
        """Somebody signed in."""
        if who not in self._seats:
            first = Agent(self.page(), who)
            first.sign_in(self.passwords[who])
            self._seats[who] = first.page.context.storage_state()
        return Agent(self.page(storage_state=self._seats[who], **context), who)

    def close(self) -> None:
        for window in self._open:
            window.close()


@pytest.fixture(scope="package")
def seats() -> dict[str, Any]:
    """The cookies of those who signed in already."""
    return {}


@pytest.fixture
def windows(browser: Browser, product: Running, seats: dict[str, Any]) -> Iterator[Windows]:
    found = Windows(browser, product, seats)
    yield found
    found.close()
