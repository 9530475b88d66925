"""Indexes over what is still promised: they stay small however much history there is, and keep the sweeper's queries flat."""

from __future__ import annotations

from typing import Any

from models.migrations import frozen


def up(migrator: Any, db: Any) -> None:
    frozen.apply(db, "0002_promises")
