"""The command line as a person or a program meets it: what it prints, how it ends, and that it never says a secret."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from io import StringIO
from pathlib import Path

import pika
import pytest
from rich.console import Console

from cli import logs, publishing
from cli.app import run
from cli.demo.stages import free_ports
from cli.pages import say, table
from deploy.engines import RabbitServer, wait_until
from models import commands, in_force
from models import tables as t
from models.errors import Malformed
from models.settings import Settings, from_mapping
from models.store import open_store
from tests.embedded import Running, cli, wire
from tests.test_embedded import ask
from workers.broker import RabbitBroker

DONE, FAILED, USAGE, UNREACHABLE = 0, 1, 2, 3


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One embedded product for all tests of this file; each works with things of its own."""
    found = Running(tmp_path_factory.mktemp("cli"), reminder_after="P2D", business_hours="Mon-Fri 09:00-17:00")
    found.start()
    yield found
    found.close()


def test_every_command_says_what_it_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    names = (
        "run demo api worker mailroom sweeper sink publish show why doctor settings migrate after-restore token dead "
        "suppressions"
    )
    assert run(["--help"], {}) == DONE
    said = capsys.readouterr().out
    assert [name for name in names.split() if f" {name} " not in said] == []
    assert "3 something does not answer" in " ".join(said.split())
    for command in names.split():
        assert run([command, "--help"], {}) == DONE
        assert f"Usage: postroom {command}" in capsys.readouterr().out


def test_it_tells_its_version_before_anything_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], {"POSTROOM_UNDO_HOLD": "nonsense"}) == DONE
    assert capsys.readouterr().out == f"postroom {version('postroom')}\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nonsense"], USAGE),
        (["show"], USAGE),
        (["worker"], USAGE),  # a pool over queues in memory could share them with nobody
        (["worker", "--processes", "0"], USAGE),
        (["demo", "--engine", "teapot"], USAGE),
        (["show", "IMS0001001"], UNREACHABLE),  # there is no database yet
        (["publish", "compose", "customer=ada"], UNREACHABLE),
        (["publish", "compose", "customer"], FAILED),
        (["dead", "replay"], UNREACHABLE),
        (["doctor", "--only", "teapot"], USAGE),
    ],
)
def test_how_a_command_ends_is_in_its_exit_code(tmp_path: Path, arguments: list[str], code: int) -> None:
    ended = cli(*arguments, POSTROOM_DATA_DIR=str(tmp_path / "none"))
    assert ended.returncode == code, ended.stderr
    assert ended.stderr.strip() and "Traceback" not in ended.stderr
    assert not (tmp_path / "none").exists(), "asking makes no database"


def test_a_wrong_setting_is_named_with_what_is_wrong() -> None:
    ended = cli("settings", POSTROOM_HTTP_PORT="many")
    assert (ended.returncode, ended.stderr.count("\n")) == (USAGE, 1)
    assert "POSTROOM_HTTP_PORT" in ended.stderr and "many" in ended.stderr


def test_settings_lists_every_setting_and_no_secret() -> None:
    secrets = {"POSTROOM_TOKEN_KEYS": "k1:hush", "POSTROOM_SMTP_URL": "smtps://me:hush@mail.example"}
    told = cli("settings", "--json", **secrets)
    found = {each["setting"]: each for each in json.loads(told.stdout)}
    assert len(found) == len(Settings.model_fields)
    assert found["POSTROOM_TOKEN_KEYS"]["value"] == "k1:…"
    assert found["POSTROOM_ABANDONMENT_AFTER"]["default"] == "P30D"
    assert all(each["meaning"] and each["unit"] for each in found.values())
    assert "hush" not in told.stdout + cli("settings", **secrets).stdout


def test_a_default_reads_back_as_the_same_setting() -> None:
    plain = Settings()
    given = {each["setting"]: each["default"] for each in in_force.entries() if "…" not in each["default"]}
    assert from_mapping(given) == plain


def test_logs_show_neither_tokens_nor_passwords() -> None:
    event = {"event": f"pr_{'a' * 32} at amqp://crm:hush@host/", "exception": "postgresql://u:hush@h/db is away"}
    said = str(logs.masked(None, "info", event))
    assert "hush" not in said and "aaaa" not in said and "@host/" in said


