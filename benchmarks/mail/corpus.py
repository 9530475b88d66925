"""The collections of a corpus folder, with their truth; refuses to go on without one of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class Missing(Exception):
    """A collection is not where it was said to be."""


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    raw: bytes
    truth: Any


def reports(corpus: Path) -> list[Sample]:
    """Truth: class, and per recipient status, SMTP code, permanent or not."""
    return _with_expected(corpus / "reports")


def bounced_addresses(corpus: Path) -> list[Sample]:
    """Truth: the addresses that failed permanently and temporarily."""
    return _with_expected(corpus / "bounced_addresses")


def replies(corpus: Path) -> list[Sample]:
    """Truth: what the person wrote; each is a bare text, wrapped in the plainest headers a person's mail has."""
    folder = corpus / "replies"
    return [Sample(path.name, _wrapped(path), _reply(folder / "reply" / path.name)) for path in _mails(folder)]


def _with_expected(folder: Path) -> list[Sample]:
    mails = list(_mails(folder))
    listed = folder / "expected.json"
    if not listed.is_file():
        raise Missing(f"{listed} is not there: it says what each mail of {folder.name}/mails is.")
    expected = json.loads(listed.read_text(encoding="utf-8"))
    return [Sample(path.name, path.read_bytes(), expected[path.name]) for path in mails if path.name in expected]


def _mails(folder: Path) -> Iterator[Path]:
    found = sorted((folder / "mails").glob("*")) if (folder / "mails").is_dir() else []
    if not found:
        raise Missing(f"{folder}/mails is not there or is empty.")
    yield from found


def _wrapped(path: Path) -> bytes:
    head = "From: Someone <someone@them.example>\nTo: care@us.example\nSubject: Re: your order\n"
    head += "Message-ID: <1@them.example>\nIn-Reply-To: <2@us.example>\nMIME-Version: 1.0\n"
    head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    return head.encode() + path.read_bytes()


def _reply(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("\r\n", "\n").strip() if path.is_file() else ""
