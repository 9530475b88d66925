"""PURE. Days as people write them, in their languages: figures, months by name, weekdays, the day alone, tomorrow.

Refuses to guess what has two readings: 3/4 is only believed where the language or the sender's clock says which comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MONTHS = (
    r"jan|sty|янв|січ|led|tammi|ocak|ene|gen|ian", r"feb|fév|fev|lut|фев|лют|úno|helmi|şub",
    r"mar|mär|maa|mrt|март|берез|bře|maalis",
    r"apr|avr|abr|kwi|апр|квіт|dub|huhti|nis", r"may|mai|maj|mei|mag|мая|май|трав|kvě|touko|mayıs",
    r"jun|juin|giu|cze|июн|черв|čer|kesä|haz|iun", r"jul|juil|lug|lip|июл|лип|čvc|červenec|heinä|tem|iul",
    r"aug|aoû|aou|ago|sie|авг|серп|srp|elo|ağu", r"sep|set|wrz|сен|верес|zář|syys|eyl",
    r"oct|okt|ott|out|paź|окт|жовт|říj|loka|eki", r"nov|lis|ноя|листоп|marras|kas|noi",
    r"dec|dez|déc|dic|gru|дек|груд|pros|joulu|ara",
)  # fmt: skip
_WEEKDAYS = (
    r"mon(?:day)?|montag|mo|lundi|lun(?:es|edì)?|segunda(?:-feira)?|maandag|poniedziałk\w*|poniedziałek|понедельник\w*|понеділ\w*|pondělí|"
    r"måndag|mandag|maanantai\w*|pazartesi|hétfő\w*|luni|月曜日?|周一|星期一|월요일",
    r"tue(?:s|sday)?|dienstag|di|mardi|martes|martedì|terça(?:-feira)?|dinsdag|wtor\w*|вторник\w*|вівтор\w*|úterý|tisdag|tirsdag|"
    r"tiistai\w*|salı|kedd\w*|marți|火曜日?|周二|星期二|화요일",
    r"wed(?:nesday)?|mittwoch|mi|mercredi|miércoles|mercoledì|quarta(?:-feira)?|woensdag|śro\w*|сред[уаы]|серед[уаи]|středa|středu|onsdag|"
    r"keskiviik\w*|çarşamba|szerda\w*|miercuri|水曜日?|周三|星期三|수요일",
    r"thu(?:rs|rsday)?|donnerstag|do|jeudi|jueves|giovedì|quinta(?:-feira)?|donderdag|czwart\w*|четверг\w*|четвер\w*|čtvrtek|torsdag|"
    r"torstai\w*|perşembe|csütörtök\w*|joi|木曜日?|周四|星期四|목요일",
    r"fri(?:day)?|freitag|fr|vendredi|viernes|venerdì|sexta(?:-feira)?|vrijdag|piąt\w*|пятниц\w*|п.ятниц\w*|pátek|fredag|perjantai\w*|"
    r"cuma|péntek\w*|vineri|金曜日?|周五|星期五|금요일",
    r"sat(?:urday)?|samstag|sonnabend|samedi|sábado|sabato|zaterdag|sobot\w*|суббот\w*|субот\w*|sobota|lördag|lørdag|lauantai\w*|"
    r"cumartesi|szombat\w*|sâmbătă|土曜日?|周六|星期六|토요일",
    r"sun(?:day)?|sonntag|dimanche|domingo|domenica|zondag|niedziel\w*|воскресень\w*|неділ\w*|neděle|söndag|søndag|sunnuntai\w*|pazar|"
    r"vasárnap\w*|duminică|日曜日?|周日|星期日|星期天|일요일",
)
_WORD = r"[^\W\d_]{3,12}\.?"
_FORMS = (
    ("ymd", re.compile(r"(?P<y>\d{4})[-/.年]\s?(?P<m>\d{1,2})[-/.月]\s?(?P<d>\d{1,2})(?!\d)")),
    ("dmy", re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}|\d\d(?!\d)))?")),
    ("dmy", re.compile(r"(?<!\d)(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})(?!\d)")),
    ("word", re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s{{1,3}}(?:de |of |d['’])?(?P<m>{_WORD})"
        rf"(?:(?: de|,)?\s{{1,3}}(?P<y>\d{{4}}))?")),
    ("word", re.compile(rf"(?P<m>{_WORD})\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{{1,3}}(?P<y>\d{{4}}))?")),
    ("slash", re.compile(r"(?<![\d/])(?!24/7)(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?(?![\d/])")),
    ("md", re.compile(r"(?<!\d)(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")),
)  # fmt: skip
_LOOKS_LIKE_A_MONTH = re.compile(r"mard|marte|marț|maan|mandag", re.IGNORECASE)  # weekdays
_WEEKDAY_NEXT = 30
_WEEKDAY = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<d{number}>{names})" for number, names in enumerate(_WEEKDAYS)) + r")(?!\w)",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s?(?:[-–—/&+,]|to|till|until|through|and|bis|und|au|à|et|al?|y|e|t/m|en|–)\s?$", re.IGNORECASE)
_TOMORROW = re.compile(
    r"\W{0,3}(?:tomorrow|morgen|demain|mañana|domani|amanhã|jutro|завтра|zítra|imorgon|i morgen|明日|明天|내일)(?!\w)",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(
    r"\W{0,3}(?:(?:on |including |zum |dem |den |am |au |le |el |il |dia |o |de )?(?:the )?(?P<d>\d{1,2})"
    r"(?:st|nd|rd|th|er|º|\.(?!\d))|(?:the |le |el |il |dia |o )(?P<e>\d{1,2}))"
    r"(?!\s?(?:[:.]?\d|uhr|h\b|o.?clock|[ap]\.?m|%|days|hours|tag|jours|d[ií]as|stunden|heures|horas|week|percent))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What helps to read a date: when it was written, and whether the day or the month comes first in 3/4; None: nobody knows."""

    at: datetime
    day_first: bool | None = None


