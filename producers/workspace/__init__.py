"""The agents' pages: show what is true and pass wishes on, through the same door as the API. They decide nothing."""

from producers.workspace.rooms import furnish

__all__ = ["furnish"]
