"""PURE. Why a mail did not arrive, from status code and diagnostic.

Refuses to blame an address where the server blames something else: only ``address`` speaks against mailing it again. Full
mailboxes empty, policies change, and an unknown reason proves nothing.
"""

from __future__ import annotations

import re
from typing import Literal

Failure = Literal["address", "policy", "temporary", "unknown"]

_READ = 2_000  # characters of a diagnostic that are looked at

# What servers say, the most telling first. Words beat numbers: many servers number every refusal 5.1.1 or 5.7.1.
_SAID: tuple[tuple[Failure, str, tuple[str, ...]], ...] = (
    (
        "temporary",
        "mailbox full: RFC 3463 x.2.2; Exim, Postfix, Gmail, Yahoo, Courier, qmail, Domino, Exchange",
        (
            # Exim, Courier, qmail: the mailbox is full
            r"(?:mail ?box|mailfolder|inbox|account|maildrop|user) (?:\S+ )?(?:is |is currently |size )?(?:full|"
            r"over ?quota|exceeds)",
            # Gmail, Domino, Exchange: over or out of something
            r"(?:over|out of|exceed\w*|above|beyond) (?:\w+ ){0,4}(?:quota|storage|space|mailbox size|"
            r"mailbox limit|size limit for)",
            # Dovecot, Cyrus, Zimbra, Exchange Online: the quota
            r"quota (?:\w+ )?exceed|over ?quota|quota full|quota violation|quotaexceeded|storage quota|"
            r"quota reached|disk quota",
            # RFC 5321's 452 and 552: insufficient system storage
            r"insufficient (?:system |disk |mail)?(?:storage|space)|not enough (?:storage|space|disk)|"
            r"no space left|disk full",
            r"mailbox (?:has |is )?(?:exceeded|reached) |too much mail|mbox_full|error_mbox_full|"
            r"boite (?:est )?pleine|buz[oó]n (?:est[aá] )?lleno",
        ),
    ),
    (
        "address",
        "no such mailbox: Sendmail, Postfix, Exim, qmail, Exchange, Gmail, Yahoo, Domino, iCloud, MDaemon, IMail",
        (
            # Sendmail, Postfix, Exchange: something is unknown
            r"(?:user|recipient|mailbox|address|account|addressee|alias|userid|local part)\)? (?:\S+ )?(?:is |"
            r"was |name is |address is )?(?:unknown|not known|not found|not recognized|not listed|invalid|"
            r"does ?n.?t exist|does not exist|doesn't exist|no longer (?:exists|valid|available|in use|active)|"
            r"nonexistent|non-existent|not exist|unavailable or)",
            # Exim, qmail, Mimecast, IMail: an unknown something
            r"(?:unknown|no such|invalid|bad|nonexistent|non-?existent|unrouteable|unroutable|not a valid|"
            r"not a known|not our|no valid) (?:\w+ ){0,3}(?:user|recipient|mailbox|address|account|addressee|"
            r"person|alias|inbox|local part|destination|userid)",
            # Gmail, iCloud: something does not exist
            r"(?:user|mailbox|address|recipient|account)[\s\S]{0,60}?(?:does not exist|doesn't exist|"
            r"don't exist|not exist\b|no longer exists)",
            # qmail, chkuser
            r"(?:no|unknown) (?:mailbox|user|account|one|such mailbox) (?:here )?(?:by|with|under) that (?:name|"
            r"address)|no mailbox here|not a mailbox|no account by that name",
            # Yahoo, RFC 5321's 551, Domino
            r"(?:doesn't|does not) have an? (?:\S+ )(?:account|mailbox)|user not (?:local|here|on this)|"
            r"unknown local.?part|not listed in (?:domino|public) directory|not listed in domino",
            # Exchange and gateways that answer with a name of the error
            r"recipno(?:t)?found|recipient ?not ?found|resolver\.adr\.|invalid_recipient|no_such_user|"
            r"nosuchuser|user_unknown|account_not_found|smtp_address_lookup_failed",
            r"address (?:\w+ )?(?:rejected: )?(?:is wrong|wrong or no longer)|email address is not found|"
            r"not a valid mailbox|mailbox not available here|unrouteable mail domain",
            r"no (?:existe|longer at|longer with)|n'existe pas|unbekannt(?:er|e)? (?:empf|benutz)|"
            r"empf[aä]nger (?:ist )?unbekannt|пользователь не найден|не существует|宛先(?:が|メール).{0,12}(?:見つかりません|"
            r"存在)|あて先.{0,10}見つかりません|送信先メールアドレスが見つかりません",
            r"no mailbox found|could not be found, or was misspelled|not in my validrcptto|no longer on (?:this )?server|"
            r"recipient .{0,60} is not a (?:valid|local)|requested action not taken: mailbox unavailable|"  # Outlook.com
            r"(?:benutzer|teilnehmer|postfach|adressat|empf(?:ae|ä)nger) (?:ist )?unbekannt|postfach existiert nicht|"
            r"(?:cuenta|usuario|destinatario|buz[oó]n) (?:desconocid[oa]|inexistente|no existe)|"
            r"(?:utilisateur|destinataire|adresse|bo[iî]te) (?:\w+ )?(?:inconnue?|invalide|inexistante?)|"
            r"(?:utente|casella|destinatario) (?:sconosciut[oa]|inesistente)|(?:usu[aá]rio|destinat[aá]rio) (?:inexistente|"
            r"desconhecido|inv[aá]lido)|(?:gebruiker|ontvanger) (?:is )?onbekend|nie ma takiego u[zż]ytkownika|"
            r"(?:пользователь|почтовый ящик|адресат) (?:не (?:найден|существует)|неизвестен)|"
            r"(?:用户|收件人|邮箱|邮件地址|信箱)(?:地址)?不存在|ユーザ.{0,12}(?:見つかりません|存在しません)|"
            r"존재하지 않는 (?:사용자|계정|메일)|"
            r"(?:disabled|inactive|deactivated|closed) (?:user|recipient)|undeliverable address|"
            r"address (?:unknown|not present)|recipient address rejected: (?:user unknown|unknown|undeliverable|"
            r"no such)",
        ),
    ),
    (
        "address",
        "no such host: Sendmail, Postfix, Exim, qmail, Gmail",
        (
            # Sendmail, Postfix, Gmail
            r"host (?:\S+ )?(?:is )?(?:unknown|not found)|unknown host|no such (?:host|domain)|(?:domain|"
            r"host)(?: name)?(?: \S+)? (?:does not exist|not found|doesn't exist)|nxdomain|"
            r"domain .{0,80}couldn't be found",
            # qmail, Exim, Postfix: no mail exchanger
            r"unable to find mx for|does not appear to be registered|"
            r"no smtp service|invalid dns mx|has no (?:mx|mail exchanger)|not? mx (?:found|records?) for|"
            r"couldn't find any host (?:named|by that name)|bad destination (?:host|mailbox|domain|system)|"
            r"illegal host/domain|unable to (?:find|resolve) (?:host|domain)|dns error: .{0,60}(?:not found|"
            r"nxdomain)",
            r"domain is not reachable|couldn't find a mail exchanger|"
            r"all relevant mx records point to non-existent hosts|all (?:host|"
            r"mx) address lookups? failed permanently|no mx record|unrouteable (?:domain|address)|"
            r"retry time not reached .{0,20}unknown host",
        ),
    ),
    (
        "address",
        "moved, or never takes mail: RFC 5321 551, RFC 7505 null MX, RFC 3463 x.1.6",
        (
            r"(?:user|address|mailbox|recipient|account) has (?:been )?(?:moved|changed|replaced|retired)|"
            r"has moved to|no longer (?:uses|accepts? mail at) this",
            r"null ?mx|does not accept (?:e-?)?mail\b|smtp protocol (?:returned a permanent error|"
            r"diagnostic)[^\n]{0,10}null|domain (?:of recipient )?(?:does not|never) accepts? mail",
        ),
    ),
    (
        "policy",
        "refused for what or who sent it: RFC 3463 x.7.x, x.6.x; Spamhaus, SPF, DKIM, DMARC",
        (
            r"\b(?:spam|spamhaus|blacklist|black list|blocklist|block list|blocked|rbl|dnsbl|spf|dkim|dmarc|"
            r"reputation|virus|malware|policy|greylist)\b",
            r"unsolicited|not allowed|not permitted|access denied|permission denied|"
            r"relay(?:ing)? (?:access )?denied|prohibited|unauthenticated|authentication|banned|"
            r"reject(?:ed)? by|too large|too big|size exceeds|message content",
        ),
    ),
    (
        "temporary",
        "may work later: RFC 5321 4yz, RFC 3463 4.x.x and x.4.7",
        (
            r"try (?:again|it again|later)|temporar|timed out|time ?out|too many (?:connections|hops|messages|"
            r"recipients)|deferred|connection (?:refused|reset|dropped|timed)|expired|too old|"
            r"network is unreachable|queue (?:time|period)",
        ),
    ),
)  # fmt: skip
# Without IGNORECASE, on words in lower case: five times as fast.
_RULES = tuple((why, re.compile("|".join(patterns))) for why, _, patterns in _SAID)
_FULL = _RULES[0][1]
_TRY_LATER = re.compile(r"(?<![\d.])4[0-5]\d[ -]")
# Servers whose words mean something else than they say.
_SPECIAL: tuple[tuple[Failure, str, re.Pattern[str]], ...] = (
    ("unknown", "docomo and au say so for a subscriber's filter too",
     re.compile(r"550[- '\"]{0,3}(?:: user unknown|unknown user \S{1,200}@\S{1,200}\.jp)")),
    ("policy", "the sender's address is meant, not the recipient's: RFC 3463 x.1.7, x.1.8; Postfix, Exim, Sendmail",
     re.compile(r"sender (?:address |domain |verify )?(?:rejected|not found|unknown|denied|failed|invalid)|domain of sender|"
                r"(?:invalid|unknown|bad) (?:outbound )?sender|(?:invalid|bad) (?:return|envelope.from|mail from) ")),
    ("temporary", "DNS in trouble, which says nothing of the domain: Postfix, PowerMTA",
     re.compile(r"host not found, try again|servfail")),
    ("address", "Symantec Email Security.cloud (MessageLabs) for an address that is not registered",
     re.compile(r"\b542 \S{1,200}@\S{1,200} rejected")),
    ("address", "Office 365's directory-based edge blocking",
     re.compile(r"5\.4\.1 .{0,320}recipient address rejected: access denied")),
    ("address", "RFC 7504's example of a host that takes no mail; Sendmail at a null MX",
     re.compile(r"\b(?:521 5\.3\.2|556)\b|host does not accept mail")),
    ("policy", "Facebook", re.compile(r"recipient preferences")),
    ("policy", "Cox, Cloudmark and others on MAIL FROM",
     re.compile(r"sender (?:address )?(?:\S{1,200} )?(?:rejected|denied)")),
    ("address", "IronPort, Postfix without a table's text",
     re.compile(r"#?5\.1\.0 address rejected|recipient address rejected\.?$")),
)  # fmt: skip

