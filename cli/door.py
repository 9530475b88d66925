"""The HTTP API as the command line sees it: an answer, a rejection, or nobody there."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from cli.errors import Unreachable
from models.errors import Rejected

PATIENCE = 40.0  # longer than the longest wait the API grants
WAIT = 10


@dataclass(frozen=True, slots=True)
class Door:
    """``url`` of the API and the bearer token to use there."""

    url: str
    token: str = ""

    def get(self, path: str, **query: Any) -> Any:
        """The decoded answer. Raises `Rejected` with the problem's code and sentence, or `Unreachable`."""
        wanted = {name: value for name, value in query.items() if value is not None}
        asked = urllib.parse.urlencode(wanted, doseq=True)
        return json.loads(self._ask("GET", f"{path}?{asked}" if asked else path))

    def raw(self, path: str) -> bytes:
        """The answer's bytes as they are."""
        return self._ask("GET", path)

    def give(self, wire: Any, wait: int = WAIT) -> dict[str, Any]:
        """A command; with a wait its decision. Raises `Rejected` where the answer is no."""
        headers = {"Prefer": f"wait={wait}"} if wait else {}
        found: dict[str, Any] = json.loads(self._ask("POST", "/v1/commands", wire, headers))
        return found

    def _ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> bytes:
        request = urllib.request.Request(self.url.rstrip("/") + path, method=method, headers=headers or {})
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with _direct.open(request, timeout=PATIENCE) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            raise _problem(self.url, error) from None
        except (OSError, ValueError) as error:
            raise Unreachable(f"Nothing answers at {self.url}: {_words(error)}. Is `postroom run` or `postroom api` "
                              "running there? POSTROOM_URL says where to look.") from None  # fmt: skip


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # what is asked is our own house


def _problem(url: str, error: urllib.error.HTTPError) -> Exception:
    try:
        problem = json.loads(error.read())
        code, sentence = problem["code"], problem["detail"]
    except (ValueError, KeyError, TypeError):
        return Unreachable(f"What answers at {url} is not Postroom: HTTP {error.code} {error.reason}.")
    if error.code == 503:
        return Unreachable(f"{url} answers, but: {sentence}")
    known = {name: value for name, value in problem.items() if name not in _WRAPPING}
    return Rejected(code, sentence, field=known.pop("field", None), **known)


_WRAPPING = ("type", "title", "status", "detail", "code")


def _words(error: Exception) -> str:
    return str(getattr(error, "reason", error)) or type(error).__name__
