"""PURE. What stands below the line of a signature: RFC 3676's ``-- `` says so itself, a bare ``--`` or underscores do not.

Refuses sentences: people draw lines between their paragraphs, too.
"""

from __future__ import annotations

import re

_LINES = 15
_WIDTH = 100
_READ = 1_000
_LINE = ("-- ", "--\u00a0")
_BARE = re.compile(r"\s{0,3}(?:--|_{5,60})\s{0,3}")  # the space was lost on the way; webmail
# How one reaches somebody, or where a company is entered.
_REACHED = re.compile(
    r"\S{1,100}@\S{1,200}|https?://\S{1,300}|\bwww\.\S{1,200}|\+?\(?\d[\d\s()./-]{5,40}\d|"
    r"(?<!\w)(?:tel|phone|fon|fax|mobile?|mobil|cell|office|e-?mail|mail|web|skype|telegram|whatsapp|t|m|f|p|e|w)\s?[.:|]|"
    r"(?<!\w)(?:hrb|hra|ust-?id|vat|siret|siren|p\.? ?iva|kvk|nip|инн|огрн)(?!\w)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:.{0,30} / )?(?:(?:(?:best|kind|warm|many)\s)?(?:regards|wishes)|cheers|sincerely(?: yours)?|yours(?: \w+)?|"
    r"(?:mit |viele |liebe |beste |sch[öo]ne |herzliche |lieben |freundlichen |vielen |besten |sch[öo]nen )*gr(?:ü|ue)(?:ß|ss)en?|"
    r"(?:bien |très )?cordialement|(?:un )?(?:cordial )?saludos?|(?:cordiali |distinti )?saluti|(?:com os melhores )?cumprimentos|"
    r"(?:met )?vriendelijke groet(?:en)?|(?:med )?v[äe]nliga? h[äi]lsning(?:ar)?|mvh|med vennlig hilsen|"
    r"pozdrawiam|z poważaniem|с уважением|з повагою|s pozdravem|ystävällisin terveisin|üdvözlettel|saygılarımla)"
    r"(?: / .{0,30})?[,.!]?",
    re.IGNORECASE,
)
# A word of a name, a title or a firm. Particles and conjunctions stand in names as well.
_OF_NAME = re.compile(
    r"\W{0,2}(?:[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄҐ]\S*|\d[\w.,/-]*|&|\||[•·–—,/-]|[^\x00-\u02ffͰ-ԯ]{1,6}|"
    r"von|van|vom|de[nrs]?|du|la|le|el|al|bin|ibn|di|da|dos|do|ter|ten|zu|zur|of|and|the|for|at|in|und|für|et|y|e|och|og|i)\W{0,2}"
)
_FIRM = re.compile(
    r"(?<!\w)(?:ltd|inc|co|corp|llc|b\.?v|n\.?v|s\.?a|a\.?s|s\.?r\.?l|s\.?p\.?a|e\.?v|o\.?o)\.$", re.IGNORECASE
)
_SAID = re.compile(  # one word that is an answer, and no name
    r"\W{0,3}(?:yes|no|ok(?:ay)?|sure|agreed|approved|confirmed|done|thanks?|thank|please|sorry|hello|hi|never|maybe|now|today|tomorrow|"
    r"ja|nein|danke|bitte|gerne|einverstanden|oui|non|merci|s[ií]|gracias|grazie|prego|obrigad[oa]|sim|não|nee|bedankt|tack|"
    r"takk|tak|kiitos|dziękuję|tak|nie|да|нет|спасибо|хорошо|так|ні|дякую|好|是|不|谢谢|謝謝|はい|いいえ|네|아니요)(?!\w)",
    re.IGNORECASE,
)
# What gateways and virus scanners write below every mail.
_SCANNED = re.compile(
    r"mailscanner|libra ?esva|avast|\bavg\b|eset nod32|bitdefender|kaspersky|sophos|clamav|fortimail|mimecast|"
    r"(?:report|mark|segnalar\w*|melden|signaler).{0,40}\bspam\b|virus.?free|blacklist",
    re.IGNORECASE,
)


def starts(lines: list[str], end: int) -> int | None:
    """Where the signature begins that ends here, if there is one."""
    for number in range(end - 1, max(-1, end - 2 - _LINES), -1):
        line = lines[number]
        if line.lstrip().startswith((">", "|")) or (len(line) > _WIDTH and not _SCANNED.search(line[:_READ])):
            return None
        if line in _LINE or (_BARE.fullmatch(line) and _names(lines[number + 1 : end])):
            return number
    return None


def _names(block: list[str]) -> bool:
    """Somebody's name and how to reach them, a greeting, or a scanner's word; no sentence."""
    said = [line[:_READ].strip() for line in block if line.strip()]
    begins = bool(said) and not re.match(r"\d{1,5}\s", said[0])
    return not said or (begins and all(map(_is_of_signature, said)))


def _is_of_signature(line: str) -> bool:
    if _SCANNED.search(line) or _CLOSING.fullmatch(line):
        return True
    beside = _REACHED.sub(" ", line).strip(" .:|,;()[]<>-–—\t")
    return not beside or _is_name(beside)


def _is_name(line: str) -> bool:
    words = line.split()
    ends = line.endswith(("?", "!", ":", ";")) or (line.endswith(".") and len(words) > 4 and not _FIRM.search(line))
    return len(words) <= 9 and not ends and not _SAID.match(line) and all(map(_OF_NAME.fullmatch, words))
