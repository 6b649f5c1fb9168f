"""
How a bench says what it measured: ``bench/<name>.py`` prints one JSON document.

A target is a ratio against a floor measured in the same run, since machines differ.
``make bench`` runs every module here that has a ``main``, keeps the documents in
``bench/results/`` and prints one table. Sizes can be set by the environment:
``RECOBRO_BENCH_ROWS`` and ``RECOBRO_BENCH_ROUNDS`` for rates, ``RECOBRO_BENCH_MEMORY`` (a
list such as ``10000,100000,1000000``) for peaks.
"""

import contextlib
import csv
import io
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any

ROUNDS = int(os.environ.get("RECOBRO_BENCH_ROUNDS", "5"))
# What the figures depend on beside our own code.
_MEASURED_WITH = (
    "boto3", "chalice", "h3", "jinja2", "orjson", "phonenumberslite", "pynamodb",
    "python-calamine", "python-stdnum", "urllib3",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    Args:
        value: What was measured, in *unit*.
        floor: The same measure of the least that could do the work; None when the
            target is absolute.
        target: What value (without a floor) or value/floor (with one) must not pass.
        at_least: Whether the target is a minimum instead of a maximum.
        exact: Whether it is the same on every machine. Missing such a target fails the run; a
            time that was missed is told, since other work on the machine may be why.
    """

    metric: str
    value: float
    unit: str
    floor: float | None = None
    floor_is: str = ""
    target: float | None = None
    at_least: bool = False
    exact: bool = False

    @property
    def ratio(self) -> float | None:
        return None if not self.floor else self.value / self.floor

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        measured = self.value if self.ratio is None else self.ratio
        return measured >= self.target if self.at_least else measured <= self.target


@dataclass(slots=True)
class Report:
    bench: str
    figures: list[Figure] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # what there was no time for, or no answer

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)

    def document(self) -> dict[str, Any]:
        return {
            "bench": self.bench,
            "python": platform.python_version(),
            "versions": _versions(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
            "figures": [
                asdict(figure) | {"ratio": figure.ratio, "met": figure.met}
                for figure in self.figures
            ],
            "left_out": self.left_out,
        }

    def print(self) -> None:
        json.dump(self.document(), sys.stdout, indent=1)
        print()


def _versions() -> dict[str, str]:
    found = {}
    for name in _MEASURED_WITH:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of this process's processor time that *work* takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


def paired(measure: Callable[[], Iterable[float]]) -> list[float]:
    """
    Measure in rounds and give the one in the middle.

    What is compared is measured in turns within a round, since a shared machine may be
    twice as slow a second later; the round whose last two figures have the median ratio
    stands for all.
    """
    rounds = [list(measure()) for _ in range(ROUNDS)]
    rounds.sort(key=lambda one: one[-1] / one[-2])
    return rounds[len(rounds) // 2]


def by_size(
    metric: str, spent: Mapping[int, Sequence[float]], *, target: float | None
) -> list[Figure]:
    """
    Say what a piece of work takes at each size, against the smallest size.

    Compared is round by round, since the turns of a round met the same machine.

    Args:
        metric: With ``{size}`` where the size belongs.
        spent: Seconds of each round, by size.
        target: How many times as long as at the smallest size it may take; None = told only.
    """
    first = min(spent)
    figures = []
    for size, seconds in spent.items():
        value = statistics.median(seconds) * 1_000
        pairs = zip(seconds, spent[first], strict=False)
        ratio = statistics.median(one / base for one, base in pairs)
        figures.append(
            Figure(
                metric=metric.format(size=f"{size:,}"),
                value=value,
                unit="ms",
                floor=None if size == first else value / ratio,
                floor_is=f"the same of {first:,}, median of rounds",
                target=None if size == first else target,
            )
        )
    return figures


def csv_floor(text: str) -> float:
    """Rows a second that ``csv.reader`` alone reads of *text*."""
    rows = text.count("\n")
    return rows / cpu(lambda: sum(1 for _ in csv.reader(io.StringIO(text))))
