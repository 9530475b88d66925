"""R33 to R37: a command has one answer whatever the door, the order and the number of its arrivals."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models import letters
from models import tables as t
from models.errors import Rejected
from models.ids import Ids
from models.queries import keeping
from models.store import accept
from tests.harness import DAY, MINUTE, SECOND, House
from workers import handlers

Open = Callable[..., House]


def counts() -> dict[str, int]:
    return {model.__name__: model.select().count() for model in t.ALL}


@pytest.mark.parametrize("redelivered", [False, True])
def test_R33_the_same_id_again_has_the_same_answer_and_no_second_effect(house: House, redelivered: bool) -> None:
    command = house.command("compose", customer="carl", content={"text": "x"}, send=True)
    raw = command.as_json().encode()
    handlers.receive(house.world, raw, "anna", False)
    first, before = house.row("anna", command.id), counts()
    handlers.receive(house.world, raw, "anna", redelivered)
    assert counts() == before and house.row("anna", command.id).result == first.result
    house.pump()
    assert len(house.post.sent) == 1


def test_R33_a_rejection_is_the_same_answer_too(house: House) -> None:
    command = house.command("compose", customer="nemo")
    for _ in range(2):
        handlers.receive(house.world, command.as_json().encode(), "anna", False)
        house.customer("nemo", "contact", "nemo@x.example")  # now it would work
        assert house.row("anna", command.id).code == "no_address"
    handlers.resume(house.world, house.row("anna", command.id).id)  # a wake-up that comes late or twice
    assert house.row("anna", command.id).code == "no_address" and t.Interaction.select().count() == 0


def test_R33_another_spelling_of_the_same_content_is_the_same_command(house: House) -> None:
    body = {"customer": "carl", "send": False, "draft": None}
    wire = {"body": body, "type": "compose", "id": "same", "version": 1, "agent": None}
    house.do("anna", "compose", id="same", customer="carl")
    handlers.receive(house.world, json.dumps(wire, indent=2).encode(), "anna", False)
    assert t.Interaction.select().count() == 1 and t.DeadLetter.select().count() == 0


def test_R33_the_same_id_with_other_content_is_id_reused_and_its_words_are_kept(house: House) -> None:
    house.do("anna", "compose", id="one", customer="carl")
    other = house.command("compose", id="one", customer="cora")
    handlers.receive(house.world, other.as_json().encode(), "anna", False)
    (letter,) = keeping.dead_letters().items
    assert letter.reason.startswith("id_reused") and "cora" in letter.body and letter.principal == "anna"
    assert t.Interaction.select().count() == 1
    with pytest.raises(Exception, match="already stands") as caught, house.store.transaction():
        accept(house.store, other, "anna", "http", house.now)
    assert caught.value.code == "id_reused"


def test_R33_ids_are_unique_per_principal_only(house: House) -> None:
    for door in ("amqp", "http"):
        with house.through(door):
            for _ in range(2):  # and again
                for user, customer in (("anna", "carl"), ("bert", "cora")):
                    house.do(user, "compose", id=door, customer=customer, new_draft=True)
    assert t.Interaction.select().count() == 2 and t.Draft.select().count() == 4
    assert t.DeadLetter.select().count() == 0


def test_R34_an_accepted_command_survives_until_somebody_decides_it(house: House) -> None:
    row = house.accept("anna", house.command("compose", customer="carl"))
    assert row.state == "accepted" and row.publish_at is not None
    house.advance(MINUTE)  # nobody rang: the sweeper does
    assert house.row("anna", row.command_id).state == "done"


def test_R34_a_handler_that_dies_before_the_commit_leaves_nothing_and_the_message_comes_again(house: House) -> None:
    class Dying(Ids):
        def new(self, prefix: str) -> str:
            raise KeyboardInterrupt

    alive, before = house.world, counts()
    command = house.command("compose", customer="carl")
    house.world = replace(alive, ids=Dying())
    with pytest.raises(KeyboardInterrupt):
        handlers.receive(house.world, command.as_json().encode(), "anna", False)
    assert counts() == before
    house.world = alive
    handlers.receive(house.world, command.as_json().encode(), "anna", True)
    assert house.row("anna", command.id).state == "done"


def test_R34_one_command_composes_saves_and_sends(house: House) -> None:
    first = house.written("anna", text="draft")
    whole = house.compose("anna", content={"text": "final"}, send=True)
    assert (whole["draft"], whole["revision"], whole["interaction"]) == (first["draft"], 2, first["interaction"])
    house.pump()
    assert house.mail(whole["mail"]).state == "sent"


def test_R34_if_the_send_is_refused_nothing_of_the_whole_happens(house: House) -> None:
    house.do("crm", "suppress_address", address="carl@x.example", reason="x")
    house.refused("suppressed", "anna", "compose", customer="carl", content={"text": "x"}, send=True)
    assert t.Interaction.select().count() == t.Draft.select().count() == 0


def rows_without_door() -> dict[str, list[dict[str, Any]]]:
    found = {}
    for model in t.ALL:
        rows = [dict(row.__data__) for row in model.select()]
        for row in rows:
            for name in ("door", "attempts") if model is t.Command else ():
                row.pop(name)
        found[model.__name__] = sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))
    return found


def life(house: House) -> None:
    house.compose("anna", draft="mine")
    house.do("anna", "save_draft", draft="mine", base_revision=1, content={"subject": "S", "text": "T"})
    house.ask("anna", "save_draft", draft="mine", base_revision=1, content={"text": "conflict"})
    house.do("crm", "compose", agent="bert", customer="carl")
    house.ask("anna", "compose", customer="nemo")
    house.do("anna", "send", draft="mine", revision=2)
    house.pump()
    house.answer()
    house.advance(2 * DAY)


def test_R35_every_door_leads_to_the_same_rows(open_house: Open, rows: Any) -> None:
    from tests.rules.conftest import empty

    found = []
    for door in ("amqp", "http"):
        empty(rows)
        house = open_house()
        with house.through(door):
            life(house)
        found.append(rows_without_door())
    amqp, http = found
    for name in amqp:
        assert amqp[name] == http[name], name


def test_R36_a_command_before_its_record_waits_and_is_woken_at_once(house: House) -> None:
    row = house.ask("anna", "save_draft", draft="later", base_revision=1, content={"text": "early bird"})
    assert (row.state, row.waits_on) == ("accepted", "draft:anna:later")
    draft = house.compose("anna", draft="later")["draft"]
    house.pump()  # no time passes
    assert house.row("anna", row.command_id).state == "done" and house.text(draft) == "early bird"


def test_R36_a_compose_before_its_customer_waits(house: House) -> None:
    row = house.ask("anna", "compose", customer="newcomer")
    house.customer("newcomer", "contact", "new@x.example")
    house.pump()
    assert house.row("anna", row.command_id).state == "done"


def test_R36_saves_in_reverse_order_give_the_in_order_result(house: House) -> None:
    draft = house.compose("anna", draft="d")["draft"]
    asked = [
        house.ask("anna", "save_draft", draft="d", base_revision=base, content={"text": f"after {base}"})
        for base in (4, 3, 2, 1)
    ]
    house.pump()
    assert {house.row("anna", row.command_id).state for row in asked} == {"done"}
    texts = [row.content["text"] for row in t.Revision.select().order_by(t.Revision.number)]
    assert texts == ["", "after 1", "after 2", "after 3", "after 4"] and house.draft(draft).revision == 5


def test_R36_a_send_before_its_revision_waits(house: House) -> None:
    draft = house.written("anna")["draft"]
    row = house.ask("anna", "send", draft=draft, revision=2)
    assert row.state == "accepted"
    house.save("anna", draft, 1, text="final")
    house.pump()
    assert house.row("anna", row.command_id).state == "done"


@pytest.mark.parametrize(
    ("type_name", "body"),
    [
        ("open_draft", {"draft": "dr_unknown"}), ("cancel_send", {"mail": "ml_unknown"}),
        ("close", {"interaction": "IMS0999999"}), ("compose", {"customer": "unknown"}),
        ("resolve_uncertain", {"delivery": "dl_unknown", "outcome": "sent"}),
        ("attach_unmatched", {"incoming": "in_unknown"}), ("ignore_unmatched", {"incoming": "in_unknown"}),
        ("restore_revision", {"draft": "mine", "revision": "rv_unknown"}),
        ("transfer", {"to_agent": "unknown"}), ("set_presence", {"absent": True, "principal": "nobody"}),
    ],
)  # fmt: skip
def test_R36_what_never_comes_is_not_found_after_a_bounded_wait(
    house: House, type_name: str, body: dict[str, Any]
) -> None:
    number = house.compose("anna", draft="mine")["interaction"]
    row = house.ask("anna", type_name, **body | ({"interaction": number} if type_name == "transfer" else {}))
    assert row.state == "accepted"
    house.advance(9 * SECOND, sweep=False)
    assert house.row("anna", row.command_id).state == "accepted"
    house.advance(4 * SECOND, sweep=False)
    row = house.row("anna", row.command_id)
    assert (row.state, row.code, row.waits_on) == ("rejected", "not_found", None)


def test_R36_how_long_it_waits_is_a_setting(open_house: Open) -> None:
    house = open_house(unknown_wait="PT3S")
    row = house.ask("anna", "compose", customer="unknown")
    house.advance(4 * SECOND)
    assert house.row("anna", row.command_id).code == "not_found"


def test_R36_a_transfer_before_its_agent_is_woken_by_the_agents_record(house: House) -> None:
    number = house.compose("anna")["interaction"]
    row = house.ask("anna", "transfer", interaction=number, to_agent="dora")
    house.do("root", "upsert_principal", principal="dora", role="agent", name="Dora")
    house.pump()  # no time passes
    assert house.row("anna", row.command_id).state == "done" and house.interaction(number).owner == "dora"


def test_R37_a_rejection_is_recorded_with_code_and_sentence_and_never_retried(house: House) -> None:
    row = house.ask("anna", "compose", customer="nemo")
    assert (row.state, row.code, row.publish_at) == ("rejected", "no_address", None) and "nemo" in row.sentence
    house.advance(MINUTE)
    assert house.row("anna", row.command_id).attempts == row.attempts


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "not_json"), (b"{", "not_json"), (b"\xff\xfe{}", "not_json"), (b"[1]", "malformed"),
        (b"[" * 100_000, "not_json"), (b'{"version":NaN}', "not_json"), (b'{"version":2}', "wrong_version"),
        (b'{"version":1,"id":"a","type":"explode","body":{}}', "unknown_type"),
        (b'{"version":1,"id":"a","type":"compose","body":{}}', "malformed"),
        (b'{"version":1,"id":"a","type":"compose","body":{"customer":"c","extra":1}}', "extra"),
        (b'{"version":1,"id":"a b","type":"compose","body":{"customer":"c"}}', "id"),
        (b'{"version":1,"id":"a","type":"open_draft","body":{"draft":"\\u0000"}}', "body.draft"),
    ],
)  # fmt: skip
def test_R37_malformed_messages_become_dead_letters_and_change_nothing_else(
    house: House, raw: bytes, reason: str
) -> None:
    before = counts()
    handlers.receive(house.world, raw, "anna", False)
    (letter,) = keeping.dead_letters().items
    assert reason in letter.reason and bytes(t.DeadLetter.get().body) == raw and letter.queue == "commands"
    assert counts() == before | {"DeadLetter": 1}
    house.compose("anna")


class Broken(Ids):
    """Randomness that fails: a bug as far as a handler can tell."""

    def new(self, prefix: str) -> str:
        raise RuntimeError("no luck today")


def test_R37_a_command_that_keeps_failing_is_dead_after_bounded_attempts_and_published_by_nobody(
    open_house: Open,
) -> None:
    house = open_house(command_attempts="4")
    alive = house.world
    house.world = replace(alive, ids=Broken())
    command = house.command("compose", customer="carl")
    handlers.receive(house.world, command.as_json().encode(), "anna", False)
    house.advance(DAY)
    row = house.row("anna", command.id)
    assert (row.state, row.code, row.publish_at) == ("dead", "gave_up", None) and row.attempts <= 5
    assert row.announced is False, "an answer like any other: it is told (R32)"
    assert "no luck today" in row.sentence and t.Interaction.select().count() == 0
    house.world = alive
    house.advance(DAY)
    assert house.row("anna", command.id).state == "dead"
    house.compose("anna")


def test_R37_a_message_that_kills_its_handler_each_time_is_dead_too(open_house: Open) -> None:
    class Deadly(Ids):
        def new(self, prefix: str) -> str:
            raise KeyboardInterrupt

    house = open_house(command_attempts="3")
    alive = house.world
    house.world = replace(alive, ids=Deadly())
    raw = house.command("compose", id="deadly", customer="carl").as_json().encode()
    died = 0
    for attempt in range(8):
        try:
            handlers.receive(house.world, raw, "anna", attempt > 0)
        except KeyboardInterrupt:
            died += 1
    assert house.row("anna", "deadly").state == "dead" and died <= 4
    house.world = alive


def test_R37_a_failure_that_passes_is_made_good(house: House) -> None:
    alive = house.world
    house.world = replace(alive, ids=Broken())
    row = house.ask("anna", "compose", customer="carl")
    assert row.state == "accepted" and "no luck" in row.error
    house.world = alive
    house.advance(MINUTE)
    assert house.row("anna", row.command_id).state == "done"


def test_R2_a_replayed_letter_is_of_the_brokers_user_and_not_of_who_is_called_like_it(house: House) -> None:
    """On the broker anybody may be given the name that an admin has here."""
    t.Principal.update(amqp_user=None).where(t.Principal.id == "root").execute()
    t.Principal.update(amqp_user="root").where(t.Principal.id == "bert").execute()
    wish = house.command("compose", customer="carl").as_json().encode()
    for user, of in (("root", "bert"), ("mona-at-the-broker", "amqp:mona-at-the-broker"), (None, "amqp:anonymous")):
        handlers.bury(house.world, "commands", wish, "failed 3 times", user)
        (letter, *_) = keeping.dead_letters().items
        assert (letter.amqp_user, letter.principal) == (user, None)
        assert letters.replay(house.store, letter.id, house.now).principal == of
        letters.drop(house.store, letter.id)


def test_R2_R37_a_letter_whose_sender_was_known_stays_theirs_whoever_the_brokers_user_is_now(house: House) -> None:
    house.do("anna", "compose", id="one", customer="carl")
    other = house.command("compose", id="one", customer="cora").as_json().encode()
    handlers.receive(house.world, other, "anna", False)
    t.Principal.update(amqp_user=None).where(t.Principal.id == "anna").execute()
    t.Principal.update(amqp_user="anna").where(t.Principal.id == "root").execute()
    (letter,) = keeping.dead_letters().items
    with pytest.raises(Rejected, match="'anna'") as caught:
        letters.replay(house.store, letter.id, house.now)
    assert caught.value.code == "id_reused" and t.DeadLetter.get().replayed_at is None


def test_R37_bury_keeps_what_no_handler_can_take(house: House) -> None:
    handlers.bury(house.world, "clocks", b"\x00junk", "no wake-up", None)
    (letter,) = keeping.dead_letters().items
    assert (letter.queue, letter.reason) == ("clocks", "no wake-up")
