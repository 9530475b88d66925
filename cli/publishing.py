"""A command from the keyboard or from standard input, through the same doors as everybody's (R35)."""

from __future__ import annotations

import json
import uuid
from typing import Any

from rich.console import Console
from rich.text import Text

from cli.errors import Unreachable
from cli.pages import say
from cli.sources import door_of
from cli.surroundings import Surroundings
from models.errors import Malformed, Misconfigured

WORDS = {"done": "green", "accepted": "yellow", "rejected": "red", "dead": "red"}


def wire_of(type_name: str | None, fields: list[str], id: str | None, agent: str | None, text: str) -> dict[str, Any]:
    """The command as JSON goes over the wire. Raises `Malformed` for what is no JSON object."""
    if type_name is not None:
        wire: dict[str, Any] = {"version": 1, "type": type_name, "body": body_of(fields)}
    else:
        wire = _object(text)
    given = {"id": id or wire.get("id") or f"cli-{uuid.uuid4()}", "agent": agent or wire.get("agent")}
    return {**wire, **{name: value for name, value in given.items() if value is not None}}


def body_of(fields: list[str]) -> dict[str, Any]:
    """``content.subject=Hello send=true`` as a body: dots reach inside, what reads as JSON is taken as JSON."""
    body: dict[str, Any] = {}
    for field in fields:
        path, equals, value = field.partition("=")
        if not equals or not path:
            raise Malformed(f"{field!r} is not of the form field=value.")
        inner = body
        *outer, last = path.split(".")
        for name in outer:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                raise Malformed(f"{path!r} reaches inside something that has a value already.")
        inner[last] = _value(value)
    return body


def over_http(where: Surroundings, wire: dict[str, Any], speaker: str, wait: int, as_json: bool) -> None:
    """Raises `Rejected` where the answer is no."""
    door = door_of(where, speaker)
    if door is None:
        raise Unreachable("There is nobody to ask: start `postroom run`, or set POSTROOM_URL and POSTROOM_TOKEN.")
    say_fate(door.give(wire, wait), as_json)


def over_amqp(where: Surroundings, wire: dict[str, Any], as_json: bool) -> None:
    """Published and confirmed; its decision comes as an event (R32). Raises `Malformed`, `Unreachable`, or `Undeliverable`."""
    from cli.assembly import clock_of
    from models import commands
    from producers.publisher import Away, Publisher

    settings = where.settings
    if settings.embedded:
        raise Misconfigured("POSTROOM_BROKER_URL: --amqp needs a broker, as amqp://user:password@host:5672/vhost.")
    command = commands.read(wire)
    publisher = Publisher(settings.broker_url, clock_of(settings), "postroom publish")
    try:
        publisher.publish_command(json.dumps(wire).encode(), command.type, _user(settings.broker_url))
    except Away as error:
        raise Unreachable(f"{error}. POSTROOM_BROKER_URL says where RabbitMQ is.") from None
    finally:
        publisher.close()
    found = {"id": command.id, "type": command.type, "published": True}
    say(found, Text(f"published {command.type} {command.id}; RabbitMQ has confirmed it"), as_json, Console())


def say_fate(found: dict[str, Any], as_json: bool) -> None:
    line = Text.assemble((found["state"], WORDS[found["state"]]), f" {found['type']} {found['id']}")
    if found["interaction"]:
        line.append(f" on {found['interaction']}")
    for name, value in (found["result"] or {}).items():
        line.append(f"\n  {name}: {value}")
    if found["state"] == "accepted":
        line.append(f"\n  kept for good, not decided yet; its fate: GET /v1/commands/{found['id']}")
    say(found, line, as_json, Console())


def _object(text: str) -> dict[str, Any]:
    try:
        wire = json.loads(text)
    except ValueError as error:
        raise Malformed(f"Standard input is no JSON: {error}.", code="not_json") from None
    if not isinstance(wire, dict):
        raise Malformed("Standard input is no JSON object.")
    return wire


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _user(url: str) -> str | None:
    """What RabbitMQ checks the message's user against: the account of the connection (R2)."""
    from urllib.parse import unquote, urlsplit

    name = urlsplit(url).username
    return unquote(name) if name else None
