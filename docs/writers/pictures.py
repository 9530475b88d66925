"""Two pictures: the states with every move the table knows, and the processes with what flows between them.

Places are chosen by hand; a state, a move or a queue that has no place here stops the generator.
"""

from __future__ import annotations

from docs.writers.svg import Point, Sheet
from models.lifecycle import CLOSED, TABLE, Move, State
from models.wakes import COMMAND_EXCHANGE, DEAD_QUEUE, EVENT_EXCHANGE, Queue

_STATE = (170, 46)
_AT: dict[State, Point] = {
    State.WORK_IN_PROGRESS: (270, 110),
    State.ON_HOLD: (790, 110),
    State.WRAP_UP: (530, 300),
    State.CLOSED_ABANDONED: (270, 470),
    State.CLOSED_COMPLETE: (790, 470),
}
_W, _H, _U, _A, _C = _AT
# from, to -> the line, where its words stand, and on which side of that place
_MOVES: dict[tuple[State, State], tuple[Point, Point, Point, str]] = {
    (_W, _H): ((355, 98), (705, 98), (530, 88), "middle"),
    (_H, _W): ((705, 124), (355, 124), (530, 142), "middle"),
    (_W, _U): ((300, 133), (470, 277), (368, 220), "end"),
    (_U, _W): ((510, 277), (340, 133), (452, 208), "start"),
    (_H, _U): ((750, 133), (590, 277), (690, 216), "start"),
    (_W, _A): ((250, 133), (250, 447), (240, 282), "end"),
    (_H, _C): ((810, 133), (810, 447), (820, 300), "start"),
    (_U, _C): ((570, 323), (730, 447), (630, 400), "end"),
}


def states() -> str:
    sheet = Sheet(960, 530, "The states of an interaction and what moves it between them")
    sheet.dot((110, 110))
    sheet.arrow((117, 110), (185, 110))
    sheet.label((150, 100), "compose")
    for state in State:
        sheet.box(_AT[state], _STATE, [state.label], "closed" if state in CLOSED else "open")
    for (before, after), names in _moves().items():
        start, end, words, anchor = _MOVES[before, after]
        sheet.arrow(start, end)
        sheet.label(words, *_lines(names), anchor=anchor)
    return sheet.text()


def _moves() -> dict[tuple[State, State], list[str]]:
    found: dict[tuple[State, State], list[str]] = {}
    for happening, row in TABLE.items():
        for state, decision in row.items():
            if isinstance(decision, Move) and decision.to is not state:
                found.setdefault((state, decision.to), []).append(happening.value)
    return found


def _lines(names: list[str]) -> list[str]:
    return [", ".join(names)] if sum(map(len, names)) < 34 and len(names) > 2 else names


_DOOR = (190, 62)
_QUEUE_AT = {Queue.COMMANDS: 250, Queue.INBOUND: 320, Queue.DELIVERY: 390, Queue.CLOCKS: 460}
_POOL_LINE = {
    Queue.COMMANDS: "decides",
    Queue.INBOUND: "understands mail",
    Queue.DELIVERY: "sends mail",
    Queue.CLOCKS: "lets clocks strike",
}


def process() -> str:
    sheet = Sheet(1130, 800, "Who runs, and what flows between them")
    _people(sheet)
    _doors(sheet)
    _broker(sheet)
    _workers(sheet)
    _rows(sheet)
    return sheet.text()


def _people(sheet: Sheet) -> None:
    for x, lines in {
        130: ["Agents, scripts"],
        560: ["Upstream systems", "any language"],
        770: ["Other systems"],
    }.items():
        sheet.box((x, 45), (190, 46), lines, "out")
    sheet.box((990, 45), (190, 46), ["Customers", "through mail servers"], "out")


def _doors(sheet: Sheet) -> None:
    sheet.area(20, 100, 220, 560, "producers ask")
    doors = {
        160: ["postroom publish", "command line", "HTTP or AMQP"],
        260: ["api", "HTTP, live changes", ":8025"],
        370: ["mailroom", "SMTP or LMTP in", ":8026"],
        480: ["sweeper", "overdue promises again"],
        600: ["announcer", "in the sweeper process"],
    }
    for y, lines in doors.items():
        sheet.box((130, y), _DOOR, lines, "open")
    sheet.arrow((130, 68), (130, 129))
    sheet.arrow((130, 191), (130, 229))
    sheet.arrow((990, 68), (990, 84), (275, 84), (275, 385), (225, 385))
    sheet.label((283, 104), "mail in", anchor="start")


def _broker(sheet: Sheet) -> None:
    sheet.area(330, 100, 440, 560, "RabbitMQ: the alarm bell")
    sheet.box((560, 165), (300, 48), [COMMAND_EXCHANGE, "topic exchange · command.<type>"], "out")
    sheet.arrow((560, 68), (560, 141))
    sheet.arrow((225, 160), (410, 160))
    for queue in Queue:
        sheet.box((620, _QUEUE_AT[queue]), (200, 44), [queue.wire_name, "quorum queue"], "work")
        sheet.arrow((440, 355), (440, _QUEUE_AT[queue]), (520, _QUEUE_AT[queue]))
    for y in (260, 355, 480):
        sheet.arrow((225, y), (300, y), (300, 355), (440, 355))
    sheet.label((345, 346), "wake-ups", anchor="start")
    sheet.arrow((600, 189), (600, 228))
    sheet.arrow((490, 189), (490, 312), (520, 312))
    sheet.box((620, 540), (200, 44), ["durable delays", "28 levels, 1 s to 8.5 years"], "out")
    sheet.arrow((620, 518), (620, 482))
    sheet.box((420, 540), (150, 44), [DEAD_QUEUE, "becomes a row"], "closed")
    sheet.box((560, 615), (300, 48), [EVENT_EXCHANGE, "topic exchange · event.# · decision.#"], "out")
    sheet.arrow((225, 600), (290, 600), (290, 615), (410, 615))
    sheet.arrow((710, 615), (745, 615), (745, 68))


def _workers(sheet: Sheet) -> None:
    sheet.area(860, 200, 240, 330, "workers act")
    for queue in Queue:
        y = _QUEUE_AT[queue] + 10
        sheet.box((980, y), (200, 50), [f"worker · {queue.value}", _POOL_LINE[queue]], "open")
        sheet.arrow((720, _QUEUE_AT[queue]), (880, y))
    at = _QUEUE_AT[Queue.DELIVERY] + 10
    sheet.arrow((1080, at), (1108, at), (1108, 45), (1085, 45))
    sheet.label((1100, 150), "mail out (SMTP)", anchor="end")
    sheet.arrow((900, 530), (900, 545), (720, 545))
    sheet.label((780, 562), "wake me later", anchor="start")


def _rows(sheet: Sheet) -> None:
    sheet.area(20, 690, 1080, 95, "models say what is true")
    lines = [
        "PostgreSQL: the rows are the promises",
        "commands · interactions · drafts · mails · deliveries · clocks · events",
    ]
    sheet.box((560, 740), (640, 56), lines, "rows")
    sheet.arrow((130, 660), (130, 740), (240, 740))
    sheet.arrow((980, 530), (980, 740), (880, 740))
    sheet.label((142, 680), "accepted commands, raw mail", anchor="start")
    sheet.label((972, 680), "lock, decide, commit; then wake what follows", anchor="end")
