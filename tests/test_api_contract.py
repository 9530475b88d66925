"""The OpenAPI document tells the truth: generated requests, good and bad, meet only what it declares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from models.commands import BODIES
from tests.api_desk import Desk, command, open_desk

TRUTHS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(sqlite_url, tmp_path, http_rate=10_000) as found:
        yield found


def test_generated_requests_meet_only_what_the_document_declares(desk: Desk) -> None:
    """Bounded: some good and some bad requests for each operation, as an admin, so that most get through the door."""
    desk.done("compose", address="ada@customer.example")
    api = schemathesis.openapi.from_url(f"{desk.server.url}/openapi.json", headers=_as("root", desk))
    tried = 0
    for found in api.get_all_operations():
        operation = found.ok()
        if operation.path == "/v1/events":
            continue  # its answer has no end
        tried += 1
        _try_out(operation, schemathesis.GenerationMode.POSITIVE, _as("root", desk))
        if {"parameters", "requestBody"} & set(operation.definition.raw):
            _try_out(operation, schemathesis.GenerationMode.NEGATIVE, _as("root", desk))
    assert tried > 25
    assert desk.get("/healthz") == {"status": "ok"}


def test_every_command_is_spelled_out_with_a_discriminator(desk: Desk) -> None:
    document = desk.get("/openapi.json")
    assert document["openapi"].startswith("3.1")
    body = document["paths"]["/v1/commands"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["schema"]["discriminator"]["mapping"]) == set(BODIES)
    schema = body["schema"] | {"components": document["components"]}
    validator = Draft202012Validator(schema)
    for example in body["examples"].values():
        validator.validate(example["value"])
    assert not validator.is_valid(command("compose", "x", address="a@b.example", typo=1))
    assert not validator.is_valid(command("explode", "x"))


def test_every_operation_declares_the_problems_any_request_may_meet(desk: Desk) -> None:
    document = desk.get("/openapi.json")
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path not in ("/healthz", "/readyz"):
                assert {"401", "403", "422", "429", "500", "503"} <= set(operation["responses"]), path


def _as(who: str, desk: Desk) -> dict[str, str]:
    return {"Authorization": f"Bearer {desk.tokens[who]}"}


@schemathesis.serializer("message/rfc822")
def _raw_mail(context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def _try_out(operation: Any, mode: Any, headers: dict[str, str]) -> None:
    @hypothesis.settings(
        max_examples=6, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=TRUTHS, timeout=20)

    tried()
