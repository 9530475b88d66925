"""PURE. Answers between the lines of our own mail where nothing marks either (Outlook), found by comparing with what we sent.

Refuses to take for an answer what stands above or below all of our lines: banners, footers and older mail do.
"""

from __future__ import annotations

import re

from workers.attributions import announces
from workers.heads import heads, original

_LINES = 1_000
_READ = 100_000
_SENT = 50_000
_SURE = 8  # letters and figures that make a line of ours known again
_LINK = re.compile(
    r"<(?:https?|mailto|tel):[^<>\s]{1,1000}>|\[cid:[^\]\s]{1,200}\]|\[image[^\]]{0,100}\]", re.IGNORECASE
)


def answered(quoted: str, sent: str) -> bool:
    """Whether words that are not of the mail we sent stand between lines that are."""
    lines, ours = quoted[:_READ].split("\n")[:_LINES], f" {_plain(sent[:_SENT])} "
    waiting = seen = False
    for number, line in enumerate(lines):
        words = _plain(line)
        if not words or line.lstrip().startswith(">"):
            continue
        if seen and (original(line) or heads(lines, number) or announces(lines, number)):
            return False  # what follows is older
        known = f" {words} " in ours
        sure = known and len(words) >= _SURE
        if sure and waiting:
            return True
        seen = seen or sure
        waiting = waiting or (seen and not known)
    return False


def _plain(text: str) -> str:
    """Words only, so that wrapping, links and signs make no difference."""
    return " ".join(re.findall(r"[^\W_]+", _LINK.sub(" ", text).lower()))
