"""What the command line shows to people: tables made of what was read. Computes nothing but how long it is until then."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from models.deliveries import RETRYABLE

SHOWN = ("state", "owner", "queue", "unread", "attention", "wrap_up_code", "subject")  # what the rest is made of
PIPED = 200  # columns where nobody says how wide the screen is
STATE_COLOURS = {"work_in_progress": "yellow", "on_hold": "cyan", "wrap_up": "magenta"}


def say(value: Any, page: RenderableType, as_json: bool, console: Console) -> None:
    """The value itself for programs, the page for people; what goes on to `grep` is not folded to a screen."""
    if as_json:
        console.file.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
        return
    if not console.is_terminal:
        console.width = max(console.width, PIPED)
    console.print(page)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for head in heads:
        made.add_column(head, overflow="fold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(_cell(cell)) for cell in row))
    return made


def interaction(found: dict[str, Any], events: list[dict[str, Any]], now: datetime) -> RenderableType:
    """One interaction: state, clocks with the time each is due and why, mails, drafts, history."""
    parts: list[RenderableType] = [_head(found), _clocks(found, now)]
    if found["reminder"]:
        parts.append(_reminder(found["reminder"]))
    if found["drafts"]:
        parts.append(_drafts(found))
    if found["mails"]:
        parts.append(_mails(found))
    if found["incoming"]:
        parts.append(_incoming(found))
    parts.append(history(events))
    return Group(*(part for each in parts for part in (each, "")))


def history(events: list[dict[str, Any]]) -> Table:
    rows = [(e["seq"], instant(e["at"]), e["type"], e["actor"], e["why"], _changes(e["changes"])) for e in events]
    return table("History", ("#", "at (UTC)", "what", "who", "why", "changes"), rows)


def because(found: dict[str, Any]) -> RenderableType:
    """The chain of causes of one field, the direct one last."""
    field, chain = found["field"], found["chain"]
    head = Text.assemble(f"{found['interaction']}: {field} is ", (_cell(found["value"]), "bold"))
    rows = [
        (e["seq"], instant(e["at"]), _change(e["changes"][field]), e["why"], e["actor"], f"{e['cause']} {e['cause_id'] or ''}")
        for e in chain
    ]  # fmt: skip
    return Group(head, table("", ("#", "at (UTC)", "change", "why", "who", "cause"), rows))


def until(at: datetime, now: datetime) -> str:
    """How far off an instant is, in the two largest units."""
    distance = at - now
    words = _span(abs(distance))
    return f"in {words}" if distance >= timedelta(0) else f"{words} ago"


def _head(found: dict[str, Any]) -> Panel:
    who, colour = found["customer"], STATE_COLOURS.get(found["state"], "green")
    lines = Text.assemble(
        (found["state_label"], f"bold {colour}"), f" · {found['direction']} · {found['subject'] or 'no subject yet'}\n",
        "customer ", (who["name"] or who["id"], "bold"), f" ({who['kind']} {who['id']})\n",
        "owner ", (found["owner"] or f"nobody, queue {found['queue'] or '-'}", "bold"),
        f" · unread {found['unread']}",
    )  # fmt: skip
    if found["attention"]:
        lines.append(f"\nthe owner must look: {found['attention']}", "bold red")
    if found["wrap_up_code"]:
        lines.append(f"\nclosed with: {found['wrap_up_code']}")
    return Panel(lines, title=found["number"], title_align="left", expand=False)


def _clocks(found: dict[str, Any], now: datetime) -> RenderableType:
    rows = [
        (clock["kind"], instant(clock["due_at"]), until(datetime.fromisoformat(clock["due_at"]), now), clock["why"])
        for clock in found["clocks"]
    ]
    return table("Clocks", ("clock", "due (UTC)", "that is", "why"), rows) if rows else Text("No clock is running.")


def _reminder(next_one: dict[str, Any]) -> RenderableType:
    """The next reminder as it would leave."""
    rows = [
        ("when", f"{instant(next_one['due_at'])} UTC; {next_one['why']}"), ("to", ", ".join(next_one["to"])),
        *(("held", sentence) for sentence in next_one["held"]), *(("left out", who) for who in next_one["left_out"]),
        ("subject", next_one["subject"]), ("text", next_one["text"].strip()),
    ]  # fmt: skip
    return table(
        f"Next reminder ({next_one['step']} of {next_one['of']}, template {next_one['template']})", ("", ""), rows
    )


def _drafts(found: dict[str, Any]) -> Table:
    rows = [(d["id"], d["author"], d["state"], d["revision"], instant(d["touched_at"])) for d in found["drafts"]]
    return table("Drafts", ("draft", "author", "state", "revision", "touched (UTC)"), rows)


def _mails(found: dict[str, Any]) -> Table:
    rows = [
        (m["id"], m["kind"], m["state"], d["role"], d["address"], d["state"], _said(d))
        for m in found["mails"] for d in m["deliveries"]
    ]  # fmt: skip
    return table("Mails", ("mail", "kind", "state", "", "recipient", "delivery", "the server said"), rows)


def _said(delivery: dict[str, Any]) -> str:
    words = f"{delivery['reply_code'] or ''} {delivery['reply_text'] or ''}".strip()
    if delivery["held"] and delivery["state"] in RETRYABLE:
        until_then = f"(held back for {delivery['held']} until {instant(delivery['next_at'])} UTC)"
        return f"{words} {until_then}".strip()
    return words


def _incoming(found: dict[str, Any]) -> Table:
    rows = [(i["id"], i["kind"], i["from_address"], instant(i["received_at"]), i["subject"]) for i in found["incoming"]]
    return table("Mails in", ("mail", "kind", "from", "received (UTC)", "subject"), rows)


def instant(text: str | None) -> str:
    """For a column whose head says UTC."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S") if text else "-"


def _changes(changes: dict[str, Any] | None) -> str:
    shown = {name: pair for name, pair in (changes or {}).items() if name in SHOWN}
    return ", ".join(f"{name} {_change(pair)}" for name, pair in shown.items())


def _change(pair: list[Any]) -> str:
    return f"{_cell(pair[0])} → {_cell(pair[1])}"


def _cell(value: object) -> str:
    """What customers wrote must not steer the terminal."""
    shown = "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in str(value))
    return "-" if value is None or shown == "" else shown


def _span(distance: timedelta) -> str:
    minutes, seconds = divmod(int(distance.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    shown = [f"{count} {unit}" for count, unit in units if count][:2]
    return " ".join(shown) or "0 s"
