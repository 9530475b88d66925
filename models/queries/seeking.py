"""Finding by a few words somebody types: customers by name, phone or address, interactions by number, subject or customer.

Each look-up ends after a bounded number of finds; who finds too much adds a word.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models import addresses
from models import tables as t

SHORT = 3  # below this many letters only the beginning of a word counts, because no index holds less
MOST_CUSTOMERS, MOST_SUBJECTS = 200, 500
NUMBER = "IMS"
_C, _I = t.Customer, t.Interaction


def interactions(words: str) -> pw.Expression | None:
    """The condition for those the words find; None where they find nothing."""
    numbers = _number(words)
    if words.strip().upper().startswith(NUMBER) and numbers:
        return _I.id.in_(numbers)
    known = [row.id for row in _C.select(_C.id).where(customers(words)).limit(MOST_CUSTOMERS)]
    numbers += [*_with_subject(t.Mail, words), *_with_subject(t.Incoming, words)]
    found = [_I.id.in_(sorted(set(numbers)))] if numbers else []
    found += [_I.customer.in_(known)] if known else []
    return reduce(or_, found) if found else None


def customers(words: str) -> Any:
    """The condition: the whole address by its index; else where the words occur in name, phone or address."""
    wanted = words.strip()
    owners = _owners(wanted) if "@" in wanted else []
    return _C.id.in_(owners) if owners else _mention(wanted)


def number(words: str) -> str | None:
    """The one interaction that is named by its whole number."""
    found = _number(words) if words.strip().upper().startswith(NUMBER) else []
    return t.number_of(found[0]) if found else None


def _number(words: str) -> list[int]:
    digits = words.strip().upper().removeprefix(NUMBER)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        return []
    return [row.id for row in _I.select(_I.id).where(_I.id == int(digits))]


def _with_subject(mail: Any, words: str) -> list[int]:
    """Of the newest conversations with a mail of this subject."""
    if len(words.strip()) < SHORT:
        return []
    query = mail.select(mail.interaction).where(mail.interaction.is_null(False), mail.subject.contains(words.strip()))
    return [row.interaction for row in query.order_by(mail.interaction.desc()).limit(MOST_SUBJECTS)]


def _owners(address: str) -> list[str]:
    at = t.CustomerAddress
    return [row.customer for row in at.select(at.customer).where(at.key == addresses.key(address)).limit(100)]


def _mention(wanted: str) -> Any:
    digits = "".join(character for character in wanted if character.isdigit())
    is_phone = len(digits) >= SHORT and not any(character.isalpha() or character == "@" for character in wanted)
    sought = digits if is_phone else wanted.lower()
    if not sought:
        return pw.SQL("1 = 1")
    return _beginning(sought) if len(sought) < SHORT and sought.isalnum() else _C.search.contains(sought)


def _beginning(letters: str) -> Any:
    return _C.search.startswith(letters) | _C.search.contains(f" {letters}")
