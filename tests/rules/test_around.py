"""R29 to R32 and R38, R39: notes, hand-overs, lists, history and feed; pauses, restores and erasure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from models import forgetting
from models import tables as t
from models.queries import customers, history, interactions, mails, people, stream
from models.store import keep_blob
from tests.harness import ACCEPTED, DAY, DEFERRED, HOUR, MINUTE, SECOND, START, UNCERTAIN, House, Killed, dsn, parsed
from tests.rules.test_replies import CARE, stranger
from workers import handlers
from workers.handlers import after_restore
from workers.handlers.restoring import Restored

Open = Callable[..., House]
TO = "carl@x.example"


def test_R29_a_note_is_for_agents_and_never_mailed(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("bert", "add_work_note", interaction=number, text="difficult customer")
    row = house.interaction(number)
    assert [(note.author, note.text) for note in interactions.notes_of(row.id)] == [("bert", "difficult customer")]
    assert interactions.one(number, house.world.settings, confidential=False).notes == []
    assert all(b"difficult" not in data for _, _, data in house.post.sent)


def test_R29_a_service_writes_no_note_of_its_own(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.refused("forbidden", "crm", "add_work_note", interaction=number, text="x")


def test_R29_transfer_to_an_agent_keeps_history_and_tells_both(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.do("anna", "transfer", interaction=number, to_agent="bert")
    (event,) = house.events(number, "transferred")
    assert event.changes["owner"] == ["anna", "bert"] and set(event.data["notify"]) == {"anna", "bert"}


def test_R29_transfer_to_a_queue_leaves_no_owner(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.do("anna", "transfer", interaction=number, to_queue="second line")
    row = house.interaction(number)
    assert (row.owner, row.queue) == (None, "second line")
    assert [line.number for line in interactions.in_queue("second line").items] == [number]
    assert house.events(number, "transferred")[0].data["notify"] == ["anna"]


@pytest.mark.parametrize("target", ["gone", "crm"])
def test_R29_only_an_active_agent_takes_a_transfer(house: House, target: str) -> None:
    t.Principal.insert(id="gone", role="agent", name="Gone", active=False).execute()
    number = house.compose("anna")["interaction"]
    house.refused("unknown_agent", "anna", "transfer", interaction=number, to_agent=target)


def test_R30_the_stream_shows_mails_notes_and_changes_in_order(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(MINUTE)
    house.do("anna", "add_work_note", interaction=number, text="n")
    house.advance(MINUTE)
    house.answer()
    items = stream.of_interaction(t.id_of(number), kinds=("mail", "note", "incoming"), order="oldest").items
    assert [item.kind for item in items] == ["mail", "note", "incoming"]
    newest = stream.of_interaction(t.id_of(number), kinds=("mail", "note", "incoming")).items
    assert [item.kind for item in newest] == ["incoming", "note", "mail"]
    changes = stream.of_interaction(t.id_of(number), kinds=("change",), limit=500).items
    assert len(changes) == house.interaction(number).seq
    whole = stream.of_interaction(t.id_of(number), limit=500).items
    assert {item.kind for item in whole} == {"mail", "note", "incoming", "change"}


def test_R30_mine_and_ongoing(house: House) -> None:
    one = house.mailed("anna")["interaction"]
    two = house.compose("bert", "cora")["interaction"]
    assert [line.number for line in interactions.mine("anna").items] == [one]
    assert [line.number for line in interactions.mine("bert").items] == [two]
    assert interactions.ongoing("anna").items == []
    house.answer()
    assert [(line.number, line.unread) for line in interactions.ongoing("anna").items] == [(one, 1)]
    assert interactions.ongoing("bert").items == []
    house.do("anna", "mark_read", interaction=one)
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    assert [(line.number, line.attention) for line in interactions.ongoing("anna").items] == [(one, "bounced")]
    for number, agent in ((one, "anna"), (two, "bert")):
        house.do(agent, "close", interaction=number)
    house.advance(HOUR)
    assert (
        interactions.mine("anna").items == interactions.ongoing("anna").items == interactions.mine("bert").items == []
    )


@pytest.mark.parametrize("text", ["ca", "CARL", "carl@x.example", "x.example", "555 1234", "+49-555-1234"])
def test_R30_customers_are_found_by_name_phone_or_address(house: House, text: str) -> None:
    house.customer("carl", "contact", TO, phone="+49 555 1234")
    assert "carl" in [view.id for view in customers.search(text).items]
    assert customers.search("zzz").items == []
    house.customer("c-77", "contact", "info@q.example", account="Quill & Sons")
    assert [[view.id for view in customers.search(words).items] for words in ("c-7", "quill")] == [["c-77"]] * 2


def test_R31_every_change_names_its_cause_and_why_is_answerable(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.advance(2 * DAY)
    house.answer()
    house.do("anna", "close", interaction=number)
    house.advance(HOUR)
    causes = {event.type: (event.cause, event.cause_id) for event in house.events(number)}
    assert causes["composed"][0] == "command" and causes["composed"][1].startswith("anna/")
    assert t.Delivery.get_by_id(causes["delivery_accepted"][1]) and causes["delivery_accepted"][0] == "delivery"
    assert causes["reminder_queued"] == ("clock", "reminder")
    assert causes["reply_received"][1].startswith("mailroom/") and causes["closed"] == ("clock", "wrap_up")
    actors = {event.type: event.actor for event in house.events(number)}
    assert (actors["composed"], actors["reminder_queued"], actors["reply_received"]) == ("anna", "postroom", "mailroom")
    because = history.why(house.interaction(number))
    assert [event.changes["state"][1] for event in because.chain] == [
        "work_in_progress", "on_hold", "work_in_progress", "wrap_up", "closed_complete",
    ]  # fmt: skip


def test_R31_replaying_the_history_rebuilds_the_state(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer()
    house.do("anna", "mark_read", interaction=number)
    row = house.interaction(number)
    rebuilt = history.rebuild(history.every(row.id))
    for name in ("state", "owner", "unread", "attention", "first_sender", "reminders_done", "customer", "direction"):
        assert rebuilt.get(name) == getattr(row, name), name


def test_R32_events_are_numbered_without_gaps_and_wait_to_be_announced(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.compose("bert", "cora")
    house.answer()
    events = house.events(number)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert {event.announced for event in t.Event.select()} == {False}
    ids = [event.id for event in events]
    assert ids == sorted(ids)


@pytest.mark.parametrize("state", ["done", "rejected"])
def test_R32_every_decision_waits_to_be_announced_and_names_its_last_event(house: House, state: str) -> None:
    row = house.ask("anna", "compose", customer="carl" if state == "done" else "nemo")
    assert (row.state, row.announced) == (state, False)
    assert row.through == (1 if state == "done" else None)


def test_R32_a_rejected_command_leaves_no_event(house: House) -> None:
    house.compose("anna")
    before = t.Event.select().count()
    house.refused("not_your_draft", "bert", "discard_draft", draft=t.Draft.get().id)
    assert t.Event.select().count() == before


@pytest.mark.parametrize("domain", ["*", "postroom.example", "POSTROOM.example"])
def test_R38_paused_mail_waits_and_leaves_after_the_resume(house: House, domain: str) -> None:
    house.do("mona", "pause_sending", domain=domain, reason="incident")
    answer = house.mailed("anna")
    house.advance(5 * MINUTE)
    assert house.post.tried == [] and house.mail(answer["mail"]).state == "queued"
    house.do("mona", "resume_sending", domain=domain)
    house.advance(MINUTE)
    assert house.mail(answer["mail"]).state == "sent"
    house.refused("not_paused", "mona", "resume_sending", domain=domain)


def test_R38_another_domains_pause_stops_nothing(house: House) -> None:
    house.do("mona", "pause_sending", domain="other.example", reason="x")
    assert house.mail(house.mailed("anna")["mail"]).state == "sent"


def test_R38_a_pause_stops_retries_and_can_be_undone_by_cancel(house: House) -> None:
    house.do("mona", "pause_sending", reason="x")
    answer = house.mailed("anna")
    house.do("anna", "cancel_send", mail=answer["mail"])
    house.do("mona", "resume_sending")
    house.advance(HOUR)
    assert house.post.tried == []


def test_R38_the_allow_list_holds_at_send(open_house: Open) -> None:
    house = open_house(allowed_recipients="@z.example, carl.private@y.example")
    draft = house.written("anna")["draft"]
    row = house.refused("not_allowed", "anna", "send", draft=draft, revision=1)
    assert row.result["field"] == "draft.to.0"
    house.save("anna", draft, 1, to=["Carl.Private@Y.example"], cc=["any@z.example"])
    house.send("anna", draft, 2)
    house.pump()
    assert len(house.post.sent) == 2


def test_R38_the_allow_list_holds_at_the_claim_too(house: House) -> None:
    answer = house.compose("anna", content={"text": "x"}, send=True, hold="PT1M")
    house.change_settings(allowed_recipients="@staging.example")  # the copy of production starts with this
    house.advance(HOUR)
    assert house.post.tried == [] and house.delivery(answer["mail"]).state == "refused"
    assert "allow-list" in house.delivery(answer["mail"]).reply_text


@pytest.mark.parametrize("before", ["queued", "claimed", "transmitting", "deferred"])
def test_R38_after_a_restore_what_may_have_left_is_uncertain_not_sent_again(house: House, before: str) -> None:
    def die() -> None:
        raise Killed

    if before == "claimed":
        house.post.before = die
    house.post.answers(TO, *{"transmitting": [Killed], "deferred": [DEFERRED]}.get(before, []))
    answer = house.compose("anna", content={"text": "x"}, send=True)
    if before != "queued":
        house.pump()
    tried = list(house.post.tried)
    assert house.delivery(answer["mail"]).state == before
    assert after_restore(house.world) == Restored(uncertain=1) and after_restore(house.world) == Restored()
    house.advance(3 * DAY)
    assert house.delivery(answer["mail"]).state == "uncertain" and house.post.tried == tried
    house.refused("already_sent", "anna", "cancel_send", mail=answer["mail"])
    house.do("anna", "resolve_uncertain", delivery=house.delivery(answer["mail"]).id, outcome="resend")
    house.pump()
    assert house.mail(answer["mail"]).state == "sent"


def test_R38_after_a_restore_mail_for_later_still_leaves_at_its_time(house: House) -> None:
    at = (START + 2 * DAY).isoformat()
    answer = house.compose("anna", content={"text": "x"}, send=True, send_at=at)
    assert after_restore(house.world) == Restored()
    house.advance(2 * DAY + SECOND)
    assert house.mail(answer["mail"]).state == "sent"


def test_R38_after_a_restore_an_undecided_send_is_decided_and_held_for_a_person(house: House) -> None:
    draft = house.written("bert", "cora")["draft"]
    words = {"subject": "s", "text": "t"}
    asked = [
        house.accept("anna", house.command("compose", customer="carl", content=words, send=True)),
        house.accept("bert", house.command("save_draft", draft=draft, base_revision=1, content={"text": "final"})),
        house.accept("bert", house.command("send", draft=draft, revision=2)),
    ]
    house.leap(5 * HOUR)
    assert after_restore(house.world) == Restored(decided=3, uncertain=2, reminders_skipped=0)
    assert after_restore(house.world) == Restored()
    house.advance(3 * DAY)
    assert house.post.tried == [] and {house.row(row.principal, row.command_id).state for row in asked} == {"done"}
    assert [(row.state, row.attention, row.owner) for row in t.Interaction.select().order_by(t.Interaction.owner)] == [
        ("work_in_progress", "uncertain", "anna"), ("work_in_progress", "uncertain", "bert"),
    ]  # fmt: skip
    delivery = t.Delivery.get(t.Delivery.address == TO)
    house.do("anna", "resolve_uncertain", delivery=delivery.id, outcome="resend")
    house.pump()
    assert len(house.sent_to(TO)) == 1


def test_R38_after_a_restore_an_undecided_second_attempt_waits_for_a_person_too(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    delivery = house.delivery(house.mailed("anna")["mail"]).id
    house.accept("anna", house.command("resolve_uncertain", delivery=delivery, outcome="resend"))
    sent = len(house.post.sent)
    assert after_restore(house.world) == Restored(decided=1, uncertain=1)
    house.advance(3 * DAY)
    assert len(house.post.sent) == sent


def test_R38_after_a_restore_a_send_that_cannot_be_decided_is_never_made_good(house: House) -> None:
    alive = house.world
    house.world = replace(alive, build=broken_build)
    row = house.accept("anna", house.command("compose", customer="carl", content={"text": "x"}, send=True))
    assert after_restore(house.world) == Restored(decided=1)
    row = house.row("anna", row.command_id)
    assert (row.state, row.code) == ("rejected", "restored") and "x" in row.wire
    house.world = alive
    house.advance(DAY)
    assert house.post.tried == []


def broken_build(letter: object) -> bytes:
    raise RuntimeError("a bug in the letter")


def test_R38_after_a_restore_reminders_that_were_due_are_skipped_visibly_and_later_ones_leave(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P3D,P6D")
    number = house.mailed("anna")["interaction"]
    house.leap(4 * DAY)  # the backup is from before; two reminders may have left meanwhile
    assert after_restore(house.world) == Restored(reminders_skipped=2)
    assert after_restore(house.world) == Restored()
    house.advance(DAY)
    assert len(house.post.sent) == 1
    skipped = house.events(number, "reminder_skipped")
    assert [event.data for event in skipped] == [{"step": 1, "notify": ["anna"]}, {"step": 2, "notify": ["anna"]}]
    assert "restored" in skipped[0].why
    house.advance(2 * DAY)
    assert len(house.post.sent) == 2


SECRETS = (
    "carl@", "Secret words", "secret subject", "Carl", "secret note", "hidden reply", "carl.private", "hidden mail",
    "hidden file", "secret reason", "Pacific/Auckland", "555 1234", "5551234",
)  # fmt: skip


def everything() -> str:
    parts: list[Any] = []
    for model in t.ALL:
        for row in model.select():
            values = {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.__data__.items()}
            parts.append(values)
    return repr(parts)


def secret_life(house: House) -> str:
    content = {"subject": "secret subject", "text": "Secret words"}
    record = {"time_zone": "Pacific/Auckland", "phone": "+49 555 1234"}
    house.customer("carl", "contact", TO, "carl.private@y.example", **record)
    house.post.answers(TO, replace(ACCEPTED, text=f"2.1.5 <{TO}> queued"))
    number = str(house.mailed("anna", **content)["interaction"])
    draft = house.do("anna", "compose_reply", interaction=number, content=content)["draft"]
    house.refused("conflict", "anna", "send", draft=_saved(house, draft), revision=1)
    house.do("anna", "add_work_note", interaction=number, text="secret note")
    house.answer(text="hidden reply")
    off_the_conversation(house, TO)
    house.do("anna", "close", interaction=number)
    house.advance(HOUR)
    assert house.state(number) == "closed_complete"
    return number


def off_the_conversation(house: House, address: str) -> None:
    """Words of and about somebody in every place that is no conversation, and twice on one."""
    answer = house.post.sent[-1][2]
    raw = stranger("hidden mail", sender=address, References=str(parsed(answer)["Message-ID"]))
    lost = bytes(hidden_file(address))
    for trace in (b"Received: from a by hidden mail; Mon, 2 Mar 2026 10:00:00 +0000\r\n", b""):
        house.arrive(trace + raw, CARE)
        house.arrive(trace + lost, CARE)
    ignored = house.arrive(stranger("hidden mail", sender=address), CARE).result["incoming"]
    house.do("anna", "ignore_unmatched", incoming=ignored)
    house.do("crm", "suppress_address", address=address, reason="secret reason")
    words = {"subject": "secret subject", "text": "Secret words"}
    house.refused("suppressed", "anna", "compose", address=address, new_draft=True, content=words, send=True)
    house.do("mona", "lift_suppression", address=address)
    house.refused("not_suppressed", "mona", "lift_suppression", address=address)
    wish = house.command("compose", id="broken", address=address, content=words).as_json()
    handlers.receive(house.world, wish.replace('"version":1', '"version":7').encode(), "anna", False)
    t.Captured.insert(envelope_from=CARE, envelope_to=address, data=b"hidden mail", captured_at=house.now).execute()


def hidden_file(sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, CARE, "hidden mail", "<file@x.example>"
    mail.set_content("hidden mail")
    mail.add_attachment(b"hidden file", maintype="application", subtype="pdf", filename="hidden file.pdf")
    return mail


def _saved(house: House, draft: str) -> str:
    house.do("anna", "save_draft", draft=draft, base_revision=1, content={"text": "Secret words too"})
    return draft


def test_R39_erasure_on_request_takes_words_and_addresses_and_leaves_the_history(house: House) -> None:
    number = secret_life(house)
    before = [(event.seq, event.type) for event in house.events(number)]
    house.do("crm", "suppress_address", address=TO, scope="reminders", reason="secret reason")
    house.do("root", "erase_customer", customer="carl")
    left = everything()
    for secret in SECRETS:
        assert secret not in left, (secret, left[max(0, left.find(secret) - 300) : left.find(secret) + 60])
    after = [(event.seq, event.type) for event in house.events(number)]
    assert after[: len(before)] == before and after[-1][1] == "erased"
    assert house.state(number) == "closed_complete" and house.interaction(number).erased_at == house.now


def test_R39_the_words_of_a_done_command_stand_in_one_place_only(house: House) -> None:
    done = house.compose("anna", content={"text": "Secret words"})
    refused = house.refused("not_your_draft", "bert", "save_draft", draft=done["draft"], base_revision=1, content={})
    assert everything().count("Secret words") == 1 and refused.wire, "what was refused stands nowhere else"


def test_R39_what_is_refused_after_the_erasure_keeps_no_words(house: House) -> None:
    number = secret_life(house)
    draft = t.Draft.select().order_by(t.Draft.composed_seq.desc()).first().id
    house.do("root", "erase_customer", customer="carl")
    words = {"text": "Secret words"}
    house.refused("erased", "anna", "compose", customer="carl", content=words)
    house.refused("closed", "anna", "add_work_note", interaction=number, text="Secret words")
    house.refused("closed", "anna", "compose_reply", interaction=number, content=words)
    assert house.ask("anna", "save_draft", draft=draft, base_revision=2, content=words).state == "rejected"
    assert "Secret words" not in everything()


def test_R39_a_report_that_comes_after_the_erasure_leaves_no_words(house: House) -> None:
    number = secret_life(house)
    report = dsn(house, TO)
    house.do("root", "erase_customer", customer="carl")
    assert house.arrive(report, CARE).result["interaction"] == number
    assert TO not in everything() and house.state(number) == "closed_complete"


def test_R39_erasing_one_leaves_what_others_wrote_off_all_conversations(house: House) -> None:
    secret_life(house)
    other = house.arrive(stranger("other mail", sender="other@q.example").replace(b"<stranger@", b"<other@"), CARE)
    handlers.receive(house.world, b"of another", "anna", False)
    house.do("root", "erase_customer", customer="carl")
    assert [view.subject for view in mails.unmatched().items] == ["other mail"] and t.DeadLetter.select().count() == 1
    assert mails.incoming_raw(other.result["incoming"])


def test_R39_erasure_waits_for_open_conversations(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.refused("open_interactions", "root", "erase_customer", customer="carl")
    assert row.result["interactions"] == [number] and house.sent_to(TO)


def test_R39_an_erased_customer_is_not_written_to_again(house: House) -> None:
    house.do("root", "erase_customer", customer="carl")
    house.refused("erased", "anna", "compose", customer="carl")
    again = house.do("anna", "compose", address=TO)  # a stranger now
    assert house.interaction(again["interaction"]).kind == "guest"


def test_R39_erasing_one_leaves_the_others_bytes(house: House) -> None:
    house.mailed("bert", "cora", text="same words")
    secret_life(house)
    kept = house.post.sent[0][2]
    house.do("root", "erase_customer", customer="carl")
    assert any(bytes(blob.data) == kept for blob in t.Blob.select())
    assert "same words" in everything()


def test_R39_retention_erases_by_itself(open_house: Open) -> None:
    house = open_house(retention_after="P90D")
    number = secret_life(house)
    house.advance(90 * DAY - 2 * HOUR)
    assert "Secret words" in everything()
    house.advance(3 * HOUR)
    forgotten(house)
    left = everything()
    for secret in ("Secret words", "secret subject", "secret note", "hidden reply"):
        assert secret not in left, secret
    assert house.events(number)[-1].type == "erased" and house.events(number)[-1].cause_id == "retention"


def forgotten(house: House) -> None:
    """As the sweeper does."""
    while forgetting.forget(house.store, house.world.settings, house.now):
        pass


def test_R39_retention_takes_what_is_on_no_conversation_and_the_guest(open_house: Open) -> None:
    house = open_house(retention_after="P90D")
    guest = "Stranger@q.example"
    words = {"subject": "secret subject", "text": "Secret words"}
    number = house.do("anna", "compose", address=guest, content=words, send=True)["interaction"]
    house.pump()
    off_the_conversation(house, guest)
    with house.store.transaction():
        keep_blob(house.store, "f" * 64, b"hidden file uploaded", "text/plain", house.now)
    house.do("anna", "close", interaction=number)
    house.advance(90 * DAY - HOUR)
    forgotten(house)
    assert "Secret words" in everything() and "hidden mail" in everything() and "hidden file uploaded" in everything()
    house.advance(2 * HOUR)
    forgotten(house)
    left = everything().lower()
    for secret in (*(secret.lower() for secret in SECRETS[1:3]), "stranger@q", "hidden mail", "hidden file"):
        assert secret not in left, (secret, left[max(0, left.find(secret) - 300) : left.find(secret) + 60])
    assert t.Customer.get_by_id("carl").name == "Carl"  # another system's record


def test_R39_retention_leaves_a_guest_whose_conversation_goes_on(open_house: Open) -> None:
    house = open_house(retention_after="P10D")
    house.do("anna", "compose", address="new@q.example")
    house.advance(20 * DAY)
    forgotten(house)
    assert t.Customer.get(t.Customer.kind == "guest").name == "new@q.example"


def test_R39_without_a_retention_nothing_goes_by_itself(house: House) -> None:
    secret_life(house)
    house.advance(1000 * DAY)
    before = everything()
    forgotten(house)
    assert everything() == before


def test_R39_erasing_twice_changes_nothing(open_house: Open) -> None:
    house = open_house(retention_after="P90D")
    number = secret_life(house)
    house.do("root", "erase_customer", customer="carl")
    events = len(house.events(number))
    handlers.fire(house.world, t.id_of(number), "retention")
    house.advance(100 * DAY)
    assert len(house.events(number)) == events


def test_R29_templates_are_kept_and_replaced(house: House) -> None:
    house.do("mona", "upsert_template", name="greeting", subject="Hi", text="Hello $customer_name")
    house.do("mona", "upsert_template", name="greeting", subject="Hi!", text="Hello again")
    (row,) = t.Template.select()
    assert (row.subject, row.text) == ("Hi!", "Hello again")


def test_R29_the_letter_shows_the_agents_name(house: House) -> None:
    house.mailed("bert")
    assert "Bert" in str(parsed(house.post.sent[0][2])["From"])


def test_R29_an_agent_sets_their_own_signature_and_nobody_elses(house: House) -> None:
    house.do("anna", "set_signature", signature="Anna\nCare")
    assert people.signature("anna") == "-- \nAnna\nCare" and people.signature("bert") == ""
    house.do("anna", "set_signature", signature="")
    assert people.signature("anna") == ""
