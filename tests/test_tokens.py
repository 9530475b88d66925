"""R17: a signed name verifies as itself, in any case and after a key was rotated; nothing else ever verifies."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ids import RandomIds
from models.tokens import Purpose, Token, bearer_digest, sign, verify

KEYS = (("k2", b"new secret"), ("k1", b"old secret"))
purposes = st.sampled_from(["reply", "bounce", "mail", "unsubscribe"])
ids = st.integers(0, 2**32).map(lambda seed: RandomIds(random.Random(seed)).new("ml"))


@given(purposes, ids)
def test_R17_what_was_signed_verifies_in_any_case_within_64_octets(purpose: Purpose, record: str) -> None:
    local = sign(purpose, record, KEYS)
    expected = Token(purpose, record.partition("_")[2])
    assert len(local.encode()) <= 64
    assert verify(local, KEYS) == verify(local.upper(), KEYS) == verify(local.swapcase(), KEYS) == expected


@given(purposes, ids, st.data())
def test_R17_any_other_text_of_the_same_shape_does_not_verify(
    purpose: Purpose, record: str, data: st.DataObject
) -> None:
    local = sign(purpose, record, KEYS)
    place = data.draw(st.integers(0, len(local) - 1))
    character = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789.+-_ \x00é"))
    altered = local[:place] + character + local[place + 1 :]
    if altered.lower() != local:
        assert verify(altered, KEYS) is None


@given(ids)
def test_R13_a_message_id_stays_under_sixty_characters(record: str) -> None:
    assert len(f"<{sign('mail', record, KEYS)}@mail.our-company.example>") < 60


@given(st.text(max_size=80))
def test_R17_arbitrary_text_never_verifies_and_never_raises(text: str) -> None:
    assert verify(text, KEYS) is None


@given(ids)
def test_R17_one_purpose_does_not_serve_for_another(record: str) -> None:
    local = sign("reply", record, KEYS)
    for prefix in ("bounce", "pr", "unsubscribe"):
        assert verify(local.replace("reply", prefix, 1), KEYS) is None


@given(purposes, ids)
def test_R17_the_signature_belongs_to_its_record(purpose: Purpose, record: str) -> None:
    other = RandomIds(random.Random(99)).new("ml")
    mine, theirs = sign(purpose, record, KEYS), sign(purpose, other, KEYS)
    mixed = mine.rpartition(".")[0] + "." + theirs.rpartition(".")[2]
    assert verify(mixed, KEYS) is None or mixed == mine


@given(purposes, ids)
def test_R17_rotation_keeps_old_names_and_dropping_a_key_ends_them(purpose: Purpose, record: str) -> None:
    old = sign(purpose, record, KEYS[1:])
    assert verify(old, KEYS) == verify(old, KEYS[1:]) is not None
    assert verify(old, KEYS[:1]) is None
    assert verify(old, (("k1", b"another secret"),)) is None


@pytest.mark.parametrize("extra", ["\n", " ", "x", "=", "@postroom.example"])
def test_R17_a_token_with_something_behind_it_is_none(extra: str) -> None:
    assert verify(sign("reply", "ml_abc", KEYS) + extra, KEYS) is None


def test_a_stored_bearer_token_is_not_the_token() -> None:
    assert "secret" not in bearer_digest("pr_secret") and len(bearer_digest("x")) == 64
