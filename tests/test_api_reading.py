"""What readers see over HTTP: lists by keyset, one interaction whole, its history and reasons, blobs, raw mail, live events."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from models import tables as t
from models.addresses import NULL_SENDER
from models.clock import WallClock
from models.queries import history, interactions
from models.queries.paging import decode, encode
from tests.api_desk import Desk, command, open_desk, problem, until


@pytest.fixture
def desk(database_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(database_url, tmp_path) as found:
        yield found


def sent(desk: Desk, address: str = "ada@customer.example") -> dict[str, Any]:
    """One mail composed, sent and accepted."""
    content = {"subject": "Your order", "text": "Dear Ada"}
    made = desk.done("compose", address=address, content=content, send=True)
    until(lambda: desk.get(f"/v1/interactions/{made['interaction']}")["state"] == "on_hold", what="On Hold")
    return made


def pages(desk: Desk, path: str, **params: Any) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        page = desk.get(path, **params)
        assert len(page["items"]) <= params["limit"]
        items += page["items"]
        if page["next"] is None:
            return items
        params["cursor"] = page["next"]


def test_R30_lists_page_by_keyset_without_a_gap_or_a_repeat(desk: Desk) -> None:
    numbers = [desk.done("compose", address=f"a{n}@customer.example")["interaction"] for n in range(7)]
    seen = [line["number"] for line in pages(desk, "/v1/interactions", view="my", limit=3)]
    assert seen == list(reversed(numbers))
    assert desk.get("/v1/interactions", view="my", owner="bob")["items"] == []
    by_state = pages(desk, "/v1/interactions", view="state", state=["work_in_progress", "on_hold"], limit=2)
    assert [line["number"] for line in by_state] == seen


def test_R30_equal_instants_do_not_hide_anything_at_a_page_border(desk: Desk) -> None:
    for n in range(6):
        desk.done("compose", address=f"a{n}@customer.example")
    t.Interaction.update(last_event_at=WallClock().now()).execute()
    assert len({line["number"] for line in pages(desk, "/v1/interactions", view="my", limit=2)}) == 6


def test_R14_R15_R30_one_interaction_shows_everything_with_the_servers_own_words(desk: Desk) -> None:
    made = sent(desk)
    desk.done("add_work_note", interaction=made["interaction"], text="called her")
    found = desk.get(f"/v1/interactions/{made['interaction']}")
    assert found["state_label"] == "On Hold" and found["owner"] == "ann"
    [delivery] = found["mails"][0]["deliveries"]
    assert (delivery["state"], delivery["reply_code"]) == ("accepted", 250)
    assert delivery["reply_text"] == "2.0.0 Ok: queued as 4XyZ" and delivery["server"] == "sink.example"
    assert [note["text"] for note in found["notes"]] == ["called her"]
    assert "inactivity" in {clock["kind"] for clock in found["clocks"]} and all(c["why"] for c in found["clocks"])
    assert found["last_event_at"].endswith("Z")
    related = desk.get("/v1/interactions", view="customer", customer=found["customer"]["id"])
    assert [line["number"] for line in related["items"]] == [made["interaction"]]
    whole = desk.get(f"/v1/interactions/{made['interaction']}", who="crm")
    assert (whole["notes"], whole["drafts"]) == ([], [])  # work notes are for agents


def test_R18_ongoing_shows_what_waits_and_is_empty_once_read(desk: Desk) -> None:
    made = sent(desk)
    captured = desk.get("/v1/demo/captured", to="ada@customer.example")["items"][0]
    with desk.client() as client:
        wish = {"captured": captured["id"], "text": "Thank you!"}
        assert client.post("/v1/demo/answer", json=wish).status_code == 202
    lines = until(lambda: desk.get("/v1/interactions", view="ongoing")["items"], what="the reply")
    assert [(line["number"], line["unread"], line["state"]) for line in lines] == [
        (made["interaction"], 1, "work_in_progress")
    ]
    whole = desk.get(f"/v1/interactions/{made['interaction']}")
    assert "Thank you!" in whole["incoming"][0]["text"]
    desk.done("mark_read", interaction=made["interaction"])
    assert desk.get("/v1/interactions", view="ongoing")["items"] == []


@pytest.mark.parametrize(("kind", "state"), [("out_of_office", "on_hold"), ("bounce", "work_in_progress")])
def test_R19_R20_the_demo_answers_as_robots_do(desk: Desk, kind: str, state: str) -> None:
    made = sent(desk)
    captured = desk.get("/v1/demo/captured")["items"][0]
    with desk.client() as client:
        answer = client.post("/v1/demo/answer", json={"captured": captured["id"], "text": "away", "kind": kind})
    row = until(
        lambda: t.Command.get_or_none(t.Command.command_id == answer.json()["commands"][0], t.Command.state == "done"),
        what="the decision",
    )
    assert t.number_of(row.interaction) == made["interaction"]
    assert desk.get(f"/v1/interactions/{made['interaction']}")["state"] == state


def test_R31_why_names_the_chain_and_replaying_the_history_rebuilds_the_fields(desk: Desk) -> None:
    number = sent(desk)["interaction"]
    because = desk.get(f"/v1/interactions/{number}/why")
    assert because["value"] == "on_hold"
    assert because["chain"][-1]["changes"]["state"] == ["work_in_progress", "on_hold"]
    assert all(event["cause"] and event["why"] for event in because["chain"])
    events = pages(desk, f"/v1/interactions/{number}/history", limit=2)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    row = interactions.find(number)
    kept = history.every(row.id)
    assert history.breaks(kept) == []
    for field, value in history.rebuild(kept).items():
        now = getattr(row, field)
        assert value == (now.isoformat() if hasattr(now, "isoformat") else now), field
    with desk.client() as client:
        problem(client.get(f"/v1/interactions/{number}/why", params={"field": "mood"}), 404, "not_found")


def test_R31_a_broken_history_is_noticed(desk: Desk) -> None:
    row = interactions.find(sent(desk)["interaction"])
    t.Event.delete().where(t.Event.interaction == row.id, t.Event.seq == 2).execute()
    assert history.breaks(history.every(row.id))


def test_R30_the_stream_can_be_filtered_ordered_and_paged(desk: Desk) -> None:
    number = sent(desk)["interaction"]
    desk.done("add_work_note", interaction=number, text="a note")
    path = f"/v1/interactions/{number}/stream"
    newest, oldest = pages(desk, path, limit=2), pages(desk, path, limit=3, order="oldest")
    assert [item["id"] for item in newest] == [item["id"] for item in reversed(oldest)]
    assert {item["kind"] for item in newest} == {"mail", "note", "change"}
    assert [item["note"]["text"] for item in desk.get(path, kind="note")["items"]] == ["a note"]


def test_R30_customers_are_found_by_name_phone_and_address(desk: Desk) -> None:
    desk.done(
        "upsert_customer", customer="c_ada", kind="contact", name="Ada Lovelace", phone="+44 20 7946 0018",
        addresses=[{"address": "Ada@Customer.example"}],
    )  # fmt: skip
    desk.done("upsert_customer", customer="c_bob", kind="consumer", name="Bob 100%")
    for text in ("lovel", "020 7946"[1:], "ada@customer.EXAMPLE", "customer.ex"):
        assert [found["id"] for found in desk.get("/v1/customers", q=text)["items"]] == ["c_ada"], text
    assert [found["id"] for found in desk.get("/v1/customers", q="100%")["items"]] == ["c_bob"]
    assert desk.get("/v1/customers", q="%")["items"][0]["id"] == "c_bob"
    number = desk.done("compose", customer="c_ada")["interaction"]
    for text in (number, number.lower(), number[3:], "lovelace"):
        assert [line["number"] for line in desk.get("/v1/interactions", view="search", q=text)["items"]] == [number]


def test_R29_a_template_is_rendered_with_its_variables_and_names_are_no_markup(desk: Desk) -> None:
    desk.done(
        "upsert_customer", customer="c_x", kind="contact", name="<b>X</b>", addresses=[{"address": "x@y.example"}]
    )
    desk.done(
        "upsert_template", who="mia", name="thanks", subject="Re $number", text="Dear $customer_name, $gift\n$signature",
        html="<p>$customer_name</p>",
    )  # fmt: skip
    number = desk.done("compose", customer="c_x")["interaction"]
    found = desk.get("/v1/templates/thanks/render", interaction=number)
    assert found["subject"] == f"Re {number}" and found["text"].startswith("Dear <b>X</b>, $gift\n-- \nAnn")
    assert found["html"] == "<p>&lt;b&gt;X&lt;/b&gt;</p>" and found["unknown"] == ["gift"]


@pytest.mark.parametrize("cursor", ["AAAA", "bm90", encode("x"), encode(1, 2), "W10"])
def test_a_cursor_that_was_not_made_here_is_refused(desk: Desk, cursor: str) -> None:
    with desk.client() as client:
        for path in ("/v1/interactions", "/v1/suppressions", "/v1/incoming"):
            answer = client.get(path, params={"cursor": cursor})
            assert problem(answer, 422, "bad_cursor")["field"] == "cursor"


def test_a_cursor_keeps_instants_to_the_microsecond() -> None:
    now = WallClock().now()
    assert decode(encode(now, 7), type(now), int) == (now, 7)


@pytest.mark.parametrize(
    "path",
    ["/v1/incoming", "/v1/drafts/dr_1", "/v1/templates", "/v1/suppressions", "/v1/dead-letters", "/v1/demo/captured"],
)
def test_R2_a_service_reads_only_what_integrators_need(desk: Desk, path: str) -> None:
    with desk.client("crm") as client:
        problem(client.get(path), 403, "forbidden")
        assert client.get("/v1/customers").status_code == 200


def test_R37_dead_letters_are_for_operators_and_show_any_bytes(desk: Desk) -> None:
    t.DeadLetter.insert(
        id="dead_1", queue="commands", principal=None, body=b"\xff{", reason="not_json", died_at=WallClock().now()
    ).execute()
    with desk.client("ann") as client:
        problem(client.get("/v1/dead-letters"), 403, "forbidden")
    [letter] = desk.get("/v1/dead-letters", who="mia")["items"]
    assert letter["body"] == "\\xff{" and letter["size"] == 2
    assert desk.get("/v1/dead-letters/dead_1", who="root")["reason"] == "not_json"


# ---- bytes --------------------------------------------------------------------------------------------------------


def test_blobs_are_kept_under_their_digest_and_handed_out_as_downloads(desk: Desk) -> None:
    data = b"<script>alert(1)</script>"
    path = f"/v1/blobs/{hashlib.sha256(data).hexdigest()}"
    with desk.client() as client:
        for _ in range(2):
            stored = client.put(path, content=data, headers={"Content-Type": "text/html"})
            assert stored.status_code == 201 and stored.json()["size"] == len(data)
        found = client.get(path)
        assert found.content == data and found.headers["content-type"].startswith("text/html")
        assert found.headers["content-disposition"].startswith("attachment")
        assert found.headers["x-content-type-options"] == "nosniff"
        problem(client.put(path, content=b"other"), 400, "digest_mismatch")
        problem(client.get("/v1/blobs/" + "0" * 64), 404, "not_found")
        problem(client.get("/v1/blobs/nonsense"), 404, "not_found")


def test_a_blob_larger_than_a_mail_is_refused(database_url: str, tmp_path: Path) -> None:
    with open_desk(database_url, tmp_path, mail_limit_bytes=10_000) as desk, desk.client() as client:
        data = b"x" * 10_001
        problem(client.put(f"/v1/blobs/{hashlib.sha256(data).hexdigest()}", content=data), 413, "too_large")
        problem(
            client.post("/v1/inbound", params={"to": "a@b.example"}, content=data, headers=_mail("crm", desk)),
            413,
            "too_large",
        )


def _mail(who: str, desk: Desk) -> dict[str, str]:
    return {"Content-Type": "message/rfc822", "Authorization": f"Bearer {desk.tokens[who]}"}


RAW = (
    b"From: eve@customer.example\r\nTo: care@postroom.example\r\nSubject: Hi\r\nMessage-ID: <1@e>\r\n\r\nHello \xff\r\n"
)


def test_R21_a_raw_mail_is_kept_byte_for_byte_and_twice_is_once(desk: Desk) -> None:
    params = {"from": "eve@customer.example", "to": "care@postroom.example"}
    with desk.client("crm") as client:
        first = client.post("/v1/inbound", params=params, content=RAW, headers={"Content-Type": "message/rfc822"})
        moved = {"X-Envelope-From": "relay@elsewhere.example", "X-Envelope-To": "care@postroom.example"}
        again = client.post("/v1/inbound", content=RAW, headers={"Content-Type": "message/rfc822"} | moved)
        assert first.status_code == again.status_code == 202 and first.json() == again.json()
        fate = until(lambda: (f := client.get(first.headers["location"]).json())["state"] != "accepted" and f)
    assert fate["state"] == "done" and t.Command.select().count() == 1
    [mail] = desk.get("/v1/incoming")["items"]
    assert mail["state"] == "unmatched" and mail["envelope_to"] == "care@postroom.example"
    with desk.client() as client:
        assert client.get(f"/v1/incoming/{mail['id']}/raw").content == RAW


def test_R20_the_null_sender_is_not_the_same_as_none_named(desk: Desk) -> None:
    with desk.client("crm") as client:
        for number, sender in enumerate(({"from": ""}, {"from": "<>"}, {})):
            params, named = {"to": "care@postroom.example"} | sender, {"Content-Type": "message/rfc822"}
            assert client.post("/v1/inbound", params=params, content=RAW + b"%d" % number, headers=named).is_success
    until(lambda: t.Incoming.select().count() == 3)
    assert sorted(row.envelope_from for row in t.Incoming.select()) == ["", NULL_SENDER, NULL_SENDER]


def test_the_inbound_door_wants_a_recipient_a_mail_and_a_role(desk: Desk) -> None:
    with desk.client() as client:
        client.headers.clear()
        to = {"to": "care@postroom.example"}
        answer = client.post("/v1/inbound", content=RAW, headers=_mail("crm", desk))
        assert problem(answer, 422, "malformed")["field"] == "query.to"
        problem(client.post("/v1/inbound", params=to, content=b"", headers=_mail("crm", desk)), 422, "malformed")
        problem(client.post("/v1/inbound", params=to, content=RAW, headers=_mail("ann", desk)), 403, "forbidden")
        answer = client.post("/v1/inbound", params={"to": "a@b\r\nX: y"}, content=RAW, headers=_mail("crm", desk))
        problem(answer, 422, "malformed")
    assert t.Blob.select().count() == 0


# ---- live ---------------------------------------------------------------------------------------------------------


class Listening:
    """Reads a live stream in a thread."""

    def __init__(self, desk: Desk, who: str = "ann", last: str | None = None, **params: str) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self._client = desk.client(who, timeout=30)
        headers = {"Last-Event-ID": last} if last is not None else {}
        self._request = self._client.stream("GET", "/v1/events", params=params, headers=headers)
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: self.events, what="the stream's beginning")

    @property
    def changes(self) -> list[dict[str, Any]]:
        return [data for _, name, data in self.events if name == "change"]

    def close(self) -> None:
        self._client.close()

    def _read(self) -> None:
        try:
            with self._request as response:
                fields: dict[str, str] = {}
                for line in response.iter_lines():
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    if not line and "data" in fields:
                        self.events.append((fields["id"], fields["event"], json.loads(fields["data"])))
                        fields = {}
        except httpx.HTTPError:
            return


def test_R32_changes_come_live_and_a_listener_resumes_where_it_stood(desk: Desk) -> None:
    listening = Listening(desk)
    first = desk.done("compose", address="ada@customer.example")["interaction"]
    until(lambda: listening.changes, what="the first change")
    last = listening.events[-1][0]
    listening.close()
    second = desk.done("compose", address="bea@customer.example")["interaction"]
    back = Listening(desk, last=last)
    until(lambda: any(change["interaction"] == second for change in back.changes), what="what was missed")
    third = desk.done("compose", address="cem@customer.example")["interaction"]
    until(lambda: any(change["interaction"] == third for change in back.changes), what="what came later")
    assert all(change["interaction"] != first for change in back.changes)
    for number in (second, third):
        assert next(c["seq"] for c in back.changes if c["interaction"] == number) == 1
    back.close()


def test_R32_listeners_can_ask_for_one_interaction_or_one_owner(desk: Desk) -> None:
    number = desk.done("compose", address="ada@customer.example")["interaction"]
    one, mine = Listening(desk, interaction=number), Listening(desk, who="bob", owner="me")
    desk.done("compose", address="bea@customer.example")
    desk.done("transfer", interaction=number, to_agent="bob")
    until(lambda: one.changes and mine.changes, what="the transfer")
    assert {change["interaction"] for change in one.changes + mine.changes} == {number}
    one.close()
    mine.close()


def test_R32_an_event_that_commits_late_under_a_smaller_id_is_still_passed_on(desk: Desk) -> None:
    listening = Listening(desk)
    now, top = WallClock().now(), history.newest_id()
    base: dict[str, Any] = {"type": "tested", "at": now, "cause": "command", "why": "test"}
    t.Event.insert(base | {"id": top + 5}).execute()
    until(lambda: [c["id"] for c in listening.changes] == [top + 5], what="the later id")
    assert int(listening.events[-1][0]) <= top  # nobody is told to resume behind the gap
    t.Event.insert(base | {"id": top + 3}).execute()
    until(lambda: [c["id"] for c in listening.changes] == [top + 5, top + 3], what="the smaller id")
    listening.close()


def test_a_stream_ends_with_its_token(desk: Desk) -> None:
    listening = Listening(desk)
    t.BearerToken.update(revoked_at=WallClock().now()).where(t.BearerToken.principal == "ann").execute()

    def gone() -> bool:
        desk.done("compose", who="bob", address="ada@customer.example")
        with desk.client() as client:
            return client.get("/v1/me").status_code == 401

    until(gone, 8, "the refusal")
    before = len(listening.changes)
    desk.done("compose", who="bob", address="zoe@customer.example")
    assert len(listening.changes) == before


# ---- around -------------------------------------------------------------------------------------------------------


def test_ready_and_health_need_no_token(desk: Desk) -> None:
    with desk.client(None) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json()["status"] == "ready"


def test_the_demo_is_not_there_in_production(database_url: str, tmp_path: Path) -> None:
    with open_desk(database_url, tmp_path) as desk:
        assert "/v1/demo/clock" in desk.get("/openapi.json")["paths"]
        moved = desk.client().post("/v1/demo/clock", json={"advance": "P2D"}).json()
        assert moved["offset_seconds"] == timedelta(days=2).total_seconds()
    real = {"profile": "production", "token_keys": "k1:" + "s" * 40}
    with open_desk(database_url, tmp_path / "other", fresh=False, **real) as desk, desk.client() as client:
        for path in ("/v1/demo/captured", "/v1/demo/captured/1/raw"):
            problem(client.get(path), 404, "not_found")
        problem(client.post("/v1/demo/clock", json={"advance": "P2D"}), 404, "not_found")
        problem(client.post("/v1/demo/answer", json={"captured": 1}), 404, "not_found")


def test_R33_a_command_is_its_askers_own(desk: Desk) -> None:
    with desk.client("bob") as client:
        client.post(
            "/v1/commands", json=command("compose", "mine", address="a@b.example"), headers={"Prefer": "wait=5"}
        )
    assert desk.get("/v1/commands/mine", who="bob")["state"] == "done"
