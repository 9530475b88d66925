"""Every table of the first release, on an empty database."""

from __future__ import annotations


def up(migrator, db):  # type: ignore[no-untyped-def]
    from models import tables

    db.create_tables(tables.ALL)
