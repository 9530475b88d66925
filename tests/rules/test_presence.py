"""R5, R8, R22: who is away or gone leaves no customer waiting; open work goes to the queue, and every word stays where it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import tables as t
from tests.harness import DAY, HOUR, MINUTE, House, Killed
from workers import handlers
from workers.handlers import presence
from workers.turn import Turn

Open = Callable[..., House]
WAYS = {
    "absent": ("mona", "set_presence", {"principal": "anna", "absent": True}),
    "deactivated": ("mona", "deactivate_agent", {"principal": "anna"}),
    "by record": ("root", "upsert_principal", {"principal": "anna", "role": "agent", "name": "Anna", "absent": True}),
}


def gone(house: House, way: str = "absent") -> None:
    user, command, body = WAYS[way]
    house.do(user, command, **body)
    house.pump()


def owners(house: House) -> list[tuple[str | None, str | None]]:
    return [(row.owner, row.queue) for row in t.Interaction.select().order_by(t.Interaction.id)]


@pytest.mark.parametrize("way", list(WAYS))
def test_R22_open_work_of_who_is_away_goes_to_the_queue_with_its_reason(house: House, way: str) -> None:
    mailed, written = house.mailed("anna")["interaction"], house.written("anna", "cora")["interaction"]
    others = house.written("bert", "carl")["interaction"]
    gone(house, way)
    assert owners(house) == [(None, "unassigned"), (None, "unassigned"), ("bert", None)]
    for number in (mailed, written):
        (event,) = house.events(number, "transferred")
        assert event.changes["owner"] == ["anna", None] and event.changes["queue"] == [None, "unassigned"]
        assert event.data == {"from": "anna", "to": "unassigned", "notify": ["anna"]}
        assert ("deactivated" if way == "deactivated" else "away") in event.why and event.cause == "command"
    assert house.events(others, "transferred") == []


def test_R8_drafts_stay_their_authors_and_can_be_taken_over(house: House) -> None:
    written = house.written("anna", text="my words")
    gone(house, "deactivated")
    assert house.draft(written["draft"]).author == "anna" and house.text(written["draft"]) == "my words"
    house.do("bert", "take_over_draft", draft=written["draft"])
    assert house.text(written["draft"]) == "my words"


def test_R22_coming_back_takes_nothing_back(house: House) -> None:
    house.mailed("anna")
    gone(house)
    house.do("anna", "set_presence", absent=False)
    house.pump()
    assert owners(house) == [(None, "unassigned")]
    house.compose("anna", "cora")
    assert owners(house)[1] == ("anna", None)


def test_R22_closed_ones_stay_as_they_are(house: House) -> None:
    number = house.written("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    seq = house.interaction(number).seq
    gone(house)
    assert (house.interaction(number).owner, house.interaction(number).seq) == ("anna", seq)


@pytest.mark.parametrize("user", ["bert", "crm"])
def test_R2_absence_is_said_by_oneself_or_a_manager(house: House, user: str) -> None:
    house.refused("forbidden", user, "set_presence", principal="anna", absent=True)
    assert house.do("anna", "set_presence", absent=True)["principal"] == "anna"


@pytest.mark.parametrize(
    ("user", "who"), [("anna", "bert"), ("mona", "mona"), ("mona", "root"), ("crm", "bert"), ("root", "root")]
)
def test_R2_deactivation_is_a_managers_business_and_never_ones_own(house: House, user: str, who: str) -> None:
    house.refused("forbidden", user, "deactivate_agent", principal=who)
    assert t.Principal.get_by_id(who).active


def test_R2_a_deactivated_agent_is_refused_from_then_on(house: House) -> None:
    gone(house, "deactivated")
    house.refused("forbidden", "anna", "compose", customer="carl")


def test_R2_nobody_from_outside_speaks_as_the_house(house: House) -> None:
    for taken in ("postroom", "mailroom", "console", "amqp:stranger"):
        house.refused("reserved", "root", "upsert_principal", principal=taken, role="admin", name="P")
    row = house.accept("postroom", house.command("release_work", principal="anna"), door="http")
    handlers.resume(house.world, row.id)
    assert house.row("postroom", row.command_id).code == "forbidden"


def test_R34_many_move_in_batches_each_a_promise_that_a_kill_leaves_standing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "BATCH", 3)
    for n in range(8):
        house.customer(f"many{n}", "contact", f"many{n}@x.example")
        house.compose("anna", f"many{n}")
    house.do("anna", "set_presence", absent=True)
    house.alarm.lose_all()  # the worker died before it woke anybody
    assert {owner for owner, _ in owners(house)} == {"anna"}
    house.advance(HOUR)
    steps = list(t.Command.select().where(t.Command.type == "release_work").order_by(t.Command.id))
    assert [step.result["moved"] for step in steps] == [3, 3, 2] and steps[-1].result["next"] is None
    assert set(owners(house)) == {(None, "unassigned")}
    handlers.resume(house.world, steps[0].id)  # a wake-up that comes twice
    assert t.Command.select().where(t.Command.type == "release_work").count() == 3


def test_R34_a_worker_that_dies_within_a_batch_has_moved_nothing_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for customer in ("carl", "cora"):
        house.compose("anna", customer)
    house.do("anna", "set_presence", absent=True)
    moved: list[int] = []

    def dies(turn: Turn, interaction: t.Interaction, former: t.Principal) -> None:
        if moved:
            raise Killed
        moved.append(interaction.id)
        to_queue(turn, interaction, former)

    to_queue = presence.to_queue
    monkeypatch.setattr(presence, "to_queue", dies)
    house.pump()
    assert len(moved) == 1 and owners(house) == [("anna", None)] * 2
    monkeypatch.setattr(presence, "to_queue", to_queue)
    house.advance(MINUTE)
    assert owners(house) == [(None, "unassigned")] * 2
    assert [len(house.events(row.number, "transferred")) for row in t.Interaction.select()] == [1, 1]


def test_R22_who_is_back_before_the_next_batch_keeps_the_rest(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "BATCH", 1)
    house.compose("anna", "carl")
    house.compose("anna", "cora")
    house.do("anna", "set_presence", absent=True)
    first = t.Command.get(t.Command.type == "release_work")
    handlers.resume(house.world, first.id)
    house.do("anna", "set_presence", absent=False)
    house.pump()
    assert sorted(owners(house), key=str) == [("anna", None), (None, "unassigned")]
    house.refused("present", "mona", "release_work", principal="anna")


def test_R18_an_answer_to_who_is_away_reaches_the_queue(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    t.Principal.update(absent=True).where(t.Principal.id == "anna").execute()  # before any batch came to it
    house.answer()
    row = house.interaction(number)
    assert (row.owner, row.queue, row.unread, row.state) == (None, "unassigned", 1, "work_in_progress")
    assert "notify" not in house.events(number, "reply_received")[0].data


def test_R15_a_scheduled_mail_brings_nothing_back_to_a_sender_who_is_away(house: House) -> None:
    later = (house.now + DAY).isoformat()
    number = house.compose("anna", content={"text": "x"}, send=True, send_at=later)["interaction"]
    gone(house)
    house.advance(DAY)
    row = house.interaction(number)
    assert (row.state, row.owner, row.queue) == ("on_hold", None, "unassigned") and len(house.post.sent) == 1


def test_R5_a_discarded_draft_gives_ownership_to_who_is_here(house: House) -> None:
    house.written("anna")
    house.written("cleo")
    last = house.written("bert")
    house.do("cleo", "set_presence", absent=True)
    house.do("bert", "discard_draft", draft=last["draft"])
    assert owners(house) == [("anna", None)]
    last = house.written("bert")
    house.do("anna", "set_presence", absent=True)
    house.do("bert", "discard_draft", draft=last["draft"])
    assert owners(house) == [(None, "unassigned")]


def test_R29_nothing_is_handed_to_who_is_away(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("bert", "set_presence", absent=True)
    house.refused("absent", "anna", "transfer", interaction=number, to_agent="bert")


def test_R34_the_promise_is_a_command_row_of_the_house(house: House) -> None:
    made = house.do("anna", "set_presence", absent=True)
    row = house.row("postroom", made["release"])
    assert (row.door, row.state) == ("house", "accepted") and row.publish_at is not None
    assert house.do("anna", "set_presence", absent=False)["release"] is None
