"""What the workspace's pages say and do, rule by rule, by forms alone; what needs eyes and a script is in tests/workspace."""

from __future__ import annotations

import re
import shutil
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer
from peewee import OperationalError

from models import tables as t
from models.passwords import session_key
from tests.api_desk import Desk, open_desk, until
from tests.pages import Reader, hidden, main


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(sqlite_template, folder / "postroom.db")
    with open_desk(f"sqlite:///{folder / 'postroom.db'}", folder, per_agent_tables="consumer") as found:
        yield found


@pytest.fixture(scope="module")
def ann(desk: Desk) -> Reader:
    return Reader(desk, "ann")


@pytest.fixture(scope="module")
def bob(desk: Desk) -> Reader:
    return Reader(desk, "bob")


def customer(desk: Desk, name: str = "Carla", kind: str = "contact") -> str:
    unique = uuid.uuid4().hex[:8]
    addresses = [{"address": f"{name.lower()}.{unique}@customer.example"}]
    desk.done("upsert_customer", "root", customer=f"c-{unique}", kind=kind, name=name, addresses=addresses)
    return f"c-{unique}"


def written(desk: Desk, who: str, customer: str, text: str, **more: Any) -> dict[str, Any]:
    return desk.done("compose", who, customer=customer, content={"subject": f"From {who}", "text": text}, **more)


def on_hold(desk: Desk, who: str, customer: str, text: str = "Sent words") -> str:
    number = str(written(desk, who, customer, text, send=True)["interaction"])
    until(lambda: desk.get(f"/v1/interactions/{number}")["state"] == "on_hold", what=f"{number} left")
    return number


def test_R12_a_stale_draft_shows_what_happened_until_its_author_says_that_it_was_read(
    desk: Desk, ann: Reader, bob: Reader
) -> None:
    whom = customer(desk)
    mine = written(desk, "ann", whom, "Half a thought")
    desk.done("send", "bob", draft=written(desk, "bob", whom, "Bob was quicker")["draft"], revision=1, hold="PT1H")
    page = f"/drafts/{mine['draft']}"
    for _ in range(2):  # a reload is no reading
        shown = main(ann.get(page))
        assert "Something happened since you opened this draft" in shown and "Bob was quicker" in shown
    held = ann.post(page, text="Half a thought", subject="Mine", base_revision=1, to="x@y.example", action="send")
    assert held.status_code == 409 and "Bob was quicker" in held.text and "Bob sent" in held.text
    assert ann.press(ann.get(page), "I have read it").status_code == 303
    assert "Something happened since" not in main(ann.get(page))
    newest = desk.get(page.replace("/drafts", "/v1/drafts"))["revision"]
    sent = ann.post(page, text="Half a thought", subject="Mine", base_revision=newest, to="x@y.example", action="send")
    assert sent.status_code == 303 and "sent=" in sent.headers["location"]


def test_R4_R7_R16_who_composes_from_anywhere_reads_what_is_open_and_on_its_way_already(
    desk: Desk, ann: Reader, bob: Reader
) -> None:
    whom = customer(desk)
    waiting = on_hold(desk, "ann", whom, "An offer")
    first = bob.post(f"/customers/{whom}/compose").headers["location"]
    shown = main(bob.get(first))
    assert f"/interactions/{waiting}" in shown and "On Hold, Ann" in shown
    assert bob.press(bob.get(first), f'Continue that one<span class="out"> {waiting}').status_code == 303
    number = on_hold(desk, "bob", whom, "x")
    assert f"/interactions/{number}" in main(bob.get(first))
    mail = written(desk, "ann", customer(desk, "Dora"), "It leaves in an hour", send=True, hold="PT1H")
    joined = desk.done("compose", "bob", customer=desk.get(f"/v1/interactions/{mail['interaction']}")["customer"]["id"])
    for path in (f"/drafts/{joined['draft']}?fresh=1", f"/drafts/{joined['draft']}/beside"):
        shown = bob.get(path)
        assert "has a mail on its way" in shown and "It leaves in an hour" in shown, path