# RFC 3463 and IANA's registry of enhanced status codes. What is not here is unknown; so is
# 5.2.1, a mailbox that exists and takes no mail: Gmail says it of accounts that an administrator can switch on again.
_STATUS: dict[str, Failure] = {
    "5.1.1": "address",  # bad destination mailbox
    "5.1.2": "address",  # bad destination system
    "5.1.3": "address",  # bad syntax of the mailbox
    "5.1.6": "address",  # moved, no forwarding address
    "5.1.10": "address",  # null MX (RFC 7505)
    "5.4.4": "address",  # unable to route
}
# Where one of these is stated the address is not to blame, whatever else is said.
_INNOCENT: dict[str, Failure] = {
    "5.1.7": "policy",  # the sender's address
    "5.1.8": "policy",
    "5.2.2": "temporary",  # full
    "5.2.3": "policy",  # too long
    "5.3.4": "policy",  # too big
    "5.4.7": "temporary",  # time expired
    "5.6": "policy",  # content
    "5.7": "policy",  # security
}


def failure(status: str, diagnostic: str) -> Failure:
    """The class of one failure. ``status`` may be empty; the diagnostic is the server's own words."""
    words = " ".join(diagnostic[:_READ].lower().split())
    if status.startswith("4"):
        return "temporary"
    for why, _, pattern in _SPECIAL:
        if pattern.search(words):
            return why
    innocent = _INNOCENT.get(status) or _INNOCENT.get(status.rpartition(".")[0])
    if _FULL.search(words) or innocent:
        return innocent or "temporary"
    said = next((why for why, pattern in _RULES if pattern.search(words)), None)
    return said or _STATUS.get(status) or ("temporary" if not status and _TRY_LATER.search(words) else "unknown")
