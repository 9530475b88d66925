"""The embedded product as one real process: killed at any moment it loses nothing it accepted, and mails nothing twice."""

from __future__ import annotations

import itertools
import random
import smtplib
import stat
import threading
from collections.abc import Iterator
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.embedded import THREADS
from deploy.engines import wait_until
from models import tables as t
from models.store import open_store
from tests.embedded import Running, wire
from tests.harness import House
from tests.invariants import PENDING, broken
from tests.sink import Sink

KILLS = 5
POSTERS = 4


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    found = Running(tmp_path)
    yield found
    found.close()


def test_a_first_start_shows_the_way_and_a_second_one_keeps_everything(running: Running) -> None:
    running.start()
    token = running.token("anna")
    wait_until(lambda: "Then: " in running.log.read_text(), 30, "it says all, to the last line")
    said = running.log.read_text()
    assert token in said and running.url in said and "curl" in said
    assert stat.S_IMODE((running.data_dir / "tokens.json").stat().st_mode) == 0o600
    with running.client("anna") as anna:
        kinds = {
            each["id"]: (each["kind"], len(each["addresses"])) for each in anna.get("/v1/customers").json()["items"]
        }
        assert kinds == {"ada": ("contact", 1), "carlo": ("consumer", 2), "guest-kim": ("guest", 1)}
        made = ask(anna, wire("compose", "c1", customer="carlo"))
    assert running.stop() == 0
    running.start()
    assert token not in running.log.read_text(), "a token is shown once"
    assert running.token("anna") == token
    with running.client("anna") as anna:
        kept = anna.get(f"/v1/interactions/{made['interaction']}").json()
        assert kept["drafts"][0]["content"]["to"] == ["carlo@home.example"]
    assert running.stop() == 0


def test_one_process_holds_the_folder_and_the_next_one_says_who(running: Running) -> None:
    running.start()
    second = running.cli("run", POSTROOM_HTTP_PORT="0", POSTROOM_INBOUND_PORT="0", POSTROOM_SINK_PORT="0")
    assert running.process is not None
    assert second.returncode == 2
    assert f"process {running.process.pid}" in second.stderr and running.url in second.stderr


def test_a_taken_port_is_named_with_the_setting_that_chose_it(running: Running) -> None:
    running.start()
    second = running.cli("run", POSTROOM_DATA_DIR=str(running.folder / "other"))
    assert second.returncode == 2
    assert "POSTROOM_HTTP_PORT" in second.stderr and "Traceback" not in second.stderr


def test_a_mail_goes_out_to_the_built_in_sink_and_its_answer_comes_back_over_smtp(running: Running) -> None:
    running.start()
    with running.client("anna") as anna:
        words = {"subject": "Question", "text": "Which colour?"}
        number = ask(anna, wire("compose", "c1", customer="ada", send=True, content=words))["interaction"]
        wait_until(lambda: see(anna, number)["state"] == "on_hold", 20, "the mail was accepted")
        captured = anna.get("/v1/demo/captured", params={"to": "ada.marsh@customer.example"}).json()["items"]
        raw = anna.get(f"/v1/demo/captured/{captured[0]['id']}/raw").text
        sent = message_from_string(raw, policy=policy.default)
        answer(sent, running.inbound_port)
        wait_until(lambda: see(anna, number)["unread"] == 1, 20, "the answer came in")
        assert see(anna, number)["state"] == "work_in_progress"
    assert running.stop() == 0


def test_R34_R14_killed_at_random_moments_nothing_accepted_is_lost_and_no_mail_leaves_twice(tmp_path: Path) -> None:
    moments = random.Random(20)
    with Sink(slowness=0.02) as sink:
        running = Running(tmp_path, smtp_url=sink.url)
        running.start()
        posting = Posting(running)
        try:
            for _ in range(KILLS):
                posting.await_more(moments.randint(5, 25))
                running.kill()
                running.start()
            posting.await_more(5)
            accepted = posting.finish()
            store = open_store(running.database_url)
            owed = t.Delivery.select().where(t.Delivery.state.in_(PENDING))
            undecided = t.Command.select().where(t.Command.state == "accepted")
            wait_until(lambda: not undecided.exists() and not owed.exists(), 60, "every promise is kept")
            assert running.stop() == 0
            house = House(store)
            house.post.sent = list(sink.taken)
            check(accepted, sink, house)
            store.close()
        finally:
            posting.finish()
            running.close()


def check(accepted: list[str], sink: Sink, house: House) -> None:
    states = {row.command_id: (row.state, row.sentence) for row in t.Command.select()}
    lost = [command_id for command_id in accepted if states.get(command_id, ("lost", ""))[0] != "done"]
    assert not lost, f"{len(lost)} of {len(accepted)} accepted commands: {[states.get(each) for each in lost[:3]]}"
    copies = sink.copies()
    assert max(copies.values()) == 1, copies.most_common(3)
    fates: dict[str, int] = {}
    for row in t.Delivery.select():
        fates[row.state] = fates.get(row.state, 0) + 1
    assert set(fates) <= {"accepted", "uncertain"}
    assert fates.get("uncertain", 0) <= KILLS * THREADS, "only what was in transmission"
    assert fates["accepted"] <= len(sink.taken) <= sum(fates.values()), "an uncertain one may have arrived"
    assert broken(house) == []


class Posting:
    """Several integrators who publish compose+send commands and remember which were accepted."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._numbers = itertools.count(1)
        self._accepted: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._post, daemon=True) for _ in range(POSTERS)]
        for thread in self._threads:
            thread.start()

    def await_more(self, count: int) -> None:
        wanted = len(self._accepted) + count
        wait_until(lambda: len(self._accepted) >= wanted, 60, f"{wanted} commands are accepted")

    def finish(self) -> list[str]:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
        return self._accepted

    def _post(self) -> None:
        with self._running.client("crm") as crm:
            while not self._stop.is_set():
                number = next(self._numbers)
                words = {"subject": f"Order {number}", "text": "It left."}
                body: dict[str, Any] = {"address": f"c{number}@x.example", "send": True, "content": words}
                self._until_accepted(crm, wire("compose", f"order-{number}", agent="anna", **body))

    def _until_accepted(self, crm: httpx.Client, command: dict[str, Any]) -> None:
        """What was not answered is asked again under the same id (R33)."""
        while not self._stop.is_set():
            try:
                answer = crm.post("/v1/commands", json=command)
            except httpx.TransportError:
                self._stop.wait(0.05)
                continue
            assert answer.status_code in (200, 202), answer.text
            self._accepted.append(command["id"])
            return


def ask(client: httpx.Client, command: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/commands", json=command, headers={"Prefer": "wait=20"})
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()["result"]
    return result


def see(client: httpx.Client, number: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/interactions/{number}").json()
    return found


def answer(mail: Any, port: int) -> None:
    reply = EmailMessage()
    reply["Message-ID"], reply["Date"] = "<answer-1@customer.example>", mail["Date"]
    reply["From"], reply["To"], reply["Subject"] = mail["To"], mail["Reply-To"], f"Re: {mail['Subject']}"
    reply["In-Reply-To"] = str(mail["Message-ID"]).strip()
    reply.set_content("Blue.\n")
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
        line.send_message(reply)
