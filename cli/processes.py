"""The processes of the production shape, one function each: they open their own rows and queues and run until a signal."""

from __future__ import annotations
