"""Every setting with its unit, its default and one line of meaning; frozen, made from a mapping, read from nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from models import limits
from models.errors import Misconfigured
from models.hours import Calendar, calendar
from models.senders import Sender, senders

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
    http_rate: int = Field(
        500,
        ge=1,
        description="Requests per second before 429, by token, or by address without a known one; bursts of twice that.",
    )
    trusted_proxies: str = Field(
        "127.0.0.1,::1",
        description="Addresses or networks of the proxies before the HTTP API, as 172.16.0.0/12; their X-Forwarded-Proto "
        "and X-Forwarded-For are believed, nobody else's.",
    )
    body_limit_bytes: int = Field(8_000_000, ge=1000, description="Largest HTTP body other than blobs and raw mail.")
    mail_limit_bytes: int = Field(25_000_000, ge=10_000, description="Largest mail, in or out, and largest blob.")
    inbound_host: str = Field("127.0.0.1", description="Address the mailroom listens on.")
    inbound_port: int = Field(8026, ge=0, le=65535, description="Port the mailroom listens on; 0 takes a free one.")
    inbound_protocol: Literal["smtp", "lmtp"] = Field("smtp", description="What the mailroom speaks.")
    inbound_unknown: Literal["keep", "refuse"] = Field(
        "keep", description="A recipient in our domains that is none of our addresses: kept as unmatched, or 550."
    )
    inbound_addresses: str = Field(
        "", description="Further addresses or @domains that are ours, besides the mail domain and the sender address."
    )
    inbound_certificate: Path | None = Field(None, description="PEM file; the mailroom then offers STARTTLS.")
    inbound_key: Path | None = Field(None, description="PEM file of its key, where it is a file of its own.")
    imap_url: str = Field(
        "",
        description="imaps:// or imap+starttls://[user[:password]@]host[:port][/folder], read by the mailroom; empty: none.",
    )
    imap_password_file: Path | None = Field(None, description="File with the password of the mailbox.")
    imap_token_file: Path | None = Field(
        None, description="File with an OAuth access token (XOAUTH2), read at each log-in; others keep it fresh."
    )
    imap_ca_file: Path | None = Field(None, description="PEM file of a certificate authority of one's own.")
    imap_after: Literal["flag", "move"] = Field(
        "flag", description="What happens to a mail that was taken in: marked as read, or moved away."
    )
    imap_done_folder: str = Field("Postroom", min_length=1, description="Where mails are moved to; made if need be.")
    imap_every: timedelta = Field(
        timedelta(minutes=1),
        gt=timedelta(0),
        description="Pause between two looks where the server cannot ring (IDLE).",
    )
    mailgun_signing_key: str = Field("", description="Webhook signing key; opens POST /v1/inbound/mailgun.")
    postmark_login: str = Field("", description="user:password of the webhook's URL; opens POST /v1/inbound/postmark.")
    sendgrid_public_key: str = Field(
        "", description="Public key of the security policy, base64; opens POST /v1/inbound/sendgrid."
    )
    session_idle: timedelta = Field(
        timedelta(hours=4),
        gt=timedelta(0),
        description="A session of the workspace ends after this long without a click.",
    )
    session_after: timedelta = Field(
        timedelta(hours=12), gt=timedelta(0), description="And after this long in any case; then one signs in again."
    )
    oidc_issuer: str = Field(
        "", description="https:// address of an OpenID provider one may sign in with; empty: passwords only."
    )
    oidc_client_id: str = Field("", description="How the provider calls Postroom.")
    oidc_client_secret: str = Field("", description="And by which secret it knows it; empty for a public client.")
    oidc_scope: str = Field("openid email profile", description="What is asked of the provider.")
    oidc_claim: str = Field(
        "email", description="Claim that names the principal: email by its address, any other by its id."
    )
    oidc_verified_claim: str = Field(
        "email_verified",
        description="Claim that has to be true for an address to count, as xms_edov of Entra ID; empty: none is asked for.",
    )
    oidc_role_claim: str = Field(
        "", description="Claim that has to confirm the principal's role, a word or a list; empty: not asked for."
    )
    oidc_roles: str = Field(
        "",
        description="What that claim calls our roles, as support-team:agent,leads:manager; others stand for themselves.",
    )
    sink_port: int = Field(8027, ge=0, le=65535, description="Port of the built-in mail sink of the embedded product.")

    # mail
    smtp_url: str = Field(
        "",
        description="smtp+starttls://, smtps:// or smtp:// (STARTTLS on port 25) and [user:password@]host[:port]; "
        "smtp+plain:// sends in the clear; empty: the built-in sink.",
    )
    smtp_token_file: Path | None = Field(
        None, description="File with an OAuth access token (XOAUTH2), read at each log-in; others keep it fresh."
    )
    smtp_ca_file: Path | None = Field(None, description="PEM file of a certificate authority of one's own.")
    smtp_mails_per_connection: int = Field(100, ge=1, description="Mails over one connection before a fresh one.")
    smtp_connection_age: timedelta = Field(
        timedelta(minutes=5), gt=timedelta(0), description="How old a connection may be when a mail begins."
    )
    smtp_timeout_seconds: float = Field(60.0, gt=0, le=600, description="Wait for each answer before the final dot.")
    smtp_final_timeout_seconds: float = Field(
        600.0, gt=0, le=900, description="Wait after the final dot (RFC 5321 4.5.3.2.6)."
    )
    sender_address: str = Field("care@postroom.example", description="From address of mails.")
    sender_addresses: str = Field(
        "",
        description="Further From addresses: billing@x.example, press@x.example=mia+manager; nobody named: all agents.",
    )
    sender_name: str = Field("Customer Care", description="From name of mails; the agent's name is put before it.")
    mail_domain: str = Field("postroom.example", description="Domain of our Message-IDs, Reply-To and envelope sender.")
    token_keys: str = Field(
        DEMO_KEY, description="Keys of signed reply addresses, id:secret, newest first; older ones still verify."
    )
    number_in_subject: bool = Field(False, description="Put [IMS0001042] into subjects (R13).")
    reply_mark: str = Field(
        "",
        max_length=70,
        description='Line such as "-- ✂ --" atop our mails; answers stand above it. Empty: none (R18).',
    )
    dkim_keys: str = Field(
        "",
        description="DKIM keys, domain:selector:/path/to/key.pem, separated by commas; empty: the relay signs (R13).",
    )
    public_url: str = Field(
        "",
        description="https:// address of the HTTP API as customers reach it, for one-click unsubscribing; empty: by mail only.",
    )
    recipients_limit: int = Field(50, ge=1, le=1000, description="Most recipients of one mail.")
    allowed_recipients: str = Field("", description="Only these addresses or @domains are mailed; empty: all (R38).")
    delivery_lease: timedelta = Field(
        timedelta(minutes=5), description="A claim nobody renewed for this long is free again."
    )
    give_up_after: timedelta = Field(_days(2), description="4xx answers are retried for this long (R14).")
    retry_pauses: str = Field(
        "PT1M,PT5M,PT15M,PT1H,PT3H", description="Growing pauses after 4xx; the last one repeats."
    )
    domain_limits: str = Field(
        "",
        description="Most mails at once and most in a minute to a recipient domain, as gmail.com=5/100,*=20/0; "
        "* is each other one, 0 no limit (R14).",
    )

    authserv_id: str = Field(
        "", description="Name of the own mail border whose Authentication-Results are believed; empty: nobody's (R21)."
    )
    automatic_per_hour: int = Field(
        10, ge=1, description="Mails of one robot within an hour; from those beyond nothing follows (R19)."
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
    reminders_per_day: int = Field(
        0, ge=0, description="Most reminders one address gets in 24 hours, over all interactions; 0: no limit (R24)."
    )
    business_hours: str = Field(
        "", description="Reminders leave then, as Mon-Fri 09:00-17:00, Sat 10:00-13:00; empty: at any hour (R24)."
    )
    holidays: str = Field(
        "", description="Regions whose public holidays are free, as DE-BY,AT; alone: with Mon-Fri 09:00-17:00 (R24)."
    )
    default_time_zone: str = Field("UTC", description="IANA zone of customers who have none of their own (R24).")
    bounce_suppression: timedelta | None = Field(
        None, description="An address that bounced is mailed again after this; empty: once somebody lifts it (R20)."
    )
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
        if self.postmark_login and not all(self.postmark_login.partition(":")):
            raise ValueError("postmark_login: write user:password")
        if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", self.mail_domain, re.IGNORECASE):
            raise ValueError("mail_domain: a domain in its ASCII form, as xn--bcher-kva.example")
        if self.reply_mark and (not self.reply_mark.isprintable() or len("".join(self.reply_mark.split())) < 4):
            raise ValueError("reply_mark: one line of at least four characters that nobody writes by chance")
        if any(later <= sooner for sooner, later in pairwise(self.reminder_periods)):
            raise ValueError(
                "reminder_after: each period counts from the same mail, so each is longer than the one before"
            )
        _ = self.senders, self.proxies
        _ = self.limits_by_domain, self.working_time, self.pauses, self.keys, self.dkim, self.unsubscribe_url
        self._provider_is_whole()
        return self

    def _provider_is_whole(self) -> None:
        _ = self.oidc_role_names
        if not self.oidc_issuer:
            return
        if not self.oidc_client_id:
            raise ValueError("oidc_client_id: the provider knows Postroom by this name; register it there first")
        if self.profile == "production" and not self.oidc_issuer.startswith("https://"):
            raise ValueError("oidc_issuer: write https://…")

    @property
    def per_agent_kinds(self) -> frozenset[str]:
        return frozenset(_items(self.per_agent_tables))

    @property
    def reminder_periods(self) -> tuple[timedelta, ...]:
        return tuple(_duration(item) for item in _items(self.reminder_after))

    @property
    def business_time(self) -> Calendar | None:
        """When reminders may leave; None: at any hour."""
        return self.working_time if self.business_hours or self.holidays else None

    @property
    def working_time(self) -> Calendar:
        """When people are back at work after an absence; the usual hours unless others are set."""
        return calendar(self.business_hours, self.holidays, self.default_time_zone)

    @property
    def pauses(self) -> tuple[timedelta, ...]:
        return tuple(_duration(item) for item in _items(self.retry_pauses)) or (timedelta(minutes=1),)

    @property
    def limits_by_domain(self) -> Mapping[str, limits.Limit]:
        return limits.parse(self.domain_limits)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_items(self.wrap_up_codes), self.wrap_up_default)))

    @property
    def keys(self) -> tuple[tuple[str, bytes], ...]:
        """Key id and secret, newest first; older ones still verify."""
        pairs = [item.partition(":") for item in _items(self.token_keys)]
        if not pairs or not all(name and secret for name, _, secret in pairs):
            raise ValueError("token_keys: write id:secret, newest first, separated by commas")
        names = [name for name, _, _ in pairs]
        if len(set(names)) < len(names) or not all(re.fullmatch("[a-z0-9]{1,4}", name) for name in names):
            raise ValueError("token_keys: each id once, of one to four characters a-z and 0-9")
        return tuple((name, secret.encode()) for name, _, secret in pairs)

    @property
    def dkim(self) -> tuple[tuple[str, str, Path], ...]:
        """Domain, selector and key file of each DKIM key."""
        found = [tuple(part.strip() for part in item.split(":", 2)) for item in _items(self.dkim_keys)]
        if not all(len(parts) == 3 and all(parts) for parts in found):
            raise ValueError("dkim_keys: write domain:selector:/path/to/key.pem, separated by commas")
        return tuple((domain.lower(), selector, Path(path)) for domain, selector, path in found)

    @property
    def oidc_role_names(self) -> dict[str, str]:
        """The provider's name of a role, and ours."""
        pairs = [item.rpartition(":") for item in _items(self.oidc_roles)]
        if not all(theirs and ours in ("agent", "manager", "admin") for theirs, _, ours in pairs):
            raise ValueError("oidc_roles: write theirs:agent, theirs:manager or theirs:admin, separated by commas")
        return {theirs: ours for theirs, _, ours in pairs}

    @property
    def unsubscribe_url(self) -> str:
        """Where a token is appended to make a one-click link; empty without a public URL."""
        if not self.public_url:
            return ""
        wanted = ("https://",) if self.profile == "production" else ("https://", "http://")
        if not self.public_url.startswith(wanted) or not re.fullmatch(r"[!$-;=@-~]{1,200}", self.public_url):
            raise ValueError(f"public_url: write {wanted[0]}host, without a query")
        return f"{self.public_url.rstrip('/')}/unsubscribe/"

    @property
    def senders(self) -> tuple[Sender, ...]:
        """From which addresses mail may leave, and whose may use which; the usual one first."""
        return senders(self.sender_address, self.sender_addresses)

    @property
    def recipients_allowed(self) -> tuple[str, ...]:
        return tuple(item.lower() for item in _items(self.allowed_recipients))

    @property
    def inbound_also(self) -> tuple[str, ...]:
        return tuple(_items(self.inbound_addresses))

    @property
    def has_webhooks(self) -> bool:
        """Whether any provider of mail has a secret here."""
        return bool(self.mailgun_signing_key or self.postmark_login or self.sendgrid_public_key)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(_network(item) for item in _items(self.trusted_proxies))

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


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(f"trusted_proxies: {text!r} is no address or network such as 172.16.0.0/12") from None


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
