"""PURE. Bounces and delays in prose, from servers that write no RFC 3464 report; refuses to take a person for a server.

First who says it (a robot's address, the null path, Exim's X-Failed-Recipients), then what is said (tables of phrases, each with
the servers that write it), then about whom. flufl.bounce is asked last, for the servers nobody here has met.
"""

from __future__ import annotations

import re
from email import message_from_bytes

from flufl.bounce import all_failures

from workers import mime
from workers.failures import failure
from workers.reports import Report, Told, address_in, status_in
from workers.reports import told as report_in

_READ = 60_000  # characters of the notice; the rest is the mail that came back
_LINE = 1_000
_LATE_READ = 30_000  # bytes given to flufl.bounce

ROBOT = re.compile(
    r"(?:mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|post[-_. ]?master|mail\.?delivery\.?system|mailadmin|"
    r"bounce[sd]?)(?:[+-].*)?",
    re.IGNORECASE,
)
_ROBOT_NAME = re.compile(
    r"mailer[- ]daemon|mail deliver(?:y)? (?:sub)?system|delivery subsystem|mail administrator|post ?master|"
    r"mail ?server|content[- ]filter|anti-?virus|interscan",
    re.IGNORECASE,
)
# Subjects, by the servers and languages that write them; a person's "Re:" or "Fwd:" before it makes it a person's.
_SUBJECT = re.compile(
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
_SUBJECT_END = re.compile(
    r"[:(\s](?:undeliver(?:ed|able)|non remis|delivery failed|delivery failure|unzustellbar)\W*$", re.IGNORECASE
)
_ANSWERED = re.compile(
    r"\s*(?:re|aw|antw|sv|fwd?|wg|tr|rv|ref|res|enc|i|r|vs|回复|答复|转发|返信|転送)\s*[:：]", re.IGNORECASE
)
_SAID = re.compile(
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
    re.IGNORECASE,
)
_TRYING = re.compile(
    r"warning message only|has (?:not yet been|been (?:delayed|postponed))|delivery[^\n]{0,60} delayed|"
    r"will be retried|(?:will|to) continue (?:to|trying)|delivery attempts will continue|still (?:being retried|"
    r"undelivered|trying)|"
    r"no action is required|do not need to resend|not yet been delivered|advisory-only",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"permanent(?:ly)? (?:error|fail)|failed permanently|giv(?:en|ing) up|no further (?:delivery )?attempts",
    re.IGNORECASE,
)

# From an address like a person's more is needed: a gateway's own words, or the recipient on a line of its own.
_MACHINE = re.compile(
    r"automatically (?:generated|created|sent)|(?:generated|created|sent) automatically|interscan|viruswall|"
    r"mimesweeper|mailmarshal|"
    r"symantec|antigen|mdaemon|barracuda|this is the .{1,60} (?:program|server|gateway|system)|"
    r"non-delivery report|mm7 http",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^[ \t]{0,10}[\"<]?[^\s@<>\"]{1,100}@[^\s@<>\"]{1,100}[\">]?(?: <[^\s<>]{1,200}>)?[ \t:]{0,10}$", re.MULTILINE
)

# The line after which the returned mail stands.
_COPY = re.compile(
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
_RETURNED_FIELD = re.compile(
    r"(?:received|return-path|message-id|dkim-signature|x-[\w-]{1,60}|mime-version|delivered-to)\s*:", re.IGNORECASE
)

# Where servers name the recipient. The first row that finds anything decides.
_A = r"<?\"?([^\s<>()\[\]:;,\"=]{1,200}@\w[\w.-]{0,253})\"?>?"
_WHERE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
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
        ("X6, in a sentence", rf"(?:rejected|refused|unknown|invalid) (?:the )?(?:recipient|address|user)\s+{_A}"),
        (
            "DragonFly, X6, others, in a sentence",
            rf"(?:deliver\w*|message|mail|address|errors?|recipients?)\b[^<>@\n]{{0,60}}?(?:to|:)\s+{_A}",
        ),
        ("InterScan, James: transcript of SMTP", rf"rcpt to:\s*{_A}"),
        ("MDaemon", rf"^\s*{_A}\s+-\s"),
    )
)
_NOT_THE_RECIPIENT = re.compile(
    r"\b(?:contact|please|assistance|questions?|help|support|mail from|envelope-from|from:|sender|reply-to|"
    r"message-id|references|"
    r"received from)\b",
    re.IGNORECASE,
)


def told(mail: mime.Entity, sender: tuple[str, str], subject: str, text: str) -> Told | None:
    """What a mail in prose reports; nothing where it may come from a person."""
    failed_header = mail.first("x-failed-recipients")
    notice, _ = cut(text)
    if not failed_header and not _is_notice(mail, sender, subject, notice):
        return None
    trying = bool(_TRYING.search(notice)) and not _GIVEN_UP.search(notice)
    own = {address.lower() for address in (sender[1], *_sent_by(mail))}
    found = _named(failed_header, notice, own) or _named("", notice, set()) or _late(mail, own)
    if not found and trying:
        return Told("delivery_note", (Report(None, final=False, failure="temporary"),))
    if not found and (within := _within(mail, text)):
        return within
    reports = tuple(_of(address, said, trying) for address, said in found)
    return Told("delivery_note" if trying else "bounce", reports)


def forwarded(mail: mime.Entity, sender: tuple[str, str], subject: str) -> bool:
    """A person who passes a report on, or answers it, with its parts attached again."""
    return mail.media_type != "multipart/report" and bool(_ANSWERED.match(subject)) and not is_robot(sender)


def cut(text: str) -> tuple[str, str]:
    """The notice, and the head of the mail that came back below it."""
    lines = text[:_READ].split("\n")
    for number, line in enumerate(lines):
        if _COPY.match(line[:_LINE]):
            return "\n".join(lines[:number]), "\n".join(lines[number + 1 :]).lstrip()
        if number and _RETURNED_FIELD.match(line[:_LINE]):
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text[:_READ], ""


def is_robot(sender: tuple[str, str]) -> bool:
    """The address, or name, of a mail system rather than of a person."""
    name, address = sender
    local = address.rpartition("@")[0] or name
    return bool(ROBOT.fullmatch(local.strip('\\" '))) or bool(_ROBOT_NAME.search(name))


def _within(mail: mime.Entity, text: str) -> Told | None:
    """A report that another system wrapped or pasted into its own: Trend Micro, OCN, m-FILTER."""
    attached = [leaf.content() for leaf in mail.leaves() if leaf.media_type == "message/rfc822"][:1]
    for raw in attached or [cut(text)[1].encode("utf-8", "replace")]:
        inner = mime.parse(raw)
        found = report_in(inner) if inner.fields else None
        if found is None and inner.fields:
            named = _named("", cut("\n".join(leaf.text() for leaf in inner.leaves())[:_READ])[0], set())
            if is_robot(("", address_in(inner.first("from")) or "")) and named:
                found = Told("bounce", tuple(_of(address, said, False) for address, said in named))
        if found and found.kind != "complaint":
            return found
    return None


def _of(address: str, said: str, trying: bool) -> Report:
    code = status_in(said)
    return Report(address, code, said[:_LINE], not trying, "temporary" if trying else failure(code, said))


def _is_notice(mail: mime.Entity, sender: tuple[str, str], subject: str, notice: str) -> bool:
    null_path = mail.first("return-path").strip() in ("<>", "<MAILER-DAEMON>", "<null>")
    by_subject, by_words = bool(_SUBJECT.search(subject)), bool(_SAID.search(notice))
    if re.fullmatch(r"mailer-?_?daemon", (sender[1].rpartition("@")[0] or sender[0]).strip(), re.IGNORECASE):
        return True
    if is_robot(sender) or not mail.first("from"):
        return by_subject or by_words
    if mail.first("x-mlserver").startswith("fml") and by_subject:  # a list manager returns what it did not take
        return True
    cites = bool(mail.first("in-reply-to") or mail.first("references"))
    if _ANSWERED.match(subject) and not null_path:
        return not cites and by_words and bool(_SUBJECT_END.search(subject))
    if null_path or mail.first("auto-submitted").lower().startswith("auto"):
        return by_subject or (by_words and not cites)
    return by_subject and by_words and not cites and bool(_MACHINE.search(notice) or _ALONE.search(notice))


def _sent_by(mail: mime.Entity) -> list[str]:
    """To whom the notice is addressed: the sender of the mail that came back."""
    return [
        found
        for name in ("to", "delivered-to", "x-original-to")
        for value in mail.all(name)
        if (found := address_in(value))
    ]


def _named(header: str, notice: str, own: set[str]) -> list[tuple[str, str]]:
    lines = [line[:_LINE] for line in notice.split("\n")]
    if header:
        listed = [found for one in header[:20_000].split(",") if (found := address_in(one))]
        return [(address, _words_after(lines, address)) for address in dict.fromkeys(listed)]
    for _, pattern in _WHERE:
        if places := _matching(pattern, lines, own):
            return [(address, _until_next(said, address, places)) for address, said in places.items()]
    return []


def _matching(pattern: re.Pattern[str], lines: list[str], own: set[str]) -> dict[str, str]:
    """Addresses that stand where this row looks, each with the words that follow it."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = pattern.search(line) if "@" in line else None
        address = address_in(match[1]) if match and not _NOT_THE_RECIPIENT.search(line[: match.start(1)]) else None
        if address and address.lower() not in own and not ROBOT.fullmatch(address.rpartition("@")[0]):
            found.setdefault(address, "\n".join(lines[number : number + 12]))
    return found


def _words_after(lines: list[str], address: str) -> str:
    for number, line in enumerate(lines):
        if address in line:
            return "\n".join(lines[number : number + 12])
    return "\n".join(lines)[:_LINE]


def _until_next(said: str, address: str, found: dict[str, str]) -> str:
    """The words about one recipient end where the next one is named."""
    lines = said.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if any(other in line for other in list(found)[:50] if other != address):
            return "\n".join(lines[:number])
    return said


def _late(mail: mime.Entity, own: set[str]) -> list[tuple[str, str]]:
    """flufl.bounce, on a short and flat copy: it looks at whole mails with patterns of its own."""
    flat = b"".join(
        name.encode() + b":" + value[:500] + b"\n"
        for name, value in mail.fields[:100]
        if name in ("from", "to", "subject")
    )
    body = "".join(leaf.text() for leaf in mail.leaves() if leaf.media_type.startswith("text/"))[:_LATE_READ]
    lines = "\n".join(line[:200] for line in body.split("\n")[:300])
    try:
        temporary, permanent = all_failures(message_from_bytes(flat + b"\n" + lines.encode()))
    except Exception:  # its detectors raise what they like
        return []
    texts = (one.decode("utf-8", "replace") for one in (*sorted(permanent), *sorted(temporary)))
    return [(found, body[:_LINE]) for text in texts if (found := address_in(text)) and found.lower() not in own]
