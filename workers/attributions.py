"""PURE. How mail programs announce the mail they quote, by language: the line of who wrote when.

Refuses to match what has no date, no time and no address: people write "On the hill he wrote:" themselves.
"""

from __future__ import annotations

import re

LONGEST = 500
SPREAD = 6  # lines over which programs wrap one announcement
_END = 250  # characters within which a line's last words stand
# All that follows is looked for in lower case: without IGNORECASE a search takes a fifth of the time.

# The verb that ends (or, in German and Dutch, stands within) the line: Gmail, Apple Mail, Thunderbird, Outlook for phones, Yahoo.
_VERBS = (
    r"wrote|writes|said|"  # English
    r"schrieb|hat geschrieben|geschrieben|"  # German
    r"a [ée]crit|[ée]crivait|"  # French
    r"escribi[óo]|ha escrito|va escriure|"  # Spanish, Catalan
    r"ha scritto|scrive|"  # Italian
    r"escreveu|"  # Portuguese
    r"schreef|heeft (?:het volgende )?geschreven|het volgende geschreven|"  # Dutch
    r"napisał(?:a|\(a\))?|pisze|"  # Polish
    r"написал(?:а|\(а\))?|пишет|пише|написав(?:ла|\(-?ла\))?|"  # Russian, Ukrainian
    r"napsal(?:a|\(a\))?|napísal(?:a|\(a\))?|"  # Czech, Slovak
    r"skrev|følgende|"  # Swedish, Danish, Norwegian
    r"skrifaði|"  # Icelandic
    r"kirjoitti|kirjutas|"  # Finnish, Estonian
    r"rakstīja|rašė|"  # Latvian, Lithuanian
    r"(?:şunu |şunları )?yazdı|yazmış|"  # Turkish
    r"[íi]rta|a (?:következ[őo]t )?[íi]rta|"  # Hungarian
    r"a scris|"  # Romanian
    r"έγραψε|"  # Greek
    r"написа|(?:је )?написао(?:/ла)?|napisao(?: je|/la)?|je napisal|napisal(?:a|\(a\))?|"  # Bulgarian, Serbian, Croatian, Slovene
    r"写道|寫道|来信|"  # Chinese
    r"のメール|(?:さん)?(?:は|が)?書きました|"  # Japanese
    r"작성|님이 작성|썼습니다|쓴 글|"  # Korean
    r"đã viết|menulis|"  # Vietnamese, Indonesian
    r"เขียนว่า|ने लिखा|نوشت|"  # Thai, Hindi, Persian
    r"كتب|تمت كتابة ما يلي بواسطة|כתב(?:/ה)?|נכתב"  # Arabic, Hebrew
)
_VERB_LAST = re.compile(rf"(?:{_VERBS})\s{{0,3}}(?:\S{{1,20}}\s?)?[:：]\s{{0,3}}$")
_VERB_INSIDE = re.compile(r"\s(?:schrieb|schreef|skrev|skrifaði|kirjutas|írta)\s")
# German, Finnish: "Ann schrieb am 1.2.2016 um 10:30:". German and Norwegian can begin with it.
_VERB_BEFORE_DATE = re.compile(
    r"\S{1,60}(?:\s\S{1,60}){0,5}\s(?:schrieb am|kirjoitti|escreveu|ezt írta|şun(?:u|ları) yazdı|napisał w dniu)\s.{0,12}\d",
)
_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)|写道|寫道|작성")
# Horde, SquirrelMail and The Bat! put the verb first.
_VERB_FIRST = re.compile(
    r"(?:quoting|zitat von|citando(?: a)?|citeren|citazione|quota|mensaje citado por|selon|"
    r"missatge de|wiadomość napisana przez|вы писали|you wrote)\s",
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d\d(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d\d(?!\d)|(?<!\d)[۱۲]\d{3}(?!\d)")
MAILBOX = re.compile(r"[<(\[]?\s?[^\s<>]{1,100}@[^\s<>]{1,100}\s?[>)\]]?")
_MAILBOX_LAST = re.compile(r"(?:[<(\[]\s?|(?:by|von|par|от) )[^\s<>]{1,100}@[^\s<>]{1,100}\s?[>)\]]{0,2},?\s?[:：]$")
# What the line begins with: the word before the date.
_BEFORE_DATE: dict[str, str] = {
    "English: Gmail, Apple Mail, Thunderbird, Outlook for phones; Eudora": r"on|at",
    "German": r"am",
    "French, Spanish, Catalan, Italian, Portuguese": r"le|el|el día|de|il|il giorno|em|no dia|às|a",
    "Dutch, Swedish, Danish, Norwegian": r"op|den",
    "Polish, Czech, Slovak, Slovene": r"w dniu|dnia|dne|dňa|v",
    "Romanian, Bulgarian, Serbian, Croatian": r"în|pe|на|u|у|na|a",
    "Greek, Estonian, Vietnamese, Indonesian": r"στις|kuupäev|vào|pada",
    "Horde": r"quoting",
}
# Or the date itself: its month (Tutanota), its day of the week (Gmail in languages without a word before it).
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}"
_DAYS: dict[str, str] = {
    "English": r"mon|tue|wed|thu|fri|sat|sun",
    "German": r"mo|di|mi|do|fr|sa|so",
    "French": r"lun|mar|mer|jeu|ven|sam|dim",
    "Spanish": r"lun|mar|mié|jue|vie|sáb|dom",
    "Catalan": r"dl|dt|dc|dj|dv|ds|dg",
    "Italian": r"lun|mar|mer|gio|ven|sab|dom",
    "Russian, Ukrainian": r"пн|вт|ср|чт|пт|сб|вс|нд",
    "Bulgarian, Serbian": r"пон|вто|уто|сре|чет|пет|суб|нед",
    "Polish": r"pon|wt|śr|czw|pt|sob|niedz",
    "Czech, Slovak": r"po|út|ut|st|čt|št|pá|pi|so|ne",
    "Croatian, Slovene": r"pon|uto|tor|sri|sre|čet|pet|sub|ned",
    "Danish, Norwegian": r"man|tir|tirs|ons|tor|tors|fre|lør|søn",
    "Swedish": r"mån|tis|ons|tors|fre|lör|sön",
    "Finnish": r"ma|ti|ke|to|pe|la|su",
    "Latvian": r"pirmd|otrd|trešd|ceturtd|piektd|sestd|svētd",
    "Icelandic": r"mán|þri|mið|fim|fös|lau|sun",
}
_OPENER = re.compile(
    rf"(?:{'|'.join(_BEFORE_DATE.values())}|{_MONTHS}|(?:{'|'.join(_DAYS.values())})[.\w]{{0,8}},?)\s|"
    # figures first; Chinese; and scripts without Latin letters, up to the first figure
    r"\d{1,4}[\s./年년-]|[在于於]\s?\d|[^\sa-z]{1,12}[\s،,]{1,3}(?:[^\sa-z]{1,12}[\s،,]{1,3}){0,2}\d",
)
# Yandex, Mail.ru, Gmail in Russian and Japanese, Tutanota: the date first, the address last, and no verb.
_VERBLESS = re.compile(
    r"(?!(?:on|at|am|le|el|il|em|en|op|den|to|do|la|de|in)\s)"
    r"(?:(?:[^\W\d]{2,14}[.,]{0,2}\s){0,2}|(?:[^\sa-z\d]{1,14}\s){0,4})\D{0,3}\d",
)
_AT_SOME_TIME = re.compile(r"at (?!.{0,30}\d[/.-]\d{1,2}[/.-]\d)")  # Eudora's date is in figures
_ON_DAY = re.compile(
    r"(?:on|am|le|el|il|em|op|den|på) (?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|so|lun|mar|mer|jeu|ven|sam|dim|mié|jue|vie|"
    r"sáb|dom|gio|seg|ter|qua|qui|sex|maan|woe|vrij|zat|zon|mån|tis|ons|tors|lör|sön)\w{0,8}[ ,]",
)
# Gmail's older short forms, without a verb: "2013/7/20 Name <address>", "2016-03-03 17:21 GMT+01:00 Name".
_GMAIL_SHORT = re.compile(
    r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\s(?:\d{1,2}:\d\d\s(?:gmt|utc)[+-]\d{1,2}:\d\d\s.{1,200}|"
    r".{1,200}<[^<>\s]{1,100}@[^<>\s]{1,100}>):?"
)
_BRACKETED = re.compile(r"[^<>@]{0,100}[<(]\s?(?:mailto:)?[^\s<>@]{1,100}@[^\s<>@]{1,100}\s?[>)]")
_NAMED_FIRST = re.compile(rf"[^<>@]{{0,100}}[<(]\s?[^\s<>@]{{1,100}}@[^\s<>@]{{1,100}}\s?[>)],?\s(?:{_VERBS})\s")
# Yahoo on phones goes on in the same line.
_ON_ONE_LINE = re.compile(rf"([^<>]{{10,200}}<[^<>\s]{{1,100}}@[^<>\s]{{1,100}}>\s?(?:{_VERBS})[:：])\s{{2,}}\S")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_BLANK = re.compile(r"[\u00a0\u2007\u202f\u3000\t]|&nbsp;")


def plain(line: str) -> str:
    """Without the signs that only steer the direction of writing, and with one kind of blank (Outlook, Gmail in Hebrew)."""
    return line if line.isascii() and "&" not in line and "\t" not in line else _BLANK.sub(" ", _UNSEEN.sub("", line))


def announces(lines: list[str], start: int) -> int:
    """How many lines from ``start`` on announce a quoted mail; 0 if they do not."""
    if not may_announce(lines, start):
        return 0
    first = _read(lines[start])
    if (whole := _ON_ONE_LINE.match(first)) and _is_announcement(whole[1], _dated_opener(first), marked=False):
        return 1
    if not first or len(first) > LONGEST or first[0] in ">|":
        return 0
    opener, dated = _opens(first), _dated(first)
    spread = ""
    for count in range(1, min(SPREAD if opener else 1, len(lines) - start) + 1):
        line = _read(lines[start + count - 1])
        spread = f"{spread} {line}".strip()
        if len(spread) > LONGEST or (count > 1 and dated and _dated_opener(line)):
            return 0  # a later line begins one of its own
        if _is_announcement(spread, opener, _marked(lines, start + count)):
            return count
    return 0


def _read(line: str) -> str:
    return plain(line[: LONGEST + 1]).strip().lower()


def may_announce(lines: list[str], start: int) -> bool:
    """A glance, because most lines do not: one of the next lines ends with a colon, or this one begins with a year."""
    if ":  " in lines[start][:LONGEST]:
        return True
    ends = (line[-40:].rstrip()[-4:] for line in lines[start : start + SPREAD])
    return lines[start][:8].lstrip()[:4].isdecimal() or any(":" in end or "：" in end for end in ends)


def _opens(line: str) -> bool:
    return _dated_opener(line) or ("@" in line and bool(MAILBOX.search(line)) and bool(_VERB.search(line)))


def _dated_opener(line: str) -> bool:
    return bool(_OPENER.match(line)) and _dated(line)


def _dated(line: str) -> bool:
    return bool(_TIME.search(line) or _YEAR.search(line))


def _marked(lines: list[str], number: int) -> bool:
    following = next((line for line in lines[number : number + 3] if line.strip()), "")
    return following.lstrip().startswith((">", "|"))


def _is_announcement(line: str, opener: bool, marked: bool) -> bool:
    """Without marks below it the line itself must be sure: what follows it is folded away."""
    if _GMAIL_SHORT.fullmatch(line):
        return True
    if not line.endswith((":", "：")):
        return False
    if marked and _ON_DAY.match(line) and _VERB_LAST.search(line[-_END:]):
        return True
    if "@" in line and MAILBOX.search(line):
        return _is_addressed(line, opener)
    timed, dated = bool(_TIME.search(line)), _dated(line)
    if _VERB_FIRST.match(line) or _VERB_BEFORE_DATE.match(line):
        return marked or (timed and bool(_YEAR.search(line)))
    said = _VERB_LAST.search(line[-_END:]) or _VERB_INSIDE.search(
        line
    )  # German, Dutch and others put the verb before the name
    if not opener or not said:
        return False
    return (dated and marked) or (timed and bool(_YEAR.search(line)) and not _AT_SOME_TIME.match(line))


def _is_addressed(line: str, opener: bool) -> bool:
    """With an address in it: a verb at its place, or a date at the beginning and the address at the end."""
    if _VERB_LAST.search(line[-_END:]):
        return opener or bool(_BRACKETED.match(line))
    if _VERB_FIRST.match(line):
        return True
    if _VERBLESS.match(line) and _TIME.search(line) and _YEAR.search(line) and _MAILBOX_LAST.search(line[-_END:]):
        return True
    return _dated(line) and (bool(_VERB_INSIDE.search(line)) or bool(_NAMED_FIRST.match(line)))
