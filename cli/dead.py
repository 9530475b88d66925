"""Dead letters: looked at, taken up again, thrown away. What several letters are asked for is done one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.console import Console, Group
from rich.progress import track
from rich.text import Text

from cli.assembly import clock_of, opened
from cli.errors import Failed
from cli.pages import say, table
from cli.surroundings import Surroundings
from models.errors import Misconfigured, Rejected
from models.queries import keeping
from models.queries.paging import every


def show_all(where: Surroundings, as_json: bool) -> None:
    with opened(where.settings):
        found = letters()
    heads = ("letter", "queue", "of", "died (UTC)", "replayed (UTC)", "bytes", "reason")
    rows = [
        [each["id"], each["queue"], _of(each), _at(each["died_at"]), _at(each["replayed_at"]), each["size"], each["reason"]]
        for each in found
    ]  # fmt: skip
    page = table("Dead letters", heads, rows) if rows else Text("There are no dead letters.")
    say(found, page, as_json, Console())


def show(where: Surroundings, letter: str, as_json: bool) -> None:
    """Raises `Rejected` ``not_found``."""
    with opened(where.settings):
        found = keeping.dead_letter(letter).model_dump(mode="json")
    head = Text(f"{found['id']} from {found['queue']} of {_of(found)}\n{found['reason']}\n")
    say(found, Group(head, Text(found["body"], style="dim")), as_json, Console())


def replay(where: Surroundings, ids: list[str], everything: bool) -> None:
    """Raises `Failed` where a letter stays dead."""
    from models import letters as dead

    now = clock_of(where.settings).now()
    with opened(where.settings) as store:
        wanted = ids or [each["id"] for each in letters() if each["replayed_at"] is None] if everything else ids
        _each("Replaying", wanted, lambda letter: dead.replay(store, letter, now).command_id, "back as command")


def drop(where: Surroundings, ids: list[str], everything: bool) -> None:
    from models import letters as dead

    with opened(where.settings) as store:
        wanted = [each["id"] for each in letters()] if everything and not ids else ids
        _each("Dropping", wanted, lambda letter: dead.drop(store, letter), "gone")


def letters() -> list[dict[str, Any]]:
    return [letter.model_dump(mode="json") for letter in every(keeping.dead_letters)]


def _each(words: str, ids: list[str], act: Callable[[str], object], done: str) -> None:
    if not ids:
        raise Misconfigured("Name at least one letter, or say --all.")
    console, failed = Console(), 0
    for letter in track(ids, description=words, console=Console(stderr=True), transient=True):
        try:
            console.print(f"{letter}: {done} {act(letter) or ''}".rstrip())
        except Rejected as rejection:
            failed += 1
            console.print(f"{letter}: {rejection.code}: {rejection.sentence}", style="red")
    if failed:
        raise Failed(f"{failed} of {len(ids)} letters stayed as they were.")


def _of(letter: dict[str, Any]) -> str:
    user = letter["amqp_user"]
    return letter["principal"] or (f"the broker's {user}" if user else "nobody known")


def _at(text: str | None) -> str:
    return text[:19].replace("T", " ") if text else "-"
