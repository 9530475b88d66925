"""Writes every generated page of the documentation from the code: `python -m docs.generate`; with `--check` it only compares.

Refuses to hold words of its own: what is not in the code is in a writer, what no code knows is in a page written by hand.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if __name__ == "__main__" and str(ROOT.parent) not in sys.path:
    sys.path.insert(0, str(ROOT.parent))  # run as a file, not as a module

from docs.writers import api, asyncapi, cli, commands, delivery, events, pictures, settings, states  # noqa: E402

PAGES: dict[str, Callable[[], str]] = {
    "reference/settings.md": settings.page,
    "reference/commands.md": commands.page,
    "reference/states.md": states.page,
    "reference/events.md": events.page,
    "reference/delivery.md": delivery.page,
    "reference/cli.md": cli.page,
    "reference/api.md": api.page,
    "openapi.json": api.document,
    "asyncapi.yaml": asyncapi.document,
    "pictures/states.svg": pictures.states,
    "pictures/process.svg": pictures.process,
}


def stale() -> list[str]:
    """The pages that differ from what the code says now."""
    return [name for name, write in PAGES.items() if _kept(name) != write()]


def write() -> list[str]:
    """Bring every page up to date; answers those that changed."""
    changed = stale()
    for name in changed:
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGES[name](), encoding="utf-8")
    return changed


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        old = stale()
        if old:
            print(f"stale: {', '.join(old)}; run `make docs` (python -m docs.generate) and commit.", file=sys.stderr)
        return 1 if old else 0
    for name in write():
        print(f"docs/{name}")
    return 0


def _kept(name: str) -> str | None:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
