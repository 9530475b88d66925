"""PURE. For whom this post room takes mail. Whatever is taken ends here: nothing is ever passed on to another server."""

from __future__ import annotations

from models import addresses, tokens
from models.settings import Settings

POSTMASTER = "postmaster"  # RFC 5321 4.5.1: always


class Admission:
    """The addresses of this post room, as its settings name them."""

    def __init__(self, settings: Settings) -> None:
        named = [addresses.key(each) for each in (*(own.address for own in settings.senders), *settings.inbound_also)]
        self._keys = settings.keys
        self._keep_unknown = settings.inbound_unknown == "keep"
        self._mail_domain = addresses.key(settings.mail_domain)
        self._addresses = frozenset(named)
        self._whole_domains = frozenset(name[1:] for name in named if name.startswith("@"))
        self._domains = self._whole_domains | {self._mail_domain, *(name.partition("@")[2] for name in named)}

    def refusal(self, address: str) -> str | None:
        """The answer to a recipient that is not ours; None for one that is."""
        local, _, domain = addresses.key(address).rpartition("@")
        if domain not in self._domains and address.lower() != POSTMASTER:
            return "550 5.7.1 This domain is not ours, and nothing is passed on"
        if self._keep_unknown or self._known(local, domain):
            return None
        return "550 5.1.1 There is no such address here"

    def is_token(self, address: str) -> bool:
        """Whether it is a signed address of ours (R17)."""
        return tokens.verify(address.partition("@")[0], self._keys) is not None

    def _known(self, local: str, domain: str) -> bool:
        if domain in self._whole_domains or POSTMASTER in (local, domain):
            return True
        named = {f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"}
        return not named.isdisjoint(self._addresses) or (domain == self._mail_domain and self.is_token(local))
