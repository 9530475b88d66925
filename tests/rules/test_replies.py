"""R17 to R23: where incoming mail belongs, what an answer does, and what is no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from models import tables as t
from models import tokens
from models.queries import interactions, mails
from tests.harness import DAY, HOUR, MINUTE, REFUSED, SECOND, UNCERTAIN, House, dsn, parsed

Open = Callable[..., House]
TO = "carl@x.example"
CARE = "care@postroom.example"


def stranger(subject: str = "hello", sender: str = TO, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, CARE, subject
    mail["Message-ID"] = "<stranger@x.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("What about my order?")
    return bytes(mail)


def test_R17_the_signed_reply_address_matches_even_without_any_other_trace(house: House) -> None:
    sent = house.mailed("anna")
    row = house.answer(cite=False, subject="something else", sender="someone@else.example")
    assert row.result["matched_by"] == "token" and row.result["interaction"] == sent["interaction"]


def test_R17_the_envelope_alone_matches_too_in_any_case(house: House) -> None:
    sent = house.mailed("anna")
    address = str(parsed(house.post.sent[0][2])["Reply-To"]).upper()
    row = house.arrive(stranger(), address)
    assert (row.result["matched_by"], row.result["interaction"]) == ("token", sent["interaction"])


def test_R17_the_token_inside_our_message_id_matches(house: House) -> None:
    sent = house.mailed("anna")
    row = house.answer(to=None, envelope_to=CARE, **{"To": CARE})
    assert (row.result["matched_by"], row.result["interaction"]) == ("token", sent["interaction"])


def test_R17_a_token_comes_before_a_cited_message_id(house: House) -> None:
    first, second = house.mailed("anna"), house.mailed("bert", "cora")
    one, two = (parsed(data) for _, _, data in house.post.sent)
    row = house.arrive(stranger(In_Reply_To=str(one["Message-ID"])), str(two["Reply-To"]))
    assert row.result["interaction"] == second["interaction"] != first["interaction"]


def test_R17_our_message_id_matches_when_its_key_is_no_longer_known(house: House) -> None:
    sent = house.mailed("anna")
    house.change_settings(token_keys="k9:another")
    row = house.answer(envelope_to=CARE, **{"To": CARE})
    assert (row.result["matched_by"], row.result["interaction"]) == ("message_id", sent["interaction"])


def test_R17_a_rotated_key_still_verifies(house: House) -> None:
    house.change_settings(token_keys="k1:old")
    house.mailed("anna")
    house.change_settings(token_keys="k2:new,k1:old")
    assert house.answer(cite=False).result["matched_by"] == "token"


def test_R17_an_old_message_id_in_references_is_enough(house: House) -> None:
    sent = house.mailed("anna")
    ours = str(parsed(house.post.sent[0][2])["Message-ID"])
    raw = stranger(In_Reply_To="<unknown@x.example>", References=f"{ours} <unknown@x.example>")
    assert house.arrive(raw, CARE).result["interaction"] == sent["interaction"]


def test_R17_the_number_in_the_subject_matches_only_for_a_participant(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.arrive(stranger(f"about [{number}]"), CARE)
    assert (row.result["matched_by"], row.result["interaction"]) == ("number", number)
    other = house.arrive(stranger(f"about {number}", sender="other@q.example"), CARE)
    assert other.result["unmatched"] is True


@pytest.mark.parametrize("subject", ["AW:{}", "re: {lower}", "#{}!", "Your order/{}", "x_{}", "({}),"])
def test_R17_the_number_is_found_however_it_is_typed(house: House, subject: str) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.arrive(stranger(subject.format(number, lower=number.lower())), CARE)
    assert (row.result["matched_by"], row.result["interaction"]) == ("number", number)


def test_R17_a_longer_word_is_not_the_number(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    for subject in (f"X{number}", f"{number}7", f"{number}b", number[:-1], number.replace("0", "٠")):
        assert house.arrive(stranger(subject), CARE).result["unmatched"] is True


def test_R21_a_mail_without_a_sender_is_nobodys_even_where_addresses_were_erased(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    t.Delivery.update(address="", address_key="").execute()
    t.CustomerAddress.update(address="", key="").execute()
    row = house.arrive(f"To: care@postroom.example\nSubject: {number}\n\nwords\n".encode(), CARE)
    assert row.result["unmatched"] is True


def test_R17_a_cc_recipient_is_a_participant(house: House) -> None:
    number = house.mailed("anna", cc=["wife@x.example"])["interaction"]
    assert house.arrive(stranger(f"Re: ({number})", sender="Wife@x.example"), CARE).result["matched_by"] == "number"


def forged(address: str) -> list[str]:
    local, _, domain = address.partition("@")
    head, key, tail = local.rpartition(".")
    flipped = ("a" if tail[0] != "a" else "b") + tail[1:]
    name = head.partition(".")[2]
    other = ("a" if name[-1] != "a" else "b").join([name[:-1], ""])
    return [
        f"{head}{key}{flipped}@{domain}", local.replace(name, other) + f"@{domain}", local.replace("reply+", "bounce+")
        + f"@{domain}", local[:-1] + f"@{domain}", local.replace("reply+d0", "reply+zz") + f"@{domain}",
    ]  # fmt: skip


@pytest.mark.parametrize("which", range(5))
def test_R17_a_forged_or_altered_token_never_matches(house: House, which: int) -> None:
    house.mailed("anna")
    address = forged(str(parsed(house.post.sent[0][2])["Reply-To"]))[which]
    row = house.arrive(stranger(sender="evil@q.example"), address)
    assert row.result["unmatched"] is True and t.Incoming.get().interaction is None


def test_R18_an_answer_puts_it_back_to_work_and_shows_on_ongoing(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.answer(text="Yes please.")
    found = house.interaction(number)
    assert (found.state, found.unread, found.reply_at) == ("work_in_progress", 1, house.now)
    assert [(line.number, line.unread) for line in interactions.ongoing("anna").items] == [(number, 1)]
    (event,) = house.events(number, "reply_received")
    assert event.data["notify"] == ["anna"] and event.data["incoming"] == row.result["incoming"]


def test_R18_the_counter_counts_and_opening_clears_it_for_the_owner_only(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer()
    house.answer(text="And another thing.")
    assert house.interaction(number).unread == 2
    house.refused("not_owner", "bert", "mark_read", interaction=number)
    house.do("anna", "mark_read", interaction=number)
    assert house.interaction(number).unread == 0 and interactions.ongoing("anna").items == []


def test_R18_reminder_and_inactivity_stop(open_house: Open) -> None:
    house = open_house(reminder_after="P2D,P4D")
    number = house.mailed("anna")["interaction"]
    house.answer()
    assert house.clock_row(number, "reminder").due_at is None and house.clock_row(number, "inactivity").due_at is None
    house.advance(90 * DAY)
    assert len(house.post.sent) == 1 and house.state(number) == "work_in_progress"


def test_R18_the_original_is_kept_byte_for_byte_and_quotes_are_folded(house: House) -> None:
    house.mailed("anna")
    text = "Yes.\n\nOn Monday, Anna wrote:\n> Hello Carl.\n"
    row = house.answer(text=text)
    view = mails.incoming(row.result["incoming"])
    assert view.text.strip() == "Yes." and "> Hello Carl." in view.quoted
    command = t.Blob.get_by_id(t.Incoming.get().blob)
    assert bytes(command.data) == mails.incoming_raw(view.id) and b"On Monday, Anna wrote:" in bytes(command.data)


def test_R18_in_work_it_stays_and_open_drafts_count_as_stale(house: House) -> None:
    from models.queries import drafts

    number = house.mailed("anna")["interaction"]
    house.answer()
    draft = house.do("anna", "compose_reply", interaction=number, content={"text": "2"})["draft"]
    house.answer(text="by the way")
    assert house.state(number) == "work_in_progress"
    assert drafts.one(draft).stale is True
    house.refused("stale", "anna", "send", draft=draft, revision=1)


def test_R18_attachments_of_an_answer_are_kept(house: House) -> None:
    house.mailed("anna")
    ours = parsed(house.post.sent[0][2])
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = TO, str(ours["Reply-To"]), "photo"
    mail.set_content("see attached")
    files = {"p.png": b"\x89PNG", "q.png": b"\x89PNG too"}
    for name, data in files.items():
        mail.add_attachment(data, maintype="image", subtype="png", filename=name)
    house.arrive(bytes(mail), str(ours["Reply-To"]))
    kept = t.Incoming.get().attachments
    assert {item["name"]: bytes(t.Blob.get_by_id(item["blob"]).data) for item in kept} == files


AUTOMATIC = [{"Auto_Submitted": "auto-replied"}, {"Precedence": "auto_reply"}, {"X_Autoreply": "yes"}]


@pytest.mark.parametrize("headers", AUTOMATIC)
def test_R19_an_automatic_reply_is_shown_and_is_no_answer(house: House, headers: dict[str, str]) -> None:
    number = house.mailed("anna")["interaction"]
    row = house.answer(text="I am away.", **headers)
    found = house.interaction(number)
    assert row.result["kind"] == "automatic"
    assert (found.state, found.unread, found.reply_at) == ("on_hold", 0, None)
    assert [view.kind for view in mails.incoming_of(found.id)] == ["automatic"]
    house.advance(DAY)
    assert len(house.post.sent) == 1  # nothing loops


def test_R19_a_reminder_due_during_a_stated_absence_waits_for_the_return(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.answer(text="I am back on 2026-03-20.", Auto_Submitted="auto-replied")
    away = house.interaction(number).away_until
    assert away is not None and timedelta(16 * 24 * 3600 / 86400) < away - house.now <= timedelta(19)
    house.advance(away + 9 * HOUR - house.now - MINUTE)  # a Friday; work begins at nine
    assert len(house.post.sent) == 1
    house.advance(2 * MINUTE)
    assert len(house.post.sent) == 2 and house.state(number) == "on_hold"


@pytest.mark.parametrize("answered", [False, True])
def test_R18_R19_an_absence_outlasts_a_further_mail_and_ends_with_an_answer(open_house: Open, answered: bool) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.answer(text="I am back on 2026-03-20.", Auto_Submitted="auto-replied")
    if answered:
        house.answer(text="I look in from time to time.")
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    house.advance(3 * DAY)
    assert len(house.post.sent) == (3 if answered else 2)
    house.advance(20 * DAY)
    assert len(house.post.sent) == 3


def test_R19_an_absence_told_from_the_customers_other_address_counts(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    house.mailed("anna")
    house.answer(sender="carl.private@y.example", text="I am back on 2026-03-20.", Auto_Submitted="auto-replied")
    house.advance(3 * DAY)
    assert len(house.post.sent) == 1


def test_R19_an_automatic_reply_leaves_inactivity_running(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.advance(20 * DAY)
    house.answer(text="away", Auto_Submitted="auto-replied")
    house.advance(11 * DAY)
    assert house.state(number) == "closed_complete"


def test_R20_a_record_that_is_sent_again_every_night_hides_no_dead_address(house: House) -> None:
    house.mailed("anna")
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    addresses = [{"address": "carl@new.example", "primary": True}, {"address": TO}]
    house.do("crm", "upsert_customer", customer="carl", kind="contact", name="Carl", addresses=addresses)
    kept = t.CustomerAddress.select().where(t.CustomerAddress.customer == "carl").order_by(t.CustomerAddress.position)
    assert [(row.address, bool(row.flagged)) for row in kept] == [("carl@new.example", False), (TO, True)]


def test_R20_a_permanent_bounce_comes_back_to_work_flags_and_tells(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    sent = house.mailed("anna")
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention, row.reminders_stopped) == ("work_in_progress", "bounced", True)
    assert house.mail(sent["mail"]).state == "bounced"
    assert t.CustomerAddress.get(t.CustomerAddress.key == TO).flagged
    assert t.Suppression.get(t.Suppression.address_key == TO).source == "bounce"
    (event,) = house.events(row.number, "bounced")
    assert event.data["notify"] == ["anna"] and event.data["status"] == "5.1.1"
    house.advance(9 * DAY)
    assert len(house.post.sent) == 1  # reminders cancelled
    draft = house.compose("bert")["draft"]
    house.refused("suppressed", "bert", "send", draft=draft, revision=1)


def test_R20_the_report_is_matched_by_the_returned_message_id_and_recipient(house: House) -> None:
    sent = house.mailed("anna", to=[TO, "second@x.example"])
    house.arrive(dsn(house, "second@x.example"), CARE)
    states = {row.address: row.state for row in house.deliveries(sent["mail"])}
    assert states == {TO: "accepted", "second@x.example": "bounced"}


@pytest.mark.parametrize("forge", [False, True])
def test_R20_a_report_that_returns_nothing_but_the_envelope_id_finds_its_recipient(house: House, forge: bool) -> None:
    sent = house.mailed("anna", to=[TO, "alias@x.example"])
    sender = next(sender for sender, address, _ in house.post.sent if address == "alias@x.example")
    name = tokens.envelope_id(sender).upper()  # some servers shout
    report = dsn(house, "person.behind@y.example").replace(
        b"Reporting-MTA:", f"Original-Envelope-Id: {name + 'A' * forge}\r\nReporting-MTA:".encode()
    )
    house.arrive(report.replace(b"Message-ID: <pr", b"X-Gone: <"), CARE)
    states = {row.address: row.state for row in house.deliveries(sent["mail"])}
    assert states == {TO: "accepted", "alias@x.example": "accepted" if forge else "bounced"}


@pytest.mark.parametrize(("status", "action"), [("4.4.1", "delayed"), ("5.1.1", "delayed")])
def test_R20_a_temporary_or_delayed_report_is_noted_only(house: House, status: str, action: str) -> None:
    sent = house.mailed("anna")
    house.arrive(dsn(house, TO, status, action), house.post.sent[0][0])
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention) == ("on_hold", None) and house.mail(sent["mail"]).state == "sent"
    assert t.Suppression.select().count() == 0 and len(t.Incoming.select()) == 1


def test_R20_a_temporary_failure_the_server_gave_up_on_reaches_the_owner_but_keeps_state_and_address(
    house: House,
) -> None:
    sent = house.mailed("anna")
    house.arrive(dsn(house, TO, "4.2.2", "failed"), house.post.sent[0][0])
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention) == ("on_hold", "bounced") and t.Suppression.select().count() == 0
    (event,) = house.events(row.number, "bounce_noted")
    assert event.data["notify"] == ["anna"]


def test_R20_on_a_closed_interaction_it_is_only_noted(house: House) -> None:
    sent = house.mailed("anna")
    house.advance(31 * DAY)
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention) == ("closed_complete", None)
    (event,) = house.events(row.number, "bounced")
    assert house.mail(sent["mail"]).state == "bounced" and "notify" not in event.data
    assert t.Interaction.select().count() == 1
    assert (
        t.Suppression.get(t.Suppression.address_key == TO).scope == "all"
    )  # dead, whatever became of the conversation


def test_R20_a_bounce_of_a_mere_cc_notifies_and_keeps_the_state(house: House) -> None:
    sent = house.mailed("anna", cc=["copy@x.example"])
    house.arrive(dsn(house, "copy@x.example"), CARE)
    row = house.interaction(sent["interaction"])
    assert (row.state, row.attention) == ("on_hold", "bounced") and house.mail(sent["mail"]).state == "sent"
    assert house.events(row.number, "bounced")[0].data["notify"] == ["anna"]
    assert row.reminders_stopped is False, "whom it went to is still to answer"


def test_R20_a_report_about_no_mail_of_ours_is_kept_unmatched(house: House) -> None:
    house.mailed("anna")
    raw = dsn(house, TO).replace(str(parsed(house.post.sent[0][2])["Message-ID"]).encode(), b"<other@else.example>")
    assert house.arrive(raw, CARE).result["unmatched"] is True


def test_R21_a_third_party_with_a_valid_token_is_attached_and_marked(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    house.answer(sender="lawyer@q.example")
    found, incoming = house.interaction(number), t.Incoming.get()
    assert incoming.third_party is True and (found.state, found.unread) == ("work_in_progress", 1)
    assert found.customer == "carl"
    assert house.events(number, "reply_received")[0].data["third_party"] is True


def test_R21_the_customers_other_address_is_no_third_party(house: House) -> None:
    house.mailed("anna")
    house.answer(sender="Carl.Private@y.example")
    assert t.Incoming.get().third_party is False


def test_R21_copies_that_differ_only_in_trace_headers_are_shown_once(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    raw = stranger(References=str(parsed(house.post.sent[0][2])["Message-ID"]))
    house.arrive(b"Received: from a by b; Mon, 2 Mar 2026 10:00:00 +0000\r\n" + raw, CARE)
    other = b"Received: from c by d; Mon, 2 Mar 2026 10:00:09 +0000\r\nReturn-Path: <x@y>\r\n" + raw
    for _ in range(2):
        assert house.arrive(other, CARE).result["copy"] is True
    assert t.Incoming.select().count() == 1 and house.interaction(number).unread == 1
    assert [bytes(t.Blob.get_by_id(name).data) for name in t.Incoming.get().copies] == [other]


def test_R21_what_matches_nothing_is_kept_and_can_be_attached_or_ignored(house: House) -> None:
    number = house.mailed("anna")["interaction"]
    one = house.arrive(stranger("lost"), CARE).result["incoming"]
    two = house.arrive(stranger("spam", sender="spam@q.example"), CARE).result["incoming"]
    assert {view.id for view in mails.unmatched().items} == {one, two}
    house.do("anna", "attach_unmatched", incoming=one, interaction=number)
    row = house.interaction(number)
    kept = t.Incoming.get_by_id(one)
    assert (row.state, row.unread, kept.state, kept.matched_by) == ("work_in_progress", 1, "matched", "hand")
    house.do("anna", "ignore_unmatched", incoming=two)
    assert mails.unmatched().items == [] and mails.incoming_raw(two)
    house.refused("not_unmatched", "anna", "attach_unmatched", incoming=one, interaction=number)


def test_R21_attaching_to_a_closed_interaction_is_refused(house: House) -> None:
    number = house.compose("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    incoming = house.arrive(stranger(), CARE).result["incoming"]
    house.refused("closed", "anna", "attach_unmatched", incoming=incoming, interaction=number)
    assert t.Incoming.get().state == "unmatched"


@pytest.mark.parametrize(
    "raw",
    [b"", b"\x00\xff\xfe", b"no headers at all", b"From: \xe9@x\r\nContent-Type: text/plain; charset=klingon\r\n\r\nq"],
)
def test_R21_bytes_without_sense_are_kept_not_dropped(house: House, raw: bytes) -> None:
    row = house.arrive(raw, CARE)
    assert row.state == "done" and mails.incoming_raw(row.result["incoming"]) == raw


def closed(house: House) -> str:
    number = str(house.mailed("anna", "carl", subject="Matter")["interaction"])
    house.do("anna", "close", interaction=number)
    house.do("anna", "submit_wrap_up", interaction=number, code="Issue resolved")
    return number


def test_R22_a_reply_on_a_closed_one_begins_a_linked_inbound_one(house: House) -> None:
    old = closed(house)
    number = house.answer().result["interaction"]
    row = house.interaction(number)
    assert number != old and house.state(old) == "closed_complete"
    assert (row.direction, row.state, row.owner, row.unread) == ("inbound", "work_in_progress", "anna", 1)
    assert (row.follows, row.customer, row.kind, row.subject) == (t.id_of(old), "carl", "contact", "Matter")
    assert house.events(old)[-1].type == "closed"


def test_R22_the_next_reply_goes_to_the_open_follower(house: House) -> None:
    closed(house)
    first = house.answer().result["interaction"]
    assert house.answer(text="still there?").result["interaction"] == first
    assert house.interaction(first).unread == 2 and t.Interaction.select().count() == 2


def test_R22_after_the_follower_closed_there_is_a_new_one(house: House) -> None:
    old = closed(house)
    first = house.answer().result["interaction"]
    house.do("anna", "close", interaction=first)
    house.advance(5 * MINUTE)
    second = house.answer(text="again").result["interaction"]
    assert second not in (old, first) and house.interaction(second).follows == t.id_of(old)


@pytest.mark.parametrize("gone", [{"active": False}, {"absent": True}])
def test_R22_an_absent_or_deactivated_owner_leaves_it_to_the_queue(house: House, gone: dict[str, bool]) -> None:
    closed(house)
    house.do("root", "upsert_principal", principal="anna", role="agent", name="Anna", **gone)
    row = house.interaction(house.answer().result["interaction"])
    assert (row.owner, row.queue) == (None, "unassigned")
    assert [line.number for line in interactions.in_queue().items] == [row.number]
    assert [event.type for event in house.events(row.number)] == ["reply_received"], "from its beginning"


def test_R22_an_automatic_reply_to_a_closed_one_begins_nothing(house: House) -> None:
    old = closed(house)
    row = house.answer(text="away", Auto_Submitted="auto-replied")
    assert row.result["interaction"] == old and t.Interaction.select().count() == 1
    assert house.state(old) == "closed_complete"


def test_R19_R22_our_own_mail_that_comes_back_to_a_closed_one_begins_nothing(house: House) -> None:
    old = closed(house)
    ours = house.post.sent[0][2]
    row = house.arrive(ours, str(parsed(ours)["Reply-To"]))
    assert row.result["interaction"] == old and t.Interaction.select().count() == 1


def test_R22_a_copy_of_a_reply_begins_no_second_follower(house: House) -> None:
    closed(house)
    raw = stranger(References=str(parsed(house.post.sent[0][2])["Message-ID"]))
    house.arrive(raw, CARE)
    again = house.arrive(b"Received: x\r\n" + raw, CARE)
    assert again.result["copy"] is True and t.Interaction.select().count() == 2


def test_R22_mail_that_settles_an_uncertain_one_after_closing_is_recorded(house: House) -> None:
    house.post.answers(TO, UNCERTAIN)
    sent = house.mailed("anna")
    house.do("anna", "close", interaction=sent["interaction"], confirm=True)
    assert house.state(sent["interaction"]) == "closed_abandoned"
    row = house.answer()
    assert row.result["interaction"] != sent["interaction"]
    assert house.state(sent["interaction"]) == "closed_abandoned"
    assert house.delivery(sent["mail"]).state == "accepted"


def test_R23_a_further_mail_threads_and_addresses_itself(house: House) -> None:
    first = house.mailed("anna", subject="Matter")
    house.advance(MINUTE)
    house.answer(sender="Carl.Private@y.example", Message_ID="<his@x.example>")
    reply = house.do("anna", "compose_reply", interaction=first["interaction"], content={"text": "Good."}, send=True)
    house.pump()
    one, two = (parsed(data) for _, _, data in house.post.sent)
    assert two["In-Reply-To"] == "<his@x.example>" and str(two["Subject"]) == "Re: Matter"
    assert str(two["References"]).split() == [one["Message-ID"], "<his@x.example>", two["Message-ID"]]
    assert [row.address for row in house.deliveries(reply["mail"])] == ["Carl.Private@y.example"]


def test_R13_R23_a_mail_that_never_left_is_no_link_of_the_thread(house: House) -> None:
    house.post.answers(TO, REFUSED)
    number = house.mailed("anna")["interaction"]
    for hold in ("PT1H", "PT0S"):
        draft = house.compose("anna", new_draft=True, content={"text": "x"})["draft"]
        mail = house.send("anna", draft, 1, hold=hold)["mail"]
        if hold != "PT0S":
            house.do("anna", "cancel_send", mail=mail)
    house.pump()
    only = parsed(house.post.sent[0][2])
    assert house.state(number) == "on_hold" and only["In-Reply-To"] is None
    assert str(only["References"]).split() == [only["Message-ID"]]


def test_R23_reply_all_names_the_others_too(house: House) -> None:
    first = house.mailed("anna", to=[TO, "b@x.example"], cc=["c@x.example"])
    house.answer()
    draft = house.do("anna", "compose_reply", interaction=first["interaction"], reply_all=True)["draft"]
    content = t.Revision.get(t.Revision.draft == draft).content
    assert (content["to"], content["cc"]) == ([TO, "b@x.example"], ["c@x.example"])
    alone = house.do("anna", "compose_reply", interaction=first["interaction"], new_draft=True)["draft"]
    content = t.Revision.get(t.Revision.draft == alone).content
    assert (content["to"], content["cc"]) == ([TO], [])


def test_R23_its_acceptance_puts_it_on_hold_again_and_restarts_both_clocks(open_house: Open) -> None:
    house = open_house(reminder_after="P2D", inactivity_after="P10D")
    number = house.mailed("anna")["interaction"]
    house.advance(3 * DAY)
    assert len(house.post.sent) == 2  # a reminder
    house.answer()
    house.advance(5 * DAY)
    house.do("anna", "compose_reply", interaction=number, content={"text": "2"}, send=True)
    house.pump()
    at = house.now
    assert house.state(number) == "on_hold" and house.interaction(number).agent_mail_at == at
    assert house.clock_row(number, "reminder").due_at == at + 2 * DAY
    house.advance(2 * DAY + SECOND)
    assert len(house.post.sent) == 4
    house.advance(7 * DAY)
    assert house.state(number) == "on_hold"
    house.advance(DAY)
    assert house.state(number) == "closed_complete"


def test_R20_R23_a_further_mail_that_arrives_is_reminded_of_though_the_former_came_back(open_house: Open) -> None:
    house = open_house(reminder_after="P2D")
    number = house.mailed("anna")["interaction"]
    house.arrive(dsn(house, TO), house.post.sent[0][0])
    house.advance(MINUTE)
    other = {"to": ["carl.private@y.example"], "text": "2"}
    house.do("anna", "compose_reply", interaction=number, content=other, send=True)
    house.pump()
    house.advance(2 * DAY + MINUTE)
    assert [to for _, to, _ in house.post.sent] == [TO, "carl.private@y.example", "carl.private@y.example"]
    one, two, reminder = (parsed(data) for _, _, data in house.post.sent)
    thread = [one["Message-ID"], two["Message-ID"], reminder["Message-ID"]]
    assert str(reminder["References"]).split() == thread and reminder["In-Reply-To"] == two["Message-ID"]


@pytest.mark.parametrize("state", ["closed_complete", "wrap_up"])
def test_R23_no_further_mail_after_closing(house: House, state: str) -> None:
    number = house.mailed("anna")["interaction"]
    house.do("anna", "close", interaction=number)
    if state == "closed_complete":
        house.advance(3 * MINUTE)
    code = {"closed_complete": "closed", "wrap_up": "in_wrap_up"}[state]
    house.refused(code, "anna", "compose_reply", interaction=number)


QUESTIONS = (
    "Hello Carl,\n\nwhich colour shall it be?\nWhich size do you need?\nMay we send it to Bonn?\n\nKind regards\nAnna"
)
HEAD = "From: Care <care@postroom.example>\nSent: Monday\nTo: Carl\nSubject: Your order\n\n"


def test_R18_answers_between_our_own_lines_are_not_folded_though_nothing_marks_them(house: House) -> None:
    number = house.mailed("anna", text=QUESTIONS)["interaction"]
    between = QUESTIONS.replace("be?", "be?\nGreen.").replace("need?", "need?\nThe large one, please.")
    house.answer(text=f"Hi Anna,\n\nthanks!\n\n{HEAD}{between}")
    incoming = mails.incoming_of(house.interaction(number).id)[0]
    assert "Green." in incoming.text and "The large one, please." in incoming.text and incoming.quoted == ""


@pytest.mark.parametrize("above", ["", "CAUTION: this mail came from outside.\n\n"])
@pytest.mark.parametrize(
    "below", ["", "\n\nThis e-mail is confidential.", f"\n\n{HEAD}Older words\n\nKind regards\nAnna"]
)
def test_R18_our_own_lines_stay_folded_below_a_banner_and_above_older_mail(
    house: House, above: str, below: str
) -> None:
    number = house.mailed("anna", text=QUESTIONS)["interaction"]
    house.answer(text=f"Green, please.\n\n{HEAD}{above}{QUESTIONS}{below}")
    assert mails.incoming_of(house.interaction(number).id)[0].text == "Green, please."
