"""Every setting with its unit, its default and one line of meaning; frozen, made from a mapping, read from nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from models.errors import Misconfigured

PREFIX = "POSTROOM_"
DEMO_KEY = "d0:not-a-secret-outside-the-demo-profile"


def _days(days: int) -> timedelta:
    return timedelta(days=days)


class Settings(BaseModel):
    """Durations are ISO 8601 (``P30D``, ``PT48H``); lists are separated by commas."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # where things are
    profile: Literal["production", "embedded", "demo", "test"] = Field(
        "embedded", description="Which safety catches apply; only demo and test may move the clock."
    )
    data_dir: Path = Field(Path("var"), description="Folder of the embedded database and its lock.")
    database_url: str = Field("", description="postgresql://… or sqlite:///path; empty: SQLite in the data folder.")
    broker_url: str = Field("memory://", description="amqp://… or memory:// (in this process).")
    clock_file: Path | None = Field(None, description="File with a clock offset in seconds; demo and test only.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Lowest level that is logged.")

    # doors
    http_host: str = Field("127.0.0.1", description="Address the HTTP API listens on.")
    http_port: int = Field(8025, ge=0, le=65535, description="Port the HTTP API listens on; 0 takes a free one.")
    http_rate: int = Field(500, ge=1, description="Requests per second and token before 429; bursts of twice that.")
    body_limit_bytes: int = Field(8_000_000, ge=1000, description="Largest HTTP body other than blobs and raw mail.")
    mail_limit_bytes: int = Field(25_000_000, ge=10_000, description="Largest mail, in or out, and largest blob.")
    inbound_host: str = Field("127.0.0.1", description="Address the mailroom listens on.")
    inbound_port: int = Field(8026, ge=0, le=65535, description="Port the mailroom listens on; 0 takes a free one.")
    inbound_protocol: Literal["smtp", "lmtp"] = Field("smtp", description="What the mailroom speaks.")
    sink_port: int = Field(8027, ge=0, le=65535, description="Port of the built-in mail sink of the embedded product.")

    # mail
    smtp_url: str = Field(
        "", description="smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]; empty: the built-in sink."
    )
    smtp_timeout_seconds: float = Field(60.0, gt=0, le=600, description="Wait for each answer before the final dot.")
    smtp_final_timeout_seconds: float = Field(
        600.0, gt=0, le=900, description="Wait after the final dot (RFC 5321 4.5.3.2.6)."
    )
    sender_address: str = Field("care@postroom.example", description="From address of mails.")
    sender_name: str = Field("Customer Care", description="From name of mails; the agent's name is put before it.")
    mail_domain: str = Field("postroom.example", description="Domain of our Message-IDs, Reply-To and envelope sender.")
    token_keys: str = Field(
        DEMO_KEY, description="Keys of signed reply addresses, id:secret, newest first; older ones still verify."
    )
    number_in_subject: bool = Field(False, description="Put [IMS0001042] into subjects (R13).")
    recipients_limit: int = Field(50, ge=1, le=1000, description="Most recipients of one mail.")
    allowed_recipients: str = Field("", description="Only these addresses or @domains are mailed; empty: all (R38).")
    delivery_lease: timedelta = Field(
        timedelta(minutes=5), description="A claim nobody renewed for this long is free again."
    )
    give_up_after: timedelta = Field(_days(2), description="4xx answers are retried for this long (R14).")
    retry_pauses: str = Field(
        "PT1M,PT5M,PT15M,PT1H,PT3H", description="Growing pauses after 4xx; the last one repeats."
    )

    # rules
    per_agent_tables: str = Field(
        "", description="Customer kinds with one interaction per agent: contact, consumer, guest (R6)."
    )
    undo_hold: timedelta = Field(timedelta(seconds=10), ge=timedelta(0), description="Hold before a mail leaves (R16).")
    abandonment_after: timedelta = Field(
        _days(30), gt=timedelta(0), description="Idle unsent drafts close after this (R25)."
    )
    inactivity_after: timedelta = Field(
        _days(30), gt=timedelta(0), description="On Hold without an answer closes after this (R26)."
    )
    reminder_after: str = Field("", description="Periods after the latest agent mail, as P2D,P5D; empty: none (R24).")
    wrap_up_after: timedelta = Field(
        timedelta(minutes=2), gt=timedelta(0), description="Wrap-up without a code closes after this (R27)."
    )
    wrap_up_codes: str = Field(
        "Issue resolved,Information given,No action needed,Duplicate", description="Codes an agent may choose (R27)."
    )
    wrap_up_default: str = Field("Issue resolved", description="Code when none was chosen in time (R27).")
    inactivity_code: str = Field("Closed due to customer inactivity", description="Code of R26.")
    unknown_wait: timedelta = Field(
        timedelta(seconds=10), description="How long a command waits for a record not known yet (R36)."
    )
    retention_after: timedelta | None = Field(
        None, description="Closed interactions are erased after this; empty: never (R39)."
    )
    number_start: int = Field(1000, ge=0, description="Interactions are numbered from here on.")

    # promises
    command_attempts: int = Field(8, ge=1, description="Attempts before a failing command is dead (R37).")
    sweep_every: timedelta = Field(timedelta(seconds=1), gt=timedelta(0), description="Pause between two sweeps.")
    sweep_grace: timedelta = Field(
        timedelta(seconds=2), description="How overdue a promise is before it is published again."
    )
    queue_depth: int = Field(10_000, ge=10, description="The sweeper fills a queue up to this many messages.")

    @field_validator("wrap_up_default")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must name a code")
        return value

    @model_validator(mode="after")
    def _sound(self) -> Settings:
        for kind in self.per_agent_kinds:
            if kind not in ("contact", "consumer", "guest"):
                raise ValueError(f"per_agent_tables: {kind!r} is none of contact, consumer, guest")
        if self.profile == "production" and self.token_keys == DEMO_KEY:
            raise ValueError("token_keys: production needs keys of its own, for example k1:$(openssl rand -hex 32)")
        _ = self.reminder_periods, self.pauses, self.keys
        return self

    @property
    def per_agent_kinds(self) -> frozenset[str]:
        return frozenset(_items(self.per_agent_tables))

    @property
    def reminder_periods(self) -> tuple[timedelta, ...]:
        return tuple(_duration(item) for item in _items(self.reminder_after))

    @property
    def pauses(self) -> tuple[timedelta, ...]:
        return tuple(_duration(item) for item in _items(self.retry_pauses)) or (timedelta(minutes=1),)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_items(self.wrap_up_codes), self.wrap_up_default)))

    @property
    def keys(self) -> tuple[tuple[str, bytes], ...]:
        """Key id and secret, newest first; key ids are one to four characters a-z, 0-9 on the wire."""
        pairs = [item.partition(":") for item in _items(self.token_keys)]
        if not pairs or not all(name and secret for name, _, secret in pairs):
            raise ValueError("token_keys: write id:secret, newest first, separated by commas")
        return tuple((name, secret.encode()) for name, _, secret in pairs)

    @property
    def recipients_allowed(self) -> tuple[str, ...]:
        return tuple(item.lower() for item in _items(self.allowed_recipients))

    @property
    def embedded(self) -> bool:
        return self.broker_url.startswith("memory:")

    @property
    def database(self) -> str:
        """The database URL with its default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'postroom.db'}"


def from_mapping(values: Mapping[str, str]) -> Settings:
    """Settings from ``POSTROOM_*`` names; others are ignored, unknown ``POSTROOM_*`` ones and bad values raise `Misconfigured`."""
    given: dict[str, Any] = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in values.items()
        if name.startswith(PREFIX) and value != ""
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise Misconfigured(f"{where}: {first['msg']} (got {first.get('input', '')!r:.80}).") from None


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


class _Duration(BaseModel):
    value: timedelta


def _duration(text: str) -> timedelta:
    try:
        found = _Duration(value=text).value
    except ValidationError:
        raise ValueError(f"{text!r} is no ISO 8601 duration such as PT48H or P2D") from None
    if found <= timedelta(0):
        raise ValueError(f"{text!r} is not longer than nothing")
    return found
