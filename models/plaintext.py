"""PURE. HTML as plain text: every visible word once and in order; refuses to lay out or to interpret.

Not the stdlib's parser: it takes minutes for 400 kB of ``<!--`` (CVE-2025-6069). Here every character is looked at once, and
what comes after more tags than any person's mail has is read roughly: its words stay, its lines do not.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_TOKEN = re.compile(r"<!--|<[!?][^<>]*+>|<(/?)([A-Za-z][A-Za-z0-9:-]{0,50}+)([^<>]*+)>")
_ATTRIBUTE = r"""(?:^|[\s"'/])%s\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_HREF = re.compile(_ATTRIBUTE % "href", re.IGNORECASE)
_ALT = re.compile(_ATTRIBUTE % "alt", re.IGNORECASE)
_ANY_TAG = re.compile(r"<(?:[/?A-Za-z]|!(?!--))[^<>]*+>|<!--[^<>]*+(?<=--)>")
_MANY_LINES = re.compile(r"\n\n\n+")  # a search for ``\n{3,}`` is ten times slower
_USUAL = {"&nbsp;": "\u00a0", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_BLOCK = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p"),
        *("pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)


@dataclass(slots=True)
class Care:
    """How much is still read with care; what is beyond both stays as it is written, tags and all."""

    closely: int = 30_000  # tags, entities, lines of ``<pre>``
    roughly: int = 2_000_000  # characters, once nothing is read closely any more


def from_html(source: str, care: Care | None = None) -> str:
    """The visible words of ``source``; blocks become lines, quotations lines that begin with ``> ``.

    Pages that belong together share one ``care``.
    """
    care = care or Care()
    page = _Page(care)
    at = read = 0
    unclosed = set[str]()
    while care.closely > 0 and (at := source.find("<", at)) >= 0:
        care.closely -= 1
        match = _TOKEN.match(source, at)
        if match is None:
            at += 1
            continue
        page.words(source[read:at])
        at = match.end()
        tag = (match[2] or "").lower()
        closing = "-->" if match[0] == "<!--" else rf"</{tag}\s{{0,20}}>" if tag in _SILENT and not match[1] else None
        if closing and closing not in unclosed:
            at = _after(source, closing, at, unclosed)
        elif tag:
            page.tag(tag, bool(match[1]), match[3][:4_000])
        read = at
    page.words(source[read:])
    return page.text()


def _after(source: str, closing: str, at: int, unclosed: set[str]) -> int:
    """Past what nobody sees. Where it never closes it is read on: better a stray word than a lost letter."""
    found = re.compile(closing, re.IGNORECASE).search(source, at)
    if found is None:
        unclosed.add(closing)
        return at
    return found.end()


class _Page:
    def __init__(self, care: Care) -> None:
        self._care = care
        self._lines: list[str] = []
        self._line: list[str] = []
        self._pre = 0
        self._quote = 0
        self._link = ""

    def words(self, source: str) -> None:
        if not source:
            return
        self._care.closely -= source.count("&") + (source.count("\n") if self._pre else 0)
        if self._care.closely <= 0:
            self._roughly(source)
            return
        words = _unescaped(source)
        if self._link and words.strip() in (self._link, self._link.removeprefix("mailto:")):
            self._link = ""  # the words are the address already
        if not self._pre:
            for blank in "\t\r\n\f":
                words = words.replace(blank, " ")
            self._line.append(words)
            return
        first, *rest = words.split("\n")
        self._line.append(first)
        for line in rest:
            self._break(force=True)
            self._line.append(line)

    def tag(self, name: str, ends: bool, attributes: str) -> None:
        self._care.closely -= attributes.count("&") + len(attributes) // 50
        if name in _BLOCK or name == "br":
            self._break(force=name == "br" and not ends)
        if ends:
            self._leave(name)
        else:
            self._enter(name, attributes)

    def text(self) -> str:
        self._break()
        return _MANY_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")

    def _enter(self, name: str, attributes: str) -> None:
        if name == "a":
            href = _value(_HREF, attributes)
            self._link = href if href.lower().startswith(("http:", "https:", "mailto:")) else ""
        elif name == "blockquote":
            self._quote += 1
        elif name == "pre":
            self._pre += 1
        elif name == "img" and (alt := _value(_ALT, attributes)):
            self._line.append(f"[{alt}]")
        elif name in ("td", "th", "li"):
            self._line.append("* " if name == "li" else " ")
        elif name == "p" and self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._mark().rstrip())

    def _leave(self, name: str) -> None:
        if name == "a" and self._link:
            self._line.append(f" <{self._link}>")
            self._link = ""
        elif name == "blockquote":
            self._quote = max(0, self._quote - 1)
        elif name == "pre":
            self._pre = max(0, self._pre - 1)

    def _roughly(self, source: str) -> None:
        self._break()
        roughly, rest = source[: self._care.roughly], source[self._care.roughly :]
        self._care.roughly -= len(roughly)
        roughly = _ANY_TAG.sub(" ", roughly)
        for entity, character in _USUAL.items():
            roughly = roughly.replace(entity, character)
        self._lines.append(roughly + rest)

    def _break(self, force: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._pre else _single_spaced(line).strip(" ")
        self._line.clear()
        if line or force:
            self._lines.append((self._mark() + line).rstrip(" "))

    def _mark(self) -> str:
        return "> " * min(self._quote, 10)


def _value(attribute: re.Pattern[str], attributes: str) -> str:
    found = attribute.search(attributes)
    return _unescaped(found[found.lastindex or 0]).strip()[:2_000] if found else ""


def _single_spaced(line: str) -> str:
    while "  " in line:
        line = line.replace("  ", " ")
    return line


def _unescaped(words: str) -> str:
    """``int()`` refuses more than 4,300 digits."""
    return html.unescape(re.sub(r"&#(?=[0-9]{9})", "&amp;#", words)) if "&" in words else words
