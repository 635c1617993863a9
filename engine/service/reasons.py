"""Why a deadline would change: the edits of the files that cause it, tried one file at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from engine.definitions import Edit, edits, read_site
from engine.planning.diff import Announced, Change, Snapshot, Verb, diff, renames
from engine.planning.edition import Edition
from engine.planning.plan import Plan

Files = Mapping[str, str]
Planner = Callable[[Edition], Plan]

# Each trial reads and plans the site once more; with more files than this the edits decide alone.
MOST_TRIALS = 12
MOST_EDITS = 3
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something changes: by edits of the files, or without any (`kind` says how).

    `first` nothing was announced before, `month` the calendars reach further now, `reckoned` the
    same texts give another answer today, `edit` the files.
    """

    kind: str
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reason of each change, by key, and the edits that change nothing of what is announced."""

    of: Mapping[str, Reason]
    silent: tuple[Edit, ...] = ()


def reasons(changes: Iterable[Change], before: Files, after: Files, trial: Trial | None) -> Reasons:
    """Why each change happens; `trial` tells what an edition of some texts changes."""
    found = list(changes)
    if not before:
        return Reasons({change.key: Reason("first") for change in found})
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    made = {path: edits(path, _bytes(before, path), _bytes(after, path)) for path in changed}
    without = trial.changes(before) if trial else {}
    alone = _alone(before, after, changed, trial) if trial else {}
    told: dict[str, Reason] = {}
    for change in found:
        same = without.get(change.key)
        if (same is not None and _anyway(same, change)) or not changed:
            told[change.key] = Reason("month" if change.verb is Verb.NEW else "reckoned")
            continue
        causing = [path for path in changed if _causes(alone.get(path), change.key, without)]
        told[change.key] = Reason("edit", _chosen(change, causing or changed, made))
    said = {edit for reason in told.values() for edit in reason.edits}
    heard = {edit.path for edit in said}
    silent = [edit for path in changed if path not in heard for edit in made[path]]
    return Reasons(told, tuple(silent))


def _anyway(without: Change, change: Change) -> bool:
    """Whether it would have happened with the files of before too; what is new is new anyway."""
    return without == change or without.verb is change.verb is Verb.NEW


@dataclass(frozen=True, slots=True)
class Trial:
    """What an edition of some texts would change of what has been announced."""

    planned: Planner
    ledger: Mapping[str, Announced]
    known: Mapping[str, str]

    def changes(self, texts: Files) -> dict[str, Change]:
        """The changes by key; none where the texts give no edition."""
        edition = read_site({path: text.encode() for path, text in texts.items()}, None).edition
        if edition is None:
            return {}
        renamed = {**self.known, **renames(edition, self.ledger)}
        return {each.key: each for each in diff(self.planned(edition), self.ledger, renamed)}


def _alone(
    before: Files, after: Files, changed: list[str], trial: Trial
) -> dict[str, dict[str, Change]]:
    """What each changed file would change if it were the only one."""
    if not 1 < len(changed) <= MOST_TRIALS:
        return {}
    found: dict[str, dict[str, Change]] = {}
    for path in changed:
        texts = {each: text for each, text in before.items() if each != path}
        found[path] = trial.changes({**texts, path: after[path]} if path in after else texts)
    return found


def _causes(alone: Mapping[str, Change] | None, key: str, without: Mapping[str, Change]) -> bool:
    return alone is not None and alone.get(key) != without.get(key)


def _bytes(files: Files, path: str) -> bytes | None:
    return files[path].encode() if path in files else None


def _chosen(
    change: Change, paths: Iterable[str], made: Mapping[str, tuple[Edit, ...]]
) -> tuple[Edit, ...]:
    """The edits that speak of what changes; where none does, those of the files that cause it."""
    all_made = [edit for path in paths for edit in made[path]]
    ranked = [(rank, edit) for edit in all_made if (rank := _nearness(edit, change))]
    if not ranked:
        return tuple(all_made[:MOST_EDITS])
    best = max(rank for rank, _ in ranked)
    return tuple(edit for rank, edit in ranked if rank == best)[:MOST_EDITS]


def _nearness(edit: Edit, change: Change) -> int:
    """How near an edit is to what changes: 3 its own step or meeting, 2 its workflow, 0 nothing."""
    snapshots = [each for each in (change.before, change.after) if each is not None]
    names = change.key.rsplit("/", 3)
    if edit.path.startswith("calendars/meetings/"):
        return _of_meeting(edit, names, snapshots)
    if edit.path == "organisation/members.csv":
        concerned = any(edit.name in (*each.people, *each.informed) for each in snapshots)
        return 3 * (concerned or names[2].startswith(edit.name))
    if edit.path == "organisation/organisation.yaml":
        return _of_organisation(edit, snapshots)
    if edit.path.startswith("calendars/"):
        return 2 * (not edit.days or _spanned(edit, snapshots))
    if edit.path.startswith("workflows/") and not edit.path.startswith("workflows/tables/"):
        return _of_workflow(edit, names)
    return 1


def _of_meeting(edit: Edit, names: list[str], snapshots: list[Snapshot]) -> int:
    if edit.kind.startswith("file-"):
        return 1
    body = names[1]
    if edit.committee == body and edit.name in (names[2], *(each.meeting for each in snapshots)):
        return 3
    told = {day for each in snapshots for day in _DAY.findall(each.derivation)}
    return 2 if told & set(edit.days) else int(edit.committee == body)


def _of_workflow(edit: Edit, names: list[str]) -> int:
    if edit.path != f"workflows/{names[0]}.yaml":
        return 0
    step = names[-1].partition("@")[0]
    match edit.steps:
        case ("steps", name, *_):
            return 3 if name == step else 1
        case _:
            return 2


def _of_organisation(edit: Edit, snapshots: list[Snapshot]) -> int:
    match edit.steps:
        case ("committees", body, *_):
            return 3 * any(body == each.committee for each in snapshots)
        case ("roles" | "offices", name, *_):
            holders = {word for each in snapshots for held in each.holders for word in held.split()}
            return 2 * (name in holders)
        case _:
            return 1


def _spanned(edit: Edit, snapshots: list[Snapshot]) -> bool:
    """Whether a day lies between the days that a date was reckoned from and to."""
    told = [
        day
        for each in snapshots
        for day in (*_DAY.findall(each.derivation), each.due_on, each.nominal_on)
        if day
    ]
    return bool(told) and any(min(told) <= day <= max(told) for day in edit.days)
