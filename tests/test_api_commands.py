"""Commands over HTTP: kept before they are answered, decided once, rejected as problems that name the field."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.engines import wait_until
from models import tables as t
from models.ids import RandomIds
from models.principals import make_token, revoke_token
from tests.api_desk import Desk, command, open_desk, problem, until


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(database_url, tmp_path) as found:
        yield found


def test_R34_a_command_is_a_row_before_it_is_answered(desk: Desk) -> None:
    desk.workers.deaf = True
    with desk.client() as client:
        answer = client.post("/v1/commands", json=command("compose", "c-1", address="ada@customer.example"))
    assert answer.status_code == 202 and answer.headers["location"] == "/v1/commands/c-1"
    row = t.Command.get(t.Command.principal == "ann", t.Command.command_id == "c-1")
    assert (row.state, row.door) == ("accepted", "http")
    assert desk.get("/v1/commands/c-1")["state"] == "accepted"


def test_R33_waiting_answers_with_the_result_and_the_same_id_answers_the_same(desk: Desk) -> None:
    wish = command("compose", "c-2", address="ada@customer.example", content={"subject": "Hello"})
    with desk.client() as client:
        first = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=10"})
        again = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=10"})
    assert first.status_code == 200 and first.headers["preference-applied"] == "wait=10"
    assert first.json()["result"]["interaction"].startswith("IMS")
    assert again.json() == first.json()
    assert t.Interaction.select().count() == 1 and t.Draft.select().count() == 1


def test_R33_the_same_id_with_other_content_is_refused(desk: Desk) -> None:
    desk.workers.deaf = True
    with desk.client() as client:
        client.post("/v1/commands", json=command("compose", "c-3", address="ada@customer.example"))
        answer = client.post("/v1/commands", json=command("compose", "c-3", address="eve@customer.example"))
    assert problem(answer, 409, "id_reused")["field"] == "id"
    assert t.Command.select().count() == 1


def test_R33_ids_belong_to_their_principal(desk: Desk) -> None:
    desk.workers.deaf = True
    for who in ("ann", "bob"):
        with desk.client(who) as client:
            wish = command("compose", "same", address=f"{who}@customer.example")
            assert client.post("/v1/commands", json=wish).status_code == 202
    with desk.client("mia") as client:
        problem(client.get("/v1/commands/same"), 404, "not_found")
    assert t.Command.select().count() == 2


def test_a_wait_that_ends_without_a_decision_is_202_in_time(desk: Desk) -> None:
    desk.workers.deaf = True
    began = time.monotonic()
    with desk.client() as client:
        wish = command("compose", "c-4", address="ada@customer.example")
        answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=1"})
    assert answer.status_code == 202 and answer.json()["state"] == "accepted"
    assert 0.9 < time.monotonic() - began < 3


def test_a_missed_ring_is_made_up_for_by_looking(desk: Desk) -> None:
    """The decision is written by somebody who rings no bell."""
    desk.workers.deaf = True
    wish = command("compose", "c-5", address="ada@customer.example")
    with desk.client() as client:
        client.post("/v1/commands", json=wish)
        row = t.Command.get(t.Command.command_id == "c-5")
        t.Command.update(state="done", result={"quiet": True}, decided_at=row.accepted_at).where(
            t.Command.id == row.id
        ).execute()
        answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=5"})
    assert answer.status_code == 200 and answer.json()["result"] == {"quiet": True}


def test_R37_a_rejection_is_a_problem_with_its_code_and_field(desk: Desk) -> None:
    answer = desk.give("compose", address="no-address-at-all")
    assert problem(answer, 422, "invalid_address")["field"] == "body.address"


@pytest.mark.parametrize(
    ("type_name", "body", "status", "code"),
    [
        ("close", {"interaction": "IMS0009999"}, 404, "not_found"),
        ("save_draft", {"draft": "dr_none", "base_revision": 1, "content": {}}, 404, "not_found"),
    ],
)
def test_R36_unknown_ids_are_not_found_after_a_short_wait(
    database_url: str, tmp_path: Path, type_name: str, body: dict[str, Any], status: int, code: str
) -> None:
    with open_desk(database_url, tmp_path, unknown_wait=timedelta(0)) as desk:
        problem(desk.give(type_name, **body), status, code)


def test_R9_a_stale_base_is_a_conflict_and_both_texts_stay_readable(desk: Desk) -> None:
    made = desk.done("compose", address="ada@customer.example")
    draft = made["draft"]
    desk.done("save_draft", draft=draft, base_revision=1, content={"text": "first"})
    answer = desk.give("save_draft", draft=draft, base_revision=1, content={"text": "second"})
    problem(answer, 409, "conflict")
    kept = desk.get(f"/v1/drafts/{draft}/revisions")
    assert [(each["conflict"], each["content"]["text"]) for each in kept if each["content"]["text"]] == [
        (False, "first"),
        (True, "second"),
    ]
    assert desk.get(f"/v1/drafts/{draft}")["content"]["text"] == "first"


def test_R2_a_service_acts_only_for_an_agent_it_names(desk: Desk) -> None:
    problem(desk.give("compose", who="crm", address="ada@customer.example"), 403, "forbidden")
    made = desk.done("compose", who="crm", agent="bob", address="ada@customer.example")
    assert desk.get(f"/v1/interactions/{made['interaction']}", who="crm")["owner"] == "bob"


def test_R2_a_forbidden_role_is_403_and_changes_nothing(desk: Desk) -> None:
    answer = desk.give("upsert_principal", principal="eve", role="admin", name="Eve")
    problem(answer, 403, "forbidden")
    assert t.Principal.get_or_none(t.Principal.id == "eve") is None


def test_R22_absence_over_http_empties_the_desk_and_a_deactivated_agents_token_is_refused(desk: Desk) -> None:
    number = desk.done("compose", address="x@y.example")["interaction"]
    problem(desk.give("set_presence", who="bob", principal="ann", absent=True), 403, "forbidden")
    assert desk.done("set_presence", absent=True)["principal"] == "ann"
    wait_until(lambda: desk.get(f"/v1/interactions/{number}")["queue"] == "unassigned", 20, "the work is in the queue")
    assert desk.get(f"/v1/interactions/{number}/why", field="owner")["chain"][-1]["why"].startswith("ann is away")
    desk.done("set_presence", who="mia", principal="ann", absent=False)
    assert desk.done("deactivate_agent", who="mia", principal="bob")["active"] is False
    with desk.client("bob") as client:
        wait_until(lambda: client.get("/v1/me").status_code == 401, 20, "the token is refused")


# ---- tokens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [None, "Basic YTpi", "Bearer", "Bearer pr_" + "a" * 32, "Bearer x", "Bearer " + "é" * 5]
)
def test_R2_without_a_valid_token_nothing_is_possible(desk: Desk, header: str | None) -> None:
    headers = {"Authorization": header.encode()} if header else {}
    with desk.client(None) as client:
        for answer in (
            client.get("/v1/me", headers=headers),
            client.post("/v1/commands", json=command("compose", "x", address="a@b.example"), headers=headers),
        ):
            problem(answer, 401, "unauthorised")
            assert answer.headers["www-authenticate"].startswith('Bearer realm="postroom"')
    assert t.Command.select().count() == 0


def test_R2_a_revoked_token_is_refused_within_seconds(desk: Desk) -> None:
    now = t.BearerToken.select().first().created_at
    made = make_token(desk.store, RandomIds(), "ann", now)
    desk.tokens["spare"] = made.token
    assert desk.get("/v1/me", who="spare") == {"id": "ann", "role": "agent", "name": "Ann"}
    assert revoke_token(desk.store, made.id, now) and not revoke_token(desk.store, made.id, now)
    with desk.client("spare") as client:
        refused = until(lambda: (found := client.get("/v1/me")).status_code == 401 and found, 6, "the refusal")
    assert "revoked" in problem(refused, 401, "unauthorised")["detail"]


def test_R2_an_expired_token_is_refused_at_once_and_tokens_are_stored_as_digests(desk: Desk) -> None:
    now = t.BearerToken.select().first().created_at
    made = make_token(desk.store, RandomIds(), "ann", now, expires_at=now + timedelta(days=1))
    desk.tokens["short"] = made.token
    assert desk.get("/v1/me", who="short")["id"] == "ann"
    with desk.client("short") as client:
        client.post("/v1/demo/clock", json={"advance": "P2D"})
        assert "expired" in problem(client.get("/v1/me"), 401, "unauthorised")["detail"]
    assert made.token not in json.dumps(list(t.BearerToken.select().dicts()), default=str)


def test_R2_a_deactivated_principal_is_refused(desk: Desk) -> None:
    t.Principal.update(active=False).where(t.Principal.id == "bob").execute()
    with desk.client("bob") as client:
        problem(client.get("/v1/me"), 401, "unauthorised")


def test_too_many_requests_say_when_to_come_back(database_url: str, tmp_path: Path) -> None:
    with open_desk(database_url, tmp_path, http_rate=5) as desk, desk.client() as client:
        answers = [client.get("/v1/me") for _ in range(15)]
        refused = next(answer for answer in answers if answer.status_code != 200)
        problem(refused, 429, "too_many_requests")
        assert int(refused.headers["retry-after"]) >= 1
        assert desk.get("/v1/me", who="bob")["id"] == "bob"  # another token has a bucket of its own
        until(lambda: client.get("/v1/me").status_code == 200, 5, "room in the bucket")


def test_R37_a_command_that_was_given_up_is_an_answer_and_no_crash(sqlite_url: str, tmp_path: Path) -> None:
    class Broken(RandomIds):
        def new(self, prefix: str) -> str:
            raise RuntimeError("no luck today")

    with open_desk(sqlite_url, tmp_path / "desk", command_attempts=1) as desk:
        assert desk.workers.world is not None
        desk.workers.world = replace(desk.workers.world, ids=Broken())
        with desk.client() as client:
            for _ in range(2):
                wish = command("compose", "doomed", address="guest@x.example")
                answer = client.post("/v1/commands", json=wish, headers={"Prefer": "wait=20"})
                told = problem(answer, 422, "gave_up")
                assert told["command"] == "doomed" and "no luck today" in told["detail"]
                assert "under a new id" in told["detail"]
            assert client.get("/v1/commands/doomed").json()["state"] == "dead"


def test_paths_and_methods_that_are_not_there_are_problems(desk: Desk) -> None:
    with desk.client() as client:
        problem(client.get("/v1/nothing"), 404, "not_found")
        answer = client.delete("/v1/commands")
        problem(answer, 405, "method_not_allowed")
        assert "POST" in answer.headers["allow"]


def test_a_fault_of_ours_tells_an_id_and_nothing_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.queries.customers.one", lambda customer: 1 / 0)
    with desk.client() as client:
        found = problem(client.get("/v1/customers/c_1"), 500, "internal")
    assert found["id"].startswith("er_") and "division" not in json.dumps(found)
