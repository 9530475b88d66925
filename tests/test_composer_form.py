"""R8, R11, R25: what the composer's form means, without a browser: forgotten things, own words, the few tags that stay."""

from __future__ import annotations

import pytest

from models.senders import senders, usable
from producers.workspace.differences import between, enclosed
from producers.workspace.doubting import doubts, own_words
from producers.workspace.harmless import own_html
from producers.workspace.writing import addresses

WRITTEN = {"subject": "Hello", "text": "Dear Carl, it left.", "attachments": []}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"subject": "  "}, ["no subject"]),
        ({"text": "\n\n-- \nAnna\nwith attachments of heart"}, ["Nothing is written"]),
        ({"text": "The invoice is attached."}, ["“attached”"]),
        ({"text": "Anbei die Rechnung."}, ["“Anbei”"]),
        ({"text": "The invoice is attached.", "attachments": [{"name": "a.pdf"}]}, []),
        ({"text": "Thank you.\n> it is attached"}, []),
        ({"text": "It comes on $day."}, ["$day"]),
        ({"text": "It costs $5 or US$ 5."}, []),
    ],
)
def test_R11_what_looks_forgotten_is_said_and_nothing_else(changed: dict[str, object], said: list[str]) -> None:
    found = doubts(WRITTEN | changed)
    assert len(found) == len(said) and all(word in sentence for word, sentence in zip(said, found, strict=True))


def test_R25_a_signature_and_a_quotation_are_nobodys_own_words() -> None:
    assert own_words("One\n> two\nthree\n-- \nAnna") == "One\nthree\n"


def test_R13_what_an_agent_wrote_keeps_few_tags_and_pictures_that_travel_with_it() -> None:
    source = '<b>Hi</b><img src="cid:p1"><img src="https://evil.example/x"><a href="javascript:x">y</a><style>z</style>'
    assert own_html(source) == '<b>Hi</b><img src="cid:p1"><a>y</a>'
    assert own_html("<div>fine</div>") == "<div>fine</div>"


def test_R3_lines_of_addresses_are_taken_as_they_stand() -> None:
    assert addresses("a@x.example; half ,\n b@x.example,") == ["a@x.example", "half", "b@x.example"]


def test_R13_senders_are_for_all_or_for_those_named() -> None:
    found = senders("care@x.example", "bills@x.example, press@x.example=mia+manager")
    assert usable(found, "anna", "agent") == ("care@x.example", "bills@x.example")
    assert usable(found, "mia", "agent")[-1] == usable(found, "zoe", "manager")[-1] == "press@x.example"
    with pytest.raises(ValueError, match="no address"):
        senders("care@x.example", "nobody")


def test_R9_two_texts_are_compared_in_recipients_subject_files_and_format_too() -> None:
    one = {
        "to": ["a@x.example"],
        "subject": "S",
        "text": "same",
        "html": "",
        "attachments": [{"blob": "1", "name": "a.pdf"}],
    }
    other = one | {"cc": ["c@x.example"], "html": "<b>same</b>", "attachments": [{"blob": "2", "name": "b.pdf"}]}
    both = between(one, other)
    assert both.fields == [
        ("Cc", "", "c@x.example"), ("Attachments", "a.pdf", "b.pdf"), ("Format", "plain words", "formatted"),
    ]  # fmt: skip
    assert all(pair.same for pair in both.lines)
    assert between(other, other | {"html": "<i>same</i>"}).fields == [("Format", "formatted", "formatted otherwise")]
    assert sorted(each["name"] for each in enclosed(one, other)) == ["a.pdf", "b.pdf"]
