"""R19: the return date that an automatic reply states is read, in the forms and languages people write it; none is guessed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workers import absence

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("I am out of the office until 30 November 2026.", on(12, 1)),
        ("I am back on December 1st.", on(12, 1)),
        ("I will return to the office on Monday, November 30, 2026", on(11, 30)),
        ("Away from November 23 to November 27", on(11, 28)),
        ("I am away through 11/30/2026", on(12, 1)),
        ("Back on January 4", on(1, 4, 2027)),
        ("Away until May 5", on(5, 6, 2027)),
        ("Ich bin bis zum 30.11.2026 nicht im Büro und ab dem 1.12. wieder erreichbar.", on(12, 1)),
        ("Ich bin bis einschließlich 30. November abwesend.", on(12, 1)),
        ("Je suis absent jusqu'au 30 novembre 2026.", on(12, 1)),
        ("Je suis absent jusqu’au mardi 1er décembre", on(12, 2)),
        ("De retour le 1 décembre.", on(12, 1)),
        ("Estaré fuera hasta el 30 de noviembre de 2026.", on(12, 1)),
        ("Sono assente fino al 30 novembre 2026", on(12, 1)),
        ("Estarei ausente até 30 de novembro de 2026.", on(12, 1)),
        ("Ik ben afwezig t/m 30 november.", on(12, 1)),
        ("Jestem nieobecny do 30 listopada 2026", on(12, 1)),
        ("Меня не будет до 30 ноября 2026", on(12, 1)),
        ("Мене не буде до 30 листопада 2026", on(12, 1)),
        ("Jag är tillbaka 1 december.", on(12, 1)),
        ("Olen poissa, palaan 1.12.2026", on(12, 1)),
        ("2026年11月30日まで不在です。", on(12, 1)),
        ("11月30日まで休暇をいただきます。", on(12, 1)),
    ],
)
def test_R19_the_return_in_many_languages(text: str, free: datetime) -> None:
    assert absence.until(text, NOW) == free


@pytest.mark.parametrize(
    "text",
    [
        "I am away.",
        "I am away until Monday.",
        "Back soon. Order 2026-12-01 is confirmed for the record and nothing else was said about it at all",
        "away until 03/04/2027",
        "back on 31.02.2027",
        "I was away until 2 October 2026",
        "away until 99.99.9999",
        "until until until back back to to",
    ],
)
def test_R19_no_date_is_guessed(text: str) -> None:
    assert absence.until(text, NOW) is None
