"""PURE. Every setting as a person reads it: value, unit, default and meaning. Refuses to show a secret."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from models.settings import PREFIX, Settings

KEYS = ("token_keys",)
SECRET = re.compile(r"(_secret|_password|_signing_key|_login|_token)$")
_PASSWORD = re.compile(r"(?<=://)([^\s/@:]*):[^\s/@]*(?=@)")
UNITS: dict[Any, str] = {
    timedelta: "ISO 8601 duration", bool: "true or false", int: "number", float: "number", Path: "path", str: "text",
}  # fmt: skip


def entries(settings: Settings | None = None) -> list[dict[str, str]]:
    """One entry per setting, in the order of `models.settings`; ``value`` only where there are settings to show."""
    return [_entry(name, field, settings) for name, field in Settings.model_fields.items()]


def _entry(name: str, field: FieldInfo, settings: Settings | None) -> dict[str, str]:
    entry = {
        "setting": PREFIX + name.upper(), "default": _text(name, field.default), "unit": unit_of(name, field),
        "meaning": field.description or "",
    }  # fmt: skip
    return entry if settings is None else entry | {"value": _text(name, getattr(settings, name))}


def unit_of(name: str, field: FieldInfo) -> str:
    """What is to be written: a unit, or the words to choose from."""
    for ending, unit in (("_bytes", "bytes"), ("_seconds", "seconds"), ("_port", "port"), ("_url", "URL")):
        if name.endswith(ending):
            return unit
    wanted = field.annotation
    choices = get_args(wanted)
    if choices and all(isinstance(choice, str) for choice in choices):
        return ", ".join(choices)
    kind = next((choice for choice in choices if choice is not type(None)), wanted)
    return UNITS.get(kind, str(kind))


def _text(name: str, value: Any) -> str:
    if name in KEYS:
        return _ids(str(value))
    if SECRET.search(name):
        return "…" if value else ""
    if isinstance(value, timedelta):
        return duration(value)
    if isinstance(value, bool):
        return str(value).lower()
    return without_password(str(value)) if value is not None else ""


def without_password(url: str) -> str:
    return _PASSWORD.sub(r"\1:…", url)


def _ids(keys: str) -> str:
    """The ids of the keys, for that is what one checks after a rotation."""
    return ",".join(f"{key.partition(':')[0]}:…" for key in keys.split(","))


def duration(value: timedelta) -> str:
    """As ISO 8601, in the way one would write it."""
    days, seconds = value.days, value.seconds + value.microseconds / 1e6
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = "".join(f"{amount:g}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if amount)
    whole = f"{days}D" if days else ""
    return f"P{whole}" + (f"T{clock}" if clock else "") if whole or clock else "PT0S"
