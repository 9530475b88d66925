"""A sheet to draw boxes and arrows on; the same drawing is the same text for ever. Knows nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Point = tuple[int, int]
LINE = 17
_STYLE = (
    "text{font:13px system-ui,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1b1f24}"
    ".title{font-weight:600;font-size:14px}.small{font-size:12px;fill:#57606a}.label{font-size:12px;fill:#0a3069}"
    ".area{fill:none;stroke:#afb8c1;stroke-dasharray:5 4}.arrow{fill:none;stroke:#57606a;stroke-width:1.5}"
    ".open{fill:#ddf4ff;stroke:#0969da}.closed{fill:#eaeef2;stroke:#57606a}.work{fill:#fff8c5;stroke:#9a6700}"
    ".rows{fill:#dafbe1;stroke:#1a7f37}.out{fill:#ffffff;stroke:#57606a}"
)


class Sheet:
    """Draw in any order: areas lie under arrows, arrows under boxes, and labels above all."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self._size, self._title = (width, height), title
        self._areas: list[str] = []
        self._arrows: list[str] = []
        self._boxes: list[str] = []
        self._labels: list[str] = []

    def area(self, x: int, y: int, width: int, height: int, title: str) -> None:
        self._areas.append(f'<rect class="area" x="{x}" y="{y}" width="{width}" height="{height}" rx="8"/>')
        self._areas.append(_text(x + 12, y + 20, title, "small", "start"))

    def box(self, centre: Point, size: Point, lines: Sequence[str], kind: str) -> None:
        """The first line is the title."""
        (x, y), (width, height) = centre, size
        place = f'x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}"'
        self._boxes.append(f'<rect class="{kind}" {place} rx="7"/>')
        top = y + 5 - (len(lines) - 1) * LINE // 2
        for number, line in enumerate(lines):
            self._boxes.append(_text(x, top + number * LINE, line, "title" if number == 0 else "small"))

    def arrow(self, *points: Point) -> None:
        path = " L".join(f"{x},{y}" for x, y in points)
        self._arrows.append(f'<path class="arrow" d="M{path}" marker-end="url(#head)"/>')

    def label(self, at: Point, *lines: str, anchor: str = "middle") -> None:
        for number, line in enumerate(lines):
            self._labels.append(_text(at[0], at[1] + number * 15, line, "label", anchor))

    def dot(self, at: Point) -> None:
        self._boxes.append(f'<circle cx="{at[0]}" cy="{at[1]}" r="7" fill="#1b1f24"/>')

    def text(self) -> str:
        width, height = self._size
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="{escape(self._title)}">',
            f"<title>{escape(self._title)}</title>",
            f"<style>{_STYLE}</style>",
            '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
            'orient="auto-start-reverse"><path d="M0,0 L10,5 L0,10 z" fill="#57606a"/></marker></defs>',
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *self._areas, *self._arrows, *self._boxes, *self._labels, "</svg>",
        ]  # fmt: skip
        return "\n".join(lines) + "\n"


def _text(x: int, y: int, words: str, kind: str, anchor: str = "middle") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
