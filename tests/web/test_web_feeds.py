from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import httpx
import pytest
from web_visits import Visitor, serving, visiting

from engine.config import Database
from engine.errors import DefinitionError, Unknown
from engine.service import feeds
from engine.service.applying import apply
from engine.service.clock import stopped_at
from engine.service.current import in_store
from engine.service.keeping import nightly
from engine.service.plans import PlanKept
from engine.service.publishing import rendered
from engine.service.site import Site

UNKNOWN = "A" * 43


@pytest.fixture
def address(site: Site) -> str:
    return path_of(feeds.create(site, committee="oes-med").url)


def path_of(url: str) -> str:
    return url.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def net(site: Site) -> Iterator[httpx.Client]:
    with serving(site) as base, httpx.Client(base_url=base) as client:
        yield client


def named(answer: httpx.Response, *names: str) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in names}


def published(site: Site, name: str) -> bytes:
    with site.store() as store:
        now = in_store(store)
        assert now is not None
        view = PlanKept().view(site, store)
        return rendered(site, now, view.plan, view.ledger)[name]


def test_a_calendar_comes_whole_with_everything_clients_need(
    site: Site, net: httpx.Client, address: str
) -> None:
    answer = net.get(address, headers={"Accept-Encoding": "gzip, br", "Accept": "text/html"})
    assert (answer.status_code, answer.content) == (200, published(site, "oes-med.ics"))
    told = dict(answer.headers)
    del told["date"]
    assert told == {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(answer.content)),
        "etag": f'"{sha256(answer.content).hexdigest()}"',
        "cache-control": "private, max-age=300",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex",
    }