def test_what_goes_to_a_program_keeps_each_row_on_one_line() -> None:
    shown = StringIO()
    row = ("eve@" + "q" * 40 + ".example", "asked by phone, and once more by letter, to be left alone")
    say([], table("Suppressed", ("address", "reason"), [row]), False, Console(file=shown))
    assert any(row[0] in line and row[1] in line for line in shown.getvalue().splitlines())


def test_a_body_is_written_as_fields() -> None:
    body = publishing.body_of(["customer=ada", "content.subject=On: time", 'content.to=["a@x.example"]', "send=true"])
    assert body == {"customer": "ada", "content": {"subject": "On: time", "to": ["a@x.example"]}, "send": True}
    with pytest.raises(Malformed):
        publishing.body_of(["customer=ada", "customer.name=Ada"])


def test_R35_publish_show_and_why_speak_with_the_running_product(running: Running) -> None:
    made = running.cli("publish", "compose", "customer=carlo", "--as", "anna", "--id", "c-35", "--json")
    assert made.returncode == DONE, made.stderr
    number = json.loads(made.stdout)["interaction"]
    again = running.cli("publish", "compose", "customer=carlo", "--as", "anna", "--id", "c-35", "--json")
    assert json.loads(again.stdout)["result"] == json.loads(made.stdout)["result"], "the same id is the same command"
    page = running.cli("show", number).stdout
    for words in (number, "Work in Progress", "Carlo Ferri", "abandonment", "in 29 d", "unsent and untouched since"):
        assert words in page
    found = json.loads(running.cli("show", number, "--json").stdout)
    assert found["owner"] == "anna" and found["clocks"][0]["kind"] == "abandonment" and found["history"][0]["seq"] == 1
    because = running.cli("why", number, "--field", "owner")
    assert "owner is anna" in because.stdout and "anna composed" in because.stdout


def test_a_command_may_come_on_standard_input(running: Running) -> None:
    command = wire("upsert_customer", "stdin-1", customer="nina", kind="contact", name="Nina")
    told = running.cli("publish", stdin=json.dumps(command))
    assert told.returncode == DONE and told.stdout.startswith("done upsert_customer stdin-1")
    assert running.cli("publish", stdin="{nonsense").returncode == FAILED


def test_R37_a_rejection_is_told_with_code_and_sentence_and_ends_with_1(running: Running) -> None:
    ended = running.cli("publish", "close", "interaction=IMS0009999", "--wait", "0")
    assert ended.returncode == DONE and "not decided yet" in ended.stdout
    ended = running.cli("publish", "pause_sending", "reason=tea", "--as", "anna")
    assert ended.returncode == FAILED and ended.stderr.startswith("postroom: forbidden: ")
    missing = running.cli("show", "IMS0009999")
    assert missing.returncode == FAILED and "not_found" in missing.stderr


def test_what_a_customer_wrote_does_not_steer_the_terminal(running: Running) -> None:
    with running.client("admin") as admin:
        subject = "plain \u202e words"
        made = ask(admin, wire("compose", "esc-1", address="esc@x.example", content={"subject": subject}))
    shown = running.cli("show", made["interaction"]).stdout
    assert "\x1b" not in shown and "\u202e" not in shown


def test_R24_show_tells_the_next_reminder_in_its_very_words(running: Running) -> None:
    made = running.cli(
        "publish", "compose", "customer=ada", "send=true", "hold=PT0S", "content.subject=Matter", "content.text=x", "--json"
    )  # fmt: skip
    number = json.loads(made.stdout)["interaction"]
    wait_until(lambda: "Next reminder (1 of 1" in running.cli("show", number).stdout, 20, "the reminder is shown")
    page = running.cli("show", number).stdout
    assert "Re: Matter" in page and "we have not heard from you yet" in page and "ada.marsh@customer.example" in page
    told = json.loads(running.cli("show", number, "--json").stdout)["reminder"]
    assert told["step"] == 1 and told["due_at"] and "(R24)" in told["why"]


