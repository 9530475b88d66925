"""Two deeds at the same moment on PostgreSQL, in real threads with connections of their own, again and again.

The start of one of them is steered to where either may win; refuses to be content with an outcome that never came.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from models import tables as t
from models.store import Store
from tests.harness import House

Deed = Callable[[], object]
STRIDE, SHORTEST = 0.004, 0.0002  # seconds


class Track:
    """A few threads that start together; each keeps its connection for all rounds."""

    def __init__(self, store: Store, lanes: int = 2) -> None:
        self._lanes = ThreadPoolExecutor(lanes)
        self._store, self._count = store, lanes

    def run(self, first: Deed, second: Deed, shift: float = 0.0) -> None:
        """Both at once; ``second`` starts later by ``shift`` seconds (earlier if negative). Raises what they raise."""
        barrier = threading.Barrier(2)
        runs = [
            self._lanes.submit(_start, barrier, max(0.0, -shift), first),
            self._lanes.submit(_start, barrier, max(0.0, shift), second),
        ]
        for each in runs:
            each.result(30)

    def close(self) -> None:
        barrier = threading.Barrier(self._count)
        closing = [self._lanes.submit(_start, barrier, 0.0, self._store.close) for _ in range(self._count)]
        for each in closing:
            each.result(30)
        self._lanes.shutdown()


def _start(barrier: threading.Barrier, shift: float, deed: Deed) -> None:
    barrier.wait(30)
    if shift:
        threading.Event().wait(shift)
    deed()


class Steering:
    """Where the second deed should start. ``outcomes`` are named from "the second was early" to "it was late".

    Each boundary between two outcomes has its own start, moved after every round towards that boundary.
    """

    def __init__(self, *outcomes: str, seed: int = 1) -> None:
        self.seen = Counter({name: 0 for name in outcomes})
        self._outcomes: Sequence[str] = outcomes
        self._chance = random.Random(seed)
        self._starts = [0.002 * place for place in range(len(outcomes) - 1)]
        self._strides = [STRIDE] * len(self._starts)
        self._boundary = 0

    def shift(self) -> float:
        self._boundary = self._chance.randrange(len(self._starts))
        return self._starts[self._boundary] + self._chance.uniform(-SHORTEST, SHORTEST)

    def learn(self, outcome: str) -> None:
        """The round ended so; the next one at this boundary starts on its other side."""
        self.seen[outcome] += 1
        late = self._outcomes.index(outcome) > self._boundary
        stride = self._strides[self._boundary]
        self._starts[self._boundary] += -stride if late else stride
        self._strides[self._boundary] = max(SHORTEST, stride * 0.9)

    def missing(self) -> list[str]:
        return [name for name, count in self.seen.items() if not count]


def delivery_of(mail: str) -> str:
    return str(t.Delivery.get(t.Delivery.mail == mail).id)


def left(house: House, address: str) -> int:
    """How many times something was handed over for this address."""
    return len(house.sent_to(address))


def linger(seconds: float = 0.002) -> Callable[[], None]:
    """What happens between the body and its answer: nothing, for a moment."""

    def wait() -> None:
        threading.Event().wait(seconds)

    return wait
