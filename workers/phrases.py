"""PURE. How mail servers speak when mail does not arrive: tables of phrases, each with the servers or languages it comes from.

Refuses to decide anything; what follows from a phrase stands in `workers.notices`.
"""

from __future__ import annotations

import re

ROBOT = re.compile(
    r"(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_. ]?master|mail\.?delivery\.?system|mailadmin|"
    r"bounce[sd]?)(?:[+-].*)?",
    re.IGNORECASE,
)
ROBOT_NAME = re.compile(
    r"mailer[- ]daemon|mail deliver(?:y)? (?:sub)?system|delivery subsystem|mail administrator|post ?master|"
    r"mail ?server|content[- ]filter|anti-?virus|interscan",
    re.IGNORECASE,
)
# Subjects, by the servers and languages that write them; a person's "Re:" or "Fwd:" before it makes it a person's.
SUBJECT = re.compile(
    r"^(?:\W|\[[^\]]{0,40}\]|warning|notice){0,6}(?:"
    r"undeliver(?:ed|able)|non-delivery|delivery (?:status|failure|problem|warning|notification|report|has failed)|"
    r"mail (?:delivery|system error|failure|failed|could not be delivered)|(?:email|message) (?:delivery|"
    r"you sent blocked)|"
    r"message delivery|failure notice|returned (?:mail|to sender)|failed delivery|could(?: not|n't) (?:be )?deliver|"
    r"your (?:message|mail|email)\b.{0,200}(?:could not be delivered|was not delivered|blocked|non remis)|"
    r"automatically rejected mail|"
    r"there was an error sending your mail|postmaster notify|rejected mail|nondeliverable|processing error|"
    r"sorry, your message could not|loop alert|mail (?:non|not) deliver|"
    r"unzustellbar|nicht zustellbar|zustellung|fehler (?:bei|beim)|nachricht konnte nicht|"  # German
    r"non remis|échec|echec|remise (?:impossible|différée)|message non distribu|retour de mail|utilisateur non|"
    r""  # French
    r"no se (?:pudo|puede|ha podido) entregar|no entregado|mensaje no|fallo en la entrega|error de entrega|"
    r""  # Spanish
    r"mancata consegna|impossibile recapitare|non recapitabile|consegna (?:fallita|ritardata)|"  # Italian
    r"não entregue|falha (?:na|de) entrega|mensagem não|não foi possível entregar|"  # Portuguese
    r"onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging|"  # Dutch
    r"niedostarczon|nie można dostarczyć|zwrot|"  # Polish
    r"недоставлен|не доставлен|сообщение не|ваше сообщение не|не вдалося доставити|недоставлене|"
    r""  # Russian, Ukrainian
    r"nedoručiteln|kézbesíthetetlen|teslim edilemedi|kan inte levereras|olevererbar|kunne ikke leveres|"
    r"ei voitu toimittaa|"
    r"配信(?:不能|できません|エラー)|配送(?:不能|エラー|失敗)|送信(?:エラー|できません)|メールをお届け|エラー通知|"  # Japanese
    r"退信|邮件(?:传输失败|投递失败|无法投递)|系统退信|無法傳遞|未送達|未能送达|배달(?:되지| 실패)|반송|전송 실패)",
    re.IGNORECASE,
)
SUBJECT_END = re.compile(
    r"[:(\s](?:undeliver(?:ed|able)|non remis|delivery failed|delivery failure|unzustellbar)\W*$", re.IGNORECASE
)
ANSWERED = re.compile(
    r"\s*(?:re|aw|antw|sv|fwd?|wg|tr|rv|ref|res|enc|i|r|vs|回复|答复|转发|返信|転送)\s*[:：]", re.IGNORECASE
)
# Looked for in lower case: without IGNORECASE a search takes a fifth of the time.
SAID = re.compile(
    r"could(?: not|n't) be (?:delivered|sent)|non-?deliverable|error: no valid recipients|(?:was|were|is|"
    r"been) (?:not |un)deliver(?:ed|able)|unable to deliver|"
    r"undeliverable|"
    r"not able to deliver|did not reach|delivery (?:to the following|failed|has failed|of email)|"
    r"failed (?:addresses|recipients)|"
    r"returned to (?:you|sender)|returned (?:because|below)|(?:permanent|fatal) errors?|delivery (?:errors|problems)|"
    r"error (?:occurred )?(?:while|was detected|delivering|message below)|reports? the following error|"
    r"trouble delivering|"
    r"invalid final delivery|user mailbox exceeds|undeliverable to|no such user|user unknown|unknown user|"
    r"following addresses|has been rejected|was (?:automatically )?rejected|not been delivered|message from yahoo|"
    r"duplicated message-id|wasn't able to deliver|delivering your m|"
    r"has been (?:delayed|postponed)|still undelivered|will be retried|continue to (?:be made|try)|"
    r"konnte nicht zugestellt|nicht zugestellt werden|n'a pas pu [eê]tre|no pudo ser entregado|"
    r"non [eè] stato possibile|"
    r"não (?:foi entregue|pôde ser entregue)|не может быть доставлен|не (?:было )?доставлено|"
    r"送信できません|配信できません|送信に失敗|お届けできません|无法(?:发送|投递)|投递失败",
)
TRYING = re.compile(
    r"warning message only|has (?:not yet been|been (?:delayed|postponed))|delivery[^\n]{0,60} delayed|"
    r"will be retried|(?:will|to) continue (?:to|trying)|delivery attempts will continue|still (?:being retried|"
    r"undelivered|trying)|"
    r"no action is required|do not need to resend|not yet been delivered|advisory-only",
    re.IGNORECASE,
)
GIVEN_UP = re.compile(
    r"permanent(?:ly)? (?:error|fail)|failed permanently|giv(?:en|ing) up|no further (?:delivery )?attempts",
    re.IGNORECASE,
)

