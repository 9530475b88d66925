"""What a JSON Schema says of each field, in words for a table. Refuses nothing it does not know: it shows the type as it is."""

from __future__ import annotations

from typing import Any

from docs.writers.markdown import code, sentence, table

Schema = dict[str, Any]
_WORDS = {"string": "text", "boolean": "true or false"}
_FORMATS = {"duration": "duration", "date-time": "instant", "uuid": "UUID"}


def fields(schema: Schema, definitions: Schema, required_heading: str = "Default") -> str:
    """A table of the properties; empty where there are none."""
    rows = []
    for name, found in schema.get("properties", {}).items():
        default = "required" if name in schema.get("required", []) else default_of(found)
        rows.append((code(name), kind(found, definitions), default, sentence(found.get("description"))))
    return table(("Field", "Kind", required_heading, "Meaning"), rows) if rows else ""


def default_of(found: Schema) -> str:
    value = found.get("default")
    return "" if value in (None, "", [], ()) else code(str(value).lower() if isinstance(value, bool) else str(value))


def kind(found: Schema, definitions: Schema) -> str:
    """A field's kind with its bounds, as `text, at most 998`."""
    if "$ref" in found:
        return f"[{name_of(found)}](#{name_of(found).lower()})"
    if "const" in found:
        return code(repr(found["const"]) if not isinstance(found["const"], str) else found["const"])
    if "enum" in found:
        return ", ".join(code(each) for each in found["enum"])
    for word in ("anyOf", "oneOf", "allOf"):
        if word in found:
            several = [kind(each, definitions) for each in found[word] if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(several))
    if found.get("type") == "array":
        most = f", at most {found['maxItems']}" if "maxItems" in found else ""
        return f"list of {kind(found.get('items', {}), definitions)}{most}"
    return _plain(found)


def name_of(found: Schema) -> str:
    return str(found["$ref"]).rpartition("/")[2]


def _plain(found: Schema) -> str:
    types = found.get("type", "any JSON")
    names = [str(_WORDS.get(each, each)) for each in (types if isinstance(types, list) else [types])]
    word = _FORMATS.get(found.get("format", ""), " or ".join(names))
    bounds = [f"at most {found['maxLength']}"] if "maxLength" in found else []
    bounds += [f"from {found['minimum']}"] if "minimum" in found else []
    bounds += [f"to {found['maximum']}"] if "maximum" in found else []
    if "pattern" in found and "maxLength" not in found:
        bounds.append(code(found["pattern"]))
    return ", ".join([word, *bounds])
