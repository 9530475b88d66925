"""The flow of every message, from the actor to the commit; each door of this package is safe to call twice."""

from workers.handlers.clockwork import fire
from workers.handlers.deciding import receive, resume
from workers.handlers.delivering import deliver
from workers.handlers.restoring import after_restore, end_leases
from workers.handlers.unsettled import bury

__all__ = ["after_restore", "bury", "deliver", "end_leases", "fire", "receive", "resume"]
