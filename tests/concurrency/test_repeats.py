"""Every command three times and in no order at all: the result is that of some serial order, and no mail leaves twice."""

from __future__ import annotations

import random
from collections.abc import Callable

from deploy.engines import PostgresServer, wait_until
from models import tables as t
from models.commands import Command
from models.store import open_store
from tests.concurrency.serial import left_behind, replay, steps, texts
from tests.harness import House
from tests.invariants import broken
from tests.plant import Plant, keep_customers, keep_people, wish

CUSTOMERS = [f"c{n}" for n in range(12)]
TEXTS = [f"text {n}" for n in range(1, 7)]
AUTHORS_EACH = 4


def test_R33_R36_repeated_and_shuffled_commands_end_as_one_after_the_other(
    open_plant: Callable[..., Plant], postgres: PostgresServer, postgres_template: str
) -> None:
    plant = open_plant(unknown_wait="PT2M")
    plant.customers(CUSTOMERS)
    plant.workers(processes=2, threads=6)
    plant.sweeper()
    commands = {
        each.id: each for place in range(len(CUSTOMERS)) for n in range(AUTHORS_EACH) for each in story(place, n)
    }
    three_times = list(commands.values()) * 3
    random.Random(36).shuffle(three_times)
    plant.publish(three_times, abreast=20)
    plant.decided(len(commands), 120)
    mails = len(CUSTOMERS) * AUTHORS_EACH
    wait_until(lambda: t.Mail.select().where(t.Mail.state == "sent").count() == mails, 60, f"{mails} mails sent")

    assert plant.rejected() == []
    assert set(plant.sink.copies().values()) == {1} and len(plant.sink.copies()) == mails
    drafts = [row.name for row in t.DraftAlias.select()]
    assert len(drafts) == mails and all(texts(draft) == TEXTS for draft in drafts)
    assert plant.broken() == []
    taken = {customer: steps(customer) for customer in CUSTOMERS}
    found = {customer: left_behind(customer) for customer in CUSTOMERS}

    house = House(open_store(postgres.new_database(postgres_template)))
    keep_people(house.store)
    keep_customers(house.store, CUSTOMERS)
    for customer in CUSTOMERS:
        replay(house, taken[customer], commands)
        assert left_behind(customer) == found[customer]
    assert broken(house) == []
    house.store.close()


def story(place: int, n: int) -> list[Command]:
    """One author's work for one customer: begin, write in five steps, send what the sixth revision says."""
    agent, draft = f"agent{(place * AUTHORS_EACH + n) % 50}", f"d{place}.{n}"
    words = {"subject": f"About {draft}", "text": TEXTS[0]}
    begin = wish("compose", f"{draft}.begin", agent, customer=CUSTOMERS[place], draft=draft, content=words)
    saves = [
        wish("save_draft", f"{draft}.save{base}", agent, draft=draft, base_revision=base, content={"text": TEXTS[base]})
        for base in range(1, len(TEXTS))
    ]
    return [begin, *saves, wish("send", f"{draft}.send", agent, draft=draft, revision=len(TEXTS), confirm=True)]
