"""Where the command line reads from: the running process over HTTP, or the rows themselves. Both give the same JSON.

Refuses to open the database of an embedded product that is running: it is asked instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from cli.door import Door
from cli.errors import Unreachable
from cli.folder import Folder
from cli.surroundings import Surroundings

if TYPE_CHECKING:
    from models.settings import Settings

OPERATOR = "admin"  # the sample principal whose token the command line uses beside a running embedded product


class Source(Protocol):
    """Answers in the shapes of `models.queries.views`, as JSON. Raises `Rejected` ``not_found``."""

    def interaction(self, number: str) -> dict[str, Any]: ...
    def history(self, number: str) -> list[dict[str, Any]]: ...
    def because(self, number: str, field: str) -> dict[str, Any]: ...
    def reminder(self, number: str) -> dict[str, Any]: ...
    def suppressions(self) -> list[dict[str, Any]]: ...


def door_of(where: Surroundings, speaker: str = OPERATOR) -> Door | None:
    """The API that was named, or that of the process holding the data folder; None where there is neither."""
    if where.url:
        return Door(where.url, where.token or "")
    if not where.settings.embedded:
        return None
    folder = Folder(where.settings.data_dir)
    holder = folder.holder()
    if holder is None:
        return None
    if holder.url is None:
        raise Unreachable(f"Process {holder.pid} holds {folder.path} and is still starting; try again in a moment.")
    return Door(holder.url, where.token or folder.tokens().get(speaker, ""))


def source_of(where: Surroundings) -> Source:
    door = door_of(where)
    return OverHttp(door) if door else FromRows(where.settings)


@dataclass(frozen=True, slots=True)
class OverHttp:
    door: Door

    def interaction(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self.door.get(f"/v1/interactions/{number}")
        return found

    def history(self, number: str) -> list[dict[str, Any]]:
        return list(_every_page(self.door, f"/v1/interactions/{number}/history"))

    def because(self, number: str, field: str) -> dict[str, Any]:
        found: dict[str, Any] = self.door.get(f"/v1/interactions/{number}/why", field=field)
        return found

    def reminder(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = self.door.get(f"/v1/interactions/{number}/reminder-preview")
        return found

    def suppressions(self) -> list[dict[str, Any]]:
        return list(_every_page(self.door, "/v1/suppressions"))


@dataclass(frozen=True, slots=True)
class FromRows:
    settings: Settings

    def interaction(self, number: str) -> dict[str, Any]:
        from models.queries import interactions

        with _rows(self.settings):
            return interactions.one(number, self.settings).model_dump(mode="json")

    def history(self, number: str) -> list[dict[str, Any]]:
        from models.queries import history, interactions

        with _rows(self.settings):
            return [event.model_dump(mode="json") for event in history.every(interactions.find(number).id)]

    def because(self, number: str, field: str) -> dict[str, Any]:
        from models.queries import history, interactions

        with _rows(self.settings):
            return history.why(interactions.find(number), field).model_dump(mode="json")

    def reminder(self, number: str) -> dict[str, Any]:
        from cli.assembly import clock_of
        from models.queries import reminders

        with _rows(self.settings):
            return reminders.preview(number, self.settings, clock_of(self.settings).now()).model_dump(mode="json")

    def suppressions(self) -> list[dict[str, Any]]:
        from models.queries import keeping
        from models.queries.paging import every

        with _rows(self.settings):
            return [row.model_dump(mode="json") for row in every(keeping.suppressions)]


def _rows(settings: Settings) -> Any:
    from cli.assembly import opened

    return opened(settings)


def _every_page(door: Door, path: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        page = door.get(path, cursor=cursor, limit=200)
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return
