"""R31 as a whole: two runs of the same commands with the same seed leave identical rows, on either database."""

from __future__ import annotations

import random
from typing import Any

from models import tables as t
from models.store import Store
from tests.harness import ACCEPTED, DAY, DEFERRED, MINUTE, REFUSED, UNCERTAIN, House, dsn
from tests.rules.conftest import empty


def all_rows() -> dict[str, list[str]]:
    """Every row of every table, in a form that is the same on every engine."""
    found: dict[str, list[str]] = {}
    for model in t.ALL:
        rows = []
        counted = model in (t.Event, t.Command)  # PostgreSQL's counters leave gaps where a transaction was undone
        for row in model.select():
            values = {name: _plain(value) for name, value in row.__data__.items() if not (counted and name == "id")}
            rows.append(repr(sorted(values.items())))
        found[model.__name__] = sorted(rows)
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def random_life(house: House, seed: int) -> None:
    dice = random.Random(seed)
    agents, customers = ["anna", "bert", "cleo"], ["carl", "cora"]
    for _ in range(60):
        agent, customer = dice.choice(agents), dice.choice(customers)
        match dice.randrange(7):
            case 0 | 1:
                house.ask(agent, "compose", customer=customer, content={"text": f"words {dice.random()}"})
            case 2:
                house.post.answers("carl@x.example", dice.choice([ACCEPTED, DEFERRED, REFUSED, UNCERTAIN]))
                house.ask(agent, "compose", customer=customer, content={"text": "go"}, send=True, confirm=True)
                house.pump()
            case 3:
                newest = t.Draft.select().order_by(t.Draft.id).first()
                if newest:
                    body = {"draft": newest.id, "base_revision": 1, "content": {"text": f"s{dice.random()}"}}
                    house.ask(newest.author, "save_draft", **body)
            case 4 if house.post.sent:
                _, address, raw = dice.choice(house.post.sent)
                house.answer(raw, sender=address, text=f"answer {dice.random()}")
            case 5 if house.post.sent:
                sender, address, raw = dice.choice(house.post.sent)
                house.arrive(dsn(house, address, dice.choice(["5.1.1", "4.2.2"]), of=raw), sender)
            case _:
                house.leap(dice.choice([MINUTE, DAY, 9 * DAY]))
                house.advance(MINUTE)


def test_R31_the_same_commands_with_the_same_seed_leave_identical_rows(rows: Store) -> None:
    found = []
    for _ in range(2):
        empty(rows)
        house = House(rows, seed=7, reminder_after="P2D,P5D")
        house.populate()
        random_life(house, 11)
        found.append(all_rows())
    first, second = found
    assert set(first) == {model.__name__ for model in t.ALL}
    for name in first:
        assert first[name] == second[name], name
    assert len(first["Interaction"]) > 3 and len(first["Mail"]) > 3 and len(first["Incoming"]) > 1


def test_R31_another_seed_leaves_other_ids(rows: Store) -> None:
    found = []
    for seed in (1, 2):
        empty(rows)
        house = House(rows, seed=seed)
        house.populate()
        house.mailed("anna")
        found.append(all_rows())
    assert found[0]["Mail"] != found[1]["Mail"] and len(found[0]["Mail"]) == len(found[1]["Mail"])


def test_R31_both_databases_tell_the_same_story(sqlite_rows: Any, postgres_rows: Any) -> None:
    found = []
    for database in (sqlite_rows, postgres_rows):
        store = Store(database)
        empty(store)
        house = House(store, seed=7, reminder_after="P2D,P5D")
        house.populate()
        random_life(house, 23)
        found.append(all_rows())
    sqlite, postgres = found
    for name in sqlite:
        assert sqlite[name] == postgres[name], [pair for pair in zip(sqlite[name], postgres[name], strict=False)][:1]
