"""What a composer's form holds, as the content of a command. Every line is taken as it stands; `send` checks addresses (R11)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse, Response

from models import plaintext
from models.commands import Attachment
from models.errors import Rejected
from models.queries.views import DraftView
from producers.workspace import enclosing
from producers.workspace.desk import Visit
from producers.workspace.harmless import own_html
from producers.workspace.pages import HEADERS

LINES = ("to", "cc", "bcc")


async def save_of(visit: Visit, draft: DraftView) -> dict[str, Any]:
    """The body of the `save_draft` this form asks for; files that came with it are kept first."""
    base = visit.number("base_revision") or 1
    content = typed(visit) | _words(visit, draft.content) | _sender(visit, draft.content)
    if "attachments_shown" in visit.form:
        content["attachments"] = await _attachments(visit, str(content.get("html", draft.content.get("html", ""))))
    return {"draft": draft.id, "base_revision": base, "content": content}


def typed(visit: Visit) -> dict[str, Any]:
    """Subject and recipients, half-typed ones too."""
    found: dict[str, Any] = {name: addresses(visit.given(name)) for name in LINES}
    return found | {"subject": " ".join(visit.given("subject").split())}


def addresses(line: str) -> list[str]:
    return [part.strip() for part in line.replace(";", ",").replace("\n", ",").split(",") if part.strip()]


async def plain(visit: Visit) -> Response:
    """What formatted words are without their format: the very text that would be the mail's plain part."""
    return JSONResponse({"text": plaintext.from_html(own_html(visit.given("html")))}, 200, HEADERS)


def leaving_at(visit: Visit) -> datetime:
    """The instant chosen in the reader's own zone. Raises `Rejected` where it is none, or past."""
    try:
        zone = ZoneInfo(visit.given("zone") or "UTC")
        found = datetime.fromisoformat(visit.given("send_at")).replace(tzinfo=zone)
    except (ValueError, KeyError, OSError):
        raise Rejected("malformed", "Choose the day and the time at which it shall leave.", field="send_at") from None
    if found <= visit.deps.clock.now():
        raise Rejected("malformed", "That time is past; choose one that is still to come.", field="send_at")
    return found


def _sender(visit: Visit, before: dict[str, Any]) -> dict[str, Any]:
    """Where it shall leave from; the usual address is nobody's choice until another one was chosen."""
    chosen = visit.given("from_address")
    known = before.get("from_address") or visit.deps.settings.sender_address
    return {"from_address": chosen} if chosen and chosen != known else {}


def _words(visit: Visit, before: dict[str, Any]) -> dict[str, Any]:
    """Formatted words give the plain ones. A page that shows only plain words takes the format away with a change, not without."""
    mode, text = visit.given("mode"), visit.given("text")
    if mode == "rich":
        html = own_html(visit.given("html"))
        return {"html": html, "text": plaintext.from_html(html)}
    if mode != "plain" and text == before.get("text", ""):
        return {}
    return {"text": text, "html": ""}


async def _attachments(visit: Visit, html: str) -> list[dict[str, Any]]:
    """Those that stay, in their order, then those that came with the form; a picture nobody sees any more does not travel."""
    form: Any = visit.form
    found = [_attachment(each) for each in form.getlist("keep")]
    found += [await enclosing.kept(visit, each) for each in form.getlist("files") if getattr(each, "filename", "")]
    return [
        each.model_dump(mode="json")
        for each in found
        if not html or each.inline_id is None or f"cid:{each.inline_id}" in html
    ]


def _attachment(told: str) -> Attachment:
    try:
        return Attachment.model_validate(json.loads(told))
    except ValueError:
        raise Rejected("malformed", "An attachment of this form is no reference to a file.", field="keep") from None
