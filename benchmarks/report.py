"""How a run is told: a table on the terminal, the same as Markdown, a plot, and the raw numbers as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure

HEADS = ("what", "unit", "median", "least", "most", "aim", "")


def show(console: Console, machine: dict[str, str], found: list[Figure]) -> None:
    table = Table(title="Postroom on this machine", caption="; ".join(f"{k}: {v}" for k, v in machine.items()))
    for head in HEADS:
        table.add_column(head, justify="right" if head in ("median", "least", "most") else "left")
    for figure in found:
        style = {True: "green", False: "red", None: None}[figure.met]
        table.add_row(*_cells(figure), style=style)
    console.print(table)


def write(folder: Path, machine: dict[str, str], found: list[Figure]) -> None:
    """``latest.json``, ``latest.md`` and ``latest.svg`` in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = {"machine": machine, "figures": [asdict(figure) | {"median": figure.median} for figure in found]}
    (folder / "latest.json").write_text(json.dumps(raw, indent=1) + "\n")
    (folder / "latest.md").write_text(markdown(machine, found))
    plot(folder / "latest.svg", found)


def markdown(machine: dict[str, str], found: list[Figure]) -> str:
    lines = [f"- {name}: {value}" for name, value in machine.items()]
    lines += ["", f"| {' | '.join(HEADS)} |", "|---|---|--:|--:|--:|---|---|"]
    lines += [f"| {' | '.join(_cells(figure))} |" for figure in found]
    return "\n".join(lines) + "\n"


def plot(path: Path, found: list[Figure]) -> None:
    """One small panel per unit: medians as bars, the span as whiskers, the aim as a mark."""
    from matplotlib.figure import Figure as Canvas  # half a second to import, and only needed at the end

    units = list(dict.fromkeys(figure.unit for figure in found))
    heights = [sum(figure.unit == unit for figure in found) for unit in units]
    canvas = Canvas(figsize=(9, 1.2 * len(units) + 0.4 * len(found)), layout="constrained")
    panels = canvas.subplots(len(units), 1, squeeze=False, height_ratios=heights)[:, 0]
    for panel, unit in zip(panels, units, strict=True):
        _draw(panel, unit, [figure for figure in found if figure.unit == unit])
    canvas.savefig(path)


def _draw(panel, unit: str, rows: list[Figure]) -> None:  # type: ignore[no-untyped-def]
    places = range(len(rows))
    medians = [row.median for row in rows]
    spans = [[row.median - min(row.values) for row in rows], [max(row.values) - row.median for row in rows]]
    panel.barh(places, medians, xerr=spans, color="#5b8db8", ecolor="#333333", height=0.6)
    for place, row in zip(places, rows, strict=True):
        if row.aim is not None:
            panel.plot([row.aim.at_least or row.aim.below] * 2, [place - 0.4, place + 0.4], color="#c0392b", lw=2)
    panel.set_yticks(places, [row.name for row in rows])
    panel.invert_yaxis()
    panel.set_xlabel(f"{unit} (median, least to most; red: the aim)")


def _cells(figure: Figure) -> list[str]:
    met = {True: "met", False: "missed", None: ""}[figure.met]
    numbers = [_number(value) for value in (figure.median, min(figure.values), max(figure.values))]
    return [figure.name, figure.unit, *numbers, str(figure.aim or ""), met]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
