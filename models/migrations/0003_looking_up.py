"""Words inside names and subjects are found by trigrams on PostgreSQL, those of subjects together with stretches of numbers;
where the extensions may not be made, more slowly."""

from __future__ import annotations

from typing import Any

from models.migrations import frozen


def up(migrator: Any, db: Any) -> None:
    if db.locks_rows and all([_has(db, "pg_trgm"), _has(db, "btree_gin")]):
        frozen.apply(db, "0003_looking_up")


def _has(db: Any, extension: str) -> bool:
    """Ships with PostgreSQL and is trusted: whoever may create in the database may create it. Not everybody may."""
    (available,) = db.execute_sql(f"SELECT count(*) FROM pg_available_extensions WHERE name = '{extension}'").fetchone()
    (installed,) = db.execute_sql(f"SELECT count(*) FROM pg_extension WHERE extname = '{extension}'").fetchone()
    (allowed,) = db.execute_sql("SELECT has_database_privilege(current_database(), 'CREATE')").fetchone()
    if available and allowed and not installed:
        db.execute_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    return bool(installed or (available and allowed))
