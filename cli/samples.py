"""Who is there on the first start of the embedded product: agents, and customers of each kind.

Made by the same commands as everybody's, under fixed ids, so that making them again changes nothing (R33).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cli.deciding import decide_here
from models.commands import Command, command
from models.passwords import set_password
from models.principals import make_token
from workers.world import World

PRINCIPALS: tuple[tuple[str, str, str], ...] = (
    ("anna", "agent", "Anna Bauer"),
    ("ben", "agent", "Ben Okafor"),
    ("mia", "manager", "Mia Lindqvist"),
    ("admin", "admin", "Administrator"),
    ("crm", "service", "CRM of the sample company"),
)
PEOPLE = tuple(id for id, role, _ in PRINCIPALS if role != "service")
CUSTOMERS: tuple[dict[str, Any], ...] = (
    {
        "customer": "ada", "kind": "contact", "name": "Ada Marsh", "account": "Marsh Instruments Ltd",
        "phone": "+44 20 7946 0018", "language": "en-GB", "time_zone": "Europe/London",
        "addresses": [{"address": "ada.marsh@customer.example"}],
    },
    {
        "customer": "carlo", "kind": "consumer", "name": "Carlo Ferri", "phone": "+39 06 555 0199", "language": "it",
        "time_zone": "Europe/Rome",
        "addresses": [{"address": "carlo@home.example", "primary": True}, {"address": "carlo.ferri@work.example"}],
    },
    {"customer": "guest-kim", "kind": "guest", "name": "", "addresses": [{"address": "kim@somewhere.example"}]},
)  # fmt: skip


TEMPLATES: tuple[dict[str, str], ...] = (
    {
        "name": "thank-you", "subject": "Thank you for your patience",
        "text": "Dear $customer_name,\n\nthank you for your patience. We are looking into it, and I write to you again "
        "tomorrow at the latest.\n\nKind regards\n$agent_name",
    },
    {
        "name": "delivery-date", "subject": "Your delivery",
        "text": "Dear $customer_name,\n\nyour delivery arrives on $day.\n\nKind regards\n$agent_name",
    },
)  # fmt: skip


def commands() -> list[Command]:
    """Everything that makes the samples, in an order in which each finds what it needs."""
    people = [
        command("upsert_principal", f"sample-principal-{id}", principal=id, role=role, name=name)
        for id, role, name in PRINCIPALS
    ]
    customers = [command("upsert_customer", f"sample-customer-{each['customer']}", **each) for each in CUSTOMERS]
    templates = [command("upsert_template", f"sample-template-{each['name']}", **each) for each in TEMPLATES]
    return people + customers + templates


@dataclass(frozen=True, slots=True)
class Made:
    """Tokens and passwords by principal; each is shown once."""

    tokens: dict[str, str]
    passwords: dict[str, str]


def make(world: World) -> Made:
    """Keep and decide the commands, then a token for each principal and a password for each person."""
    for wish in commands():
        decide_here(world, wish)
    now = world.clock.now()
    tokens = {id: make_token(world.store, world.ids, id, now).token for id, _, _ in PRINCIPALS}
    passwords = {id: world.ids.new(id).partition("_")[2][:10] for id in PEOPLE}
    for id, password in passwords.items():
        set_password(world.store, id, password, now)
    return Made(tokens, passwords)
