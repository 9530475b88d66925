"""PURE. HTML of strangers without its power: no script, no form, no frame, and no picture from elsewhere until it is asked for.

Pictures that came with the mail are put in as they are; whatever else wants to be loaded, by whatever attribute, is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

import nh3

from models import plaintext

STYLES = {
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align",
    "text-decoration", "line-height", "letter-spacing", "vertical-align", "white-space", "padding", "padding-top",
    "padding-right", "padding-bottom", "padding-left", "margin", "margin-top", "margin-right", "margin-bottom",
    "margin-left", "border", "border-top", "border-right", "border-bottom", "border-left", "border-color",
    "border-style", "border-width", "border-collapse", "border-radius", "width", "max-width", "height",
}  # fmt: skip
TAGS = nh3.ALLOWED_TAGS | {"font", "center"}
EVERYWHERE = {"style", "align", "valign", "bgcolor", "width", "height", "dir", "lang", "title"}

SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp")  # pictures that hold no program
DATA_LIMIT = 1_000_000
HTML_LIMIT = 4_000_000  # characters; pictures may be inside
DEPTH_LIMIT = 300
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,50})")
_NEVER_CLOSED = {
    "br", "img", "hr", "meta", "link", "input", "col", "wbr", "area", "p", "li", "tr", "td", "th", "dd", "dt", "option",
}  # fmt: skip
_LINK = re.compile(r"\s*(?:https?://|mailto:|tel:)", re.IGNORECASE)
_REMOTE = re.compile(r"\s*https?://", re.IGNORECASE)
_DATA = re.compile(rf"data:(?:{'|'.join(SHOWN)});base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_NOWHERE = re.compile(r"<img(?![^>]*\bsrc=)[^>]*>")
OWN_TAGS = {
    "p", "div", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "img", "h2", "h3", "pre",
    "code", "hr", "span", "sub", "sup", "table", "thead", "tbody", "tr", "td", "th",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Harmless:
    html: str
    blocked: int


def harmless(html: str, remote_images: bool = False, pictures: Mapping[str, str] | None = None) -> Harmless:
    """The words and their looks; ``blocked`` counts the pictures left out. ``pictures``: ``data:`` addresses by Content-ID."""
    if _is_made_to_hurt(html):
        return Harmless(_as_words(html), 0)
    blocked = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if (tag, name) == ("a", "href"):
            return value if _LINK.match(value) else None
        if (tag, name) != ("img", "src"):
            return value
        found = _picture(value, pictures or {})
        if found is None and _REMOTE.match(value):
            blocked += not remote_images
            return value if remote_images else None
        return found

    allowed = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    allowed["*"] = allowed.get("*", set()) | EVERYWHERE
    allowed["img"] = {"src", "alt", "width", "height"}
    allowed["font"] = {"color", "face", "size"}
    allowed["a"] = {"href"}
    clean = nh3.clean(
        html, tags=TAGS, attributes=allowed, attribute_filter=attribute, filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel", "cid", "data"}, link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title", "svg", "math", "noscript", "template"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )  # fmt: skip
    return Harmless(clean, blocked)


def _picture(value: str, pictures: Mapping[str, str]) -> str | None:
    """What came with the mail: by its Content-ID, or inside the HTML itself if it is a small picture of a plain kind."""
    value = value.strip()
    if value[:4].lower() == "cid:":
        return pictures.get(unquote(value[4:]).strip("<>"))
    return value if len(value) <= DATA_LIMIT and _DATA.fullmatch(value) else None


def _is_made_to_hurt(html: str) -> bool:
    """The sanitiser's time grows with the square of the depth: no honest mail opens an element so often without closing it."""
    if len(html) > HTML_LIMIT:
        return True
    depth: Counter[str] = Counter()
    for match in _TAG.finditer(html):
        depth[match[2].lower()] += -1 if match[1] else 1
        if depth[match[2].lower()] > DEPTH_LIMIT and match[2].lower() not in _NEVER_CLOSED:
            return True
    return False


def _as_words(html: str) -> str:
    return f"<pre>{escape(plaintext.from_html(html[:HTML_LIMIT]))}</pre>"


def own_html(html: str) -> str:
    """What an agent wrote, in the few tags a letter needs; pictures are those that travel with it."""
    if _is_made_to_hurt(html):
        return _as_words(html)

    def attribute(tag: str, name: str, value: str) -> str | None:
        return None if (tag, name) == ("img", "src") and not value.startswith("cid:") else value

    clean = nh3.clean(
        html, tags=OWN_TAGS, attributes={"a": {"href"}, "img": {"src", "alt", "width"}}, attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"}, link_rel=None,
        clean_content_tags={"script", "style", "title", "svg", "math", "noscript", "template"},
    )  # fmt: skip
    return _NOWHERE.sub("", clean)
