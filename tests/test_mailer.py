"""R14: what is said to a mail server, on real sockets: extensions, log-in, encryption, and connections used again.

How each behaviour of a server ends stands in `behaviours.py` and is tried by `rules/test_servers.py`.
"""

from __future__ import annotations

import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cli.demo.stages import free_ports
from models.errors import Misconfigured
from models.settings import Settings
from tests.scripted_smtp import DROP, GOOD, ScriptedSmtp
from workers.mailer import SmtpPost
from workers.route import Route
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


def test_R14_an_idle_line_the_server_dropped_is_replaced() -> None:
    with ScriptedSmtp() as server:
        post = post_to(server)
        transmit(post)
        server.drop_lines()
        assert transmit(post).outcome == "accepted"
        assert (server.connections, len(server.bodies)) == (2, 2)


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


OFFERS_DSN = {"EHLO": GOOD["EHLO"].replace("250 PIPE", "250-DSN\r\n250 PIPE")}


def test_R14_where_dsn_is_offered_failures_and_delays_come_back_under_our_name() -> None:
    with ScriptedSmtp([OFFERS_DSN]) as server:
        post = post_to(server)
        post.transmit("bounce+k1.ab2.cd3@us.example", "o+1=x@them.example", MAIL, lambda: None)
        mail, recipient = server.commands[1:3]
    assert mail == f"MAIL FROM:<bounce+k1.ab2.cd3@us.example> SIZE={len(MAIL)} RET=HDRS ENVID=bounce.k1.ab2.cd3"
    assert recipient == "RCPT TO:<o+1=x@them.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;o+2B1+3Dx@them.example"


@pytest.mark.parametrize(("script", "sender"), [({}, "bounce+k1.a.b@us.example"), (OFFERS_DSN, "")])
def test_R14_without_dsn_or_without_an_envelope_sender_no_word_of_it(script: dict[str, Any], sender: str) -> None:
    with ScriptedSmtp([script]) as server:
        post_to(server).transmit(sender, "c@them.example", MAIL, lambda: None)
        assert server.commands[1:3] == [f"MAIL FROM:<{sender}> SIZE={len(MAIL)}", "RCPT TO:<c@them.example>"]


def test_R14_bytes_beyond_ascii_are_refused_where_they_would_be_damaged_and_announced_where_not() -> None:
    data = MAIL + "grüße\r\n".encode()
    with ScriptedSmtp([{"EHLO": "250 mx.test"}]) as server:
        answer = transmit(post_to(server), data=data)
        assert answer.outcome == "refused" and "8BITMIME" in answer.text and server.begun == 0
    with ScriptedSmtp() as server:
        assert transmit(post_to(server), data=data).outcome == "accepted"
        assert server.commands[1].endswith(" BODY=8BITMIME")


def test_R14_a_refused_log_in_is_tried_once_and_shows_no_secret() -> None:
    offer = {"EHLO": "250-mx.test\r\n250 AUTH LOGIN PLAIN CRAM-MD5", "AUTH": "535 5.7.8 wrong password"}
    with ScriptedSmtp([offer]) as server:
        answer = transmit(post_to(server, f"smtp://me:se%40cret@127.0.0.1:{server.port}"))
        assert (answer.outcome, answer.code) == ("deferred", 535)
        assert "wrong password" in answer.text and "cret" not in answer.text
        assert len([command for command in server.commands if command.startswith("AUTH")]) == 1


@pytest.mark.parametrize("methods", ["PLAIN", "LOGIN", "PLAIN LOGIN XOAUTH2", "XOAUTH2"])
def test_R14_log_in_with_what_the_server_offers(methods: str) -> None:
    script: dict[str, Any] = {"EHLO": f"250-mx.test\r\n250 AUTH {methods}"}
    if methods == "LOGIN":
        script |= {"AUTH": "334 UGFzc3dvcmQ6", "C2VAY3JLDA==": "235 ok"}
    with ScriptedSmtp([script]) as server:
        answer = transmit(post_to(server, f"smtp://me:se%40cret@127.0.0.1:{server.port}"))
        assert answer.outcome == ("deferred" if methods == "XOAUTH2" else "accepted"), (answer, server.commands)


def test_R14_the_token_is_read_anew_at_each_log_in(tmp_path: Path) -> None:
    """XOAUTH2: the first token has run out; somebody else renews the file, and the next log-in takes it."""
    file = tmp_path / "token"
    file.write_text("old-token\n")
    offer = {"EHLO": "250-mx.test\r\n250 AUTH PLAIN XOAUTH2"}
    refusal = {"AUTH": "334 eyJzdGF0dXMiOiI0MDEifQ==", "": "535 5.7.3 expired"}
    with ScriptedSmtp([offer | refusal, offer]) as server:
        now = [0.0]
        url = f"smtp://me%40us.example@127.0.0.1:{server.port}"
        settings = Settings(smtp_url=url, smtp_token_file=file, mail_domain="us.example", smtp_timeout_seconds=3)
        post = SmtpPost(settings, monotonic=lambda: now[0])
        answer = transmit(post)
        assert (answer.outcome, answer.code) == ("deferred", 535)
        assert "5.7.3 expired" in answer.text and '"status":"401"' in answer.text and "old-token" not in answer.text
        file.write_text("new-token")
        assert transmit(post).text == answer.text and server.connections == 1  # a full queue does not lock the account
        now[0] = 31.0
        assert transmit(post).outcome == "accepted"
        said = [b64decode(command.split(" ")[2]) for command in server.commands if command.startswith("AUTH")]
        assert said == [b"user=me@us.example\x01auth=Bearer %s-token\x01\x01" % age for age in (b"old", b"new")]
        assert server.commands[2] == ""  # the empty answer that lets the server say its code


