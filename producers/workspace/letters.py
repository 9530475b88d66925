"""Mails as documents of their own, for a frame without power: nothing runs, loads or leaves. Attachments are downloads only."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage

from starlette.responses import Response

from models.queries import mails, related
from producers.api.reading_drafts import download
from producers.workspace.desk import Visit
from producers.workspace.harmless import SHOWN, harmless
from producers.workspace.pages import render

FRAME = "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Mail</title></head><body>{}</body></html>"
PICTURES, PICTURE_BYTES = 100, 10_000_000  # shown within one mail, at most
SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "


async def incoming(visit: Visit) -> Response:
    """One mail that came in; where it belongs nowhere yet, with the interactions it may belong to (R21)."""
    mail = await visit.door.rows(lambda: mails.incoming(visit.path("incoming")))
    near = await visit.door.rows(lambda: related.fitting(mail.from_address) if mail.interaction is None else [])
    return await render(visit, "incoming.html", title=mail.subject or "Mail", mail=mail, near=near, view="unmatched")


async def incoming_frame(visit: Visit) -> Response:
    mail = await visit.door.rows(lambda: mails.incoming(visit.path("incoming")))
    kept = [part for part in mail.attachments if part["inline_id"] and part["media_type"] in SHOWN]
    found = await visit.door.rows(lambda: [(part["inline_id"], mails.blob(part["blob"])) for part in kept[:PICTURES]])
    return _framed(visit, mail.html, _pictures((name, blob.media_type, bytes(blob.data)) for name, blob in found))


async def mail_frame(visit: Visit) -> Response:
    return framed_mail(visit, await visit.door.rows(lambda: mails.raw(visit.path("mail"))))


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


def framed_mail(visit: Visit, data: bytes) -> Response:
    """A mail's HTML as a document without power, with the pictures it brought along."""
    parts = list(message_from_bytes(data, policy=policy.default).walk())
    named = [part for part in parts if part.get("Content-ID") and part.get_content_type() in SHOWN][:PICTURES]
    found = ((str(part["Content-ID"]), part.get_content_type(), part.get_payload(decode=True)) for part in named)
    return _framed(
        visit, words_and_html(data)[1], _pictures((i, kind, raw) for i, kind, raw in found if isinstance(raw, bytes))
    )


def _part(mail: object, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,)) if isinstance(mail, EmailMessage) else None
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):
        return ""


def _pictures(parts: Iterable[tuple[str, str, bytes]]) -> dict[str, str]:
    """Inside the document itself: a frame without an origin sends no cookie, so it could not fetch them (R18)."""
    found, left = {}, PICTURE_BYTES
    for inline_id, media_type, data in parts:
        left -= len(data)
        if left >= 0:
            found[inline_id.strip("<> ")] = f"data:{media_type};base64,{b64encode(data).decode()}"
    return found


def _framed(visit: Visit, html: str, pictures: Mapping[str, str]) -> Response:
    images = bool(visit.asked("images"))
    allowed = "img-src data: https: http:" if images else "img-src data:"
    headers = {
        "Content-Security-Policy": f"{SANDBOX}{allowed}; frame-ancestors 'self'",
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
    }  # fmt: skip
    return Response(FRAME.format(harmless(html, images, pictures).html), 200, headers, "text/html")
