"""The tutorial is run as it is written, by a shell, against the embedded product; what it promises is in the answers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.engines import free_port, wait_until

HOUSE = Path(__file__).resolve().parents[1]
MAKEFILE = (HOUSE / "Makefile").read_text()
TUTORIAL = (HOUSE / "docs" / "tutorial.md").read_text()
BLOCKS = re.findall(r"^```(sh|text)\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)
START, STEPS = BLOCKS[0][1], BLOCKS[1:]


@pytest.mark.parametrize("words", [("make run",), ("t-8",)])
def test_the_tutorial_is_found_whole(words: tuple[str, ...]) -> None:
    assert all(any(word in block for _, block in BLOCKS) for word in words)
    assert "make run" in START


def test_every_command_of_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    port = free_port()
    environment = {**_of_make_run(), **_places(tmp_path, port)}
    with _running(environment, tmp_path):
        script = _script(tmp_path, port)
        found = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    said = {path.name: path.read_text() for path in tmp_path.glob("step-*.txt")}
    assert found.returncode == 0, (said, found.stderr)
    for number, expected in _expected():
        for line in expected.strip().splitlines():
            assert _flat(line) in _flat(said[f"step-{number:02}.txt"]), (line, said[f"step-{number:02}.txt"])


def _script(folder: Path, port: int) -> str:
    """All blocks in one shell, the output of each in a file of its own."""
    steps = [block for kind, block in STEPS if kind == "sh"]
    lines = [f"{{ :\n{block}\n}} > {folder}/step-{number:02}.txt 2>&1" for number, block in enumerate(steps)]
    return "\n".join(lines).replace("127.0.0.1:8025", f"127.0.0.1:{port}")


def _expected() -> list[tuple[int, str]]:
    """What is shown after a step, with the number of that step."""
    found, number = [], -1
    for kind, block in STEPS:
        if kind == "sh":
            number += 1
        else:
            found.append((number, block))
    return found


def _of_make_run() -> dict[str, str]:
    """The settings that `make run` gives where nobody gave others."""
    given = dict(re.findall(r"^run: export (\w+) \?= (?:\$\(if .*,)?([\w/]+)\)?$", MAKEFILE, re.MULTILINE))
    assert given.keys() == {"POSTROOM_PROFILE", "POSTROOM_CLOCK_FILE", "POSTROOM_REMINDER_AFTER"}
    return given


def _places(folder: Path, port: int) -> dict[str, str]:
    """A `postroom` on the path and ports that nobody else has."""
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    (tools / "postroom").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m postroom "$@"\n')
    (tools / "postroom").chmod(0o755)
    return {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(HOUSE), "COLUMNS": "200", "NO_PROXY": "127.0.0.1",
        "POSTROOM_HTTP_PORT": str(port), "POSTROOM_INBOUND_PORT": "0", "POSTROOM_SINK_PORT": "0",
    }  # fmt: skip


@contextmanager
def _running(environment: dict[str, str], folder: Path) -> Iterator[None]:
    log = folder / "run.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "postroom", "run"], cwd=folder, env=environment, stdout=out, stderr=out
        )
    try:
        wait_until(
            lambda: "Postroom is running" in log.read_text() or process.poll() is not None, 60, "the product runs"
        )
        assert process.poll() is None, log.read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def _flat(text: str) -> str:
    return " ".join(text.split())
