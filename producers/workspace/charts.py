"""PURE. Small bar charts as SVG, drawn here: no script, no style in the page, every number in words for who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, LINE, LABEL, BAR, ROOM = 460, 26, 178, 14, 52


@dataclass(frozen=True, slots=True)
class Bar:
    """``tone`` is a class of the stylesheet: calm, wait, good or warn."""

    label: str
    value: int
    tone: str = "calm"


def bars(title: str, found: Sequence[Bar]) -> Markup:
    """One bar under the other, all to one scale; what is not zero is seen."""
    most = max([1, *(bar.value for bar in found)])
    lines = Markup("").join(_line(place, bar, most) for place, bar in enumerate(found))
    told = f"{title}: {', '.join(f'{bar.label} {bar.value}' for bar in found)}"
    return Markup('<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        told, WIDTH, LINE * len(found), lines
    )


def _line(place: int, bar: Bar, most: int) -> Markup:
    top, middle = place * LINE + (LINE - BAR) // 2, place * LINE + LINE // 2
    long = max(3, round((WIDTH - LABEL - ROOM) * bar.value / most)) if bar.value else 0
    return Markup(
        '<text class="name" x="{}" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="number" x="{}" y="{}">{}</text>'
    ).format(LABEL - 10, middle, bar.label, bar.tone, LABEL, top, long, BAR, LABEL + long + 7, middle, f"{bar.value:,}")