def test_R6_where_each_agent_has_an_interaction_of_their_own_the_colleagues_one_is_named(
    desk: Desk, bob: Reader
) -> None:
    whom = customer(desk, "Conny", "consumer")
    hers = written(desk, "ann", whom, "Ann's words")["interaction"]
    shown = main(bob.get(bob.post(f"/customers/{whom}/compose").headers["location"]))
    assert f'Also open with this customer: <a href="/interactions/{hers}"' in shown and "Progress, Ann" in shown
    assert 'Owner: <b id="owner">you</b>' in shown and "Ann's words" not in shown


def test_R8_what_was_written_stays_readable_and_can_be_written_anew_where_nothing_can_be_written_any_more(
    desk: Desk, ann: Reader
) -> None:
    whom = customer(desk)
    number = on_hold(desk, "ann", whom)
    draft = desk.done("compose_reply", "ann", interaction=number, content={"text": "Words to be kept"})["draft"]
    desk.done("close", "ann", interaction=number)
    for state, sentence in (("wrap_up", "in wrap-up"), ("closed_complete", "is closed")):
        assert desk.get(f"/v1/interactions/{number}")["state"] == state
        shown = main(ann.get(f"/drafts/{draft}"))
        assert "Words to be kept" in shown and sentence in shown and "<textarea" not in shown
        if state == "wrap_up":
            desk.done("submit_wrap_up", "ann", interaction=number, code="Issue resolved")
    fresh = ann.press(ann.get(f"/drafts/{draft}"), "Write it anew").headers["location"]
    shown = main(ann.get(fresh))
    assert "Words to be kept" in shown and number not in shown.partition("</form>")[0]
    assert "Words to be kept" in main(ann.get(f"/drafts/{draft}"))


def test_R8_a_draft_opens_at_once_while_no_worker_decides(desk: Desk, ann: Reader) -> None:
    draft = written(desk, "ann", customer(desk), "Still here")["draft"]
    desk.workers.deaf = True
    try:
        assert "Still here" in main(ann.get(f"/drafts/{draft}"))
    finally:
        desk.workers.deaf = False


def test_R16_R18_R20_the_owner_reads_why_an_interaction_calls_and_reading_is_what_ends_the_call(
    desk: Desk, ann: Reader, bob: Reader
) -> None:
    whom = customer(desk)
    held, refused = on_hold(desk, "ann", whom), on_hold(desk, "ann", whom)
    calls_for_nothing = {"unread": 1, "attention": "held_back"}, {"unread": 0, "attention": "bounced"}
    for number, changes in zip((held, refused), calls_for_nothing, strict=True):
        t.Interaction.update(**changes).where(t.Interaction.id == t.id_of(number)).execute()
    before = counters(ann)
    bob.get(f"/interactions/{held}")
    ann.get(f"/interactions/{held}?glance=1")
    ann.get(f"/interactions/{held}", headers={"Sec-Purpose": "prefetch;prerender"})
    assert counters(ann) == before, "a colleague, a page that looks by itself and a browser in advance read nothing"
    for number, sentence in ((held, "held back because the customer wrote"), (refused, "A mail came back")):
        assert sentence in main(ann.get(f"/interactions/{number}"))
        assert sentence not in main(ann.get(f"/interactions/{number}"))
    assert counters(ann)["total"] == before["total"] - 2


def test_R18_the_counter_counts_all_that_calls_however_much_is_listed(desk: Desk, ann: Reader) -> None:
    before, whom = counters(ann), customer(desk)
    for unread in range(1, 11):
        number = t.id_of(str(written(desk, "ann", whom, "x", new_draft=True)["interaction"]))
        t.Interaction.update(unread=unread, consolidation_key=None).where(t.Interaction.id == number).execute()
    now = counters(ann)
    assert now["total"] == before["total"] + sum(range(1, 11)) and len(now["items"]) == 8
    assert len(now["calling"]) == len(before["calling"]) + 10
    page = ann.get("/me")
    assert f"<title>({now['total']}) " in page and f'id="ongoing-total">{now["total"]}</span>' in page


