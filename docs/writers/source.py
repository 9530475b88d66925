"""Reads the code as text: which events are recorded and which rejections are given, by literal, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def recorded() -> dict[str, set[str]]:
    """Every event type and the keys its data may have, from the calls of `Turn.record` in the handlers."""
    found: dict[str, set[str]] = {}
    for tree in _trees("workers/handlers"):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in _calls(function, "record"):
                    event = _text(call.args[1]) if len(call.args) > 2 else None
                    if event is not None:
                        found.setdefault(event, set()).update(_data_keys(call, function))
    return found


def rejections() -> dict[str, bool]:
    """Every code a rejected command can carry, wherever the code of this house gives it, and whether it names a field."""
    found = {"malformed": True, "wrong_version": True, "forbidden": False, "not_found": False, "gave_up": False}
    for tree in (*_trees("models"), *_trees("workers/handlers")):
        for call in _calls(tree, "Rejected", "Refuse"):
            code = _text(call.args[0]) if call.args else None
            if code:
                found[code] = found.get(code, False) or any(each.arg == "field" for each in call.keywords)
        for call in _calls(tree, "Malformed"):
            found |= {code: True for each in call.keywords if each.arg == "code" and (code := _text(each.value))}
    return found


def _trees(folder: str) -> Iterator[ast.Module]:
    for path in sorted((HOUSE / folder).rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def _calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def _data_keys(call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """The keys of the literal, or of every literal and assignment that makes the variable."""
    data = call.args[3] if len(call.args) > 3 else None
    if isinstance(data, ast.Dict):
        return _keys(data)
    if not isinstance(data, ast.Name):
        return set()
    found: set[str] = set()
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == data.id and isinstance(value := _value(node), ast.Dict):
                found |= _keys(value)
            if isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == data.id:
                found |= {key for key in [_text(target.slice)] if key}
    return found


def _value(node: ast.AST) -> ast.AST | None:
    return getattr(node, "value", None)


def _keys(data: ast.Dict) -> set[str]:
    return {key for each in data.keys if each is not None and (key := _text(each))}


def _text(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
