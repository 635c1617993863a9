"""The site's numbers in the text format that Prometheus reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.errors import EngineError
from engine.service.measuring import Measures, measured
from engine.web.served import Served


class _Numbers(Collector):
    """One moment's numbers, each with its meaning."""

    def __init__(self, found: Measures) -> None:
        self._found = found

    def collect(self) -> Iterable[GaugeMetricFamily]:
        found = self._found
        yield _by_state("medfrist_mails", "Mails in the outbox by state", found.mails)
        yield _one(
            "medfrist_oldest_waiting_mail_seconds",
            "Age of the oldest mail that has not gone; 0 when none waits",
            found.oldest_waiting_seconds,
        )
        yield _one("medfrist_outbox_held", "1 while mails are held back", found.held)
        yield _one(
            "medfrist_last_run_timestamp_seconds",
            "When what was due was last reckoned and sent to the end; 0 before the first time",
            found.ran_at.timestamp() if found.ran_at else 0,
        )
        yield _one("medfrist_edition", "The edition in force", found.edition)
        yield _by_state("medfrist_findings", "Findings of the plan", found.findings, "severity")
        yield _by_state("medfrist_deadlines", "Deadlines of the plan by state", found.deadlines)
        yield _one("medfrist_feeds", "Calendar subscriptions", found.feeds)
        yield _one(
            "medfrist_feeds_fetched", "Subscriptions fetched within 30 days", found.feeds_fetched
        )


def metrics(served: Served) -> Callable[[Request], Response]:
    """What a scraper is told; without an edition, that it is not ready."""

    def answer(_: Request) -> Response:
        try:
            with served.look() as look:
                found = measured(served.site.once(), look.store, look.view)
        except EngineError as error:
            return PlainTextResponse(f"# {error.code}\n", 503)
        registry = CollectorRegistry()
        registry.register(_Numbers(found))
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return answer


def _one(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=float(value))


def _by_state(
    name: str, meaning: str, counts: Mapping[str, int], label: str = "state"
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family