def test_R8_words_come_back_when_the_session_ended_and_are_posted_again_after_signing_in(desk: Desk) -> None:
    mia = Reader(desk, "mia")
    draft = written(desk, "mia", customer(desk), "Before")["draft"]
    mia.http.cookies.clear()
    answer = mia.post(
        f"/drafts/{draft}", text="Typed while\r\nit ended", subject="Mine", base_revision=1, action="save"
    )
    assert answer.status_code == 401 and "Typed while" in answer.text and 'href="/sign-in"' in answer.text
    mia.sign_in()
    again = mia.http.post(
        f"/drafts/{draft}", data=hidden(answer.text) | {"text": "Typed while\r\nit ended", "subject": "Mine"}
    )
    assert again.status_code == 403 and "Typed while" in again.text, "the page knows the former session only"
    taken = mia.http.post(
        f"/drafts/{draft}", data=hidden(again.text) | {"text": "Typed while\r\nit ended", "subject": "Mine"}
    )
    assert taken.status_code == 303
    assert "Typed while\nit ended" in main(mia.get(f"/drafts/{draft}"))


def test_R8_words_come_back_when_the_form_is_too_large_or_a_note_comes_too_late(desk: Desk, ann: Reader) -> None:
    whom = customer(desk)
    draft = written(desk, "ann", whom, "Before")["draft"]
    words = {"text": "Words beside files", "subject": "s", "base_revision": "1", "action": "save"}
    many = [("files", (f"{n}.txt", b"x", "text/plain")) for n in range(21)]
    large = [("files", ("large.bin", b"x" * 30_000_000, "application/octet-stream"))]
    for files in (many, large):
        answer = ann.post(f"/drafts/{draft}", files=files, **words)
        assert answer.status_code == 413 and "Words beside files" in answer.text, answer.text[:300]
    assert "20.txt" in ann.post(f"/drafts/{draft}", files=many, **words).text
    desk.done("close", "ann", interaction=desk.get(f"/v1/drafts/{draft}")["interaction"])
    late = ann.post(f"/interactions/{desk.get(f'/v1/drafts/{draft}')['interaction']}/note", text="A note of an hour")
    assert late.status_code == 409 and "A note of an hour" in late.text and "closed" in late.text
    stolen = ann.http.post(
        f"/drafts/{draft}", data={"csrf": "x", "text": "Not ours"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert stolen.status_code == 403 and "Not ours" not in stolen.text


def test_R8_words_come_back_while_the_database_is_away(
    desk: Desk, ann: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = written(desk, "ann", customer(desk), "Before")["draft"]

    def away(*_: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as lost:
        lost.setattr(t.Principal, "get_or_none", away)
        answer = ann.post(f"/drafts/{draft}", text="Written meanwhile", subject="Mine", base_revision=1, action="save")
    assert answer.status_code == 503 and "Written meanwhile" in answer.text
    taken = ann.http.post(f"/drafts/{draft}", data=hidden(answer.text) | {"text": "Written meanwhile"})
    assert taken.status_code == 303


def test_R2_only_what_somebody_does_puts_the_idle_end_of_a_session_off(desk: Desk) -> None:
    mia = Reader(desk, "mia")
    number = written(desk, "mia", customer(desk), "x")["interaction"]
    old = mia.http.cookies["postroom_session"]
    quiet = [
        ("/captured?part=1", {}),
        (f"/interactions/{number}?glance=1", {}),
        ("/list/my", {"Sec-Fetch-Dest": "empty"}),
    ]
    for path, headers, renewed in [
        *((*each, False) for each in quiet),
        ("/list/my", {"Sec-Fetch-Dest": "document"}, True),
    ]:
        mia.http.cookies.set("postroom_session", _older(desk, old), domain="127.0.0.1", path="/")
        answer = mia.http.get(path, headers=headers)
        assert answer.status_code == 200 and ("set-cookie" in answer.headers) is renewed, path


def _older(desk: Desk, cookie: str) -> str:
    """The same session, last seen an hour ago."""
    signer = URLSafeSerializer(session_key(desk.store), salt="postroom.workspace.session")
    kept = signer.loads(cookie)
    return str(signer.dumps(kept | {"seen": kept["seen"] - 3600}))


def test_R29_what_is_chosen_on_a_list_is_handed_on_and_what_cannot_be_is_named(desk: Desk, ann: Reader) -> None:
    queue = f"q-{uuid.uuid4().hex[:6]}"
    numbers = [str(written(desk, "ann", customer(desk), "x")["interaction"]) for _ in range(3)]
    shown = main(ann.get("/list/my"))
    assert all(f'value="{number}" form="hand-on"' in shown for number in numbers)
    answer = ann.post("/hand-on", number=numbers, to_queue=queue, back="/list/my?sort=number")
    assert (answer.status_code, answer.headers["location"]) == (303, "/list/my?sort=number")
    assert all(number in main(ann.get(f"/queues?queue={queue}")) for number in numbers)
    desk.done("close", "ann", interaction=numbers[0])
    answer = ann.post("/hand-on", number=numbers, to_agent="bob", back="//evil.example/")
    assert answer.status_code == 422 and "2 of 3 are handed on" in answer.text and numbers[0] in answer.text
    assert desk.get(f"/v1/interactions/{numbers[2]}")["owner"] == "bob"
    assert "Choose interactions" in ann.post("/hand-on", to_agent="bob").text


def test_R9_two_texts_are_brought_together_with_the_files_of_both(desk: Desk, ann: Reader) -> None:
    draft = written(desk, "ann", customer(desk), "We come on Monday")["draft"]
    for base, text, name in ((1, "We come on Tuesday", "one.txt"), (1, "We come on Friday", "other.txt")):
        file = [("files", (name, name.encode(), "text/plain"))]
        fields = {"subject": "s", "text": text, "base_revision": str(base), "attachments_shown": "1", "action": "save"}
        answer = ann.post(f"/drafts/{draft}", files=file, **fields)
    page = ann.get(answer.headers["location"], 409)
    assert "<del>Tuesday</del>" in page and "<ins>Friday</ins>" in page and "one.txt <span" in page
    kept = [unescape(each) for each in re.findall(r"name=\"keep\" value='([^']+)'", page)]
    form = hidden(page[page.index("Or bring them together") :])
    ann.http.post(
        f"/drafts/{draft}", data=form | {"keep": kept, "text": "Monday or Friday", "subject": "s", "action": "save"}
    )
    now = desk.get(f"/v1/drafts/{draft}")["content"]
    assert now["text"] == "Monday or Friday"
    assert sorted(each["name"] for each in now["attachments"]) == ["one.txt", "other.txt"]


def counters(reader: Reader) -> dict[str, Any]:
    found: dict[str, Any] = reader.http.get("/live/counters").json()
    return found


def test_what_is_not_there_or_went_wrong_is_a_page_for_a_person_and_a_problem_for_a_program(
    desk: Desk, ann: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(method: str, path: str, status: int) -> str:
        page = ann.http.request(method, path)
        assert page.status_code == status and page.headers["content-type"].startswith("text/html"), page.text
        assert "content-security-policy" in page.headers and 'href="/"' in page.text
        asked = ann.http.request(method, path, headers={"Accept": "application/json"})
        assert (asked.status_code, asked.headers["content-type"]) == (status, "application/problem+json")
        return main(page.text)

    assert "There is nothing here" in told("GET", "/no/<b>such</b>/page", 404)
    assert "is not possible" in told("DELETE", "/drafts", 405)
    assert ann.http.get("/v1/nothing").headers["content-type"] == "application/problem+json"
    for error, status, words in (
        (OperationalError("away"), 503, "Not at the moment"),
        (ValueError(), 500, "under er_"),
    ):
        monkeypatch.setattr("producers.workspace.sessions.has_ended", lambda _, error=error: _raise(error))
        assert words in told("GET", "/list/my", status)


def _raise(error: Exception) -> bool:
    raise error


def test_R14_R16_a_mail_that_did_not_leave_keeps_its_own_words_on_the_page(
    desk: Desk, ann: Reader, bob: Reader
) -> None:
    whom = customer(desk)
    first = written(desk, "ann", whom, "What was taken back", send=True, hold="PT1H")
    mine = written(desk, "bob", whom, "Half a thought")
    desk.done("cancel_send", "ann", mail=first["mail"])
    again = {"draft": first["draft"], "base_revision": 1, "content": {"text": "What leaves instead"}}
    saved = desk.done("save_draft", "ann", **again)
    second = desk.done("send", "ann", draft=first["draft"], revision=saved["revision"], hold="PT1H", confirm=True)
    shown = main(ann.get(f"/interactions/{first['interaction']}"))
    cards = {
        each: shown.partition(f'id="{each}"')[2].partition("</article>")[0] for each in (first["mail"], second["mail"])
    }
    assert "What was taken back" in cards[first["mail"]] and "What leaves instead" in cards[second["mail"]]
    news = main(bob.get(f"/drafts/{mine['draft']}"))
    assert "What leaves instead" in news
