"""The page of the states: diagram and table from the one table of the code."""

from __future__ import annotations

from docs.writers.markdown import code, table, whole
from models.lifecycle import TABLE, Decision, Move, Refuse, State, diagram

_INTRO = """
What happens to an interaction in a state is one table in `models/lifecycle.py`; this page is made from it. Closed states
absorb: nothing changes them. No open interaction waits for ever: each has a running clock or a named owner.
"""
_READ = """
**→** the interaction goes there; **stays** it happens and the state remains; a code is a rejection for whoever asked;
**–** noted at most, without effect on the state. When clocks fall due is in [rules.md](../rules.md#clocks).
"""


def page() -> str:
    heads = ("What happens", *(state.label for state in State))
    rows = [(code(happening.value), *(_cell(state, row[state]) for state in State)) for happening, row in TABLE.items()]
    picture = "![The states of an interaction](../pictures/states.svg)"
    mermaid = f"The same as text:\n\n```mermaid\n{diagram()}```"
    return whole("States", _INTRO, picture, mermaid, "## Every happening in every state", _READ, table(heads, rows))


def _cell(state: State, decision: Decision) -> str:
    if isinstance(decision, Refuse):
        return code(decision.code)
    if isinstance(decision, Move):
        return "stays" if decision.to is state else f"→ {decision.to.label}"
    return "–"
