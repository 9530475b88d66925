"""PURE. Who may ask for what (R2). Refuses to know how somebody proved who they are."""

from __future__ import annotations

from dataclasses import dataclass

from models.errors import Rejected

OPERATORS = frozenset({"manager", "admin"})
AGENTS = OPERATORS | {"agent"}
FEEDERS = OPERATORS | {"service"}
_ADMIN = frozenset({"admin"})

# Everything not named here is an agent's work.
ALLOWED: dict[str, frozenset[str]] = {
    "receive_mail": FEEDERS,
    "upsert_customer": FEEDERS | AGENTS,
    "suppress_address": FEEDERS,
    "unsubscribe": FEEDERS | {"recipient"},
    "lift_suppression": OPERATORS,
    "pause_sending": OPERATORS,
    "resume_sending": OPERATORS,
    "upsert_template": OPERATORS,
    "upsert_principal": _ADMIN,
    "erase_customer": _ADMIN,
    "deactivate_agent": OPERATORS,
    "release_work": OPERATORS | {"system"},
}


@dataclass(frozen=True, slots=True)
class Who:
    """A principal as the rights see it."""

    id: str
    role: str
    active: bool = True


RECIPIENT = "recipient"  # of a mail of ours: nobody known, but holding a link that we signed
BUILT_IN = {
    "mailroom": Who("mailroom", "service"), "console": Who("console", "admin"), "postroom": Who("postroom", "system"),
    RECIPIENT: Who(RECIPIENT, "recipient"),
}  # fmt: skip
BUILT_IN_DOORS = ("mail", "cli", "house", "link")


def actor(command_type: str, principal: Who | None, agent_name: str | None, agent: Who | None) -> Who:
    """The person (or service) whose act this is; raises `Rejected` ``forbidden`` with the reason.

    ``agent`` is the principal called ``agent_name``, if there is one.
    """
    if principal is None:
        raise _forbidden("The sender is no principal: map the broker user, or use a valid token.")
    if not principal.active:
        raise _forbidden(f"The principal {principal.id!r} is deactivated.")
    acting = _acting(principal, agent_name, agent)
    if acting.role not in ALLOWED.get(command_type, AGENTS):
        hint = "; a service names the agent it acts for" if acting.role == "service" else ""
        raise _forbidden(f"The role {acting.role!r} of {acting.id!r} does not allow {command_type!r}{hint}.")
    return acting


def _acting(principal: Who, agent_name: str | None, agent: Who | None) -> Who:
    if agent_name is None or agent_name == principal.id:
        return principal
    if principal.role != "service":
        raise _forbidden(f"Only a service acts for others; {principal.id!r} is {principal.role!r}.", field="agent")
    if agent is None or not agent.active or agent.role not in AGENTS:
        raise _forbidden(f"There is no active agent {agent_name!r} to act for.", field="agent")
    return agent


def _forbidden(sentence: str, field: str | None = None) -> Rejected:
    return Rejected("forbidden", sentence, field=field)
