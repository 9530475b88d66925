"""The door behind the links of reminders (RFC 8058): a POST is a wish, whoever sends it; no login, no cookie, no redirect.

Refuses to do anything at a GET: the scanners of mail servers follow every link before a person does.
"""

from __future__ import annotations

from html import escape
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import Response

from models import commands, tokens
from models.rights import RECIPIENT
from producers.api.door import Door, TheDoor

_PAGE = Template(
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><title>$title</title>'
    "<style>body{font:1rem/1.5 sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}button{font:inherit}</style>"
    "<h1>$title</h1><p>$words</p>$form</html>"
)
_FORM = (
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
    "<button>Stop reminders</button></form>"
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def routes() -> APIRouter:
    """Not in the OpenAPI: what stands here is for mail programs and people, and their contract is the RFC."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/unsubscribe/{token}", ask, methods=["GET", "HEAD"])
    router.add_api_route("/unsubscribe/{token}", stop, methods=["POST"])
    return router


async def ask(request: Request, token: str, door: TheDoor) -> Response:
    """A page with a button. Nothing is looked up and nothing changes."""
    door.guard.slow_down(request)
    if not _ours(door, token):
        return _unknown(door)
    return _page(door, 200, "Stop reminders?", "Mails that people write to you are not affected.", _FORM)


async def stop(request: Request, token: str, door: TheDoor) -> Response:
    """Kept for good before it is answered; each time is a wish of its own, because it may have been lifted meanwhile."""
    door.guard.slow_down(request)
    if not _ours(door, token):
        return _unknown(door)
    wish = commands.command("unsubscribe", door.deps.ids.new("link"), token=token)
    await door.accept(wish, RECIPIENT, "link")
    return _page(door, 200, "No more reminders", "You will get no further reminders. Nothing else is left to do.")


def _ours(door: Door, token: str) -> bool:
    """Whether the link was signed here; what it names, and whether it still holds, is decided where commands are."""
    found = tokens.verify(token, door.deps.settings.keys)
    return found is not None and found.purpose == "unsubscribe"


def _unknown(door: Door) -> Response:
    words = "This link is not complete. Use the one in the mail as it stands, or simply answer the mail."
    return _page(door, 404, "Unknown link", words)


def _page(door: Door, status: int, title: str, words: str, form: str = "") -> Response:
    named = f"{title} · {door.deps.settings.sender_name}"
    return Response(
        _PAGE.substitute(title=escape(named), words=escape(words), form=form), status, _HEADERS, "text/html"
    )
