"""The composition root's entry: ``python -m postroom``. The only reader of the environment; imports nothing before it must."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line and end the process with its exit code."""
    from cli.app import run

    sys.exit(run(sys.argv[1:], dict(os.environ)))


if __name__ == "__main__":
    main()
