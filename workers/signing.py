"""One DKIM signature (RFC 6376) over finished bytes: which headers it covers, and as of when; refuses to know where keys are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import dkim

# Signed once more than they are there, so that nobody adds a second one; absent ones are signed as absent.
_OVERSIGNED = (b"from", b"reply-to", b"to", b"cc", b"subject")
# What RFC 6376, 5.4.1 names, but not Date, and not Message-ID: relays such as Amazon SES write their own and ask not to sign
# them ("Manual DKIM signing in Amazon SES"); how old the letter is says the signature's own ``t=``.
_SIGNED = (
    *_OVERSIGNED, b"in-reply-to", b"references", b"list-unsubscribe", b"list-unsubscribe-post",
    b"auto-submitted", b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip


def signature(raw: bytes, at: datetime, selector: str, domain: str, pem: bytes) -> bytes:
    """The header line to put before ``raw``; the same letter under the same key is the same bytes."""
    signer = _AsOf(raw)
    signer.at = at
    there = Counter(name.lower() for name, _ in signer.headers)
    covered = [name for name in _SIGNED for _ in range(there[name])] + list(_OVERSIGNED)
    # Our bodies have nothing a server would mend (seven bits, short lines, no blanks at their ends), and relaxing
    # ten megabytes takes seconds.
    line: bytes = signer.sign(
        selector.encode(), domain.encode(), pem, canonicalize=(b"relaxed", b"simple"), include_headers=covered
    )
    return line


class _AsOf(dkim.DKIM):  # type: ignore[misc]
    """The library stamps with the machine's clock; here the signature is as old as the letter says."""

    at: datetime

    def gen_header(self, fields: list[tuple[bytes, bytes]], *rest: Any, **named: Any) -> bytes:
        stamp = str(int(self.at.timestamp())).encode()
        stamped = [(tag, stamp if tag == b"t" else value) for tag, value in fields]
        line: bytes = super().gen_header(stamped, *rest, **named)
        return line
