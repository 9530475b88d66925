"""The same plant of real processes as for concurrency; here its parts are killed, frozen, stopped and emptied."""

from tests.concurrency.conftest import open_plant, sink

__all__ = ["open_plant", "sink"]
