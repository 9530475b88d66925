"""Finding by a few words somebody types: customers by name, phone or address, interactions by number, subject or customer.

Each look-up ends after a bounded number of finds; who finds too much adds a word.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee as pw

from models import addresses
from models import tables as t
from models.database import Postgres
from models.lifecycle import State
from models.queries import mentions

SHORT = 3  # below this many letters only the beginning of a word counts, because no index holds less
MOST_CUSTOMERS, MOST_OF_THEM, LEAST_OF_ONE = 200, 500, 10
NUMBER = "IMS"
_C, _I = t.Customer, t.Interaction
_LATEST = """
SELECT latest.id FROM unnest(%s::text[]) AS who, unnest(%s::text[]) AS at, LATERAL (
    SELECT id, last_event_at FROM interaction WHERE customer = who AND state = at ORDER BY last_event_at DESC LIMIT %s
) AS latest ORDER BY latest.last_event_at DESC LIMIT %s
"""


def interactions(words: str) -> list[int]:
    """Numbers of those the words find, in no order."""
    numbers = _number(words)
    if words.strip().upper().startswith(NUMBER) and numbers:
        return numbers
    known = [row.id for row in _C.select(_C.id).where(customers(words)).limit(MOST_CUSTOMERS)]
    return sorted({*numbers, *_with_subject(t.Mail, words), *_with_subject(t.Incoming, words), *_latest(known)})


def these(numbers: Iterable[int]) -> Any:
    """The condition: one of these interactions. As literal text, because engines count parameters."""
    return pw.NodeList((_I.id, pw.SQL(f"IN ({', '.join(map(str, numbers))})")))


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
    return mentions.newest(mail, words.strip()) if _letters(words) >= SHORT else []


def _latest(known: list[str]) -> list[int]:
    """Of these customers the interactions in which something happened last."""
    database = _I._meta.database
    if isinstance(database, Postgres):
        enough = max(LEAST_OF_ONE, MOST_OF_THEM // max(1, len(known)))
        given = (known, [state.value for state in State], enough, MOST_OF_THEM)
        rows: Any = database.execute_sql(_LATEST, given) if known else ()
        return [id for (id,) in rows]
    query = _I.select(_I.id).where(_I.customer.in_(known)).order_by(_I.last_event_at.desc())
    return [row.id for row in query.limit(MOST_OF_THEM)]


def _owners(address: str) -> list[str]:
    at = t.CustomerAddress
    return [row.customer for row in at.select(at.customer).where(at.key == addresses.key(address)).limit(100)]


def _mention(wanted: str) -> Any:
    digits = "".join(character for character in wanted if character.isdigit())
    is_phone = len(digits) >= SHORT and not any(character.isalpha() or character == "@" for character in wanted)
    sought = digits if is_phone else wanted.lower()
    if not sought:
        return pw.SQL("1 = 1")
    return _beginning(sought) if 0 < _letters(sought) < SHORT else _like(f"%{mentions.literally(sought)}%")


def _beginning(letters: str) -> Any:
    sought = mentions.literally(letters)
    return _like(f"{sought}%") | _like(f"% {sought}%")


def _like(pattern: str) -> Any:
    """What is searched is in small letters already; to make nothing of letters is five times as fast as ILIKE."""
    return pw.NodeList((_C.search, pw.SQL("LIKE"), pw.Value(pattern), pw.SQL("ESCAPE '\\'")))


def _letters(words: str) -> int:
    return sum(character.isalnum() for character in words)
