"""The HTTP door: takes wishes in, shows what is true. It decides nothing."""

from producers.api.app import create_app
from producers.api.deps import Deps
from producers.api.server import HttpServer

__all__ = ["Deps", "HttpServer", "create_app"]
