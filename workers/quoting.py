"""PURE. Tells what a person wrote from the history quoted with it; refuses to cut where it is not sure, and loses no word.

Every line goes either to the text or to the quotation; in doubt it stays with the text.
"""

from __future__ import annotations

import re

from workers import devices, signatures, within
from workers.attributions import LONGEST, SPREAD, announces, may_announce
from workers.heads import heads, original, titled
from workers.patience import ENDLESS, Over, Patience

_LINES = 4_000  # what comes after them stays in one piece, and with the text unless a whole mail is folded
_ROOM = 200_000  # characters in lines that look like announcements; after them none is seen any more
_RULE = re.compile(r"[\s\-_=*#~+.’'`·•—–\u1427]{1,300}")  # U+1427: Streak and Mailtrack in Gmail
_QUOTED = re.compile(r"\s{0,3}(?:>|\|(?!.*\|\s{0,3}$))")  # a line between two | is a row of a table
_INITIALS = re.compile(r"\s?[A-Za-z]{1,10}>\s?")  # Gnus and Usenet: "RC> text"


def split(text: str, mark: str = "", patience: Patience = ENDLESS) -> tuple[str, str]:
    """What was written, and what was quoted or added by programs. Answers between quoted lines stay with what they answer.

    When patience is over, all of it is what was written.
    """
    try:
        return _split(text, mark, patience)
    except Over:
        return text.strip("\n").rstrip(), ""


def _split(text: str, mark: str, patience: Patience) -> tuple[str, str]:
    lines = text.split("\n", _LINES)
    folded = _Folding(lines, patience)
    end = _marked(lines, mark)
    folded.fold(end, len(lines))
    end = _history(lines, end, folded)
    _tail(lines, folded)
    _leading(lines, folded)
    _announcements(lines, end, folded)
    if not folded.written() and not folded.certain:
        return text.strip("\n").rstrip(), ""
    return folded.result()


class _Folding:
    """Which lines are folded away; ``certain`` where a program's own words prove that the rest is no person's."""

    def __init__(self, lines: list[str], patience: Patience) -> None:
        self._lines = lines
        self.patience = patience
        self._away = [False] * len(lines)
        self.certain = False
        self._room = _ROOM

    def announces(self, number: int) -> int:
        """How many lines from this one on announce a quoted mail."""
        if self._room <= 0 or not may_announce(self._lines, number):
            return 0
        self._room -= min(len(self._lines[number]), LONGEST)
        return announces(self._lines, number)

    def fold(self, start: int, end: int) -> None:
        for number in range(start, end):
            self._away[number] = True

    def away(self, number: int) -> bool:
        return self._away[number]

    def last(self) -> int:
        """Where what is left ends."""
        end = len(self._lines)
        while end and (self._away[end - 1] or not self._lines[end - 1].strip()):
            end -= 1
        return end

    def first(self) -> int:
        return next((n for n, line in enumerate(self._lines) if not self._away[n] and line.strip()), len(self._lines))

    def written(self) -> bool:
        return any(
            not away and not _RULE.fullmatch(line)
            for line, away in zip(self._lines, self._away, strict=True)
            if line.strip()
        )

    def result(self) -> tuple[str, str]:
        kept = [line for line, away in zip(self._lines, self._away, strict=True) if not away]
        rest = [line for line, away in zip(self._lines, self._away, strict=True) if away]
        return "\n".join(kept).strip("\n").rstrip(), "\n".join(rest).strip("\n")


def _marked(lines: list[str], mark: str) -> int:
    """Our own line, "reply above this line": what stands below it is ours, unless answers stand there too."""
    for number, line in enumerate(lines if mark else ()):
        if mark in line:
            answered = bool(_QUOTED.match(line)) and not _all_quoted(lines[number:])
            return len(lines) if answered or _sent_below(lines, number, len(lines)) else number
    return len(lines)


def _sent_below(lines: list[str], start: int, end: int) -> bool:
    """Answers between lines without marks (Outlook) are told from them only by the words that send the reader there."""
    return not _all_quoted(lines[start:end]) and within.announced("\n".join(lines[:start]))


def _all_quoted(lines: list[str]) -> bool:
    return all(_QUOTED.match(line) for line in lines if line.strip())


