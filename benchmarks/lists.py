"""How long the workspace takes to answer with a list of a million interactions: sorted, narrowed, searched, first and later pages.

Over HTTP, signed in, one request at a time; the first answer to each address counts, because that is what a person waits for.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks.figures import Aim, Reading, percentile
from benchmarks.filling import BUSIEST_AGENT, BUSIEST_CUSTOMER, fill
from benchmarks.ground import Ground, Place
from benchmarks.programs import running, seconds_to_answer
from benchmarks.size import Size
from deploy.engines import free_port, wait_until
from models.clock import WallClock
from models.passwords import set_password

WHO, PASSWORD = BUSIEST_AGENT, "a password of the benchmark"
ORDERS = ("number", "customer", "subject", "state", "owner", "activity", "clock")
VIEWS = ("/list/my", "/list/open", "/list/waiting", "/list/closed", "/queues", "/list/ongoing")
BESIDE = ("/drafts", "/unmatched", "/customers", f"/customers/{BUSIEST_CUSTOMER}", "/customers/c177", "/team")
NARROWED = (
    "/list/open?state=on_hold&kind=guest", "/list/open?owner=a9", "/list/open?owner=-", "/list/open?queue=billing",
    "/list/open?calling=1", "/list/open?owner=a9&kind=contact&sort=customer", "/list/closed?owner=a9&sort=number",
    "/list/my?sort=customer", "/list/open?queue=billing&sort=clock", "/list/open?owner=a9&sort=customer",
    "/list/closed?owner=a150&sort=customer", "/list/closed?owner=a150&kind=guest&sort=customer",
    "/list/closed?calling=1&sort=subject", "/list/closed?queue=billing&sort=customer",
)  # fmt: skip
SOUGHT = (
    "/list/closed?q=IMS0001500", "/search?q=gerda", "/search?q=invoice+late", "/search?q=030+1234", "/customers?q=ida.kern",
    "/customers?q=gerda", "/customers?q=id", "/search?q=nobodyofthisname", "/list/open?q=gerda&sort=customer",
    "/search?q=your", "/search?q=invoice", "/search?q=strike", "/search?q=recall", "/search?q=030", "/search?q=example.org",
    "/search?q=a", "/search?q=thea&sort=clock", "/customers?q=thea", "/customers?q=example", "/customers?q=a",
)  # fmt: skip
AIM = Aim(below=50)


def measure(ground: Ground, size: Size) -> list[Reading]:
    with ExitStack() as stack:
        place = stack.enter_context(ground.place())
        with place.rows() as store:
            fill(store.db, size.listed)
            set_password(store, WHO, PASSWORD, WallClock().now())
        client = _signed_in(stack, place)
        return [
            *_sample_world(),
            *_readings(client, f"lists of {size.listed:,}", [*VIEWS]),
            *_readings(client, "drafts, unmatched, customers, team", [*BESIDE]),
            *_readings(
                client,
                "sorted",
                [f"{view}?sort={order}&dir={way}" for view in VIEWS[:4] for order in ORDERS for way in ("up", "down")],
            ),
            *_readings(client, "narrowed", [*NARROWED]),
            *_readings(client, "searched", [*SOUGHT]),
            *_readings(
                client,
                "next page",
                _following(client, [f"{view}?sort={order}" for view in VIEWS[1:4] for order in ORDERS]),
            ),
        ]


def _sample_world() -> list[Reading]:
    """What a newcomer gets first: the embedded product with its sample people."""
    with tempfile.TemporaryDirectory(prefix="postroom-sample-") as folder:
        port = free_port()
        ports = {"http_port": port, "inbound_port": 0, "sink_port": 0}
        with running("run", data_dir=folder, log_level="error", **ports) as process:
            url = f"http://127.0.0.1:{port}"
            seconds_to_answer(f"{url}/healthz", process)
            wait_until(Path(folder, "tokens.json").exists, 60, "the sample people are there")  # the last thing kept
            with httpx.Client(base_url=url, timeout=60) as client:
                _sign_in(client, "anna", json.loads(Path(folder, "passwords.json").read_text())["anna"])
                return _readings(client, "pages of the sample world", [*VIEWS, "/customers", "/customers/ada"])


def _signed_in(stack: ExitStack, place: Place) -> httpx.Client:
    port = free_port()
    settings = {name: getattr(place, name) for name in ("broker_url", "database_url")}
    process = stack.enter_context(
        running("api", **settings, profile="test", http_port=port, log_level="error", token_keys="k1:benchmark")
    )
    url = f"http://127.0.0.1:{port}"
    seconds_to_answer(f"{url}/healthz", process)
    client = stack.enter_context(httpx.Client(base_url=url, timeout=60))
    _sign_in(client, WHO, PASSWORD)
    for view in VIEWS:
        client.get(view)  # connections, templates
    return client


def _sign_in(client: httpx.Client, who: str, password: str) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    answer = client.post("/sign-in", data={"csrf": token[1], "name": who, "password": password})
    assert answer.status_code == 303, answer.text


def _readings(client: httpx.Client, name: str, paths: list[str]) -> list[Reading]:
    taken = [_milliseconds(client, path) for path in paths]
    return [
        Reading(f"{name}, median", percentile(taken, 50), "milliseconds", AIM),
        Reading(f"{name}, slowest", max(taken), "milliseconds"),
    ]


def _milliseconds(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    answer.raise_for_status()
    return (time.perf_counter() - began) * 1000


def _following(client: httpx.Client, paths: list[str]) -> list[str]:
    pages = [(path, re.search(r'rel="next" href="[^"]*cursor=([^"]+)"', client.get(path).text)) for path in paths]
    return [f"{path}&cursor={found[1]}" for path, found in pages if found is not None]