# From an address like a person's more is needed: a gateway's own words, or the recipient on a line of its own.
MACHINE = re.compile(
    r"automatically (?:generated|created|sent)|(?:generated|created|sent) automatically|interscan|viruswall|"
    r"mimesweeper|mailmarshal|"
    r"symantec|antigen|mdaemon|barracuda|this is the .{1,60} (?:program|server|gateway|system)|"
    r"non-delivery report|mm7 http",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"^[ \t]{0,10}[\"<]?[^\s@<>\"]{1,100}@[^\s@<>\"]{1,100}[\">]?(?: <[^\s<>]{1,200}>)?[ \t:]{0,10}$", re.MULTILINE
)

# A piece of an SMTP dialogue (RFC 5321), unquoted: Apache James and Verizon, whose subjects begin with "Re:".
DIALOGUE = re.compile(
    r"^[ \t]{0,10}(?:rcpt to:[ \t]?<?[^\s@<>]{1,100}@\S|[45][0-5]\d[ -])", re.IGNORECASE | re.MULTILINE
)

# The line after which the returned mail stands.
COPY = re.compile(
    r"[\W_]{0,40}(?:"
    r"below (?:this|the next) line is a copy|below is a copy of the|this is a copy of (?:the|your) message|"
    r""  # qmail, OpenSMTPD, Exim
    r"the header of the original message|original message(?: follows| header)?\W|message headers? follow|"
    r""  # 1&1, IMail, DragonFly
    r"(?:unsent|original|returned|old) message(?: follows| is below| text)?\s*[\W]*$|message text follows|"
    r""  # Sendmail 5, Gmail
    r"included is a copy of the|the attachment contains the original|(?:the )?first \d+ lines of your|"  # MXLogic, X6
    r"a summary of the undelivered|header of (?:the|your) message|copy of (?:the|your) (?:original )?message)",
    re.IGNORECASE,
)
RETURNED_FIELD = re.compile(
    r"(?:received|return-path|message-id|dkim-signature|x-[\w-]{1,60}|mime-version|delivered-to)\s*:", re.IGNORECASE
)

