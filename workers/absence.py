"""PURE. The first instant after an absence that an automatic reply states; refuses dates without a word that gives them sense."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_LONGEST = timedelta(days=366)
_READ = 4_000
_NEAR = 60  # characters after the word in which its date must begin

# Words before the last day away, and words before the first day back, by language.
_THROUGH = (
    r"until|till|through|bis(?: einschlie(?:ß|ss)lich)?(?: zum)?|jusqu['’]au|hasta(?: el)?|fino al|até(?: o dia| a)?|"
    r"t/m|tot en met|до|till och med|t\.o\.m\.|til og med|asti|fram till|saakka"
)
_SHORT = r"to|au|al|tot|do|по|til"  # also said of other things: the date must follow at once
_BACK = (
    r"back|return(?:ing)?|be available again|in the office again|wieder(?: (?:erreichbar|da|im b[üu]ro))?|"
    r"zur[üu]ck|ab dem|"
    r"de retour|retour|reviendrai|dès le|vuelvo|regreso|vuelta|de vuelta|a partir del|torno|rientro|"
    r"rientrer[òo]|di ritorno|"
    r"volto|retorno|regresso|de volta|terug|weer (?:aanwezig|bereikbaar)|wracam|powr[óo]t|b[ęe]d[ęe] z powrotem|"
    r"вернусь|буду|выйду|повернуся|tillbaka|åter|tilbake|tilbage|takaisin|palaan|vr[áa]t[íi]m|zp[ěe]t"
)
_MONTHS = (
    r"jan|sty|янв|січ|led|tammi|ocak|ene|gen", r"feb|fév|fev|lut|фев|лют|úno|helmi|şub", r"mar|mär|maa|mrt|март|берез|bře|maalis",
    r"apr|avr|abr|kwi|апр|квіт|dub|huhti|nis", r"may|mai|maj|mei|mag|мая|май|трав|kvě|touko|mayıs",
    r"jun|juin|giu|cze|июн|черв|čer|kesä|haz", r"jul|juil|lug|lip|июл|лип|čvc|červenec|heinä|tem",
    r"aug|aoû|aou|ago|sie|авг|серп|srp|elo|ağu", r"sep|set|wrz|сен|верес|zář|syys|eyl",
    r"oct|okt|ott|out|paź|окт|жовт|říj|loka|eki", r"nov|lis|ноя|листоп|marras|kas", r"dec|dez|déc|dic|gru|дек|груд|pros|joulu|ara",
)  # fmt: skip
_WORD = r"[^\W\d_]{3,12}\.?"
_DATES = (
    ("ymd", re.compile(r"(?P<y>\d{4})[-/.年]\s?(?P<m>\d{1,2})[-/.月]\s?(?P<d>\d{1,2})(?!\d)")),
    ("dmy", re.compile(r"(?<!\d)(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?:\s?(?P<y>\d{4}|\d\d(?!\d)))?")),
    ("word", re.compile(
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?\s{{1,3}}(?:de |of |d['’])?(?P<m>{_WORD})"
        rf"(?:(?: de|,)?\s{{1,3}}(?P<y>\d{{4}}))?")),
    ("word", re.compile(rf"(?P<m>{_WORD})\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{{1,3}}(?P<y>\d{{4}}))?")),
    ("slash", re.compile(r"(?<!\d)(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})")),
    ("md", re.compile(r"(?<!\d)(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日")),
)  # fmt: skip
_STATED = (
    (re.compile(rf"(?<!\w)(?:{_BACK})(?!\w)", re.IGNORECASE), _NEAR, timedelta(0)),
    (re.compile(rf"(?<!\w)(?:{_THROUGH})(?!\w)", re.IGNORECASE), _NEAR, timedelta(days=1)),
    (re.compile(rf"(?<!\w)(?:{_SHORT})(?!\w)", re.IGNORECASE), 14, timedelta(days=1)),
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3})[.!?]\s(?=[A-ZÀ-ÞА-Я])")
_WEEKDAY = re.compile(r"mard|marte|marț|maan|mandag", re.IGNORECASE)  # not the months they look like
_AFTERWARDS = re.compile(r"(?P<m>\d{1,2})[月/](?P<d>\d{1,2})日?\s?まで")  # Japanese says it after the date


def until(text: str, received_at: datetime) -> datetime | None:
    """From when on the person can be reminded again; nothing where no date is stated, or one past or beyond a year."""
    text = re.sub(r"\s+", " ", text[:_READ])
    for word, near, after in _STATED:
        for match in list(word.finditer(text))[:40]:
            day = _day(text[match.end() : match.end() + near + 30], near, received_at)
            if day is not None and timedelta(0) < day + after - received_at <= _LONGEST:
                return day + after
    afterwards = _AFTERWARDS.search(text)
    day = _of(afterwards, received_at) if afterwards else None
    return day + timedelta(days=1) if day is not None and day > received_at - timedelta(days=1) else None


def _day(words: str, near: int, received_at: datetime) -> datetime | None:
    """The first date in the words that follow, in the same sentence."""
    words = _SENTENCE_END.split(words, maxsplit=1)[0]
    found = [
        (match.start(), match, form)
        for form, pattern in _DATES
        for match in pattern.finditer(words)
        if match.start() <= near
    ]
    for _, match, form in sorted(found, key=lambda item: item[0]):
        day = _ambiguous(match, received_at) if form == "slash" else _of(match, received_at)
        if day is not None:
            return day
    return None


def _ambiguous(match: re.Match[str], received_at: datetime) -> datetime | None:
    """3/4/2027: only believed where one of both readings is no date."""
    first, second = int(match["m"]), int(match["d"])
    if first <= 12 and second <= 12 and first != second:
        return None
    return _date(int(match["y"]), min(first, second) if max(first, second) > 12 else first, max(first, second))


def _of(match: re.Match[str], received_at: datetime) -> datetime | None:
    named = match.groupdict()
    month = int(named["m"]) if named["m"].isdecimal() else _month(named["m"])
    if month is None:
        return None
    year = int(named["y"]) if named.get("y") else 0
    if year:
        return _date(year + 2000 if year < 100 else year, month, int(named["d"]))
    this = _date(received_at.year, month, int(named["d"]))
    past = this is not None and this < received_at - timedelta(days=60)
    return _date(received_at.year + 1, month, int(named["d"])) if past else this


def _month(word: str) -> int | None:
    for number, names in enumerate(() if _WEEKDAY.match(word) else _MONTHS, 1):
        if re.match(names, word, re.IGNORECASE):
            return number
    return None


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