def first(words: str, near: int, reading: Reading) -> datetime | None:
    """The first day named in the words, if it begins near enough; a weekday or a day alone only where no date stands."""
    found = [
        (match.start(), number, match, form)
        for number, (form, pattern) in enumerate(_FORMS)
        for match in pattern.finditer(words)
        if match.start() <= near and (form != "word" or _month(match["m"]))
    ]
    for _, _, match, form in sorted(found, key=lambda item: item[:2]):
        day = _slashed(match, reading) if form == "slash" else _of(match, reading.at)
        if day is not None:
            return day
    return None if found else _by_name(words, reading.at)


def day_in_month(month: str, day: int, at: datetime) -> datetime | None:
    """``Nov 23 - 27``: the month was said before."""
    number = _month(month)
    return _next(number, day, at) if number else None


def _by_name(words: str, at: datetime) -> datetime | None:
    today = datetime(at.year, at.month, at.day, tzinfo=UTC)
    if _TOMORROW.match(words):
        return today + timedelta(days=1)
    alone = _DAY_ALONE.match(words)
    if alone:
        return _next_day_of_month(int(alone["d"] or alone["e"]), today)
    named = [match for match in _WEEKDAY.finditer(words[: 2 * _WEEKDAY_NEXT]) if match.start() <= _WEEKDAY_NEXT]
    if not named or (len(named) > 1 and _SPAN.fullmatch(words[named[0].end() : named[1].start()])):
        return None  # Mon-Fri are hours of business
    wanted = next(number for number in range(7) if named[0][f"d{number}"])
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _next_day_of_month(day: int, today: datetime) -> datetime | None:
    for months in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        found = _date(year, month + 1, day)
        if found is not None and found > today:
            return found
    return None


def _slashed(match: re.Match[str], reading: Reading) -> datetime | None:
    """3/4/2027: only believed where one of both readings is no date, or it is known which comes first."""
    one, two = int(match["m"]), int(match["d"])
    if max(one, two) > 12:
        month, day = min(one, two), max(one, two)
    elif one == two or reading.day_first is not None:
        month, day = (two, one) if reading.day_first else (one, two)
    else:
        return None
    year = int(match["y"] or 0)
    return _date(year + 2000 if year < 100 else year, month, day) if year else _next(month, day, reading.at)


def _of(match: re.Match[str], at: datetime) -> datetime | None:
    named = match.groupdict()
    month = int(named["m"]) if named["m"].isdecimal() else _month(named["m"])
    if month is None:
        return None
    year = int(named["y"]) if named.get("y") else 0
    if not year:
        return _next(month, int(named["d"]), at)
    return _date(year + 2000 if year < 100 else year, month, int(named["d"]))


def _next(month: int, day: int, at: datetime) -> datetime | None:
    """This year's, or next year's if this one is long past."""
    this = _date(at.year, month, day)
    past = this is not None and this < at - timedelta(days=60)
    return _date(at.year + 1, month, day) if past else this


def _month(word: str) -> int | None:
    for number, names in enumerate(() if _LOOKS_LIKE_A_MONTH.match(word) else _MONTHS, 1):
        if re.match(names, word, re.IGNORECASE):
            return number
    return None


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
