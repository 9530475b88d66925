"""What the import laws cannot say of themselves: that every file which calls itself PURE is held to it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
ROOMS = ("models", "producers", "workers", "cli")


def test_who_begins_with_PURE_is_held_to_it_and_nobody_else() -> None:
    contracts = tomllib.loads((HOUSE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (held,) = (set(each["source_modules"]) for each in contracts if "PURE" in each["name"])
    assert held == {_module(path) for room in ROOMS for path in (HOUSE / room).rglob("*.py") if _says_pure(path)}


def _says_pure(path: Path) -> bool:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").startswith("PURE.")


def _module(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts)
