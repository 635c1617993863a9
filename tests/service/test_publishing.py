from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import icalendar

from engine.service import feeds
from engine.service.applying import apply
from engine.service.plans import PlanKept
from engine.service.publishing import FOLDER, publish
from engine.service.site import Site


def kept(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in (folder / FOLDER).iterdir()
    }


def test_two_publishes_of_one_state_leave_bytes_and_times(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    first = publish(site)
    before = kept(folder)
    second = publish(at("2026-11-30T23:00"))

    assert {each.changed for each in first} == {True}
    assert {each.changed for each in second} == {False}
    assert kept(folder) == before
    assert [(each.path, each.events) for each in first] == [
        (each.path, each.events) for each in second
    ]
    assert set(before) == {"alle.ics"} | {f"{key}.ics" for key in icalendar_committees(site)}


def icalendar_committees(site: Site) -> set[str]:
    from engine.service.current import current

    return set(current(site).edition.organisation.committees)


def test_a_new_month_changes_only_what_comes_into_view(
    site: Site, at: Callable[[str], Site], folder: Path
) -> None:
    publish(site)
    before = icalendar.Calendar.from_ical((folder / FOLDER / "oes-med.ics").read_bytes())
    publish(at("2026-12-01T04:15"))
    after = icalendar.Calendar.from_ical((folder / FOLDER / "oes-med.ics").read_bytes())

    old = {str(event["UID"]): event.to_ical() for event in before.walk("VEVENT")}
    new = {str(event["UID"]): event.to_ical() for event in after.walk("VEVENT")}
    both = old.keys() & new.keys()
    assert len(both) > 50
    assert {uid: old[uid] for uid in both} == {uid: new[uid] for uid in both}


def test_nothing_of_one_side_and_nothing_personal_is_published(site: Site, folder: Path) -> None:
    publish(site)
    everything = b"".join(content for content, _ in kept(folder).values()).decode()

    assert "Frist: Dagsordenen sendes ud" in everything
    assert "Baglandsdrøftelse" not in everything
    assert "kommune.example" not in everything
    assert "MED-grunduddannelsen" not in everything, "who lacks training is not for everybody"


def test_a_file_somebody_else_put_there_stays(site: Site, tmp_path: Path) -> None:
    out = tmp_path / "ude"
    out.mkdir()
    (out / "ferie.ics").write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//Andre//\r\nEND:VCALENDAR\r\n")
    publish(site, out)

    assert (out / "ferie.ics").exists()
    assert (out / "oes-med.ics").exists()


def test_a_feed_is_the_published_calendar_and_ends_when_revoked(site: Site, folder: Path) -> None:
    publish(site)
    made = feeds.create(site, committee="oes-med")
    token = made.url.rpartition("/")[2].removesuffix(".ics")

    content = feeds.fetched(site, PlanKept(), token)
    assert content is not None
    assert content.body == (folder / FOLDER / "oes-med.ics").read_bytes()

    feeds.revoke(site, made.feed)
    assert feeds.fetched(site, PlanKept(), token) is None


def test_a_broken_edit_changes_nothing_that_is_served(site: Site, folder: Path) -> None:
    made = feeds.create(site, committee="oes-med")
    token = made.url.rpartition("/")[2].removesuffix(".ics")
    served = PlanKept()
    before = feeds.fetched(site, served, token)

    path = folder / "workflows/moeder/afdelings-med.yaml"
    path.write_text(path.read_text("utf-8").replace("7 days before", "7 dyas before"), "utf-8")

    assert feeds.fetched(site, served, token) == before
    assert feeds.fetched(site, PlanKept(), token) == before


def test_moving_a_meeting_keeps_every_uid_and_raises_the_revision(site: Site, folder: Path) -> None:
    publish(site)
    path = folder / "calendars/meetings/oes-med-2027.yaml"
    text = path.read_text("utf-8")
    first = next(line for line in text.splitlines() if "date:" in line)
    on = first.split("date:")[1].split(",")[0].strip(" }")
    moved = first.replace(f"date: {on}", f"date: {on[:8]}{int(on[8:]) + 1:02}, moved from: {on}")
    path.write_text(text.replace(first, moved), "utf-8")
    before = {str(e["UID"]): e for e in _events(folder)}

    applied = apply(site)
    publish(site)
    after = {str(e["UID"]): e for e in _events(folder)}

    assert applied.changes["moved"] > 0
    assert applied.changes["new"] == applied.changes["retired"] == 0
    assert before.keys() == after.keys()
    changed = {uid for uid in after if before[uid]["DTSTART"].dt != after[uid]["DTSTART"].dt}
    assert changed
    assert {int(after[uid]["SEQUENCE"]) - int(before[uid]["SEQUENCE"]) for uid in changed} == {1}


def _events(folder: Path) -> list[icalendar.Component]:
    content = (folder / FOLDER / "oes-med.ics").read_bytes()
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))
