"""Loops that run beside the main thread until they are told to stop; nobody outlives its block."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Loop = Callable[[threading.Event], None]
PATIENCE = 10.0


@contextmanager
def beside(**loops: Loop) -> Iterator[threading.Event]:
    """Run each loop in a thread of its name; at the end of the block all are told to stop and waited for."""
    stop = threading.Event()
    threads = [threading.Thread(target=loop, args=(stop,), name=name, daemon=True) for name, loop in loops.items()]
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join(PATIENCE)
