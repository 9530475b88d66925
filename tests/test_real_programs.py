"""Mail programs nobody here wrote send to the product and read from it: swaks, s-nail, Dovecot by LMTP and IMAP."""

from __future__ import annotations

import re
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from imapclient import IMAPClient

from deploy.dovecot import PASSWORD, DovecotServer
from deploy.engines import need, wait_until
from producers.listening import Listener, sender_of
from tests.embedded import Running

ADA = "ada.marsh@customer.example"


class Carrier(Listener):
    """The customers' mail server: what it is given over SMTP it hands to Dovecot over LMTP, and answers as Dovecot does."""

    def __init__(self, dovecot: DovecotServer) -> None:
        super().__init__("127.0.0.1", 0, 10_000_000)
        self._dovecot = dovecot

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self.in_thread(self._deliver, envelope)

    def _deliver(self, envelope: Envelope) -> str:
        with smtplib.LMTP("127.0.0.1", self._dovecot.lmtp_port) as lmtp:
            lmtp.sendmail(sender_of(envelope), envelope.rcpt_tos, bytes(envelope.original_content))
        return "250 2.0.0 handed to Dovecot"


@pytest.fixture(scope="module")
def house(dovecot: DovecotServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The product, whose mail goes out to Dovecot and whose own mailbox stands there too."""
    carrier = Carrier(dovecot)
    ours = {"imap_url": dovecot.url_of("ourbox"), "imap_ca_file": str(dovecot.certificate)}
    running = Running(tmp_path_factory.mktemp("real"), smtp_url=f"smtp://127.0.0.1:{carrier.start()}", **ours)
    running.start()
    yield running
    running.close()
    carrier.stop()


def test_R13_R18_R23_a_thread_with_a_customer_who_reads_and_answers_with_s_nail(
    house: Running, dovecot: DovecotServer
) -> None:
    number = sends(house, "ada", "Your order № 7", "Which colour? Ärgerlich – grün? 🎨")
    box = f"maildir://{dovecot.folder}/mail/ada.marsh"
    until(lambda: inbox(dovecot, "ada.marsh") == 1, "Dovecot has it")
    read = s_nail("-f", box, stdin="headers\nprint 1\nexit\n")
    assert "Your order № 7" in read and "Which colour? Ärgerlich – grün? 🎨" in read and "Anna Bauer" in read

    mta = [f"-Smta=smtp://127.0.0.1:{house.inbound_port}", "-Ssmtp-auth=none", f"-Sfrom=Ada <{ADA}>"]
    s_nail(
        *mta, "-Sreply-to-honour", "-Squote", "-Sindentprefix=> ", "-f", box, stdin="reply 1\nBlue, please.\n~.\nexit\n"
    )
    answer = arrived(house, number)
    assert (answer["text"].strip(), answer["kind"], answer["third_party"]) == ("Blue, please.", "human", False)
    assert "Which colour?" in answer["quoted"] and state(house, number) == "work_in_progress"

    command(house, "compose_reply", interaction=number, send=True, hold="PT0S", content={"text": "Blue it is."})
    until(lambda: inbox(dovecot, "ada.marsh") == 2, "the second mail is there")
    assert "Re: Your order № 7" in s_nail("-f", box, stdin="headers\nexit\n")
    assert threads(dovecot, "ada.marsh") == ((1, 2),), "one conversation, as her mail server sees it (RFC 5256)"
    assert dovecot.adm("fetch", "-u", "ada.marsh", "hdr.references", "2").count("@customer.example>") == 1


def test_R18_R21_swaks_writes_to_a_signed_address_and_to_none(house: Running) -> None:
    number = sends(house, "carlo", "Your invoice", "Is the address right?")
    to, cited = reply_address(house, number)
    swaks(house.inbound_port, "--to", to, "--from", "carlo@home.example", "--header", "Subject: Re: Your invoice",
          "--add-header", f"In-Reply-To: {cited}", "--body", "Yes, it is.", "--attach", f"@{__file__}")  # fmt: skip
    answer = arrived(house, number)
    assert answer["text"].strip() == "Yes, it is."
    assert [each["name"] for each in answer["attachments"]] == [Path(__file__).name]

    swaks(
        house.inbound_port,
        "--to",
        "care@postroom.example",
        "--from",
        "who@them.example",
        "--header",
        "Subject: new here",
    )
    with house.client("mia") as mia:
        until(lambda: "new here" in mia.get("/v1/incoming", params={"state": "unmatched"}).text, "it is unmatched")
    with pytest.raises(subprocess.CalledProcessError) as refused:
        swaks(house.inbound_port, "--to", "who@elsewhere.example", "--from", "who@them.example")
    assert "550 5.7.1" in refused.value.stdout


def test_R18_an_answer_in_the_mailbox_at_the_provider_is_fetched(house: Running, dovecot: DovecotServer) -> None:
    number = sends(house, "guest-kim", "Your visit", "At nine?")
    to, _ = reply_address(house, number)
    swaks(dovecot.lmtp_port, "--protocol", "LMTP", "--to", "ourbox@them.example", "--from", "kim@somewhere.example",
          "--header", f"To: {to}", "--header", "Subject: Re: Your visit", "--body", "At ten.")  # fmt: skip
    assert arrived(house, number)["text"].strip() == "At ten."
    assert "\\Seen" in dovecot.adm("fetch", "-u", "ourbox", "flags", "ALL")
    found = house.cli("doctor", "--only", "mailbox")
    assert found.returncode == 0 and "1 mails" in found.stdout, found.stdout


def sends(house: Running, customer: str, subject: str, text: str) -> str:
    content = {"subject": subject, "text": text}
    done = command(house, "compose", customer=customer, send=True, hold="PT0S", content=content)
    number: str = done["interaction"]
    until(lambda: state(house, number) == "on_hold", "it is sent")
    return number


def command(house: Running, type_name: str, **body: Any) -> dict[str, Any]:
    wish = {"version": 1, "id": f"{type_name}-{body.get('customer')}", "type": type_name, "body": body}
    with house.client("anna") as anna:
        answer = anna.post("/v1/commands", json=wish, headers={"Prefer": "wait=20"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["result"]
    return found


def seen(house: Running, number: str) -> dict[str, Any]:
    with house.client("anna") as anna:
        found: dict[str, Any] = anna.get(f"/v1/interactions/{number}").json()
    return found


def state(house: Running, number: str) -> str:
    return str(seen(house, number)["state"])


def arrived(house: Running, number: str) -> dict[str, Any]:
    """What has come in, as the agent sees it."""
    until(lambda: seen(house, number)["incoming"], "the answer is there")
    found: dict[str, Any] = seen(house, number)["incoming"][0]
    return found


def reply_address(house: Running, number: str) -> tuple[str, str]:
    """The signed address and the Message-ID of the mail on this interaction."""
    with house.client("anna") as anna:
        raw = anna.get(f"/v1/mails/{seen(house, number)['mails'][0]['id']}/raw").text
    found = [re.search(rf"^{name}: *(\S+)", raw, re.MULTILINE | re.IGNORECASE) for name in ("Reply-To", "Message-ID")]
    assert found[0] and found[1], raw
    return found[0][1].strip("<>"), found[1][1]


def threads(dovecot: DovecotServer, user: str) -> Any:
    trust = ssl.create_default_context(cafile=str(dovecot.certificate))
    with IMAPClient("127.0.0.1", dovecot.port, ssl_context=trust) as client:
        client.login(user, PASSWORD)
        client.select_folder("INBOX", readonly=True)
        return client.thread("REFERENCES")


def inbox(dovecot: DovecotServer, user: str) -> int:
    return dovecot.adm("search", "-u", user, "mailbox", "INBOX", "ALL").count("\n")


def until(holds: Callable[[], object], what: str) -> None:
    wait_until(holds, 15, what)


def s_nail(*arguments: str, stdin: str) -> str:
    program = need("s-nail", "s-nail", "s-nail 14.9")
    settings = ["-:/", "-#", "-Sv15-compat", "-Sttycharset=utf-8", "-Ssendwait", "-Sheadline=%>%a%m %20f %i%s"]
    return run([program, *settings, *arguments], stdin)


def swaks(port: int, *arguments: str) -> str:
    return run([need("swaks", "swaks", "swaks"), "--server", f"127.0.0.1:{port}", *arguments], "")


def run(command: list[str], stdin: str) -> str:
    surroundings = {"LANG": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, input=stdin, env=surroundings, capture_output=True, text=True, timeout=30)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)
    return done.stdout
