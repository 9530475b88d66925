"""From an HTTP compose with ``Prefer: wait`` to its decision, at a steady rate that does not wait for slow answers.

A request's time runs from when it was due, so that a stall is felt by everybody who would have come meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, closing

from benchmarks.asker import Asker
from benchmarks.figures import Aim, Reading, percentile
from benchmarks.ground import Ground, Place, agent, customers
from benchmarks.programs import running, seconds_to_answer
from benchmarks.size import Size
from benchmarks.team import post_room
from deploy.engines import free_port
from models.clock import WallClock
from models.ids import RandomIds
from models.principals import make_token
from models.wakes import Queue

RATES = (10, 100)
WARM = 600  # every thread has its connection and its prepared statements before anything counts
AIMS = {100: Aim(below=50)}


def measure(ground: Ground, size: Size) -> list[Reading]:
    with ExitStack() as stack:
        place = stack.enter_context(ground.place())
        with place.rows() as store:
            customers(store, [f"c{number}" for number in range(round(sum(RATES) * size.http_seconds) + WARM)])
            token = make_token(store, RandomIds(), agent(0), WallClock().now()).token
        stack.enter_context(post_room(place.settings(), (Queue.COMMANDS,), size))
        url = _api(stack, place)
        return asyncio.run(_all_rates(url, token, size))


def _api(stack: ExitStack, place: Place) -> str:
    port = free_port()
    settings = {name: getattr(place, name) for name in ("broker_url", "database_url")}
    process = stack.enter_context(
        running("api", **settings, profile="test", http_port=port, log_level="error", token_keys="k1:benchmark")
    )
    seconds_to_answer(f"http://127.0.0.1:{port}/healthz", process)
    return f"http://127.0.0.1:{port}"


async def _all_rates(url: str, token: str, size: Size) -> list[Reading]:
    headers = {"Authorization": f"Bearer {token}", "Prefer": "wait=10"}
    readings: list[Reading] = []
    with closing(Asker(url, headers)) as client:
        await _open_loop(client, 0, WARM, 100)
        first = WARM
        for rate in RATES:
            number = round(rate * size.http_seconds)
            taken = await _open_loop(client, first, number, rate)
            first += number
            for percent, aim in ((50, None), (99, AIMS.get(rate))):
                name = f"HTTP compose at {rate}/s, {'median' if percent == 50 else 'p99'}"
                readings.append(Reading(name, percentile(taken, percent) * 1000, "milliseconds", aim))
    return readings


async def _open_loop(client: Asker, first: int, number: int, rate: float) -> list[float]:
    """The time of each of these composes."""
    began = time.perf_counter() + 0.1
    return list(
        await asyncio.gather(*(_compose(client, first + place, began + place / rate) for place in range(number)))
    )


async def _compose(client: Asker, number: int, due: float) -> float:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    wish = {"version": 1, "id": f"http-{number}", "type": "compose", "body": {"customer": f"c{number}"}}
    status, answer = await client.post("/v1/commands", wish)
    if status != 200:
        raise RuntimeError(f"compose {number} was answered {status}: {answer[:300]!r}")
    return time.perf_counter() - due
