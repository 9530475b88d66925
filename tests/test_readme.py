"""The first page a newcomer reads is run as it is written, and shows what it promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from deploy.engines import wait_until
from tests.embedded import ROOT, Running

README = (ROOT / "README.md").read_text()
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(sh|text)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
START = BLOCKS[0][1]


def test_what_the_readme_says_is_what_happens(tmp_path: Path) -> None:
    running = Running(tmp_path, profile="embedded")
    running.start()
    try:
        for (kind, block), (after, promised) in zip(BLOCKS[1:], [*BLOCKS[2:], ("sh", "")], strict=True):
            if kind == "sh" and after == "text":
                wait_until(
                    lambda b=block, p=promised: _missing(_said(running, b), p) == [], 20, f"{block}shows {promised}"
                )
            elif kind == "sh":
                _said(running, block)
    finally:
        running.close()


def test_the_two_commands_are_the_makefile_s() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", README)) <= targets
    assert {"run", "test"} <= targets


def test_the_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\((docs/pictures/[^)]+)\)", README)
    assert len(pictures) >= 5
    assert {path: (ROOT / path).stat().st_size for path in pictures if (ROOT / path).stat().st_size > 100_000} == {}


def _said(running: Running, block: str) -> str:
    """The block in a shell of its own that begins as the page says; asked again under one id it is the same command."""
    script = f"{START}\n{block}".replace("127.0.0.1:8025", f"127.0.0.1:{running.http_port}")
    script = script.replace("$PWD/.venv/bin", str(Path(sys.executable).parent))
    environment = {**running.environment, "COLUMNS": "200"}
    done = subprocess.run(
        ["bash", "-euc", script], cwd=running.folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _missing(said: str, promised: str) -> list[str]:
    return [line for line in promised.splitlines() if line not in said]
