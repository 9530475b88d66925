"""The DKIM keys of the house: their DNS records to copy, and whether the world finds the same there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from cli.errors import Failed
from cli.findings import Finding
from cli.pages import say
from cli.surroundings import Surroundings
from models.errors import Misconfigured

if TYPE_CHECKING:
    from workers.seals import Seal

PATIENCE = 3.0
_STRING = 250  # a string of a TXT record holds 255 octets; the strings are read as one
Lookup = Callable[[str], list[str]]


def show(where: Surroundings, as_json: bool) -> None:
    """Raises `Misconfigured` for a key that cannot be used, `Failed` where there is none."""
    from workers.seals import read_seals

    seals = read_seals(where.settings).every
    if not seals:
        raise Failed(
            "There are no DKIM keys: POSTROOM_DKIM_KEYS=domain:selector:/path/to/key.pem, or let the relay sign."
        )
    console = Console()
    if as_json:
        rows = [{"domain": each.domain, "name": each.name, "type": "TXT", "value": each.record} for each in seals]
        return say(rows, "", True, console)
    for each in seals:
        strings = " ".join(f'"{each.record[at : at + _STRING]}"' for at in range(0, len(each.record), _STRING))
        console.print(f"{each.name}. IN TXT ( {strings} )", soft_wrap=True, markup=False, highlight=False)
    return None


def findings(where: Surroundings, lookup: Lookup | None = None) -> Iterator[Finding]:
    """What is to be said of each key; never raises."""
    from workers.seals import open_seal, read_seals

    settings = where.settings
    if not settings.dkim:
        yield Finding("DKIM", "ok", "no keys here: the relay signs")
        return
    for key in settings.dkim:
        try:
            yield from _of(open_seal(*key), lookup or txt)
        except Misconfigured as error:
            yield Finding("DKIM", "wrong", str(error))
            return
    try:
        read_seals(settings)
    except Misconfigured as error:
        yield Finding("DKIM", "wrong", str(error))


def txt(name: str) -> list[str]:
    """The TXT records of a name; none where it does not exist. Raises `LookupError` where nobody answers."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=PATIENCE)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError) as error:
        raise LookupError(str(error)) from None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _of(seal: Seal, lookup: Lookup) -> Iterator[Finding]:
    from workers.seals import WEAK_BITS

    what = f"DKIM {seal.domain}"
    if seal.exposed:
        yield Finding(what, "note", f"others on this machine can read {seal.path}", f"chmod 600 {seal.path}")
    if seal.bits < WEAK_BITS:
        yield Finding(what, "note", f"{seal.selector}: {seal.bits} bits", f"make a new key: openssl genrsa {WEAK_BITS}")
    yield _published(what, seal, lookup)


def _published(what: str, seal: Seal, lookup: Lookup) -> Finding:
    try:
        found = lookup(seal.name)
    except LookupError as error:
        return Finding(what, "note", f"{seal.name}: no answer from DNS ({error})", "`postroom dkim` shows the record")
    if not found:
        return Finding(what, "wrong", f"{seal.name} is not in DNS", "publish what `postroom dkim` shows")
    if seal.public not in "".join("".join(found).split()):
        return Finding(what, "wrong", f"{seal.name} holds another key", "publish what `postroom dkim` shows")
    return Finding(what, "ok", f"{seal.name}, {seal.bits} bits")
