"""The page of the command line, from its own help texts."""

from __future__ import annotations

import re
from typing import Any

import typer

from cli.app import program
from docs.writers.markdown import code, table, whole

_EXITS = """
Exit codes: 0 done, 1 failed or rejected, 2 wrong usage or settings, 3 something does not answer. Run it as `postroom …`
where the package is installed, or as `python -m postroom …` in a checkout. Where `--json` is offered, programs may read
the output.
"""


def page() -> str:
    index = table(
        ("Command", "What it does"), [(f"[`{name}`](#{anchor(name)})", _short(found)) for name, found in every()]
    )
    return whole("Command line", _EXITS, index, *(_section(name, found) for name, found in every()))


def every() -> list[tuple[str, Any]]:
    """Every command with its full name, groups walked through."""
    return _walk("postroom", typer.main.get_command(program()))


def anchor(name: str) -> str:
    return name.replace(" ", "-")


def _walk(name: str, command: Any) -> list[tuple[str, Any]]:
    inside = getattr(command, "commands", None)
    if inside is None:
        return [(name, command)]
    return [found for inner, each in inside.items() for found in _walk(f"{name} {inner}", each)]


def _short(command: Any) -> str:
    return _text(command.help).partition("\n\n")[0].partition(". ")[0].rstrip(".") + "."


def _section(name: str, command: Any) -> str:
    parts = [f"## {name}", _text(command.help), _usage(name, command), _parameters(command), _examples(command)]
    return "\n\n".join(part for part in parts if part)


def _usage(name: str, command: Any) -> str:
    arguments = [_called(each) for each in command.params if each.param_type_name == "argument"]
    options = (
        ["[OPTIONS]"] if any(each.opts[0].startswith("--") and each.name != "help" for each in command.params) else []
    )
    return f"```\n{' '.join([name, *options, *arguments])}\n```"


def _called(argument: Any) -> str:
    plain = str(argument.metavar or argument.name).strip("[]")
    return plain if argument.required else f"[{plain}]"


def _parameters(command: Any) -> str:
    rows = []
    for each in command.params:
        if each.name == "help":
            continue
        names = _called(each) if each.param_type_name == "argument" else ", ".join(each.opts)
        rows.append((code(names), _standard(each), _text(each.help)))
    return table(("Parameter", "Default", "Meaning"), rows) if rows else ""


def _standard(each: Any) -> str:
    plain = each.default in (None, False) or callable(each.default)
    return "required" if each.required else "" if plain else code(str(each.default))


def _examples(command: Any) -> str:
    lines = re.findall(r"^`(.+)`$", command.epilog or "", re.MULTILINE)
    return "```console\n" + "\n".join(f"$ {line}" for line in lines) + "\n```" if lines else ""


def _text(help_text: str | None) -> str:
    paragraphs = re.split(r"\n\s*\n", (help_text or "").strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
