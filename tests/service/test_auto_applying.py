"""Files that take effect by themselves: after a quiet minute, sound, and with nothing lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from year_of_edits import (
    MEMBERS,
    OES_2027,
    ORGANISATION,
    VOLD,
    edited,
    lengthen_by_mistake,
    move_a_meeting,
    rename_a_workflow,
)

from engine.config import Editions, read_config
from engine.planning.losses import Loss
from engine.service.applying import apply
from engine.service.autoapplying import Outcome, last_look, look
from engine.service.clock import stopped_at
from engine.service.current import current
from engine.service.rolling_back import rollback
from engine.service.site import Site
from engine.service.starting import init

At = Callable[[str], Site]


def with_auto_apply(folder: Path, moment: str) -> Site:
    config = read_config(folder).model_copy(update={"editions": Editions(auto_apply=True)})
    return Site(folder, config, stopped_at(moment), pretended=True)


@pytest.fixture(scope="session")
def looked_after(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site applied and looked at once; two look after it."""
    folder = tmp_path_factory.mktemp("auto") / "site"
    init(folder)
    edited(
        folder,
        ORGANISATION,
        ("office sekretariat", "[office hr, sekretaer of kommune-med]"),
    )
    apply(with_auto_apply(folder, "2026-11-26T08:00"), demo=True)
    look(with_auto_apply(folder, "2026-11-26T08:01"), "a")
    return folder


@pytest.fixture
def folder(looked_after: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(looked_after, tmp_path / "site"))


@pytest.fixture
def auto(folder: Path) -> At:
    """The site at a moment, applying by itself."""
    return lambda moment: with_auto_apply(folder, moment)


def looked(auto: At, *moments: str, node: str = "a") -> list[str]:
    return [look(auto(f"2026-11-26T{moment}"), node).outcome.value for moment in moments]


def mails(site: Site) -> list[tuple[str, str]]:
    with site.store() as store:
        found = store.messages()
    return sorted((row.recipient, row.contents["letter"]["subject"]) for row in found)


def lines(site: Site) -> list[str]:
    with site.store() as store:
        letter = store.messages()[0].contents["letter"]
    return [entry["title"] for entry in letter["sections"][0]["entries"]]


def test_a_sound_edit_takes_effect_after_a_quiet_minute(auto: At, folder: Path) -> None:
    move_a_meeting(folder)
    assert looked(auto, "08:10:00", "08:10:40") == ["waiting", "waiting"]
    edited(folder, VOLD, ("Retningslinjen drøftes", "Vold drøftes"))
    assert looked(auto, "08:11:00", "08:11:59") == ["waiting", "waiting"]
    assert looked(auto, "08:12:00", "08:12:20") == ["applied", "same"]
    site = auto("2026-11-26T08:13")
    with site.store() as store:
        assert [(row.number, row.by) for row in store.editions()] == [(2, "auto-apply"), (1, "")]
    assert mails(site) == []


def test_it_is_off_unless_it_is_turned_on(at: At, folder: Path) -> None:
    move_a_meeting(folder)
    assert look(at("2026-11-26T09:00")).outcome is Outcome.OFF
    assert current(at("2026-11-26T09:00")).number == 1


def test_one_node_looks_until_its_turn_has_run_out(auto: At, folder: Path) -> None:
    move_a_meeting(folder)
    assert looked(auto, "08:02:00") == ["waiting"]
    assert looked(auto, "08:03:30", node="b") == ["not-ours"]
    assert looked(auto, "08:05:00", node="b") == ["applied"]
    assert looked(auto, "08:05:10") == ["not-ours"]


