"""R14: no domain gets more at once or in a minute than its limit, its server's own wish counts, and nobody else waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from threading import Event, Lock
from time import monotonic

import pytest
from rich.console import Console

from cli import pages
from models import tables as t
from models.queries import interactions, mails
from models.wakes import delivery_wake
from tests.harness import ACCEPTED, DAY, DEFERRED, HOUR, MINUTE, SECOND, House, Killed
from workers.world import Answer

Open = Callable[..., House]
TOO_FAST = Answer("deferred", 421, "4.7.28 Gmail has detected an unusual rate of mail", "mx.test:25")


def many(house: House, count: int, domain: str = "big.example", cc: str | None = None) -> str:
    """One mail to that many people there, not yet pumped; answers its id."""
    to = [f"p{number}@{domain}" for number in range(count)]
    content = {"subject": "news", "text": "Hello.", "to": to, "cc": [cc] if cc else []}
    return str(house.compose("anna", content=content, send=True)["mail"])


def left(house: House, domain: str = "big.example") -> int:
    return sum(address.endswith(f"@{domain}") for _, address, _ in house.post.sent)


def test_R14_a_minute_sees_no_more_than_the_limit_and_everybody_gets_it_in_the_end(open_house: Open) -> None:
    house = open_house(domain_limits="big.example=0/10", recipients_limit="50")
    mail = many(house, 35, cc="someone@small.example")
    times = []
    for _ in range(5 * 60):
        before = left(house)
        house.advance(SECOND)
        times += [house.now] * (left(house) - before)
        if len(times) == 1:
            assert left(house, "small.example") == 1  # nobody else waits
    assert len(times) == 35 and set(row.state for row in house.deliveries(mail)) == {"accepted"}
    assert all(times[i + 10] - times[i] >= MINUTE for i in range(25))
    assert {row.attempts for row in house.deliveries(mail)} == {1}  # waiting was no attempt


def test_R14_a_star_is_each_other_domain_by_itself(open_house: Open) -> None:
    house = open_house(domain_limits="*=0/1,free.example=0/0")
    for domain in ("a.example", "b.example", "free.example"):
        many(house, 3, domain)
    house.pump()
    assert [left(house, domain) for domain in ("a.example", "b.example", "free.example")] == [1, 1, 3]


def test_R14_who_is_held_back_says_so_once_and_can_still_be_undone(open_house: Open) -> None:
    house = open_house(domain_limits="big.example=0/1")
    many(house, 1)
    house.pump()
    answer = house.compose("bert", "cora", content={"to": ["q@big.example"], "subject": "x", "text": "x"}, send=True)
    house.pump()
    (row,) = house.deliveries(answer["mail"])
    assert (row.state, row.held, row.attempts) == ("queued", "big.example", 0) and row.next_at > house.now
    house.deliver(delivery_wake(row.id))
    (event,) = house.events(answer["interaction"], "delivery_held_back")
    assert event.data == {"mail": answer["mail"], "delivery": row.id, "again_at": row.next_at.isoformat()}
    assert "POSTROOM_DOMAIN_LIMITS" in event.why
    (shown,) = mails.one(answer["mail"]).deliveries
    assert shown.held == "big.example"
    found = interactions.one(answer["interaction"], house.world.settings).model_dump(mode="json")
    page = Console(width=300, record=True, file=StringIO())
    page.print(pages.interaction(found | {"reminder": None}, [], house.now))
    assert f"held back for big.example until {row.next_at:%Y-%m-%d %H:%M:%S} UTC" in page.export_text()
    house.do("bert", "cancel_send", mail=answer["mail"])
    house.advance(HOUR)
    assert left(house) == 1


def test_R14_a_place_that_becomes_free_is_handed_on_at_once(open_house: Open) -> None:
    house = open_house(domain_limits="big.example=1/0")
    mail, start = many(house, 4), house.now

    def everybody_comes_by() -> None:
        for row in house.deliveries(mail):
            house.deliver(delivery_wake(row.id))

    house.post.during = everybody_comes_by
    house.deliver(delivery_wake(house.deliveries(mail)[0].id))
    assert (left(house), sum(row.held is not None for row in house.deliveries(mail))) == (1, 3)
    house.pump()
    assert (left(house), house.now) == (4, start)


def test_R14_places_that_become_free_do_not_take_the_minute_from_those_in_line(open_house: Open) -> None:
    house = open_house(domain_limits="big.example=2/60")
    mail, start, seen = many(house, 50), house.now, []
    for second in range(70):
        house.advance(SECOND)
        if second == 20:
            seen = [row.address for row in house.deliveries(mail) if row.held]
            house.compose("bert", "cora", content={"to": ["late@big.example"], "subject": "x", "text": "x"}, send=True)
        if left(house) == 51:
            break
    assert left(house) == 51 and house.now - start <= 60 * SECOND
    order = [address for _, address, _ in house.post.sent]
    assert all(order.index(address) < order.index("late@big.example") for address in seen)


def test_R14_who_waited_through_slowness_leaves_when_it_is_over(house: House) -> None:
    mail = many(house, 50)
    house.post.answers("p0@big.example", TOO_FAST)
    many(house, 50)
    house.deliver(delivery_wake(next(row.id for row in house.deliveries(mail) if row.address == "p0@big.example")))
    house.advance(10 * MINUTE)
    assert left(house) <= 61
    house.advance(6 * MINUTE)
    assert left(house) == 100


def test_R14_the_place_of_a_worker_that_died_is_free_when_its_lease_is_over(open_house: Open) -> None:
    house = open_house(domain_limits="big.example=1/0")
    mail = many(house, 2)
    house.post.answers("p0@big.example", Killed)
    house.post.answers("p1@big.example", Killed)
    house.pump()
    assert Counter(row.state for row in house.deliveries(mail)) == {"transmitting": 1, "queued": 1}
    house.post.script.clear()
    dead, waits = sorted(house.deliveries(mail), key=lambda row: row.state, reverse=True)
    house.leap(HOUR)
    house.deliver(delivery_wake(waits.id))  # before anybody looked at the dead one's
    states = Counter(row.state for row in house.deliveries(mail))
    assert (dead.state, waits.state) == ("transmitting", "queued") and states == {"transmitting": 1, "accepted": 1}
    house.advance(HOUR)
    assert Counter(row.state for row in house.deliveries(mail)) == {"uncertain": 1, "accepted": 1}


def test_R14_a_server_that_asks_for_less_gets_one_at_a_time_with_growing_pauses_for_a_while(house: House) -> None:
    mail = many(house, 8, cc="someone@small.example")
    for row in house.deliveries(mail):
        if row.address.startswith("p0"):
            house.post.answers(row.address, TOO_FAST)
    first = next(row for row in house.deliveries(mail) if row.address == "p0@big.example")
    house.deliver(delivery_wake(first.id))
    pace = t.Destination.get_by_id("big.example")
    assert (pace.slow_seconds, pace.said) == (10, "421") and pace.slow_until > house.now
    house.pump()
    assert (left(house), left(house, "small.example")) == (0, 1)
    for tens in range(1, 5):
        house.advance(10 * SECOND)
        assert left(house) <= tens
    house.advance(30 * MINUTE)
    assert left(house) == 8 and {row.attempts for row in house.deliveries(mail)} == {1, 2}
    before = left(house)
    many(house, 5)
    house.pump()
    assert left(house) == before + 5  # forgotten


def test_R14_a_server_that_goes_on_asking_is_asked_ever_more_slowly(house: House) -> None:
    many(house, 6)
    for number in range(6):
        house.post.answers(f"p{number}@big.example", TOO_FAST, TOO_FAST)
    seen = []
    for _ in range(60):
        house.advance(5 * SECOND)
        seen.append(t.Destination.get_by_id("big.example").slow_seconds)
    assert sorted(set(seen)) == [10, 20, 40, 80, 160]
    house.advance(DAY)
    assert left(house) == 6


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (450, "4.7.1 Greylisted, please try again in 60 seconds"),
        (452, "4.2.2 The email account is over quota; too many messages"),
        (450, "4.2.1 The user you are trying to contact is receiving mail at a rate limit"),
        (421, "4.3.2 shutting down"),
        (None, "No answer in time, before the mail left."),
    ],
)
def test_R14_greylisting_a_full_mailbox_or_an_outage_slows_nobody_else(
    house: House, code: int | None, text: str
) -> None:
    house.post.answers("p0@big.example", Answer("deferred", code, text, "mx.test:25"))
    many(house, 3)
    house.pump()
    assert left(house) == 2 and t.Destination.select().count() == 0


def test_R14_a_greylisted_mail_comes_again_within_minutes_the_same_in_every_byte(house: House) -> None:
    offered: list[tuple[str, str, bytes]] = []
    transmit = house.post.transmit

    def noted(sender: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        offered.append((sender, address, data))
        return transmit(sender, address, data, before_body)

    house.post.transmit = noted  # type: ignore[method-assign]
    house.post.answers("carl@x.example", DEFERRED)
    house.mailed("anna")
    house.advance(5 * MINUTE)
    assert len(offered) == 2 and offered[0] == offered[1] and left(house, "x.example") == 1


def test_R14_without_limits_a_delivery_touches_no_row_of_its_domain(house: House) -> None:
    house.mailed("anna")
    assert t.Destination.select().count() == 0


class Busy:
    """A server that waits a while for more than three at once, and notices how many came."""

    def __init__(self) -> None:
        self.crowded = Event()
        self.lock, self.at_once, self.most, self.taken = Lock(), Counter[str](), Counter[str](), Counter[str]()

    def transmit(self, sender: str, address: str, data: bytes, before_body: Callable[[], None]) -> Answer:
        domain = address.partition("@")[2]
        before_body()
        with self.lock:
            self.at_once[domain] += 1
            self.most[domain] = max(self.most[domain], self.at_once[domain])
            if self.at_once["big.example"] > 3:
                self.crowded.set()
        self.crowded.wait(0.1)
        with self.lock:
            self.taken[domain] += 1
            self.at_once[domain] -= 1
        return ACCEPTED


def test_R14_eight_workers_never_send_more_at_once_and_leave_nobody_behind(open_house: Open) -> None:
    """Time stands still: who was told to wait goes on only because a place was handed on."""
    house, server, lock = open_house(domain_limits="big.example=3/0"), Busy(), Lock()
    house.world = replace(house.world, post=server)
    for guest in range(36):  # each on an interaction of its own, whose lock keeps nobody else out
        address = f"guest{guest}@{'small' if guest % 3 == 2 else 'big'}.example"
        house.do("anna", "compose", address=address, content={"subject": "news", "text": "Hello."}, send=True)
    t.Destination.insert(domain="big.example").execute()
    deadline = monotonic() + 30

    def work() -> None:
        while sum(server.taken.values()) < 36 and monotonic() < deadline:
            with lock:
                wake = house.alarm.take(house.now)
            if wake is None:
                Event().wait(0.002)
            else:
                house.deliver(wake)
        house.store.close()

    with ThreadPoolExecutor(8) as workers:
        for ended in [workers.submit(work) for _ in range(8)]:
            ended.result(40)
    assert server.taken == {"big.example": 24, "small.example": 12}
    assert 1 < server.most["big.example"] <= 3 and not server.crowded.is_set()
