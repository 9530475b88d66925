"""R18: what a person wrote is told from what a hundred mail programs in thirty languages put around it."""

from __future__ import annotations

import pytest

from tests.answers import ANSWERS
from tests.clients import ADDED, ANNOUNCEMENTS, LIKE_ADDED, ONLY_WITH_MARKS, PEOPLE
from workers import quoting

MARKED = "> Would you\n> like it?\n"
BARE = "Would you\nlike it?\n\nRegards\n"


@pytest.mark.parametrize("client", ANNOUNCEMENTS)
def test_R18_history_of_any_client_is_folded(client: str) -> None:
    for quoted in (MARKED, BARE):
        for gap in ("\n", "\n\n"):
            assert quoting.split(f"Yes, please.\n\n{ANNOUNCEMENTS[client]}{gap}{quoted}")[0] == "Yes, please."


@pytest.mark.parametrize("client", ONLY_WITH_MARKS)
def test_R18_what_could_be_a_persons_line_is_folded_only_above_a_quotation(client: str) -> None:
    assert quoting.split(f"Yes, please.\n\n{ONLY_WITH_MARKS[client]}\n{MARKED}")[0] == "Yes, please."
    assert "like it?" in quoting.split(f"Yes, please.\n\n{ONLY_WITH_MARKS[client]}\n{BARE}")[0]


@pytest.mark.parametrize("line", ADDED)
def test_R18_what_a_phone_adds_is_no_word_of_the_persons(line: str) -> None:
    assert quoting.split(f"Yes.\n\n{line}\n")[0] == "Yes."
    assert quoting.split(f"Yes.\n\n{line}\n\n{ANNOUNCEMENTS['Gmail web']}\n\n{MARKED}")[0] == "Yes."
    assert quoting.split(f"Yes.\n{line}\n{ANNOUNCEMENTS['Outlook rule']}\n\n{BARE}")[0] == "Yes."


@pytest.mark.parametrize("line", LIKE_ADDED)
def test_R18_a_line_that_only_begins_like_a_phones_stays(line: str) -> None:
    assert quoting.split(f"Hello,\n{line}") == (f"Hello,\n{line}", "")


@pytest.mark.parametrize("text", PEOPLE)
def test_R18_people_who_write_like_programs_lose_no_word(text: str) -> None:
    assert quoting.split(text)[0].split() == text.split()


@pytest.mark.parametrize("client", ["Gmail web", "de Apple", "fr Gmail", "es Gmail", "ja Gmail", "Thunderbird US"])
def test_R18_an_answer_below_the_quotation_is_the_text(client: str) -> None:
    assert quoting.split(f"{ANNOUNCEMENTS[client]}\n{MARKED}\nYes, please.\n\n-- \nKim")[0] == "Yes, please."


@pytest.mark.parametrize("client", ["Gmail web", "de Gmail wrap", "ru Gmail", "pt Gmail wrap"])
def test_R18_answers_between_the_quotations_keep_what_they_answer(client: str) -> None:
    text = f"Hello,\n\n{ANNOUNCEMENTS[client]}\n\n> Red?\n\nYes.\n\n> Blue?\n\nNo.\n\n> Bye"
    assert quoting.split(text)[0] == "Hello,\n\n\n> Red?\n\nYes.\n\n> Blue?\n\nNo."


@pytest.mark.parametrize("client", ANSWERS)
def test_R18_whole_answers_of_many_clients(client: str) -> None:
    body, written = ANSWERS[client]
    assert quoting.split(body)[0].strip() == written
