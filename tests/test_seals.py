"""R13: mail is signed by the key of its sender's domain, provably and reproducibly; a useless key is told at the start."""

from __future__ import annotations

import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import dns.message
import dns.resolver
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cli import sealing
from cli.app import run
from cli.checks import mail_names
from cli.surroundings import Surroundings
from models.errors import Misconfigured
from models.settings import from_mapping
from tests.test_letter import GOLDEN, LETTERS, PLAIN, REMINDER
from workers.letter import build
from workers.seals import Seal, Seals, open_seal, read_seals

KEY = GOLDEN / "not-a-secret.pem"
SEAL = open_seal("postroom.example", "s1", KEY)
SEALS = Seals((SEAL,))


def verified(raw: bytes, *seals: Seal) -> bool:
    """As a receiver does, with our records for its DNS."""
    records = {seal.name.encode() + b".": seal.record.encode() for seal in seals or (SEAL,)}
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=5: records.get(name)))


@pytest.mark.parametrize("name", LETTERS)
def test_R13_every_letter_is_signed_and_the_signature_holds(name: str) -> None:
    raw = SEALS.build(LETTERS[name])
    assert verified(raw) and raw.endswith(build(LETTERS[name]))
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_R13_the_same_letter_under_the_same_key_is_the_same_bytes_for_ever() -> None:
    assert SEALS.build(REMINDER) == (GOLDEN / "sealed.eml").read_bytes()
    stamp = re.search(rb"t=(\d+)", SEALS.build(replace(PLAIN, date=PLAIN.date + timedelta(days=1))))
    assert stamp is not None and int(stamp[1]) == int(PLAIN.date.timestamp()) + 86400


@pytest.mark.parametrize(
    ("honest", "forged"),
    [
        (b"Did you see", b"Did you pay"),
        (b"Subject: Re: Your order", b"Subject: Re: Your debt"),
        (b"From: ", b"From: x@evil.example\r\nFrom: "),
        (b"To: customer@", b"To: other@them.example\r\nTo: customer@"),
        (b"MIME-Version", b"Cc: x@evil.example\r\nMIME-Version"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b""),
        (b"/unsubscribe/unsubscribe+", b"/unsubscribe/evil+"),
        (b"In-Reply-To: <answer", b"In-Reply-To: <other"),
    ],
)
def test_R13_a_letter_that_was_tampered_with_does_not_verify(honest: bytes, forged: bytes) -> None:
    raw = SEALS.build(REMINDER)
    assert honest in raw and verified(raw)
    assert not verified(raw.replace(honest, forged, 1))


def test_R13_a_server_may_refold_and_trace_what_it_passes_on() -> None:
    raw = SEALS.build(REMINDER).replace(b",\r\n <mailto", b", <mailto")
    assert verified(b"Received: from a by b;\r\n Mon, 2 Mar 2026 09:00:00 +0000\r\n" + raw)


@pytest.mark.parametrize("name", LETTERS)
def test_R13_a_relay_that_writes_its_own_date_and_id_breaks_no_signature(name: str) -> None:
    """Amazon SES does, and asks not to sign them."""
    raw = SEALS.build(LETTERS[name])
    relayed = re.sub(
        rb"(?m)^Message-ID:[^\r]*\r\n(?: [^\r]*\r\n)*", b"Message-ID: <0100-1@email.amazonses.com>\r\n", raw
    )
    relayed = re.sub(rb"(?m)^Date:[^\r]*", b"Date: Tue, 3 Mar 2026 09:00:01 +0000", relayed)
    assert relayed != raw and b"amazonses" in relayed and verified(b"Received: from a by b; today\r\n" + relayed)


def test_R13_an_address_beyond_ascii_is_signed_as_it_is() -> None:
    assert verified(SEALS.build(replace(PLAIN, cc=("josé@exämple.test",))))


