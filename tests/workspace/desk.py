"""What an agent does with eyes and hands, in the words of a test."""

from __future__ import annotations

import re
import shutil
import uuid
from typing import Any

from playwright.sync_api import Error, Page, TimeoutError, expect

from deploy.engines import wait_until
from tests.embedded import Running, wire


def chromium() -> str:
    """Debian's Chromium without a desktop's own pages (a third less work), or whichever there is. Raises with what to install."""
    for program in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(program):
            return found
    raise RuntimeError(
        "There is no Chromium: sh deploy/install-engines.sh installs it (Debian: apt-get install chromium)."
    )


class Agent:
    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def sign_in(self, password: str) -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="My Interactions")).to_be_visible()

    def compose(self, customer: str) -> str:
        """From the customer's record, and then in the composer as a page of its own; answers the number."""
        number = self.compose_over(customer)
        form = self.page.locator("form[data-draft]")
        self.page.goto(f"/drafts/{form.get_attribute('data-draft')}?fresh=1")
        return number

    def compose_over(self, customer: str) -> str:
        """In a window over the customer's record; answers the number."""
        self.page.goto(f"/customers/{customer}")
        self.page.get_by_role("button", name="Compose Email").click()
        expect(self.page.get_by_label("Subject")).to_be_visible()
        return self.page.locator("form[data-draft]").get_attribute("data-number") or ""

    def goes_to(self, path: str) -> None:
        """A page that is just going on by itself breaks off whoever leaves it at that moment; they ask again."""
        try:
            self.page.goto(path)
        except Error as error:
            if "ERR_ABORTED" not in str(error):
                raise
            self.page.goto(path)

    def write(self, subject: str, text: str) -> None:
        self.page.get_by_label("Subject").fill(subject)
        field = self.page.get_by_label("Text", exact=True)
        try:  # the editor takes the plain field's place a moment after the page; whoever had begun looks again
            field.fill(text, timeout=4000)
        except TimeoutError:
            field.fill(text)

    def has_written(self, text: str) -> None:
        """The words in the composer, formatted or plain; the editor of the former comes a moment later than the page."""
        field = self.page.get_by_label("Text", exact=True)
        read = "each => (each.isContentEditable ? each.innerText : each.value).trim()"
        wait_until(lambda: field.evaluate(read) == text, 8, f"the composer holds {text!r}")

    def saved(self) -> None:
        expect(self.page.locator(".saved").first).to_contain_text(re.compile("^saved"))

    def send(self) -> None:
        self.page.get_by_role("button", name="Send", exact=True).click()

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def new_customer(product: Running, name: str) -> tuple[str, str]:
    """A customer of this test's own; answers id and address."""
    unique = uuid.uuid4().hex[:8]
    address = f"{name.lower()}.{unique}@customer.example"
    body: dict[str, Any] = {
        "customer": f"c-{unique}",
        "kind": "contact",
        "name": name,
        "addresses": [{"address": address}],
    }
    with product.client("anna") as anna:
        answer = anna.post(
            "/v1/commands", json=wire("upsert_customer", f"cm-{unique}", **body), headers={"Prefer": "wait=10"}
        )
    assert answer.status_code == 200, answer.text
    return f"c-{unique}", address
