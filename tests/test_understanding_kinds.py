"""R19, R20: human, automatic, bounce, complaint, delivery note and list mail are told apart; in doubt it is a person's."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from workers.failures import Failure, failure
from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def read(head: str, body: str = "hello\n") -> Understood:
    return understand(f"{head}\nTo: care@us.example\n\n{body}".encode(), NOW)


def report(kind: str, part: str, fields: str, returned: str = "", prose: str = "See below.") -> Understood:
    back = f"--b\nContent-Type: message/rfc822\n\n{returned}\n\nwords\n" if returned else ""
    body = f"--b\n\n{prose}\n--b\nContent-Type: {part}\n\n{fields}\n{back}--b--\n"
    return read(f'From: robot@them.example\nContent-Type: multipart/report; report-type={kind}; boundary="b"', body)


SUBJECTS = [
    "Automatic reply: your order", "Auto: Re: hello", "Out of Office: Kim", "Automatische Antwort: Ihre Anfrage",
    "Abwesenheitsnotiz: Urlaub", "Réponse automatique : commande", "Respuesta automática: pedido", "Fuera de la oficina",
    "Risposta automatica: ordine", "Resposta automática: pedido", "Automatisch antwoord: bestelling",
    "Odpowiedź automatyczna: zamówienie", "Автоматический ответ: заказ", "Автоматична відповідь: замовлення",
    "Automatická odpověď: objednávka", "Autosvar: beställning", "Automatisk svar: ordre", "Automaattinen vastaus: tilaus",
    "Otomatik Yanıt: sipariş", "Automatikus válasz: rendelés", "Răspuns automat: comandă", "Αυτόματη απάντηση: παραγγελία",
    "自動応答: 注文", "自动答复: 订单", "자동 회신: 주문", "رد تلقائي: الطلب", "תשובה אוטומטית: הזמנה",
    "Auto: AW: hello", "AUTO: Kim Doe is out of the office (returning 11/30/2026)", "[Auto-Reply] your order",
    "AUTO: Kim Doe ist außer Haus (Rückkehr am 30.11.2026)", "Out of office until 30 November", "【自動返信】 注文",
    "OOO: your order", "On leave: your order", "Trả lời tự động: đơn hàng", "Balasan otomatis: pesanan", "ตอบกลับอัตโนมัติ: x",
]  # fmt: skip


@pytest.mark.parametrize("subject", SUBJECTS)
def test_R19_subjects_of_automatic_replies_in_many_languages(subject: str) -> None:
    assert read(f"From: kim@them.example\nSubject: {subject}").kind == "automatic"


@pytest.mark.parametrize(
    "head",
    [
        "Subject: Re: Automatic reply: your order",
        "Subject: AW: Abwesenheitsnotiz: Urlaub",
        "Subject: Out of office supplies, please send more",
        "Subject: Absence of an invoice",
        "Subject: Vacation in Rome",
        "Subject: On leave of absence",
        "Subject: Automation of our store",
        "Subject: Automatic reply does not work in your app",
        "Subject: Automatische Antwort kommt doppelt",
        "Subject: Réponse automatique en double",
        "Subject: Respuesta automática que no llega",
        "Subject: Автоматический ответ не приходит",
        "Subject: 自動返信が届きません",
        "Subject: 自动回复不工作",
        "Subject: Auto: Versicherung 4711",
        "Subject: Frånvaro: Kalle",
        "Subject: Abwesenheit: Max, bis 25. November",
        "Subject: Absence: Léa",
        "Subject: Absence de l'école : Max",
        "Subject: Nepřítomnost: Jan",
        "Subject: 不在通知: 荷物",
        "Subject: 부재중 전화",
        "Subject: Out of office chairs until Friday?",
        "Subject: Undeliverable parcel",
        "Subject: Delivery status of my order?",
        "Subject: Re: Mail delivery failed: returning message to sender",
        "Subject: hi\nX-Auto-Response-Suppress: All",
        "Subject: hi\nAuto-Submitted: no",
        "Subject: Re: hi\nList-Id: <team.them.example>\nIn-Reply-To: <1@us.example>",
        "Subject: Re: hi\nList-Id: <team.them.example>\nPrecedence: bulk\nIn-Reply-To: <1@us.example>",
        "Subject: Re: hi\nMailing-List: contact team-help@them.example; run by ezmlm\nPrecedence: bulk\nReferences: <1@us.example>",
        "Subject: Re: hi\nSender: owner-team@them.example\nPrecedence: bulk\nReferences: <1@us.example>",
        "Subject: hi\nX-Priority: 1\nPrecedence: normal\nReturn-Path: <kim@them.example>",
    ],
)
def test_R19_a_person_stays_a_person(head: str) -> None:
    assert (
        read(f"From: Kim <kim@them.example>\n{head}", "My parcel was returned to sender. Could you help?").kind
        == "human"
    )


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("X-Mail-Autoreply: 1", "automatic"),
        ("X-Apple-Action: VACATION/r", "human"),
        ("X-Apple-Action: vacation", "automatic"),
        ("Delivered-To: Autoresponder", "automatic"),
        ("Return-Path: <>\nIn-Reply-To: <1@us.example>", "automatic"),
        ("List-Unsubscribe: <https://x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click", "list"),
        ("List-Id: <a.b>\nPrecedence: bulk", "list"),
        ("List-Id: <a.b>\nAuto-Submitted: auto-generated", "automatic"),
        ("Mailing-List: contact a-help@b.example; run by ezmlm\nPrecedence: bulk", "list"),
        ("List-Id: <a.b>\nIn-Reply-To: <1@us.example>\nAuto-Submitted: auto-replied", "automatic"),
        ("List-Id: <a.b>\nIn-Reply-To: <1@us.example>\nX-Mailer: vacation 1.2", "automatic"),
        ("X-Auto-Response-Suppress: All", "human"),
    ],
)
def test_R19_robots_by_their_headers(head: str, kind: str) -> None:
    assert read(f"From: kim@them.example\nSubject: hello\n{head}").kind == kind


@pytest.mark.parametrize("subject", ["Abwesenheit: hello", "Frånvaro: hello", "Ausente: hello", "不在通知: hello"])
def test_R19_what_people_write_too_is_a_robots_beside_its_header_or_the_null_path(subject: str) -> None:
    for more, kind in (
        ("", "human"),
        ("X-Auto-Response-Suppress: All\n", "automatic"),
        ("Return-Path: <>\n", "automatic"),
    ):
        assert read(f"{more}From: kim@them.example\nSubject: {subject}").kind == kind


def test_R20_complaints_name_their_type_and_who_complained() -> None:
    fields = "Feedback-Type: abuse\nUser-Agent: x/1\nOriginal-Rcpt-To: <kim@them.example>\n"
    found = report(
        "feedback-report", "message/feedback-report", fields, "Message-ID: <1@us.example>\nTo: other@them.example"
    )
    assert (found.kind, found.feedback, found.about) == ("complaint", "abuse", "kim@them.example")
    assert found.returned_message_id == "<1@us.example>"


def test_R20_a_complaint_that_hides_the_recipient_is_about_the_one_the_mail_went_to() -> None:
    fields = "Feedback-Type: opt-out\nVersion: 1\n"
    found = report(
        "feedback-report", "message/feedback-report", fields, "Message-ID: <1@us.example>\nTo: <kim@them.example>"
    )
    assert (found.feedback, found.about) == ("opt-out", "kim@them.example")


def test_R20_complaints_without_ARF() -> None:
    jmrp = "--b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: kim@hot.example\n\nx\n--b--\n"
    found = read('From: staff@hotmail.example\nContent-Type: multipart/mixed; boundary="b"', jmrp)
    assert (found.kind, found.about) == ("complaint", "kim@hot.example")
    apple = read("From: kim@them.example\nX-Apple-Unsubscribe: true\nAuto-Submitted: auto-replied")
    assert (apple.kind, apple.feedback, apple.about) == ("complaint", "opt-out", "kim@them.example")


@pytest.mark.parametrize("disposition", ["displayed", "deleted", "dispatched"])
def test_R20_a_receipt_is_a_note(disposition: str) -> None:
    fields = f"Final-Recipient: rfc822; kim@them.example\nDisposition: manual-action/MDN-sent-manually; {disposition}\n"
    found = report("disposition-notification", "message/disposition-notification", fields)
    assert (found.kind, found.reports) == ("delivery_note", ())


def test_R20_a_rejection_in_the_form_of_a_receipt_is_a_bounce() -> None:
    fields = (
        "Final-Recipient: rfc822; kim@them.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n"
    )
    prose = "Your message was automatically rejected:\nQuota exceeded"
    found = report("disposition-notification", "message/disposition-notification", fields, prose=prose)
    assert found.kind == "bounce" and [(r.address, r.permanent) for r in found.reports] == [("kim@them.example", False)]


@pytest.mark.parametrize(
    ("action", "kind"), [("delayed", "delivery_note"), ("relayed", "delivery_note"), ("failed", "bounce")]
)
def test_R20_a_delay_is_no_bounce(action: str, kind: str) -> None:
    fields = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; kim@them.example\nAction: {action}\nStatus: 4.4.1\n"
    found = report("delivery-status", "message/delivery-status", fields)
    assert found.kind == kind and all(not r.permanent for r in found.reports)


def test_R20_recipients_are_told_apart_where_no_empty_line_does() -> None:
    one, two = (
        f"Final-Recipient: rfc822; {n}@them.example\nAction: failed\nStatus: 5.{s}\n"
        for n, s in (("a", "2.2"), ("b", "1.1"))
    )
    found = report("delivery-status", "message/delivery-status", f"Reporting-MTA: dns; mx\n{one}{two}")
    assert [(r.address, r.permanent) for r in found.reports] == [("a@them.example", False), ("b@them.example", True)]


PROSE = {
    "qmail": "Hi. This is the qmail-send program at us.example.\nI'm afraid I wasn't able to deliver your message to the"
    " following addresses.\n\n<kim@them.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy"
    " of the message.\n\nReturn-Path: <care@us.example>\nMessage-ID: <1@us.example>\nTo: kim@them.example\n",
    "Exim": "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered"
    " to one or more of its\nrecipients. The following address(es) failed:\n\n  kim@them.example\n    host mx.them.example:"
    " 550 5.1.1 User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n"
    "Message-ID: <1@us.example>\n",
    "Postfix": "This is the mail system at host us.example.\n\nI'm sorry to have to inform you that your message could not\nbe"
    " delivered.\n\n<kim@them.example>: host mx.them.example said: 550 5.1.1\n    <kim@them.example>: Recipient address rejected:"
    " User unknown (in reply to RCPT TO command)\n\nReceived: from a\nMessage-ID: <1@us.example>\n",
    "Sendmail": "   ----- The following addresses had permanent fatal errors -----\n<kim@them.example>\n    (reason: 550 5.1.1 User"
    " unknown)\n\n   ----- Original message follows -----\nReceived: from a\nMessage-ID: <1@us.example>\n",
    "Exchange 5.5": "Your message\n\n  To:      K\n  Subject: x\n\ndid not reach the following recipient(s):\n\nc=US;a= ;p=X;o=Y;"
    "dda:SMTP=kim@them.example; on Fri, 4 Oct 2002\n    The recipient name is not recognized\n\n"
    "Received: from a\nMessage-ID: <1@us.example>\n",
}  # fmt: skip


@pytest.mark.parametrize("server", PROSE)
def test_R20_bounces_in_prose_name_the_address_and_the_mail(server: str) -> None:
    found = read("From: Mail System <MAILER-DAEMON@us.example>\nSubject: failure notice", PROSE[server])
    assert found.kind == "bounce" and found.returned_message_id == "<1@us.example>"
    assert [(r.address, r.permanent, r.final) for r in found.reports] == [("kim@them.example", True, True)]


def test_R20_a_warning_in_prose_is_a_note() -> None:
    body = "This is a WARNING MESSAGE ONLY.\nDelivery to the following recipient has been delayed:\n\n     kim@them.example\n"
    found = read(
        "From: Mail Delivery Subsystem <mailer-daemon@big.example>\nSubject: Delivery Status Notification (Delay)", body
    )
    assert found.kind == "delivery_note" and [(r.address, r.final) for r in found.reports] == [
        ("kim@them.example", False)
    ]


def test_R20_a_person_who_forwards_or_answers_a_bounce_is_a_person() -> None:
    for subject in ("Fwd: failure notice", "Re: Undelivered Mail Returned to Sender", "WG: Unzustellbar: x"):
        assert read(f"From: Kim <kim@them.example>\nSubject: {subject}", PROSE["qmail"]).kind == "human"
    fields = "Final-Recipient: rfc822; a@b.example\nAction: failed\n"
    parts = f"--b\n\nwhat is this?\n--b\nContent-Type: message/delivery-status\n\n{fields}--b--\n"
    head = 'From: Kim <kim@them.example>\nSubject: Fwd: x\nContent-Type: multipart/mixed; boundary="b"'
    assert read(head, parts).kind == "human"


@pytest.mark.parametrize("sender", ["postmaster@them.example", "ACME Mail Server Team <kim@them.example>"])
@pytest.mark.parametrize("subject", ["Re: your order", "AW: your order", "your order"])
def test_R20_a_person_called_postmaster_answers(sender: str, subject: str) -> None:
    body = "The parcel has been rejected at the door.\n\n> Your message was not delivered to <kim@them.example>:\n> user unknown\n"
    assert read(f"From: {sender}\nSubject: {subject}\nIn-Reply-To: <1@us.example>", body).kind == "human"
    bounced = f"From: {sender}\nSubject: {subject}\nIn-Reply-To: <1@us.example>\nReturn-Path: <>"
    assert read(bounced, "Your message could not be delivered:\nkim@them.example").kind == "bounce"


def test_R20_a_server_that_answers_with_Re_is_known_by_the_envelope_it_sets_out() -> None:
    body = (
        "Error message below:\n550 - no such user here\n\n  MAIL FROM: care@us.example\n  RCPT TO: kim@them.example\n"
    )
    found = read("From: post_master@them.example\nSubject: Re:hello\nIn-Reply-To: <1@us.example>", body)
    assert found.kind == "bounce" and [each.address for each in found.reports] == ["kim@them.example"]


def test_R20_notifications_of_Amazon_SES() -> None:
    bounce = {"bounceType": "Permanent", "bouncedRecipients": [
        {"emailAddress": "kim@them.example", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]}  # fmt: skip
    message = json.dumps({"notificationType": "Bounce", "bounce": bounce})
    found = read("From: x <no-reply@sns.amazonaws.com>", json.dumps({"Type": "Notification", "Message": message}))
    assert found.kind == "bounce" and [(r.address, r.permanent) for r in found.reports] == [("kim@them.example", True)]
    assert read("From: x <no-reply@sns.amazonaws.com>", '{"Message": "{') .kind == "human"  # fmt: skip


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "address"),
        ("5.1.1", "", "address"),
        ("", "550 no such user here", "address"),
        ("", "Host or domain name not found. Name service error", "address"),
        ("5.1.10", "Recipient address has null MX", "address"),
        ("5.1.1", "552 mailbox full", "temporary"),
        ("5.2.2", "user unknown", "temporary"),
        ("4.2.2", "user unknown", "temporary"),
        ("", "451 come back", "temporary"),
        ("5.7.1", "User unknown", "policy"),
        ("5.7.26", "unauthenticated mail is prohibited", "policy"),
        ("5.0.0", "blocked by Spamhaus", "policy"),
        ("5.0.0", "", "unknown"),
        ("", "", "unknown"),
    ],
)
def test_R20_an_address_is_blamed_only_where_nothing_else_is(status: str, said: str, why: Failure) -> None:
    assert failure(status, said) == why
