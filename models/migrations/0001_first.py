"""Every table of the first release, on an empty database."""

from __future__ import annotations

from typing import Any

from models.migrations import frozen


def up(migrator: Any, db: Any) -> None:
    frozen.apply(db, "0001_first")
