"""PURE. Bounces and delays in prose, from servers that write no RFC 3464 report; refuses to take a person for a server.

First who says it (a robot's address, the null path, Exim's X-Failed-Recipients), then what is said (tables of phrases, each with
the servers that write it), then about whom. flufl.bounce is asked last, for the servers nobody here has met.
"""

from __future__ import annotations

import re
from email import message_from_bytes

from flufl.bounce import all_failures

from workers import mime
from workers import phrases as say
from workers.failures import failure
from workers.patience import ENDLESS, Patience
from workers.reports import Report, Told, address_in, status_in
from workers.reports import told as report_in

_READ = 60_000  # characters of the notice; the rest is the mail that came back
_LINE = 1_000
_NAMED = 50  # recipients in one notice; each of our mails has one
_LATE_READ = 30_000  # bytes given to flufl.bounce


def told(
    mail: mime.Entity, sender: tuple[str, str], subject: str, text: str, null_path: bool, patience: Patience = ENDLESS
) -> Told | None:
    """What a mail in prose reports; nothing where it may come from a person. Raises `Over` when it takes too long."""
    failed_header = mail.first("x-failed-recipients")
    notice, _ = cut(text)
    if not failed_header and not _is_notice(mail, sender, subject, notice, null_path):
        return None
    trying = bool(say.TRYING.search(notice)) and not say.GIVEN_UP.search(notice)
    own = {address.lower() for address in (sender[1], *_sent_by(mail))}
    found = _named(failed_header, notice, own, patience) or _named("", notice, set(), patience)
    patience.ask()
    found = found or _late(mail, own)
    if not found and trying:
        return Told("delivery_note", (Report(None, final=False, failure="temporary"),))
    if not found and (within := _within(mail, text)):
        return within
    reports = tuple(_of(address, said, trying) for address, said in found)
    return Told("delivery_note" if trying else "bounce", reports)


def unread(text: str) -> Report:
    """A bounce in words of no table: the server gave up; why, is said by a status at most."""
    notice, _ = cut(text)
    code = status_in(notice)
    return Report(None, code, notice[:_LINE], True, failure(code, notice[:_LINE]))


def forwarded(mail: mime.Entity, sender: tuple[str, str], subject: str) -> bool:
    """A person who passes a report on, or answers it, with its parts attached again."""
    return mail.media_type != "multipart/report" and bool(say.ANSWERED.match(subject)) and not is_robot(sender)


def cut(text: str) -> tuple[str, str]:
    """The notice, and the head of the mail that came back below it."""
    lines = text[:_READ].split("\n")
    for number, line in enumerate(lines):
        if say.COPY.match(line[:_LINE]):
            return "\n".join(lines[:number]), "\n".join(lines[number + 1 :]).lstrip()
        if number and say.RETURNED_FIELD.match(line[:_LINE]):
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    return text[:_READ], ""


def is_robot(sender: tuple[str, str]) -> bool:
    """The address, or name, of a mail system rather than of a person."""
    name, address = sender
    local = address.rpartition("@")[0] or name
    return bool(say.ROBOT.fullmatch(local.strip('\\" '))) or bool(say.ROBOT_NAME.search(name))


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


def _is_notice(mail: mime.Entity, sender: tuple[str, str], subject: str, notice: str, null_path: bool) -> bool:
    by_subject, by_words = bool(say.SUBJECT.search(subject)), bool(say.SAID.search(notice.lower()))
    if re.fullmatch(r"mailer-?_?daemon", (sender[1].rpartition("@")[0] or sender[0]).strip(), re.IGNORECASE):
        return True
    cites = bool(mail.first("in-reply-to") or mail.first("references"))
    answers = bool(say.ANSWERED.match(subject)) and not null_path
    if is_robot(sender) or not mail.first("from"):
        # A person can be called postmaster, or work in a team of mail servers.
        personal = (cites or answers) and not null_path and not say.DIALOGUE.search(notice)
        return by_subject or (by_words and not personal)
    if mail.first("x-mlserver").startswith("fml") and by_subject:  # a list manager returns what it did not take
        return True
    if answers:
        return not cites and by_words and bool(say.SUBJECT_END.search(subject))
    if null_path or mail.first("auto-submitted").lower().startswith("auto"):
        return by_subject or (by_words and not cites)
    return by_subject and by_words and not cites and bool(say.MACHINE.search(notice) or say.ALONE.search(notice))


def _sent_by(mail: mime.Entity) -> list[str]:
    """To whom the notice is addressed: the sender of the mail that came back."""
    return [
        found
        for name in ("to", "delivered-to", "x-original-to")
        for value in mail.all(name)
        if (found := address_in(value))
    ]


def _named(header: str, notice: str, own: set[str], patience: Patience = ENDLESS) -> list[tuple[str, str]]:
    lines = [line[:_LINE] for line in notice.split("\n")]
    if header:
        listed = [found for one in header[:20_000].split(",") if (found := address_in(one))]
        return [(address, _words_after(lines, address)) for address in list(dict.fromkeys(listed))[:_NAMED]]
    for _, pattern in say.WHERE:
        patience.ask()
        if places := _matching(pattern, lines, own):
            return [(address, _until_next(said, address, places)) for address, said in places.items()]
    return []


def _matching(pattern: re.Pattern[str], lines: list[str], own: set[str]) -> dict[str, str]:
    """Addresses that stand where this row looks, each with the words that follow it."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines):
        if len(found) == _NAMED:
            break
        match = pattern.search(line) if "@" in line else None
        address = address_in(match[1]) if match and not say.NOT_THE_RECIPIENT.search(line[: match.start(1)]) else None
        if address and address.lower() not in own and not say.ROBOT.fullmatch(address.rpartition("@")[0]):
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
        if any(other in line for other in found if other != address):
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
    if not any(name == "from" and b"@" in value for name, value in mail.fields[:100]):
        flat = (
            b"from: unknown@invalid\n" + flat
        )  # one of its detectors stumbles where nobody is named, and says so in the log
    try:
        temporary, permanent = all_failures(message_from_bytes(flat + b"\n" + lines.encode()))
    except Exception:  # its detectors raise what they like
        return []
    texts = (one.decode("utf-8", "replace") for one in (*sorted(permanent), *sorted(temporary)))
    return [(found, body[:_LINE]) for text in texts if (found := address_in(text)) and found.lower() not in own]
