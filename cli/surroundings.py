"""Where a command runs: the environment as it was handed in, and the settings read from it when they are first needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.settings import Settings

URL, TOKEN = "POSTROOM_URL", "POSTROOM_TOKEN"
OF_THE_COMMAND_LINE = (URL, TOKEN)  # no settings of the product


@dataclass(frozen=True)
class Surroundings:
    """``environment`` is what the process was started with; nothing else is ever looked up."""

    environment: Mapping[str, str]

    @cached_property
    def settings(self) -> Settings:
        """Raises `Misconfigured`."""
        from models.settings import from_mapping

        ours = {name: value for name, value in self.environment.items() if name not in OF_THE_COMMAND_LINE}
        return from_mapping(ours)

    @property
    def url(self) -> str | None:
        """Where the HTTP API was said to be."""
        return self.environment.get(URL) or None

    @property
    def token(self) -> str | None:
        return self.environment.get(TOKEN) or None
