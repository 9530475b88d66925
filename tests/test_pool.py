"""Worker processes: who is killed is replaced and its message is done by another; who is asked to leave finishes first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.engines import wait_until
from models.clock import WallClock
from models.errors import Misconfigured
from models.wakes import Queue
from producers.publisher import Publisher, QueueDepths
from tests.recording import Diary, crew
from workers.broker import RabbitBroker
from workers.pool import MISCONFIGURED, names

RUN = """
import sys
from pathlib import Path
from tests.recording import Diary, crew
from workers.pool import run_pool
if __name__ == "__main__":
    folder = Path(sys.argv[2])
    raise SystemExit(run_pool(crew(sys.argv[1], Diary(folder / "diary", folder / "busy"), threads=1), int(sys.argv[3])))
"""


class RunningPool:
    """A pool in processes of its own, with a diary they all write."""

    def __init__(self, url: str, folder: Path, processes: int) -> None:
        self.busy = folder / "busy"
        self.busy.touch()
        self.diary = Diary(folder / "diary", self.busy)
        script = folder / "pool.py"
        script.write_text(RUN)
        command = [sys.executable, str(script), url, str(folder), str(processes)]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
        self.master = subprocess.Popen(command, env=environment, start_new_session=True)

    def began(self) -> list[list[str]]:
        return self.diary.lines("began")

    def await_began(self, count: int) -> list[list[str]]:
        wait_until(lambda: len(self.began()) >= count, 20, f"{count} messages begun")
        return self.began()


@pytest.fixture
def pool(amqp_url: str, tmp_path: Path) -> Iterator[RunningPool]:
    RabbitBroker(amqp_url).ensure_topology()
    publisher = Publisher(amqp_url, WallClock(), "test")
    publisher.publish_command(b"c1", "compose")
    publisher.close()
    running = RunningPool(amqp_url, tmp_path, 1)
    yield running
    if running.master.poll() is None:
        os.killpg(running.master.pid, signal.SIGKILL)
        running.master.wait(10)


def test_R34_a_killed_worker_is_replaced_and_its_message_is_done_by_the_next(pool: RunningPool) -> None:
    ((first, _, _, redelivered),) = pool.await_began(1)
    assert redelivered == "False"
    os.kill(int(first), signal.SIGKILL)
    again = pool.await_began(2)[1]
    assert again[0] != first
    assert again[1:] == ["began", "c1", "True"]
    pool.busy.unlink()
    wait_until(lambda: pool.diary.lines(again[0], "ended"), 10, "the successor ends what it began")


def test_SIGTERM_lets_a_worker_finish_and_leaves_nothing_in_the_queue(pool: RunningPool, amqp_url: str) -> None:
    ((pid, *_),) = pool.await_began(1)
    pool.master.send_signal(signal.SIGTERM)
    pool.busy.unlink()
    assert pool.master.wait(30) == 0
    assert [entry[0] for entry in pool.diary.lines("ended")] == [pid]
    depths = QueueDepths(amqp_url)
    found = depths(Queue.COMMANDS)
    depths.close()
    assert found is not None
    assert (found.ready, found.consumers) == (0, 0)


def test_a_second_signal_kills_and_the_message_stays(pool: RunningPool, amqp_url: str) -> None:
    pool.await_began(1)
    pool.master.send_signal(signal.SIGTERM)
    wait_until(lambda: _consumers(amqp_url) in (0, 1), 10, "the first signal was seen")
    pool.master.send_signal(signal.SIGINT)
    assert pool.master.wait(30) == 1
    wait_until(lambda: _ready(amqp_url) == 1, 30, "the message is back in its queue")


def test_workers_leave_when_their_master_is_gone(pool: RunningPool) -> None:
    ((pid, *_),) = pool.await_began(1)
    pool.busy.unlink()
    pool.master.kill()
    pool.master.wait(10)
    wait_until(lambda: not Path(f"/proc/{pid}").exists(), 20, "the orphan left by itself")


def test_a_pool_that_cannot_start_says_so_and_ends(tmp_path: Path) -> None:
    running = RunningPool("http://nowhere", tmp_path, 1)
    assert running.master.wait(30) == MISCONFIGURED


def test_unknown_queues_are_refused_by_name() -> None:
    assert names(["delivery", "clocks"]) == (Queue.DELIVERY, Queue.CLOCKS)
    with pytest.raises(Misconfigured, match="'mail' is not a valid Queue; there are commands, delivery"):
        names(["mail"])
    assert crew("memory://", None).queues == tuple(Queue)


def _consumers(url: str) -> int:
    return _asked(url)[1]


def _ready(url: str) -> int:
    return _asked(url)[0]


def _asked(url: str) -> tuple[int, int]:
    depths = QueueDepths(url)
    found = depths(Queue.COMMANDS)
    depths.close()
    return (found.ready, found.consumers) if found else (-1, -1)
