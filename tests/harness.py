"""A whole post room in one thread: real rows, real handlers, real letters; time stands still until a test moves it.

The alarm keeps wake-ups, the post answers by script (what the real one answers is proved in test_mailer); nothing is patched.
"""

from __future__ import annotations

import math
import random
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from models import commands, settings
from models import tables as t
from models.clock import StillClock
from models.ids import RandomIds
from models.policy import publish_again_at
from models.settings import Settings
from models.store import Store, accept, keep_blob
from models.wakes import Queue, Wake, clock_wake, command_wake, delivery_wake
from workers import handlers
from workers.world import Answer, World

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
ACCEPTED = Answer("accepted", 250, "2.0.0 queued as 4711", "mx.test:25")
DEFERRED = Answer("deferred", 451, "4.7.1 come back later", "mx.test:25")
REFUSED = Answer("refused", 550, "5.1.1 no such user", "mx.test:25")
UNCERTAIN = Answer("uncertain", None, "the connection broke after the body", "mx.test:25")
QUIET = {"POSTROOM_PROFILE": "test", "POSTROOM_UNDO_HOLD": "PT0S"}


class Killed(BaseException):
    """The worker process died here."""


class Alarm:
    """Keeps wake-ups with their times; a test may lose them or ring them twice."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.waiting: list[tuple[datetime, int, Wake]] = []
        self.rung = 0

    def wake(self, wake: Wake, at: datetime | None = None) -> None:
        now = self.clock.now()
        seconds = 0 if at is None else max(0, math.ceil((at - now).total_seconds()))
        self.rung += 1
        self.waiting.append((now + timedelta(seconds=seconds), self.rung, wake))

    def next_at(self) -> datetime | None:
        return min(self.waiting)[0] if self.waiting else None

    def take(self, upto: datetime) -> Wake | None:
        ready = [item for item in self.waiting if item[0] <= upto]
        if not ready:
            return None
        first = min(ready, key=lambda item: item[:2])
        self.waiting.remove(first)
        return first[2]

    def lose_all(self) -> None:
        self.waiting.clear()


@dataclass
class Post:
    """A mail server by script: answers per address in turn, then acceptance. ``before`` and ``during`` may do anything."""

    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    script: dict[str, deque[Answer | type[Killed]]] = field(default_factory=dict)
    before: Callable[[], object] | None = None
    during: Callable[[], object] | None = None
    tried: list[str] = field(default_factory=list)

    def answers(self, address: str, *answers: Answer | type[Killed]) -> None:
        self.script.setdefault(address, deque()).extend(answers)

    def transmit(self, envelope_from: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        self.tried.append(address)
        act, self.before = self.before, None
        if act:
            act()
        before_body()
        act, self.during = self.during, None
        if act:
            act()
        planned = self.script.get(address)
        answer = planned.popleft() if planned else ACCEPTED
        if not isinstance(answer, Answer):
            raise answer
        if answer.outcome in ("accepted", "uncertain"):
            self.sent.append((envelope_from, address, data))
        return answer


class House:
    """One post room under test. ``do`` asks through the broker's door, ``ask`` answers the row whatever was decided."""

    def __init__(self, store: Store, seed: int = 1, **environment: str) -> None:
        self.clock = StillClock(START)
        self.alarm = Alarm(self.clock)
        self.post = Post()
        self.store = store
        given = settings.from_mapping(
            QUIET | {f"POSTROOM_{name.upper()}": value for name, value in environment.items()}
        )
        ids = RandomIds(random.Random(seed))
        self.world = World(given, self.clock, ids, store, self.alarm, self.post, pause=self._pause)
        self.acknowledged: list[tuple[str, int, dict[str, Any]]] = []
        self.door = "amqp"
        self._asked = 0

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def change_settings(self, **environment: str) -> Settings:
        """As a restart with other settings would."""
        found = settings.from_mapping(
            QUIET | {f"POSTROOM_{name.upper()}": value for name, value in environment.items()}
        )
        self.world = replace(self.world, settings=found)
        return found

    # people

    def populate(self) -> None:
        """Agents anna, bert and cleo, a manager, an admin, a service; a contact, a consumer, one without address."""
        for name in ("anna", "bert", "cleo"):
            self._principal(name, "agent")
        self._principal("mona", "manager")
        self._principal("root", "admin")
        self._principal("crm", "service")
        self.customer("carl", "contact", "carl@x.example", "carl.private@y.example")
        self.customer("cora", "consumer", "cora@z.example")
        self.customer("nemo", "contact")

    def customer(self, name: str, kind: str, *addresses: str, **fields: Any) -> None:
        listed = [{"address": address} for address in addresses]
        self.do("crm", "upsert_customer", customer=name, kind=kind, name=name.title(), addresses=listed, **fields)

    def _principal(self, name: str, role: str) -> None:
        t.Principal.insert(id=name, role=role, name=name.title(), amqp_user=name).execute()

    # asking

    def command(self, type_name: str, agent: str | None = None, id: str | None = None, **body: Any) -> commands.Command:
        self._asked += 1
        return commands.command(type_name, id or f"c{self._asked}", agent, **body)

    def ask(self, user: str, type_name: str, agent: str | None = None, id: str | None = None, **body: Any) -> t.Command:
        """Decide a command; through the broker's door or, where ``door`` says so, accepted first as by HTTP."""
        command = self.command(type_name, agent, id, **body)
        if self.door == "amqp":
            handlers.receive(self.world, command.as_json().encode(), user, False)
        else:
            handlers.resume(self.world, self.accept(user, command).id)
        return self.row(user, command.id)

    def accept(self, user: str, command: commands.Command, door: str = "http") -> t.Command:
        """Kept durably and not decided yet."""
        with self.store.transaction():
            return accept(self.store, command, user, door, self.now)

    def row(self, user: str, command_id: str) -> t.Command:
        found: t.Command = t.Command.get(t.Command.principal == user, t.Command.command_id == command_id)
        return found

    def do(
        self, user: str, type_name: str, agent: str | None = None, id: str | None = None, **body: Any
    ) -> dict[str, Any]:
        """Ask, and insist on yes."""
        row = self.ask(user, type_name, agent, id, **body)
        assert row.state == "done", f"{type_name} by {user}: {row.state} {row.code}: {row.sentence} {row.error}"
        return dict(row.result or {})

    def refused(self, code: str, user: str, type_name: str, agent: str | None = None, /, **body: Any) -> t.Command:
        """Ask, and insist on this rejection."""
        row = self.ask(user, type_name, agent, None, **body)
        assert (row.state, row.code) == ("rejected", code), f"{type_name}: {row.state} {row.code}: {row.sentence}"
        assert row.sentence
        return row

    # conveniences

    def compose(self, agent: str, customer: str = "carl", **body: Any) -> dict[str, Any]:
        return self.do(agent, "compose", customer=customer, **body)

    def save(self, agent: str, draft: str, base: int, **content: Any) -> dict[str, Any]:
        saved = self.do(agent, "save_draft", draft=draft, base_revision=base, content=content)
        self.acknowledged.append((str(saved["draft"]), saved["revision"], content))
        return saved

    def send(self, agent: str, draft: str, revision: int, **more: Any) -> dict[str, Any]:
        return self.do(agent, "send", draft=draft, revision=revision, **more)

    def written(self, agent: str = "anna", customer: str = "carl", **content: Any) -> dict[str, Any]:
        """Composed with words, not sent."""
        words = {"subject": "Your order", "text": "Hello Carl."} | content
        return self.compose(agent, customer, content=words)

    def mailed(self, agent: str = "anna", customer: str = "carl", **content: Any) -> dict[str, Any]:
        """Composed, sent and handed over."""
        words = {"subject": "Your order", "text": "Hello Carl."} | content
        answer = self.compose(agent, customer, content=words, send=True)
        self.pump()
        return answer

    def answer(
        self,
        to: bytes | None = None,
        sender: str = "carl@x.example",
        text: str = "Thank you.",
        envelope_to: str | None = None,
        cite: bool = True,
        **headers: str | None,
    ) -> t.Command:
        """A real MIME reply to a mail that left (the latest one unless told otherwise), through the mailroom."""
        ours = parsed(to or self.post.sent[-1][2])
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, str(ours["Reply-To"])
        mail["Subject"], mail["Message-ID"] = f"Re: {ours['Subject']}", f"<answer{self._asked}@x.example>"
        if cite:
            mail["In-Reply-To"] = str(ours["Message-ID"])
            mail["References"] = " ".join(str(ours["References"]).split())
        for name, value in headers.items():
            del mail[name.replace("_", "-")]
            if value is not None:
                mail[name.replace("_", "-")] = value
        mail.set_content(text)
        return self.arrive(mail.as_bytes(policy=policy.SMTP), envelope_to or str(mail["To"] or "care@postroom.example"))

    def arrive(self, raw: bytes, envelope_to: str, envelope_from: str = "") -> t.Command:
        """Raw bytes come in as through the mailroom: stored first, then decided."""
        blob = self.world.digest(raw)
        command = self.command("receive_mail", blob=blob, envelope_from=envelope_from, envelope_to=envelope_to)
        with self.store.transaction():
            keep_blob(self.store, blob, raw, "message/rfc822", self.now)
            row = accept(self.store, command, "mailroom", "mail", self.now)
        handlers.resume(self.world, row.id)
        return self.row("mailroom", command.id)

    # what is true

    def interaction(self, number: str) -> t.Interaction:
        found: t.Interaction = t.Interaction.get_by_id(t.id_of(number))
        return found

    def state(self, number: str) -> str:
        return str(self.interaction(number).state)

    def draft(self, draft: str) -> t.Draft:
        found: t.Draft = t.Draft.get_by_id(draft)
        return found

    def text(self, draft: str) -> str:
        row = self.draft(draft)
        found = t.Revision.get(t.Revision.draft == draft, t.Revision.number == row.revision)
        return str(found.content["text"])

    def mail(self, mail: str) -> t.Mail:
        found: t.Mail = t.Mail.get_by_id(mail)
        return found

    def deliveries(self, mail: str) -> list[t.Delivery]:
        return list(t.Delivery.select().where(t.Delivery.mail == mail).order_by(t.Delivery.address))

    def delivery(self, mail: str) -> t.Delivery:
        (found,) = self.deliveries(mail)
        return found

    def events(self, number: str, type: str | None = None) -> list[t.Event]:
        rows = t.Event.select().where(t.Event.interaction == t.id_of(number)).order_by(t.Event.seq)
        return [row for row in rows if type in (None, row.type)]

    def clock_row(self, number: str, kind: str) -> t.ClockRow:
        found: t.ClockRow = t.ClockRow.get(t.ClockRow.interaction == t.id_of(number), t.ClockRow.kind == kind)
        return found

    def sent_to(self, address: str) -> list[bytes]:
        return [data for _, to, data in self.post.sent if to == address]

    def show(self) -> str:
        """Everything that happened, for a failing test's reader."""
        lines = []
        for row in t.Event.select().order_by(t.Event.id):
            lines.append(
                f"{row.interaction}/{row.seq} {row.at:%d %H:%M:%S} {row.type} by {row.actor}: {row.why} {row.changes}"
            )
        return "\n".join(lines)

    # time

    def pump(self) -> None:
        """Deliver due wake-ups until it is quiet."""
        for _ in range(10_000):
            wake = self.alarm.take(self.now)
            if wake is None:
                return
            self.deliver(wake)
        raise AssertionError("ten thousand wake-ups and still no rest")

    def deliver(self, wake: Wake) -> None:
        """As the actors do; a worker that dies leaves its message to nobody but the sweeper."""
        try:
            if wake.queue is Queue.DELIVERY:
                handlers.deliver(self.world, wake.key)
            elif wake.queue is Queue.CLOCKS:
                interaction, kind = wake.key.split(":")
                handlers.fire(self.world, int(interaction), kind)
            else:
                handlers.resume(self.world, int(wake.key))
        except Killed:
            return

    def advance(self, by: timedelta, sweep: bool = True) -> None:
        """Let time pass from one thing to do to the next: wake-ups and, unless told otherwise, overdue promises."""
        until = self.now + by
        self.pump()
        for _ in range(10_000):
            times = [self.alarm.next_at(), self.owed_at() if sweep else None]
            due = min((at for at in times if at is not None), default=None)
            if due is None or due > until:
                break
            self.clock.at = max(self.now, due)
            self.pump()
            if sweep and (owed := self.owed_at()) is not None and owed <= self.now:
                self.sweep()
                self.pump()
        else:
            raise AssertionError("ten thousand steps and time still stands")
        self.clock.at = until
        self.pump()

    def leap(self, by: timedelta) -> None:
        """Everything is down meanwhile: nobody wakes."""
        self.clock.at += by

    def owed_at(self) -> datetime | None:
        """When the next promise is overdue by the grace."""
        times = []
        for model in (t.Command, t.Delivery, t.ClockRow):
            row = (
                model.select(model.publish_at).where(model.publish_at.is_null(False)).order_by(model.publish_at).first()
            )
            times += [row.publish_at] if row else []
        return min(times) + self.world.settings.sweep_grace if times else None

    def sweep(self) -> int:
        """Publish every overdue promise again, as the sweeper does."""
        late = self.now - self.world.settings.sweep_grace
        found: list[Wake] = []
        with self.store.transaction():
            for command in list(t.Command.select().where(t.Command.publish_at <= late)):
                found.append(command_wake(command.id, command.type))
                again = publish_again_at(self.now, command.attempts)
                self.store.change(command, attempts=command.attempts + 1, publish_at=again)
            for delivery in list(t.Delivery.select().where(t.Delivery.publish_at <= late)):
                found.append(delivery_wake(delivery.id))
                self._published(delivery)
            for clock in list(t.ClockRow.select().where(t.ClockRow.publish_at <= late)):
                found.append(clock_wake(int(clock.interaction), clock.kind))
                self._published(clock)
        for wake in found:
            self.alarm.wake(wake)
        return len(found)

    def _published(self, row: t.Delivery | t.ClockRow) -> None:
        published = row.published + 1
        self.store.change(row, published=published, publish_at=publish_again_at(self.now, published))

    @contextmanager
    def through(self, door: str) -> Iterator[None]:
        former, self.door = self.door, door
        yield
        self.door = former

    def _pause(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)


def parsed(raw: bytes) -> EmailMessage:
    """The bytes as another mail program reads them."""
    found = message_from_bytes(raw, policy=policy.default.clone(max_line_length=998))
    assert isinstance(found, EmailMessage)
    return found


def dsn(house: House, address: str, status: str = "5.1.1", action: str = "failed", of: bytes | None = None) -> bytes:
    """A delivery status notification (RFC 3464) about a mail of ours."""
    ours = parsed(of or house.post.sent[-1][2])
    return "\r\n".join([
        "From: MAILER-DAEMON@mx.example", "To: bounce@postroom.example", "Subject: Undelivered Mail",
        f"Message-ID: <dsn{house.alarm.rung}.{status}.{address}>", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"', "",
        "--b1", "Content-Type: text/plain", "", "It did not work.", "",
        "--b1", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} because", "",
        "--b1", "Content-Type: text/rfc822-headers", "", f"Message-ID: {ours['Message-ID']}", f"Subject: {ours['Subject']}",
        "", "--b1--", "",
    ]).encode()  # fmt: skip
