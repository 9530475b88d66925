"""Publishes many messages, confirmed in a window, before anything is measured; the same for us and for what we compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import wait
from itertools import islice

from models.commands import command
from models.wakes import COMMAND_EXCHANGE, routing_key
from producers.line import Line
from producers.window import Letter

PATIENCE = 60.0
CHUNK = 5_000


def publish(url: str, letters: Iterable[Letter]) -> int:
    """Every letter, confirmed; answers how many. Raises what RabbitMQ answered to the first that it would not take."""
    line, count = Line(url, "benchmark"), 0
    try:
        for chunk in _chunks(letters):
            for letter in chunk:
                line.put(letter)
            for future in wait([letter.settled for letter in chunk], timeout=PATIENCE).done:
                future.result()
            count += len(chunk)
    finally:
        line.close()
    return count


def command_letter(type_name: str, number: int, agent: str, **body: object) -> Letter:
    """A command as an upstream system publishes it for an agent."""
    raw = command(type_name, f"{type_name}-{number}", agent, **body).as_json().encode()
    return Letter(COMMAND_EXCHANGE, routing_key(type_name), raw, str(number), user_id="guest")


def _chunks(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    source = iter(letters)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
