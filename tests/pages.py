"""The workspace as a browser without JavaScript meets it, without the browser: pages over HTTP, forms posted as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import httpx

from models.passwords import set_password
from tests.api_desk import Desk

PASSWORD = "a long enough password"


class Reader:
    """Somebody signed in; ``get`` and ``post`` answer as the pages do, the latter with the token of the session."""

    def __init__(self, desk: Desk, who: str) -> None:
        assert desk.workers.world is not None
        set_password(desk.store, who, PASSWORD, desk.workers.world.clock.now())
        self.who = who
        self.http = httpx.Client(base_url=desk.server.url, timeout=20, headers={"Accept": "text/html"})
        self.sign_in()

    def sign_in(self) -> None:
        token = _token(self.http.get("/sign-in").text)
        answer = self.http.post("/sign-in", data={"csrf": token, "name": self.who, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        self.csrf = _token(self.get("/me"))

    def get(self, path: str, status: int = 200, headers: Mapping[str, str] | None = None) -> str:
        answer = self.http.get(path, headers=headers)
        assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
        return answer.text

    def post(self, path: str, files: Any = None, **fields: Any) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.csrf} | fields, files=files)

    def press(self, page: str, button: str) -> httpx.Response:
        """Post the form in which this button stands, with what is in its hidden fields."""
        form = next(found for found in re.findall(r"<form.*?</form>", page, re.S) if button in found)
        action = re.search(r'action="([^"]+)"', form)
        assert action is not None
        return self.http.post(action[1], data=hidden(form))


def hidden(form: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def main(page: str) -> str:
    """What stands on the page itself, without its frame."""
    return unescape(page.partition("<main")[2].partition("</main>")[0])


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page[:500]
    return found[1]
