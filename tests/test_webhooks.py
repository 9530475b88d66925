"""Providers' webhooks as their documentation describes them: theirs, fresh, kept before 200, tried again exactly when it helps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from models import tables as t
from models.addresses import NULL_SENDER
from models.errors import Misconfigured
from models.settings import Settings
from producers.api.providers import providers_of
from tests.api_desk import Desk, open_desk, problem, until

RAW = b"From: Kim <kim@them.example>\r\nTo: care@us.example\r\nSubject: hi\r\n\r\nBl\xc3\xa4 & + % \r\n.dot\r\n"
KEY, LOGIN = "key-4711", "hook:s3cret"
PAIR = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(PAIR.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
ALL: dict[str, Any] = {"mailgun_signing_key": KEY, "postmark_login": LOGIN, "sendgrid_public_key": PUBLIC}


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path) -> Iterator[Desk]:
    with open_desk(sqlite_url, tmp_path / "desk", **ALL, mail_limit_bytes=20_000) as desk:
        yield desk


BROKEN = {
    "X-Twilio-Email-Event-Webhook-Signature": "ä".encode(), "X-Twilio-Email-Event-Webhook-Timestamp": b"1"
}  # fmt: skip


def mailgun(
    desk: Desk, raw: bytes = RAW, token: str = "t" * 50, key: str = KEY, at: datetime | None = None, **more: Any
) -> Any:
    stamp = str(int((at or now()).timestamp()))
    signature = hmac.new(key.encode(), (stamp + token).encode(), hashlib.sha256).hexdigest()
    form = {"timestamp": stamp, "token": token, "signature": signature, "sender": "kim@them.example"}
    form |= {"recipient": "care@us.example,reply+x@us.example", "body-mime": raw} | more
    return post(
        desk, "mailgun/mime", content=urlencode(form), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )


def postmark(desk: Desk, raw: bytes | None = RAW, login: str = LOGIN, **more: Any) -> Any:
    body = {"OriginalRecipient": "care@us.example", "TextBody": "Blä", "Attachments": []}
    body |= {"Headers": [{"Name": "Return-Path", "Value": "<kim@them.example>"}]} | more
    body |= {"RawEmail": raw.decode()} if raw is not None else {}
    return post(desk, "postmark", content=json.dumps(body), auth=tuple(login.split(":")))


def sendgrid(
    desk: Desk, raw: bytes = RAW, pair: Any = PAIR, at: datetime | None = None, tail: bytes = b"", **more: Any
) -> Any:
    envelope = json.dumps({"to": ["care@us.example"], "from": "kim@them.example"})
    fields = {"email": (None, raw), "envelope": (None, envelope), "spam_score": (None, "0.1")} | more
    made = httpx.Request("POST", "http://x", files={name: value for name, value in fields.items() if value})
    stamp = str(int((at or now()).timestamp()))
    signed = base64.b64encode(pair.sign(stamp.encode() + made.read(), ec.ECDSA(SHA256()))).decode()
    names = {"X-Twilio-Email-Event-Webhook-Signature": signed, "X-Twilio-Email-Event-Webhook-Timestamp": stamp}
    headers = {"Content-Type": made.headers["Content-Type"], **names}
    return post(desk, "sendgrid", content=made.read() + tail, headers=headers)


def post(desk: Desk, where: str, **request: Any) -> httpx.Response:
    with desk.client(None) as client:
        return client.post(f"/v1/inbound/{where}", **request)


def now() -> datetime:
    return datetime.now().astimezone()


def turned_away() -> dict[tuple[str, str], int]:
    return {(row.door, row.reason): row.count for row in t.TurnedAway.select()}


@pytest.mark.parametrize(("give", "recipients"), [(mailgun, 2), (postmark, 1), (sendgrid, 1)])
def test_R34_the_raw_mail_of_a_provider_is_kept_before_200_and_placed(desk: Desk, give: Any, recipients: int) -> None:
    """Retried by the provider, or repeated by somebody, it is the same mail."""
    first, again = give(desk), give(desk)
    assert (first.status_code, again.status_code) == (200, 200), (first.text, again.text)
    assert first.json() == again.json() and first.json()["blob"] == hashlib.sha256(RAW).hexdigest()
    assert bytes(t.Blob.get_by_id(first.json()["blob"]).data) == RAW
    rows = list(t.Command.select())
    assert len(rows) == recipients and {row.principal for row in rows} == {"mailroom"}
    kept = until(lambda: t.Incoming.get_or_none(), what="the mail is placed")
    assert (kept.state, kept.envelope_from) == ("unmatched", "kim@them.example")
    assert turned_away() == {}


@pytest.mark.parametrize(
    ("give", "said"),
    [
        (mailgun, {"sender": ""}),
        (postmark, {"Headers": [{"Name": "Return-Path", "Value": "<>"}]}),
        (sendgrid, {"envelope": (None, json.dumps({"to": ["care@us.example"], "from": ""}))}),
    ],
)
def test_R20_a_provider_hands_on_that_a_mail_came_from_the_null_sender(desk: Desk, give: Any, said: Any) -> None:
    assert give(desk, **said).status_code == 200
    assert until(lambda: t.Incoming.get_or_none(), what="the mail is placed").envelope_from == NULL_SENDER


@pytest.mark.parametrize(
    ("name", "reason", "forge"),
    [
        ("mailgun", "forged", lambda desk: mailgun(desk, key="guessed")),
        ("mailgun", "forged", lambda desk: mailgun(desk, token="")),
        ("mailgun", "expired", lambda desk: mailgun(desk, at=now() - timedelta(hours=13))),
        ("mailgun", "expired", lambda desk: mailgun(desk, at=now() + timedelta(hours=13))),
        ("postmark", "forged", lambda desk: postmark(desk, login="hook:guessed")),
        ("postmark", "forged", lambda desk: post(desk, "postmark", content=b"{}")),
        ("sendgrid", "forged", lambda desk: sendgrid(desk, pair=ec.generate_private_key(ec.SECP256R1()))),
        ("sendgrid", "forged", lambda desk: sendgrid(desk, tail=b"x")),
        ("sendgrid", "forged", lambda desk: post(desk, "sendgrid", content=b"")),
        ("sendgrid", "expired", lambda desk: sendgrid(desk, at=now() - timedelta(days=5))),
        ("sendgrid", "forged", lambda desk: post(desk, "sendgrid", content=b"x", headers=BROKEN)),
    ],
)
def test_R34_what_is_not_the_providers_is_turned_away_and_counted(
    desk: Desk, name: str, reason: str, forge: Any
) -> None:
    """Under a key that is just being changed it is the provider's all the same: SendGrid drops a mail at any 4xx."""
    for _ in range(2):
        problem(forge(desk), 503 if name == "sendgrid" else 401, reason)
    assert turned_away() == {(name, reason): 2}
    assert t.Command.select().count() == 0 and t.Blob.select().count() == 0


