"""Passwords of the workspace from the keyboard; asked for without echo, never taken from the command line."""

from __future__ import annotations

import getpass
import sys

from rich.console import Console

from cli.assembly import clock_of, opened
from cli.errors import Failed
from cli.surroundings import Surroundings
from models.passwords import set_password


def set_one(where: Surroundings, principal: str) -> None:
    """Raises `Rejected` for an unknown principal or a password that is too short."""
    password = _asked(principal)
    with opened(where.settings) as store:
        set_password(store, principal, password, clock_of(where.settings).now())
    Console().print(f"{principal} signs in with it from now on; sessions begun before have ended.")


def _asked(principal: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(f"New password of {principal}: ")
    if getpass.getpass("The same again: ") != first:
        raise Failed("The two were not the same; nothing was changed.")
    return first
