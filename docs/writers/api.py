"""The HTTP API: its OpenAPI document as the app tells it in production, and a page for people made from that."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

from docs.writers.fields import kind
from docs.writers.markdown import code, sentence, table, whole
from models.bell import Bell
from models.clock import MovedClock, WallClock
from models.ids import RandomIds
from models.settings import Settings
from models.store import Store, open_store
from models.wakes import Wake
from producers.api import Deps, create_app

_INTRO = """
JSON over HTTP, described by [openapi.json](../openapi.json) (OpenAPI 3.1; the running API serves its own at
`/openapi.json`). Send `Authorization: Bearer pr_…` with everything but the two health checks; tokens are made with
`postroom token create`.

Changes are commands (`POST /v1/commands`, see [commands.md](commands.md)); everything else reads. `Prefer: wait=5` waits
for the decision. Lists come in pages: pass `next` as `cursor` until it is null. Errors are problem documents (RFC 9457)
with a `code`, a `detail` and, where one field is wrong, its `field`; `503` and `429` say in `Retry-After` when to come
back.
"""
_DEMO = """
The embedded product, `demo` and `test` have these besides; the clock only where the profile is `demo` or `test`. In
production they do not exist.
"""


class _Nobody:
    def wake(self, wake: Wake, at: object = None) -> None:
        return None


def document() -> str:
    return json.dumps(openapi("production"), indent=1, ensure_ascii=False) + "\n"


def page() -> str:
    production, demo = openapi("production"), openapi("test")
    extra = {path: found for path, found in demo["paths"].items() if path not in production["paths"]}
    parts = [_table(production["paths"])]
    parts += [_operation(path, method, found) for path, method, found in _every(production["paths"])]
    parts += ["## For trying things out", _DEMO, _table(extra)]
    parts += [_operation(path, method, found) for path, method, found in _every(extra)]
    return whole("HTTP API", _INTRO, *parts)


@cache
def openapi(profile: str) -> dict[str, Any]:
    """The document of an app in this profile; no database is opened for it."""
    settings = Settings(profile=profile, token_keys="k1:only-for-this-document", database_url="sqlite:///:memory:")
    moved = MovedClock(Path("unused"), profile) if profile == "test" else None
    clock, store = WallClock(), _unopened()
    found: dict[str, Any] = create_app(
        Deps(settings, clock, RandomIds(random.Random(1)), store, _Nobody(), Bell(store), moved_clock=moved)
    ).openapi()
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def _unopened() -> Store:
    return open_store("sqlite:///:memory:")


def _every(paths: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, found) for path, methods in paths.items() for method, found in methods.items()]


def _table(paths: dict[str, Any]) -> str:
    rows = [(code(f"{method.upper()} {path}"), _first(found)) for path, method, found in _every(paths)]
    return table(("Request", "What it does"), rows)


def _first(found: dict[str, Any]) -> str:
    return sentence(str(found.get("description") or found["summary"]).partition("\n\n")[0])


def _operation(path: str, method: str, found: dict[str, Any]) -> str:
    parts = [
        f"### {method.upper()} {path}",
        _text(str(found.get("description", ""))),
        _parameters(found),
        _answers(found),
    ]
    return "\n\n".join(part for part in parts if part)


def _text(words: str) -> str:
    return "\n\n".join(sentence(paragraph) for paragraph in words.split("\n\n"))


def _parameters(found: dict[str, Any]) -> str:
    rows = [
        (
            code(each["name"]),
            each["in"],
            "required" if each.get("required") else "",
            kind(each.get("schema", {}), {}),
            _words(each),
        )
        for each in found.get("parameters", [])
    ]
    return table(("Parameter", "In", "", "Kind", "Meaning"), rows) if rows else ""


def _words(each: dict[str, Any]) -> str:
    return sentence(each.get("description") or each.get("schema", {}).get("description"))


def _answers(found: dict[str, Any]) -> str:
    listed = [f"{status} {_of(each)}".strip() for status, each in sorted(found["responses"].items()) if status < "400"]
    problems = [status for status in sorted(found["responses"]) if status >= "400"]
    return f"*Answers*: {'; '.join(listed)}. *Problems*: {', '.join(problems) or 'none'}."


def _of(answer: dict[str, Any]) -> str:
    """The type of the answer's body, or its media type."""
    for media_type, content in answer.get("content", {}).items():
        reference = content.get("schema", {}).get("$ref", "")
        return code(reference.rpartition("/")[2]) if reference else media_type
    return ""
