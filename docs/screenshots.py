"""Pictures of the workspace for the README, taken of a real product with people and matters made up for it: `make screenshots`.

Refuses to touch anything that runs already: it starts a product of its own in a temporary folder.
"""

from __future__ import annotations

import io
import json
import re
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.engines import wait_until
from docs.writers.source import HOUSE
from tests.embedded import Running, wire
from tests.workspace.desk import chromium

PICTURES = HOUSE / "docs" / "pictures"
COLOURS = 200
DESK, TELEPHONE = {"width": 1280, "height": 740}, {"width": 360, "height": 720}
CUSTOMERS = (
    ("lena", "Lena Hoffmann", "Hoffmann Optik", "+49 30 5550 142"),
    ("tomas", "Tomás Rivera", "Rivera Interiors", "+34 91 555 0117"),
    ("priya", "Priya Nair", "Coastline Travel", "+44 20 7946 0231"),
    ("jonas", "Jonas Lindgren", "Nordlys Design", "+46 8 555 017 20"),
    ("marie", "Marie Dubois", "Atelier Dubois", "+33 1 55 55 01 83"),
    ("owen", "Owen Price", "Price & Daughters", "+44 29 2018 0042"),
)  # fmt: skip
MATTERS = (
    (
        "anna", "lena", "Delivery of the display cases",
        "your two display cases left our warehouse this morning and arrive on Thursday between nine and noon. "
        "Is somebody there to take them?",
    ),
    (
        "anna", "tomas", "Invoice 2291",
        "we corrected the delivery address on invoice 2291. You find the new one in your account.",
    ),
    (
        "ben", "priya", "Your refund for booking 88-1402",
        "the refund of 214.50 was approved today and is on its way to the card you paid with.",
    ),
    (
        "anna", "jonas", "Replacement lamp",
        "we are sorry that the lamp arrived broken. A new one is packed; may we send it to the same address?",
    ),
    (
        "ben", "marie", "Opening hours in December",
        "our workshop is open until the 22nd of December, and again from the 4th of January.",
    ),
)  # fmt: skip


class Scene:
    """A product with a day's work in it, and a browser before it."""

    def __init__(self, product: Running, browser: Browser) -> None:
        self.product, self._browser = product, browser
        self._passwords: dict[str, str] = json.loads((product.data_dir / "passwords.json").read_text())

    def give(self, who: str, type_name: str, **body: Any) -> dict[str, Any]:
        with self.product.client(who) as client:
            wish = wire(type_name, uuid.uuid4().hex, **body)
            answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=10"})
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()["result"]
        return result

    def answer(self, customer: str, text: str) -> None:
        """As the customer, to the latest mail they received."""
        with self.product.client("anna") as client:
            mails = client.get("/v1/demo/captured", params={"to": f"{customer}@{customer}.example"}).json()["items"]
            client.post("/v1/demo/answer", json={"captured": mails[0]["id"], "text": text}).raise_for_status()

    @contextmanager
    def window(self, who: str, **context: Any) -> Iterator[Page]:
        opened = self._browser.new_context(
            base_url=self.product.url, locale="en-GB", timezone_id="UTC", **({"viewport": DESK} | context)
        )
        page = opened.new_page()
        page.goto("/sign-in")
        page.get_by_label("Name").fill(who)
        page.get_by_label("Password").fill(self._passwords[who])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="My Interactions")).to_be_visible()
        yield page
        opened.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        settings = {"undo_hold": "PT0S", "reminder_after": "P2D", "clock_file": str(place / "clock")}
        product = Running(place, profile="demo", **settings)
        product.start()
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            _take(Scene(product, browser))
            browser.close()
        finally:
            product.close()


def _take(scene: Scene) -> None:
    numbers = _a_days_work(scene)
    with scene.window("anna") as page:
        page.goto("/list/open")
        _keep(page, "list")
        page.goto(f"/interactions/{numbers['lena']}")
        _keep(page, "interaction")
        page.goto("/customers/owen")
        page.get_by_role("button", name="Compose Email").click()
        expect(page.get_by_label("Subject")).to_be_focused()
        page.get_by_label("Subject").fill("Your question about engraving")
        page.get_by_label("Text", exact=True).fill("Dear Owen,\n\nyes, we engrave up to three lines.")
        expect(page.locator(".saved").first).to_contain_text(re.compile("^saved"))
        _keep(page, "composer")
    with scene.window("mia", color_scheme="dark") as page:
        page.goto("/operations")
        _keep(page, "operations-dark")
    with scene.window("anna", viewport=TELEPHONE) as page:
        page.goto(f"/interactions/{numbers['jonas']}")
        _keep(page, "telephone")


def _a_days_work(scene: Scene) -> dict[str, str]:
    """Interactions in every state; answers their numbers by customer."""
    for id, name, account, phone in CUSTOMERS:
        addresses = [{"address": f"{id}@{id}.example"}]
        scene.give(
            "anna", "upsert_customer", customer=id, kind="contact", name=name, account=account, phone=phone,
            addresses=addresses,
        )  # fmt: skip
    numbers: dict[str, str] = {}
    for who, customer, subject, text in MATTERS:
        name = next(name for id, name, *_ in CUSTOMERS if id == customer).split()[0]
        content = {"subject": subject, "text": f"Dear {name},\n\n{text}\n\nKind regards\n{who.capitalize()}"}
        made = scene.give(who, "compose", customer=customer, send=True, content=content)
        numbers[customer] = made["interaction"]
    _until(scene, numbers.values(), "on_hold")
    scene.give(
        "ben",
        "add_work_note",
        interaction=numbers["lena"],
        text="She asked by telephone too; the driver has her number.",
    )
    scene.answer("lena", "Dear Anna,\n\nThursday is fine. Please ring at the side entrance.\n\nLena Hoffmann")
    scene.answer("jonas", "Yes, the same address. Thank you for the quick help!")
    _until(scene, [numbers["lena"], numbers["jonas"]], "work_in_progress")
    scene.give("ben", "compose", customer="owen", content={"subject": "Engraving", "text": "Dear Owen, thank you for"})
    scene.give("ben", "transfer", interaction=numbers["marie"], to_queue="workshop")
    scene.give("ben", "close", interaction=numbers["priya"])
    scene.give("ben", "submit_wrap_up", interaction=numbers["priya"], code="Issue resolved")
    return numbers


def _until(scene: Scene, numbers: Iterable[str], state: str) -> None:
    with scene.product.client("anna") as client:
        for number in numbers:
            wait_until(
                lambda n=number: client.get(f"/v1/interactions/{n}").json()["state"] == state, 20, f"{number} {state}"
            )


def _keep(page: Page, name: str) -> None:
    """Few colours are enough for a page, and make a tenth of the bytes."""
    page.wait_for_load_state()
    page.wait_for_function("document.fonts.status === 'loaded'")
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURES / f"{name}.png", optimize=True)
    print(f"{PICTURES / name}.png {(PICTURES / f'{name}.png').stat().st_size // 1000} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
