"""Logs on standard error: JSON lines in production, readable elsewhere. Refuses to show tokens and passwords."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog

_SECRETS = re.compile(r"pr_[a-z0-9]{32}|(?<=://)[^\s/@]+:[^\s/@]+(?=@)")
# What they report is handled where it happens.
_QUIET = ("pika", "kombu", "amqp", "mail.log", "asyncio", "uvicorn.access")
_CHATTY = ("uvicorn", "dramatiq", "peewee", "flufl.bounce")  # each start, stop and look in many lines


def configure(profile: str, level: str) -> None:
    """From now on every log line of this process, whoever writes it, goes through here."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendered(profile)],
        )
    )
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in _CHATTY if level == "info" else ():
        logging.getLogger(name).setLevel(logging.WARNING)


def masked(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Tokens and the passwords in URLs are cut out of every text, tracebacks included."""
    return {name: _SECRETS.sub("…", value) if isinstance(value, str) else value for name, value in event.items()}


def _rendered(profile: str) -> list[Any]:
    if profile == "production":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)]
