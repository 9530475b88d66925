"""The checks before anything is queued (R11). Each failure names the field; nothing is trimmed or dropped silently."""

from __future__ import annotations

from typing import Any, NamedTuple

from models import addresses, senders
from models import tables as t
from models.errors import Rejected
from models.suppressions import MAIL, in_force
from workers.letter import Part
from workers.turn import Turn


class _Recipient(NamedTuple):
    role: str
    address: str
    field: str  # where it stands first


def recipients(turn: Turn, content: dict[str, Any]) -> list[tuple[str, str]]:
    """Every envelope recipient once, as (role, address) in the order To, Cc, Bcc; raises `Rejected`."""
    found: dict[str, _Recipient] = {}
    for role in ("to", "cc", "bcc"):
        for place, address in enumerate(content[role]):
            field = f"draft.{role}.{place}"
            _check(address, field)
            found.setdefault(addresses.key(address), _Recipient(role, address, field))
    if not found:
        raise Rejected("no_recipient", "The draft has no recipient.", field="draft.to")
    limit = turn.world.settings.recipients_limit
    if len(found) > limit:
        raise Rejected("too_many_recipients", f"{len(found)} recipients; the limit is {limit}.", field="draft.to")
    _none_suppressed(turn, found)
    for _, address, field in found.values():
        if not allowed(turn.world.settings.recipients_allowed, address):
            raise Rejected("not_allowed", f"{address!r} is not on the allow-list of this system (R38).", field=field)
    return [(role, address) for role, address, _ in found.values()]


def allowed(allow_list: tuple[str, ...], address: str) -> bool:
    """Whether the allow-list, if there is one, names this address or its @domain (R38)."""
    key = addresses.key(address)
    return not allow_list or key in allow_list or f"@{addresses.domain_of(address)}" in allow_list


def sender(turn: Turn, wanted: str | None) -> str:
    """The From address: the usual one, or another that this person may use; raises `Rejected`."""
    may = senders.usable(turn.world.settings.senders, turn.actor.id, turn.actor.role)
    if wanted is None:
        return may[0]
    for address in may:
        if addresses.key(address) == addresses.key(wanted):
            return address
    raise Rejected(
        "sender_not_allowed", f"{turn.actor.id} may not write from {wanted!r}, only from {', '.join(may)}.",
        field="body.from_address",
    )  # fmt: skip


def attachments(content: dict[str, Any]) -> tuple[Part, ...]:
    """The bytes of every attachment; raises `Rejected` where one was never uploaded."""
    parts = []
    for place, item in enumerate(content["attachments"]):
        blob = t.Blob.get_or_none(t.Blob.sha256 == item["blob"])
        if blob is None:
            raise Rejected(
                "unknown_blob", f"The bytes of {item['name']!r} were never uploaded (PUT /v1/blobs/{item['blob']}).",
                field=f"draft.attachments.{place}.blob",
            )  # fmt: skip
        parts.append(Part(item["name"], item["media_type"], bytes(blob.data), item["inline_id"]))
    return tuple(parts)


def _check(address: str, field: str) -> None:
    if problem := addresses.problem(address):
        raise Rejected("invalid_recipient", f"{address!r} is no address: {problem}", field=field)


def _none_suppressed(turn: Turn, found: dict[str, _Recipient]) -> None:
    for row in in_force(list(found), MAIL, turn.now):
        _, address, field = found[row.address_key]
        raise Rejected(
            "suppressed", f"{address!r} is not mailed: {row.reason} (since {row.created_at:%Y-%m-%d}, {row.source}).",
            field=field,
        )  # fmt: skip
