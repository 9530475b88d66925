"""PURE. From which addresses mail may leave, and whose hand may use which. Refuses to guess: who is not named may not."""

from __future__ import annotations

from dataclasses import dataclass

from models import addresses


@dataclass(frozen=True, slots=True)
class Sender:
    """An address with those who may use it, by id or by role; nobody named: everybody."""

    address: str
    users: frozenset[str]

    def allows(self, principal: str, role: str) -> bool:
        return not self.users or principal in self.users or role in self.users


def senders(usual: str, further: str) -> tuple[Sender, ...]:
    """The usual one first. Raises `ValueError` where one is no address."""
    return (Sender(usual, frozenset()), *(_sender(item.strip()) for item in further.split(",") if item.strip()))


def usable(found: tuple[Sender, ...], principal: str, role: str) -> tuple[str, ...]:
    """What this person may choose from, the usual one first."""
    return tuple(each.address for each in found if each.allows(principal, role))


def _sender(item: str) -> Sender:
    address, _, users = (part.strip() for part in item.partition("="))
    if problem := addresses.problem(address):
        raise ValueError(f"sender_addresses: {address!r} is no address: {problem}")
    return Sender(address, frozenset(user.strip() for user in users.split("+") if user.strip()))