@pytest.mark.parametrize("door", ["the running product", "the rows"])
def test_R11_suppressions_are_listed_and_lifted(running: Running, tmp_path: Path, door: str) -> None:
    body = ("publish", "suppress_address", "address=eve@q.example", "reason=asked by phone", "scope=reminders")
    if door == "the rows":
        url = f"sqlite:///{tmp_path / 'rows.db'}"
        surroundings = {"POSTROOM_DATABASE_URL": url, "POSTROOM_BROKER_URL": "amqp://nobody@127.0.0.1:1/none"}
        assert cli("migrate", **surroundings).returncode == DONE
        store = open_store(url)
        with store.transaction():
            store.add(t.Suppression(address_key="eve@q.example", scope="reminders", reason="asked by phone", source="ann",
                                    created_at=datetime(2026, 1, 1, tzinfo=UTC)))  # fmt: skip
        store.close()
    else:
        surroundings = running.environment
        assert running.cli(*body).returncode == DONE
    listed = cli("suppressions", "list", **surroundings).stdout
    assert "eve@q.example" in listed and "asked by phone" in listed and "reminders" in listed
    assert cli("suppressions", "lift", "eve@q.example", "--scope", "all", **surroundings).returncode == FAILED
    lifted = cli("suppressions", "lift", "EVE@q.example", "--json", **surroundings)
    assert json.loads(lifted.stdout) == {"address": "eve@q.example", "lifted": ["reminders"]}, lifted.stderr
    assert json.loads(cli("suppressions", "list", "--json", **surroundings).stdout) == []


def test_R2_a_token_is_made_for_a_new_principal_listed_and_revoked(running: Running) -> None:
    made = json.loads(running.cli("token", "create", "zoe", "--role", "agent", "--name", "Zoë", "--json").stdout)
    with running.client("anna") as zoe:
        zoe.headers["Authorization"] = f"Bearer {made['token']}"
        assert zoe.get("/v1/me").json() == {"id": "zoe", "role": "agent", "name": "Zoë"}
        listed = running.cli("token", "list", "--json")
        assert made["token"] not in listed.stdout
        assert [each["principal"] for each in json.loads(listed.stdout) if each["id"] == made["id"]] == ["zoe"]
        assert running.cli("token", "revoke", made["id"]).returncode == DONE
        wait_until(lambda: zoe.get("/v1/me").status_code == 401, 10, "the token is refused")
    assert running.cli("token", "revoke", made["id"]).returncode == FAILED
    assert running.cli("publish", "set_presence", "principal=zoe", "absent=true").returncode == DONE
    assert running.cli("token", "create", "zoe", "--role", "agent").returncode == DONE
    assert running.cli("publish", "release_work", "principal=zoe").returncode == DONE, "a new token calls nobody back"
    assert running.cli("token", "create", "nobody-knows").returncode == FAILED
    assert running.cli("token", "create", "zoe", "--name", "Zoë").returncode == USAGE


def test_R37_dead_letters_are_listed_shown_replayed_and_dropped(running: Running) -> None:
    good = commands.command("compose", "dead-1", "anna", customer="ada")
    bury(running, "dead_good", good.as_json().encode(), "failed 3 times", "crm")
    bury(running, "dead_bad", b"\xff no json", "not_json: no JSON in UTF-8", "crm")
    listed = running.cli("dead", "list").stdout
    assert "dead_good" in listed and "not_json" in listed
    assert "\\xff no json" in running.cli("dead", "show", "dead_bad").stdout
    replayed = running.cli("dead", "replay", "--all")
    assert replayed.returncode == FAILED, "one stays dead"
    assert "dead_good: back as command dead-1" in replayed.stdout and "dead_bad: not_json" in replayed.stdout
    with running.client("crm") as crm:
        wait_until(lambda: crm.get("/v1/commands/dead-1").json().get("state") == "done", 20, "the letter is decided")
    assert running.cli("dead", "drop", "dead_bad").returncode == DONE
    assert running.cli("dead", "show", "dead_bad").returncode == FAILED
    kept = json.loads(running.cli("dead", "list", "--json").stdout)
    assert [(each["id"], each["replayed_at"] is not None) for each in kept] == [("dead_good", True)]


