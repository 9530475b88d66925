"""The OpenAPI document (3.1): made from the routes, with every command of the wire contract spelled out."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from models.commands import VERSION, json_schema
from producers.api.access import SECURITY
from producers.api.problems import ProblemView

OPEN_PATHS = ("/healthz", "/readyz")
_EXAMPLES: dict[str, dict[str, Any]] = {
    "compose": {"customer": "c_ada", "content": {"subject": "Your order", "text": "Dear Ada, …"}, "send": True},
    "save_draft": {"draft": "dr_7h2k", "base_revision": 1, "content": {"text": "Dear Ada, thank you."}},
    "send": {"draft": "dr_7h2k", "revision": 2, "hold": "PT10S"},
    "close": {"interaction": "IMS0001042"},
}


def describe(app: FastAPI) -> None:
    """Have the app tell its document, made once when it is first asked for."""
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(_document(app))
        return made

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, openapi_version="3.1.0", routes=app.routes
    )
    components = document.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    schemas["Problem"] = ProblemView.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schemas["Problem"].pop("$defs", {})
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    components["securitySchemes"] = SECURITY
    document["security"] = [{"bearer": []}]
    for path in OPEN_PATHS:
        document["paths"][path]["get"]["security"] = []
    _spell_out_commands(document, schemas)
    return document


def _spell_out_commands(document: dict[str, Any], schemas: dict[str, Any]) -> None:
    mapping: dict[str, str] = {}
    for name, schema in json_schema().items():
        schemas |= {inner: _moved(found) for inner, found in schema.pop("$defs", {}).items()}
        schemas[f"Command.{name}"] = _moved(schema)
        mapping[name] = f"#/components/schemas/Command.{name}"
    operation = document["paths"]["/v1/commands"]["post"]
    one_of = [{"$ref": reference} for reference in mapping.values()]
    discriminator = {"propertyName": "type", "mapping": mapping}
    operation["requestBody"] = {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": one_of, "discriminator": discriminator},
                "examples": {name: {"value": _example(name, body)} for name, body in _EXAMPLES.items()},
            }
        },
    }
    operation.setdefault("parameters", []).append(
        {
            "name": "Prefer",
            "in": "header",
            "required": False,
            "example": "wait=5",
            "schema": {"type": "string"},
            "description": "`wait=5` waits up to five seconds for the decision (RFC 7240).",
        }
    )


def _example(name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"version": VERSION, "id": f"{name}-0001", "type": name, "body": body}


def _moved(schema: Any) -> Any:
    """The same schema with its references pointing into the components."""
    if isinstance(schema, dict):
        return {key: _pointed(value) if key == "$ref" else _moved(value) for key, value in schema.items()}
    return [_moved(each) for each in schema] if isinstance(schema, list) else schema


def _pointed(reference: str) -> str:
    return reference.replace("#/$defs/", "#/components/schemas/")
