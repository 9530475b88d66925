"""The schema as it was at each migration, kept as text beside it; the models of today are never looked at.

Refuses to be clever: a file is statements that each end with a semicolon at the end of a line.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def apply(database: Any, name: str) -> None:
    """Run the statements frozen for this migration and this engine."""
    for statement in statements(name, "postgres" if database.locks_rows else "sqlite"):
        database.execute_sql(statement)


def statements(name: str, engine: str) -> list[str]:
    text = (Path(__file__).parent / f"{name}.{engine}.sql").read_text()
    return [part.strip() for part in text.split(";\n") if part.strip()]
