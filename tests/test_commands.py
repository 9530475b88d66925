"""R33, R35, R37: the contract. One canonical text per command, bad input named by its field, nothing but `Malformed` raised."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.commands import BODIES, TEXT_LIMIT, command, json_schema, parse, read
from models.errors import Malformed

EXAMPLES: dict[str, dict[str, Any]] = {
    "compose": {"customer": "c1", "content": {"to": ["a@b.example"], "text": "hé\n"}, "send": True, "hold": "PT10S"},
    "save_draft": {"draft": "d1", "base_revision": 3, "content": {"subject": "x"}},
    "send": {"draft": "d1", "revision": 1, "send_at": "2026-03-02T09:00:00+01:00"},
    "receive_mail": {"blob": "a" * 64, "envelope_to": "x@y.example"},
    "transfer": {"interaction": "IMS0001042", "to_queue": "second line"},
    "upsert_customer": {"customer": "c1", "kind": "contact", "name": "Zoë", "addresses": [{"address": "z@x.example"}]},
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(sorted({name for body in BODIES.values() for name in body.model_fields}))


@pytest.mark.parametrize("type_name", sorted(EXAMPLES))
def test_R35_the_canonical_text_reads_as_the_same_command(type_name: str) -> None:
    first = command(type_name, "id-1", "anna", **EXAMPLES[type_name])
    again = parse(first.as_json())
    assert again == first and again.as_json() == first.as_json() and again.digest() == first.digest()
    assert parse(first.as_json().encode()) == first


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"customer": "c1"}, {"customer": "c1", "send": False, "draft": None, "new_draft": False, "content": None}),
        ({"customer": "c1", "hold": "PT60S"}, {"customer": "c1", "hold": "PT1M"}),
        ({"customer": "c1", "content": {"text": "x"}}, {"customer": "c1", "content": {"text": "x", "cc": None}}),
    ],
)
def test_R33_defaults_and_spellings_do_not_change_the_digest(less: dict[str, Any], more: dict[str, Any]) -> None:
    assert command("compose", "i", **less).digest() == command("compose", "i", **more).digest()


@pytest.mark.parametrize(
    "other", [{"customer": "c2"}, {"customer": "c1", "send": True}, {"customer": "c1", "draft": "d"}]
)
def test_R33_other_content_has_another_digest(other: dict[str, Any]) -> None:
    assert command("compose", "i", customer="c1").digest() != command("compose", "i", **other).digest()
    assert command("compose", "i", customer="c1").digest() != command("compose", "i", "anna", customer="c1").digest()


WIRE = {"version": 1, "id": "i", "type": "compose", "agent": None, "body": {"customer": "c1"}}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"version": 2}, "version", "wrong_version"), ({"version": "1"}, "version", "wrong_version"),
        ({"id": ""}, "id", "malformed"), ({"id": "a b"}, "id", "malformed"), ({"id": "x" * 101}, "id", "malformed"),
        ({"id": "x\n"}, "id", "malformed"), ({"type": "explode"}, "type", "unknown_type"), ({"type": 1}, "type", "malformed"),
        ({"agent": 5}, "agent", "malformed"), ({"body": []}, "body", "malformed"), ({"extra": 1}, "extra", "malformed"),
        ({"body": {}}, "body", "malformed"), ({"body": {"customer": "c", "x": 1}}, "body.x", "malformed"),
        ({"body": {"customer": "c", "hold": "PT-1S"}}, "body.hold", "malformed"),
        ({"body": {"customer": "c", "send_at": "2026-01-01T00:00:00"}}, "body.send_at", "malformed"),
        ({"body": {"customer": "c", "content": {"to": "a@b"}}}, "body.content.to", "malformed"),
        ({"body": {"customer": "c", "content": {"to": ["a\r\nb"]}}}, "body.content.to.0", "malformed"),
        ({"body": {"customer": "c", "content": {"subject": "a\nBcc: x"}}}, "body.content.subject", "malformed"),
        ({"body": {"customer": "c", "content": {"subject": "a\u2028b"}}}, "body.content.subject", "malformed"),
        ({"body": {"customer": "c", "content": {"text": "a\x00b"}}}, "body.content.text", "malformed"),
        ({"body": {"customer": "c", "content": {"text": "x" * (TEXT_LIMIT + 1)}}}, "body.content.text", "malformed"),
        (
            {"body": {"customer": "c", "content": {"attachments": [{"blob": "zz", "name": "n"}]}}},
            "body.content.attachments.0.blob", "malformed",
        ),
    ],
)  # fmt: skip
def test_R37_bad_input_is_named_by_its_field(change: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(WIRE | change)
    assert (caught.value.field, caught.value.code) == (field, code) and caught.value.sentence


@pytest.mark.parametrize("raw", [b"", b"\xff", b"{", b"nul", b"[" * 100_000, b'{"a":1', b"\xed\xa0\x80", b"NaN"])
def test_R37_what_is_no_json_is_said_to_be_none(raw: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        parse(raw)
    assert caught.value.code == "not_json"


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_R37_parse_raises_nothing_but_malformed(raw: bytes | str) -> None:
    with pytest.raises(Malformed):
        parse(raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(BODIES)), st.dictionaries(names, json_values, max_size=6), json_values, json_values)
def test_R37_any_body_is_read_or_malformed(type_name: str, body: dict[str, Any], id: Any, agent: Any) -> None:
    for wire in (
        WIRE | {"type": type_name, "body": body},
        {"version": 1, "id": id, "type": type_name, "agent": agent, "body": body},
    ):
        try:
            found = parse(json.dumps(wire))
        except Malformed as error:
            assert error.sentence and error.code
        else:
            assert parse(found.as_json()) == found


def test_R35_every_command_has_a_schema_of_its_own() -> None:
    from jsonschema import Draft202012Validator

    schemas = json_schema()
    assert set(schemas) == set(BODIES)
    for type_name, schema in schemas.items():
        Draft202012Validator.check_schema(schema)
        assert schema["properties"]["type"]["const"] == type_name
    for type_name, body in EXAMPLES.items():
        Draft202012Validator(schemas[type_name]).validate(WIRE | {"type": type_name, "body": body})


def test_R25_a_command_says_what_it_touches() -> None:
    assert command("compose", "i", customer="c1").body.touches() == "customer:c1"
    assert command("compose", "i", address="A@B.example").body.touches() == "address:a@b.example"
    assert command("open_draft", "i", draft="d").body.touches() == "draft:d"
    assert command("close", "i", interaction="IMS0001042").body.touches() == "interaction:IMS0001042"
    assert command("cancel_send", "i", mail="ml_1").body.touches() == "mail:ml_1"
    signed = {"reply+k.abc.aaaaaaaa@us.example": "mail:ml_abc", "BOUNCE+k.abc.aaaaaaaa@us.example": "delivery:dl_abc"}
    for to, named in (signed | {"care@us.example": None}).items():
        assert command("receive_mail", "i", blob="0" * 64, envelope_to=to).body.touches() == named
