"""Mails as documents of their own, for a frame without power: nothing runs, loads or leaves. Attachments are downloads only."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from starlette.responses import Response

from models import tables as t
from models.errors import Rejected
from models.queries import mails, related
from producers.api.deps import DEMO_PROFILES
from producers.api.reading_drafts import download
from producers.workspace.desk import Visit
from producers.workspace.harmless import harmless
from producers.workspace.pages import render

FRAME = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Mail</title></head><body>{}</body></html>"
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "


async def incoming(visit: Visit) -> Response:
    """One mail that came in; where it belongs nowhere yet, with the interactions it may belong to (R21)."""
    mail = await visit.door.rows(lambda: mails.incoming(visit.path("incoming")))
    near = await visit.door.rows(lambda: related.fitting(mail.from_address) if mail.interaction is None else [])
    return await render(visit, "incoming.html", title=mail.subject or "Mail", mail=mail, near=near, view="unmatched")


async def incoming_frame(visit: Visit) -> Response:
    mail = await visit.door.rows(lambda: mails.incoming(visit.path("incoming")))
    return _framed(visit, mail.html)


async def mail_frame(visit: Visit) -> Response:
    return _framed(visit, _html_of(await visit.door.rows(lambda: mails.raw(visit.path("mail")))))


async def captured_frame(visit: Visit) -> Response:
    if visit.deps.settings.profile not in DEMO_PROFILES:
        raise Rejected("not_found", "There is no captured mail here.")
    row = await visit.door.rows(lambda: t.Captured.get_or_none(t.Captured.id == int(visit.path("captured"))))
    return _framed(visit, _html_of(bytes(row.data)) if row is not None else "")


async def attachment(visit: Visit) -> Response:
    """The bytes, to be saved and not shown."""
    blob = await visit.door.rows(lambda: mails.blob(visit.path("sha256")))
    return download(bytes(blob.data), visit.path("sha256")[:16], blob.media_type)


async def incoming_raw(visit: Visit) -> Response:
    name = visit.path("incoming")
    return download(await visit.door.rows(lambda: mails.incoming_raw(name)), f"{name}.eml", "message/rfc822")


async def mail_raw(visit: Visit) -> Response:
    name = visit.path("mail")
    return download(await visit.door.rows(lambda: mails.raw(name)), f"{name}.eml", "message/rfc822")


def words_and_html(data: bytes) -> tuple[str, str]:
    """Plain words and HTML of a mail, each empty where there is none."""
    found = message_from_bytes(data, policy=policy.default)
    return _part(found, "plain"), _part(found, "html")


def _html_of(data: bytes) -> str:
    return words_and_html(data)[1]


def _part(mail: object, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,)) if isinstance(mail, EmailMessage) else None
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):
        return ""


def _framed(visit: Visit, html: str) -> Response:
    images = bool(visit.asked("images"))
    allowed = "img-src https: http:" if images else "img-src 'none'"
    headers = {
        "Content-Security-Policy": f"{SANDBOX}{allowed}; frame-ancestors 'self'",
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
    }  # fmt: skip
    return Response(FRAME.format(harmless(html, images).html), 200, headers, "text/html")
