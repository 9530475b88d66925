"""R14: every way an SMTP transaction can end, on real sockets, with the outcome and the number of bodies that left."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.errors import Misconfigured
from models.settings import Settings
from tests.scripted_smtp import DROP, GOOD, SILENCE, DropInBody, ScriptedSmtp, Then
from workers.mailer import SmtpPost
from workers.world import Answer

MAIL = b"From: a@us.example\r\nSubject: hello\r\n\r\n.dot\r\n..\r\nFrom here\r\n.\r\nend\r\n"


def post_to(
    server: ScriptedSmtp, url: str | None = None, tls: ssl.SSLContext | None = None, **settings: Any
) -> SmtpPost:
    quick = {"smtp_timeout_seconds": 0.4, "smtp_final_timeout_seconds": 0.6, "mail_domain": "us.example"} | settings
    return SmtpPost(Settings(smtp_url=url or server.url, **quick), tls=tls)


def transmit(post: SmtpPost, address: str = "customer@them.example", data: bytes = MAIL) -> Answer:
    return post.transmit("bounce+x@us.example", address, data, lambda: None)


EHLO_PLAIN = "250-mx.test\r\n250 8BITMIME"
BEHAVIOURS: list[tuple[str, list[dict[str, Any]], str, int | None, int, int]] = [
    # what the server does, its scripts, outcome, code, bodies begun, connections
    ("accepts", [{}], "accepted", 250, 1, 1),
    ("accepts with another 2xx", [{"RCPT": "251 will forward"}], "accepted", 250, 1, 1),
    ("drops at greeting", [{"GREETING": DROP}], "deferred", None, 0, 1),
    ("is silent at greeting", [{"GREETING": SILENCE}], "deferred", None, 0, 1),
    ("greets with 421", [{"GREETING": Then("421 busy")}], "deferred", 421, 0, 1),
    ("greets with 554", [{"GREETING": Then("554 no service")}], "deferred", 554, 0, 1),
    ("babbles instead of greeting", [{"GREETING": "hello?"}], "deferred", None, 0, 1),
    ("refuses EHLO", [{"EHLO": "550 who are you"}], "deferred", 550, 0, 1),
    ("4xx at MAIL", [{"MAIL": "451 later"}], "deferred", 451, 0, 1),
    ("5xx at MAIL", [{"MAIL": "553 not this sender"}], "refused", 553, 0, 1),
    ("wants a log-in at MAIL", [{"MAIL": "530 authenticate first"}], "deferred", 530, 0, 1),
    ("4xx at RCPT", [{"RCPT": "450 greylisted"}], "deferred", 450, 0, 1),
    ("5xx at RCPT", [{"RCPT": "550 5.1.1 no such user"}], "refused", 550, 0, 1),
    ("421 at RCPT", [{"RCPT": Then("421 shutting down")}], "deferred", 421, 0, 1),
    ("drops at RCPT, then well", [{"RCPT": DROP}, {}], "accepted", 250, 1, 2),
    ("drops at MAIL, then again", [{"MAIL": DROP}], "deferred", None, 0, 2),
    ("is silent at MAIL", [{"MAIL": SILENCE}], "deferred", None, 0, 1),
    ("answers MAIL with nonsense", [{"MAIL": "perhaps"}], "deferred", None, 0, 2),
    ("4xx at DATA", [{"DATA": "451 disk full"}], "deferred", 451, 0, 1),
    ("5xx at DATA", [{"DATA": "554 no valid recipients"}], "refused", 554, 0, 1),
    ("2xx at DATA", [{"DATA": "250 eh"}], "deferred", 250, 0, 1),
    ("drops at DATA", [{"DATA": DROP}], "deferred", None, 0, 1),
    ("is silent at DATA", [{"DATA": SILENCE}], "deferred", None, 0, 1),
    ("drops in the body", [{"DATA": DropInBody()}], "uncertain", None, 1, 1),
    ("drops after the dot", [{"DOT": DROP}], "uncertain", None, 1, 1),
    ("is silent after the dot", [{"DOT": SILENCE}], "uncertain", None, 1, 1),
    ("answers the dot with nonsense", [{"DOT": "perhaps"}], "uncertain", None, 1, 1),
    ("answers the dot with 354", [{"DOT": "354 go on"}], "uncertain", 354, 1, 1),
    ("4xx after the dot", [{"DOT": "451 4.3.0 try later"}], "deferred", 451, 1, 1),
    ("421 after the dot", [{"DOT": Then("421 going down")}], "deferred", 421, 1, 1),
    ("5xx after the dot", [{"DOT": "554 5.7.1 spam"}], "refused", 554, 1, 1),
    ("accepts, then drops", [{"DOT": Then("250 2.0.0 queued as 4XYZ")}], "accepted", 250, 1, 1),
    ("421 at QUIT", [{"QUIT": Then("421 too late")}], "accepted", 250, 1, 1),
    ("long answer after the dot", [{"DOT": "250 " + "x" * 9000}], "uncertain", None, 1, 1),
]


@pytest.mark.parametrize(
    ("scripts", "outcome", "code", "bodies", "connections"), [b[1:] for b in BEHAVIOURS], ids=[b[0] for b in BEHAVIOURS]
)
def test_R14_outcome_and_number_of_transmissions(
    scripts: list[dict[str, Any]], outcome: str, code: int | None, bodies: int, connections: int
) -> None:
    with ScriptedSmtp(scripts) as server:
        post = post_to(server)
        answer = transmit(post)
        post.close()
        assert (answer.outcome, answer.code) == (outcome, code), answer
        assert (server.begun, server.connections) == (bodies, connections)
        assert answer.text and f"127.0.0.1:{server.port}" in answer.server


def test_R14_the_servers_own_words_and_queue_id_are_kept() -> None:
    with ScriptedSmtp() as server:
        answer = transmit(post_to(server))
        assert answer == Answer("accepted", 250, "2.0.0 queued as 4XYZ", f"127.0.0.1:{server.port} (mx.test)")


def test_R14_the_bytes_arrive_as_they_were_stored() -> None:
    with ScriptedSmtp() as server:
        transmit(post_to(server))
        assert server.bodies == [MAIL]
        assert "MAIL FROM:<bounce+x@us.example> SIZE=" + str(len(MAIL)) in server.commands
        assert server.commands[0] == "ehlo us.example"


def test_R14_a_large_body_arrives_whole_and_smuggling_line_ends_do_not_leave() -> None:
    data = MAIL + b"a\n.\nb\r.\r\n" + b"x" * 500_000
    with ScriptedSmtp() as server:
        assert transmit(post_to(server, smtp_timeout_seconds=5), data=data).outcome == "accepted"
        assert server.bodies == [MAIL + b"a\r\n.\r\nb\r\n.\r\n" + b"x" * 500_000 + b"\r\n"]


def test_R14_nobody_there_is_deferred() -> None:
    with ScriptedSmtp() as server:
        post = post_to(server)
    answer = transmit(post)
    assert answer.outcome == "deferred" and answer.code is None and "refused" in answer.text.lower()


def test_R14_one_line_carries_many_mails() -> None:
    with ScriptedSmtp() as server:
        post = post_to(server)
        assert [transmit(post).outcome for _ in range(5)] == ["accepted"] * 5
        assert (server.connections, len(server.bodies), server.commands.count("RSET")) == (1, 5, 4)


def test_R14_a_refused_recipient_does_not_spoil_the_line() -> None:
    with ScriptedSmtp([{"RCPT": ["550 5.1.1 no", "250 ok"]}]) as server:
        post = post_to(server)
        assert [transmit(post).outcome for _ in range(2)] == ["refused", "accepted"]
        assert server.connections == 1


@pytest.mark.parametrize("reset", [DROP, SILENCE, Then("421 idle too long"), "500 what"])
def test_R14_an_idle_line_that_died_is_replaced_before_anything_is_sent(reset: Any) -> None:
    with ScriptedSmtp([{"RSET": reset}, {}]) as server:
        post = post_to(server)
        assert [transmit(post).outcome for _ in range(2)] == ["accepted", "accepted"]
        assert (server.connections, server.begun) == (2, 2)


def test_R14_an_idle_line_the_server_dropped_is_replaced() -> None:
    with ScriptedSmtp() as server:
        post = post_to(server)
        transmit(post)
        server.drop_lines()
        assert transmit(post).outcome == "accepted"
        assert (server.connections, len(server.bodies)) == (2, 2)


def test_R14_a_farewell_said_to_the_idle_line_is_no_answer_to_the_mail() -> None:
    with ScriptedSmtp([{"MAIL": ["250 ok", Then("421 idle too long")]}, {}]) as server:
        post = post_to(server)
        assert [transmit(post).outcome for _ in range(2)] == ["accepted", "accepted"]
        assert server.connections == 2


def test_R14_what_before_body_raises_stops_the_mail_before_any_byte() -> None:
    class NoLongerMine(BaseException):
        pass

    def refuse() -> None:
        raise NoLongerMine

    with ScriptedSmtp() as server:
        post = post_to(server)
        with pytest.raises(NoLongerMine):
            post.transmit("a@us.example", "c@them.example", MAIL, refuse)
        assert [command.split(" ")[0] for command in server.commands] == ["ehlo", "MAIL", "RCPT"]
        assert server.begun == 0
        assert transmit(post).outcome == "accepted"
        assert server.connections == 2


def test_R14_before_body_is_called_once_and_right_before_data() -> None:
    seen: list[list[str]] = []
    with ScriptedSmtp([{"RCPT": DROP}, {}]) as server:
        post = post_to(server)
        post.transmit("", "c@them.example", MAIL, lambda: seen.append(list(server.commands)))
    assert len(seen) == 1 and seen[0][-2:] == [f"MAIL FROM:<> SIZE={len(MAIL)}", "RCPT TO:<c@them.example>"]


def test_R14_a_mail_larger_than_the_server_takes_is_refused_before_it_is_offered() -> None:
    with ScriptedSmtp([{"EHLO": "250-mx.test\r\n250 SIZE 40"}]) as server:
        answer = transmit(post_to(server))
        assert (answer.outcome, answer.code) == ("refused", None)
        assert "40" in answer.text and str(len(MAIL)) in answer.text
        assert not any(command.startswith("MAIL") for command in server.commands)


@pytest.mark.parametrize("ehlo", [EHLO_PLAIN, "250-mx.test\r\n250 SIZE", "250-mx.test\r\n250 SIZE 0"])
def test_R14_a_server_without_a_limit_gets_any_size(ehlo: str) -> None:
    with ScriptedSmtp([{"EHLO": ehlo}]) as server:
        assert transmit(post_to(server)).outcome == "accepted"


def test_R14_an_address_that_needs_smtputf8_is_refused_where_it_cannot_travel() -> None:
    with ScriptedSmtp() as server:
        answer = transmit(post_to(server), address="josé@them.example")
        assert answer.outcome == "refused" and "SMTPUTF8" in answer.text
        assert server.begun == 0


def test_R14_smtputf8_is_used_only_where_an_address_needs_it() -> None:
    with ScriptedSmtp([{"EHLO": GOOD["EHLO"].replace("250 PIPE", "250-SMTPUTF8\r\n250 PIPE")}]) as server:
        post = post_to(server)
        assert transmit(post, address="josé@exämple.test").outcome == "accepted"
        assert transmit(post).outcome == "accepted"
        mails = [command for command in server.commands if command.startswith("MAIL")]
        assert [command.endswith(" SMTPUTF8") for command in mails] == [True, False]
        assert "RCPT TO:<josé@xn--exmple-cua.test>" in server.commands


@pytest.mark.parametrize(
    "address", ["a@b.example> NOTIFY=NEVER", "a@b\r\nDATA", "a b@c.example", "nobody", "", "a\x00@b.c"]
)
def test_R14_an_address_that_would_forge_commands_is_refused(address: str) -> None:
    with ScriptedSmtp() as server:
        assert transmit(post_to(server), address=address).outcome == "refused"
        assert server.commands == []


def test_R14_a_refused_log_in_bounces_nothing() -> None:
    offer = {"EHLO": "250-mx.test\r\n250 AUTH PLAIN", "AUTH": "535 5.7.8 wrong password"}
    with ScriptedSmtp([offer]) as server:
        answer = transmit(post_to(server, f"smtp://me:se%40cret@127.0.0.1:{server.port}"))
        assert (answer.outcome, answer.code) == ("deferred", 535)
        assert "wrong password" in answer.text and "cret" not in answer.text


@pytest.mark.parametrize("methods", ["PLAIN", "LOGIN", "XOAUTH2"])
def test_R14_log_in_with_what_the_server_offers(methods: str) -> None:
    script: dict[str, Any] = {"EHLO": f"250-mx.test\r\n250 AUTH {methods}"}
    if methods == "LOGIN":
        script |= {"AUTH": "334 UGFzc3dvcmQ6", "C2VAY3JLDA==": "235 ok"}
    with ScriptedSmtp([script]) as server:
        answer = transmit(post_to(server, f"smtp://me:se%40cret@127.0.0.1:{server.port}"))
        assert answer.outcome == ("deferred" if methods == "XOAUTH2" else "accepted"), (answer, server.commands)


def test_R14_nonsense_at_log_in_is_deferred() -> None:
    with ScriptedSmtp([{"EHLO": "250-mx.test\r\n250 AUTH PLAIN", "AUTH": "what"}]) as server:
        assert transmit(post_to(server, f"smtp://me:x@127.0.0.1:{server.port}")).outcome == "deferred"


def test_R14_no_starttls_means_no_mail() -> None:
    with ScriptedSmtp() as server:
        answer = transmit(post_to(server, f"smtp+starttls://127.0.0.1:{server.port}"))
        assert answer.outcome == "deferred" and "STARTTLS" in answer.text
        assert not any(command.startswith("MAIL") for command in server.commands)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and a client's side that trusts it."""
    folder: Path = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", "key", "-out", "cert"], cwd=folder, check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "cert", folder / "key")
    return server, ssl.create_default_context(cafile=str(folder / "cert"))


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_R14_tls_from_the_start_or_by_starttls(scheme: str, tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    script = {"EHLO": "250-mx.test\r\n250 STARTTLS"}
    with ScriptedSmtp([script], tls=tls[0], tls_at_once=scheme == "smtps") as server:
        url = f"{scheme}://127.0.0.1:{server.port}"
        post = post_to(server, url, tls=tls[1], smtp_timeout_seconds=3)
        assert [transmit(post).outcome for _ in range(2)] == ["accepted"] * 2
        assert server.connections == 1
        stranger = transmit(post_to(server, url, smtp_timeout_seconds=3))
        assert stranger.outcome == "deferred" and "certificate" in stranger.text.lower()


def test_R14_starttls_refused_is_deferred(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    script = {"EHLO": "250-mx.test\r\n250 STARTTLS", "STARTTLS": "554 no certificate"}
    with ScriptedSmtp([script]) as server:
        answer = transmit(post_to(server, f"smtp+starttls://127.0.0.1:{server.port}", tls=tls[1]))
        assert (answer.outcome, answer.code) == ("deferred", 554)


def test_R14_many_threads_never_share_a_line() -> None:
    with ScriptedSmtp() as server:
        post = post_to(server, smtp_timeout_seconds=5)
        answers: list[str] = []
        threads = [
            threading.Thread(target=lambda: answers.extend(transmit(post).outcome for _ in range(10))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert answers == ["accepted"] * 80 and server.bodies == [MAIL] * 80
        assert server.connections <= 8


def test_R14_an_idle_line_is_closed_politely(wait_until: Any) -> None:
    with ScriptedSmtp() as server:
        settings = Settings(smtp_url=server.url, smtp_timeout_seconds=1, mail_domain="us.example")
        post = SmtpPost(settings, idle_seconds=0.05)
        transmit(post)
        wait_until(lambda: "QUIT" in server.commands and server.open_lines == 0)


def test_R14_a_line_idle_for_a_minute_is_not_used_again() -> None:
    now = [0.0]
    with ScriptedSmtp() as server:
        settings = Settings(smtp_url=server.url, smtp_timeout_seconds=1, mail_domain="us.example")
        post = SmtpPost(settings, monotonic=lambda: now[0])
        transmit(post)
        now[0] = 61.0
        transmit(post)
        assert (server.connections, server.commands.count("QUIT")) == (2, 1)


@pytest.mark.parametrize("url", ["http://mx", "mx.example:25", "smtp://mx:port", "smtp+plain://me:word@mx.example"])
def test_R14_a_route_that_cannot_be_is_said_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="POSTROOM_SMTP_URL"):
        SmtpPost(Settings(smtp_url=url))


@pytest.fixture
def wait_until() -> Iterator[Any]:
    """Wait for a condition with a deadline; never sleeps blindly."""
    tick = threading.Event()

    def wait(condition: Any, seconds: float = 5.0) -> None:
        for _ in range(int(seconds / 0.01)):
            if condition():
                return
            tick.wait(0.01)
        assert condition()

    yield wait
