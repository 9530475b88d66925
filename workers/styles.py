"""PURE. Style sheets moved into the elements they are for, since many mail programs read nothing else.

Refuses to fetch anything, and leaves alone what has no style sheet or more tags than a parser can be trusted with.
"""

from __future__ import annotations

import re

import css_inline

# Unclosed tags nest: 20,000 of them overflow the inliner's stack and take the process along, 2,000 do no harm (measured).
_TAGS = 2_000
_SHEET = re.compile(r"<style[\s>]", re.IGNORECASE)
_TAG = re.compile(r"<[a-z]", re.IGNORECASE)


def inlined(html: str) -> str:
    """The same page with its rules on the elements; those no element can carry (``@media``, ``:hover``) stay where they are."""
    if not _SHEET.search(html) or len(_TAG.findall(html)) > _TAGS:
        return html
    # Made here and now: an inliner keeps nothing between two pages, and none may be shared by threads.
    inliner = css_inline.CSSInliner(
        load_remote_stylesheets=False, keep_link_tags=True, keep_style_tags=True, remove_inlined_selectors=True
    )
    try:
        return inliner.inline(html)
    except css_inline.InlineError:
        return html  # a sheet that cannot be read can still be sent as it was written
