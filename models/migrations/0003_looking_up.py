"""Words inside names and subjects are found by trigrams on PostgreSQL; where its extension may not be made, more slowly."""

from __future__ import annotations

from typing import Any

from models.migrations import frozen


def up(migrator: Any, db: Any) -> None:
    if db.locks_rows and _has_trigrams(db):
        frozen.apply(db, "0003_looking_up")


def _has_trigrams(db: Any) -> bool:
    """Ships with PostgreSQL and is trusted: whoever may create in the database may create it. Not everybody may."""
    (available,) = db.execute_sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone()
    (installed,) = db.execute_sql("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'").fetchone()
    (allowed,) = db.execute_sql("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
    if available and allowed and not installed:
        db.execute_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    return bool(installed or (available and allowed))
