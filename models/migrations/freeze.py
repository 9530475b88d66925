"""Writes the schema of the first release from the models: ``python -m models.migrations.freeze``.

Only until that release; from then on a change of the models is a new migration, and a test demands it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import peewee as pw

from models import tables
from models.database import Database, Postgres, Sqlite

FIRST, PROMISES = "0001_first", "0002_promises"


def frozen_texts() -> dict[str, str]:
    """File name to text, for both engines, from the models of today."""
    texts: dict[str, str] = {}
    engines: dict[str, Database] = {"postgres": Postgres("unconnected"), "sqlite": Sqlite(":memory:")}
    for engine, database in engines.items():
        with database.bind_ctx(tables.ALL, bind_refs=False, bind_backrefs=False):
            texts[f"{FIRST}.{engine}.sql"] = _text([sql for model in tables.ALL for sql in _first(model, engine)])
            texts[f"{PROMISES}.{engine}.sql"] = _text([_plain(database, index) for index in tables.PROMISES])
    return texts


def write(folder: Path) -> None:
    for name, text in frozen_texts().items():
        (folder / name).write_text(text)


def _first(model: Any, engine: str) -> list[str]:
    schema = model._schema
    table = _joined(schema._create_table(safe=False).query())
    if engine == "sqlite":
        # Without this SQLite gives the id of a deleted last row out again; a stale wake-up would find a stranger.
        table = table.replace('"id" INTEGER NOT NULL PRIMARY KEY', '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT')
    return [_one_column_per_line(table), *(_joined(each.query()) for each in schema._create_indexes(safe=False))]


def _plain(database: Database, index: pw.Index) -> str:
    return _joined(database.get_sql_context().sql(index).query()).replace("IF NOT EXISTS ", "")


def _joined(query: tuple[str, list[Any]]) -> str:
    text, parameters = query
    if parameters:
        raise ValueError(f"the schema holds values that cannot be frozen: {parameters} in {text}")
    return text


def _one_column_per_line(table: str) -> str:
    head, _, columns = table.partition(" (")
    return head + " (\n    " + columns[:-1].replace(', "', ',\n    "').replace(", PRIMARY", ",\n    PRIMARY") + "\n)"


def _text(statements: list[str]) -> str:
    return "".join(f"{statement};\n" for statement in statements)


if __name__ == "__main__":
    write(Path(__file__).parent)
