"""PURE. HTML as plain text: every visible word once and in order; refuses to lay out or to interpret."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template"})
_BLOCK = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure"),
        *(
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
        ),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)


def from_html(html: str) -> str:
    """The visible words of ``html``; blocks become lines, quotations lines that begin with ``> ``."""
    reader = _Reader()
    reader.feed(html.replace("\x00", ""))
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._silent: str | None = None
        self._pre = 0
        self._quote = 0
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._silent = None  # a head nobody closed must not swallow the letter
        if self._silent:
            return
        if tag in _SILENT:
            self._silent = tag
        elif tag in _BLOCK or tag == "br":
            self._break(force=tag == "br")
        elif tag in ("td", "th"):
            self._line.append(" ")
        self._enter(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = None if tag == self._silent else self._silent
            return
        if tag in _BLOCK:
            self._break()
        if tag == "a" and self._link:
            self._line.append(f" <{self._link}>")
            self._link = None
        elif tag == "blockquote":
            self._quote = max(0, self._quote - 1)
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._link and data.strip() and data.strip() in (self._link, self._link.removeprefix("mailto:")):
            self._link = None  # the words are the address already
        if self._pre:
            self._preformatted(data)
        else:
            self._line.append(re.sub(r"[ \t\r\n\f]+", " ", data))

    def text(self) -> str:
        self._break()
        kept = "\n".join(self._lines)
        return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")

    def _enter(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "a":
            href = (attrs.get("href") or "").strip()
            self._link = href if href.lower().startswith(("http:", "https:", "mailto:")) else None
        elif tag == "blockquote":
            self._quote += 1
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._line.append("* ")
        elif tag == "img" and attrs.get("alt"):
            self._line.append(f"[{attrs['alt']}]")
        elif tag == "p" and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._mark())

    def _preformatted(self, data: str) -> None:
        first, *rest = data.split("\n")
        self._line.append(first)
        for line in rest:
            self._break(force=True)
            self._line.append(line)

    def _break(self, force: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._pre else re.sub(" {2,}", " ", line).strip(" ")
        self._line.clear()
        if line or force:
            self._lines.append((self._mark() + line).rstrip(" ") if self._quote else line)

    def _mark(self) -> str:
        return "> " * min(self._quote, 10)