@pytest.mark.parametrize(
    ("take_out", "lost"),
    [
        ("meeting", Loss("meeting", "2027-03-18", "oes-med")),
        ("person", Loss("person", "tbj")),
        ("workflow", Loss("workflow", "retningslinjer/vold")),
    ],
)
def test_it_asks_before_somebody_or_something_disappears(
    auto: At, folder: Path, take_out: str, lost: Loss
) -> None:
    match take_out:
        case "meeting":
            row = '  - {date: 2027-03-18, time: "12:00-14:00", place: Mødelokale 823}\n'
            edited(folder, OES_2027, (row, ""))
        case "person":
            text = (folder / MEMBERS).read_text("utf-8").splitlines(keepends=True)
            kept = [line for line in text if not line.startswith("tbj;")]
            (folder / MEMBERS).write_text("".join(kept), "utf-8")
        case _:
            (folder / VOLD).unlink()
    assert looked(auto, "08:10", "08:12", "08:13") == ["waiting", "asks", "asks"]
    site = auto("2026-11-26T08:14")
    asked = last_look(site)
    assert asked is not None
    assert (asked.outcome, asked.losses) == (Outcome.ASKS, (lost,))
    subject = "Medfrist: skal det forsvinde? Udgave 1 gælder, til I svarer"
    assert mails(site) == [("office:hr", subject), ("person:ave", subject)]
    assert current(site).number == 1
    apply(site)
    assert current(site).number == 2
    assert looked(auto, "08:15") == ["same"]
    assert last_look(site) is None


def test_a_renamed_workflow_is_not_lost(auto: At, folder: Path) -> None:
    rename_a_workflow(folder)
    assert looked(auto, "08:10", "08:12") == ["waiting", "applied"]


def test_a_fault_keeps_the_last_good_edition_and_is_told_once(auto: At, folder: Path) -> None:
    edited(folder, VOLD, ("start:", "strat:"))
    assert looked(auto, "08:10", "08:12", "08:13") == ["waiting", "faulty", "faulty"]
    site = auto("2026-11-26T08:14")
    assert [to for to, _ in mails(site)] == ["office:hr", "person:ave"]
    assert lines(site)[0].startswith(f"{VOLD}:")
    edited(folder, VOLD, ("Retningslinjen drøftes", "Vold drøftes"))
    assert looked(auto, "08:20", "08:22") == ["waiting", "faulty"]
    assert [to for to, _ in mails(site)] == ["office:hr", "person:ave"]
    edited(folder, OES_2027, ("2027-06-17", "2027-06-31"))
    assert looked(auto, "08:30", "08:32") == ["waiting", "faulty"]
    assert [to for to, _ in mails(site)] == ["office:hr", "office:hr", "person:ave", "person:ave"]
    edited(folder, VOLD, ("strat:", "start:"))
    edited(folder, OES_2027, ("2027-06-31", "2027-06-17"))
    assert looked(auto, "08:40", "08:42") == ["waiting", "applied"]


def test_a_faulty_address_is_told_of_without_the_address(auto: At, folder: Path) -> None:
    edited(folder, MEMBERS, ("tbj@kommune.example", "tbj(at)kommune.example"))
    assert looked(auto, "08:10", "08:12") == ["waiting", "faulty"]
    site = auto("2026-11-26T08:14")
    assert lines(site) == [
        "organisation/members.csv, linje 20: »email« er forkert. Se hvordan med »med check«."
    ]
    with site.store() as store:
        contents = json.dumps([row.contents for row in store.messages()])
    assert "Troels" not in contents
    assert "(at)" not in contents


def test_going_back_holds_until_the_files_change(auto: At, folder: Path) -> None:
    lengthen_by_mistake(folder)
    assert looked(auto, "08:10", "08:12") == ["waiting", "applied"]
    rollback(auto("2026-11-26T08:20"), 1)
    assert looked(auto, "08:21", "08:30", "09:30") == ["held", "held", "held"]
    assert current(auto("2026-11-26T09:30")).number == 3
    edited(folder, VOLD, ("Retningslinjen drøftes", "Vold drøftes"))
    assert looked(auto, "09:40", "09:42") == ["waiting", "applied"]


def test_files_of_another_edition_wait_for_a_pull(auto: At, folder: Path) -> None:
    site = auto("2026-11-26T08:05")
    kept = (site.var / "edition.json").read_text("utf-8")
    move_a_meeting(folder)
    apply(site)
    (site.var / "edition.json").write_text(kept, "utf-8")
    lengthen_by_mistake(folder)
    assert looked(auto, "08:10", "08:12") == ["waiting", "behind"]
    assert current(site).number == 2


def test_a_new_address_follows_without_a_new_edition(auto: At, folder: Path) -> None:
    edited(folder, MEMBERS, ("tbj@kommune.example", "troels@kommune.example"))
    assert looked(auto, "08:10", "08:12", "08:13") == ["waiting", "applied", "same"]
    now = current(auto("2026-11-26T08:14"))
    assert (now.number, now.people["tbj"].email) == (1, "troels@kommune.example")
