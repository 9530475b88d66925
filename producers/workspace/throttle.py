"""Wrong passwords cost time: after a few, the same name from the same place has to wait. Remembers nothing beyond this process.

A try is used up before anybody looks at its password, or a hundred at once would all be free.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

FREE, FREE_OF_A_PLACE = 5, 50
FORGET_SECONDS, LONGEST, REMEMBERED = 900.0, 300.0, 10_000


class Throttle:
    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._tries: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def use(self, name: str, place: str) -> int:
        """Use up a try; seconds until one is heard, zero where this one is. One place may try many names, but not all."""
        wait = max(self._wait(f"{name}@{place}", FREE), self._wait(place, FREE_OF_A_PLACE))
        if not wait:
            for key in (f"{name}@{place}", place):
                self._count(key)
        return wait

    def give_back(self, name: str, place: str) -> None:
        """The password was right, or nobody could look at it."""
        self._tries.pop(f"{name}@{place}", None)
        count, at = self._known(place)
        if count:
            self._tries[place] = (count - 1, at)

    def _count(self, key: str) -> None:
        count, _ = self._known(key)
        self._tries[key] = (count + 1, self._monotonic())
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def _wait(self, key: str, free: int) -> int:
        count, at = self._known(key)
        if count < free:
            return 0
        pause = min(LONGEST, 2.0 ** min(count - free + 2, 16))
        return max(0, round(at + pause - self._monotonic() + 0.5))

    def _known(self, key: str) -> tuple[int, float]:
        count, at = self._tries.get(key, (0, 0.0))
        return (count, at) if self._monotonic() - at < FORGET_SECONDS else (0, 0.0)