def test_R34_a_signature_of_mailgun_stands_for_one_mail_alone(desk: Desk) -> None:
    """It signs no more than a time and a token: whoever has seen one may not send another mail with it."""
    assert mailgun(desk).status_code == 200
    problem(mailgun(desk, raw=RAW + b"pay here\r\n"), 401, "replayed")
    problem(mailgun(desk, recipient="other@us.example"), 401, "replayed")
    assert mailgun(desk).status_code == 200
    assert mailgun(desk, raw=RAW + b"more\r\n", token="u" * 50).status_code == 200
    assert t.Blob.select().count() == 2 and turned_away() == {("mailgun", "replayed"): 2}


@pytest.mark.parametrize(
    ("give", "without", "ends"),
    [
        (mailgun, {"raw": b""}, 406),
        (postmark, {"raw": None}, 403),
        (sendgrid, {"email": None}, 413),
    ],
)
def test_R34_each_provider_tries_again_exactly_when_that_helps(desk: Desk, give: Any, without: Any, ends: int) -> None:
    """A switch set wrongly there is mended while the provider still tries; a mail that is too large never fits."""
    answer = give(desk, **without)
    assert problem(answer, 503, "no_raw_mail")["detail"] and answer.headers["retry-after"]
    problem(give(desk, raw=RAW + b"x" * 20_000), ends, "too_large")
    problem(give(desk, raw=RAW + b"x" * 400_000), ends, "too_large")
    assert {reason for _, reason in turned_away()} == {"no_raw_mail", "too_large"}
    assert give(desk, raw=RAW, **({"token": "v" * 50} if give is mailgun else {})).status_code == 200


