"""R20: notices in prose of the mail servers one meets, written in their manner: whom they name and what follows. Nobody's mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workers.understanding import understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# Server: From, Subject, further fields, body; kind, given up, reason.
NOTICES = {
    "Exchange Online html-ish": (
        "postmaster@us.example",
        "Undeliverable: your order",
        "",
        (
            "Your message to kim@them.example couldn't be delivered.\n"
            "\n"
            "kim wasn't found at them.example.\n"
            "\n"
            "care Office 365 kim\n"
            "Action Required Recipient\n"
            "\n"
            "Unknown To address\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Gmail new": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "",
        (
            "** Address not found **\n"
            "\n"
            "Your message wasn't delivered to kim@them.example because the address couldn't be found.\n"
            "\n"
            "The response from the remote server was:\n"
            "550 5.1.1 <kim@them.example>: Recipient address rejected: User unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Gmail old": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "",
        (
            "Delivery to the following recipient failed permanently:\n"
            "\n"
            "     kim@them.example\n"
            "\n"
            "Technical details of permanent failure: \n"
            "Google tried to deliver your message.\n"
            "\n"
            "The error that the other server returned was:\n"
            "550 5.1.1 <kim@them.example>... User unknown\n"
            "\n"
            "----- Original message -----\n"
            "\n"
            "Message-ID: <1@us.example>\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Yahoo": (
        "MAILER-DAEMON@yahoo.com",
        "Failure Notice",
        "",
        (
            "Sorry, we were unable to deliver your message to the following address.\n"
            "\n"
            "<kim@them.example>:\n"
            "550: 5.1.1 <kim@them.example>: Recipient address rejected: User unknown\n"
            "\n"
            "--- Below this line is a copy of the message.\n"
            "\n"
            "Message-ID: <1@us.example>\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Domino": (
        "Postmaster@them.example",
        "DELIVERY FAILURE: User kim (kim@them.example) not listed in Domino Directory",
        "",
        (
            "Your message\n"
            "\n"
            "  Subject: your order\n"
            "\n"
            "was not delivered to:\n"
            "\n"
            "  kim@them.example\n"
            "\n"
            "because:\n"
            "\n"
            "  User kim (kim@them.example) not listed in Domino Directory\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Mimecast": (
        "Postmaster@them.example",
        "[Postmaster] Email Delivery Failure",
        "",
        (
            "This is a delivery failure notification message indicating that\n"
            "an email you addressed to email address :\n"
            "-- kim@them.example\n"
            "\n"
            "could not be delivered. The problem appears to be :\n"
            "-- Recipient email address is possibly incorrect\n"
            "\n"
            "Additional information follows :\n"
            "-- 5.1.1 Invalid Recipient\n"
            "\n"
            "This condition occurred after 1 attempt(s) to deliver over\n"
            "a period of 0 hour(s).\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "IronPort": (
        "Mail Delivery System <MAILER-DAEMON@mx.them.example>",
        "Delivery Status Notification (Failure)",
        "",
        (
            "The following message to <kim@them.example> was undeliverable.\n"
            "The reason for the problem:\n"
            "5.1.0 - Unknown address error 550-'5.1.1 <kim@them.example>... User unknown'\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Barracuda": (
        "Barracuda Spam Firewall <MAILER-DAEMON@spam.them.example>",
        "**Message you sent blocked by our bulk email filter**",
        "",
        (
            "Your message to: kim@them.example\n"
            "was blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:\n"
            "\n"
            "Subject: your order\n"
        ),
        "bounce",
        True,
        "policy",
    ),
    "SES": (
        "MAILER-DAEMON@amazonses.com",
        "Delivery Status Notification (Failure)",
        "",
        ("An error occurred while trying to deliver the mail to the following recipients:\nkim@them.example\n"),
        "bounce",
        True,
        "unknown",
    ),
    "OpenSMTPD": (
        "Mailer Daemon <MAILER-DAEMON@mx.us.example>",
        "Delivery status notification: error",
        "",
        (
            "    Hi!\n"
            "\n"
            "    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n"
            "\n"
            "    An error has occurred while attempting to deliver a message for\n"
            "    the following list of recipients:\n"
            "\n"
            "kim@them.example: 550 5.1.1 User unknown\n"
            "\n"
            "    Below is a copy of the original message:\n"
            "\n"
            "Message-ID: <1@us.example>\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "MDaemon": (
        "MDaemon@them.example",
        "Permanent Delivery Failure",
        "",
        (
            "The attached message had PERMANENT fatal delivery errors!\n"
            "\n"
            "After one or more unsuccessful delivery attempts the attached message has\n"
            "been removed from the mail queue on this server.\n"
            "\n"
            "Failed address: kim@them.example\n"
            "\n"
            "--- Session Transcript ---\n"
            "<-- 550 5.1.1 User unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Kerio": (
        "postmaster@them.example",
        "Message delivery failure",
        "",
        ("Your message was not delivered to:\n\nkim@them.example\n  550 5.1.1 User unknown\n"),
        "bounce",
        True,
        "address",
    ),
    "GroupWise": (
        "<Mailer-Daemon@gw.them.example>",
        "Message status - undeliverable",
        "",
        ("The message that you sent was undeliverable to the following:\n\tkim@them.example (user not found)\n"),
        "bounce",
        True,
        "address",
    ),
    "AT&T": (
        "<>",
        "Undeliverable: your order",
        "Return-Path: <>\n",
        ("Your message to kim@them.example could not be delivered.\n 550 5.1.1 user unknown\n"),
        "bounce",
        True,
        "address",
    ),
    "docomo": (
        "Mail Administrator <Postmaster@docomo.example>",
        "Undelivered Mail Returned to Sender",
        "",
        (
            "This is the mail system.\n"
            "\n"
            "<kim@them.example>: host mx.them.example said: 550 Unknown user kim@them.example (in reply to RCPT TO command)\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "kddi ezweb": (
        "Mail Delivery Subsystem <Postmaster@ezweb.ne.jp>",
        "Mail System Error - Returned Mail",
        "",
        ("The user(s) account is disabled.\n\n<kim@them.example>: 550 user unknown\n"),
        "bounce",
        True,
        "address",
    ),
    "SpamExperts/Exim German": (
        "Mailer-Daemon@them.example",
        "Mail delivery failed: returning message to sender",
        "X-Failed-Recipients: kim@them.example\n",
        (
            "This message was created automatically by mail delivery software.\n"
            "\n"
            "A message that you sent could not be delivered to one or more of its\n"
            "recipients. This is a permanent error. The following address(es) failed:\n"
            "\n"
            "  kim@them.example\n"
            "    Unrouteable address\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "GMX": (
        "mailer-daemon@gmx.de",
        "Mail delivery failed: returning message to sender",
        "",
        (
            "This message was created automatically by mail delivery software.\n"
            "\n"
            "A message that you sent could not be delivered to\n"
            "one or more of its recipients. This is a permanent error.\n"
            "The following address(es) failed:\n"
            "\n"
            '"kim@them.example":\n'
            "SMTP error from remote server after RCPT command:\n"
            "host: mx.them.example\n"
            "550 5.1.1 unknown user\n"
            "\n"
            "\n"
            "--- The header of the original message is following. ---\n"
            "\n"
            "Message-ID: <1@us.example>\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "T-Online": (
        "Mail Delivery System <mailer-daemon@t-online.de>",
        "Undelivered Mail Returned to Sender",
        "",
        (
            "Dies ist eine automatisch erzeugte Nachricht.\n"
            "\n"
            "Die Nachricht konnte nicht zugestellt werden an:\n"
            "\n"
            "<kim@them.example>: 550 5.1.1 Benutzer unbekannt\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Exchange de": (
        "Postmaster@them.example",
        "Unzustellbar: Ihre Bestellung",
        "",
        (
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n"
            "\n"
            "kim@them.example<mailto:kim@them.example>\n"
            "Die eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n"
            "\n"
            "Diagnoseinformationen für Administratoren:\n"
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Exchange en 2010": (
        "Postmaster@them.example",
        "Undeliverable: your order",
        "",
        (
            "Delivery has failed to these recipients or groups:\n"
            "\n"
            "kim@them.example<mailto:kim@them.example>\n"
            "The e-mail address you entered couldn't be found.\n"
            "\n"
            "Diagnostic information for administrators:\n"
            "\n"
            "kim@them.example\n"
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Exchange fr": (
        "Postmaster@them.example",
        "Non remis : commande",
        "",
        (
            "Échec de la remise pour ces destinataires ou groupes :\n"
            "\n"
            "kim@them.example<mailto:kim@them.example>\n"
            "L'adresse de messagerie est introuvable.\n"
            "\n"
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Exchange es": (
        "Postmaster@them.example",
        "No se puede entregar: pedido",
        "",
        (
            "Error de entrega a estos destinatarios o grupos:\n"
            "\n"
            "kim@them.example<mailto:kim@them.example>\n"
            "\n"
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Exchange it": (
        "Postmaster@them.example",
        "Non recapitabile: ordine",
        "",
        (
            "Non è stato possibile recapitare il messaggio a:\n"
            "\n"
            "kim@them.example\n"
            "\n"
            "#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Courier": (
        "courier@mx.us.example",
        "NOTICE: mail delivery status.",
        "",
        (
            "This is a delivery status notification from mx.us.example,\n"
            "running the Courier mail server, version 0.65.2.\n"
            "\n"
            "The original message was received on Wed\n"
            "\n"
            "UNDELIVERABLE MAIL\n"
            "\n"
            "Your message to the following recipients cannot be delivered:\n"
            "\n"
            "<kim@them.example>:\n"
            "    mx.them.example [192.0.2.1]:\n"
            "<<< 550 5.1.1 User unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "qmail ru": (
        "MAILER-DAEMON@mail.example.ru",
        "failure notice",
        "",
        (
            "Hi. This is the qmail-send program at mail.example.ru.\n"
            "\n"
            "<kim@them.example>:\n"
            "192.0.2.1 does not like recipient.\n"
            "Remote host said: 550 No such user\n"
            "Giving up on 192.0.2.1.\n"
            "\n"
            "--- Below this line is a copy of the message.\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "mail.ru": (
        "mailer-daemon@corp.mail.ru",
        "Mail failure.",
        "",
        (
            "Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.\n"
            "\n"
            "К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n"
            "\n"
            "**********************\n"
            "\n"
            "  kim@them.example\n"
            "    SMTP error from remote mail server after RCPT TO:<kim@them.example>:\n"
            "    host mx.them.example: 550 5.1.1 User unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Yandex": (
        "mailer-daemon@yandex.ru",
        "Недоставленное сообщение",
        "",
        (
            "Это письмо отправлено почтовым сервером yandex.ru.\n"
            "\n"
            "К сожалению, мы вынуждены сообщить Вам о том, что Ваше письмо не может быть отправлено.\n"
            "\n"
            "<kim@them.example>: host mx.them.example said: 550 5.1.1 user unknown (in reply to RCPT TO command)\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "QQ": (
        "PostMaster@qq.com",
        "系统退信/Systems bounce",
        "",
        (
            "抱歉，您的邮件被退回来了……\n"
            "\n"
            "原邮件信息：\n"
            "收件人 kim@them.example\n"
            "退信原因 收件人邮件地址（kim@them.example）不存在，邮件无法送达。\n"
            "host mx.them.example[192.0.2.1] said: 550 5.1.1 User unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "163": (
        "Postmaster@163.com",
        "系统退信",
        "",
        (
            "很抱歉，您发送的邮件被系统退回\n"
            "退信原因:\n"
            "kim@them.example\n"
            "SMTP error, RCPT TO: 550 User not found: kim@them.example\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Postfix delay": (
        "MAILER-DAEMON@us.example",
        "Delayed Mail (still being retried)",
        "",
        (
            "This is the mail system at host us.example.\n"
            "\n"
            "####\n"
            "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n"
            "\n"
            "Your message could not be delivered for more than 4 hour(s).\n"
            "It will be retried until it is 5 day(s) old.\n"
            "\n"
            "<kim@them.example>: connect to mx.them.example: Connection timed out\n"
        ),
        "delivery_note",
        False,
        "temporary",
    ),
    "Exim delay": (
        "Mailer-Daemon@us.example",
        "Warning: message 1abc delayed 24 hours",
        "",
        (
            "This message was created automatically by mail delivery software.\n"
            "A message that you sent has not yet been delivered to one or more of its\n"
            "recipients after more than 24 hours on the queue on us.example.\n"
            "\n"
            "The address to which the message has not yet been delivered is:\n"
            "\n"
            "  kim@them.example\n"
            "\n"
            "No action is required on your part. Delivery attempts will continue for some time\n"
        ),
        "delivery_note",
        False,
        "temporary",
    ),
    "Proofpoint": (
        "Mail Delivery Subsystem <MAILER-DAEMON@pphosted.com>",
        "Returned mail: see transcript for details",
        "",
        (
            "   ----- The following addresses had permanent fatal errors -----\n"
            "<kim@them.example>\n"
            "    (reason: 550 5.1.1 User Unknown)\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Symantec": (
        "<>",
        "failure notice",
        "Return-Path: <>\n",
        (
            "This is the mail delivery agent at messagelabs.com.\n"
            "I was unable to deliver your message to the following addresses:\n"
            "\n"
            "kim@them.example\n"
            "\n"
            "Reason: 550 5.1.1 Invalid recipient\n"
            "\n"
            "The message subject was: your order\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Zimbra/amavis quota": (
        "MAILER-DAEMON@us.example",
        "Undelivered Mail Returned to Sender",
        "",
        ("<kim@them.example>: 552 5.2.2 Over quota\n"),
        "bounce",
        True,
        "temporary",
    ),
    "James": (
        "postmaster@us.example",
        "Re: your order",
        "Return-Path: <>\n",
        (
            "Hi. This is the James mail server at us.example.\n"
            "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
            "This is a permanent error; I've given up. Sorry it didn't work out.\n"
            "\n"
            "kim@them.example\n"
            "\n"
            "Error message below:\n"
            "550 5.1.1 user unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "hMailServer": (
        "mailer-daemon@us.example",
        "Message undeliverable: your order",
        "",
        (
            "Your message did not reach some or all of the intended recipients.\n"
            "\n"
            "   Sent: Tue\n"
            "   Subject: your order\n"
            "\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "kim@them.example\n"
            "   Error Type: SMTP\n"
            "   Error Description: No such user\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "MailEnable": (
        "postmaster@us.example",
        "Message Delivery Failure",
        "",
        (
            "MailEnable: Message could not be delivered to some recipients.\n"
            "The following recipient(s) could not be reached:\n"
            "\n"
            "\tRecipient: [SMTP:kim@them.example]\n"
            "\tReason: The domain name (them.example) does not appear to be registered.\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "SmarterMail": (
        "System Administrator <postmaster@us.example>",
        "Delivery Failure",
        "",
        (
            "Could not deliver message to the following recipient(s):\n"
            "\n"
            "Failed Recipient: kim@them.example\n"
            "Reason: Remote host said: 550 5.1.1 user unknown\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "XMail": (
        "postmaster@us.example",
        "Error sending message [1.us] from [us.example]",
        "",
        ("[00] XMail bounce: Rcpt=[kim@them.example];Error=[550 5.1.1 user unknown]\n\n\n[01] Error sending message\n"),
        "bounce",
        True,
        "address",
    ),
    "Haraka": (
        "postmaster@us.example",
        "failed mail",
        "",
        (
            "I'm sorry to say that your message could not be delivered to the following recipients:\n"
            "\n"
            "kim@them.example: 550 5.1.1 no such user\n"
        ),
        "bounce",
        True,
        "address",
    ),
    "Plesk vacation quota": (
        "MAILER-DAEMON@us.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "",
        (
            "This is the mail system at host us.example.\n"
            "\n"
            "<kim@them.example>: permission denied. Command output: maildrop: maildir over quota.\n"
        ),
        "bounce",
        True,
        "temporary",
    ),
    "IMail": (
        "Postmaster <postmaster@us.example>",
        "Undeliverable Mail",
        "",
        (
            "User mailbox exceeds allowed size: kim@them.example\n"
            "\n"
            "Original message follows.\n"
            "\n"
            "Message-ID: <1@us.example>\n"
        ),
        "bounce",
        True,
        "temporary",
    ),
}


@pytest.mark.parametrize("server", NOTICES)
def test_R20_the_notices_of_servers_one_meets(server: str) -> None:
    sender, subject, more, body, kind, final, failure = NOTICES[server]
    found = understand(f"From: {sender}\nTo: care@us.example\nSubject: {subject}\n{more}\n{body}".encode(), NOW)
    told = [(report.address, report.final, report.failure) for report in found.reports]
    assert (found.kind, told) == (kind, [("kim@them.example", final, failure)])