# Where servers name the recipient. The first row that finds anything decides.
_A = r"<?\"?([^\s<>()\[\]:;,\"=]{1,200}@\w[\w.-]{0,253})\"?>?"
WHERE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (source, re.compile(pattern, re.IGNORECASE))
    for source, pattern in (
        ("RFC 3464 fields pasted as text: WorkMail, mimesweeper", rf"^\s*final-recipient:\s*(?:rfc822;)?\s*{_A}"),
        ("X.400: Exchange 5.5", rf"^.{{0,200}};dda:smtp={_A}"),
        ("qmail, Postfix, Yahoo, Sina, OpenSMTPD, 1&1", rf"^\s*{_A}\s*:(?!//)"),
        ("Sendmail 8, Zoho, Mail2000", rf"^\s*{_A}\s*(?:$|\(|\[|,? on \w{{3}},|invalid|error|user|no such)"),
        ("Active!hunter, MailMarshal", rf"^\W*(?:{_A}\s+)<{_A}>\s*$"),
        ("Sendmail 5", rf"^\s*[45]\d\d\s+{_A}\s*\.\.\."),
        (
            "IMail, LSMTP, MailFoundry, usa.net",
            rf"^\W*(?:(?:unknown|invalid|undeliverable|user|mailbox|error|intended|delivery|unable|final|"
            rf"failed)\b[^:<>@]{{0,80}})[: ]\s*{_A}",
        ),
        (
            'relays that quote the SMTP answer: "SMTP Server <…> rejected recipient <…>" (RFC 5321, 3.3)',
            rf"(?:rejected|refused|unknown|invalid) (?:the )?(?:recipient|address|user)\s+{_A}",
        ),
        (
            "DragonFly, Gmail, Office 365: in a sentence",
            rf"(?:deliver\w*|message|mail|address|errors?|recipients?)\b[^<>@\n]{{0,60}}?(?:to|:)\s+{_A}",
        ),
        ("InterScan, James: transcript of SMTP", rf"rcpt to:\s*{_A}"),
        ("MDaemon", rf"^\s*{_A}\s+-\s"),
        ("Exchange in languages other than English", rf"^\s*{_A}<mailto:"),
        ("XMail", rf"rcpt=\[{_A}\]"),
        ("QQ, NetEase", rf"收件人(?:邮件地址)?\s?[:：（(]?\s?{_A}"),
    )
)
NOT_THE_RECIPIENT = re.compile(
    r"\b(?:contact|please|assistance|questions?|help|support|mail from|envelope-from|from:|sender|reply-to|"
    r"message-id|references|"
    r"received from)\b",
    re.IGNORECASE,
)

# A server that wants less mail from us, whoever it is for. Greylisting (4.7.1 too) and full or busy mailboxes (4.2.x) are not that.
SLOW_DOWN = re.compile(
    r"too many (?:\w+ ){0,3}(?:connections|sessions|messages)|too much mail|"  # Postfix, Exim, Dovecot, GMX, Free, Comcast
    r"concurrent connections|connection(?:s)? limit|message per connection|"  # Exchange, Outlook.com, Yahoo
    r"rate.?limit|(?:unusual|sending|message|delivery) rate|exceed\w* .{0,40}\brate\b|"  # Gmail, SES, Outlook.com, Postfix anvil
    r"throttl|slow(?:ing)? down|sending too (?:fast|quickly)|"  # SES, Orange, Exchange
    r"\bTSS?0[0-9]\b|\bRP-00[1-3]\b|(?<![\d.])4\.7\.(?:28|500|650|651|652)\b",  # Yahoo, Outlook.com, Gmail
    re.IGNORECASE,
)