def test_R13_each_domain_has_its_own_key_and_lends_it_to_those_below() -> None:
    other = replace(SEAL, domain="other.example", selector="s2")
    seals = Seals((SEAL, other))
    for address, seal in (("a@other.example", other), ("a@mail.Postroom.example", SEAL), ("a@elsewhere.example", None)):
        raw = seals.build(replace(PLAIN, from_address=address))
        assert seals.of(address) == seal
        assert (b"DKIM-Signature" in raw) == (seal is not None)
        assert seal is None or verified(raw, seal)


def test_R13_the_record_is_the_public_half_as_others_write_it() -> None:
    key = serialization.load_pem_private_key(KEY.read_bytes(), None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert SEAL.record == f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
    assert (SEAL.name, SEAL.bits) == ("s1._domainkey.postroom.example", 2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


def test_R13_a_key_may_be_pkcs8_with_any_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(pem(rsa.generate_private_key(65537, 1024)).replace(b"\n", b"\r\n"))
    seal = open_seal("Bücher.example", "s1", path)
    assert seal.domain == "xn--bcher-kva.example"
    assert verified(Seals((seal,)).build(replace(PLAIN, from_address="a@bücher.example")), seal)


def test_R13_a_key_that_cannot_serve_is_refused_with_its_reason(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 1024)
    useless = {
        "text": (b"hello", "no RSA private key"), "empty": (b"", "no RSA private key"),
        "locked": (pem(key, b"secret"), "without a password"),
        "curve": (pem(ec.generate_private_key(ec.SECP256R1())), "no RSA private key"),
        "half": (pem(key)[:300], "no RSA private key"),
    }  # fmt: skip
    for name, (data, reason) in useless.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Misconfigured, match=reason):
            open_seal("postroom.example", "s1", tmp_path / name)
    with pytest.raises(Misconfigured, match=r"cannot read .*: No such file"):
        open_seal("postroom.example", "s1", tmp_path / "missing")
    with pytest.raises(Misconfigured, match="no selector"):
        open_seal("postroom.example", "s 1", KEY)
    with pytest.raises(Misconfigured, match="no mail address"):
        open_seal("post room", "s1", KEY)


@pytest.mark.parametrize("written", ["x", "a:b", "a:b:", ":s:/k", "a::/k"])
def test_R13_a_setting_that_names_no_key_is_refused(written: str) -> None:
    with pytest.raises(Misconfigured, match="dkim_keys"):
        from_mapping({"POSTROOM_DKIM_KEYS": written})


def test_R13_a_key_that_others_can_read_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    mine = tmp_path / "key.pem"
    mine.write_bytes(KEY.read_bytes())
    for mode, warned in ((0o600, 0), (0o640, 0), (0o644, 1)):
        mine.chmod(mode)
        read_seals(from_mapping({"POSTROOM_DKIM_KEYS": f"postroom.example:s1:{mine}"}))
        assert len(caplog.records) == warned


def test_R13_keys_for_other_domains_only_are_a_mistake() -> None:
    settings = from_mapping({"POSTROOM_DKIM_KEYS": f"other.example:s1:{KEY}"})
    with pytest.raises(Misconfigured, match="would leave unsigned"):
        read_seals(settings)
    assert read_seals(from_mapping({})).every == ()


@pytest.mark.parametrize("command", [["run"], ["worker"]])
def test_R13_nothing_starts_with_a_missing_key(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broker = {} if command == ["run"] else {"POSTROOM_BROKER_URL": "amqp://127.0.0.1:1"}
    given = {"POSTROOM_DKIM_KEYS": "postroom.example:s1:/missing.pem", "POSTROOM_DATA_DIR": str(tmp_path / "var")}
    ports = {f"POSTROOM_{name}_PORT": "0" for name in ("HTTP", "INBOUND", "SINK")}
    assert run(command, given | ports | broker) == 2
    assert "POSTROOM_DKIM_KEYS: cannot read /missing.pem" in capsys.readouterr().err


def test_R13_the_record_to_copy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dkim"], {"POSTROOM_DKIM_KEYS": f"postroom.example:s1:{KEY}"}) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("s1._domainkey.postroom.example. IN TXT (") and printed.count("\n") == 1
    strings = re.findall('"([^"]*)"', printed)
    assert "".join(strings) == SEAL.record and max(map(len, strings)) <= 255
    assert run(["dkim"], {}) == 1


def verdicts(keys: str, lookup: Callable[[str], list[str]] | None) -> list[tuple[str, str]]:
    found = sealing.findings(Surroundings({"POSTROOM_DKIM_KEYS": keys}), lookup)
    return [(each.verdict, each.found) for each in found]


def test_R13_the_doctor_says_what_is_wrong_with_a_key(tmp_path: Path) -> None:
    mine = tmp_path / "key.pem"
    mine.write_bytes(KEY.read_bytes())
    mine.chmod(0o600)
    keys = f"postroom.example:s1:{mine}"
    assert verdicts(keys, lambda name: [SEAL.record]) == [("ok", "s1._domainkey.postroom.example, 2048 bits")]
    assert verdicts(keys, lambda name: ["v=spf1 -all"])[0][0] == "wrong"
    assert verdicts(keys, lambda name: []) == [("wrong", "s1._domainkey.postroom.example is not in DNS")]
    assert verdicts(f"{keys},postroom.example:s2:/missing.pem", lambda name: [SEAL.record])[1][0] == "wrong"
    assert "unsigned" in verdicts(f"other.example:s1:{mine}", lambda name: [SEAL.record])[-1][1]
    mine.chmod(0o644)
    assert verdicts(keys, lambda name: [SEAL.record])[0][0] == "note"
    mine.write_bytes(pem(rsa.generate_private_key(65537, 1024)))
    assert ("note", "s1: 1024 bits") in verdicts(keys, lambda name: [SEAL.record])
    assert verdicts("", None) == [("ok", "no keys here: the relay signs")]


@pytest.fixture
def nameserver(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A name server that knows our record and nothing else."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
    monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
    answering = threading.Thread(target=_answer, args=(server,))
    answering.start()
    yield
    server.sendto(b"", server.getsockname())
    answering.join(5)
    server.close()


def _answer(server: socket.socket) -> None:
    while asked := server.recvfrom(4096):
        if not asked[0]:
            return
        reply = dns.message.make_response(dns.message.from_wire(asked[0]))
        if reply.question[0].name.to_text() == f"{SEAL.name}.":
            text = f'"{SEAL.record[:200]}" "{SEAL.record[200:]}"'
            reply.answer.append(dns.rrset.from_text(f"{SEAL.name}.", 60, "IN", "TXT", text))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        server.sendto(reply.to_wire(), asked[1])


@pytest.mark.usefixtures("nameserver")
def test_R13_the_doctor_asks_dns() -> None:
    assert sealing.txt(SEAL.name) == [SEAL.record]
    assert sealing.txt("s9._domainkey.postroom.example") == []


def test_R13_a_name_server_that_is_away_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    away = dns.resolver.Resolver(configure=False)
    away.nameservers = []
    monkeypatch.setattr(dns.resolver, "default_resolver", away)
    assert [verdict for verdict, _ in verdicts(f"postroom.example:s1:{KEY}", None)][-1] == "note"


@pytest.mark.parametrize(
    ("domain", "verdict"), [("mail.example.org", "ok"), ("answers.customer-service.example", "note")]
)
def test_R13_the_doctor_looks_at_the_length_of_message_ids(domain: str, verdict: str) -> None:
    (found,) = mail_names(Surroundings({"POSTROOM_MAIL_DOMAIN": domain}))
    assert found.verdict == verdict


@pytest.mark.parametrize("domain", ["bücher.example", "a b", "@x.example", "-x", ""])
def test_R13_a_mail_domain_that_no_message_id_can_carry_is_refused(domain: str) -> None:
    given = {"POSTROOM_MAIL_DOMAIN": domain or " "}
    with pytest.raises(Misconfigured, match="mail_domain"):
        from_mapping(given)
