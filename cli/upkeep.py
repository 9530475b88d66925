"""What is done to the rows while nothing else runs: the schema brought forward, and caution after a restore."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from cli.assembly import opened, world_of
from cli.errors import Failed
from cli.folder import Folder
from cli.pages import say
from cli.surroundings import Surroundings
from models.clock import WallClock
from models.settings import Settings
from models.store import open_store


def migrate(where: Surroundings, check: bool, as_json: bool) -> None:
    """Raises `Failed` where ``check`` finds something pending."""
    from models import migrate as schema

    settings = where.settings
    store = open_store(settings.database)
    try:
        if check:
            waiting = schema.pending(store)
            say({"pending": waiting}, Text(f"pending: {', '.join(waiting) or 'nothing'}"), as_json, Console())
            if waiting:
                raise Failed("The schema is behind this release: run `postroom migrate`.")
            return
        with Console(stderr=True).status("Bringing the schema forward…"):
            applied = schema.migrate(store, settings.number_start)
        say({"applied": applied}, Text(f"applied: {', '.join(applied) or 'nothing was pending'}"), as_json, Console())
    finally:
        store.close()


def after_restore(where: Surroundings, as_json: bool) -> None:
    """Raises `Misconfigured` while an embedded product holds the folder."""
    if not where.settings.embedded:
        return _be_cautious(where.settings, as_json)
    with Folder(where.settings.data_dir).hold(WallClock().now().isoformat(timespec="seconds")):
        _be_cautious(where.settings, as_json)


def _be_cautious(settings: Settings, as_json: bool) -> None:
    from cli.deciding import Unheard
    from workers import handlers

    with opened(settings) as store, Console(stderr=True).status("Looking at every mail that was due…"):
        found = handlers.after_restore(world_of(settings, store, Unheard()))
    words = (
        f"{found.uncertain} deliveries may have left after the backup was made and are uncertain now; their owners decide. "
        f"{found.decided} commands were undecided, {found.reminders_skipped} reminders were due and are skipped."
    )
    say(found._asdict(), Text(words), as_json, Console())