def test_doctor_finds_a_healthy_house_and_a_sick_one(running: Running) -> None:
    well = running.cli("doctor", "--json")
    found = {each["what"]: each["verdict"] for each in json.loads(well.stdout)}
    assert (well.returncode, found["database"], found["schema"], found["HTTP API"]) == (DONE, "ok", "ok", "ok")
    assert (found["mail in"], found["mail out"]) == ("ok", "ok")
    nothing = {"POSTROOM_DATA_DIR": str(running.folder / "none")}
    only = ["doctor", "--only", "database"]
    assert running.cli(*only, **nothing).returncode == DONE, "no database yet is a note"
    assert running.cli(*only, "--strict", **nothing).returncode == FAILED
    (nowhere,) = free_ports(1)
    sick = running.cli("doctor", "--json", POSTROOM_SMTP_URL=f"smtp://127.0.0.1:{nowhere}")
    wrong = [each for each in json.loads(sick.stdout) if each["verdict"] == "wrong"]
    assert sick.returncode == FAILED and [each["what"] for each in wrong] == ["mail out"]
    assert all(each["advice"] for each in wrong)


def test_R35_publish_speaks_amqp_as_the_user_of_the_url(rabbit: RabbitServer, amqp_url: str) -> None:
    RabbitBroker(amqp_url).ensure_topology()
    door = rabbit.as_user(amqp_url, "crm")
    ended = cli("publish", "compose", "customer=ada", "--agent", "anna", "--amqp", POSTROOM_BROKER_URL=door)
    assert ended.returncode == DONE and "RabbitMQ has confirmed it" in ended.stdout, ended.stderr
    with pika.BlockingConnection(pika.URLParameters(amqp_url)) as connection:
        _, properties, body = connection.channel().basic_get("postroom.commands")
    assert properties.user_id == "crm" and json.loads(body)["body"] == {"customer": "ada"}
    assert cli("publish", "nonsense", "--amqp", POSTROOM_BROKER_URL=door).returncode == FAILED
    (nowhere,) = free_ports(1)
    away = cli("publish", "compose", "customer=ada", "--amqp", POSTROOM_BROKER_URL=f"amqp://127.0.0.1:{nowhere}/")
    assert away.returncode == UNREACHABLE and "POSTROOM_BROKER_URL" in away.stderr


def test_doctor_names_the_queue_nobody_works_on(amqp_url: str) -> None:
    place = {"POSTROOM_BROKER_URL": amqp_url}
    RabbitBroker(amqp_url).ensure_topology()
    found = json.loads(cli("doctor", "--only", "broker,queues", "--json", **place).stdout)
    assert [each["verdict"] for each in found] == ["ok", "wrong", "wrong", "wrong", "wrong"]
    assert "postroom worker --queues delivery" in found[2]["advice"]
    (nowhere,) = free_ports(1)
    sick = cli("doctor", "--only", "broker", POSTROOM_BROKER_URL=f"amqp://127.0.0.1:{nowhere}/")
    assert sick.returncode == FAILED and "ConnectionRefusedError" in sick.stdout


def test_R38_after_restore_is_refused_while_the_product_runs(running: Running) -> None:
    ended = running.cli("after-restore")
    assert ended.returncode == USAGE and "is held by process" in ended.stderr


def test_migrate_brings_an_empty_database_to_this_release_and_check_changes_nothing(tmp_path: Path) -> None:
    database = {"POSTROOM_DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    assert cli("migrate", "--check", **database).returncode == FAILED
    applied = json.loads(cli("migrate", "--json", **database).stdout)["applied"]
    assert applied and cli("migrate", "--check", **database).returncode == DONE
    assert json.loads(cli("migrate", "--json", **database).stdout)["applied"] == []
    assert json.loads(cli("after-restore", "--json", **database, POSTROOM_DATA_DIR=str(tmp_path)).stdout) == {
        "decided": 0, "uncertain": 0, "reminders_skipped": 0,
    }  # fmt: skip


def bury(running: Running, letter: str, body: bytes, reason: str, principal: str) -> None:
    from models import tables as t
    from models.clock import WallClock

    store = open_store(running.database_url)
    with store.transaction():
        now = WallClock().now()
        store.add(t.DeadLetter(id=letter, queue="commands", principal=principal, body=body, reason=reason, died_at=now))
    store.close()