@pytest.mark.parametrize("content", [None, "", "two words", "zwö"])
def test_R14_a_token_file_without_a_token_is_deferred_and_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_text(content)
    with ScriptedSmtp([{"EHLO": "250-mx.test\r\n250 AUTH XOAUTH2"}]) as server:
        answer = transmit(post_to(server, f"smtp://me@127.0.0.1:{server.port}", smtp_token_file=file))
        assert answer.outcome == "deferred" and "POSTROOM_SMTP_TOKEN_FILE" in answer.text
        assert not any(command.startswith("AUTH") for command in server.commands)


def test_R14_nonsense_at_log_in_is_deferred() -> None:
    with ScriptedSmtp([{"EHLO": "250-mx.test\r\n250 AUTH PLAIN", "AUTH": "what"}]) as server:
        assert transmit(post_to(server, f"smtp://me:x@127.0.0.1:{server.port}")).outcome == "deferred"


@pytest.fixture(scope="module")
def tls() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's side, and a client's side that trusts it."""
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("excluded", ["LOGIN", "PLAIN"])
def test_R14_another_projects_server_takes_it_encrypted_and_logged_in(
    excluded: str, tls: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    taken: list[bytes] = []
    (port,) = free_ports(1)

    class Keeping:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            taken.append(envelope.content)
            return "250 kept"

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(handled=False, success=(data.login, data.password) == (b"me@us.example", b"secret"))

    controller = Controller(
        Keeping(), "127.0.0.1", int(port), tls_context=tls[0], require_starttls=True, auth_required=True,
        authenticator=known, auth_exclude_mechanism=[excluded],
    )  # fmt: skip
    controller.start()
    try:
        url = f"smtp+starttls://me%40us.example:{{}}@127.0.0.1:{port}"
        settings = {"mail_domain": "us.example", "smtp_timeout_seconds": 5}
        refused = transmit(SmtpPost(Settings(smtp_url=url.format("wrong"), **settings), tls=tls[1]))
        post = SmtpPost(Settings(smtp_url=url.format("secret"), **settings), tls=tls[1])
        answers = [transmit(post) for _ in range(2)]
        post.close()
    finally:
        controller.stop()
    assert (refused.outcome, refused.code) == ("deferred", 535)
    assert [(answer.outcome, answer.text) for answer in answers] == [("accepted", "kept")] * 2 and taken == [MAIL] * 2


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


@pytest.mark.parametrize(
    ("limit", "passed", "left"),
    [({"smtp_mails_per_connection": 2}, 0.0, 1), ({"smtp_connection_age": "PT5M"}, 200.0, 1), ({}, 10.0, 0)],
)
def test_R14_a_connection_that_carried_enough_or_is_old_is_left_for_a_fresh_one(
    limit: dict[str, Any], passed: float, left: int
) -> None:
    now = [0.0]
    with ScriptedSmtp() as server:
        settings = Settings(smtp_url=server.url, smtp_timeout_seconds=1, mail_domain="us.example", **limit)
        post = SmtpPost(settings, monotonic=lambda: now[0], idle_seconds=1_000)
        for _ in range(3):
            assert transmit(post).outcome == "accepted"
            now[0] += passed
        assert (server.connections, server.commands.count("QUIT")) == (1 + left, left)


@pytest.mark.parametrize(
    ("url", "starttls", "shown"),
    [
        ("smtp://mx.example", True, False),  # no scheme but the one that says so leaves the mail open
        ("smtp+starttls://localhost", True, False),
        ("smtps://mx.example", False, False),
        ("smtp://localhost:1025", False, False),
        ("smtp+plain://mx.example", False, True),
    ],
)
def test_R14_only_an_explicit_scheme_sends_in_the_clear_over_a_network(url: str, starttls: bool, shown: bool) -> None:
    route = Route.of(Settings(smtp_url=url))
    assert (route.starttls, route.shown_to_the_network) == (starttls, shown)


@pytest.mark.parametrize("url", ["smtps://mx.example", "smtps://me:word@mx.example"])
def test_R14_a_token_without_a_user_or_beside_a_password_is_said_at_the_start(url: str) -> None:
    with pytest.raises(Misconfigured, match="POSTROOM_SMTP_TOKEN_FILE"):
        SmtpPost(Settings(smtp_url=url, smtp_token_file=Path("token")))


@pytest.mark.parametrize(
    "url", ["http://mx", "http://mx:25", "mx.example:25", "smtp://mx:port", "smtp+plain://me:word@mx.example"]
)
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
