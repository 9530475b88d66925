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
        "We are open Monday to Friday, I am back soon",
        "back at 10:30, or until 18:00",
        "I am back 24/7",
        "to 5% of you: I am away",
        "Tel. 030 1234-12, away",
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


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("I am back on Monday.", on(11, 23)),
        ("I am away until next Wednesday", on(11, 26)),
        ("Ich bin ab Montag wieder da. Ich bin am Dienstag zurück", on(11, 24)),
        ("Zurück am Montag, 23.11.2026", on(11, 23)),
        ("De retour lundi.", on(11, 23)),
        ("Vuelvo el martes", on(11, 24)),
        ("Volto na segunda-feira", on(11, 23)),
        ("Ik ben maandag terug, terug op dinsdag", on(11, 24)),
        ("Вернусь в понедельник", on(11, 23)),
        ("Jag är tillbaka på måndag", on(11, 23)),
        ("Back on Friday", on(11, 27)),
        ("I'll be back tomorrow", on(11, 21)),
        ("Ich bin morgen zurück, wieder da: morgen", on(11, 21)),
        ("I am away until the 5th.", on(12, 6)),
        ("Ich bin bis zum 27. nicht da", on(11, 28)),
        ("Je suis absent jusqu'au 5.", on(12, 6)),
        ("back on the 24th", on(11, 24)),
        ("Urlaub: 23.11. - 27.11.", on(11, 28)),
        ("Out of office 23-27 November", on(11, 28)),
        ("Out of office Nov 23 - 27", on(11, 28)),
        ("I am away from 23 to 27 November.", on(11, 28)),
        ("Je suis absent jusqu'au 04/12/2026", on(12, 5)),
        ("Estaré fuera hasta el 4/12", on(12, 5)),
        ("Ik ben afwezig t/m 30-11-2026", on(12, 1)),
    ],
)
def test_R19_weekdays_days_alone_and_spans(text: str, free: datetime) -> None:
    assert absence.until(text, NOW) == free


@pytest.mark.parametrize(
    ("date", "free"),
    [
        ("Fri, 20 Nov 2026 09:00:00 -0500", on(12, 5)),
        ("Fri, 20 Nov 2026 09:00:00 +0100", on(4, 13, 2027)),
        ("Fri, 20 Nov 2026 09:00:00 +0000", None),
        ("Fri, 20 Nov 2026 09:00:00 GMT", None),
        ("", None),
    ],
)
def test_R19_a_date_with_two_readings_is_read_by_the_senders_clock(date: str, free: datetime | None) -> None:
    assert absence.until("I am away until 12/04.", NOW, absence.offset_of(date)) == free