def test_head_is_get_without_the_body(net: httpx.Client, address: str) -> None:
    whole, head = net.get(address), net.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"another", {tag}', 304),
        ('W/"another",W/{tag}', 304),
        ("*", 304),
        ('"another"', 200),
        ("{bare}", 200),
        ("", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_the_client_has_already_is_not_sent_again(
    reader: Visitor, open_address: str, asked: str, status: int, method: str
) -> None:
    tag = reader.get(open_address).headers["etag"]
    header = asked.format(tag=tag, bare=tag.strip('"'))
    answer = reader.request(method, open_address, headers={"If-None-Match": header})
    assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    assert (answer.content == b"") == (status == 304 or method == "HEAD")


def test_tags_in_several_headers_count_too(net: httpx.Client, address: str) -> None:
    tag = net.get(address).headers["etag"]
    answer = net.get(address, headers=[("If-None-Match", '"a"'), ("If-None-Match", tag)])
    assert answer.status_code == 304


@pytest.mark.parametrize(
    "path",
    [f"/feeds/{UNKNOWN}.ics", "/feeds/", "/feeds/short.ics", f"/feeds/{UNKNOWN}", "/feeds/æ.ics"],
)
def test_an_unknown_calendar_is_a_plain_404(reader: Visitor, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.text) == (404, "Not found\n")
    assert named(answer, "content-type", "cache-control", "set-cookie", "location") == {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "no-store",
        "set-cookie": None,
        "location": None,
    }


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_a_calendar_can_only_be_read(reader: Visitor, open_address: str, method: str) -> None:
    answer = reader.request(method, open_address)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_revoked_calendar_is_gone_at_once(site: Site, client: Visitor) -> None:
    made = feeds.create(site, person="bra")
    assert client.get(path_of(made.url)).status_code == 200
    feeds.revoke(site, made.feed)
    assert client.get(path_of(made.url)).status_code == 404


def test_a_leavers_calendar_ends_the_day_after_the_last_seat(site: Site) -> None:
    def at(moment: str) -> Site:
        return replace(site, clock=stopped_at(moment))

    made = feeds.create(site, person="bra")
    token = path_of(made.url).removeprefix("/feeds/").removesuffix(".ics")

    def held(moment: str) -> bool:
        kept = PlanKept()
        try:
            return feeds.fetched(at(moment), kept, token) is not None
        finally:
            kept.close()

    assert [held(day) for day in ("2027-05-31T23:00", "2027-06-01T00:30")] == [True, False]
    nightly(at("2027-05-31T04:15"))
    assert [each.feed for each in feeds.listed(site)] == [made.feed]
    nightly(at("2027-06-01T04:15"))
    assert (feeds.listed(site), held("2027-05-31T23:00")) == ([], False)
    with pytest.raises(Unknown) as refused:
        feeds.create(at("2027-06-01T09:00"), person="bra")
    assert refused.value.code == "service.feed-has-left"


def test_the_calendars_on_the_page_are_the_published_ones(site: Site, client: Visitor) -> None:
    with site.store() as store:
        now = in_store(store)
        assert now is not None
        addresses = dict(feeds.open_feeds(site, store, now))
    committees = now.edition.organisation.committees
    assert list(addresses) == [committee.title for committee in committees.values()]
    answer = client.get(path_of(addresses[committees["chefforum"].title]))
    assert answer.content == published(site, "chefforum.ics")


@pytest.mark.parametrize(
    ("host", "forwarded_for", "status"),
    [
        ("127.0.0.1:8000", "", 200),
        ("localhost", "", 200),
        ("medfrist.kommune.example", "", 200),
        ("medfrist.kommune.example:443", "203.0.113.9", 200),
        ("evil.example", "", 403),
        ("", "", 403),
    ],
)
def test_calendars_answer_to_the_sites_own_name_too(
    site: Site, host: str, forwarded_for: str, status: int
) -> None:
    web = site.config.web.model_copy(update={"base_url": "https://medfrist.kommune.example"})
    public = replace(site, config=site.config.model_copy(update={"web": web}))
    path = feeds.create(public, committee="oes-med").url.removeprefix(web.base_url)
    headers = {"Host": host} | ({"X-Forwarded-For": forwarded_for} if forwarded_for else {})
    with visiting(public) as client:
        assert client.get(path, headers=headers).status_code == status
        page = client.get("/", headers=headers)
        assert page.status_code == (200 if status == 200 and "kommune" not in host else 403)


def test_a_client_on_another_machine_gets_nothing(site: Site, address: str) -> None:
    with visiting(site, "10.0.0.7") as far:
        statuses = [far.get(path).status_code for path in (address, "/", "/health/live")]
    assert statuses == [403, 403, 403]


def test_no_address_reaches_a_log(
    site: Site, address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(site) as base:
        assert httpx_quietly(base, address) == [200, 405, 404]
    logged = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    told = "\n".join([*logged, *capfd.readouterr()])
    token = address.removeprefix("/feeds/").removesuffix(".ics")
    assert (token in told, UNKNOWN in told) == (False, False)


def httpx_quietly(base: str, address: str) -> list[int]:
    """The statuses of three requests, by a client that writes no log of its own."""
    import http.client
    from urllib.parse import urlsplit

    statuses = []
    for method, path in (("GET", address), ("POST", address), ("GET", f"/feeds/{UNKNOWN}.ics")):
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
        connection.request(method, path)
        statuses.append(connection.getresponse().status)
        connection.close()
    return statuses


def test_a_store_that_cannot_be_read_is_a_503(site: Site, address: str) -> None:
    broken = site.folder / "no-database.db"
    broken.write_bytes(b"this is no database" * 100)
    config = site.config.model_copy(update={"database": Database(url=f"sqlite:///{broken}")})
    with visiting(replace(site, config=config)) as client:
        calendar, page, ready = (client.get(path) for path in (address, "/", "/health/ready"))
    assert (calendar.status_code, calendar.text) == (503, "Unavailable\n")
    assert (page.status_code, ready.status_code) == (503, 503)
    assert {each.headers.get("retry-after") for each in (calendar, page)} == {"60"}
    assert ready.json() == {"status": "not ready", "reason": "store.unusable"}
    assert "<h1>Medfrist kan ikke svare lige nu</h1>" in page.text


def test_a_broken_edit_changes_nothing_that_is_served(
    site: Site, net: httpx.Client, address: str
) -> None:
    paths = (address, "/", "/health/ready")
    before = [net.get(path).content for path in paths]
    (site.folder / "organisation/organisation.yaml").write_text("name: [", encoding="utf-8")
    for workflow in (site.folder / "workflows").rglob("*.yaml"):
        workflow.write_text("title: Ødelagt\nsteps: {", encoding="utf-8")
    (site.folder / "config.toml").write_text("[web", encoding="utf-8")
    with pytest.raises(DefinitionError):
        apply(site)
    assert [net.get(path).content for path in paths] == before
    assert net.get(address, headers={"If-None-Match": "*"}).status_code == 304


def test_a_good_edit_is_served_once_it_is_applied(
    site: Site, net: httpx.Client, address: str
) -> None:
    before = net.get(address)
    meetings = site.folder / "workflows/moeder/afdelings-med.yaml"
    text = meetings.read_text(encoding="utf-8")
    meetings.write_text(text.replace("Dagsordenen sendes ud", "Nyt ord for det"), encoding="utf-8")
    assert net.get(address).content == before.content
    apply(site)
    after = net.get(address, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, published(site, "oes-med.ics"))
    assert ("Nyt ord for det" in after.text, "Nyt ord for det" in before.text) == (True, False)
