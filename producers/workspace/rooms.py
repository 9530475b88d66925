"""The table of contents of the workspace: every path and the page behind it. Nothing under /v1 is touched."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from producers.workspace import (
    captured,
    comparing,
    composing,
    conversations,
    customers,
    enclosing,
    inserting,
    letters,
    lists,
    living,
    mine,
    operating,
    signing_in,
    team,
    words,
    writing,
)
from producers.workspace.desk import Desk
from producers.workspace.pages import Page, route, trouble
from producers.workspace.throttle import Throttle

HERE = Path(__file__).parent
GET: dict[str, Page] = {
    "/": lists.home,
    "/list/{view}": lists.listed,
    "/queues": lists.queue_list,
    "/drafts": lists.draft_list,
    "/unmatched": lists.unmatched,
    "/search": lists.search,
    "/customers": customers.look_up,
    "/customers/{customer}": customers.record,
    "/interactions/{number}": conversations.conversation,
    "/interactions/{number}/why": conversations.why,
    "/drafts/{draft}": composing.composer,
    "/drafts/{draft}/beside": composing.beside,
    "/drafts/{draft}/revisions": comparing.revisions,
    "/drafts/{draft}/compare/{revision}": comparing.compare,
    "/drafts/{draft}/templates": inserting.offered,
    "/me": mine.settings,
    "/team": team.everybody,
    "/keys": mine.keys,
    "/mails/{mail}/frame": letters.mail_frame,
    "/mails/{mail}/raw": letters.mail_raw,
    "/incoming/{incoming}": letters.incoming,
    "/incoming/{incoming}/frame": letters.incoming_frame,
    "/incoming/{incoming}/raw": letters.incoming_raw,
    "/attachments/{sha256}": letters.attachment,
    "/pictures/{sha256}": enclosing.picture,
    "/captured": captured.captured,
    "/captured/{captured:int}/frame": captured.frame,
    "/operations": operating.overview,
    "/operations/settings": operating.settings,
    "/operations/dead-letters": operating.dead_letters,
    "/operations/dead-letters/{letter}": operating.dead_letter,
    "/operations/suppressions": operating.suppressions,
    "/live": living.listen,
    "/live/counters": living.counters,
}
POST: dict[str, Page] = {
    "/compose": customers.compose_anywhere,
    "/customers/{customer}/compose": customers.compose,
    "/unmatched/{incoming}": lists.settle_unmatched,
    "/queues/take": lists.take_oldest,
    "/hand-on": lists.hand_on,
    "/interactions/{number}/reply": conversations.reply,
    "/interactions/{number}/note": conversations.note,
    "/interactions/{number}/transfer": conversations.transfer,
    "/interactions/{number}/take": conversations.take,
    "/interactions/{number}/close": conversations.close,
    "/interactions/{number}/wrap-up": conversations.wrap_up,
    "/interactions/{number}/skip-reminder": conversations.skip_reminder,
    "/interactions/{number}/undo": conversations.undo,
    "/interactions/{number}/resolve": conversations.resolve,
    "/drafts/plain": writing.plain,
    "/drafts/{draft}": composing.act,
    "/drafts/{draft}/autosave": composing.act,
    "/drafts/{draft}/files": enclosing.receive,
    "/drafts/{draft}/templates": inserting.insert,
    "/me": mine.keep,
    "/me/presence": team.presence,
    "/team/{principal}": team.change,
    "/drafts/{draft}/confirm": composing.confirm,
    "/drafts/{draft}/seen": composing.read,
    "/drafts/{draft}/anew": composing.anew,
    "/drafts/{draft}/take-over": composing.take_over,
    "/drafts/{draft}/restore": comparing.restore,
    "/captured/{captured:int}/answer": captured.answer,
    "/clock": captured.move_clock,
    "/operations/pause": operating.pause,
    "/operations/resume": operating.resume,
    "/operations/dead-letters/{letter}": operating.settle_dead_letter,
    "/operations/suppressions": operating.settle_suppression,
}


def furnish(app: FastAPI) -> None:
    """Put the pages beside the API, over the same door."""
    door = app.state.door
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    templates.filters.update(words.FILTERS)
    templates.globals["formatted"] = (HERE / "static" / "editor.js").exists()  # built, or plain words it is
    desk = Desk(door, templates, Throttle(door.deps.monotonic))
    app.state.page = partial(trouble, desk)
    app.router.routes += [
        Route("/sign-in", partial(signing_in.ask, desk), methods=["GET"]),
        Route("/sign-in", partial(signing_in.sign_in, desk), methods=["POST"]),
        Route("/sign-in/provider", partial(signing_in.to_provider, desk), methods=["GET"]),
        Route("/sign-in/provider/back", partial(signing_in.from_provider, desk), methods=["GET"]),
        Route("/sign-out", partial(signing_in.sign_out, desk), methods=["POST"]),
        *[route(desk, path, page) for path, page in GET.items()],
        *[route(desk, path, page, "POST") for path, page in POST.items()],
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ]
