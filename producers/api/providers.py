"""PURE. Mail that a provider hands in by webhook: whether the request is theirs, and the raw mail within it.

Refuses what a provider parsed for us: only the bytes as they arrived there are a mail.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import FormParser, parse_options_header

from models.addresses import NULL_SENDER
from models.errors import Misconfigured
from models.settings import Settings

MOST_FIELDS = 1_000


class Forged(Exception):
    """Not the provider's request, or not one of now; ``reason`` is one word to count by."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class NoRawMail(Exception):
    """The provider's own request, without the raw mail: a switch there is set otherwise than the how-to says."""


@dataclass(frozen=True, slots=True)
class Posted:
    """``sender`` is empty where the provider does not say. ``once`` is a token it signed instead of the mail: it may stand for
    no other mail."""

    raw: bytes
    sender: str
    recipients: Sequence[str]
    once: str | None = None


class Provider(Protocol):
    """``gives_up_at`` is the status at which this provider tries no more, ``doubted_at`` one at which it tries again, for what may
    be its own under a key set wrongly here; ``swollen`` is how much larger than the mail its request may be."""

    name: str
    doubted_at: int
    gives_up_at: int
    swollen: float

    def admit(self, headers: Mapping[str, str]) -> None:
        """What can be told before the body is read. Raises `Forged`."""

    def unpack(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        """The mail. Raises `Forged` or `NoRawMail`."""


def providers_of(settings: Settings) -> list[Provider]:
    """Those whose secret is set; the doors of the others stay closed. Raises `Misconfigured`."""
    found: list[Provider] = []
    if settings.mailgun_signing_key:
        found.append(Mailgun(settings.mailgun_signing_key.encode()))
    if settings.postmark_login:
        found.append(Postmark(settings.postmark_login.encode()))
    if settings.sendgrid_public_key:
        found.append(SendGrid(_public_key(settings.sendgrid_public_key)))
    return found


class Mailgun:
    """Routes that forward raw MIME: https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http
    and …/user-manual/webhooks/securing-webhooks. Only 200 and 406 end its attempts, which go on for eight hours."""

    name = "mailgun"
    doubted_at = 401
    gives_up_at = 406
    swollen = 3.0  # every byte of the mail may be written %XX
    _window = timedelta(hours=12)  # an attempt after hours may carry the time of the first one

    def __init__(self, key: bytes) -> None:
        self._key = key

    def admit(self, headers: Mapping[str, str]) -> None:
        """Nothing: the signature is a field of the form."""

    def unpack(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        form = _form(headers, body)
        stamp, token = form.get("timestamp", b""), form.get("token", b"")
        expected = hmac.new(self._key, stamp + token, hashlib.sha256).hexdigest().encode()
        if not token or not hmac.compare_digest(expected, form.get("signature", b"").lower()):
            raise Forged("forged", "The signature is not Mailgun's; is POSTROOM_MAILGUN_SIGNING_KEY the signing key?")
        _timely(stamp, now, self._window)
        raw = form.get("body-mime")
        if not raw:
            raise NoRawMail("There is no body-mime: the URL of the route must end in /mime.")
        return Posted(raw, _sender(form.get("sender")), _listed(_text(form, "recipient")), token.decode("latin-1"))


class Postmark:
    """Inbound streams: https://postmarkapp.com/developer/webhooks/inbound-webhook, protected by the basic authentication of
    …/webhooks-overview. Only 200 and 403 end its attempts (…/understanding-inbound-webhook-retries-in-postmark)."""

    name = "postmark"
    doubted_at = 401
    gives_up_at = 403
    swollen = 4.0  # the mail escaped for JSON, beside its parts in base64

    def __init__(self, login: bytes) -> None:
        self._expected = b"Basic " + base64.b64encode(login)

    def admit(self, headers: Mapping[str, str]) -> None:
        if not hmac.compare_digest(self._expected, headers.get("authorization", "").encode()):
            raise Forged(
                "forged", "User or password is wrong; POSTROOM_POSTMARK_LOGIN is what the webhook's URL names."
            )

    def unpack(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        found = _object(body)
        raw, recipient = found.get("RawEmail"), found.get("OriginalRecipient")
        if not isinstance(raw, str) or not raw or not isinstance(recipient, str):
            raise NoRawMail('There is no RawEmail: switch on "Include raw email content in JSON payload".')
        given = found.get("Headers") or []
        noted = next((str(each.get("Value", "")) for each in given if each.get("Name") == "Return-Path"), None)
        return Posted(raw.encode("utf-8", "replace"), _sender(noted), _listed(recipient))


class SendGrid:
    """Inbound Parse with "send raw" and a security policy with signature:
    https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/securing-your-parse-webhooks. Any 4xx ends its attempts, 5xx
    is tried again for 72 hours (Understanding Inbound Parse Webhook Retry Logic, support.sendgrid.com)."""

    name = "sendgrid"
    doubted_at = 503
    gives_up_at = 413
    swollen = 1.1
    _window = timedelta(hours=96)  # the mail itself is signed: who replays it brings the same mail again
    _signature, _stamp = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"

    def __init__(self, key: EllipticCurvePublicKey) -> None:
        self._key = key

    def admit(self, headers: Mapping[str, str]) -> None:
        if not headers.get(self._signature) or not headers.get(self._stamp):
            raise Forged(
                "forged", "The request is not signed; attach a security policy with a signature to the parse setting."
            )

    def unpack(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Posted:
        stamp = headers[self._stamp].encode()
        try:
            self._key.verify(base64.b64decode(headers[self._signature]), stamp + body, ECDSA(SHA256()))
        except (InvalidSignature, ValueError):
            raise Forged("forged", "The signature does not fit POSTROOM_SENDGRID_PUBLIC_KEY.") from None
        _timely(stamp, now, self._window)
        form = _form(headers, body)
        raw, envelope = form.get("email"), _object(form.get("envelope", b"{}"))
        recipients = [each for each in envelope.get("to") or [] if isinstance(each, str)]
        if not raw or not recipients:
            raise NoRawMail('There is no raw email: switch on "POST the raw, full MIME message" (send_raw).')
        return Posted(raw, _sender(envelope.get("from")), recipients)


def _sender(said: object) -> str:
    """As the provider says it, in brackets or without; nothing at all is not the same as the null sender."""
    if isinstance(said, bytes):
        said = said.decode("utf-8", "replace")
    return (said.strip("<> ") or NULL_SENDER) if isinstance(said, str) else ""


def _timely(stamp: bytes, now: datetime, window: timedelta) -> None:
    try:
        age = abs(now - datetime.fromtimestamp(int(stamp), UTC))
    except (ValueError, OverflowError, OSError):
        raise Forged("expired", "The timestamp is no number of seconds.") from None
    if age > window:
        raise Forged("expired", f"The request was signed {age.days} days and {age.seconds // 3600} hours from now.")


def _form(headers: Mapping[str, str], body: bytes) -> dict[str, bytes]:
    """The fields as bytes, whichever of the two encodings they came in."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    if kind == b"multipart/form-data":
        return _parts(body, options.get(b"boundary"))
    pairs = (pair.partition(b"=") for pair in body.split(b"&", MOST_FIELDS))
    return {_plain(name).decode("utf-8", "replace"): _plain(value) for name, _, value in pairs}


def _plain(encoded: bytes) -> bytes:
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _parts(body: bytes, boundary: bytes | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}

    def keep(name: bytes | None, value: bytes | None) -> None:
        found.setdefault((name or b"").decode("utf-8", "replace"), value or b"")

    def keep_file(file: Any) -> None:
        file.file_object.seek(0)
        keep(file.field_name, file.file_object.read())
        file.close()

    config = {"MAX_MEMORY_FILE_SIZE": len(body) + 1, "MAX_FIELDS": MOST_FIELDS}
    try:
        parser = FormParser(
            "multipart/form-data", lambda field: keep(field.field_name, field.value), keep_file,
            boundary=boundary, config=config,
        )  # fmt: skip
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise NoRawMail(f"The body is no form: {error}.") from None
    return found


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoRawMail("There is no JSON object where the provider's documentation promises one.")
    return found


def _text(form: Mapping[str, bytes], name: str) -> str:
    return form.get(name, b"").decode("utf-8", "replace").strip("<> ")


def _listed(addresses: str) -> list[str]:
    return [address.strip("<> ") for address in addresses.split(",") if address.strip("<> ")]


def _public_key(text: str) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, EllipticCurvePublicKey):
        raise Misconfigured(
            "POSTROOM_SENDGRID_PUBLIC_KEY: write the key as SendGrid shows it, base64 without BEGIN and END."
        )
    return key
