"""Compares what was understood with the truth of each collection; refuses to count what the truth does not state."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from benchmarks.mail.corpus import Sample
from benchmarks.mail.lines import Line, none, share
from workers.reports import Report
from workers.understanding import Understood, understand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
# The corpus' classes in our words. It has none for "not yet": a delay is a bounce there and a delivery note here.
CLASSES = {"bounce": "bounce", "complaint": "complaint", "auto_reply": "automatic", "delivered": "delivery_note"}


def judge_reports(samples: list[Sample]) -> list[Line]:
    understood = [(sample, understand(sample.raw, NOW)) for sample in samples]
    wrong = [f"{s.name}: {s.truth['class']}, taken for {u.kind}" for s, u in understood if not _class_right(s, u)]
    judged = [one for s, u in understood if s.truth["class"] == "bounce" for one in _permanence(s, u)]
    misses = [told for right, told in judged if not right]
    return [
        share(
            "reports: class right (a delay counts as the corpus' bounce)",
            len(samples) - len(wrong),
            len(samples),
            0.99,
            wrong,
        ),
        share(
            "reports: permanent or not, where a status is stated", len(judged) - len(misses), len(judged), 0.95, misses
        ),
        none("reports: taken for a human answer", [s.name for s, u in understood if u.kind == "human"]),
    ]


def judge_addresses(samples: list[Sample]) -> list[Line]:
    understood = [(sample, understand(sample.raw, NOW)) for sample in samples]
    misses, all_misses = [], []
    for sample, found in understood:
        final, trying = _addresses(found.reports, True), _addresses(found.reports, False)
        permanent, temporary = set(sample.truth["permanent"]), set(sample.truth["temporary"])
        if final | trying != permanent | temporary:
            misses.append(f"{sample.name}: {sorted(permanent | temporary)}, found {sorted(final | trying)}")
        if (final, trying) != (permanent, temporary):
            all_misses.append(
                f"{sample.name}: {sorted(permanent)} and {sorted(temporary)}, found {sorted(final)} and {sorted(trying)}"
            )
    return [
        share("bounced_addresses: exact set", len(samples) - len(misses), len(samples), 0.97, misses),
        share(
            "bounced_addresses: exact sets, given up and still tried apart",
            len(samples) - len(all_misses),
            len(samples),
            0.97,
            all_misses,
        ),
        none("bounced_addresses: taken for a human answer", [s.name for s, u in understood if u.kind == "human"]),
    ]


def judge_replies(samples: list[Sample]) -> list[Line]:
    understood = [(sample, understand(sample.raw, NOW)) for sample in samples]
    inexact = [s.name for s, u in understood if u.text.strip() != s.truth]
    lost = {s.name: Counter(s.truth.split()) - Counter(u.text.split()) for s, u in understood}
    return [
        share("replies: exact text of the person", len(samples) - len(inexact), len(samples), 0.70, inexact),
        none(
            "replies: mails that lost words of the person", [f"{n}: {' '.join(w)[:200]}" for n, w in lost.items() if w]
        ),
        none(
            "replies: a human mail taken for something else",
            [f"{s.name}: {u.kind}" for s, u in understood if u.kind != "human"],
        ),
    ]


def _class_right(sample: Sample, found: Understood) -> bool:
    wanted = CLASSES[sample.truth["class"]]
    delayed = found.kind == "delivery_note" and bool(found.reports)
    return found.kind == wanted or (wanted == "bounce" and delayed)


def _permanence(sample: Sample, found: Understood) -> list[tuple[bool, str]]:
    """One verdict per recipient whose status stands in the mail."""
    wanted = sample.truth["recipients"]
    verdicts = []
    for place, recipient in enumerate(wanted):
        status = recipient["status"]
        if not status or status.encode() not in sample.raw:
            continue
        report = _report_of(status, place, len(wanted), found.reports)
        told = f"{sample.name}: {status} permanent={recipient['permanent']}, found {report}"
        verdicts.append((report is not None and report.permanent == recipient["permanent"], told))
    return verdicts


def _report_of(status: str, place: int, wanted: int, reports: tuple[Report, ...]) -> Report | None:
    """The truth names no address: the same place in the mail, or where the numbers differ the same status."""
    if len(reports) == wanted:
        return reports[place]
    return next((report for report in reports if report.status == status), None)


def _addresses(reports: tuple[Report, ...], final: bool) -> set[str]:
    return {report.address for report in reports if report.address and report.final is final}
