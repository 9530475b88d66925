"""The text of the everyday statements, made once per shape instead of once per row; refuses anything but single-table equality.

Measured: composing SQL anew took almost half of a command's time. Whatever is less than plain stays with peewee.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import peewee as pw

from models import tables as t

Statement = tuple[str, list[Any]]
R = TypeVar("R", bound=t.Row)


class Pair(NamedTuple):
    """Two rows found by one question: ``on`` names the fields that must be equal."""

    first: type[t.Row]
    second: type[t.Row]
    on: tuple[tuple[str, str], ...]


def insert(row: t.Row, param: str) -> Statement:
    """Insert the fields the row has; database defaults fill the rest."""
    names = tuple(row.__data__)
    fields = _fields(type(row))
    return _insert(type(row), names, param), [fields[name].db_value(row.__data__[name]) for name in names]


def insert_once(row: t.Row, param: str) -> Statement:
    """The same, unless a row that must be unique is already there."""
    text, values = insert(row, param)
    return f"{text} ON CONFLICT DO NOTHING", values


def update(row: t.Row, changes: dict[str, Any], param: str) -> Statement:
    """Set fields of the row with this row's primary key."""
    fields, keys = _fields(type(row)), _keys(type(row))
    values = [fields[name].db_value(value) for name, value in changes.items()]
    values += [fields[name].db_value(row.__data__[name]) for name in keys]
    return _update(type(row), tuple(changes), param), values


def select(model: type[t.Row], where: dict[str, Any], param: str, lock: bool) -> Statement:
    """Every column of the rows whose fields equal these values."""
    fields = _fields(model)
    return _select(model, tuple(where), param, lock), [fields[name].db_value(value) for name, value in where.items()]


def select_any(model: type[t.Row], alternatives: tuple[tuple[str, Any], ...], param: str) -> Statement:
    """Every column of the rows of which one of these fields equals its value."""
    fields = _fields(model)
    values = [fields[name].db_value(value) for name, value in alternatives]
    return _select_any(model, tuple(name for name, _ in alternatives), param), values


def select_pair(pair: Pair, where: dict[str, Any], param: str, lock: bool) -> Statement:
    """Every column of both rows; the conditions are on the first, the lock is on the second."""
    fields = _fields(pair.first)
    return _select_pair(pair, tuple(where), param, lock), [
        fields[name].db_value(value) for name, value in where.items()
    ]


def name_of(row: t.Row) -> Hashable:
    """Names the row: equal for the same row, and for all rows of a table whose key the database has still to give.

    Those must stay apart: PostgreSQL numbers the parts of one statement in an order of its own, history would run backwards.
    """
    keys = tuple(row.__data__.get(name) for name in _keys(type(row)))
    return (type(row), keys if None not in keys else None)


def key_of(model: type[t.Row]) -> str:
    """The name of a single-column primary key."""
    return _keys(model)[0]


def split(pair: Pair, values: tuple[Any, ...]) -> tuple[Any, Any]:
    """The two rows of `select_pair`."""
    width = len(_fields(pair.first))
    return rows(pair.first, [values[:width]])[0], rows(pair.second, [values[width:]])[0]


def rows(model: type[R], found: Iterable[tuple[Any, ...]]) -> list[R]:
    """Rows of `select`, as peewee rows."""
    fields = list(_fields(model).items())
    made = []
    for values in found:
        row = model(__no_default__=True)
        row.__data__ = {name: field.python_value(value) for (name, field), value in zip(fields, values, strict=True)}
        made.append(row)
    return made


@lru_cache(maxsize=1000)
def _insert(model: type[t.Row], names: tuple[str, ...], param: str) -> str:
    columns = ", ".join(_column(model, name) for name in names)
    return f'INSERT INTO "{_table(model)}" ({columns}) VALUES ({", ".join([param] * len(names))})'


@lru_cache(maxsize=1000)
def _update(model: type[t.Row], names: tuple[str, ...], param: str) -> str:
    changes = ", ".join(f"{_column(model, name)} = {param}" for name in names)
    return f'UPDATE "{_table(model)}" SET {changes} WHERE {_equal(model, _keys(model), param)}'


@lru_cache(maxsize=1000)
def _select(model: type[t.Row], names: tuple[str, ...], param: str, lock: bool) -> str:
    columns = ", ".join(_column(model, name) for name in _fields(model))
    text = f'SELECT {columns} FROM "{_table(model)}" WHERE {_equal(model, names, param)}'
    return f"{text} FOR UPDATE" if lock else text


@lru_cache(maxsize=1000)
def _select_any(model: type[t.Row], names: tuple[str, ...], param: str) -> str:
    columns = ", ".join(_column(model, name) for name in _fields(model))
    either = " OR ".join(f"{_column(model, name)} = {param}" for name in names)
    return f'SELECT {columns} FROM "{_table(model)}" WHERE {either}'


@lru_cache(maxsize=1000)
def _select_pair(pair: Pair, names: tuple[str, ...], param: str, lock: bool) -> str:
    sides = (("a", pair.first), ("b", pair.second))
    columns = ", ".join(f"{side}.{_column(model, name)}" for side, model in sides for name in _fields(model))
    on = " AND ".join(f"a.{_column(pair.first, one)} = b.{_column(pair.second, other)}" for one, other in pair.on)
    where = " AND ".join(f"a.{_column(pair.first, name)} = {param}" for name in names)
    text = f'SELECT {columns} FROM "{_table(pair.first)}" a JOIN "{_table(pair.second)}" b ON {on} WHERE {where}'
    return f"{text} FOR UPDATE OF b" if lock else text


def _equal(model: type[t.Row], names: tuple[str, ...], param: str) -> str:
    return " AND ".join(f"{_column(model, name)} = {param}" for name in names)


@lru_cache(maxsize=100)
def _fields(model: type[t.Row]) -> dict[str, pw.Field]:
    return {field.name: field for field in model._meta.sorted_fields}


@lru_cache(maxsize=100)
def _keys(model: type[t.Row]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.get_primary_keys())


def _column(model: type[t.Row], name: str) -> str:
    return f'"{_fields(model)[name].column_name}"'


def _table(model: type[t.Row]) -> str:
    return str(model._meta.table_name)
