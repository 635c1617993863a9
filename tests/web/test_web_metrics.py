from __future__ import annotations

from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families
from web_visits import Visitor, visiting

from engine.errors import Severity
from engine.planning.status import State, state
from engine.service.measuring import MAIL_STATES
from engine.service.plans import PlanKept
from engine.service.reminding import remind
from engine.service.site import Site


def numbers(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_number_of_a_site_that_has_sent(site: Site) -> None:
    sent = remind(site)
    kept = PlanKept()
    with kept.store(site) as store:
        view = kept.view(site, store)
    kept.close()
    states = Counter(state(each, view.plan, site.today) for each in view.plan.deadlines)
    findings = Counter(finding.severity for finding in view.plan.findings)
    with visiting(site) as visitor:
        answer = visitor.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert numbers(answer.text) == {
        **{f"medfrist_mails[{name}]": 0.0 for name in MAIL_STATES},
        "medfrist_mails[sent]": float(len(sent.mails)),
        "medfrist_oldest_waiting_mail_seconds": 0.0,
        "medfrist_outbox_held": 0.0,
        "medfrist_last_run_timestamp_seconds": site.now.timestamp(),
        "medfrist_edition": 1.0,
        **{f"medfrist_findings[{each.value}]": float(findings[each]) for each in Severity},
        **{f"medfrist_deadlines[{each.value}]": float(states[each]) for each in State},
        "medfrist_feeds": 0.0,
        "medfrist_feeds_fetched": 0.0,
    }


def test_nothing_is_named(site: Site) -> None:
    remind(site)
    with visiting(site) as visitor:
        text = visitor.get("/metrics").text
    assert [word for word in ("@", "oes-med", "/2026", "hny") if word in text] == []


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"host": "med.kommune.example"}),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}),
    ],
)
def test_only_where_pages_are(site: Site, address: str, headers: dict[str, str]) -> None:
    with visiting(site, address) as visitor:
        assert visitor.get("/metrics", headers).status_code == 403


def test_without_an_edition_it_says_so(client: Visitor, site: Site) -> None:
    (site.folder / "var" / "medfrist.db").unlink()
    with visiting(site) as visitor:
        answer = visitor.get("/metrics")
    assert (answer.status_code, answer.text) == (503, "# service.no-edition\n")