def _history(lines: list[str], end: int, folded: _Folding) -> int:
    """Where a mail begins that is quoted as it stands, without marks; something must have been written before it."""
    written = False
    for number in range(min(end, _LINES)):
        folded.patience.ask()
        line = lines[number]
        says_so = original(line)
        if not line.strip() or (_QUOTED.match(line) and not says_so):
            continue
        opens = (
            says_so
            or heads(lines, number)
            or ((count := folded.announces(number)) and not _quoted_next(lines, number + count, end))
        )
        if opens and written:
            start = _rule_above(lines, number)
            if _sent_below(lines, start, end) or _answered_between(lines, number, end):
                return end
            folded.fold(start, end)
            return start
        written = written or not (_RULE.fullmatch(line) or opens)
    return end


def _answered_between(lines: list[str], number: int, end: int) -> bool:
    """Outlook with "prefix each line": below the block of headers quoted lines, and between them answers."""
    while number < end and lines[number].strip():
        number += 1
    return _quoted_next(lines, number, end) and not _all_quoted(lines[number:end])


def _rule_above(lines: list[str], number: int) -> int:
    above = number - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    if above < 0:
        return number
    drawn = len(lines[above].strip()) > 4 and bool(_RULE.fullmatch(lines[above]))
    return above if drawn or titled(lines[above]) else number


def _quoted_next(lines: list[str], number: int, end: int) -> bool:
    while number < end and not lines[number].strip():
        number += 1
    return number < end and bool(_QUOTED.match(lines[number]))


def _tail(lines: list[str], folded: _Folding) -> None:
    """From below: rules, what programs add, signatures, quotations; in any order, as often as they come."""
    for _ in range(8):
        folded.patience.ask()
        end = folded.last()
        if end == 0:
            return
        start = _added(lines, end) or signatures.starts(lines, end) or _last_quotation(lines, end, folded)
        if start is None or start >= end:
            return
        folded.fold(start, end)


def _added(lines: list[str], end: int) -> int | None:
    start = end
    while start and (not lines[start - 1].strip() or _RULE.fullmatch(lines[start - 1])):
        start -= 1
    if start and devices.added(lines[start - 1]):
        start -= 1
    return start if start < end else None


def _last_quotation(lines: list[str], end: int, folded: _Folding) -> int | None:
    """Where the last block of marked lines begins, with the line that says who wrote it."""
    first = end
    for number in range(end - 1, -1, -1):
        if _is_quoted(lines, number):
            first = number
        elif lines[number].strip():
            break
    if first == end:
        return None
    above = _announced_above(lines, first)
    folded.certain = folded.certain or above < first
    return above


def _is_quoted(lines: list[str], number: int) -> bool:
    if "\n" in lines[number]:
        return False
    if _QUOTED.match(lines[number]):
        return True
    initials = _INITIALS.match(lines[number])
    near = lines[max(0, number - 1) : number] + lines[number + 1 : number + 2]
    return bool(initials) and any(line.startswith(initials[0].strip()) for line in near if initials)


def _announced_above(lines: list[str], first: int) -> int:
    last = first - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    for start in range(max(0, last - SPREAD + 1), last + 1):
        if announces(lines, start) == last - start + 1:
            return start
    return first


def _leading(lines: list[str], folded: _Folding) -> None:
    """A quotation above the answer, if there is an answer below it."""
    start = folded.first()
    if start == len(lines):
        return
    below = start + announces(lines, start)
    end = below
    while end < len(lines) and not folded.away(end) and (not lines[end].strip() or _is_quoted(lines, end)):
        end += 1
    if below == start and not _is_quoted(lines, start):
        return
    if any(line.strip() and not folded.away(end + n) for n, line in enumerate(lines[end:])):
        folded.fold(start, end)


def _announcements(lines: list[str], end: int, folded: _Folding) -> None:
    """Lines that only say who wrote what follows are no words of the person's."""
    number = 0
    while number < min(end, _LINES):
        folded.patience.ask()
        count = 0 if folded.away(number) else folded.announces(number)
        if count and _quoted_next(lines, number + count, len(lines)):
            folded.fold(number, number + count)
        number += count or 1
