"""R17 where a mail names more than one matter of ours: what comes first, and what is enough by itself."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.harness import House, parsed

CARE = "care@postroom.example"


def matters(house: House) -> tuple[tuple[str, EmailMessage], tuple[str, EmailMessage]]:
    """Two interactions with one customer, and the mail that left on each."""
    found = [str(house.mailed("anna")["interaction"]) for _ in range(2)]
    one, two = (parsed(data) for _, _, data in house.post.sent)
    return (found[0], one), (found[1], two)


def told(subject: str = "hello", to: str = CARE, **headers: str) -> bytes:
    named = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return f"{named}From: carl@x.example\nTo: {to}\nSubject: {subject}\n\nwords\n".encode()


def test_R17_the_token_in_to_is_enough_whatever_the_envelope_says(house: House) -> None:
    (number, ours), _ = matters(house)
    row = house.arrive(told(to=str(ours["Reply-To"])), CARE)
    assert (row.result["matched_by"], row.result["interaction"]) == ("token", number)


@pytest.mark.parametrize("name", ["In_Reply_To", "References"])
def test_R17_one_citation_is_enough(house: House, name: str) -> None:
    (number, ours), _ = matters(house)
    assert house.arrive(told(**{name: str(ours["Message-ID"])}), CARE).result["interaction"] == number


@pytest.mark.parametrize("keys", ["demo", "k9:another"])
def test_R17_of_several_citations_the_latest_counts(house: House, keys: str) -> None:
    (_, one), (number, two) = matters(house)
    if keys != "demo":
        house.change_settings(token_keys=keys)  # by the Message-ID alone then
    row = house.arrive(told(References=f"{one['Message-ID']} {two['Message-ID']}"), CARE)
    assert row.result["interaction"] == number


def test_R17_a_token_comes_before_the_number_in_the_subject(house: House) -> None:
    (number, ours), (other, _) = matters(house)
    row = house.arrive(told(f"about {other}"), str(ours["Reply-To"]))
    assert (row.result["matched_by"], row.result["interaction"]) == ("token", number)


def test_R17_a_cited_message_id_comes_before_the_number_in_the_subject(house: House) -> None:
    (number, ours), (other, _) = matters(house)
    house.change_settings(token_keys="k9:another")
    row = house.arrive(told(f"about {other}", In_Reply_To=str(ours["Message-ID"])), CARE)
    assert (row.result["matched_by"], row.result["interaction"]) == ("message_id", number)
