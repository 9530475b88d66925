"""PURE. HTML of strangers without its power: no script, no form, no frame, and no picture from elsewhere until it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import nh3

STYLES = {
    "color", "background-color", "font-family", "font-size", "font-style", "font-weight", "text-align",
    "text-decoration", "line-height", "letter-spacing", "vertical-align", "white-space", "padding", "padding-top",
    "padding-right", "padding-bottom", "padding-left", "margin", "margin-top", "margin-right", "margin-bottom",
    "margin-left", "border", "border-top", "border-right", "border-bottom", "border-left", "border-color",
    "border-style", "border-width", "border-collapse", "border-radius", "width", "max-width", "height",
}  # fmt: skip
TAGS = nh3.ALLOWED_TAGS | {"font", "center"}
EVERYWHERE = {"style", "align", "valign", "bgcolor", "width", "height", "dir", "lang", "title"}


OWN_TAGS = {
    "p", "div", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "img", "h2", "h3", "pre",
    "code", "hr", "span", "sub", "sup", "table", "thead", "tbody", "tr", "td", "th",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Harmless:
    html: str
    blocked: int


def harmless(html: str, remote_images: bool = False) -> Harmless:
    """The words and their looks; ``blocked`` counts the pictures left out."""
    blocked = 0

    def attribute(tag: str, name: str, value: str) -> str | None:
        nonlocal blocked
        if tag == "img" and name == "src" and not remote_images:
            blocked += 1
            return None
        return value

    allowed = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    allowed["*"] = allowed.get("*", set()) | EVERYWHERE
    allowed["img"] = {"src", "alt", "width", "height"}
    allowed["font"] = {"color", "face", "size"}
    allowed["a"] = {"href"}
    clean = nh3.clean(
        html, tags=TAGS, attributes=allowed, attribute_filter=attribute, filter_style_properties=STYLES,
        url_schemes={"http", "https", "mailto", "tel"}, link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "title", "svg", "math", "noscript", "template"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )  # fmt: skip
    return Harmless(clean, blocked)


def own_html(html: str) -> str:
    """What an agent wrote, in the few tags a letter needs; pictures are those that travel with it."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        return None if (tag, name) == ("img", "src") and not value.startswith("cid:") else value

    return nh3.clean(
        html, tags=OWN_TAGS, attributes={"a": {"href"}, "img": {"src", "alt", "width"}}, attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "tel", "cid"}, link_rel=None,
        clean_content_tags={"script", "style", "title", "svg", "math", "noscript", "template"},
    )  # fmt: skip
