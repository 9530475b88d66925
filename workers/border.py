"""PURE. What our own mail border found out about a sender (RFC 8601); refuses to believe anybody else's Authentication-Results.

Whoever writes the field can write anything into it, so only the topmost ones count, with the name we were given for our border.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from models import addresses
from workers import mime
from workers.charsets import text_in

Verdict = Literal["pass", "fail", "unknown"]
METHODS = ("spf", "dkim", "dmarc")
_READ = 10_000
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"\s*([a-z0-9-]{1,20})(?:/\d{1,4})?\s*=\s*([a-z]{1,20})(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(
    r"(?:header\.d|header\.i|smtp\.mailfrom|smtp\.helo|header\.from)\s*=\s*\"?(?:[^\s;\"@]{0,256}@)?([\w.-]{1,253})",
    re.IGNORECASE,
)
_FAILED = frozenset({"fail", "softfail", "hardfail", "permerror"})


@dataclass(frozen=True, slots=True)
class Authentication:
    """The result of each method as the border wrote it, and what follows for the address in From."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    verdict: Verdict = "unknown"

    def as_dict(self) -> dict[str, str]:
        return {name: value for name in METHODS if (value := getattr(self, name))}


def authentication(mail: mime.Entity, border: str, from_address: str, authors: int = 1) -> Authentication:
    """Nothing is known where no border is named, or where it wrote nothing; of several authors none is proved."""
    found = [result for value in _of_border(mail, border) for result in _results(value)] if border else []
    if not found:
        return Authentication()
    said = {name: _best([result for method, result, _ in found if method == name]) for name in METHODS}
    verdict = _verdict(said, found, addresses.domain_of(from_address)) if authors <= 1 else "fail"
    return Authentication(**said, verdict=verdict)


def _of_border(mail: mime.Entity, border: str) -> list[str]:
    """The border adds its fields on top; whatever claims its name below the next hop's trace came with the mail."""
    found: list[str] = []
    for name, value in mail.fields:
        if name == "received" and found:
            break
        if name != "authentication-results":
            continue
        text = _COMMENT.sub(" ", text_in(value[:_READ], ""))
        who, _, results = text.partition(";")
        if (who.split() or [""])[0].strip('"').lower() == border.lower():
            found.append(results)
    return found


def _results(value: str) -> list[tuple[str, str, str]]:
    """Method, result and the domain it is about."""
    matches = (_RESULT.match(part) for part in value.split(";")[:50])
    return [
        (m[1].lower(), m[2].lower(), addresses.domain_of(d[1]) if (d := _DOMAIN.search(m[3])) else "")
        for m in matches
        if m
    ]


def _best(results: list[str]) -> str:
    """One good signature among several is enough (RFC 6376, 6.1)."""
    return "pass" if "pass" in results else next(iter(results), "")


def _verdict(said: dict[str, str], found: list[tuple[str, str, str]], domain: str) -> Verdict:
    """DMARC's word where there is one; else a pass counts for its own domain only, and a failure if nothing passed.

    Whoever reads a crooked From otherwise than our border did must not lend its pass to another domain.
    """
    if said["dmarc"] == "fail" or ("dmarc", "pass", domain) in found:
        return "fail" if said["dmarc"] == "fail" else "pass"
    if any(
        result == "pass" and method in ("spf", "dkim") and _aligned(about, domain) for method, result, about in found
    ):
        return "pass"
    if "pass" in said.values():
        return "unknown"
    return "fail" if said["spf"] in _FAILED or said["dkim"] in _FAILED else "unknown"


def _aligned(about: str, domain: str) -> bool:
    return bool(about) and (about == domain or about.endswith(f".{domain}") or domain.endswith(f".{about}"))
