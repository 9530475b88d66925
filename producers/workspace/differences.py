"""PURE. Two texts side by side, line by line, with the words that differ marked. Refuses to choose between them."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any

LINES = {"from_address": "From", "to": "To", "cc": "Cc", "bcc": "Bcc", "subject": "Subject"}
_WORDS = re.compile(r"\s+|[^\s]+")
Part = tuple[bool, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """One line of each text, in parts of (differs, words); ``same`` where nothing differs."""

    left: list[Part]
    right: list[Part]
    same: bool


@dataclass(frozen=True, slots=True)
class Both:
    fields: list[tuple[str, str, str]]
    lines: list[Pair]


def between(newest: dict[str, Any], kept: dict[str, Any]) -> Both:
    """``left`` is what stands in the draft now, ``right`` the text that was kept beside it."""
    fields = [(label, _one_line(newest.get(name)), _one_line(kept.get(name))) for name, label in LINES.items()]
    fields.append(("Attachments", _names(newest), _names(kept)))
    differing = [found for found in fields if found[1] != found[2]]
    if (newest.get("html") or "") != (kept.get("html") or ""):
        differing.append(("Format", _format(newest), _format(kept, newest)))
    return Both(differing, _lines(str(newest.get("text") or ""), str(kept.get("text") or "")))


def enclosed(newest: dict[str, Any], kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of both, each once."""
    found = {(each["blob"], each.get("inline_id")): each for each in (*_files(kept), *_files(newest))}
    return list(found.values())


def _lines(left: str, right: str) -> list[Pair]:
    a, b = left.split("\n"), right.split("\n")
    found: list[Pair] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Pair([(False, line)], [(False, line)], True) for line in a[i:j]]
        else:
            found += _changed(a[i:j], b[k:m])
    return found


def _changed(left: list[str], right: list[str]) -> list[Pair]:
    longest = max(len(left), len(right))
    pairs = zip(left + [""] * (longest - len(left)), right + [""] * (longest - len(right)), strict=True)
    return [_words(one, other) for one, other in pairs]


def _words(left: str, right: str) -> Pair:
    a, b = _WORDS.findall(left), _WORDS.findall(right)
    one: list[Part] = []
    other: list[Part] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i < j:
            one.append((tag != "equal", "".join(a[i:j])))
        if k < m:
            other.append((tag != "equal", "".join(b[k:m])))
    return Pair(one, other, False)


def _files(content: dict[str, Any]) -> list[dict[str, Any]]:
    return list(content.get("attachments") or [])


def _names(content: dict[str, Any]) -> str:
    return ", ".join(sorted(each.get("name") or "attachment" for each in _files(content)))


def _format(content: dict[str, Any], other: dict[str, Any] | None = None) -> str:
    if not content.get("html"):
        return "plain words"
    return "formatted otherwise" if other and other.get("html") else "formatted"


def _one_line(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list | tuple) else str(value or "")
