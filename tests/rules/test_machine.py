"""R1 to R39 at once: random agents, customers, answers, deaths and days; after every step the invariants hold."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models import tables as t
from models.database import Postgres, connect
from models.lifecycle import State
from models.store import Store
from tests.harness import ACCEPTED, DAY, DEFERRED, HOUR, MINUTE, REFUSED, UNCERTAIN, House, Killed, dsn
from tests.invariants import broken
from workers import handlers

AGENTS = st.sampled_from(["anna", "bert", "cleo"])
CUSTOMERS = st.sampled_from(["carl", "cora"])
HOURS = st.sampled_from(["", "Mon-Fri 09:00-17:00"])
SEEDS = st.integers(0, 2**20)
ANSWERS = st.sampled_from([ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, Killed])


class PostRoom(RuleBasedStateMachine):
    """Nothing asked here may be answered by an error, whatever state things are in: rejections are answers."""

    folder: TemporaryDirectory[str]

    @initialize(per_agent=st.sampled_from(["", "consumer"]), undo=st.sampled_from(["PT0S", "PT1H"]), hours=HOURS)
    def open(self, per_agent: str, undo: str, hours: str) -> None:
        self.folder = TemporaryDirectory()
        database = connect(f"sqlite:///{Path(self.folder.name) / 'rows.db'}")
        assert not isinstance(database, Postgres)
        database.pragma("synchronous", 0, permanent=True)
        store = Store(database)
        database.create_tables(t.ALL)
        for index in t.PROMISES:
            database.execute(index)
        self.house = House(
            store, per_agent_tables=per_agent, undo_hold=undo, reminder_after="P2D,P5D", business_hours=hours
        )
        self.house.populate()
        self.closed: dict[int, str] = {}

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.store.close()
            self.folder.cleanup()

    def ask(self, user: str, type_name: str, **body: object) -> None:
        row = self.house.ask(user, type_name, **body)
        assert row.error is None, row.error

    def one_of(self, model: type[t.Row], seed: int) -> t.Row | None:
        rows = sorted(model.select(), key=lambda row: str(row._pk))
        return random.Random(seed).choice(rows) if rows else None

    @rule(agent=AGENTS, customer=CUSTOMERS, new=st.booleans(), send=st.booleans())
    def compose(self, agent: str, customer: str, new: bool, send: bool) -> None:
        content = {"text": f"words of {agent} at {self.house.now}"} if send or new else None
        self.ask(agent, "compose", customer=customer, new_draft=new, content=content, send=send, confirm=new)

    @rule(agent=AGENTS, seed=SEEDS, back=st.integers(0, 1))
    def save(self, agent: str, seed: int, back: int) -> None:
        draft = self.one_of(t.Draft, seed)
        if draft is not None:
            content = {"text": f"saved {seed}"}
            body = {"draft": draft.id, "base_revision": max(1, draft.revision - back), "content": content}
            self.ask(agent, "save_draft", **body)

    @rule(
        agent=AGENTS, seed=SEEDS,
        work=st.sampled_from(["open_draft", "discard_draft", "leave_draft", "take_over_draft"]),
    )  # fmt: skip
    def draft_work(self, agent: str, seed: int, work: str) -> None:
        draft = self.one_of(t.Draft, seed)
        if draft is not None:
            self.ask(agent, work, draft=draft.id)

    @rule(seed=SEEDS, confirm=st.booleans(), answer=ANSWERS)
    def send(self, seed: int, confirm: bool, answer: object) -> None:
        draft = self.one_of(t.Draft, seed)
        if draft is not None:
            self.house.post.answers("carl@x.example", answer)  # type: ignore[arg-type]
            self.ask(draft.author, "send", draft=draft.id, revision=draft.revision, confirm=confirm)

    @rule(agent=AGENTS, seed=SEEDS, kind=st.sampled_from(["close", "submit_wrap_up", "transfer", "compose_reply",
          "mark_read", "add_work_note", "skip_reminder"]), confirm=st.booleans())  # fmt: skip
    def interaction_work(self, agent: str, seed: int, kind: str, confirm: bool) -> None:
        row = self.one_of(t.Interaction, seed)
        if row is None:
            return
        more: dict[str, object] = {
            "close": {"confirm": confirm}, "submit_wrap_up": {"code": "Duplicate"},
            "transfer": {"to_agent": "bert"} if confirm else {"to_queue": "q"},
            "compose_reply": {"content": {"text": "more"}, "send": confirm}, "add_work_note": {"text": "n"},
        }.get(kind, {})  # fmt: skip
        self.ask(agent, kind, interaction=row.number, **more)

    @rule(agent=AGENTS, absent=st.booleans())
    def come_and_go(self, agent: str, absent: bool) -> None:
        self.ask("mona", "set_presence", principal=agent, absent=absent)

    @rule(seed=SEEDS)
    def undo(self, seed: int) -> None:
        mail = self.one_of(t.Mail, seed)
        if mail is not None:
            self.ask("mona", "cancel_send", mail=mail.id)

    @rule(seed=SEEDS, outcome=st.sampled_from(["resend", "sent"]))
    def resolve(self, seed: int, outcome: str) -> None:
        delivery = self.one_of(t.Delivery, seed)
        if delivery is not None:
            self.ask("anna", "resolve_uncertain", delivery=delivery.id, outcome=outcome)

    @precondition(lambda self: self.house.post.sent)
    @rule(seed=SEEDS, kind=st.sampled_from(["human", "automatic", "stranger", "bounce"]))
    def customer_writes(self, seed: int, kind: str) -> None:
        sender, address, raw = random.Random(seed).choice(self.house.post.sent)
        if kind == "bounce":
            row = self.house.arrive(dsn(self.house, address, of=raw), sender)
        elif kind == "automatic":
            row = self.house.answer(raw, sender=address, Auto_Submitted="auto-replied")
        else:
            row = self.house.answer(raw, sender=address if kind == "human" else "q@q.example", text=f"answer {seed}")
        assert row.error is None, row.error

    @rule(by=st.sampled_from([MINUTE, HOUR, DAY, 6 * DAY, 31 * DAY]), slept=st.booleans())
    def time_passes(self, by: timedelta, slept: bool) -> None:
        if slept or by > 2 * DAY:
            self.house.leap(by)
            by = MINUTE
        if by > HOUR:
            self.house.leap(by - HOUR)
            by = HOUR
        self.house.advance(min(by, 2 * MINUTE))

    @rule()
    def wake_ups_are_delivered(self) -> None:
        self.house.pump()

    @rule(seed=SEEDS)
    def a_wake_up_comes_twice_or_early(self, seed: int) -> None:
        waiting = sorted(self.house.alarm.waiting, key=lambda item: item[:2])
        if waiting:
            self.house.deliver(random.Random(seed).choice(waiting)[2])

    @rule()
    def wake_ups_are_lost(self) -> None:
        self.house.alarm.lose_all()

    @rule(seed=SEEDS)
    def a_clock_is_rung_by_somebody(self, seed: int) -> None:
        row = self.one_of(t.Interaction, seed)
        kinds = ["abandonment", "reminder", "inactivity", "wrap_up", "retention"]
        if row is not None:
            handlers.fire(self.house.world, row.id, random.Random(seed).choice(kinds))

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "house"):
            assert broken(self.house) == [], self.house.show()

    @invariant()
    def closed_stays_closed(self) -> None:
        if not hasattr(self, "house"):
            return
        for row in t.Interaction.select():
            assert self.closed.get(row.id, row.state) == row.state
            if State(row.state).is_closed:
                self.closed[row.id] = row.state


PostRoom.TestCase.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
TestPostRoom = PostRoom.TestCase
