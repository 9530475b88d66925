"""PURE. Tells what a person wrote from the history quoted below it; refuses to cut where it is not sure, and loses no word."""

from __future__ import annotations

import re

_ORIGINAL = re.compile(r"\s{0,20}-{2,20}\s{0,5}Original Message\s{0,5}-{2,20}\s{0,20}", re.IGNORECASE)
_WROTE = re.compile(r"On\b.{4,500}\bwrote:", re.DOTALL)
_SPREAD = 4  # lines over which mail programs wrap "On … wrote:"


def split(text: str) -> tuple[str, str]:
    """What was written and what was quoted. Answers between quoted lines stay where they are, with the quotation."""
    lines = text.split("\n")
    start = _quoted_from(lines)
    return "\n".join(lines[:start]).rstrip(), "\n".join(lines[start:]).strip("\n")


def _quoted_from(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if len(line) < 100 and _ORIGINAL.fullmatch(line):
            return number
    return _tail_of_marks(lines)


def _tail_of_marks(lines: list[str]) -> int:
    """Where the last block of ``>`` lines begins, with the line that says who wrote it; the end if there is none."""
    first = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number].lstrip(" ")
        if line.startswith(">"):
            first = number
        elif line.strip():
            break
    return first if first == len(lines) else _attribution(lines, first)


def _attribution(lines: list[str], first: int) -> int:
    last = first - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    for start in range(last, max(-1, last - _SPREAD), -1):
        spread = " ".join(line.strip()[:500] for line in lines[start : last + 1])
        if _WROTE.fullmatch(spread):
            return start
    return first
