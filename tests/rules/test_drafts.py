"""R8 and R9: no written word is lost, altered or overwritten, whatever happens around it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models import tables as t
from models.queries import drafts
from tests.harness import DAY, House

Open = Callable[..., House]


def words(draft: str) -> list[str]:
    return [view.content["text"] for view in drafts.revisions(draft)]


def close_it(house: House, number: str) -> None:
    house.do("anna", "close", interaction=number)


def abandon(house: House, number: str) -> None:
    house.advance(31 * DAY)
    assert house.state(number) == "closed_abandoned"


def hand_over(house: House, number: str) -> None:
    house.do("mona", "transfer", interaction=number, to_agent="mona")


def to_queue(house: House, number: str) -> None:
    house.do("mona", "transfer", interaction=number, to_queue="second line")


def join(house: House, number: str) -> None:
    house.written("cleo", text="cleo's words")


def colleague_sends(house: House, number: str) -> None:
    other = house.written("cleo", text="cleo's words")
    house.send("cleo", other["draft"], 1)
    house.pump()
    assert house.state(number) == "on_hold"


def colleague_discards(house: House, number: str) -> None:
    house.do("cleo", "discard_draft", draft=house.compose("cleo")["draft"])


@pytest.mark.parametrize(
    "happening", [close_it, abandon, hand_over, to_queue, join, colleague_sends, colleague_discards]
)
def test_R8_no_happening_alters_or_deletes_a_drafts_text(house: House, happening: Callable[[House, str], None]) -> None:
    mine = house.written("bert", text="bert's words")
    house.save("bert", mine["draft"], 1, text="bert's better words")
    happening(house, mine["interaction"])
    assert words(mine["draft"]) == ["bert's words", "bert's better words"]
    left = house.draft(mine["draft"])
    assert (left.author, left.state, left.revision) == ("bert", "open", 2)


def test_R8_sending_and_discarding_keep_every_revision(house: House) -> None:
    one, two = house.written("anna"), house.written("bert", text="gone")
    house.save("anna", one["draft"], 1, text="final")
    house.save("bert", two["draft"], 1, text="and gone")
    for agent, draft in (("anna", one["draft"]), ("bert", two["draft"])):
        house.refused("conflict", agent, "save_draft", draft=draft, base_revision=1, content={"text": "from home"})
    house.send("anna", one["draft"], 2)
    house.do("bert", "discard_draft", draft=two["draft"])
    house.pump()
    assert sorted(words(one["draft"])) == ["Hello Carl.", "final", "from home"]
    assert sorted(words(two["draft"])) == ["and gone", "from home", "gone"]


def test_R8_every_acknowledged_save_stays_retrievable(house: House) -> None:
    draft = house.compose("anna")["draft"]
    for number in range(1, 9):
        house.save("anna", draft, number, text=f"version {number}")
    assert words(draft) == ["", *(f"version {number}" for number in range(1, 9))]


def test_R8_a_draft_belongs_to_its_author(house: House) -> None:
    draft = house.written("anna")["draft"]
    for type_name, body in [
        ("save_draft", {"base_revision": 1, "content": {"text": "not yours"}}),
        ("discard_draft", {}), ("leave_draft", {}), ("send", {"revision": 1}),
    ]:  # fmt: skip
        row = house.refused("not_your_draft", "bert", type_name, draft=draft, **body)
        assert row.result["author"] == "anna"
    assert words(draft) == ["Hello Carl."]


def test_R8_colleagues_read_each_others_drafts_on_the_interaction(house: House) -> None:
    mine = house.written("anna")
    house.written("bert", text="for all to read")
    listed = drafts.of_interaction(house.interaction(mine["interaction"]))
    assert {(view.author, view.content["text"]) for view in listed} == {
        ("anna", "Hello Carl."), ("bert", "for all to read"),
    }  # fmt: skip


def test_R8_taking_over_is_explicit_keeps_the_words_and_tells_the_author(house: House) -> None:
    mine = house.written("anna")
    house.compose("cleo")
    taken = house.do("bert", "take_over_draft", draft=mine["draft"])
    assert taken["from"] == "anna" and house.draft(mine["draft"]).author == "bert"
    assert house.interaction(mine["interaction"]).owner == "cleo"  # R5: no compose
    (event,) = house.events(mine["interaction"], "draft_taken_over")
    assert event.data["notify"] == ["anna"]
    house.save("bert", mine["draft"], 1, text="continued")
    assert words(mine["draft"]) == ["Hello Carl.", "continued"]
    house.refused("not_your_draft", "anna", "save_draft", draft=mine["draft"], base_revision=2, content={"text": "x"})


def test_R8_last_words_that_come_too_late_are_kept_beside_for_who_wrote_there(house: House) -> None:
    mine, other = house.written("anna"), house.written("bert", text="to be sent")
    house.do("cleo", "take_over_draft", draft=mine["draft"])
    late = house.refused(
        "not_your_draft", "anna", "save_draft", draft=mine["draft"], base_revision=1, content={"text": "my last words"}
    )
    house.send("bert", other["draft"], 1, hold="PT1H")
    house.refused(
        "draft_not_open", "bert", "save_draft", draft=other["draft"], base_revision=1, content={"text": "and more"}
    )
    house.refused("not_your_draft", "cleo", "save_draft", draft=other["draft"], base_revision=1, content={"text": "x"})
    assert set(words(mine["draft"])) == {"Hello Carl.", "my last words"}
    assert set(words(other["draft"])) == {"to be sent", "and more"}
    assert house.draft(mine["draft"]).revision == 1, "beside the chain, not in it"
    assert t.Revision.get_by_id(late.result["kept"]).author == "anna"


def test_R8_a_former_revision_can_be_made_the_newest_and_nothing_goes(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, text="worse")
    old = drafts.revisions(draft)[0].id
    assert house.do("anna", "restore_revision", draft=draft, revision=old)["revision"] == 3
    assert words(draft) == ["Hello Carl.", "worse", "Hello Carl."]


def test_R8_a_revision_of_another_draft_is_none_of_this_one(house: House) -> None:
    mine, other = house.written("anna")["draft"], house.written("bert", text="bert's")["draft"]
    row = house.ask("anna", "restore_revision", draft=mine, revision=drafts.revisions(other)[0].id)
    house.advance(DAY)
    assert house.row("anna", row.command_id).code == "not_found" and words(mine) == ["Hello Carl."]


@pytest.mark.parametrize("state", ["queued", "sent", "discarded"])
def test_R8_what_left_or_was_put_away_is_not_written_to(house: House, state: str) -> None:
    mine = house.written("anna")
    if state == "discarded":
        house.compose("bert")
        house.do("anna", "discard_draft", draft=mine["draft"])
    else:
        house.send("anna", mine["draft"], 1)
    if state == "sent":
        house.pump()
    assert house.draft(mine["draft"]).state == state
    house.refused("draft_not_open", "anna", "save_draft", draft=mine["draft"], base_revision=1, content={"text": "x"})


def test_R9_a_stale_base_is_a_conflict_and_the_rejected_text_is_kept(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, text="from the office")
    row = house.refused("conflict", "anna", "save_draft", draft=draft, base_revision=1, content={"text": "from home"})
    assert row.result["revision"] == 2 and row.result["field"] == "body.base_revision"
    kept = t.Revision.get_by_id(row.result["kept"])
    assert (kept.content["text"], kept.number, kept.base, kept.cause) == ("from home", None, 1, "conflict")
    assert house.text(draft) == "from the office"
    assert [view.conflict for view in drafts.revisions(draft)].count(True) == 1


def test_R9_a_conflicting_text_can_be_made_the_newest(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, text="from the office")
    row = house.refused("conflict", "anna", "save_draft", draft=draft, base_revision=1, content={"text": "from home"})
    house.do("anna", "restore_revision", draft=draft, revision=row.result["kept"])
    assert house.text(draft) == "from home"


def test_R9_a_save_without_a_change_makes_no_revision(house: House) -> None:
    draft = house.written("anna")["draft"]
    events = t.Event.select().count()
    assert house.save("anna", draft, 1, text="Hello Carl.")["revision"] == 1
    assert t.Revision.select().where(t.Revision.draft == draft).count() == 1
    assert t.Event.select().count() == events


def test_R9_a_stale_save_of_what_is_there_already_is_no_conflict(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, text="the same")
    assert house.save("anna", draft, 1, text="the same")["revision"] == 2


def test_R9_a_save_changes_only_the_fields_it_names(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.save("anna", draft, 1, subject="Other")
    house.save("anna", draft, 2, cc=["half typed"])
    content = drafts.one(draft).content
    assert (content["subject"], content["text"], content["cc"]) == ("Other", "Hello Carl.", ["half typed"])
