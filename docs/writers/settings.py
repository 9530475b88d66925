"""The page of all settings, from the fields of the class that holds them and the comments that group them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo

from docs.writers.markdown import code, table, whole
from docs.writers.source import HOUSE
from models.settings import DEMO_KEY, PREFIX, Settings

_INTRO = """
Settings come from the environment, and from nowhere else. Names are upper case with the prefix `POSTROOM_`. Durations
are ISO 8601 (`PT10S`, `P30D`), lists are separated by commas. An unknown `POSTROOM_…` name or an impossible value stops
the start with a sentence that names it. `postroom settings` shows what is in force, `postroom doctor` whether it works.
"""
_ALSO = """
Two more names belong to the command line alone: `POSTROOM_URL` (where the HTTP API is) and `POSTROOM_TOKEN` (the bearer
token to use there).
"""


def page() -> str:
    parts = [f"## {group.capitalize()}\n\n{_table(names)}" for group, names in _groups().items()]
    return whole("Settings", _INTRO, *parts, "## For the command line", _ALSO)


def name_of(field: str) -> str:
    """How a setting is called in the environment."""
    return PREFIX + field.upper()


def _table(names: list[str]) -> str:
    fields = Settings.model_fields
    rows = [
        (code(name_of(name)), _kind(fields[name]), code(_default(fields[name])), fields[name].description or "")
        for name in names
    ]
    return table(("Name", "Kind", "Default", "Meaning"), rows)


def _groups() -> dict[str, list[str]]:
    """The fields under the comment that stands above them."""
    groups: dict[str, list[str]] = {}
    for line in (HOUSE / "models" / "settings.py").read_text(encoding="utf-8").splitlines():
        heading, field = re.match(r"    # ([a-z ]+)$", line), re.match(r"    ([a-z_]+): ", line)
        if heading:
            groups[heading[1]] = []
        elif field and field[1] in Settings.model_fields and groups:
            groups[list(groups)[-1]].append(field[1])
    return groups


def _kind(field: FieldInfo) -> str:
    schema: dict[str, Any] = TypeAdapter(cast(Any, field.annotation)).json_schema()
    options = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    if "enum" in options[0]:
        return ", ".join(f"`{each}`" for each in options[0]["enum"])
    words = {"duration": "duration", "path": "path", "file-path": "path"}
    kind = words.get(
        options[0].get("format", ""), {"boolean": "true or false", "string": "text"}.get(options[0]["type"])
    )
    return kind or options[0]["type"]


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value == DEMO_KEY:
        return "a key that production refuses"
    if isinstance(value, timedelta):
        return str(TypeAdapter(timedelta).dump_python(value, mode="json"))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
