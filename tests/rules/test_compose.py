"""R1 to R7 and R10: who may write to whom, on which interaction, and who owns it then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from models import tables as t
from models.errors import Misconfigured
from models.store import R, Store
from tests.harness import DAY, REFUSED, House

Open = Callable[..., House]
TO = "carl@x.example"


def test_R1_compose_creates_at_once_an_owned_outbound_interaction_with_a_filled_in_draft(house: House) -> None:
    answer = house.compose("anna")
    row = house.interaction(answer["interaction"])
    assert (row.state, row.direction, row.owner, row.kind) == ("work_in_progress", "outbound", "anna", "contact")
    assert row.number == f"IMS{row.id:07d}" and answer["created"]
    revision = t.Revision.get(t.Revision.draft == answer["draft"])
    assert revision.content["to"] == ["carl@x.example"]


def test_R1_to_is_the_address_that_was_clicked(house: House) -> None:
    answer = house.compose("anna", address="carl.private@y.example")
    assert t.Revision.get(t.Revision.draft == answer["draft"]).content["to"] == ["carl.private@y.example"]
    assert house.interaction(answer["interaction"]).customer == "carl"


def test_R1_the_primary_address_is_taken_wherever_it_stands_in_the_list(house: House) -> None:
    listed = [{"address": "old@x.example"}, {"address": "new@x.example", "primary": True}]
    house.do("crm", "upsert_customer", customer="pia", kind="consumer", name="Pia", addresses=listed)
    answer = house.compose("anna", "pia")
    assert t.Revision.get(t.Revision.draft == answer["draft"]).content["to"] == ["new@x.example"]


def test_R1_no_address_is_a_rejection_and_leaves_nothing(house: House) -> None:
    house.refused("no_address", "anna", "compose", customer="nemo")
    assert t.Interaction.select().count() == t.Draft.select().count() == t.Event.select().count() == 0


def test_R1_a_bare_address_finds_its_customer_whatever_its_case(house: House) -> None:
    answer = house.do("anna", "compose", address="CARL@X.example")
    assert house.interaction(answer["interaction"]).customer == "carl"


def test_R1_of_all_with_this_address_the_contact_comes_first_and_the_guest_last(house: House) -> None:
    guest = house.do("anna", "compose", address="kim@x.example")
    house.customer("kim.home", "consumer", "kim@x.example")
    house.customer("kim", "contact", "kim@x.example")
    found = [house.do(agent, "compose", address="kim@x.example") for agent in ("bert", "cleo")]
    assert [house.interaction(each["interaction"]).customer for each in found] == ["kim", "kim"]
    house.do("crm", "upsert_customer", customer="kim", kind="contact", name="Kim")  # and no address any more
    third = house.do("bert", "compose", address="kim@x.example")
    assert house.interaction(third["interaction"]).customer == "kim.home" and guest["created"]


def test_R1_a_guest_is_composed_to_by_record_too(house: House) -> None:
    first = house.do("anna", "compose", address="Stranger@q.example")
    second = house.compose("bert", house.interaction(first["interaction"]).customer)
    assert second["interaction"] == first["interaction"]
    assert content(second["draft"])["to"] == ["Stranger@q.example"]


def test_R1_an_unknown_address_becomes_one_guest_however_often(house: House) -> None:
    first = house.do("anna", "compose", address="Stranger@q.example")
    second = house.do("bert", "compose", address="stranger@Q.example")
    guest = house.interaction(first["interaction"])
    assert guest.kind == "guest" and first["interaction"] == second["interaction"]
    assert t.Customer.select().where(t.Customer.kind == "guest").count() == 1


def test_R1_what_is_no_address_is_refused_by_name(house: House) -> None:
    row = house.refused("invalid_address", "anna", "compose", address="not an address")
    assert row.result == {"field": "body.address"}
    assert t.Customer.select().where(t.Customer.kind == "guest").count() == 0


@pytest.mark.parametrize("user", ["crm", "stranger"])
def test_R2_without_the_agent_role_or_a_mapping_nobody_acts(house: House, user: str) -> None:
    command = house.command("compose", customer="carl")
    row = house.ask(user, "compose", customer="carl") if user == "crm" else _unmapped(house, command.as_json(), user)
    assert (row.state, row.code) == ("rejected", "forbidden")
    assert t.Interaction.select().count() == 0


def _unmapped(house: House, wire: str, user: str | None) -> t.Command:
    from workers import handlers

    handlers.receive(house.world, wire.encode(), user, False)
    found: t.Command = t.Command.get(t.Command.principal == f"amqp:{user or 'anonymous'}")
    return found


@pytest.mark.parametrize("user", [None, "stranger"])
@pytest.mark.parametrize("agent", [None, "anna", "root"])
def test_R2_a_message_without_a_broker_checked_user_is_forbidden(
    house: House, user: str | None, agent: str | None
) -> None:
    """Whomever it names: that is a claim, and no proof."""
    row = _unmapped(house, house.command("compose", agent, customer="carl").as_json(), user)
    assert (row.state, row.code) == ("rejected", "forbidden")
    assert t.Interaction.select().count() == 0


def test_R2_a_service_acts_for_the_agent_it_names(house: House) -> None:
    answer = house.do("crm", "compose", agent="bert", customer="carl")
    assert house.interaction(answer["interaction"]).owner == "bert"
    (event,) = house.events(answer["interaction"])
    assert event.actor == "bert" and event.cause_id.startswith("crm/")


@pytest.mark.parametrize("agent", ["nobody", "crm", "gone"])
def test_R2_a_service_cannot_act_for_who_is_no_active_agent(house: House, agent: str) -> None:
    t.Principal.insert(id="gone", role="agent", name="Gone", active=False).execute()
    house.refused("forbidden", "crm", "compose", agent, customer="carl")


def test_R2_a_service_cannot_borrow_the_name_of_another_service(house: House) -> None:
    t.Principal.insert(id="shop", role="service", name="Shop").execute()
    house.refused("forbidden", "crm", "suppress_address", "shop", address="q@q.example", reason="x")


def test_R2_a_broker_user_speaks_for_one_principal_only(house: House) -> None:
    bert = {"principal": "bert", "role": "agent", "name": "Bert"}
    row = house.refused("amqp_user_taken", "root", "upsert_principal", **bert, amqp_user="anna")
    assert row.result == {"field": "body.amqp_user"}
    house.do("root", "upsert_principal", **bert, amqp_user="bert")  # what is theirs already may be said again


def test_R2_an_agent_cannot_act_for_another(house: House) -> None:
    row = house.refused("forbidden", "anna", "compose", "bert", customer="carl")
    assert row.result == {"field": "agent"}


def test_R2_a_deactivated_principal_does_not_act(house: House) -> None:
    house.do("root", "upsert_principal", principal="anna", role="agent", name="Anna", amqp_user="anna", active=False)
    house.refused("forbidden", "anna", "compose", customer="carl")


@pytest.mark.parametrize("user", ["mona", "root"])
def test_R2_managers_and_admins_act_too(house: House, user: str) -> None:
    assert house.interaction(house.compose(user)["interaction"]).owner == user


@pytest.mark.parametrize(
    ("user", "type_name", "body"),
    [
        ("anna", "pause_sending", {"reason": "x"}),
        ("anna", "upsert_template", {"name": "t"}),
        ("mona", "upsert_principal", {"principal": "p", "role": "admin", "name": "P"}),
        ("mona", "erase_customer", {"customer": "carl"}),
        ("anna", "lift_suppression", {"address": "carl@x.example"}),
        ("anna", "suppress_address", {"address": "carl@x.example", "reason": "x"}),
        ("anna", "receive_mail", {"blob": "0" * 64, "envelope_to": "a@b.example"}),
    ],
)
def test_R2_some_commands_need_more_than_an_agent(
    house: House, user: str, type_name: str, body: dict[str, str]
) -> None:
    house.refused("forbidden", user, type_name, **body)


def test_R3_recipients_never_change_whose_interaction_it_is(house: House) -> None:
    answer = house.compose("anna")
    house.save("anna", answer["draft"], 1, to=["cora@z.example"], cc=["carl@x.example"], bcc=["q@q.example"], text="x")
    assert house.interaction(answer["interaction"]).customer == "carl"
    house.send("anna", answer["draft"], 2)
    house.pump()
    assert house.interaction(answer["interaction"]).customer == "carl"
    assert {to for _, to, _ in house.post.sent} == {"cora@z.example", "carl@x.example", "q@q.example"}
    assert house.compose("bert", "cora")["interaction"] != answer["interaction"]


def test_R3_another_customer_in_cc_or_in_the_content_of_a_compose_changes_it_as_little(house: House) -> None:
    answer = house.compose("anna", content={"to": ["cora@z.example"], "text": "x"})
    assert house.interaction(answer["interaction"]).customer == "carl"
    for base, role in enumerate(("cc", "bcc"), start=1):
        house.save("anna", answer["draft"], base, to=["q@q.example"], **{role: ["cora@z.example"]})
        assert house.interaction(answer["interaction"]).customer == "carl"


def test_R4_second_agent_joins_the_same_interaction_with_a_draft_of_their_own(house: House) -> None:
    anna, bert = house.compose("anna"), house.compose("bert")
    assert anna["interaction"] == bert["interaction"] and anna["draft"] != bert["draft"]
    assert bert["created"] is False
    assert {row.author for row in t.Draft.select()} == {"anna", "bert"}


def test_R4_consolidation_ends_with_the_first_acceptance_not_with_send(house: House) -> None:
    first = house.compose("anna", content={"text": "x"}, send=True)
    assert house.compose("bert")["interaction"] == first["interaction"]
    house.pump()
    assert house.interaction(first["interaction"]).consolidation_key is None
    assert house.compose("cleo")["interaction"] != first["interaction"]


def test_R4_a_refused_mail_keeps_the_interaction_consolidating(house: House) -> None:
    house.post.answers("carl@x.example", REFUSED)
    first = house.mailed()
    assert house.compose("bert")["interaction"] == first["interaction"]


def test_R4_closing_ends_it(house: House) -> None:
    first = house.compose("anna")
    house.do("anna", "close", interaction=first["interaction"])
    assert house.compose("bert")["interaction"] != first["interaction"]


def test_R4_the_database_itself_refuses_a_second_one(house: House) -> None:
    import peewee as pw

    first = house.interaction(house.compose("anna")["interaction"])
    values = {**first.__data__, "id": first.id + 1}
    with pytest.raises(pw.IntegrityError), house.store.transaction():
        t.Interaction.insert(values).execute()


def test_R4_customers_do_not_share_an_interaction(house: House) -> None:
    assert house.compose("anna", "carl")["interaction"] != house.compose("anna", "cora")["interaction"]


def test_R4_wrap_up_before_any_mail_left_lets_the_next_compose_begin_anew(house: House) -> None:
    first = house.compose("anna")
    stray = house.arrive(b"From: carl@x.example\r\nSubject: hello\r\n\r\nhello\r\n", "care@postroom.example")
    house.do("anna", "attach_unmatched", incoming=stray.result["incoming"], interaction=first["interaction"])
    assert house.do("anna", "close", interaction=first["interaction"])["state"] == "wrap_up"
    assert house.compose("bert")["interaction"] != first["interaction"]


def test_R5_the_latest_composer_owns_and_the_history_says_why(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.compose("bert")
    assert house.interaction(number).owner == "bert"
    changes = [(event.changes["owner"], event.cause_id) for event in house.events(number) if "owner" in event.changes]
    assert [change for change, _ in changes] == [[None, "anna"], ["anna", "bert"]]
    assert all(cause.split("/")[0] == change[1] for change, cause in changes)
    assert [(event.data or {}).get("notify") for event in house.events(number, "composed")] == [None, ["anna"]]


def test_R5_opening_reading_and_saving_never_change_the_owner(house: House) -> None:
    anna = house.compose("anna")
    house.compose("bert")
    house.save("anna", anna["draft"], 1, text="mine")
    house.do("anna", "open_draft", draft=anna["draft"])
    house.do("cleo", "open_draft", draft=anna["draft"])
    house.ask("anna", "mark_read", interaction=anna["interaction"])
    assert house.interaction(anna["interaction"]).owner == "bert"


def test_R5_looking_at_what_nobody_owns_takes_it_from_no_queue(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer()
    house.do("anna", "transfer", interaction=number, to_queue="second line")
    house.do("bert", "mark_read", interaction=number)
    row = house.interaction(number)
    assert (row.owner, row.queue, row.unread) == (None, "second line", 0)


def test_R5_who_has_a_mail_accepted_becomes_the_owner_and_the_first_sender_is_kept(house: House) -> None:
    anna = house.written("anna")
    house.compose("bert")
    house.send("anna", anna["draft"], 1)
    assert house.interaction(anna["interaction"]).owner == "bert"
    house.pump()
    row = house.interaction(anna["interaction"])
    assert (row.owner, row.first_sender) == ("anna", "anna")
    reply = house.do("cleo", "compose_reply", interaction=row.number, content={"text": "more"}, send=True)
    house.pump()
    row = house.interaction(reply["interaction"])
    assert (row.owner, row.first_sender) == ("cleo", "anna")


def test_R5_a_reply_being_composed_does_not_change_the_owner(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("bert", "compose_reply", interaction=number)
    assert house.interaction(number).owner == "anna"


def test_R5_discarding_the_draft_that_made_someone_owner_gives_ownership_back(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.compose("bert")
    cleo = house.compose("cleo")
    house.do("cleo", "discard_draft", draft=cleo["draft"])
    assert house.interaction(number).owner == "bert"
    (event,) = house.events(number, "draft_discarded")
    assert event.changes["owner"] == ["cleo", "bert"]


def test_R5_discarding_another_draft_changes_no_owner(house: House) -> None:
    anna = house.compose("anna")
    house.compose("bert")
    house.do("anna", "discard_draft", draft=anna["draft"])
    assert house.interaction(anna["interaction"]).owner == "bert"


def test_R5_after_a_transfer_a_discard_gives_nothing_back(house: House) -> None:
    house.compose("anna")
    bert = house.compose("bert")
    house.do("bert", "transfer", interaction=bert["interaction"], to_agent="mona")
    house.do("bert", "discard_draft", draft=bert["draft"])
    assert house.interaction(bert["interaction"]).owner == "mona"


def test_R5_ownership_goes_to_the_latest_composer_who_still_holds_a_draft(house: House) -> None:
    anna, bert, cleo = house.compose("anna"), house.compose("bert"), house.compose("cleo")
    house.compose("anna")  # composes again: the latest now
    house.do("bert", "discard_draft", draft=bert["draft"])
    house.do("anna", "discard_draft", draft=anna["draft"])
    assert house.interaction(cleo["interaction"]).owner == "cleo"


def test_R5_each_discard_hands_on_to_the_next_and_composing_again_counts(house: House) -> None:
    held = {agent: house.compose(agent)["draft"] for agent in ("anna", "bert", "mona")}
    number = house.compose("anna")["interaction"]  # before mona and bert now
    held["cleo"] = house.compose("cleo")["draft"]
    owners = []
    for agent in ("cleo", "anna", "mona"):
        house.do(agent, "discard_draft", draft=held[agent])
        owners.append(house.interaction(number).owner)
    assert owners == ["anna", "mona", "bert"]


def test_R5_a_draft_that_waits_to_leave_is_held_too(house: House) -> None:
    anna = house.written("anna")
    house.send("anna", anna["draft"], 1, hold="PT1H")
    bert = house.compose("bert")
    house.do("bert", "discard_draft", draft=bert["draft"])
    assert house.interaction(anna["interaction"]).owner == "anna"


def test_R5_leaving_an_untouched_composer_gives_ownership_back_too(house: House) -> None:
    number = house.compose("anna")["interaction"]
    bert = house.compose("bert")
    house.do("bert", "leave_draft", draft=bert["draft"])
    assert house.interaction(number).owner == "anna"


def test_R6_listed_kinds_get_one_interaction_per_agent(open_house: Open) -> None:
    house = open_house(per_agent_tables="consumer,guest")
    anna, bert = house.compose("anna", "cora"), house.compose("bert", "cora")
    assert anna["interaction"] != bert["interaction"]
    assert house.compose("anna", "cora")["interaction"] == anna["interaction"]
    assert house.interaction(anna["interaction"]).owner == "anna"


def test_R6_other_kinds_still_consolidate(open_house: Open) -> None:
    house = open_house(per_agent_tables="consumer")
    assert house.compose("anna", "carl")["interaction"] == house.compose("bert", "carl")["interaction"]


def test_R6_a_kind_that_does_not_exist_is_refused_at_start(house: House) -> None:
    with pytest.raises(Misconfigured, match="per_agent_tables"):
        house.change_settings(per_agent_tables="contact,customers")


def test_R7_after_something_was_sent_compose_begins_a_new_interaction(house: House) -> None:
    from models.queries import interactions, related

    over = house.compose("anna")
    house.do("anna", "close", interaction=over["interaction"])
    first = house.mailed()
    second = house.compose("anna")
    assert second["interaction"] != first["interaction"] and second["created"]
    assert house.state(first["interaction"]) == "on_hold"
    listed = [line.number for line in interactions.of_customer("carl").items]
    assert set(listed) == {over["interaction"], first["interaction"], second["interaction"]}
    beside = related.also_open(house.interaction(second["interaction"]))  # what could be continued instead
    assert [line.number for line in beside] == [first["interaction"]]


class Late(Store):
    """The same rows, but an interaction found by its key is one of some moments ago: it was locked by somebody until now."""

    seen: t.Interaction | None = None

    def get(self, model: type[R], **where: Any) -> R | None:
        return cast(R, self.seen) if self.seen and "consolidation_key" in where else super().get(model, **where)


@pytest.mark.parametrize("meanwhile", ["mailed", "closed"])
def test_R4_R7_what_ended_between_the_look_and_the_lock_is_not_joined(house: House, meanwhile: str) -> None:
    late = Late(house.store.db)
    first = house.written("anna")
    late.seen = house.interaction(first["interaction"])
    if meanwhile == "mailed":
        house.send("anna", first["draft"], 1)
        house.pump()
    else:
        house.do("anna", "close", interaction=first["interaction"])
    house.world = replace(house.world, store=late)
    second = house.compose("bert")
    assert second["created"] and second["interaction"] != first["interaction"]
    assert house.interaction(first["interaction"]).owner == "anna"


def test_R7_a_draft_left_on_a_sent_interaction_is_listed_and_not_reused(house: House) -> None:
    from models.queries import drafts

    anna, bert = house.written("anna"), house.written("bert", text="left over")
    house.send("anna", anna["draft"], 1)
    house.pump()
    assert house.compose("bert")["interaction"] != anna["interaction"]
    left = drafts.of_interaction(house.interaction(anna["interaction"]))
    assert (bert["draft"], "open") in [(view.id, view.state) for view in left]


def test_R10_composing_again_returns_ones_own_draft_and_counts_as_a_compose(house: House) -> None:
    anna = house.written("anna")
    house.compose("bert")
    house.advance(20 * DAY)
    again = house.compose("anna")
    assert (again["draft"], again["new_draft"], again["revision"]) == (anna["draft"], False, 1)
    row = house.interaction(anna["interaction"])
    assert row.owner == "anna" and row.activity_at == house.now


def test_R10_content_given_again_is_the_next_revision(house: House) -> None:
    anna = house.written("anna")
    again = house.written("anna", text="second thoughts")
    assert (again["draft"], again["revision"]) == (anna["draft"], 2)
    assert house.text(anna["draft"]) == "second thoughts"


def test_R10_an_id_of_the_producers_own_becomes_an_alias(house: House) -> None:
    first = house.do("crm", "compose", agent="anna", customer="carl", draft="order-1")
    again = house.do("crm", "compose", agent="anna", customer="carl", draft="order-2")
    assert again["draft"] == first["draft"]
    body = {"draft": "order-2", "base_revision": 1, "content": {"text": "by alias"}}
    assert house.do("crm", "save_draft", agent="anna", **body)["draft"] == first["draft"]
    assert house.do("crm", "open_draft", agent="anna", draft="order-1")["draft"] == first["draft"]


def test_R10_an_alias_is_private_to_its_producer_and_stands_for_one_draft(house: House) -> None:
    house.do("crm", "compose", agent="anna", customer="carl", draft="mine")
    assert house.ask("anna", "open_draft", draft="mine").state == "accepted"  # waits: anna named nothing so (R36)
    house.refused("draft_id_taken", "crm", "compose", "anna", customer="cora", draft="mine")
    house.refused("malformed", "crm", "compose", "anna", customer="cora", draft="dr_mine")
    house.advance(DAY)


def test_R10_new_draft_starts_another_one(house: House) -> None:
    first = house.written("anna")
    second = house.compose("anna", new_draft=True)
    assert second["interaction"] == first["interaction"] and second["draft"] != first["draft"]
    assert house.text(first["draft"]) == "Hello Carl."
    assert house.compose("anna")["draft"] == second["draft"], "of one's own the latest composed"
    assert house.compose("anna", new_draft=True)["draft"] not in (first["draft"], second["draft"])


def test_R10_a_further_mails_draft_is_found_again_named_and_begun_anew_like_any(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    first = house.do("anna", "compose_reply", interaction=number, draft="mine")
    again = house.do("anna", "compose_reply", interaction=number)
    other = house.do("anna", "compose_reply", interaction=number, new_draft=True)
    assert (again["draft"], again["new_draft"]) == (first["draft"], False) and other["draft"] != first["draft"]
    assert house.do("anna", "open_draft", draft="mine")["draft"] == first["draft"]


def test_R10_a_queued_draft_is_not_returned(house: House) -> None:
    first = house.compose("anna", content={"text": "x"}, send=True, hold="PT1H")
    second = house.compose("anna")
    assert second["interaction"] == first["interaction"] and second["draft"] != first["draft"]


def content(draft: str) -> dict[str, object]:
    newest = t.Revision.get(t.Revision.draft == draft, t.Revision.number == t.Draft.get_by_id(draft).revision)
    return dict(newest.content)


def test_R1_R10_another_address_clicked_is_whom_ones_open_draft_goes_to(house: House) -> None:
    first = house.written("anna", cc=["wife@x.example"])
    again = house.compose("anna", address="carl.private@y.example")
    assert (again["draft"], again["revision"]) == (first["draft"], 2)
    now = content(first["draft"])
    assert (now["to"], now["cc"], now["text"]) == (["carl.private@y.example"], ["wife@x.example"], "Hello Carl.")
    assert house.compose("anna", address="Carl.Private@y.example")["revision"] == 2  # it stands there already


def test_R1_R10_whom_the_content_names_comes_before_the_address(house: House) -> None:
    draft = house.written("anna")["draft"]
    house.compose("anna", address="carl.private@y.example", content={"to": ["wife@x.example"]})
    assert content(draft)["to"] == ["wife@x.example"]


@pytest.mark.parametrize("address", ["carl.private@y.example", None])
def test_R1_R34_the_whole_in_one_mails_its_own_words_and_nothing_a_draft_held(
    house: House, address: str | None
) -> None:
    half = house.written("anna", to=["old@x.example"], bcc=["boss@x.example"], cc=["wife@x.example"], text="half a th")
    named = {"address": address} if address else {}
    whole = house.compose("anna", **named, content={"subject": "Done", "text": "All of it."}, send=True)
    assert (whole["draft"], whole["revision"]) == (half["draft"], 2)
    house.pump()
    assert [to for _, to, _ in house.post.sent] == [address or TO]
    assert b"half a th" not in house.post.sent[0][2]
    (first, _) = t.Revision.select().where(t.Revision.draft == half["draft"]).order_by(t.Revision.number)
    assert (first.content["text"], first.content["bcc"]) == ("half a th", ["boss@x.example"])


def test_R23_R34_a_whole_reply_mails_its_own_words_too(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    half = house.do("anna", "compose_reply", interaction=number, content={"text": "half", "bcc": ["boss@x.example"]})
    whole = house.do("anna", "compose_reply", interaction=number, content={"text": "All of it."}, send=True)
    house.pump()
    assert whole["draft"] == half["draft"] and [to for _, to, _ in house.post.sent] == [TO, TO]


@pytest.mark.parametrize("type_name", ["compose", "compose_reply"])
def test_R11_what_somebody_is_writing_is_not_sent_without_naming_it(house: House, type_name: str) -> None:
    half = house.written("anna")
    named = {"customer": "carl"} if type_name == "compose" else {"interaction": half["interaction"]}
    row = house.refused("conflict", "anna", type_name, **named, send=True)
    assert row.result == {"field": "body.content", "draft": half["draft"], "revision": 1}
    assert house.draft(half["draft"]).state == "open" and t.Mail.select().count() == 0
