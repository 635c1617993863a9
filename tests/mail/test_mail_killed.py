"""Workers killed anywhere between store and relay: the rest is delivered, and only theirs twice.

The ordinary run kills at a few of the steps, `--prove` at every one, with up to four at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from applied_sites import AppliedSites
from fault_site import BEFORE, MORNING, edited, fault_site
from killed import Asked, started
from trial import Counts, Trial, has_run, moment

HERE = Path(__file__).parent
AFTER = "2026-03-05T07:45"
"""When what a killed worker had claimed is another's."""

CYCLE = 12
"""The steps of one mail: it is claimed, handed over in four sayings and answers, and recorded."""

RUNS = [
    ("sqlite", 1, 2),
    ("postgresql", 1, 5),
    ("postgresql", 2, 6),
    ("postgresql", 3, CYCLE),
    ("postgresql", 4, CYCLE),
]
"""Where, by how many at once, and which of the steps of one mail an ordinary run kills at."""


@dataclass(frozen=True)
class Worker:
    """What became of one."""

    steps: list[str]
    killed: bool
    failed: bool


class Workers:
    """Processes that send mail at once, as a program forks them."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def run(self, folder: Path, lasts: list[int]) -> list[Worker]:
        """One worker for each last step; 0 is not killed."""
        told = self._asked.ask(folder=str(folder), moment=MORNING, lasts=lasts)
        return [Worker(**each) for each in told]


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with started(HERE / "killed_workers.py") as asked:
        yield Workers(asked)


class Sites:
    """Copies of the small site, each with a relay of its own."""

    def __init__(self, applied: AppliedSites, database: str, folder: Path) -> None:
        self._applied = applied
        self._database = database
        self._folder = folder
        self._count = 0

    @contextmanager
    def tried(self) -> Iterator[Trial]:
        """A site on its morning, with a relay that the workers know."""
        self._count += 1
        folder = self._folder / str(self._count)
        self._applied.copy("faults", self._database, folder, fault_site, BEFORE, has_run)
        trial = Trial(folder, moment(MORNING), 0)
        trial.mail["timeout_seconds"] = 20.0
        with trial.served() as relay:
            here = f'[mail]\nhost = "127.0.0.1"\nport = {relay.port}'
            edited(folder, "config.toml", ("[mail]", here), ("= 0.3", "= 20"))
            trial.look()
            yield trial
        self._applied.drop()


@pytest.fixture
def sites(applied_sites: AppliedSites, database: str, tmp_path: Path) -> Sites:
    return Sites(applied_sites, database, tmp_path)


def chosen(steps: list[str], every: int, proving: bool) -> list[int]:
    """Every step, or those of the mail in the middle and where the mails are queued."""
    if proving:
        return list(range(1, len(steps) + 1))
    queued = steps.index("write") + 1
    middle = len(steps) // 2
    return [queued, *range(middle, middle + CYCLE, every)]


def handed_over(steps: list[str]) -> bool:
    """Whether a worker died with its mail on the way, as far as it knew."""
    kinds = [kind for kind in steps if kind != "write"]
    since = kinds[::-1].index("commit") if "commit" in kinds else len(kinds)
    return kinds[len(kinds) - since :].count("said") >= 4 or kinds[-1:] == ["commit"]


@pytest.mark.parametrize(("database", "count", "every"), RUNS)
def test_killed_anywhere(
    sites: Sites, workers: Workers, count: int, every: int, proving: bool
) -> None:
    with sites.tried() as trial:
        (whole,) = workers.run(trial.folder, [0])
        trial.look()
        assert trial.counts() == Counts(6, 6, 0, 0, 0, 0, mails=5, repeated=0, misdirected=0)
    killed, repeats = 0, set()
    for last in chosen(whole.steps, every, proving):
        with sites.tried() as trial:
            # Each of them dies a little later than the one before, or has nothing left to do.
            ended = workers.run(trial.folder, [last + 7 * number for number in range(count)])
            assert [each for each in ended if each.failed] == []
            trial.at(AFTER)
            trial.run()
            counts = trial.counts()
            in_doubt = sum(each.killed and handed_over(each.steps) for each in ended)
            assert counts.repeated <= in_doubt
            assert (counts.due, counts.delivered, counts.mails - counts.repeated) == (6, 6, 5)
            assert (counts.lost, counts.misdirected) == (0, 0)
            killed += sum(each.killed for each in ended)
            repeats.add(counts.repeated)
    assert killed > 0
    assert count > 1 or repeats == {0, 1}
