"""PURE. What counts as a mail address, and when two are the same; refuses to look anything up."""

from __future__ import annotations

from contextlib import suppress

from email_validator import EmailNotValidError, validate_email

NULL_SENDER = "<>"  # whom nobody may answer: of bounces, and of programs that answer by themselves (RFC 5321, 4.5.5)


def key(address: str) -> str:
    """The form under which an address is found again: lower case, domain in its ASCII form where it has one."""
    local, at, domain = address.strip().rpartition("@")
    with suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    return f"{local}{at}{domain}".lower()


def problem(address: str) -> str | None:
    """Why no mail can be addressed like this, as a sentence; None for a valid address (R11)."""
    try:
        validate_email(address, check_deliverability=False, test_environment=True, allow_smtputf8=True)
    except EmailNotValidError as error:
        return str(error)
    return None


def domain_of(address: str) -> str:
    return key(address).rpartition("@")[2]
