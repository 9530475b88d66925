"""Wrong passwords cost time: after a few, the same name from the same place has to wait. Remembers nothing beyond this process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

FREE, FREE_OF_A_PLACE = 5, 50
FORGET_SECONDS, LONGEST, REMEMBERED = 900.0, 300.0, 10_000


class Throttle:
    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, name: str, place: str) -> int:
        """Seconds until the next try is heard; zero for now. One place may try many names, but not all of them."""
        return max(self._wait(f"{name}@{place}", FREE), self._wait(place, FREE_OF_A_PLACE))

    def failed(self, name: str, place: str) -> None:
        for key in (f"{name}@{place}", place):
            count, _ = self._known(key)
            self._failures[key] = (count + 1, self._monotonic())
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, name: str, place: str) -> None:
        self._failures.pop(f"{name}@{place}", None)

    def _wait(self, key: str, free: int) -> int:
        count, at = self._known(key)
        if count < free:
            return 0
        pause = min(LONGEST, 2.0 ** min(count - free + 2, 16))
        return max(0, round(at + pause - self._monotonic() + 0.5))

    def _known(self, key: str) -> tuple[int, float]:
        count, at = self._failures.get(key, (0, 0.0))
        return (count, at) if self._monotonic() - at < FORGET_SECONDS else (0, 0.0)
