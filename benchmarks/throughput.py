"""Commands decided per second, from the queue to the commit, beside a bare Dramatiq actor on the same servers.

The backlog is published while the warmed workers are held still; the time runs from letting them go to the last commit.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg

from benchmarks import bare
from benchmarks.backlog import command_letter, publish
from benchmarks.figures import Aim, Reading
from benchmarks.ground import Ground, Place, agent, customers
from benchmarks.size import Size
from benchmarks.team import Team, post_room, team_of
from models.wakes import Queue
from producers.window import Letter

WARM = 200
TEXT = "Dear customer, thank you for your patience; we looked into the matter and have good news. " * 6
COMMANDS = "command_id_seq"
LOOK = 0.01
LONGEST = 120.0


def measure(ground: Ground, size: Size) -> list[Reading]:
    with ground.place() as place:
        bare_rate = _bare(place, size)
    with ground.place() as place:
        compose, save = _ours(place, size)
    return [
        Reading("bare actor", bare_rate, "per second"),
        Reading("save_draft", save, "per second"),
        Reading("compose", compose, "per second"),
        Reading("save_draft / bare actor", save / bare_rate, "ratio", Aim(at_least=0.45)),
        Reading("compose / bare actor", compose / bare_rate, "ratio", Aim(at_least=0.3)),
    ]


def _bare(place: Place, size: Size) -> float:
    bare.prepare(place.broker_url, place.database_url, WARM + size.commands)
    arguments = (place.broker_url, place.database_url, size.threads)
    with team_of(bare.serve, arguments, size.processes) as team, counting(place, bare.COUNTER) as count:
        publish(place.broker_url, bare.letters(0, WARM, TEXT))
        team.wait(lambda: count() >= WARM, LONGEST, "the bare actor is warm")
        return rate(place, team, count, bare.letters(WARM, WARM + size.commands, TEXT), size.commands)


def _ours(place: Place, size: Size) -> tuple[float, float]:
    total = WARM + size.commands
    with place.rows() as store:
        customers(store, [f"c{number}" for number in range(total)])
    queues = (Queue.COMMANDS,)
    with post_room(place.settings(), queues, size) as team, counting(place, COMMANDS) as count:
        warm_up(place, team, count)
        compose = rate(place, team, count, composes(WARM, total), size.commands)
        save = rate(place, team, count, saves(WARM, total), size.commands)
    must_be_done(place, 2 * total)
    return compose, save


def warm_up(place: Place, team: Team, count: Count) -> None:
    """Every thread has its connection and has seen both kinds."""
    for wanted, letters in ((WARM, composes(0, WARM)), (2 * WARM, saves(0, WARM))):
        publish(place.broker_url, letters)
        team.wait(lambda: count() >= wanted, LONGEST, f"{wanted} commands are decided")  # noqa: B023


def composes(start: int, stop: int) -> Iterator[Letter]:
    """Each for another customer, with a draft id of the producer's own."""
    for number in range(start, stop):
        yield command_letter("compose", number, agent(number), customer=f"c{number}", draft=f"d{number}")


def saves(start: int, stop: int) -> Iterator[Letter]:
    """The first revision of each of these drafts."""
    for number in range(start, stop):
        content = {"subject": f"Your request {number}", "text": TEXT}
        yield command_letter("save_draft", number, agent(number), draft=f"d{number}", base_revision=1, content=content)


def rate(place: Place, team: Team, count: Count, letters: Iterable[Letter], number: int) -> float:
    """Messages worked off per second."""
    before = count()
    team.hold()
    publish(place.broker_url, letters)
    began = time.perf_counter()
    team.let_go()
    team.wait(lambda: count() >= before + number, LONGEST, f"{number} messages are worked off")
    return number / (time.perf_counter() - began)


class Count:
    """How many rows were ever inserted, told by their sequence: costs the server next to nothing."""

    def __init__(self, connection: psycopg.Connection, sequence: str) -> None:
        self._connection, self._sequence = connection, sequence

    def __call__(self) -> int:
        time.sleep(LOOK)
        row = self._connection.execute(f"SELECT last_value, is_called FROM {self._sequence}").fetchone()
        return int(row[0]) if row and row[1] else 0


@contextmanager
def counting(place: Place, sequence: str) -> Iterator[Count]:
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        yield Count(connection, sequence)


def must_be_done(place: Place, number: int) -> None:
    """Raises where a command was not decided as wished: then the speed says nothing."""
    with psycopg.connect(place.database_url) as connection:
        found = connection.execute("SELECT state, code, count(*) FROM command GROUP BY 1, 2").fetchall()
    if found != [("done", None, number)]:
        raise RuntimeError(f"of {number} commands, these are the outcomes: {found}")