def test_R34_while_the_database_is_away_the_provider_keeps_the_mail(
    postgres: Any, postgres_url: str, tmp_path: Path
) -> None:
    with open_desk(postgres_url, tmp_path / "desk", **ALL) as desk:
        desk.store.close()
        postgres.stop()
        try:
            for give in (mailgun, postmark, sendgrid):
                problem(give(desk), 503, "database_away")
        finally:
            postgres.start()
        assert [give(desk).status_code for give in (mailgun, postmark, sendgrid)] == [200] * 3
        problem(mailgun(desk, raw=b"other"), 401, "replayed")
        assert t.Blob.select().count() == 1


def test_R34_too_many_doubtful_requests_are_no_reason_for_a_provider_to_drop_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    with open_desk(sqlite_url, tmp_path / "desk", **ALL, http_rate=1) as desk:
        answers = [post(desk, "sendgrid", content=b"") for _ in range(6)]
        assert {(each.status_code, each.json()["code"]) for each in answers} == {
            (503, "forged"),
            (503, "too_many_requests"),
        }
        assert sendgrid(desk).status_code == 200, "what is signed comes in meanwhile"


@pytest.mark.parametrize("missing", ALL)
def test_R34_without_its_secret_a_door_is_not_there(sqlite_url: str, tmp_path: Path, missing: str) -> None:
    with open_desk(
        sqlite_url, tmp_path / "desk", **{name: value for name, value in ALL.items() if name != missing}
    ) as desk:
        given = {name.partition("_")[0]: (mailgun, postmark, sendgrid)[place](desk) for place, name in enumerate(ALL)}
        problem(given.pop(missing.partition("_")[0]), 404, "not_found")
        assert [answer.status_code for answer in given.values()] == [200, 200]


def test_R34_a_form_comes_in_either_encoding_and_with_any_bytes(desk: Desk) -> None:
    stamp, token, raw = str(int(now().timestamp())), "w" * 50, b"Subject: x\r\n\r\n\xff\xfe\x00latin \xe4\r\n" * 300
    signature = hmac.new(KEY.encode(), (stamp + token).encode(), hashlib.sha256).hexdigest()
    fields = {"timestamp": stamp, "token": token, "signature": signature, "recipient": "<care@us.example>"}
    parts = {name: (None, value) for name, value in fields.items()} | {"body-mime": ("mail.eml", raw)}
    answer = post(desk, "mailgun", files=parts)
    assert answer.status_code == 200, answer.text
    assert bytes(t.Blob.get().data) == raw


def test_R34_a_recipient_no_command_can_carry_loses_no_mail(desk: Desk) -> None:
    desk.workers.deaf = True
    answer = mailgun(desk, recipient="x" * 400 + "@us.example", sender="a\nb@them.example")
    assert answer.status_code == 200, answer.text
    assert '"envelope_to":"care@postroom.example"' in str(t.Command.get().wire)


@pytest.mark.parametrize("key", ["nonsense", base64.b64encode(b"x" * 90).decode()])
def test_R34_a_key_that_is_none_stops_the_start(key: str) -> None:
    with pytest.raises(Misconfigured, match="POSTROOM_SENDGRID_PUBLIC_KEY"):
        providers_of(Settings(sendgrid_public_key=key))
