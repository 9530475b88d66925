"""PURE. The first instant after an absence that an automatic reply states; refuses dates without a word that gives them sense.

Whether that instant is a working day is not asked here.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from workers import dates
from workers.dates import Reading

_LONGEST = timedelta(days=366)
_READ = 4_000
_NEAR = 60  # characters after the word in which its date must begin
_DAY = timedelta(days=1)

# Words before the last day away, and words before the first day back, by language.
_THROUGH = (
    r"until|till|through|bis(?: einschlie(?:ß|ss)lich)?(?: zum)?|jusqu['’]au|hasta(?: el)?|fino al?|até(?: o dia| a)?|"
    r"t/m|tot en met|до|till och med|t\.o\.m\.|til og med|asti|fram till|saakka|do dnia|până (?:pe|la|în)|έως|μέχρι|tarihine kadar|"
    r"直至|直到|至(?=\d)"
)
_SHORT = r"to|au|al|tot|do|по|til"  # also said of other things: the date must follow at once
_BACK = (
    r"back|return(?:ing)?|be available again|in the office again|wieder(?: (?:erreichbar|da|im b[üu]ro))?|"
    r"zur[üu]ck|ab dem|"
    r"de retour|retour|reviendrai|dès le|vuelvo|regreso|vuelta|de vuelta|a partir del|torno|rientro|"
    r"rientrer[òo]|di ritorno|"
    r"volto|retorno|regresso|de volta|terug|weer (?:aanwezig|bereikbaar)|wracam|powr[óo]t|b[ęe]d[ęe] z powrotem|"
    r"вернусь|буду|выйду|повернуся|tillbaka|åter|tilbake|tilbage|takaisin|palaan|vr[áa]t[íi]m|zp[ěe]t|"
    r"revin|mă întorc|επιστρέφω|dönüyorum|visszatérek"
)
_STATED = (
    (re.compile(rf"(?<!\w)(?:{_BACK})(?!\w)", re.IGNORECASE), _NEAR, timedelta(0)),
    (re.compile(rf"(?<!\w)(?:{_THROUGH})(?!\w)", re.IGNORECASE), _NEAR, _DAY),
    (re.compile(rf"(?<!\w)(?:{_SHORT})(?=\s\w{{0,8}}[\s]?\d|\s[^\W\d_]{{3,12}}\.?\s\d)", re.IGNORECASE), 14, _DAY),
    (re.compile(r"(?<=[\d.])(?:st|nd|rd|th)?\s?[-–—](?=\s?\w)"), 1, _DAY),  # 23.11. - 27.11., 23-27 November
)
_MONTH_BEFORE = re.compile(
    r"(?<!\w)(?P<m>[^\W\d_]{3,12})\.? \d{1,2}(?:st|nd|rd|th)?\s?[-–—]\s?(?P<d>\d{1,2})(?![\d:/.]|\s?[^\W\d_])"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?]\s(?=[A-ZÀ-ÞА-Я])")
_AFTERWARDS = re.compile(
    r"(?P<date>(?:\d{4}[年/])?\s?\d{1,2}[月/]\d{1,2}日?)\s?(?:\([月火水木金土日]\)|（[月火水木金土日]）)?\s?まで"
)
# Words of languages in which 3/4 is the third of April; English alone does not say.
_DAY_FIRST = re.compile(
    r"(?<!\w)(?:jusqu|bureau|absent|hasta|oficina|estaré|fino|ufficio|sarò|até|escritório|estarei|bis|büro|abwesend|tot|kantoor|afwezig|"
    r"до|офис|nieobecn\w*|biurz\w*|kontoret)(?!\w)",
    re.IGNORECASE,
)


def until(text: str, received_at: datetime, offset: timedelta | None = None) -> datetime | None:
    """From when on the person can be reminded again; nothing where no date is stated, or one past or beyond a year.

    ``offset`` is that of the sender's clock.
    """
    text = re.sub(r"\s+", " ", text[:_READ])
    reading = Reading(received_at, _day_first(text, offset))
    for word, near, after in _STATED:
        for match in list(word.finditer(text))[:40]:
            words = _SENTENCE_END.split(text[match.end() : match.end() + near + 30], maxsplit=1)[0]
            day = dates.first(words, near, reading) if near > 1 or words[:2].strip()[:1].isalnum() else None
            if day is not None and _sensible(day + after, received_at):
                return day + after
    return _said_otherwise(text, reading)


def _said_otherwise(text: str, reading: Reading) -> datetime | None:
    """``Nov 23 - 27``; and Japanese says it after the date."""
    span, afterwards = _MONTH_BEFORE.search(text), _AFTERWARDS.search(text)
    day = dates.day_in_month(span["m"], int(span["d"]), reading.at) if span else None
    if day is None and afterwards:
        day = dates.first(afterwards["date"].strip(), 0, Reading(reading.at, day_first=False))
    return day + _DAY if day is not None and _sensible(day + _DAY, reading.at) else None


def _sensible(day: datetime, received_at: datetime) -> bool:
    return timedelta(0) < day - received_at <= _LONGEST


def _day_first(text: str, offset: timedelta | None) -> bool | None:
    """By the language; English by the clock: America is west of Greenwich, and Greenwich itself is the time of many servers."""
    if _DAY_FIRST.search(text):
        return True
    if not offset:
        return None
    return offset > timedelta(0)


def offset_of(date: str) -> timedelta | None:
    """The sender's distance from UTC by the Date field (RFC 5322 3.3)."""
    found = re.search(r"([+-])(\d\d)([0-5]\d)(?:\s|$)", date[:200])
    if found is None:
        return None
    distance = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return distance if found[1] == "+" else -distance
