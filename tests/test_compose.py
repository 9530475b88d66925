"""The compose file is valid, keeps no secrets, and what it starts works: its own commands and settings carry a mail.

No Docker engine is needed: the same commands run as processes over private servers on loopback.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.demo.stages import free_ports
from deploy.engines import PostgresServer, RabbitServer, wait_until
from models.settings import PREFIX, Settings
from tests.composed import FILE, Local, Unset, demanded, demo_environment, in_order, ours, read
from tests.embedded import ROOT, command, wire
from tests.test_embedded import ask, see


def test_the_file_fits_the_schema_of_the_compose_specification() -> None:
    checked = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.defpath}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_secret_has_a_default_outside_the_demo() -> None:
    assert {"POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "POSTROOM_TOKEN_KEYS", "POSTROOM_SMTP_URL"} <= demanded()
    for name in demanded():
        with pytest.raises(Unset, match=name):
            read({other: "x" for other in demanded() - {name}})
    example = (ROOT / "deploy" / "production.env.example").read_text()
    assert {line[:-1] for line in example.splitlines() if line.endswith("=")} == demanded()
    assert demanded() <= set(demo_environment())
    literal = re.findall(r'(?i)(?:password|secret|keys?|login)\w*: (?!"?\$\{)(\S+)', FILE.read_text())
    assert not literal


IN_THE_CONTAINER = {"DATABASE_URL", "BROKER_URL", "HTTP_HOST", "HTTP_PORT", "INBOUND_HOST", "INBOUND_PORT"}
OF_ONE_PROCESS = {"DATA_DIR", "CLOCK_FILE", "SINK_PORT"}
OF_THE_FILE = {
    "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "COMPOSE_PROFILES", "SECRETS_FOLDER", "POSTROOM_VERSION",
    "POSTROOM_HTTP_PUBLISH", "POSTROOM_INBOUND_PUBLISH",
}  # fmt: skip


def test_R38_every_setting_reaches_every_service_however_it_is_set() -> None:
    """A copy of production mails nobody because of one such setting: none may be lost on the way."""
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    names -= {PREFIX + name for name in IN_THE_CONTAINER | OF_ONE_PROCESS}
    set_outside = {name: f"{name} as set" for name in names}
    for name, service in ours(read(demo_environment() | set_outside)["services"]).items():
        given = service["environment"]
        assert {each: given.get(each) for each in names} == set_outside, name
        assert set(given) - names <= {PREFIX + each for each in IN_THE_CONTAINER}, name
        assert service["volumes"] == ["./secrets:/run/secrets:ro"], name
    bare = ours(read(demo_environment())["services"])["worker-delivery"]["environment"]
    assert "POSTROOM_ALLOWED_RECIPIENTS" not in bare, "what nobody set keeps its own default"


@pytest.mark.parametrize("file", ["production.env.example", "demo.env"])
def test_an_environment_file_names_only_what_there_is(file: str) -> None:
    lines = (ROOT / "deploy" / file).read_text().splitlines()
    named = {found[1] for line in lines if (found := re.match(r"#? ?([A-Z][A-Z_]+)=", line))}
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named and named <= known | OF_THE_FILE


def test_every_service_is_watched_and_comes_back() -> None:
    file = read(demo_environment())
    services = file["services"]
    assert set(services) == {
        "rabbitmq", "postgres", "migrate", "api", "worker-commands", "worker-delivery", "worker-clocks",
        "worker-inbound", "mailroom", "sweeper", "sink",
    }  # fmt: skip
    for name, service in services.items():
        assert service["restart"] == ("on-failure" if name == "migrate" else "unless-stopped"), name
        assert name == "migrate" or service["healthcheck"]["test"], name
    assert services["sink"]["profiles"] == ["demo"]
    assert all("profiles" not in service for name, service in services.items() if name != "sink")
    consumed = [service["command"][2] for name, service in services.items() if name.startswith("worker-")]
    assert sorted(consumed) == ["clocks", "commands", "delivery", "inbound"]
    assert all(services[name]["volumes"][0].partition(":")[0] in file["volumes"] for name in ("rabbitmq", "postgres"))


def test_the_image_is_built_from_pinned_versions_and_runs_as_nobody_special() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert len([line for line in lines if line.startswith("FROM ")]) == 3
    assert any(line.startswith("USER ") and line != "USER root" for line in lines)
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    copied = {
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    }
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    pins = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", pin) for pin in pins), "no host, no range"


@pytest.fixture
def local(tmp_path: Path, rabbit: RabbitServer, postgres: PostgresServer) -> Local:
    http, inbound, sink = free_ports(3)
    demo = demo_environment()
    hosts = {
        f"amqp://postroom:{demo['RABBITMQ_PASSWORD']}@rabbitmq:5672/postroom": rabbit.new_vhost(),
        f"postgresql://postroom:{demo['POSTGRES_PASSWORD']}@postgres:5432/postroom": postgres.new_database(),
        "smtp+plain://sink:1025": f"smtp://127.0.0.1:{sink}",
        "('127.0.0.1', 1025)": f"('127.0.0.1', {sink})",
    }
    return Local(tmp_path, hosts, {"POSTROOM_HTTP_PORT": http, "POSTROOM_INBOUND_PORT": inbound, "1025": sink})


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    found: list[subprocess.Popen[bytes]] = []
    yield found
    for process in found:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def test_exactly_its_commands_and_settings_carry_a_mail(local: Local, processes: list[subprocess.Popen[bytes]]) -> None:
    services = ours(read(demo_environment())["services"])
    for name in in_order({name: _ours_only(service, services) for name, service in services.items()}):
        started = list(local.start(name, services[name]))
        if name == "migrate":
            assert started[0].wait(60) == 0, (local.folder / "migrate-0.log").read_text()
        else:
            processes += started
    for name, service in services.items():
        if "healthcheck" in service:
            wait_until(partial(local.healthy, service), 60, f"{name} is healthy")
    with httpx.Client(base_url=f"http://127.0.0.1:{local.ports['POSTROOM_HTTP_PORT']}", timeout=40) as anna:
        anna.headers["Authorization"] = f"Bearer {_token(local, services['api'])}"
        words = {"subject": "Through every container", "text": "Hello"}
        made = ask(anna, wire("compose", "c1", address="guest@x.example", send=True, content=words, hold="PT0S"))
        wait_until(lambda: see(anna, made["interaction"])["state"] == "on_hold", 30, "the mail was accepted")
        captured = anna.get("/v1/demo/captured").json()["items"]
    assert [(each["envelope_to"], each["subject"]) for each in captured] == [("guest@x.example", words["subject"])]
    for process in processes:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in processes] == [0] * len(processes)


def _token(local: Local, api: dict[str, Any]) -> str:
    """Made as the file's own comment says."""
    said = next(line for line in FILE.read_text().splitlines() if "token create" in line)
    arguments = said.split(" exec api postroom ")[1].split()
    made = subprocess.run(
        command(*arguments, "--json"), env=local.environment(api), capture_output=True, text=True, check=True
    )
    token: str = json.loads(made.stdout)["token"]
    return token


def _ours_only(service: dict[str, Any], services: dict[str, Any]) -> dict[str, Any]:
    """The private servers stand for RabbitMQ and PostgreSQL and are up already."""
    return {"depends_on": {name: how for name, how in service.get("depends_on", {}).items() if name in services}}


def test_the_lock_pins_everything_that_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = declared["project"]["dependencies"] + declared["dependency-groups"]["dev"]
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pinned = {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}
    unmet = [
        each for each in map(Requirement, wanted)
        if not each.specifier.contains(pinned.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]  # fmt: skip
    assert not unmet, "run `make lock`"
