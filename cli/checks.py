"""One function per thing the product leans on: what was found there, and what to do where it is not as it should be.

A check never raises and changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from cli.assembly import clock_of, opened
from cli.door import Door
from cli.errors import Unreachable
from cli.findings import Finding, Verdict
from cli.folder import Folder, Holder
from cli.surroundings import Surroundings
from models.errors import Misconfigured, PostroomError, Rejected
from models.in_force import without_password
from models.settings import DEMO_KEY, Settings
from models.wakes import Queue

EDITOR = Path(__file__).resolve().parents[1] / "producers" / "workspace" / "static" / "editor.js"
LATE = timedelta(minutes=1)
PATIENCE = 3.0
MESSAGE_ID_LIMIT = 60


Check = Callable[[Surroundings], Iterator[Finding]]


def secrets(where: Surroundings) -> Iterator[Finding]:
    settings = where.settings
    if settings.token_keys == DEMO_KEY:
        advice = "before real customers: POSTROOM_TOKEN_KEYS=k1:$(openssl rand -hex 32)"
        yield Finding("reply keys", "note", "the demo key", advice)
    else:
        yield Finding("reply keys", "ok", f"{len(settings.keys)} in force")
    if settings.clock_file is not None:
        yield Finding("clock", "note", f"time is moved by {settings.clock_file}", "never with real customers")


def mail_names(where: Surroundings) -> Iterator[Finding]:
    """Some programs cut or refold Message-IDs of sixty characters and more."""
    from models.tokens import sign

    settings = where.settings
    length = len(f"<{sign('mail', 'ml_' + 16 * 'a', settings.keys)}@{settings.mail_domain}>")
    if length < MESSAGE_ID_LIMIT:
        yield Finding("Message-IDs", "ok", f"{length} characters")
    else:
        yield Finding(
            "Message-IDs", "note", f"{length} characters", "a shorter POSTROOM_MAIL_DOMAIN threads more reliably"
        )


def folder(where: Surroundings) -> Iterator[Finding]:
    if not where.settings.embedded:
        return
    path = Folder(where.settings.data_dir)
    holder = path.holder()
    if holder is not None:
        yield Finding("data folder", "ok", f"{path.path}, held by process {holder.pid} at {holder.url or 'start'}")
    elif path.path.exists():
        yield Finding("data folder", "ok", f"{path.path}, nobody runs over it")
    else:
        yield Finding("data folder", "note", f"{path.path} is not there yet", "the first `postroom run` makes it")


def database(where: Surroundings) -> Iterator[Finding]:
    """Whether it answers, and what its rows say of the rest of the house."""
    from models.database import AWAY
    from models.migrate import pending

    try:
        with opened(where.settings) as store:
            waiting = pending(store)
            yield Finding("database", "ok", without_password(where.settings.database))
            if waiting:
                yield Finding("schema", "wrong", f"pending: {', '.join(waiting)}", "run `postroom migrate`")
                return
            yield Finding("schema", "ok", "of this release")
    except Unreachable as error:
        yield Finding("database", "note", str(error))
    except AWAY as error:
        words = str(error).strip().splitlines()[0]
        yield Finding("database", "wrong", words, "is the server running, and is POSTROOM_DATABASE_URL right?")


def rows(where: Surroundings) -> Iterator[Finding]:
    """Signs in the rows that some part of the house does not do its work; nothing where there are none to look at."""
    from models.database import AWAY
    from models.migrate import pending

    try:
        with opened(where.settings) as store:
            if not pending(store):
                yield from _signs(where.settings)
    except (Unreachable, *AWAY):
        return


def broker(where: Surroundings) -> Iterator[Finding]:
    from producers.publisher import trouble_at

    if where.settings.embedded:
        yield Finding("broker", "ok", "in memory")
    elif trouble := trouble_at(where.settings.broker_url):
        yield Finding("broker", "wrong", trouble, "is RabbitMQ running, and is POSTROOM_BROKER_URL right?")
    else:
        yield Finding("broker", "ok", without_password(where.settings.broker_url))


def queues(where: Surroundings) -> Iterator[Finding]:
    """Whether each queue has somebody to work on it."""
    from producers.publisher import QueueDepths

    if where.settings.embedded:
        return
    depths = QueueDepths(where.settings.broker_url)
    for queue in Queue:
        depth = depths(queue)
        start = f"start `postroom worker --queues {queue.value}`"
        if depth is None:
            yield Finding(f"queue {queue.value}", "wrong", "was never declared", start)
        elif depth.consumers == 0:
            yield Finding(f"queue {queue.value}", "wrong", f"{depth.ready} ready and nobody to take them", start)
        else:
            yield Finding(f"queue {queue.value}", "ok", f"{depth.ready} ready, {depth.consumers} consumers")
    depths.close()


def mail_server(where: Surroundings) -> Iterator[Finding]:
    """Connects, secures and logs in as a delivery would; sends nothing."""
    from workers.line import Unopened, dial
    from workers.route import Route

    settings = where.settings
    if not settings.smtp_url and settings.embedded:
        yield Finding("mail out", "ok", "the built-in sink: no mail leaves this machine")
        return
    try:
        route = Route.of(settings)
        line = dial(route, settings.model_copy(update={"smtp_timeout_seconds": PATIENCE}))
    except Misconfigured as error:
        yield Finding("mail out", "wrong", str(error))
        return
    except Unopened as error:
        words = f"{error} It said: {error.reply.code} {error.reply.text}" if error.reply else str(error)
        yield Finding("mail out", "wrong", words, "check POSTROOM_SMTP_URL")
        return
    if route.shown_to_the_network:
        words = f"{line.server}, in the clear: everybody on the way can read the mail"
        yield Finding("mail out", "note", words, "use smtp+starttls:// or smtps:// unless that network is trusted")
    else:
        yield Finding("mail out", "ok", line.server)
    line.leave()


def dkim(where: Surroundings) -> Iterator[Finding]:
    """Whether the keys can be used, and whether receivers find their other halves in DNS."""
    from cli import sealing

    yield from sealing.findings(where)


def mailroom(where: Surroundings) -> Iterator[Finding]:
    settings = where.settings
    holder = _holder(where)
    port = holder.inbound_port if holder and holder.inbound_port else settings.inbound_port
    place = (_reachable_host(settings.inbound_host), port)
    try:
        with socket.create_connection(place, PATIENCE) as connection:
            connection.settimeout(PATIENCE)
            greeting = connection.recv(200).decode("ascii", "replace").strip()
    except OSError as error:
        yield Finding(
            "mail in", "note", f"nobody listens at {place[0]}:{place[1]} ({error})", "start it, or look there"
        )
        return
    verdict: Verdict = "ok" if greeting.startswith("220") else "wrong"
    yield Finding("mail in", verdict, f"{place[0]}:{place[1]}: {greeting}")


def mailbox(where: Surroundings) -> Iterator[Finding]:
    """Connects, secures, logs in and looks into the folder, as the mailroom would; changes nothing there."""
    settings = where.settings
    if not settings.imap_url:
        return
    from imapclient.exceptions import IMAPClientError

    from producers.mailbox import LOST, Account, open_folder

    try:
        account = Account.of(settings)
        folder = open_folder(account, read_only=True)
    except (*LOST, IMAPClientError, PostroomError) as error:
        yield Finding("mailbox", "wrong", f"{without_password(settings.imap_url)}: {error}", "check POSTROOM_IMAP_…")
        return
    yield Finding("mailbox", "ok", f"{account.name}, {folder.count} mails")
    folder.leave()


def api(where: Surroundings) -> Iterator[Finding]:
    url = where.url or _own_url(where)
    try:
        ready = Door(url).get("/readyz")
        yield Finding("HTTP API", "ok", f"{url}, queues {ready['publisher']}")
    except Unreachable as error:
        verdict: Verdict = "wrong" if where.url else "note"
        yield Finding("HTTP API", verdict, str(error))
    except (Rejected, PostroomError) as error:
        yield Finding("HTTP API", "wrong", f"{url}: {error}")


def editor(where: Surroundings) -> Iterator[Finding]:
    """Of formatted letters; the workspace works without it."""
    if EDITOR.exists():
        yield Finding("editor", "ok", "letters may be formatted")
    else:
        yield Finding(
            "editor", "note", "letters are plain words only", "with npm's registry in reach: `make run` builds it"
        )


CHECKS: tuple[Check, ...] = (
    secrets, mail_names, folder, database, rows, broker, queues, mail_server, dkim, mailroom, mailbox, api, editor,
)  # fmt: skip


def _signs(settings: Settings) -> Iterator[Finding]:
    from cli.coming_in import mail_that_comes_in
    from models import tables as t
    from models.queries import waiting as not_away

    late = clock_of(settings).now() - LATE
    waiting = t.Command.select().where(t.Command.state == "accepted", t.Command.accepted_at < late).count()
    if waiting:
        words = f"{waiting} accepted commands wait for more than a minute"
        yield Finding("commands", "wrong", words, "are a worker on `commands` and a sweeper running?")
    else:
        yield Finding("commands", "ok", "none waits")
    if not t.BearerToken.select().where(t.BearerToken.revoked_at.is_null()).exists():
        yield Finding("tokens", "note", "there are none", "postroom token create NAME --role agent")
    for pause in t.Pause.select():
        words = f"paused for {pause.domain}: {pause.reason}"
        yield Finding("sending", "note", words, f"postroom publish resume_sending domain='{pause.domain}'")
    for each in not_away.mail(clock_of(settings).now()):
        yield Finding("deliveries", "note", each.words, each.advice)
    yield from mail_that_comes_in(settings, clock_of(settings).now())
    letters = t.DeadLetter.select().where(t.DeadLetter.replayed_at.is_null()).count()
    if letters:
        yield Finding("dead letters", "note", str(letters), "`postroom dead list` shows them")


def _own_url(where: Surroundings) -> str:
    holder = _holder(where)
    if holder is not None and holder.url:
        return holder.url
    return f"http://{_reachable_host(where.settings.http_host)}:{where.settings.http_port}"


def _holder(where: Surroundings) -> Holder | None:
    return Folder(where.settings.data_dir).holder() if where.settings.embedded else None


def _reachable_host(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
