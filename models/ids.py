"""Fresh identifiers from an injected source of randomness; nothing here remembers what it gave out."""

from __future__ import annotations

import random
from typing import Protocol

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Ids(Protocol):
    """Makes identifiers that no one guesses; ``prefix`` says what they name."""

    def new(self, prefix: str) -> str: ...


class RandomIds:
    """79 bits each, lower case, readable; with a seeded source two runs give the same ids."""

    def __init__(self, source: random.Random | None = None) -> None:
        self._source = source or random.SystemRandom()

    def new(self, prefix: str) -> str:
        return f"{prefix}_" + "".join(self._source.choices(_ALPHABET, k=16))
