"""Every way a mail server may behave, and what becomes of the mail then (R14): one row each, tried by `rules/test_servers.py`.

Refuses to hold a row that was not tried; `docs/reference/delivery.md` is written from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.scripted_smtp import DROP, SILENCE, DropInBody, Slow, Then

Script = Mapping[str, Any]
Fate = tuple[str, int | None]  # state of the delivery afterwards, and the code on record


@dataclass(frozen=True)
class Behaviour:
    """``begun`` counts bodies that began to arrive, ``connections`` those it took. One script for each connection."""

    server: str
    fates: tuple[Fate, ...]
    begun: int
    connections: int
    scripts: tuple[Script, ...] = ({},)
    tls: Literal["", "starttls", "smtps"] = ""
    certificate: Literal["good", "for another name", "expired", "of a stranger"] = "good"
    login: Literal["", "password", "token"] = ""
    recipients: tuple[str, ...] = ("customer@them.example",)
    before: int = 0  # mails that went over the same connection before

    @property
    def bodies(self) -> int:
        """Of this mail alone; each one before it left once."""
        return self.begun - self.before

    @property
    def silent(self) -> bool:
        return any(SILENCE in (step if isinstance(step, list) else [step]) for s in self.scripts for step in s.values())


def it(
    server: str, outcome: str, code: int | None, begun: int, connections: int, *scripts: Script, **more: Any
) -> Behaviour:
    return Behaviour(server, ((outcome, code),), begun, connections, scripts or ({},), **more)


def _ehlo(*offers: str) -> dict[str, str]:
    lines = ["mx.test", *offers]
    return {"EHLO": "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)}


_TLS, _PLAIN, _TOKEN = _ehlo("STARTTLS"), _ehlo("AUTH LOGIN PLAIN"), _ehlo("AUTH XOAUTH2")
_REASON = "334 eyJzdGF0dXMiOiI0MDEifQ=="  # {"status":"401"}

BEHAVIOURS: dict[str, tuple[Behaviour, ...]] = {
    "All goes well": (
        it("accepts", "accepted", 250, 1, 1),
        it("accepts with another 2xx at RCPT", "accepted", 250, 1, 1, {"RCPT": "251 will forward"}),
        it("takes its time to greet", "accepted", 250, 1, 1, {"GREETING": Slow("220 mx.test at last")}),
        it("accepts, then hangs up", "accepted", 250, 1, 1, {"DOT": Then("250 2.0.0 queued as 4XYZ")}),
        it("accepts, then says 421 to QUIT", "accepted", 250, 1, 1, {"QUIT": Then("421 too late")}),
        Behaviour(
            "accepts one recipient, refuses another, wants a third later",
            (("accepted", 250), ("refused", 550), ("deferred", 450)), 1, 1,
            ({"RCPT": ["250 ok", "550 5.1.1 no such user", "450 4.2.1 busy"]},),
            recipients=("a@them.example", "b@them.example", "c@them.example"),
        ),
    ),
    "Connecting": (
        it("hangs up instead of greeting", "deferred", None, 0, 1, {"GREETING": DROP}),
        it("never greets", "deferred", None, 0, 1, {"GREETING": SILENCE}),
        it("greets with 421", "deferred", 421, 0, 1, {"GREETING": Then("421 busy")}),
        it("greets with 554", "deferred", 554, 0, 1, {"GREETING": Then("554 no service")}),
        it("greets with something that is no SMTP", "deferred", None, 0, 1, {"GREETING": "hello?"}),
        it("refuses EHLO", "deferred", 550, 0, 1, {"EHLO": "550 who are you"}),
    ),
    "Encryption": (
        it("speaks TLS from the start", "accepted", 250, 1, 1, tls="smtps"),
        it("offers STARTTLS", "accepted", 250, 1, 1, _TLS, tls="starttls"),
        it("offers no STARTTLS", "deferred", None, 0, 1, tls="starttls"),
        it("offers STARTTLS and refuses it", "deferred", 454, 0, 1, _TLS | {"STARTTLS": "454 not now"}, tls="starttls"),
        it("hangs up in the handshake", "deferred", None, 0, 1, _TLS | {"STARTTLS": Then("220 go")}, tls="starttls"),
        it("shows a certificate for another name", "deferred", None, 0, 1, _TLS, tls="starttls",
           certificate="for another name"),
        it("shows a certificate that expired", "deferred", None, 0, 1, _TLS, tls="starttls", certificate="expired"),
        it("shows a certificate no authority we trust has signed", "deferred", None, 0, 1, _TLS, tls="starttls",
           certificate="of a stranger"),
        it("shows such a certificate where TLS begins at once", "deferred", None, 0, 1, tls="smtps",
           certificate="of a stranger"),
    ),
    "Logging in": (
        it("takes the password", "accepted", 250, 1, 1, _PLAIN, login="password"),
        it("takes the token", "accepted", 250, 1, 1, _TOKEN, login="token"),
        it("refuses the password", "deferred", 535, 0, 1, _PLAIN | {"AUTH": "535 5.7.8 bad credentials"}, login="password"),
        it("refuses the token, with the reason first", "deferred", 535, 0, 1,
           _TOKEN | {"AUTH": _REASON, "": "535 5.7.8 token expired"}, login="token"),
        it("cannot check the password now", "deferred", 454, 0, 1, _PLAIN | {"AUTH": "454 4.7.0 later"}, login="password"),
        it("offers no way to log in", "deferred", None, 0, 1, login="password"),
        it("wants a log-in at MAIL", "deferred", 530, 0, 1, {"MAIL": "530 5.7.0 authenticate first"}),
    ),
    "Before the body": (
        it("takes less than the mail's size (SIZE)", "refused", None, 0, 1, _ehlo("SIZE 40")),
        it("does not offer SMTPUTF8, which the address needs", "refused", None, 0, 1, recipients=("josé@them.example",)),
        it("says 4xx to MAIL", "deferred", 451, 0, 1, {"MAIL": "451 4.3.0 later"}),
        it("says 5xx to MAIL", "refused", 553, 0, 1, {"MAIL": "553 5.7.1 not this sender"}),
        it("greylists at RCPT", "deferred", 450, 0, 1, {"RCPT": "450 4.7.1 greylisted, come back in a minute"}),
        it("says 5xx to RCPT", "refused", 550, 0, 1, {"RCPT": "550 5.1.1 no such user"}),
        it("says 421 to RCPT and hangs up", "deferred", 421, 0, 1, {"RCPT": Then("421 shutting down")}),
        it("hangs up at MAIL, and again", "deferred", None, 0, 2, {"MAIL": DROP}),
        it("hangs up at RCPT, then takes it", "accepted", 250, 1, 2, {"RCPT": DROP}, {}),
        it("falls silent at MAIL", "deferred", None, 0, 1, {"MAIL": SILENCE}),
        it("falls silent at RCPT", "deferred", None, 0, 1, {"RCPT": SILENCE}),
        it("answers MAIL with nonsense, and again", "deferred", None, 0, 2, {"MAIL": "perhaps"}),
        it("says 4xx to DATA", "deferred", 451, 0, 1, {"DATA": "451 4.3.1 disk full"}),
        it("says 5xx to DATA", "refused", 554, 0, 1, {"DATA": "554 5.5.1 no valid recipients"}),
        it("says 2xx to DATA", "deferred", 250, 0, 1, {"DATA": "250 eh"}),
        it("hangs up at DATA", "deferred", None, 0, 1, {"DATA": DROP}),
        it("falls silent at DATA", "deferred", None, 0, 1, {"DATA": SILENCE}),
    ),
    "In the body and after the dot": (
        it("hangs up in the body", "uncertain", None, 1, 1, {"DATA": DropInBody()}),
        it("hangs up after the dot", "uncertain", None, 1, 1, {"DOT": DROP}),
        it("falls silent after the dot", "uncertain", None, 1, 1, {"DOT": SILENCE}),
        it("answers the dot with nonsense", "uncertain", None, 1, 1, {"DOT": "perhaps"}),
        it("answers the dot with 354", "uncertain", None, 1, 1, {"DOT": "354 go on"}),
        it("answers the dot with a line without end", "uncertain", None, 1, 1, {"DOT": "250 " + "x" * 9000}),
        it("says 4xx to the dot", "deferred", 451, 1, 1, {"DOT": "451 4.3.0 try later"}),
        it("says 421 to the dot and hangs up", "deferred", 421, 1, 1, {"DOT": Then("421 going down")}),
        it("says 5xx to the dot", "refused", 554, 1, 1, {"DOT": "554 5.7.1 spam"}),
    ),
    "On a connection kept from the mail before": (
        it("goes on", "accepted", 250, 2, 1, before=1),
        it("hung up meanwhile", "accepted", 250, 2, 2, {"RSET": DROP}, {}, before=1),
        it("falls silent when asked whether it is there", "accepted", 250, 2, 2, {"RSET": SILENCE}, {}, before=1),
        it("says farewell when asked whether it is there", "accepted", 250, 2, 2,
           {"RSET": Then("421 idle too long")}, {}, before=1),
        it("says farewell to MAIL", "accepted", 250, 2, 2, {"MAIL": ["250 ok", Then("421 idle too long")]}, {}, before=1),
        it("hangs up at MAIL", "accepted", 250, 2, 2, {"MAIL": ["250 ok", DROP]}, {}, before=1),
        it("hangs up in the body", "uncertain", None, 2, 1, {"DATA": ["354 go ahead", DropInBody()]}, before=1),
    ),
}  # fmt: skip
